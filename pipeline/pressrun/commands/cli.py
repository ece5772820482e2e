"""The command: findings become text, errors become exit codes."""

from __future__ import annotations

import gc
import shlex
import signal
import sys

import click
import cloup

from pressrun.commands.adopt import adopt, choose
from pressrun.commands.carry_on import tell_how_to_carry_on
from pressrun.commands.check import check
from pressrun.commands.decide import approve, reject
from pressrun.commands.doctor import doctor
from pressrun.commands.fake_openai import fake_openai
from pressrun.commands.fork import fork
from pressrun.commands.init import init
from pressrun.commands.picture import picture
from pressrun.commands.plan import plan
from pressrun.commands.preflight import preflight
from pressrun.commands.run import run
from pressrun.commands.schema import schema
from pressrun.commands.show import show
from pressrun.model.errors import Interrupted, PressrunError
from pressrun.model.finding import Finding, Severity

SECTIONS = [
    cloup.Section("Make a campaign", [init, check, plan, run], is_sorted=False),
    cloup.Section("Look at what was made", [show, picture, preflight], is_sorted=False),
    cloup.Section("Decide about pictures", [approve, reject, fork, choose, adopt], is_sorted=False),
    cloup.Section("Set up and rehearse", [doctor, schema, fake_openai], is_sorted=False),
]


@cloup.group(sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pressrun")
def cli() -> None:
    """Brands, templates, layouts and a CSV in; finished, checked, press-ready and social artwork out."""


def main(arguments: list[str] | None = None) -> None:
    """The console entry: every way a command can end becomes its exit code."""
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
            tell_how_to_carry_on(shlex.join(args))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; what is done is kept.", err=True)
        tell_how_to_carry_on(shlex.join(args))
        return Interrupted.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0


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
