"""Which part of a logo carries it, and whether it is lost where its colour is that of the ground."""

from __future__ import annotations

from pressrun.graphics.artwork import ArtPath, Artwork
from pressrun.model.color import relative_luminance
from pressrun.model.geometry import Rect
from pressrun.model.light import least_contrast

SMALL = 0.25  # of the area of its parts: the point on an i, and the star beside a name, may be lost
TOLD_APART = 3.0  # WCAG 2.2, success criterion 1.4.11


def hangs_on(artwork: Artwork, color: tuple[int, int, int]) -> bool:
    """Whether a logo is lost where a ground has this one of its colours: it is no small part of it, and stands on the
    ground itself, not on another part that it can be told from, nor do others stand on it. A picture is not looked
    into. Areas are those of the rectangles around paths."""
    parts = [(path, _reach(path)) for path in artwork.paths]
    fill = f"#{bytes(color).hex().upper()}"
    alone = [
        rect for path, rect in parts
        if path.fill == fill and not any(_tells(path, rect, *other) for other in parts)
    ]  # fmt: skip
    whole = sum(rect.width * rect.height for _, rect in parts)
    return bool(alone) and sum(rect.width * rect.height for rect in alone) >= SMALL * whole


def _reach(path: ArtPath) -> Rect:
    numbers = [float(word) for word in path.outline.split() if not word.isalpha()]
    xs, ys = numbers[::2], numbers[1::2]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _is_whole(path: ArtPath) -> bool:
    """Whether it has no hole, in which others would stand on the ground."""
    return path.outline.count("m") == 1


def _light(path: ArtPath) -> float:
    red, green, blue = bytes.fromhex(path.fill[1:])
    return relative_luminance((red, green, blue))


def _tells(path: ArtPath, rect: Rect, other: ArtPath, around: Rect) -> bool:
    """Whether one of two parts lies in the other and can be told from it."""
    is_on_it = (_is_whole(other) and around.contains(rect, 0)) or (_is_whole(path) and rect.contains(around, 0))
    if not is_on_it:
        return False
    light = _light(path)
    return least_contrast(light, light, _light(other)) >= TOLD_APART
