"""Options of commands, made from values whose fields say how they are written (see ``model/settings``)."""

from __future__ import annotations

import math
import os
import types
from collections.abc import Callable, Collection, Iterator
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import click
import cloup
from msgspec import Struct

from pressrun.model.settings import Flag

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


class Output(Struct, frozen=True, kw_only=True):
    """How a command about a job speaks."""

    as_json: Annotated[bool, Flag("Print JSON for machines, alone on standard output.", name="json")] = False
    quiet: Annotated[bool, Flag("Print nothing but what went wrong.")] = False


def existing_folder(text: str) -> Path:
    """A folder that is there. Raises ValueError."""
    if not os.path.isdir(text):
        raise ValueError(f"there is no folder '{text}'")
    return Path(text)


class FinishedRun(Struct, frozen=True, kw_only=True):
    """The run that a command is about, and the campaign it is of."""

    name: Annotated[str, Flag("The run meant.", metavar="RUN", name="run")] = "latest"
    root: Annotated[
        Path | None,
        Flag("The campaign's folder (default: the nearest from here upwards).", metavar="DIR", reads=existing_folder),
    ] = None


def flags(only: Collection[str] = (), **values: type[Struct]) -> Decorator:
    """Give a command the options of these values, and hand it each of them as the parameter that it is named by here:
    ``@flags(settings=Settings, output=Output)``. With ``only``, options of these fields alone."""
    fields = {parameter: dict(_flags_of(kind, parameter, only)) for parameter, kind in values.items()}

    def with_options(command: Command) -> Command:
        @wraps(command)
        def gathered(*args: Any, **said: Any) -> Any:
            for parameter, kind in values.items():
                said[parameter] = _made(kind, {name: said.pop(f"{parameter}_{name}") for name in fields[parameter]})
            return command(*args, **said)

        groups: dict[str, list[Decorator]] = {}
        for of_kind in fields.values():
            for flag, option in of_kind.values():
                groups.setdefault(flag.group, []).append(option)
        made: Command = gathered
        for title, options in reversed(groups.items()):
            for add in [cloup.option_group(title, *options)] if title else reversed(options):
                made = add(made)
        return made

    return with_options


def _made(kind: type[Any], said: dict[str, Any]) -> Any:
    """The value; where its parts contradict one another, that is wrong usage."""
    made = kind(**said)
    if told := getattr(made, "contradiction", None):
        raise click.UsageError(told)
    return made


def _flags_of(
    kind: type[Struct], parameter: str, only: Collection[str]
) -> Iterator[tuple[str, tuple[Flag, Decorator]]]:
    hints = get_type_hints(kind, include_extras=True)
    for name, default in zip(kind.__struct_fields__, kind.__struct_defaults__, strict=True):
        hint = hints[name]
        if get_origin(hint) is Annotated and (not only or name in only):
            typed, flag = get_args(hint)
            yield name, (flag, _option(name, f"{parameter}_{name}", typed, flag, default))


def _option(name: str, parameter: str, typed: Any, flag: Flag, default: Any) -> Decorator:
    written = f"--{flag.name or name.replace('_', '-')}"
    if typed is bool:
        return cloup.option(written, parameter, is_flag=True, help=flag.help)
    return cloup.option(
        written, parameter, type=_type(typed, flag), default=default, show_default=isinstance(default, str),
        metavar=flag.metavar or None, help=flag.help,
    )  # fmt: skip


def _type(typed: Any, flag: Flag) -> click.ParamType[Any]:
    """What click reads a value with, from the field's type."""
    if get_origin(typed) in (Union, types.UnionType):
        [typed] = [part for part in get_args(typed) if part is not type(None)]
    if flag.reads:
        return Read(flag.reads)
    if get_origin(typed) is Literal:
        return click.Choice(get_args(typed))
    if typed is int:
        return click.IntRange(flag.least)
    if typed is Path:
        return click.Path(path_type=Path)
    return click.STRING


class Figure(click.FloatRange):
    """A number within its limits: what is no number (nan) is within none, and what has no end is refused, too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"'{value}' is no number that can be measured", param, ctx)
        return number


class Read(click.ParamType[Any]):
    """A value read by a function of the model, whose ValueError says what is wrong with it."""

    def __init__(self, reads: Callable[[str], Any]) -> None:
        self.reads = reads
        self.name = reads.__name__.removesuffix("_of").replace("_", " ")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.reads(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
