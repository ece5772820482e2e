"""`pressrun plan`: what a run would make and cost."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.settings import Settings


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@cloup.option_group(
    "What is told",
    cloup.option("--prompts", is_flag=True, help="Print the exact text of every prompt."),
    cloup.option("--suggest", is_flag=True, help="Propose masters for the layouts: sizes, prices, resolutions."),
)
@flags(settings=Settings, output=Output)
def plan(job: Path, prompts: bool, suggest: bool, settings: Settings, output: Output) -> int:
    """Say what a run of JOB would make, what of it exists, and what it would cost. Makes nothing."""
    from pressrun.commands.plan_advice import suggest_masters, with_lint
    from pressrun.commands.report.master_suggestions import suggestion_json, suggestion_text
    from pressrun.commands.report.summary import plan_json, plan_text, prompts_text
    from pressrun.run.dry_sheets import without_refused
    from pressrun.run.job import prepare
    from pressrun.run.sheet_counts import sheet_counts

    if suggest:
        suggestion = suggest_masters(job, settings)
        if output.as_json:
            tell_json(suggestion_json(suggestion))
        else:
            tell(suggestion_text(suggestion))
        return 0
    prepared = with_lint(prepare(job, settings, reading=True))
    with prepared.doors:
        prepared = without_refused(prepared)
        if output.as_json:
            tell_json(plan_json(prepared.plan, prepared.project.job_name, sheet_counts(prepared)))
        elif prompts:
            tell(prompts_text(prepared.plan))
        else:
            committed = prepared.doors.journal.committed(prepared.project.job_name)
            tell(plan_text(prepared.plan, prepared.project, settings, committed, sheet_counts(prepared)))
    return 0
