"""A stream of content taken apart into its operators, one after the other, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pikepdf

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.keys import Numbers, Words

# What pikepdf, and numbers that are none, raise on files that break the rules.
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError,
          ArithmeticError, RecursionError, NotImplementedError, AssertionError)  # fmt: skip
# ISO 32000-1, table A.1, without those of inline pictures.
OPERATORS = frozenset((
    "b", "B", "b*", "B*", "BDC", "BMC", "BT", "BX", "c", "cm", "CS", "cs", "d", "d0", "d1", "Do", "DP", "EMC", "ET",
    "EX", "f", "F", "f*", "g", "G", "gs", "h", "i", "j", "J", "K", "k", "l", "m", "M", "MP", "n", "q", "Q", "re",
    "RG", "rg", "ri", "s", "S", "SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm",
    "Tr", "Ts", "Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"',
))  # fmt: skip
TEXTS = ("BT", "ET")
TOLD_TOGETHER = 64  # operators that are taken from the budget at once
SHORT, MOST_KNOWN = 40, 1000  # bytes of an operator with its operands that is kept, and how many are
MOST_OPERANDS = 100_000  # of one operator; the longest lists of sound files are those of TJ, which are one operand
Visit = Callable[[str, Sequence[Any]], None]
Build = Callable[[bytes], int]


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


# Of blanks all but NUL, which Python does not take for one.
BLANK, REGULAR = rb"[\t\n\f\r ]", rb"[^\x00\t\n\f\r ()<>\[\]{}/%]"
DIGITS = rb"[-+]?(?:\d{1,9}(?:\.\d{0,15})?|\.\d{1,15})"  # none that has to be bounded
NUMBER = rb"%b(?!%b)" % (DIGITS, REGULAR)
LETTERS = rb"(?:[^()\\]|\\.)"
STRING = rb"\((?:%b|\(%b*+\))*+\)|<(?:[0-9A-Fa-f]|%b)*+>" % (LETTERS, LETTERS, BLANK)
NAME = rb"/[^\x00\t\n\f\r ()<>\[\]{}/%#]*"
ARRAY = rb"\[(?:%b|%b|%b|%b)*+\]" % (BLANK, NUMBER, STRING, NAME)
DICTIONARY = rb"<<(?:%b|%b|%b|%b|%b)*+>>" % (BLANK, NAME, NUMBER, STRING, ARRAY)
OPERANDS = re.compile(rb"(%b)|(%b)|(%b|%b|%b)" % (NUMBER, NAME, DICTIONARY, STRING, ARRAY), re.DOTALL)
# An operator with its operands, all numbers (1) or also others (2); what is written otherwise qpdf takes apart.
PLAIN = re.compile(
    rb"%b*+(?:((?:%b%b++)*+)|((?:(?:%b|%b|%b|%b|%b)%b*+)++))([a-zA-Z'\"]++[*01]?)(?!%b)"
    % (BLANK, NUMBER, BLANK, NUMBER, NAME, DICTIONARY, STRING, ARRAY, BLANK, REGULAR),
    re.DOTALL,
)
# What TJ shows, its strings in hexadecimal.
SHOWN = re.compile(rb"\[(?:%b|%b|<(?:[0-9A-Fa-f]{2})*+>)*+\]%b*+" % (BLANK, NUMBER, BLANK))

_POINT = rb"(?:%b%b++){2}" % (DIGITS, BLANK)
# Operators that build a path, so many that a budget notices when they do not end.
BUILDING = re.compile(
    rb"(?:%b*+(?:%b(?:[ml]|%b(?:re|[vy]|%bc))|h)(?!%b)){1,1000}+" % (BLANK, _POINT, _POINT, _POINT, REGULAR)
)

LONG, BEGINNING, RUNS_KEPT = 1000, 64, 32  # bytes of a run that is kept, those it is looked up by, how many are
_runs: dict[bytes, tuple[bytes, bytes]] = {}  # runs, and the same with the byte behind, which has ended them


def _run_at(data: bytes, start: int) -> bytes:
    """Operators that build a path from here on, b"" where there are none: not always all, for what follows is the next
    run. A long one is known again from another file by its bytes, as a logo is the same in each of a series."""
    beginning = data[start : start + BEGINNING]
    known = _runs.get(beginning)
    if known and data.startswith(known[1], start):
        return known[0]
    match = BUILDING.match(data, start)
    if not match:
        return b""
    run, end = match.group(), match.end()
    if len(run) >= LONG and end < len(data):
        if len(_runs) >= RUNS_KEPT:
            _runs.clear()
        _runs[beginning] = run, data[start : end + 1]
    return run


def _plain(data: bytes, visit: Visit, budget: Budget, build: Build | None = None) -> int:
    """Visit the operators that a stream begins with, as far as they are written plainly, and answer where the rest
    begins. qpdf's parser makes the same of them, with a call for each of their words."""
    end, is_text, visits = 0, False, 0
    known: dict[bytes, tuple[str, Sequence[Any]]] = {}  # of texts most are few, each as often as there are words
    while True:
        while build and not is_text and (run := _run_at(data, end)):
            budget.visit(build(run))
            end += len(run)
        if not (match := PLAIN.match(data, end)):
            budget.visit(visits)
            return end
        written, end = match.group(), match.end()
        taken = known.get(written)
        if taken is None:
            numeric, others, name = match.groups()
            operator = name.decode()
            if operator not in OPERATORS:
                budget.visit(visits)
                return match.start()
            taken = operator, _operands(operator, others) if others else Numbers(map(float, numeric.split()))
            if len(written) <= SHORT and len(known) < MOST_KNOWN:
                known[written] = taken
        operator, operands = taken
        if operator in TEXTS:
            is_text = operator == "BT"  # within which nobody draws a path
        visits += 1
        if visits == TOLD_TOGETHER:
            budget.visit(visits)
            visits = 0
        visit(operator, operands)


def _operands(operator: str, written: bytes) -> Sequence[Any]:
    if operator == "TJ" and SHOWN.fullmatch(written):
        within = written[1 : written.rindex(b"]")].decode()
        parts = within.replace(">", "<").split("<")  # every second one is a string
        return Words(list(map(bytes.fromhex, parts[1::2])), sum(map(float, " ".join(parts[::2]).split())))
    return list(map(_operand, OPERANDS.findall(written)))


def _operand(written: tuple[bytes, bytes, bytes]) -> Any:
    number, name, other = written
    if number:
        return float(number)
    return pikepdf.Name(name.decode()) if name.isascii() and name else pikepdf.Object.parse(name or other)


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


def each_operator(
    data: bytes, scratch: Scratch, depth: int, visit: Visit, budget: Budget, build: Build | None = None
) -> list[str]:
    """Call ``visit`` with each operator and its operands; that of an inline picture is ``EI``, its operands are the
    keys, their values and the data. Those of paths go to ``build``, where there is one, many at once, as they are
    written; it answers how many they were. Answers what is wrong with the stream. What ``visit`` raises comes
    through."""
    data = data[_plain(data, visit, budget, build) :]
    if data.isspace() or not data:
        return []
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
    return re.sub(r"^(content stream objects )?stream (<[^>]*>|\d+ \d+ \([^)]*\))[:,]? ", "", said)
