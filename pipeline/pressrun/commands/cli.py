"""The command: findings become text, errors become exit codes."""

from __future__ import annotations

import gc
import math
import re
import shlex
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click

from pressrun.model.batch import Lane
from pressrun.model.errors import Interrupted, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.studio import Settings

PathArgument = click.Path(path_type=Path)


class Dollars(click.FloatRange):
    """An amount of money: a number from nothing upwards, and never `nan` or `inf`."""

    name = "amount of money"

    def __init__(self) -> None:
        super().__init__(min=0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        amount = super().convert(value, param, ctx)
        if not math.isfinite(amount):
            self.fail(f"{value!r} is not a valid {self.name}.", param, ctx)
        return amount


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pressrun")
def cli() -> None:
    """Brands, templates, layouts and a CSV in; finished, checked, press-ready and social artwork out."""


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The flags that every command on a job has, gathered into Settings."""
    options = [
        click.option("--provider", metavar="NAME", help="Make pictures with this provider instead of the job's."),
        click.option(
            "--max-cost", type=Dollars(), metavar="USD", help="Stop before the call that could cross this (exit 4)."
        ),
        click.option(
            "--only", metavar="EXPR", help="Only rows for which this holds, e.g. \"region.locale == 'de-DE'\"."
        ),
        click.option("--retry-unknown", is_flag=True, help="Ask again for pictures that were perhaps paid."),
        click.option(
            "--lane",
            type=click.Choice(["direct", "batch", "auto"]),
            default="direct",
            show_default=True,
            help="How paid pictures are had: now, in batches at half the price, or as the deadline allows.",
        ),
        click.option("--deadline", metavar="TIME", help="With --lane auto or batch: when they are wanted, e.g. 6h."),
        click.option("--take", type=click.IntRange(1), metavar="N", help="Make this take, and no other."),
        click.option("--branch", metavar="NAME", help="Take pictures from this branch, where they have it."),
        click.option("--quality", metavar="Q", help="In place of every picture's own: low for drafts."),
        click.option("--approved-only", is_flag=True, help="Leave out what nobody approved."),
        click.option("--final", is_flag=True, help="Make what is approved in its final quality (default: high)."),
        click.option("--from-draft", is_flag=True, help="With --final: keep the composition of the drafts."),
        click.option(
            "--jobs", type=click.IntRange(0), default=0, metavar="N", help="Worker processes (default: all cores)."
        ),
        click.option("--out", type=PathArgument, metavar="DIR", help="Where runs go (default: runs/ beside brands/)."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON for machines, alone on standard output."),
        click.option("--quiet", is_flag=True, help="Print nothing but what went wrong."),
    ]

    @wraps(command)
    def gathered(
        *args: Any, provider: str | None, max_cost: float | None, retry_unknown: bool, only: str | None,
        take: int | None, branch: str | None, quality: str | None, approved_only: bool, final: bool,
        from_draft: bool, lane: Lane, deadline: str | None, jobs: int, out: Path | None, **rest: Any,
    ) -> Any:  # fmt: skip
        if from_draft and not final:
            raise click.UsageError("--from-draft is for --final")
        if (lane == "auto" and deadline is None) or (lane == "direct" and deadline is not None):
            raise click.UsageError("--lane auto and --deadline go together, e.g. --lane auto --deadline 6h")
        settings = Settings(
            out, jobs, only, take, max_cost, provider, retry_unknown=retry_unknown, branch=branch, quality=quality,
            approved_only=approved_only, final=final, from_draft=from_draft, lane=lane,
            deadline=_seconds(deadline),
        )  # fmt: skip
        return command(*args, settings=settings, **rest)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def _seconds(time: str | None) -> float | None:
    from pressrun.generate.buy.lanes import seconds_of

    try:
        return None if time is None else seconds_of(time)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--deadline") from None


@cli.command()
@click.argument("job", type=PathArgument)
@click.option("--rows", "feed", type=click.File("rb"), metavar="FILE",
              help="Take rows from JSON lines (- for standard input), and answer each with a line.")  # fmt: skip
@common_options
def run(job: Path, feed: IO[bytes] | None, settings: Settings, as_json: bool, quiet: bool) -> int:
    """Run JOB: make what is missing, deliver every file, write the record."""
    if feed is not None:
        return _feed(job, feed, settings)
    from pressrun.commands.report.progress_display import Console
    from pressrun.commands.report.summary import run_json, run_text
    from pressrun.run.job import run_job

    with Console(quiet or as_json) as console:
        report = run_job(job, settings, console)
    if as_json:
        click.echo(run_json(report))
    elif not quiet or report.exit:
        click.echo(run_text(report))
    if report.exit:
        _tell_how_to_carry_on(cap=report.enough_usd)
    return report.exit


def _feed(job: Path, lines: IO[bytes], settings: Settings) -> int:
    """One line of JSON out for each line in, as soon as its files are there; the exit code is that of the worst."""
    from pressrun.run.rows import run_rows

    worst = 0
    source = "stdin" if lines is sys.stdin.buffer else lines.name
    for answer in run_rows(job, lines, settings, source):
        print(answer.to_json(), flush=True)
        worst = max(worst, 1 if answer.exit == 2 else answer.exit)  # one wrong line is not a wrong job
    return worst


@cli.command()
@click.argument("job", type=PathArgument)
@click.option("--prompts", is_flag=True, help="Print the exact text of every prompt.")
@click.option("--suggest", is_flag=True, help="Propose masters for the layouts: sizes, prices, resolutions.")
@common_options
def plan(job: Path, prompts: bool, suggest: bool, settings: Settings, as_json: bool, quiet: bool) -> int:
    """Say what a run of JOB would make, what of it exists, and what it would cost. Makes nothing."""
    from pressrun.commands.plan_advice import suggest_masters, with_lint
    from pressrun.commands.report.master_suggestions import suggestion_json, suggestion_text
    from pressrun.commands.report.summary import plan_json, plan_text, prompts_text
    from pressrun.run.job import prepare

    if suggest:
        suggestion = suggest_masters(job, settings)
        click.echo(suggestion_json(suggestion) if as_json else suggestion_text(suggestion))
        return 0
    prepared = with_lint(prepare(job, settings))
    with prepared.studio:
        if as_json:
            click.echo(plan_json(prepared.plan, prepared.project.job_name))
        elif prompts:
            click.echo(prompts_text(prepared.plan))
        else:
            click.echo(plan_text(prepared.plan, prepared.project, settings))
    return 0


@cli.command()
@click.argument("job", type=PathArgument)
@common_options
def check(job: Path, settings: Settings, as_json: bool, quiet: bool) -> int:
    """Read JOB and everything it names, and say what is wrong with it. Makes nothing."""
    from pressrun.commands.plan_advice import with_lint
    from pressrun.commands.report.summary import findings_json, findings_text
    from pressrun.run.job import prepare

    prepared = with_lint(prepare(job, settings))
    with prepared.studio:
        notes = (*prepared.project.notes, *prepared.plan.findings, *prepared.plan.of_rows)
        if as_json:
            click.echo(findings_json(notes))
        elif not quiet:
            click.echo(findings_text(notes) or "Nothing to complain about.")
    return 1 if any(finding.is_error for finding in notes) else 0


def main(arguments: list[str] | None = None) -> None:
    """The console entry: every way a command can end becomes its exit code."""
    from pressrun.commands import register

    register(cli)
    gc.set_threshold(50_000, 20, 100)  # a run keeps what it makes: looking for garbage in it took a tenth of the time
    signal.signal(signal.SIGTERM, _ask_to_end)
    sys.exit(run_command(arguments))


def _ask_to_end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def run_command(arguments: list[str] | None = None) -> int:
    """Do what the arguments (default: the process's) ask for; the answer is the exit code, after Ctrl-C too."""
    args = sys.argv[1:] if arguments is None else arguments
    try:
        return cli.main(args=args, prog_name="pressrun", standalone_mode=False, obj=shlex.join(args)) or 0
    except PressrunError as error:
        _complain(error, "--json" in args)
        if error.exit_code in (1, 4, 130):
            _tell_how_to_carry_on(shlex.join(args))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; what is done is kept.", err=True)
        _tell_how_to_carry_on(shlex.join(args))
        return Interrupted.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _tell_how_to_carry_on(arguments: str | None = None, cap: Decimal | None = None) -> None:
    """The command that carries on, as it can be pasted into a shell; by default the one that is being done. Where the
    budget stopped it, with a ``cap`` that is enough."""
    again = click.get_current_context().find_root().obj if arguments is None else arguments
    if cap is not None:
        again = f"{re.sub(r' --max-cost[ =][^ ]+', '', again)} --max-cost {cap}"
    click.echo(f"To carry on: pressrun {again}", err=True)


def _complain(error: PressrunError, as_json: bool) -> None:
    from pressrun.commands.report.summary import findings_json, findings_text
    from pressrun.model.errors import InputError

    if isinstance(error, InputError):
        findings = error.findings
        click.echo(findings_text(findings), err=True)
    else:
        findings = (Finding(Severity.ERROR, error.code, error.message, hint=error.hint),)
        click.echo(f"pressrun: {error}", err=True)
    if as_json:
        click.echo(findings_json(findings))
