"""PDF's matrices (ISO 32000, 8.3.4): six numbers, rows first."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import NamedTuple


class Matrix(NamedTuple):
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, after: Matrix) -> Matrix:
        """This one first, `after` second."""
        a, b, c, d, e, f = self
        p, q, r, s, t, u = after
        x, y = e * p + f * r + t, e * q + f * s + u
        return matrix_of((a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, x, y))

    def begun_at(self, x: float) -> Matrix:
        """The same from so far along its first axis."""
        a, b, c, d, e, f = self
        return matrix_of((a, b, c, d, x * a + e, x * b + f))

    @property
    def width(self) -> float:
        """How long a horizontal unit becomes."""
        return math.hypot(self.a, self.b)

    @property
    def height(self) -> float:
        """How long a vertical unit becomes."""
        return math.hypot(self.c, self.d)

    @property
    def scale(self) -> float:
        """The factor of lengths without a direction: strokes, say."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))


matrix_of: Callable[[tuple[float, ...]], Matrix] = functools.partial(tuple.__new__, Matrix)
"""That of six numbers: what a class of names does to take them is as much as reckoning with them."""
