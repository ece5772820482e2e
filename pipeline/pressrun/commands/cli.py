"""The command: findings become text, errors become exit codes."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections import Counter

import click
import cloup

from pressrun.commands import ending
from pressrun.commands.adopt import adopt, choose
from pressrun.commands.carry_on import command_line, tell_how_to_carry_on
from pressrun.commands.check import check
from pressrun.commands.conform import conform
from pressrun.commands.decide import approve, reject
from pressrun.commands.doctor import doctor
from pressrun.commands.explain import explain
from pressrun.commands.fake_openai import fake_openai
from pressrun.commands.fork import fork
from pressrun.commands.import_ import import_
from pressrun.commands.init import init
from pressrun.commands.ledger import ledger
from pressrun.commands.manual import manual
from pressrun.commands.mend import mend
from pressrun.commands.override import override
from pressrun.commands.picture import picture
from pressrun.commands.plan import plan
from pressrun.commands.preflight import preflight
from pressrun.commands.preview import preview
from pressrun.commands.publish import publish
from pressrun.commands.retouch import retouch
from pressrun.commands.run import run
from pressrun.commands.schema import schema
from pressrun.commands.sheet import sheet
from pressrun.commands.show import show
from pressrun.commands.studio.command import studio
from pressrun.commands.terminal import tell, tell_json
from pressrun.commands.verify import verify
from pressrun.model.disk import SystemRefused, refused_by_system
from pressrun.model.errors import InputError, Interrupted, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.memory_sweeps import seldom_sweeping

LOOKS = [studio, show, conform, verify, ledger, explain, picture, preflight, mend, retouch, publish]
SECTIONS = [
    cloup.Section("Make a campaign", [init, import_, preview, check, plan, run, sheet], is_sorted=False),
    cloup.Section("Look at what was made", LOOKS, is_sorted=False),
    cloup.Section("Change single sheets", [override], is_sorted=False),
    cloup.Section("Decide about pictures", [approve, reject, fork, choose, adopt], is_sorted=False),
    cloup.Section("Set up and rehearse", [manual, doctor, schema, fake_openai], is_sorted=False),
]


OTHER_WORDS = {"impose": "sheet", "imposition": "sheet", "fix": "mend", "repair": "mend"}


class Commands(cloup.Group):
    """Commands, some of which people know by other words."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if meant := OTHER_WORDS.get(args[0].lower()):
            ctx.fail(f"No such command '{args[0]}'. It is called '{meant}' here: pressrun {meant} --help")
        name, command, rest = super().resolve_command(ctx, args)
        if command:
            _tell_twice(command, click.Context(command, ctx, name), rest)
        return name, command, rest


def _tell_twice(command: click.Command, ctx: click.Context, args: list[str]) -> None:
    """Raises UsageError for an option that is said twice, of which Click would take the last without a word."""
    try:
        _, _, said = command.make_parser(ctx).parse_args(list(args))
    except click.UsageError:
        return  # told where they are parsed
    for option, times in Counter(said).items():
        if isinstance(option, click.Option) and times > 1 and not (option.multiple or option.is_flag or option.count):
            ctx.fail(f"Option '{max(option.opts, key=len)}' is said {times} times, and takes one value.")


@cloup.group(
    cls=Commands, sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip
@click.version_option(package_name="pressrun")
def cli() -> None:
    """Brands, templates, layouts and a CSV in; finished, checked, press-ready and social artwork out."""


def main(arguments: list[str] | None = None) -> None:
    """The console entry: every way a command can end becomes its exit code."""
    asked = ending.listen()
    with seldom_sweeping():
        try:
            code = run_command(arguments, asked)
        except KeyboardInterrupt:  # at the edges, where nothing is under way
            code = Interrupted.exit_code
    ending.stop_listening()
    gc.freeze()  # Python would look through all that lives once more, which took a tenth of `check`
    sys.exit(code)


def run_command(arguments: list[str] | None = None, asked: ending.Asked | None = None) -> int:
    """Do what the arguments (default: the process's) ask for; the answer is the exit code, after Ctrl-C too."""
    args = sys.argv[1:] if arguments is None else arguments
    try:
        os.getcwd()  # without one, every path would fail in its own way
        return cli.main(args=args, prog_name="pressrun", standalone_mode=False, obj=command_line(args)) or 0
    except PressrunError as error:
        if asked and not isinstance(error, Interrupted | InputError):
            return _interrupted(args)
        _complain(error, "--json" in args)
        if error.exit_code in (1, 4, 130):
            tell_how_to_carry_on(command_line(args))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(args)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        tell(said.getvalue().rstrip(), err=True)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if asked:  # what was raised to end came out of foreign code in another shape
            return _interrupted(args)
        if not isinstance(error, OSError):
            raise
        _complain(refused_by_system(error), "--json" in args)
        return SystemRefused.exit_code


def _interrupted(args: list[str]) -> int:
    tell("Interrupted; what is done is kept.", err=True)
    tell_how_to_carry_on(command_line(args))
    return Interrupted.exit_code


def _complain(error: PressrunError, as_json: bool) -> None:
    from pressrun.commands.report.finding_lines import findings_json, findings_text

    if isinstance(error, InputError):
        findings = error.findings
        tell(findings_text(findings), err=True)
    else:
        findings = (Finding(Severity.ERROR, error.code, error.message, hint=error.hint),)
        tell(f"pressrun: {error}  [{error.code}]", err=True)
    if as_json:
        tell_json(findings_json(findings))
