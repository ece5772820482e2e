"""Operators that are read in one piece are those that qpdf's parser finds, whatever the stream is made of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressrun.readers.press_pdf import operators
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.keys import Numbers, Words
from pressrun.readers.press_pdf.text import words_of

PIECES = st.sampled_from(
    ["1 0 0 1 3.5 -.25 cm", "q", "Q", "0 0 m", "10. +2 l", "1 2 3 4 5 6 c", "h", "f*", "W n", "/GS0 gs", "/A#20B gs", "/ gs",
     "/F1 12 Tf", "(a\\)b) Tj", "(a(b)c) Tj", "(a(b(c)d)) Tj", "<48 65> Tj", "[(a) -20 (b(c)) <41>] TJ", "[ <0041>-20 <> 1.5 <4243>]\n TJ", "[<4>] TJ", "[<41>] [<42>] TJ",
     "[1 [2]] 0 d", "[] 0 d",
     "[3 5]0 d", "/Span<</ActualText<FEFF>>>BDC", "/P <</MCID 0>> BDC", "/P <</A <</B 1>>>> BDC", "/OC /MC0 BDC", "EMC", "0 0 1 1 re",
     "BI /W 1 /H 1 /BPC 8 /CS /G ID \x7f EI", "% a word\n", "true x", "null", "99999999999 0 m", "1e5 0 m", "--3 0 m", "4 5 mm", "1 2m",
     "0.12345678901234567 g", ".5.5 m", "()Tj", "<4> Tj", "<4g> Tj", "(open", "[1 2", "<< /A", ")", "]", ">>", "{}", "\x00", "\x0b", "5", "é"]
)  # fmt: skip
CONTENT = st.lists(PIECES | st.text("()<>[]/% 01.-+aqTj\\\n", max_size=6), max_size=8)


def plain(value: Any) -> Any:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, pikepdf.Array | list):
        return [plain(one) for one in value]
    return type(value).__name__, value.unparse() if isinstance(value, pikepdf.Object) else value


def visited(data: bytes) -> tuple[list[Any], list[str]]:
    seen: list[Any] = []

    def visit(operator: str, operands: Sequence[Any]) -> None:
        if operator == "TJ" and len(operands) == 1 and isinstance(operands[0], pikepdf.Array):
            operands = words_of(operands)
        seen.append((operator, [plain(one) for one in operands]))

    try:
        complaints = operators.each_operator(data, operators.Scratch(), 0, visit, Budget(1000))
    except operators.BROKEN as error:
        complaints = [str(error)]
    return seen, [one.split(": ", 1)[-1] for one in complaints]  # without the place, which is counted from the rest on


@given(CONTENT, st.sampled_from([" ", "\n", ""]))
@example(["/A 1 0 0 rg", "0 0 1 1 re", "f"], "\n")
@example(["5", "\x00", "0 m"], "")
@example(["[<41>\x005]", "TJ"], "\n")
def test_what_is_read_in_one_piece_is_what_the_parser_reads(pieces: list[str], between: str) -> None:
    data = between.join(pieces).encode("latin-1")
    with pytest.MonkeyPatch.context() as patched:
        in_pieces = visited(data)
        patched.setattr(operators, "_plain", lambda *_: 0)
        assert in_pieces == visited(data)


def test_plain_content_needs_no_parser() -> None:
    data = b"q 1 0 0 1 5 5 cm /GS0 gs 0 0 m 1 1 l 1 2 3 4 5 6 c h f* Q BT /F1 12 Tf [(a) -20 (b)] TJ ET "
    seen: list[tuple[str, Sequence[Any]]] = []
    assert operators._plain(data, lambda *one: seen.append(one), Budget(1000)) == len(data.rstrip())
    assert [operands for operator, operands in seen if operator == "c"] == [Numbers((1, 2, 3, 4, 5, 6))]


def test_a_budget_holds_for_what_is_read_in_one_piece() -> None:
    budget = Budget(0)
    budget.visits = 10
    with pytest.raises(Spent):
        operators.each_operator(b"0 0 m " * 20, operators.Scratch(), 0, lambda *_: None, budget)


def test_words_in_hexadecimal_are_read_at_once() -> None:
    seen: list[Sequence[Any]] = []
    operators._plain(b"[<0041>-20 <>\n<0042> 5] TJ", lambda _, operands: seen.append(operands), Budget(1000))
    assert seen == [Words([b"\0A", b"", b"\0B"], -15)]


@pytest.mark.parametrize("rest", [" f Q", " 7 8 l f", "\n9 9 m 1 1 l S", "5 0 m f", "x f", " f", ""])
def test_a_long_path_that_is_known_from_another_file_is_read_as_if_it_was_not(rest: str) -> None:
    path = "0 0 m " + " ".join(f"{number} {number}.5 l" for number in range(200)) + " h"

    def built(data: bytes) -> tuple[list[bytes], list[str], int]:
        runs, seen = list[bytes](), list[str]()

        def build(run: bytes) -> int:
            runs.append(run)
            return 1

        end = operators._plain(data, lambda operator, _: seen.append(operator), Budget(1000), build)
        return b"".join(runs).split(), seen, end

    data = f"q {path}{rest}".encode()
    operators._runs.clear()
    anew = built(data)
    operators._runs.clear()
    built(f"q {path} f Q".encode())
    assert operators._runs, "it is kept"
    assert built(data) == anew
