"""Where a picture goes in a box, and which master suits a box best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pressrun.model.geometry import Rect
from pressrun.model.learned import Detector
from pressrun.model.spans import Anchor


class Sized(Protocol):
    @property
    def size(self) -> tuple[int, int]: ...


ALIKE = 0.015  # of a picture's area: a sliver of it is worth less than twice the resolution

S = TypeVar("S", bound=Sized)


def best_master(masters: Sequence[S], rect: Rect) -> S:
    """The master of which a covering crop keeps most, and of those alike (`ALIKE`) the one with most pixels."""

    def kept(master: S) -> float:
        _, _, width, height = cover(master.size, rect, (0.5, 0.5))
        return width * height

    most = max(kept(master) for master in masters) - ALIKE
    return max((master for master in masters if kept(master) >= most), key=lambda one: one.size[0] * one.size[1])


def cover(size: tuple[int, int], rect: Rect, focus: tuple[float, float]) -> tuple[float, float, float, float]:
    """The largest part of a picture with the box's proportions, as near to ``focus`` as the edges allow.

    Answers x, y, width and height as fractions of the picture.
    """
    proportion = rect.width / rect.height * size[1] / size[0]
    width, height = (1.0, 1 / proportion) if proportion > 1 else (proportion, 1.0)
    x = min(max(focus[0] - width / 2, 0.0), 1 - width)
    y = min(max(focus[1] - height / 2, 0.0), 1 - height)
    return x, y, width, height


def looked_at(
    subject: tuple[float, float, float, float], detector: Detector | None, part: tuple[float, float]
) -> tuple[float, float]:
    """The middle of a part, so wide and high, that shows a subject (left, top, right and lower edge, all in fractions).
    Of one that is too high for it the top stays, where a head is, unless it is of heads itself."""
    left, top, right, bottom = subject
    is_cut = detector == "saliency" and bottom - top > part[1]
    return (left + right) / 2, top + part[1] / 2 if is_cut else (top + bottom) / 2


def contain(size: tuple[int, int], rect: Rect, anchor: Anchor, align: str) -> Rect:
    """Where all of a picture goes in a box."""
    scale = min(rect.width / size[0], rect.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[anchor]
    aside = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return Rect(rect.x + (rect.width - width) * aside, rect.y + (rect.height - height) * down, width, height)
