"""`pressrun plan`: what a run would make and cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.run.prepared import Prepared


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@cloup.option_group(
    "What is told",
    cloup.option("--prompts", is_flag=True, help="Print the exact text of every prompt."),
    cloup.option("--crops", is_flag=True, help="Say what each place shows of its picture, made or not."),
    cloup.option(
        "--crops-page",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write that as an HTML page, drawn on the pictures that exist.",
    ),
    cloup.option("--suggest", is_flag=True, help="Propose masters for the layouts: sizes, prices, resolutions."),
)
@flags(settings=Settings, output=Output)
def plan(
    job: Path, prompts: bool, crops: bool, crops_page: Path | None, suggest: bool, settings: Settings, output: Output
) -> int:  # fmt: skip
    """Say what a run of JOB would make, what of it exists, and what it would cost. Makes nothing."""
    from pressrun.commands.plan_advice import suggest_masters, with_lint
    from pressrun.commands.report.master_suggestions import suggestion_json, suggestion_text
    from pressrun.commands.report.plan_told import plan_json, plan_text, prompts_text
    from pressrun.run.dry.dry_sheets import without_refused
    from pressrun.run.dry.sheet_counts import sheet_counts
    from pressrun.run.planned_job import prepare

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
        if crops or crops_page:
            return _tell_crops(prepared, crops_page, output)
        if output.as_json:
            tell_json(plan_json(prepared.plan, prepared.project.job_name, sheet_counts(prepared)))
        elif prompts:
            tell(prompts_text(prepared.plan))
        else:
            committed = prepared.doors.journal.committed(prepared.project.job_name)
            tell(plan_text(prepared.plan, prepared.project, settings, committed, sheet_counts(prepared)))
    return 0


def _tell_crops(prepared: Prepared, page: Path | None, output: Output) -> int:
    """What each place shows of its picture, drawn in a page where one is asked for."""
    from pressrun.commands.report.planned_crops import crops_json, crops_page, crops_text
    from pressrun.deliver import write_file
    from pressrun.run.pictures.planned_crops import picture_seen, planned_crops

    found, name = list(planned_crops(prepared)), prepared.project.job_name
    if page:
        drawn = crops_page(name, found, lambda digest: picture_seen(prepared, digest))
        write_file(page.parent, page.name, drawn.encode())
    if output.as_json:
        tell_json(crops_json(found))
    elif not page:
        tell(crops_text(name, found))
    elif not output.quiet:
        tell(str(page))
    return 0
