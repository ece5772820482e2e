"""A stream of content taken apart into its operators, one after the other, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pikepdf

from pressrun.readers.press_pdf.budget import Budget

# What pikepdf, and numbers that are none, raise on files that break the rules.
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError,
          ArithmeticError, RecursionError, NotImplementedError, AssertionError)  # fmt: skip
MOST_OPERANDS = 100_000  # of one operator; the longest lists of sound files are those of TJ, which are one operand
Visit = Callable[[str, list[Any]], None]


class _Operators(pikepdf.StreamParser):
    """Calls ``visit`` for each operator: memory stays the same however long the stream is."""

    def __init__(self, visit: Visit, budget: Budget) -> None:
        super().__init__()
        self._visit, self._budget = visit, budget
        self.operands: list[Any] = []

    def handle_object(self, obj: Any, offset: int, length: int) -> None:
        kind = type(obj)
        if kind is int or kind is Decimal or not isinstance(obj, pikepdf.Operator):
            self.operands.append(obj)
            if len(self.operands) > MOST_OPERANDS:
                self._budget.visit(MOST_OPERANDS)
                self.operands.clear()
            return
        operator, operands = str(obj), self.operands
        if operator in ("BI", "ID"):  # what stands between them are the keys of the picture that EI ends
            return
        self.operands = []
        self._budget.visit()
        self._visit(operator, operands)

    def handle_eof(self) -> None:
        pass


class Scratch:
    """A file beside the one that is read, for streams to be taken apart: one at each depth, as long as it takes."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.complaints: list[str] = []
        self._streams: dict[int, Any] = {}

    def stream(self, depth: int, data: bytes) -> Any:
        if depth not in self._streams:
            self._streams[depth] = self.pdf.make_stream(data)
        else:
            self._streams[depth].write(data)
        return self._streams[depth]


def each_operator(data: bytes, scratch: Scratch, depth: int, visit: Visit, budget: Budget) -> list[str]:
    """Call ``visit`` with each operator and its operands; that of an inline picture is ``EI``, its operands are the
    keys, their values and the data. Answers what is wrong with the stream. What ``visit`` raises comes through."""
    stream = scratch.stream(depth, data)
    parser = _Operators(visit, budget)
    scratch.pdf.get_warnings()
    pikepdf.Object._parse_stream(stream, parser)
    complaints = [first_line(said) for said in scratch.pdf.get_warnings()]
    scratch.complaints += complaints
    if parser.operands and not complaints:
        complaints.append("it ends within an operator")
    return complaints


def first_line(error: object) -> str:
    """What a library said, without the name it gave to our stream."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(r"^(content stream objects )?stream (<[^>]*>|\d+ \d+ \([^)]*\)):? ", "", said)
