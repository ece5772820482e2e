"""`pressrun sheet`: pages on press sheets."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup
from msgspec.structs import replace

from pressrun.commands.flags import Figure, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.finding import Place, once_for_files

if TYPE_CHECKING:
    from pressrun.run.imposition.scheme import Scheme
    from pressrun.run.imposition.sheets import SheetFile

TURNS = ("none", "sheetwise", "perfecting", "work-and-turn", "work-and-tumble")
BLANKS = ("at-end", "before-last")
METHODS = ("n-up", "repeat", "cut-and-stack", "saddle-stitched", "perfect-bound", "gang")
PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
Quantity = tuple[str, int]


class QuantityType(click.ParamType[Quantity]):
    """``500``, or ``NAME=500``."""

    name = "quantity"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quantity:
        if isinstance(value, tuple):
            return value
        name, _, number = str(value).rpartition("=")
        if not number.isdecimal() or int(number) < 1:
            self.fail(f"'{value}' is no quantity; write a number, or NAME=NUMBER", param, ctx)
        return name, int(number)


def _picture(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in PICTURES:
        raise click.BadParameter(f"'{path}' is no name of a drawing; let it end in .png or .jpg", ctx, param)
    return path


@cloup.command()
@cloup.argument("wanted", metavar="JOB|RUN|PDF...", nargs=-1, required=True)
@cloup.option("--onto", required=True, metavar="SHEET",
              help="The sheet and where pages stand on it: a name, such as sra3-10up or sra3-booklet, or a YAML file "
              "of "
                   "your own. The manual lists them.")  # fmt: skip
@cloup.option("--back", "backs", type=click.Path(path_type=Path, dir_okay=False), metavar="PDF",
              help="The backs: one page for all fronts, or one for each.")  # fmt: skip
@cloup.option("--turn", type=click.Choice(TURNS),
              help="How the sheet is turned for its other side; without --back, pages are fronts and backs.")
@cloup.option("--method", type=click.Choice(METHODS), help="How pages go into cells, if not as the sheet says.")
@cloup.option("--quantity", "quantities", type=QuantityType(), multiple=True, metavar="[NAME=]N",
              help="How many are wanted: of all, or of the row or file that is named; repeatable.")  # fmt: skip
@cloup.option(
    "--layout", "layouts", multiple=True, metavar="LAYOUT", help="Of a run, press files of this layout alone."
)
@cloup.option(
    "--condition", metavar="NAME", default="", help="Of a run, press files for this printing condition alone."
)
@cloup.option("--gutter", type=Figure(0, 200), metavar="MM", help="The gap between pages.")
@cloup.option("--bleed", type=Figure(0, 50), metavar="MM", help="How far pages print beyond their edges.")
@cloup.option("--creep", type=Figure(0, 2), metavar="MM",
              help="Of booklets: the thickness of the paper, by which inner pages move towards the spine.")  # fmt: skip
@cloup.option("--blanks", type=click.Choice(BLANKS),
              help="Of booklets: where blank pages go that fill the last sheet; before-last keeps the "
              "back cover.")  # fmt: skip
@cloup.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="PDF",
              help="The file to write (default: named after what is imposed and the sheet, here).")  # fmt: skip
@cloup.option("--preview", type=click.Path(path_type=Path, dir_okay=False), metavar="PICTURE",
              callback=_picture,
              help="Write a drawing of the sheet with its dimensions (.png or .jpg), and the PDF only where "
                   "--out names one.")  # fmt: skip
@cloup.option("--root", type=click.Path(path_type=Path), metavar="DIR",
              help="The campaign's folder (default: the nearest from here upwards).")  # fmt: skip
@flags(output=Output)
def sheet(
    wanted: tuple[str, ...], onto: str, backs: Path | None, turn: str | None, method: str | None,
    quantities: tuple[Quantity, ...], layouts: tuple[str, ...], condition: str, gutter: float | None,
    bleed: float | None, creep: float | None, blanks: str | None, out: Path | None, preview: Path | None,
    root: Path | None, output: Output,
) -> int:  # fmt: skip
    """Place pages on press sheets: of a JOB's newest run, of a RUN, or of any PDFs. They stay as they are; what is in
    several of them is stored once."""
    from pressrun.deliver import writing_file
    from pressrun.run.imposition.faulty_files import told_of_faulty_files
    from pressrun.run.imposition.press_sheets import ordered, press_files
    from pressrun.run.imposition.scheme import adapted, load_scheme
    from pressrun.run.imposition.sheets import Told, beside_their_fronts, sheet_drawing, sheet_file

    said = {"turn": turn, "method": method, "gutter": gutter, "bleed": bleed, "creep": creep, "blanks": blanks}
    found = press_files(wanted, root, layouts, condition)
    scheme = load_scheme(onto)
    if turn is None and scheme.turn == "none" and (backs is not None or found.two_sided) and not scheme.is_bound:
        said["turn"] = "sheetwise"
    place = Place(onto) if onto.endswith((".yaml", ".yml")) else None
    scheme = adapted(scheme, said, place)
    behind = press_files([str(backs)], root).files if backs else ()
    files = ordered(found.files, dict(quantities))
    name = Path(onto).stem
    told = Told(found.told, name)
    path = out or preview or Path(f"{_stem(wanted)}-{name}.pdf")
    keeps = preview is None or out is not None
    with writing_file(path.parent, path.name) if keeps else tempfile.TemporaryFile() as written:
        made = sheet_file(scheme, files, behind, told, written, place)
    if preview is not None:
        with writing_file(preview.parent, preview.name) as drawing:
            drawing.write(sheet_drawing(scheme, made, told, PICTURES[preview.suffix.lower()]))
    beside = beside_their_fronts(made) if turn is None and scheme.turn == "none" and not scheme.is_bound else ()
    findings = (*found.findings, *told_of_faulty_files((*files, *behind)), *made.findings, *beside)
    _tell(replace(made, findings=findings), path, scheme, output)
    return 0


def _stem(wanted: tuple[str, ...]) -> str:
    stem = Path(wanted[0]).stem
    return stem if len(wanted) == 1 else f"{stem}-and-{len(wanted) - 1}-more"


def _tell(made: SheetFile, path: Path, scheme: Scheme, output: Output) -> None:
    from pressrun.commands.report.finding_lines import findings_text
    from pressrun.commands.report.press_sheets import sheet_data, sheet_text

    if output.as_json:
        tell_json(json.dumps(sheet_data(made, path, scheme), ensure_ascii=False, indent=2))
        return
    if not output.quiet:
        tell(sheet_text(made, path, scheme))
    if found := [one for one in made.findings if one.is_error or not output.quiet]:
        tell(findings_text(once_for_files(found)))
