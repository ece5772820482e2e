"""Small looks, drawn again and again while somebody changes a sheet: what they show is what a run makes."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest
from job_campaign import Campaign
from PIL import Image, ImageChops, ImageStat

from pressrun.model.settings import Settings
from pressrun.run.looks.preview import Look, Preview, Wanted
from pressrun.run.looks.scratch_store import ScratchStore
from pressrun.run.worker.small_looks import SIDE
from pressrun.stores.folder import FolderStore


@pytest.fixture
def small(fresh: Campaign) -> Iterator[Preview]:
    preview = Preview(fresh.root / fresh.job, Settings(), small=True)
    yield preview
    preview.close()


def only(looks: list[Look]) -> Look:
    [look] = looks
    return look


def opened(look: Look) -> Image.Image:
    return Image.open(io.BytesIO(look.png)).convert("RGB")


@pytest.mark.parametrize("layout", ["post", "card"])
def test_a_small_look_shows_what_a_run_makes(fresh: Campaign, small: Preview, layout: str) -> None:
    seen = opened(only(small.looks(Wanted((layout,)))))
    whole = Preview(fresh.root / fresh.job, Settings())
    made = opened(only(whole.looks(Wanted((layout,)))))
    whole.close()
    assert seen.size == made.size
    apart = ImageStat.Stat(ImageChops.difference(seen.reduce(4), made.reduce(4)))
    assert max(apart.mean) < 4  # of 255: what a JPEG leaves out


def test_a_large_page_is_made_small_with_a_plate_of_its_own(fresh: Campaign, small: Preview) -> None:
    fresh.edit("templates/layouts/card.yaml", "[40mm, 30mm]", "[400mm, 300mm]")
    assert opened(only(small.looks(Wanted(("card",))))).size == (SIDE, 542)


def test_a_small_look_tells_what_does_not_fit_and_nothing_else(fresh: Campaign, small: Preview) -> None:
    fresh.edit("jobs/data/copy.csv", "Tea is ready", "Tea is ready when it is ready " * 9)
    looks = small.looks(Wanted(("card",), worst=True))
    assert {finding.code for look in looks for finding in look.findings} == {"text-overflow"}
    assert all(look.png for look in looks)


def test_a_job_is_read_again_when_it_was_saved_and_only_then(
    fresh: Campaign, small: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressrun.run.looks import look_doors

    read = []
    load = look_doors.load_job
    monkeypatch.setattr(look_doors, "load_job", lambda *said: read.append(said) or load(*said))
    first = only(small.looks(Wanted(("post",))))
    assert only(small.looks(Wanted(("post",)))).png == first.png
    assert len(read) == 1
    fresh.edit("templates/layouts/post.yaml", "{{ copy.headline }}", "By hand")
    waiting = time.monotonic()
    assert only(small.looks(Wanted(("post",)))).png != first.png
    assert len(read) == 2
    fresh.edit("templates/layouts/post.yaml", "By hand", "By others")  # who waits sees what was there since they do
    small.looks(Wanted(("post",)), waiting)
    assert len(read) == 2
    small.looks(Wanted(("post",)), time.monotonic())
    assert len(read) == 3


def test_what_nobody_looked_at_for_long_is_let_go_of(fresh: Campaign) -> None:
    store = ScratchStore(FolderStore(fresh.root / ".pressrun" / "objects"))
    fonts, old, used, new = (store.put(bytes([number]) * 100) for number in range(4))
    store.read(used)
    store.put(bytes([1]) * 100)
    store.read(used)
    store.read(new)
    store.shrink(200, {fonts})
    assert store.present([fonts, old, used, new]) == {fonts, new}
