"""The drawing of a sheet shows pages as large as they are."""

from __future__ import annotations

import io

from imposition_kit import MM
from PIL import Image

from pressrun.model.geometry import Rect
from pressrun.run.imposition.position import Cell, Position, PressSheet, Side
from pressrun.run.imposition.technical_drawing import PAGE, drawn_sheet


def painted(page: tuple[float, float], turned: int = 0) -> float:
    """How much of a cell of 100 x 80 mm a page takes, in the drawing, text aside."""
    box = Rect(20 * MM, 20 * MM, 100 * MM, 80 * MM)
    cell = Cell(box, box, turned)
    sheet = PressSheet(200 * MM, 200 * MM, (Side("front", (Position(0, cell),), (cell,)),))
    data = drawn_sheet(sheet, Rect(0, 0, 200 * MM, 200 * MM), "", lambda _: ("p", Rect(0, 0, page[0] * MM, page[1] * MM)),
                       "PNG")  # fmt: skip
    with Image.open(io.BytesIO(data)) as drawn:
        return sum(count for count, color in drawn.convert("RGB").getcolors(1 << 20) or [] if color == PAGE) / (450 * 360)


def test_a_page_smaller_than_its_cell_is_drawn_smaller() -> None:
    assert 0.85 < painted((100.0, 80.0)) <= 1
    assert 0.18 < painted((50.0, 40.0)) < 0.26
    assert abs(painted((40.0, 50.0), 90) - painted((50.0, 40.0))) < 0.02
