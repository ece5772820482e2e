"""Another package adds entries to the open sets by its entry points, and a broken one is told by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import HERE, Campaign, Ended

BANNERS = '''
"""A banner: a layer, a step, a provider, a format and a check of somebody's own."""

import io
from msgspec.structs import replace
from typing import Literal

from PIL import Image, ImageOps

from pressrun.formats.raster import PNG
from pressrun.layers.shape import ShapeLayer
from pressrun.model.finding import Severity
from pressrun.model.step import StepOptions
from pressrun.providers.fpo import FpoProvider


class Banner(ShapeLayer):
    """A shape under another name."""

    type: Literal["banner"]


class Negative(StepOptions):
    """Light becomes dark."""

    type: Literal["negative"]

    def apply(self, picture, colors):
        out = io.BytesIO()
        ImageOps.invert(Image.open(io.BytesIO(picture)).convert("RGB")).save(out, "PNG")
        return out.getvalue()


class Sketches(FpoProvider):
    """Stand-ins under another name."""

    type: Literal["sketches"] = "sketches"


POSTER = replace(PNG, name="poster", suffix="-poster.png")


def every_sheet(inspection):
    yield inspection.finding(Severity.NOTE, "looked-at", "somebody's own check looked at it")
'''
ENTRIES = """
[pressrun.layers]
banner = banners:Banner
[pressrun.steps]
negative = banners:Negative
[pressrun.providers]
sketches = banners:Sketches
[pressrun.formats]
poster = banners:POSTER
[pressrun.checks]
looked = banners:every_sheet
"""

Installed = Callable[..., Ended]


@pytest.fixture
def with_package(fresh: Campaign, tmp_path: Path) -> Installed:
    """A command while a package with these entry points is installed."""

    def command(
        *arguments: str, entries: str = ENTRIES, version: str = "1.2", executor: str = "local", module: str = BANNERS
    ) -> Ended:
        site = tmp_path / f"site-{version}"
        info = site / f"banners-{version}.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (site / "banners.py").write_text(module)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: banners\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(entries)
        path = os.pathsep.join((str(HERE.parents[1] / "pipeline"), str(site)))
        return fresh.command(*arguments, PYTHONPATH=path, PRESSRUN_EXECUTOR=executor)

    return command


def test_entries_of_a_package_are_used_like_ours(fresh: Campaign, with_package: Installed) -> None:
    layout = "templates/layouts/post.yaml"
    fresh.edit(layout, "formats: [png]", "formats: [png, poster]")
    fresh.edit(layout, "type: shape, id: panel", "type: banner, id: panel")
    fresh.edit(fresh.job, "type: tone", "type: negative")
    fresh.edit(fresh.job, "type: fpo", "type: sketches")
    done = with_package("run", "--json", "--jobs", "1")
    assert done.code == 0, done.err
    posters = [asset for asset in fresh.lines() if asset["format"] == "poster"]
    assert posters
    assert all("looked-at" in {finding["code"] for finding in asset["findings"]} for asset in posters)
    assert {picture["provider"] for asset in posters for picture in asset["pictures"]} == {"sketches"}
    assert {step["type"] for asset in posters for picture in asset["pictures"] for step in picture["steps"]} == {"negative"}
    assert any("banner" in engine and "1.2" in engine for engine in fresh.manifest()["tools"]["engines"])


KEEPERS = '''
"""A store, a journal, an executor and a reader of designs of somebody's own."""

from functools import partial
from typing import Literal

from pressrun.designs.svg import read_svg as read_sketch
from pressrun.executors.inline import InlineOptions
from pressrun.model.store_options import StoreOptions
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteOptions


class Shelf(StoreOptions):
    """A folder under another name."""

    type: Literal["shelf"] = "shelf"

    def opener(self, folder):
        return partial(FolderStore, folder / "shelf")


class Book(SqliteOptions):
    type: Literal["book"] = "book"


class OneByOne(InlineOptions):
    type: Literal["one-by-one"] = "one-by-one"
'''
OF_KEEPERS = """
[pressrun.stores]
shelf = banners:Shelf
[pressrun.journals]
book = banners:Book
[pressrun.executors]
one-by-one = banners:OneByOne
[pressrun.designs]
.sketch = banners:read_sketch
"""


@pytest.mark.parametrize("executor", ["one-by-one", "local"])
def test_what_keeps_works_and_reads_designs_may_be_somebodys_own(
    fresh: Campaign, with_package: Installed, executor: str
) -> None:
    (fresh.root / ".env").write_text('PRESSRUN_STORE=shelf\nPRESSRUN_JOURNAL={"type": "book", "path": "book.db"}\n')
    installed = {"entries": OF_KEEPERS, "module": KEEPERS, "executor": executor}
    done = with_package("run", "--jobs", "1", **installed)
    assert done.code == 0, done.err
    assert (fresh.root / ".pressrun/shelf/objects").is_dir()
    assert (fresh.root / "book.db").is_file()
    assert "designs/.sketch of banners 1.2" in with_package("doctor", **installed).out


def test_another_version_of_a_package_makes_files_anew(fresh: Campaign, with_package: Installed) -> None:
    assert with_package("run", executor="inline").code == 0
    assert with_package("run", executor="inline").code == 0
    assert fresh.manifest()["counts"]["made"] == 0
    assert with_package("run", version="1.3", executor="inline").code == 0
    assert fresh.manifest()["counts"]["reused"] == 0


BROKEN = """
[pressrun.layers]
nowhere = gone_module:Layer
banner = banners:Bannerr
ribbon = banners:Banner
text = banners:Banner
[pressrun.steps]
negative = banners:Banner
[pressrun.formats]
pdf = banners:POSTER
[pressrun.checks]
looked = banners:POSTER
"""  # the type of a ribbon says banner


def test_broken_entries_are_told_by_name_and_all_else_goes_on(fresh: Campaign, with_package: Installed) -> None:
    names = {line.split(" ")[0] for line in BROKEN.splitlines() if "=" in line}
    checked = with_package("check", "--json", entries=BROKEN)
    assert checked.code == 0
    told = [one["message"] for one in checked.json if one["code"] == "broken-plug-in"]
    assert {message.split("'")[1] for message in told} == names
    assert len(told) == len(names) == 7
    assert all("banners 1.2" in message for message in told)
    examined = with_package("doctor", entries=BROKEN)
    assert examined.code == 3
    assert all(f"'{name}'" in examined.out for name in names)
