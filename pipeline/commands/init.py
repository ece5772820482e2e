"""`pressrun init`: a small campaign that works at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from pipeline.starter import DEFAULT_NAME, write_campaign


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--brand", "name", metavar="NAME", default=DEFAULT_NAME, show_default=True, help="The brand's name.")
def init(folder: Path, name: str) -> int:
    """Write a small working campaign into DIR, a new or empty folder."""
    written = write_campaign(folder, name)
    click.echo(f"{len(written)} files in {folder}, README.md explains them. Now:")
    enter = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"  {enter}pressrun run jobs/first-run.yaml")
    return 0
