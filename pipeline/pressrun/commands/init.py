"""`pressrun init`: a small campaign that works at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import cloup

from pressrun.commands.terminal import tell


@cloup.command()
@cloup.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@cloup.option("--brand", "name", metavar="NAME", help="The brand's name (default: a made-up one).")
def init(folder: Path, name: str | None) -> int:
    """Write a small working campaign into DIR, a new or empty folder."""
    from pressrun.commands.starter import DEFAULT_NAME, write_campaign

    written = write_campaign(folder, DEFAULT_NAME if name is None else name)
    tell(f"{len(written)} files in {folder}, README.md explains them. Now:")
    enter = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    tell(f"  {enter}pressrun run jobs/first-run.yaml")
    return 0
