"""Patterns: where their tiles are, and how PDF has them (ISO 32000-1, 8.7.3)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pikepdf import Array, Name

from pressrun.graphics.paths.outlines import written
from pressrun.graphics.paths.shadings import numbers
from pressrun.model.geometry import Matrix, after, bounds
from pressrun.model.rendering import Tiling

OVERLAP = 0.5  # points by which tiles reach into each other, if what is in them does
MOST_TILES = 20_000  # that are drawn one by one


def tile_box(tiling: Tiling) -> Array:
    return numbers((-OVERLAP, -OVERLAP, tiling.width + OVERLAP, tiling.height + OVERLAP))


def pattern_entries(tiling: Tiling) -> dict[str, Any]:
    """What a stream says that is a pattern."""
    return {
        "Type": Name.Pattern,
        "PatternType": 1,
        "PaintType": 1,
        "TilingType": 1,
        "BBox": tile_box(tiling),
        "XStep": Decimal(written(tiling.width)),
        "YStep": Decimal(written(tiling.height)),
        "Matrix": numbers(tiling.matrix, 8),
    }


def tiles(tiling: Tiling) -> Iterator[Matrix] | None:
    """Where each tile is that shows; None where there are too many of them."""
    reach = bounds(tiling.extent, _inverse(tiling.matrix))
    across = range(math.floor(reach.x / tiling.width), math.ceil(reach.right / tiling.width))
    down = range(math.floor(reach.y / tiling.height), math.ceil(reach.bottom / tiling.height))
    if len(across) * len(down) > MOST_TILES:
        return None
    return (
        after((1.0, 0.0, 0.0, 1.0, column * tiling.width, row * tiling.height), tiling.matrix)
        for row in down
        for column in across
    )


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    return d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area
