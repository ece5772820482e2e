"""Journals that were written before are read to values, and what is written of these is what was read, byte for byte."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressrun.model.file_facts import FileFacts
from pressrun.model.journal import FILE, PICTURE, RETOUCHED, Result
from pressrun.model.picture import PictureMade, PictureRetouched
from pressrun.model.provenance import DRAWN, TRAINED, Pixels, SourceType, composite, source_type
from pressrun.model.task import FileResult
from pressrun.stores.sqlite import SqliteJournal

OLD = Path(__file__).with_name("old_journal.sql")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("old") / "journal.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD.read_text("utf-8"))
    connection.close()
    return path


@pytest.fixture
def journal(written: Path, tmp_path: Path) -> Iterator[SqliteJournal]:
    copy = tmp_path / "journal.db"
    copy.write_bytes(written.read_bytes())
    with SqliteJournal(copy) as journal:
        yield journal


def rows(path: Path) -> list[tuple[str, str, str, int, str]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT key, kind, digest, size, facts FROM results ORDER BY key").fetchall()
    connection.close()
    return found


def again(result: Result) -> Result:
    """The result, to the value that its kind has and back."""
    if result.kind == PICTURE or (result.kind == RETOUCHED and "provider" in result.facts):
        return PictureMade.of(result).result(result.kind)
    if result.kind == RETOUCHED:
        return PictureRetouched.of(result).result()
    if result.kind == FILE:
        facts = FileFacts.from_json(result.facts)
        return FileResult(result.key, result.digest, result.size, facts).result()
    return result


def test_every_row_goes_to_its_value_and_back_byte_for_byte(journal: SqliteJournal, written: Path) -> None:
    before = rows(written)
    results = journal.lookup(row[0] for row in before)
    journal.record(again(result) for result in results.values())
    for key, result in results.items():
        assert again(result) == result, key
    fresh = SqliteJournal(journal.path.with_name("fresh.db"))
    with fresh:  # where no row of a picture stands that would not be replaced
        fresh.record(again(result) for result in results.values())
    assert rows(fresh.path) == rows(journal.path) == before


def test_what_a_picture_is_is_read(journal: SqliteJournal, written: Path) -> None:
    made = [PictureMade.of(one) for one in journal.lookup(row[0] for row in rows(written)).values() if one.kind == PICTURE]
    of = [one.provenance for one in made]
    assert {one.provider for one in of} == {"fpo", "flat", "openai", "library", "by hand"}
    assert all(one.pixels.media_type.startswith("image/") and min(one.pixels.size) > 0 for one in of)
    assert sum(one.cost_usd is None for one in of) == 1
    (shown,) = (one for one in of if one.previews)
    assert [len(digest) for digest in shown.previews] == [64] * len(shown.previews)
    assert "previews" not in dict(shown.said)
    (conversed,) = (one for one in of if one.response_id)
    assert conversed.response_id.startswith("resp_")
    assert "response_id" not in dict(conversed.said)
    edited = [one for one in of if one.edited]
    assert {one.source_type for one in edited} == {SourceType.ALGORITHMIC, SourceType.COMPOSITE_WITH_TRAINED}
    assert sum(one.quality is None for one in of) == 1


def test_a_word_for_where_a_picture_comes_from_that_is_none_of_ours_is_kept(
    journal: SqliteJournal, written: Path
) -> None:
    (strange,) = (
        PictureMade.of(one)
        for one in journal.lookup(row[0] for row in rows(written)).values()
        if one.facts.get("source_type") == "algorithmicallyEnhanced"
    )
    assert strange.provenance.source_type == source_type("algorithmicallyEnhanced") == "algorithmicallyEnhanced"
    assert strange.provenance.source_type not in DRAWN
    assert composite(strange.provenance.source_type) == "algorithmicallyEnhanced"
    assert composite(strange.provenance.source_type, SourceType.TRAINED) == SourceType.COMPOSITE_WITH_TRAINED


@pytest.mark.parametrize("word", list(SourceType))
def test_every_word_of_ours_is_itself_however_it_is_written(word: SourceType) -> None:
    assert source_type(str(word)) is word
    assert json.loads(json.dumps(word)) == word.value
    mixed = composite(SourceType.DIGITAL_CREATION, word)
    assert mixed == (SourceType.COMPOSITE_WITH_TRAINED if word in TRAINED else SourceType.DIGITAL_CREATION)


def test_pixels_that_are_not_stored_as_pixels_are_no_silent_zero() -> None:
    with pytest.raises(KeyError):
        Pixels.from_json({"media_type": "image/png", "width": 3})
