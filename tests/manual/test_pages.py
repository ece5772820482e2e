"""The manual's pages hold together: links lead somewhere, nothing comes from a network, and all can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from manual_kit import Manual
from msgspec.structs import replace

from pressrun.commands.chapters import pictures
from pressrun.commands.chapters.book import PARTS
from pressrun.commands.chapters.bound_files import bound
from pressrun.commands.chapters.examples import examples
from pressrun.commands.chapters.pictures import Shot, make_pictures, shots_of_gallery


def test_every_link_leads_to_what_is_there(manual: Manual) -> None:
    lost = []
    for name, page in manual.pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            if link.startswith(("https://", "mailto:")):
                continue
            target = manual.pages.get(file or name)
            if target is None or (anchor and anchor not in target.ids):
                lost.append(f"{name}: {link}")
    assert lost == []


def test_an_anchor_is_the_only_one_of_its_name_on_a_page(manual: Manual) -> None:
    assert [
        f"{name}#{one}" for name, page in manual.pages.items() for one, count in page.ids.items() if count > 1
    ] == []


def test_nothing_is_loaded_but_what_lies_beside_the_page(manual: Manual) -> None:
    for page in manual.pages.values():
        assert set(page.loads) <= {*manual.files, *(load for load in page.loads if load.startswith("pictures/"))}
    assert "http" not in manual.files["search.js"].replace("https://", "http")
    assert "url(" not in manual.files["style.css"]


def test_every_chapter_is_in_the_table_of_contents(manual: Manual) -> None:
    assert {chapter.part for chapter in manual.chapters} == set(PARTS)
    listed = manual.pages["index.html"].links
    assert [chapter.file for chapter in manual.chapters if listed.count(chapter.file) != 1] == []


def test_what_is_said_is_no_markup_of_ours(manual: Manual) -> None:
    """Angle brackets of descriptions are words, and the search's data cannot end their script."""
    assert "<NAME>" not in manual.files["commands.html"]
    assert "</script" not in manual.files["entries.js"]
    assert json.loads(manual.files["entries.js"].partition(" = ")[2].rstrip(";\n"))


def test_the_same_chapters_give_the_same_pages(manual: Manual) -> None:
    assert dict(bound(manual.chapters, {})) == manual.files


def test_pictures_are_made_once_and_again_when_they_would_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [shot] = shots_of_gallery(one for one in examples() if one.picture == "shape-radius")
    assert make_pictures([shot], tmp_path) == {shot.name: (480, 240)}
    file = tmp_path / f"{shot.name}.png"
    png = file.read_bytes()
    made: list[str] = []

    def counted(missing: Iterable[Shot]) -> Iterator[tuple[str, bytes]]:
        for one in missing:
            made.append(one.row)
            yield one.name, png

    monkeypatch.setattr(pictures, "_made", counted)
    make_pictures([shot], tmp_path)
    assert made == []
    make_pictures([replace(shot, row="mug/ar")], tmp_path)
    assert made == ["mug/ar"]
    file.unlink()
    make_pictures([replace(shot, row="mug/ar")], tmp_path)
    assert made == ["mug/ar", "mug/ar"]
