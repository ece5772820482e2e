"""Flags are made from the fields of `Settings`: whatever is a field with a flag is an option, with its type and help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import click
import cloup
import pytest
from click.testing import CliRunner

from pressrun.commands.cli import cli
from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.model.settings import Flag, Settings

HINTS = get_type_hints(Settings, include_extras=True)
FLAGS = {name: get_args(hint)[1] for name, hint in HINTS.items() if get_origin(hint) is Annotated}
ABOUT_A_JOB = ("run", "plan", "check")
EXAMPLES = {
    "lane": "auto", "deadline": "90m", "max_cost": "2.50", "price": "0.04", "jobs": "3", "take": "2", "language": "de",
}  # fmt: skip


def written(name: str) -> str:
    return f"--{FLAGS[name].name or name.replace('_', '-')}"


def settings_of(*arguments: str) -> Settings:
    """What a command that takes all flags is given."""
    given: list[Settings] = []

    @cloup.command()
    @flags(settings=Settings, output=Output)
    def command(settings: Settings, output: Output) -> None:
        given.append(settings)

    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    if done.exception:
        raise done.exception
    return given[0]


def test_nothing_said_is_the_settings_of_nothing() -> None:
    assert settings_of() == Settings()


@pytest.mark.parametrize("name", FLAGS)
def test_each_flag_sets_its_field_and_no_other(name: str) -> None:
    others = ["--final"] if name == "from_draft" else ["--deadline", "6h"] if name == "lane" else []
    others += ["--lane", "auto"] if name == "deadline" else []
    typed = get_args(HINTS[name])[0]
    said = settings_of(*others, written(name), *([] if typed is bool else [EXAMPLES.get(name, "x")]))
    before = settings_of("--final") if name == "from_draft" else Settings()
    differing = {field for field in Settings.__struct_fields__ if getattr(said, field) != getattr(before, field)}
    assert name in differing
    assert differing <= {name, "lane", "deadline"}


def test_values_have_the_type_of_their_field() -> None:
    said = settings_of("--deadline", "1h30m", "--lane", "auto", "--max-cost", "2.50", "--out", "there", "--jobs", "2")
    assert (said.deadline, said.max_cost, said.out, said.jobs) == (5400.0, 2.5, Path("there"), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--max-cost", "nan"], ["--max-cost", "-1"], ["--max-cost", "inf"], ["--deadline", "soon"], ["--take", "0"],
        ["--jobs", "-1"], ["--lane", "slow"], ["--from-draft"], ["--lane", "auto"], ["--deadline", "6h"], ["--inline"],
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(click.UsageError) as wrong:
        settings_of(*arguments)
    assert wrong.value.exit_code == 2


@pytest.mark.parametrize("command", ABOUT_A_JOB)
def test_help_has_every_flag_under_its_heading(command: str) -> None:
    told = CliRunner().invoke(cli, [command, "--help"]).output
    blocks = {block.splitlines()[0]: block for block in told.split("\n\n")}
    for name, flag in FLAGS.items():
        assert f"{written(name)} " in blocks[f"{flag.group}:"]


def every_command() -> list[tuple[str, click.Command]]:
    return sorted(cli.commands.items())


@pytest.mark.parametrize(
    ("name", "command"), every_command(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_option_says_what_it_does(name: str, command: click.Command) -> None:
    silent = [one.opts for one in command.params if isinstance(one, click.Option) and not one.help]
    assert silent == []


def test_every_command_stands_under_a_heading() -> None:
    told = CliRunner().invoke(cli, ["--help"]).output
    assert "Other commands" not in told
    for name, _ in every_command():
        assert f"\n  {name} " in told


@pytest.mark.parametrize("kind", [Settings, Output, FinishedRun])
def test_no_two_flags_are_written_alike(kind: type[Any]) -> None:
    hints = get_type_hints(kind, include_extras=True)
    names = [flag.name or name for name, hint in hints.items() for flag in get_args(hint)[1:] if isinstance(flag, Flag)]
    assert len(names) == len(set(names))


def test_a_command_may_take_a_few_of_them() -> None:
    @cloup.command()
    @flags(only=("max_cost",), settings=Settings)
    def command(settings: Settings) -> None: ...

    option: Callable[[str], Any] = lambda name: CliRunner().invoke(command, [name, "1"]).exit_code  # noqa: E731
    assert (option("--max-cost"), option("--take")) == (0, 2)


@pytest.mark.parametrize("arguments", [["run", "job.yaml"], ["plan", "job.yaml"], ["fork", "file.png", "more snow"]])
@pytest.mark.parametrize("amount", ["nan", "inf", "-1", "much"])
def test_no_command_takes_a_cap_that_caps_nothing(arguments: list[str], amount: str) -> None:
    done = CliRunner().invoke(cli, [*arguments, "--max-cost", amount])
    assert done.exit_code == 2
    assert "--max-cost" in done.output


def figures(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every option that takes a number with a point, with the command that it is of."""
    for name, below in getattr(command, "commands", {}).items():
        yield from figures(below, (*path, name))
    for option in command.params:
        if isinstance(option.type, click.types.FloatParamType):
            yield " ".join(path), option.opts[0]


@pytest.mark.parametrize("said", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize(("command", "option"), sorted(figures(cli)))
def test_a_figure_is_a_number_with_an_end(command: str, option: str, said: str) -> None:
    done = CliRunner().invoke(cli, [*command.split(), option, said])
    assert done.exit_code == 2
    assert f"Invalid value for '{option}'" in done.output


@pytest.mark.parametrize(
    "arguments", [["run", "job.yaml", "--only", "a", "--only", "b"], ["check", "job.yaml", "--max-cost=1", "--max-cost", "2"],
                  ["mend", "a.pdf", "--to", "x", "--to", "y"]],
)  # fmt: skip
def test_an_option_of_one_value_is_said_once(arguments: list[str]) -> None:
    """Click takes the last of them without a word."""
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert "is said 2 times, and takes one value" in done.output


def test_what_may_be_said_several_times_may() -> None:
    assert "takes one value" not in CliRunner().invoke(cli, ["check", "no.yaml", "--quiet", "--quiet"]).output
