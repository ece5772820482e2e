"""`pressrun import`: a layout from a design that exists."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Literal

import click
import cloup

from pressrun.commands.terminal import tell, tell_json


@cloup.command("import")
@cloup.argument("design", type=click.Path(path_type=Path))
@cloup.argument("more", nargs=-1, type=click.Path(path_type=Path))
@cloup.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The campaign's folder, or a new one (default: this folder).",
)
@cloup.option("--brand", default="", metavar="ID", help="The brand it is for (default: the campaign's only one).")
@cloup.option("--name", default="", metavar="NAME", help="What the layout is called (default: as the file).")
@cloup.option("--page", type=click.IntRange(1), metavar="N", help="One page of it (default: all of them).")
@cloup.option("--locale", default="", metavar="LOCALE", help="Its language (default: as it says, else en-GB).")
@cloup.option("--target", type=click.Choice(["print", "screen"]), help="Where an SVG is shown (default: by its units).")
@cloup.option("--json", "as_json", is_flag=True, help="Print what was not taken over as JSON.")
def import_(
    folder: Path,
    design: Path,
    more: tuple[Path, ...],
    brand: str,
    name: str,
    page: int | None,
    locale: str,
    target: Literal["print", "screen"] | None,
    as_json: bool,
) -> int:
    """Make a layout of DESIGN, a PDF with form fields or an SVG, with a table of what it shows itself and a job that
    runs at once. MORE SVGs are the pages behind its own. Import it again after it was changed: what you edited in the
    layout stays."""
    from pressrun.commands.report.finding_lines import findings_json, findings_text
    from pressrun.run.design_import.campaign import DesignWanted, import_design

    made = import_design(DesignWanted(design, folder, name, brand, page, locale, target, more))
    if as_json:
        tell_json(findings_json(made.findings))
        return 0
    done = "brought up to date" if made.again else "made"
    tell(f"{made.layers} layers {done}, {len(made.written)} files in {folder}:")
    tell("\n".join(f"  {path}" for path in made.written))
    if made.findings:
        tell(f"What could not be taken over as it is, and what to do:\n{findings_text(made.findings)}")
    enter = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    tell(f"Now: {enter}pressrun run {shlex.quote(made.job)}")
    return 0
