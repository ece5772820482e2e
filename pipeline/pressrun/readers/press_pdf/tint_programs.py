"""Programs that say what stands for an ink where it is missing (PostScript calculators, ISO 32000-1, 7.10.5)."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from pressrun.readers.press_pdf.budget import Budget, TooLong
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.streams import unpacked

LONGEST = 100_000  # bytes of a program that is looked at
_TOKEN = re.compile(r"[{}]|[^\s{}]+")
_COMMENT = re.compile(r"%[^\r\n]*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|\d+#[0-9a-zA-Z]+")
Program = list[Any]  # numbers, words, and programs in braces
Stack = list[Any]


class Broken(Exception):
    """Why a program cannot be run."""


def tint_faults(space: Object, keys: Keys, budget: Budget) -> Iterator[tuple[str, str]]:
    """Of a colour space that is of inks: their names, and why its tint's program cannot be run."""
    if not isinstance(space, pikepdf.Array) or len(space) < 4 or str(space[0]) not in ("/Separation", "/DeviceN"):
        return
    names = list(space[1]) if isinstance(space[1], pikepdf.Array) else [space[1]]
    if keys.count(space[3], "/FunctionType", -1) == 4 and (fault := program_fault(space[3], len(names), keys, budget)):
        yield ", ".join(str(name)[1:] for name in names), fault


def program_fault(function: Object, inputs: int, keys: Keys, budget: Budget) -> str:
    """Why a program does not answer what it says for full ink; "" where it does, or nobody can tell."""
    if not isinstance(function, pikepdf.Stream):
        return "it is no stream"
    try:
        data = unpacked(function, budget)
    except (TooLong, *BROKEN):
        return "it cannot be unpacked"
    if len(data) > LONGEST:
        return ""
    try:
        stack: Stack = [1.0] * inputs
        _run(parsed(data), stack, budget)
    except Broken as fault:
        return str(fault)
    except (ArithmeticError, ValueError):
        return ""  # a number that cannot be is cut to its range by most programs
    answers = len(keys.list(function, "/Range")) // 2
    return f"it answers {len(stack)} numbers where {answers} are wanted" if len(stack) < answers else ""


def parsed(data: bytes) -> Program:
    """Raises Broken."""
    outer: Program = []
    open_ones = [outer]
    for token in _TOKEN.findall(_COMMENT.sub(" ", data.decode("latin-1").replace("\0", " "))):
        if token == "{":
            inner: Program = []
            open_ones[-1].append(inner)
            open_ones.append(inner)
        elif token == "}":
            if len(open_ones) < 2:
                raise Broken("a brace is closed that was not opened")
            open_ones.pop()
        elif _NUMBER.fullmatch(token):
            open_ones[-1].append(
                int(token.partition("#")[2], int(token.partition("#")[0])) if "#" in token else float(token)
            )
        elif token in _WORDS:
            open_ones[-1].append(token)
        else:
            raise Broken(f"it has a word that is no operator ({token[:20]})")
    if len(open_ones) > 1:
        raise Broken("a brace is opened and not closed")
    if len(outer) != 1 or not isinstance(outer[0], list):
        raise Broken("it is not one program in braces")
    return list(outer[0])


def _run(program: Program, stack: Stack, budget: Budget) -> None:
    budget.visit(len(program))
    for at, step in enumerate(program):
        if isinstance(step, list):
            if at + 1 < len(program) and (isinstance(program[at + 1], list) or program[at + 1] in ("if", "ifelse")):
                continue
            raise Broken("a part in braces is not used")
        if isinstance(step, float | int):
            stack.append(float(step))
        elif step in ("if", "ifelse"):
            _choose(program, at, stack, budget)
        else:
            _apply(step, stack)
        if len(stack) > 1000:
            raise Broken("it never takes back what it lays down")


def _choose(program: Program, at: int, stack: Stack, budget: Budget) -> None:
    parts = program[at - 1 : at] if program[at] == "if" else program[at - 2 : at]
    if len(parts) != (1 if program[at] == "if" else 2) or not all(isinstance(part, list) for part in parts):
        raise Broken(f"{program[at]} stands without its parts in braces")
    if taken(stack, 1)[0]:
        _run(parts[0], stack, budget)
    elif len(parts) > 1:
        _run(parts[1], stack, budget)


def taken(stack: Stack, count: int) -> Stack:
    """The topmost things, taken away. Raises Broken where they are not there."""
    if count < 0 or len(stack) < count:
        raise Broken("it takes more numbers than there are")
    if not count:
        return []
    found = stack[-count:]
    del stack[-count:]
    return found


def _apply(word: str, stack: Stack) -> None:
    if word in _STACK:
        _STACK[word](stack)
        return
    count, does = _WORDS[word]
    stack.append(does(*taken(stack, count)))


def _pop(stack: Stack) -> None:
    taken(stack, 1)


def _roll(stack: Stack) -> None:
    count, by = (int(one) for one in taken(stack, 2))
    rolled = taken(stack, count)
    if rolled:
        by %= count
        stack += rolled[count - by :] + rolled[: count - by]


def _copy(stack: Stack) -> None:
    found = taken(stack, int(taken(stack, 1)[0]))
    stack += found + found


def _index(stack: Stack) -> None:
    count = int(taken(stack, 1)[0]) + 1
    found = taken(stack, count)
    stack += [*found, found[0]] if found else found


def _whole_or_truth(whole: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    return lambda a, b: bool(whole(a, b)) if isinstance(a, bool) else float(whole(int(a), int(b)))


_STACK: dict[str, Callable[[Stack], None]] = {
    "pop": _pop,
    "exch": lambda stack: stack.extend(reversed(taken(stack, 2))),
    "dup": lambda stack: stack.extend(taken(stack, 1) * 2),
    "copy": _copy, "index": _index, "roll": _roll,
}  # fmt: skip
_WORDS: dict[str, tuple[int, Callable[..., Any]]] = {
    **dict.fromkeys((*_STACK, "if", "ifelse"), (0, float)),  # done otherwise
    "abs": (1, abs),
    "add": (2, operator.add),
    "and": (2, _whole_or_truth(operator.and_)),
    "atan": (2, lambda a, b: math.degrees(math.atan2(a, b)) % 360),
    "bitshift": (2, lambda a, b: int(a) << int(b) if 0 <= b < 64 else int(a) >> min(int(-b), 64)),
    "ceiling": (1, math.ceil),
    "cos": (1, lambda a: math.cos(math.radians(a))),
    "cvi": (1, math.trunc),
    "cvr": (1, float),
    "div": (2, operator.truediv),
    "eq": (2, operator.eq),
    "exp": (2, math.pow),
    "false": (0, lambda: False),
    "floor": (1, math.floor),
    "ge": (2, operator.ge),
    "gt": (2, operator.gt),
    "idiv": (2, lambda a, b: math.trunc(a / b)),
    "le": (2, operator.le),
    "ln": (1, math.log),
    "log": (1, math.log10),
    "lt": (2, operator.lt),
    "mod": (2, math.fmod),
    "mul": (2, operator.mul),
    "ne": (2, operator.ne),
    "neg": (1, operator.neg),
    "not": (1, lambda a: not a if isinstance(a, bool) else ~int(a)),
    "or": (2, _whole_or_truth(operator.or_)),
    "round": (1, lambda a: math.floor(a + 0.5)),
    "sin": (1, lambda a: math.sin(math.radians(a))),
    "sqrt": (1, math.sqrt),
    "sub": (2, operator.sub),
    "true": (0, lambda: True),
    "truncate": (1, math.trunc),
    "xor": (2, _whole_or_truth(operator.xor)),
}
