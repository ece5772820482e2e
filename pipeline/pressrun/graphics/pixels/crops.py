"""Where a picture is cut so that it has another shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from pressrun.model.step import Point


def shape_of(written: str) -> float:
    """Width divided by height, of ``4:5``. Raises ValueError where one of them is nothing."""
    width, height = map(float, written.split(":"))
    if not (width and height):
        raise ValueError("a shape has a width and a height, like 4:5")
    return width / height


def _checked_shape(written: str) -> str:
    shape_of(written)
    return written


ShapeField = Annotated[str, Field(pattern=r"^\d+(\.\d+)?:\d+(\.\d+)?$"), AfterValidator(_checked_shape)]


def window_around(
    size: tuple[int, int], shape: float, focus: Point, zoom: float = 1.0
) -> tuple[int, int, int, int]:  # fmt: skip
    """Left, top, right and lower edge in pixels of the largest part of this shape, ``zoom`` times closer, with the
    focus as near to its middle as the picture's edges let it be."""
    width, height = size
    across = min(width, round(height * shape)) if width > height * shape else width
    down = height if width > height * shape else min(height, round(width / shape))
    across, down = max(1, round(across / zoom)), max(1, round(down / zoom))
    left = min(max(0, round(focus[0] * width - across / 2)), width - across)
    top = min(max(0, round(focus[1] * height - down / 2)), height - down)
    return left, top, left + across, top + down
