"""A line of a finding says of which sheet it is, and nothing twice."""

from __future__ import annotations

import pytest

from pressrun.commands.report.finding_lines import finding_line
from pressrun.model.finding import Finding, Place, Severity

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
