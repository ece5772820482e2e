"""Every folder of cases/ composes to the sheet written beside it: boxes in points, colours, what is left open. So does
every example of the manual's gallery, to a sheet in gallery/.

To accept what compose now makes of them, run with PRESSRUN_WRITE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rendering_kit import HERE, Press, case_content, cases, dump, read_layout

from pressrun.commands.chapters.examples import JOB, Example, examples, shared_files
from pressrun.commands.chapters.pictures import named_layouts, write_files
from pressrun.model.finding import Finding
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_look
from pressrun.run.planned_job import prepare

GALLERY = examples()


def compare(found: str, expected: Path) -> None:
    if os.environ.get("PRESSRUN_WRITE_GOLDEN") == "1":
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(found)
    assert found == expected.read_text()


@pytest.fixture(autouse=True)
def without_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Thai, which an extra brings, and not everybody has."""
    monkeypatch.setattr("pressrun.language.thai_words._tokenizer", lambda: None)


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_case(press: Press, folder: Path) -> None:
    layout = read_layout((folder / "layout.yaml").read_text())
    sheet, findings = press.compose(layout, folder.name, **case_content(folder))
    compare(dump(sheet, findings), folder / "sheet.json")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, list[Finding]]]:
    """What is composed of each example, and found on it, by layout and row."""
    files = shared_files() | {one.path: one.text for one in GALLERY}
    root = write_files(tmp_path_factory.mktemp("gallery") / "campaign", files)
    prepared = prepare(named_layouts(root / JOB, [one.layout for one in GALLERY]), Settings(inline=True), reading=True)
    wanted = {(one.layout, one.row) for one in GALLERY}
    with prepared.doors, dry_look(prepared) as look:
        sheets = [sheet for sheet in prepared.plan.sheets if (sheet.layout, sheet.row.id) in wanted]
        told = {(sheet.layout, sheet.row.id): list(look.over([sheet])) for sheet in sheets}
        composed = look.composed(sheets)
    return {one: (dump(sheet, found), found) for (one, found), (_, sheet, _) in zip(told.items(), composed, strict=True)}


@pytest.mark.parametrize("example", GALLERY, ids=lambda example: example.picture)
def test_an_example_of_the_manual(
    gallery: dict[tuple[str, str], tuple[str, list[Finding]]], example: Example
) -> None:
    sheet, found = gallery[example.layout, example.row]
    assert [finding for finding in found if finding.is_error] == []
    compare(sheet, HERE / "gallery" / f"{example.picture}.json")
