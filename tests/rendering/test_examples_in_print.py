"""Every example of the manual's gallery, as a layout for print: its press file as poppler separates it looks as our proof
does, and holds every word that its texts show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from test_cases_in_print import Ran, assert_each_page_is_printed_as_it_is_proofed, run_into

from pressrun.commands.chapters.examples import JOB, Example, examples, shared_files
from pressrun.commands.chapters.pictures import named_layouts, write_files

GALLERY = examples()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    files = shared_files() | {one.path: in_print(one.text) for one in GALLERY}
    root = write_files(tmp_path_factory.mktemp("gallery") / "campaign", files)
    made, job = Ran(root, {}, {}), (root / JOB).read_text("utf-8")
    for row in {one.row for one in GALLERY}:
        path = root / "jobs" / f"{row.replace('/', '-')}.yaml"
        sku, locale = row.split("/")
        path.write_text(f"{job}where: product.sku == '{sku}' and region.locale == '{locale}'\n", "utf-8")
        run_into(made, named_layouts(path, [one.layout for one in GALLERY if one.row == row]))
    return made


def in_print(layout: str) -> str:
    """The layout in points, of which a pixel of it is one."""
    text = re.sub(r"(?<=\d)px\b", "pt", layout.replace("target: screen", "target: print"))
    return re.sub(r"^formats: .*$", "formats: [press-pdf, proof-png]", text, flags=re.MULTILINE)


@pytest.mark.parametrize("example", GALLERY, ids=lambda example: example.picture)
def test_an_example_is_printed_as_it_is_proofed(ran: Ran, tool: Any, tmp_path: Path, example: Example) -> None:
    pages = ran.pages[f"{example.row}-{example.layout}"]
    assert_each_page_is_printed_as_it_is_proofed(ran, example.picture, pages, tool, tmp_path)
