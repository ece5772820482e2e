"""`pressrun manual` writes every file whole, again over its own, and says in a line what keeps it from that."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from manual_kit import Manual

from pressrun.commands.chapters import book, pictures
from pressrun.commands.chapters.screens import screens
from pressrun.commands.cli import cli
from pressrun.model.disk import CannotWrite


@pytest.fixture
def without_pictures(manual: Manual, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "make_pictures", lambda shots, folder: {})
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
