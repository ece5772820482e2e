"""Where boxes are, by any two of near edge, size and far edge; and sizes of pages as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pressrun.model.geometry import Box, Rect
from pressrun.model.page_sizes import parse_page_size

FRAME = Rect(10, 20, 200, 100)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Rect(10, 20, 200, 100)),
        ({"x": "30pt", "width": "50pt"}, Rect(40, 20, 50, 100)),
        ({"right": "30pt", "width": "50pt"}, Rect(130, 20, 50, 100)),
        ({"x": "30pt", "right": "20%"}, Rect(40, 20, 130, 100)),
        ({"right": 0, "bottom": 0, "width": "10%", "height": "25%"}, Rect(190, 95, 20, 25)),
        ({"y": "10pt", "bottom": "-5pt"}, Rect(10, 30, 200, 95)),
        ({"bottom": "10pt"}, Rect(10, 20, 200, 90)),
    ],
)
def test_a_box_is_where_two_of_its_edges_say(said: dict[str, Any], expected: Rect) -> None:
    found = Box.model_validate(said).resolve(FRAME)
    assert (found.x, found.y, found.width, found.height) == pytest.approx(
        (expected.x, expected.y, expected.width, expected.height)
    )


@pytest.mark.parametrize("edges", [("x", "width", "right"), ("y", "height", "bottom")])
def test_an_edge_that_is_said_twice_is_told(edges: tuple[str, str, str]) -> None:
    with pytest.raises(ValidationError, match="leave one out"):
        Box.model_validate(dict.fromkeys(edges, "5pt"))


@pytest.mark.parametrize("written", ["74mm x 105mm", "74x105mm", "74 x 105 mm", "74 × 105mm", ["74mm", "105mm"]])
def test_sizes_of_pages(written: Any) -> None:
    assert [str(edge) for edge in parse_page_size(written)] == ["74mm", "105mm"]
