"""What is not imported, and what an import says: one line, and nothing half-written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from form_kit import Form
from pikepdf import Dictionary, String
from test_imports import BRAND, house, inline, small_form, taken_in  # noqa: F401

from pressrun.commands.cli import run_command
from pressrun.model.errors import InputError


def refused(*arguments: str) -> int:
    return run_command(["import", *arguments])


def test_what_is_refused_is_one_line_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "card.pdf").write_bytes(small_form())
    (tmp_path / "card.indd").write_bytes(b"?")
    (tmp_path / "none.pdf").write_bytes(Form().bytes())
    own = tmp_path / "own/templates/layouts"
    own.mkdir(parents=True)
    (own / "card.yaml").write_text("mine: 1\n")
    house(tmp_path / "two", "north", "south")
    for code, file, folder in (
        ("missing-design", "crad.pdf", "new"),
        ("unknown-design", "card.indd", "new"),
        ("no-fields", "none.pdf", "new"),
        ("name-taken", "card.pdf", "own"),
        ("which-brand", "card.pdf", "two"),
    ):
        assert refused(str(tmp_path / file), "--to", str(tmp_path / folder)) == 2
        said = capsys.readouterr().err.strip()
        assert said.endswith(f"[{code}]")
        assert "\n" not in said
        assert " — " in said
    assert not (tmp_path / "new").exists()
    assert (own / "card.yaml").read_text() == "mine: 1\n"


def test_what_does_not_load_is_taken_back(tmp_path: Path) -> None:
    house(tmp_path, "house")
    with pytest.raises(InputError):
        taken_in(tmp_path, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="5">{{ copy.a }}</text></svg>', "a.svg")
    left = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))]
    assert left == ["a.svg", "brands", "brands/house", "brands/house/brand.yaml"]
    assert (tmp_path / "brands/house/brand.yaml").read_text() == BRAND


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    taken_in(tmp_path, small_form())
    (tmp_path / "templates/layouts/card.import.json").write_text("{")
    with pytest.raises(InputError) as told:
        taken_in(tmp_path, small_form())
    assert [one.code for one in told.value.findings] == ["broken-record"]


def test_the_command_tells_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = Form()
    form.text((20, 150, 140, 170), "Ada", T=String("name"), MaxLen=9, MK=Dictionary(R=0))
    (tmp_path / "card.pdf").write_bytes(form.bytes())
    assert run_command(["import", str(tmp_path / "card.pdf"), "--to", str(tmp_path / "c"), "--name", "Badge"]) == 0
    said = capsys.readouterr().out
    assert "[most-characters]" in said
    assert said.strip().endswith("pressrun run jobs/badge.yaml")
    shutil.rmtree(tmp_path / "c")
