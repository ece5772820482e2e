"""The part of a picture that its master asks to be calm, from the words that say it."""

from __future__ import annotations

import re
from collections.abc import Mapping

Part = tuple[float, float, float, float]  # left, top, right and lower edge, as fractions

_AMOUNTS: Mapping[str, float] = {
    "two thirds": 2 / 3, "three quarters": 0.75, "half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2,
}  # fmt: skip


def calm_area(space: str) -> tuple[Part, str]:
    """``"top third"``, ``"left half"``, ``"bottom 40%"``, ``"upper right quarter"`` … as a rectangle and its side.

    Words that name no side give no calm part: an empty rectangle, and the side ``""``.
    """
    text = space.lower().replace("-", " ")
    text = text.replace("upper", "top").replace("lower", "bottom").replace("below", "bottom").replace("above", "top")
    number = re.search(r"(\d+(?:\.\d+)?)\s*%", text)
    amount = float(number[1]) / 100 if number else next((v for k, v in _AMOUNTS.items() if k in text), 1 / 3)
    amount = min(0.9, max(0.05, amount))
    sides = [side for side in ("top", "bottom", "left", "right") if re.search(rf"\b{side}\b", text)]
    if not sides:
        return (0.0, 0.0, 0.0, 0.0), ""
    left, top, right, bottom = 0.0, 0.0, 1.0, 1.0
    share = amount**0.5 if len(sides) > 1 else amount
    for side in sides:
        if side == "top":
            bottom = share
        elif side == "bottom":
            top = 1 - share
        elif side == "left":
            right = share
        else:
            left = 1 - share
    return (left, top, right, bottom), sides[0]
