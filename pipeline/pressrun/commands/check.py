"""`pressrun check`: everything that can be known to be wrong before anything is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.model.finding import Finding
    from pressrun.run.kept.kept_checks import AskedCheck


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@flags(settings=Settings, output=Output)
@without_sweeping(keeping=True)  # most of what it makes it keeps until it ends
def check(job: Path, settings: Settings, output: Output) -> int:
    """Read JOB and everything it names, and say what is wrong with it. Makes nothing.

    What it found is told again at once, while nothing that it reads has changed."""
    from pressrun.commands.report.finding_lines import findings_json, findings_text
    from pressrun.run.kept.kept_checks import AskedCheck

    asked = AskedCheck.of(job, settings)
    kept = asked.found() if asked else None
    findings, code = _worked_out(job, settings, asked) if kept is None else (kept, 0)
    if output.as_json:
        tell_json(findings_json(findings))
    elif not output.quiet:
        tell(findings_text(findings) or "Nothing to complain about.")
    return code


def _worked_out(job: Path, settings: Settings, asked: AskedCheck | None) -> tuple[list[Finding], int]:
    """What a check finds, and its exit code; what it reads was ``asked`` before."""
    from pressrun.commands.plan_advice import with_lint
    from pressrun.model.errors import InputError
    from pressrun.run.dry.dry_sheets import dry_findings
    from pressrun.run.kept.settled_runs import keep_check
    from pressrun.run.planned_job import prepare

    prepared = with_lint(prepare(job, settings, reading=True, waiting=True, telling=True))
    with prepared.doors:
        of_plan = prepared.plan.findings
        findings = [*prepared.project.notes, *of_plan, *dry_findings(prepared)]
        if asked:
            keep_check(asked, prepared, findings)
    if any(finding.is_error for finding in of_plan):
        return findings, InputError.exit_code
    return findings, int(any(finding.is_error for finding in findings))
