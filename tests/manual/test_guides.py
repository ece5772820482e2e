"""The how-tos are true: what each has one write, over what `init` writes, is a campaign that `check` has nothing against,
and the commands that it tells exist with these flags."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pressrun.commands.chapters.guides import FOLDER, Guide, guides
from pressrun.commands.chapters.pictures import write_files
from pressrun.commands.cli import cli
from pressrun.model.finding import Severity
from pressrun.model.settings import Settings
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.planned_job import prepare

GUIDES = guides()
COME_FROM_ELSEWHERE = (".csv", ".jsonl", ".png", ".pdf")
SHELL = ("cd", "mkdir", "cp", "open", "export", "pip", "curl", "echo")  # what lines may begin with beside pressrun


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_what_it_has_one_write_is_a_campaign_that_works(guide: Guide, tmp_path: Path, kept_fonts: Path) -> None:
    root = write_files(tmp_path / "campaign", guide.files)
    (root / ".pressrun").mkdir()
    (root / ".pressrun" / "fonts").symlink_to(kept_fonts)
    kept_fonts.mkdir(exist_ok=True)
    prepared = prepare(root / guide.job, Settings(inline=True), reading=True)
    with prepared.doors:
        assert prepared.plan.sheets
        found = [*prepared.plan.findings, *dry_findings(prepared)]
        assert [finding for finding in found if finding.severity is not Severity.NOTE] == []
        assert set(guide.shows) <= {sheet.layout for sheet in prepared.plan.sheets}
        assert not guide.row or guide.row in {sheet.row.id for sheet in prepared.plan.sheets}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_the_commands_that_it_tells_exist(guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for line in guide.commands:
        for words in piped(line):
            for file in (word for word in words if Path(word).suffix in COME_FROM_ELSEWHERE):
                Path(file).parent.mkdir(parents=True, exist_ok=True)
                Path(file).touch()
            if words[0] == "pressrun":
                command = cli.commands[words[1]]
                with command.make_context(words[1], words[2:], parent=click.Context(cli)):
                    pass  # which closes what the arguments opened
            else:
                assert words[0] in SHELL, line


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_the_printer_s_profiles_that_it_writes_can_be_read(guide: Guide, tmp_path: Path) -> None:
    root = write_files(tmp_path / "campaign", guide.files)
    words = itertools.chain.from_iterable(words for line in guide.commands for words in piped(line))
    for option, name in itertools.pairwise(words):
        if option == "--profile":
            assert load_profile(str(root / name) if Path(name).suffix else name).about


def piped(line: str) -> Iterator[list[str]]:
    """The commands of a line, each in words."""
    words = list(shlex.shlex(line, posix=True, punctuation_chars="|"))
    for is_pipe, command in itertools.groupby(words, key=lambda word: word == "|"):
        if not is_pipe:
            yield list(command)


def test_each_is_short() -> None:
    for file in FOLDER.glob("*.md"):
        assert len(file.read_text("utf-8").splitlines()) <= 160, file.name
