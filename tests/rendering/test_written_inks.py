"""Inks as the content of a press file sets them."""

from __future__ import annotations

import pikepdf
import pytest

from pressrun.graphics.pages.written_inks import PressInks
from pressrun.model.color import Ink, tinted


@pytest.mark.parametrize(
    ("cyan", "share", "fill"),
    [(0.39, 0.02, "0.000078 0 0 0 k"), (82.0, 1.0, "0.82 0 0 0 k"), (12.3456, 0.5, "0.061728 0 0 0 k")],
)
def test_a_tint_of_hardly_any_ink_has_no_power_of_ten(cyan: float, share: float, fill: str) -> None:
    ink = tinted(Ink("mist", "#FEFEFE", (cyan, 0.0, 0.0, 0.0)), share)
    assert PressInks(pikepdf.new(), overprints=False).operators(ink) == (fill, fill.upper())
