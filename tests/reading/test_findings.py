"""Findings read as one line, order by severity, and survive JSON; errors survive the way from a worker."""

from __future__ import annotations

import json
import pickle

import pytest
from msgspec.structs import replace

from pressrun.model import errors
from pressrun.model.finding import SUBJECTS_NAMED, Finding, Place, Severity, by_cause, once_for_files

FULL = Finding(
    Severity.WARNING,
    "low-resolution",
    "144 ppi",
    Place("a.yaml", 3, 7),
    "use a larger master",
    "a5",
    "hero",
    "K · de",
    "x.pdf",
)


def test_one_line() -> None:
    assert str(FULL) == "a.yaml:3:7: 144 ppi — use a larger master"
    assert str(Finding(Severity.NOTE, "x", "just so")) == "just so"
    assert str(Place("a.csv", 3)) == "a.csv:3"


def test_order() -> None:
    assert Severity.NOTE < Severity.WARNING < Severity.ERROR
    assert Severity.ERROR >= Severity.WARNING > Severity.NOTE <= Severity.NOTE
    assert sorted(Severity, reverse=True)[0] is Severity.ERROR


@pytest.mark.parametrize(
    "finding", [FULL, Finding(Severity.ERROR, "x", "y"), Finding(Severity.NOTE, "x", "y", Place("f"))]
)
def test_json(finding: Finding) -> None:
    assert Finding.from_dict(json.loads(json.dumps(finding.to_dict()))) == finding
    assert None not in finding.to_dict().values()


def test_what_tells_no_finding_from_another() -> None:
    alike = replace(FULL, further_rows=3, subject="a", trace="b")
    assert alike == FULL
    assert not alike != FULL  # noqa: SIM202  # which a struct answers for itself
    assert replace(FULL, page=2) != FULL
    assert len({FULL, alike}) == 1


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (errors.PressrunError("a", "b"), 1),
        (errors.InputError([FULL]), 2),
        (errors.MissingTool("a", "b"), 3),
        (errors.ProviderStopped("a"), 3),
        (errors.BudgetReached("a", "b"), 4),
        (errors.Interrupted("a"), 130),
        (errors.PictureFailed("a", "b"), 1),
    ],
)
def test_errors_survive_pickling(error: errors.PressrunError, exit_code: int) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.hint, again.exit_code) == (str(error), error.hint, exit_code)


def test_input_errors_carry_every_finding() -> None:
    error = pickle.loads(pickle.dumps(errors.InputError(iter([FULL, FULL]))))
    assert error.findings == (FULL, FULL)


def test_of_one_cause_every_page_and_every_file_of_a_row_is_told() -> None:
    def refused(code: str, message: str, row: str, page: int | None = None, layer: str | None = None) -> Finding:
        return Finding(Severity.ERROR, code, message, layout="leaf", layer=layer, row=row, page=page)

    in_text = [refused("text-in-transparency", "words", row, page, "words") for row in ("a", "b") for page in (2, 4, 5)]
    below = [refused("below-standard", f"not {name}", "a") for name in ("PDF/X-4", "PDF/X-4", "PDF/X-1a:2003")]
    assert [one.message for one in by_cause([*in_text, *below])] == [
        "words (and on pages 4, 5) (and likewise in 1 more row: b)",
        "not PDF/X-4",
        "not PDF/X-1a:2003",
    ]


def test_rows_of_which_something_else_is_to_be_done_are_not_likewise() -> None:
    """Of a wrong amount, a wrong IBAN and a hint with other figures: the third was said to be as the first."""

    def told(row: str, message: str, hint: str | None) -> Finding:
        return Finding(Severity.ERROR, "code-bad-content", message, hint=hint, layout="letter", layer="pay", row=row)

    found = [
        told("a", "'1.2,5' is no amount", "write euros with a point: 12.50"),
        told("b", "the check digits should be 91", "some other digit may be the wrong one"),
        told("c", "'x' is no amount", "write euros with a point: 7.00"),
        *(told(f"d{number}", f"no {number}", f"look {'a' * number}") for number in range(12)),
    ]
    messages = [one.message for one in by_cause(found)]
    assert messages[:2] == ["'1.2,5' is no amount (and likewise in 1 more row: c)", "the check digits should be 91"]
    assert len(messages) == SUBJECTS_NAMED
    assert messages[-1] == "no 7 (and likewise in 4 more rows: d8, d9, d10 …)"


def test_files_of_which_the_same_is_told_are_counted_without_the_first() -> None:
    places = [Place("a.pdf", 1), Place("a.pdf", 2), Place("b.pdf", 1), Place("b.pdf", 2), None]
    (told,) = once_for_files([Finding(Severity.NOTE, "no-bleed", "it has none", place) for place in places])
    assert told == Finding(Severity.NOTE, "no-bleed", "it has none (and likewise 1 more file: b.pdf)", places[0])
