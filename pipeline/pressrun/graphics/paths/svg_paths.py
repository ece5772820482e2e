"""SVG's path data as PDF's steps of path construction."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from picosvg.svg_types import SVGPath

_Path: Any = SVGPath  # which knows no types
Step = tuple[float | str, ...]  # numbers and, last, their operator
Command = tuple[str, tuple[float, ...]]

_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}  # of SVG, and those of PDF
SHORTHAND = frozenset("SsTt")
_CONTINUED = {"S": "C", "T": "Q"}  # the curves that go on by them
_LINES_ALONG_AN_AXIS, _ARCS = frozenset("HhVv"), frozenset("Aa")


class UnusablePath(Exception):
    """Path data that draw nothing, with the reason."""


def plain(path: Any) -> Any:
    """The same by lines and curves alone."""
    if not _LINES_ALONG_AN_AXIS.isdisjoint(path.d):
        path.explicit_lines(inplace=True)
    if not _ARCS.isdisjoint(path.d):
        path.arcs_to_cubics(inplace=True)
    return path


def explicit_curves(data: str) -> str:
    """Path data, absolute, without smooth curves by shorthand: one goes on from a curve of its own kind alone, and
    begins straight after any other (SVG 1.1, 8.3.6)."""

    def explicit(_: object, at: Any, command: str, args: tuple[float, ...], *before: Any) -> tuple[Command, ...]:
        if command not in _CONTINUED:
            return ((command, args),)
        _, last, said = before
        reflected = last == _CONTINUED[command]
        handle = (2 * at.x - said[-4], 2 * at.y - said[-3]) if reflected else (at.x, at.y)
        return ((_CONTINUED[command], (*handle, *args)),)

    path: Any = _Path(d=data)
    path.absolute(inplace=True)
    path.walk(explicit)
    return str(path.d)


def steps_of(commands: Iterable[Command], origin: tuple[float, float] = (0.0, 0.0)) -> Iterator[Step]:
    """Absolute M, L, Q, C and Z as steps that count from an origin. Raises UnusablePath for any other command."""
    x = y = 0.0
    for command, args in commands:
        moved = [value - origin[index % 2] for index, value in enumerate(args)]
        if command == "Q":
            (cx, cy), (ex, ey) = moved[:2], moved[2:]
            first = (x + 2 / 3 * (cx - x), y + 2 / 3 * (cy - y))
            second = (ex + 2 / 3 * (cx - ex), ey + 2 / 3 * (cy - ey))
            yield (*first, *second, ex, ey, "c")
        elif command in _OPERATORS:
            yield (*moved, _OPERATORS[command])
        else:
            raise UnusablePath(f"path command {command} is not understood")
        if moved:
            x, y = moved[-2], moved[-1]


@functools.lru_cache(maxsize=64)
def path_steps(data: str) -> tuple[Step, ...]:
    """Path data as people write them. Raises UnusablePath where they cannot be read, or draw nothing."""
    try:
        path: Any = _Path(d=explicit_curves(data))
        steps = tuple(steps_of(plain(path)))
    except (ValueError, IndexError) as error:
        raise UnusablePath(f"the path data cannot be read: {error}") from error
    if sum(step[-1] != "m" and step[-1] != "h" for step in steps) == 0:
        raise UnusablePath("the path data draw nothing")
    return steps
