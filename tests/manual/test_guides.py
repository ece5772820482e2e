"""The how-tos are true: what each has one write, over what `init` writes, is a campaign that `check` has nothing against,
and the commands that it tells exist with these flags."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from pressrun.commands.chapters.guides import FOLDER, Guide, guides
from pressrun.commands.chapters.pictures import write_files
from pressrun.commands.cli import cli
from pressrun.model.settings import Settings
from pressrun.run.dry_sheets import dry_findings
from pressrun.run.job import prepare

GUIDES = guides()
SHELL = ("cd", "mkdir", "cp", "open", "export", "pip", "curl", "echo")  # what lines may begin with beside pressrun


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_what_it_has_one_write_is_a_campaign_that_works(guide: Guide, tmp_path: Path, kept_fonts: Path) -> None:
    root = write_files(tmp_path / "campaign", guide.files)
    (root / ".pressrun").mkdir()
    (root / ".pressrun" / "fonts").symlink_to(kept_fonts)
    kept_fonts.mkdir(exist_ok=True)
    prepared = prepare(root / guide.job, Settings(inline=True), reading=True)
    with prepared.studio:
        assert prepared.plan.sheets
        assert [*prepared.plan.findings, *dry_findings(prepared)] == []
        assert set(guide.shows) <= {sheet.layout for sheet in prepared.plan.sheets}
        assert not guide.row or guide.row in {sheet.row.id for sheet in prepared.plan.sheets}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_the_commands_that_it_tells_exist(guide: Guide) -> None:
    for line in guide.commands:
        for part in line.split("|"):
            words = shlex.split(part, comments=True)
            if words[:1] == ["pressrun"]:
                command = cli.commands[words[1]]
                command.make_context(words[1], words[2:], parent=click.Context(cli))
            else:
                assert words[0] in SHELL, line


def test_each_is_short() -> None:
    for file in FOLDER.glob("*.md"):
        assert len(file.read_text("utf-8").splitlines()) <= 160, file.name
