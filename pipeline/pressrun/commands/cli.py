"""The command: findings become text, errors become exit codes."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections import Counter

import click
import cloup

from pressrun.commands import interruption
from pressrun.commands.carry_on import command_line, tell_how_to_carry_on
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.disk import SystemRefused, refused_by_system
from pressrun.model.entries import Entries
from pressrun.model.errors import InputError, Interrupted, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.memory_sweeps import seldom_sweeping

SECTIONS = {
    "Make a campaign": {
        "init": "pressrun.commands.init:init",
        "import": "pressrun.commands.import_:import_",
        "preview": "pressrun.commands.preview:preview",
        "check": "pressrun.commands.check:check",
        "plan": "pressrun.commands.plan:plan",
        "run": "pressrun.commands.run:run",
        "sheet": "pressrun.commands.sheet:sheet",
    },
    "Look at what was made": {
        "studio": "pressrun.commands.studio.command:studio",
        "show": "pressrun.commands.show:show",
        "conform": "pressrun.commands.conform:conform",
        "verify": "pressrun.commands.verify:verify",
        "ledger": "pressrun.commands.ledger:ledger",
        "explain": "pressrun.commands.explain:explain",
        "picture": "pressrun.commands.picture:picture",
        "preflight": "pressrun.commands.preflight:preflight",
        "mend": "pressrun.commands.mend:mend",
        "retouch": "pressrun.commands.retouch:retouch",
        "publish": "pressrun.commands.publish:publish",
    },
    "Change single sheets": {
        "override": "pressrun.commands.override:override",
    },
    "Decide about pictures": {
        "approve": "pressrun.commands.decide:approve",
        "reject": "pressrun.commands.decide:reject",
        "fork": "pressrun.commands.fork:fork",
        "choose": "pressrun.commands.adopt:choose",
        "adopt": "pressrun.commands.adopt:adopt",
    },
    "Set up and rehearse": {
        "manual": "pressrun.commands.manual:manual",
        "doctor": "pressrun.commands.doctor:doctor",
        "schema": "pressrun.commands.schema:schema",
        "fake-openai": "pressrun.commands.fake_openai:fake_openai",
    },
}


OTHER_WORDS = {"impose": "sheet", "imposition": "sheet", "fix": "mend", "repair": "mend"}


class Commands(cloup.Group):
    """Commands, each imported when it is called, some of which people know by other words."""

    def list_sections(self, ctx: click.Context, include_default_section: bool = True) -> list[cloup.Section]:
        return [
            cloup.Section(title, [self.commands[name] for name in names], is_sorted=False)
            for title, names in SECTIONS.items()
        ]

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
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip
@click.version_option(package_name="pressrun")
def cli() -> None:
    """Brands, templates, layouts and a CSV in; finished, checked, press-ready and social artwork out."""


cli.commands = Entries({name: place for names in SECTIONS.values() for name, place in names.items()})


def main(arguments: list[str] | None = None) -> None:
    """The console entry: every way a command can end becomes its exit code."""
    asked = interruption.listen()
    with seldom_sweeping():
        try:
            code = run_command(arguments, asked)
        except KeyboardInterrupt:  # at the edges, where nothing is under way
            code = Interrupted.exit_code
    interruption.stop_listening()
    gc.freeze()  # Python would look through all that lives once more, which took a tenth of `check`
    sys.exit(code)


def run_command(arguments: list[str] | None = None, asked: interruption.Asked | None = None) -> int:
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
