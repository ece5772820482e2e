"""A line of a finding says of which sheet it is, and nothing twice."""

from __future__ import annotations

import pytest

from pressrun.commands.report.finding_lines import finding_line
from pressrun.model.finding import SUBJECTS_NAMED, Finding, Place, Severity, by_cause

TABLE, LAYOUT = Place("jobs/data/products.csv", 3), Place("templates/layouts/print/a5.yaml", 7, 5)
LINES = {
    "of one language among several of a line": (
        {"place": TABLE, "row": "MUG/de-DE", "layout": "social/square", "layer": "headline"},
        "jobs/data/products.csv:3: row MUG/de-DE, social/square, layer headline: it is wide",
    ),
    "of a layout as a whole": (
        {"place": TABLE, "row": "MUG/de-DE", "layout": "print/a5", "page": 2},
        "jobs/data/products.csv:3: row MUG/de-DE, print/a5, page 2: it is wide",
    ),
    "in the layout's own file": ({"place": LAYOUT, "layout": "print/a5"}, f"{LAYOUT}: it is wide"),
    "of a row alone": ({"place": TABLE, "row": "2"}, "jobs/data/products.csv:3: row 2: it is wide"),
    "without a place": ({"row": "MUG/de-DE", "layout": "print/a5"}, "row MUG/de-DE, print/a5: it is wide"),
    "of a row's picture, which has no place": ({"row": "MUG"}, "row MUG: it is wide"),
    "a row that the sentence names": (
        {"place": TABLE, "row": "MUG", "message": "row MUG has no price"}, "jobs/data/products.csv:3: row MUG has no price",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_a_line_names_the_sheet(case: str) -> None:
    fields, line = LINES[case]
    told = Finding(Severity.ERROR, "too-wide", **({"message": "it is wide"} | fields))  # type: ignore[arg-type]  # of several kinds
    assert finding_line(told) == f"error: {line}  [too-wide]"


def test_each_of_several_subjects_is_told_and_those_beyond_the_first_are_counted() -> None:
    def lacks(row: int, file: str) -> Finding:
        return Finding(Severity.ERROR, "missing-picture", f"no {file}", Place("data.csv", row), row=f"r{row}", subject=file)

    told = by_cause([lacks(1, "a.jpg"), lacks(2, "b.jpg"), lacks(3, "a.jpg")])
    assert [one.message for one in told] == ["no a.jpg (and likewise in 1 more row: r3)", "no b.jpg"]
    many = by_cause([lacks(row, f"{row}.jpg") for row in range(1000)])
    assert len(many) == SUBJECTS_NAMED
    assert many[-1].message == "no 9.jpg (and likewise in 990 more rows: r10, r11, r12 …)"
