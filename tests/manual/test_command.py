"""`pressrun manual` writes every file whole, again over its own, and says in a line what keeps it from that."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from manual_kit import Manual
from PIL import Image

from pressrun.commands.chapters import book, bound_files, pictures
from pressrun.commands.chapters.screens import screens
from pressrun.commands.cli import cli
from pressrun.commands.report.progress_display import LINES_A_PHASE
from pressrun.model.disk import CannotWrite


@pytest.fixture
def without_pictures(manual: Manual, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "make_pictures", lambda shots, folder, progress: {})
    monkeypatch.setattr(book, "chapters", lambda *_: manual.chapters)


@pytest.mark.usefixtures("without_pictures")
def test_it_writes_all_files_and_names_the_first(manual: Manual, tmp_path: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(cli, ["manual", "--out", str(tmp_path / "a" / "manual")])
        assert done.exit_code == 0, done.output
        assert str(tmp_path / "a" / "manual" / "index.html") in done.output
        out = tmp_path / "a" / "manual"
        assert {file.name: file.read_text("utf-8") for file in out.iterdir() if file.is_file()} == manual.files
        assert {file.name for file in (out / "pictures").iterdir()} == {one.picture for one in screens()}


@pytest.mark.usefixtures("without_pictures")
def test_a_folder_that_cannot_be_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    done = CliRunner().invoke(cli, ["manual", "--out", str(tmp_path / "taken")])
    assert done.exit_code == 2
    done = CliRunner().invoke(cli, ["manual", "--out", str(tmp_path / "taken" / "manual")])
    assert isinstance(done.exception, CannotWrite)
    assert "taken" in str(done.exception)


@pytest.mark.parametrize("said", [[], ["--quiet"]])
def test_it_says_how_many_pictures_are_made(
    manual: Manual, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    monkeypatch.setattr(pictures, "_made", lambda shots: ((shot.name, out.getvalue()) for shot in shots))
    monkeypatch.setattr(book, "chapters", lambda *_: manual.chapters)
    monkeypatch.setattr(bound_files, "bound", lambda *_: [])
    for had in (False, True):
        done = CliRunner().invoke(cli, ["manual", "--out", str(tmp_path), *said])
        assert done.exit_code == 0, done.output
        told = [line for line in done.output.splitlines() if line.startswith("pictures: ")]
        assert len(told) == (0 if had or said else LINES_A_PHASE)
