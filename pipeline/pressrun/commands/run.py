"""`pressrun run`: the whole job, or rows that somebody else sends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
import cloup
from msgspec.structs import replace

from pressrun.commands import interruption
from pressrun.commands.carry_on import tell_how_to_carry_on
from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.model.run_record import RunReport
    from pressrun.run.kept.kept_runs import AskedRun


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@cloup.option_group(
    "Rows from elsewhere",
    cloup.option("--rows", "feed", type=click.File("rb"), metavar="FILE",
                 help="Take rows from JSON lines (- for standard input), and answer each with a line."),
)  # fmt: skip
@cloup.option_group(
    "To look at",
    cloup.option("--keep", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                 help="Leave there what each sheet was on its way: as JSON, its plates, and what is laid over them."),
)  # fmt: skip
@flags(settings=Settings, output=Output)
def run(job: Path, feed: IO[bytes] | None, keep: Path | None, settings: Settings, output: Output) -> int:
    """Run JOB: make what is missing, deliver every file, write the record."""
    settings = replace(settings, keep=keep)
    if feed is not None:
        return _feed(job, feed, settings)
    from pressrun.commands.report.progress_display import Console
    from pressrun.commands.report.run_told import run_json, run_text
    from pressrun.run.kept.kept_runs import AskedRun

    with Console(output.quiet or output.as_json) as console:
        forks = interruption.is_listening()
        asked = AskedRun.of(job, settings, console, forks)
        report = asked.report or _worked_out(asked, forks)
    if output.as_json:
        tell_json(run_json(report))
    elif not output.quiet or report.exit:
        tell(run_text(report))
    if settings.verbose:
        for failure in report.log:
            tell(f"{failure}\n{failure.trace}", err=True)
    if report.exit > 1 or report.counts.failed:  # what was made with errors in it, another run would find again
        tell_how_to_carry_on(cap=report.enough_usd)
    return report.exit


def _worked_out(asked: AskedRun, forks: bool) -> RunReport:
    from pressrun.doors import get_workers_ready
    from pressrun.run.kept.kept_runs import laid_ahead

    with laid_ahead(asked) as ready:
        with without_sweeping(keeping=True):
            from pressrun.run.job import worked_out  # with all that makes files

        if asked.read and forks:
            get_workers_ready(asked.read.root, asked.settings, forking=True)
        return worked_out(ready)


def _feed(job: Path, lines: IO[bytes], settings: Settings) -> int:
    """One line of JSON out for each line in, as soon as its files are there; the exit code is that of the worst."""
    from pressrun.run.rows import bounded_lines, run_rows

    worst = 0
    source = "stdin" if lines is sys.stdin.buffer else lines.name
    for answer in run_rows(job, bounded_lines(lines), settings, source):
        tell_json(answer.to_json())
        worst = max(worst, 1 if answer.exit == 2 else answer.exit)  # one wrong line is not a wrong job
    return worst
