"""`pressrun preflight`: anybody's press PDFs, read back and judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.finding import Finding, Place, Severity


@cloup.command()
@cloup.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@cloup.option("--total-ink", type=click.FloatRange(100, 400), default=300.0, show_default=True, metavar="PERCENT",
              help="The most ink that all plates may lay on one spot.")  # fmt: skip
@cloup.option("--bleed", type=click.FloatRange(0, 50), default=3.0, show_default=True, metavar="MM",
              help="The least bleed on every side.")  # fmt: skip
@flags(output=Output)
def preflight(files: tuple[Path, ...], total_ink: float, bleed: float, output: Output) -> int:
    """Read press PDFs back, and say what a printer would complain about. Exit 1 if there are errors."""
    from pressrun.commands.report.press_files import press_file_data, press_file_text
    from pressrun.commands.report.summary import findings_text
    from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
    from pressrun.readers.press_pdf.preflight import PressLimits, judge

    limits = PressLimits(total_ink=total_ink, bleed=bleed)
    answers: list[dict[str, Any]] = []
    exit_code = 0
    for path in files:
        name = path.as_posix()
        try:
            file = read_press_pdf(path, limits.total_ink)
        except (OSError, Unreadable) as error:
            exit_code = 2
            finding = _unreadable(name, error)
            answers.append({"file": name, "findings": [finding.to_dict()]})
            tell(findings_text([finding]), err=True)
            continue
        findings = judge(file, name, limits)
        if any(finding.is_error for finding in findings):
            exit_code = max(exit_code, 1)
        answers.append(press_file_data(name, file, findings))
        if output.quiet:
            findings = [finding for finding in findings if finding.severity > Severity.NOTE]
        if not output.as_json and (findings or not output.quiet):
            tell(press_file_text(name, file, findings))
    if output.as_json:
        tell_json(json.dumps(answers, ensure_ascii=False, indent=2))
    return exit_code


def _unreadable(name: str, error: Exception) -> Finding:
    if isinstance(error, OSError):
        return Finding(Severity.ERROR, "cannot-read", f"cannot be read: {error.strerror or error}", Place(name))
    return Finding(Severity.ERROR, "not-a-pdf", f"is no PDF that can be read: {error}", Place(name))
