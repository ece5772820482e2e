"""`pressrun mend`: anybody's PDF put right where that is safe, and written beside, never over it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import cloup
from msgspec.structs import replace

from pressrun.commands.flags import Figure, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError, MissingTool
from pressrun.model.finding import Finding, Place, Severity

NO_CONDITION = "none"
CUT_OFF = "{}the bleed ({}) is artwork that the page had cut off"


class Size(click.ParamType[tuple[float, float]]):
    """``210x297``, in mm."""

    name = "WIDTHxHEIGHT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)", str(value).strip())
        if match is None or not min(map(float, match.groups())):
            self.fail(f"'{value}' is no size; write width and height of the trimmed page in mm: 210x297", param, ctx)
        return float(match[1]), float(match[2])


@cloup.command()
@cloup.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@cloup.option("--to", required=True, metavar="DIR|FILE", type=click.Path(path_type=Path),
              help="Where the mended file goes: a folder, or a name for one file. Never over the source.")  # fmt: skip
@cloup.option("--size", type=Size(), metavar="WIDTHxHEIGHT",
              help="The trimmed page in mm, for pages without a TrimBox and crop marks.")  # fmt: skip
@cloup.option("--condition", default="fogra39-300", show_default=True, metavar="NAME|ICC",
              help="The printing condition that the inks are for, said in files that are sound and do not say it: a"
                   " shipped one by its profile or its registered name, your own profile, or 'none'.")  # fmt: skip
@cloup.option("--bleed", type=click.Choice(["mirror", "stretch"]),
              help="Make bleed where artwork ends at the trim: its edge mirrored or stretched outwards.")  # fmt: skip
@cloup.option("--bleed-width", type=Figure(0.5, 50), metavar="MM",
              help="How much bleed is needed (default: the profile's).")  # fmt: skip
@cloup.option("--over-text", is_flag=True, help="Mirror the edge even where text would stand mirrored in the bleed.")
@cloup.option("--profile", default="sheet-fed", show_default=True, metavar="NAME|FILE",
              help="What the printer takes, as for preflight: what is still wrong by it is told.")  # fmt: skip
@cloup.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="HTML",
              help="Write a page with what was mended, and the edges with new bleed before and after.")  # fmt: skip
@flags(output=Output)
def mend(
    files: tuple[Path, ...], to: Path, size: tuple[float, float] | None, condition: str, bleed: str | None,
    bleed_width: float | None, over_text: bool, profile: str, report: Path | None, output: Output,
) -> int:  # fmt: skip
    """Put press PDFs right where that is safe, list what was done, and say what is left. Exit 1 if errors are left.

    Boxes from crop marks or the page's size, the output intent and the name of the standard where the content keeps it
    already, Trapped, identifiers, one spelling for a spot, unused RGB taken out. No page may look otherwise than
    before: all are drawn and compared, and where one differs nothing is written."""
    from pressrun.commands.report.mended import MendedFile, mended_data, mended_page, mended_text
    from pressrun.readers.press_pdf.profiles.profile import load_profile
    from pressrun.readers.press_pdf.repairs.bleed import Outwards
    from pressrun.run.mended_files import Asked

    chosen = load_profile(profile)
    limits = chosen.limits if bleed_width is None else replace(chosen.limits, bleed=bleed_width)
    how = None if bleed is None else Outwards(bleed)
    asked = Asked(limits, _condition(condition), size, "", how, over_text)
    made: list[MendedFile] = []
    for path, target in _targets(files, to):
        one = _mended(path, target, asked, chosen.levels)
        made.append(one)
        if not output.as_json and (not output.quiet or one.gravest > Severity.NOTE):
            tell(mended_text(one, output.quiet), err=one.unreadable)
    if report is not None:
        _write(report, mended_page(made).encode())
    if output.as_json:
        tell_json(json.dumps([mended_data(one) for one in made], ensure_ascii=False, indent=2))
    return 2 if any(one.unreadable for one in made) else max(int(one.gravest is Severity.ERROR) for one in made)


def _mended(path: Path, target: Path, asked: Any, levels: Any) -> Any:
    from pressrun.commands.report.edges import edges_before_and_after
    from pressrun.commands.report.mended import MendedFile
    from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
    from pressrun.readers.press_pdf.preflight import judge, on_pages
    from pressrun.run.mended_files import Untouchable, mended, pdf_date

    name = path.as_posix()

    def of_file(severity: Severity, code: str, message: str, hint: str | None = None) -> Finding:
        return Finding(severity, code, message, Place(name), hint)

    try:
        data = path.read_bytes()
        done = mended(data, replace(asked, date=pdf_date(path.stat().st_mtime)))
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        return MendedFile(name, None, findings=(of_file(Severity.ERROR, "cannot-read", problem),), unreadable=True)
    except Unreadable as error:
        problem = f"is no PDF that can be read: {error}"
        return MendedFile(name, None, findings=(of_file(Severity.ERROR, "not-a-pdf", problem),), unreadable=True)
    except Untouchable as error:
        problem = f"is not mended: {error}"
        return MendedFile(name, None, findings=(of_file(Severity.ERROR, error.code, problem, error.hint),))
    findings = [of_file(Severity.NOTE, "left-as-it-is", one.message, one.hint) for one in done.left]
    edges = edges_before_and_after(data, done.data, done.bled)
    pictures = {target.with_name(f"{target.stem}-edges-{one.page}.png"): one.sheet for one in edges}
    for told in (f"{{}}the bleed ({{}}) is the page's own edge, {asked.bleed.past}" if asked.bleed else "", CUT_OFF):
        pages = [(one.page, one.shown if told is CUT_OFF else one.sides) for one in done.bled]
        if pages := [(page, sides) for page, sides in pages if sides]:
            sides = ", ".join(dict.fromkeys(side for _, several in pages for side in several))
            message = told.format(on_pages([page for page, _ in pages]), sides)
            hint = f"look at {', '.join(map(str, pictures))}"
            findings.append(of_file(Severity.WARNING, "bleed-made", message, hint))
    if done.text_at_edge:
        message = f"{on_pages(done.text_at_edge)}text at the edge was {asked.bleed.past} into the bleed"
        findings.append(of_file(Severity.WARNING, "text-in-made-bleed", message, "look whether it shows when cut"))
    read = read_press_pdf(done.data, asked.limits.total_ink, bleed=asked.limits.bleed)
    still = judge(read, name, asked.limits, levels)
    if done.done or done.bled:
        _write(target, done.data)
        for picture, sheet in pictures.items():
            _write(picture, sheet)
    written = target.as_posix() if done.done or done.bled else None
    return MendedFile(name, written, done.done, (*findings, *still), edges)


def _condition(name: str) -> Any:
    """The condition that an output intent shall name; None for none. Raises MissingTool."""
    from pressrun.graphics.color.inks import load_profile
    from pressrun.model.printing_conditions import known_conditions
    from pressrun.readers.press_pdf.repairs.repair import Condition

    if name == NO_CONDITION:
        return None
    known = known_conditions().get(name)
    if known and not known.profile:
        hint = f"give the file of its profile, {known.published}, which its publisher offers"
        raise MissingTool(f"no profile of {name} comes along", hint)
    path = Path(known.profile if known and known.profile else name)
    profile = load_profile(path.name, path.parent)
    return Condition(profile.data, profile.condition, profile.description)


def _targets(files: Sequence[Path], to: Path) -> list[tuple[Path, Path]]:
    """Where each file goes. Raises InputError where one would be written over a source, or over another."""
    is_file = to.suffix.lower() == ".pdf" and not to.is_dir()
    targets = [(path, to if is_file else to / path.name) for path in files]
    seen: dict[Path, Path] = {}
    for path, target in targets:
        for source in files:
            if target.exists() and source.exists() and os.path.samefile(target, source):
                hint = "name another folder with --to"
                raise _refused("would-overwrite-source", f"'{target}' is the source itself", hint, target)
        if target in seen:
            hint = "name a folder with --to; files of one name need one each, so mend them one by one"
            message = f"'{seen[target]}' and '{path}' would be written to one file"
            raise _refused("two-files-one-name", message, hint, target)
        seen[target] = path
    return targets


def _refused(code: str, message: str, hint: str, target: Path) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, Place(target.as_posix()), hint)])


def _write(path: Path, data: bytes) -> None:
    """A file, whole or not at all. Raises InputError."""
    half = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(data)
        half.replace(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Finding(Severity.ERROR, "cannot-write", message, Place(path.as_posix()))]) from error
