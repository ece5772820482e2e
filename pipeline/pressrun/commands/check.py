"""`pressrun check`: everything that can be known to be wrong before anything is made."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.settings import Settings
from pressrun.model.sweeping import without_sweeping


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@flags(settings=Settings, output=Output)
@without_sweeping(keeping=True)  # most of what it makes it keeps until it ends
def check(job: Path, settings: Settings, output: Output) -> int:
    """Read JOB and everything it names, and say what is wrong with it. Makes nothing."""
    from pressrun.commands.plan_advice import with_lint
    from pressrun.commands.report.finding_lines import findings_json, findings_text
    from pressrun.model.errors import InputError
    from pressrun.run.dry_sheets import dry_findings
    from pressrun.run.job import prepare

    prepared = with_lint(prepare(job, settings, reading=True, waiting=True, telling=True))
    with prepared.doors:
        notes = (*prepared.project.notes, *prepared.plan.findings, *dry_findings(prepared))
        if output.as_json:
            tell_json(findings_json(notes))
        elif not output.quiet:
            tell(findings_text(notes) or "Nothing to complain about.")
    if any(finding.is_error for finding in prepared.plan.findings):
        return InputError.exit_code
    return 1 if any(finding.is_error for finding in notes) else 0
