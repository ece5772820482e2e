"""PDF's matrices (ISO 32000, 8.3.4): six numbers, rows first."""

from __future__ import annotations

import math
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
        return Matrix(
            self.a * after.a + self.b * after.c,
            self.a * after.b + self.b * after.d,
            self.c * after.a + self.d * after.c,
            self.c * after.b + self.d * after.d,
            self.e * after.a + self.f * after.c + after.e,
            self.e * after.b + self.f * after.d + after.f,
        )

    def begun_at(self, x: float) -> Matrix:
        """The same from so far along its first axis."""
        return Matrix(self.a, self.b, self.c, self.d, x * self.a + self.e, x * self.b + self.f)

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
