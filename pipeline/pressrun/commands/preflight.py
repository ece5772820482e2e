"""`pressrun preflight`: anybody's press PDFs, read back and judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import cloup
from msgspec.structs import replace

from pressrun.commands.flags import Figure, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity


@cloup.command()
@cloup.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@cloup.option("--profile", default="sheet-fed", show_default=True, metavar="NAME|FILE",
              help="What the printer takes: sheet-fed, x4, x1a, newspaper, digital-white, large-format, press-sheet "
                   "(imposed), or a YAML file of your own that extends one.")  # fmt: skip
@cloup.option("--total-ink", type=Figure(100, 400), metavar="PERCENT",
              help="The most ink that all plates may lay on one spot (default: the profile's).")  # fmt: skip
@cloup.option("--bleed", type=Figure(0, 50), metavar="MM",
              help="The least bleed on every side (default: the profile's).")  # fmt: skip
@cloup.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="HTML",
              help="Write a page with every finding boxed on the pictures of the pages.")  # fmt: skip
@cloup.option("--sign-off", multiple=True, metavar="CODE", help="Sign off what is found of this code; repeatable.")
@cloup.option("--by", default="", metavar="NAME", help="Who signs it off.")
@cloup.option("--because", default="", metavar="REASON", help="Why it is signed off.")
@flags(output=Output)
def preflight(
    files: tuple[Path, ...], profile: str, total_ink: float | None, bleed: float | None, report: Path | None,
    sign_off: tuple[str, ...], by: str, because: str, output: Output,
) -> int:  # fmt: skip
    """Read press PDFs back, or all of a run by its folder, and say what a printer would complain about. Exit 1 if there
    are errors.

    What is signed off is kept with the file's hash, beside it or in the manifest of its run, and is a note from then
    on, until the file changes."""
    from pressrun.commands.report.finding_lines import findings_text
    from pressrun.commands.report.press_files import press_file_data, press_file_text
    from pressrun.manifest.signed_off import delivered_in, keep_in_manifest, read_from_manifest
    from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
    from pressrun.readers.press_pdf.preflight import judged
    from pressrun.readers.press_pdf.profiles.profile import load_profile
    from pressrun.readers.press_pdf.sign_offs import read_sign_offs, signed_too, with_sign_offs, write_sign_offs
    from pressrun.run.composed_ink import measure_composed_ink

    if sign_off and not (by.strip() and because.strip()):
        raise click.UsageError("--sign-off needs --by NAME and --because REASON")
    chosen = load_profile(profile)
    said = {"total_ink": total_ink, "bleed": bleed}
    limits = replace(chosen.limits, **{name: value for name, value in said.items() if value is not None})
    answers: list[dict[str, Any]] = []
    reported: list[Any] = []
    exit_code = 0
    for path in _named(files):
        name = path.as_posix()
        try:
            data = path.read_bytes()
            file = read_press_pdf(data, limits.total_ink, bleed=limits.bleed)
            measure_composed_ink(file, data, limits.total_ink)
        except (OSError, Unreadable) as error:
            exit_code = 2
            finding = _unreadable(name, error)
            answers.append({"file": name, "findings": [finding.to_dict()]})
            tell(findings_text([finding]), err=True)
            continue
        found = judged(file, name, limits, chosen.levels)
        run = delivered_in(path)
        signed = read_sign_offs(path) if run is None else read_from_manifest(run, path)
        if sign_off:
            signed = signed_too(signed, path, data, found, sign_off, by, because)
            if run is None:
                write_sign_offs(path, signed)
            else:
                keep_in_manifest(run, path, signed)
        found = with_sign_offs(found, signed, data)
        findings = [one.finding for one in found]
        if any(finding.is_error for finding in findings):
            exit_code = max(exit_code, 1)
        answers.append(press_file_data(name, file, found))
        if report is not None:
            reported.append((name, data, file, found))
        if output.quiet:
            findings = [finding for finding in findings if finding.severity > Severity.NOTE]
        if not output.as_json and (findings or not output.quiet):
            tell(press_file_text(name, file, findings))
    if report is not None:
        _write(report, reported, profile)
    if output.as_json:
        tell_json(json.dumps(answers, ensure_ascii=False, indent=2))
    return exit_code


def _named(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files, those of runs for their folders."""
    from pressrun.run.imposition.press_sheets import delivered_for_press

    for path in files:
        yield from delivered_for_press(path) if path.is_dir() else (path,)


def _write(report: Path, files: list[Any], profile: str) -> None:
    from pressrun.commands.report.marked_pages import Reported, marked_pages

    try:
        report.write_text(marked_pages([Reported(*one) for one in files], profile), "utf-8")
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Finding(Severity.ERROR, "cannot-write", message, Place(report.as_posix()))]) from error


def _unreadable(name: str, error: Exception) -> Finding:
    if isinstance(error, OSError):
        return Finding(Severity.ERROR, "cannot-read", f"cannot be read: {error.strerror or error}", Place(name))
    return Finding(Severity.ERROR, "not-a-pdf", f"is no PDF that can be read: {error}", Place(name))
