"""Shapes as paths, and as pixels of a plate."""

from __future__ import annotations

import functools
from dataclasses import replace

from PIL import Image

from pressrun.graphics import outlines
from pressrun.graphics.canvas import Painting, paint_shape
from pressrun.graphics.page_content import shown_pages
from pressrun.graphics.pdfium import rasterise
from pressrun.graphics.shadings import shading
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.paint import Gradient
from pressrun.model.rendering import Level, Overlay, Path, Tiling, Vectors
from pressrun.model.sheet import ShapeMark

THIN = 2.0  # points, up to which a black stroke is a rule

def shape_vectors(mark: ShapeMark, tiling: Tiling | None = None) -> Vectors:
    """A shape as a path, filled with its tiling where it has a pattern."""
    if mark.shape == "figure":
        outline = mark.outline
    elif mark.shape == "line":
        outline = outlines.diagonal(mark.rect)
    elif mark.shape == "ellipse":
        outline = outlines.ellipse(mark.rect)
    else:
        outline = outlines.rectangle(mark.rect, mark.radius)
    fill = shading(mark.fill, mark.rect) if isinstance(mark.fill, Gradient) else tiling or mark.ink
    if mark.shape == "line":
        fill = None
    path = Path(outline, fill, mark.stroke, mark.stroke_width, cap=mark.cap, dashes=mark.dashes)
    return Vectors((path,), opacity=mark.opacity)


def with_rules(mark: ShapeMark, enlarged: float = 1.0) -> ShapeMark:
    """A shape whose stroke, or whose inside, overprints where it is a rule in black; ``enlarged``: by the groups around
    it."""
    if mark.stroke and mark.stroke_width * enlarged < THIN:
        mark = replace(mark, stroke=overprinting(mark.stroke))
    if mark.ink and min(mark.rect.width, mark.rect.height) * enlarged < THIN:
        mark = replace(mark, fill=overprinting(mark.ink))
    return mark


@functools.lru_cache(maxsize=64)
def overprinting(ink: Ink) -> Ink:
    """The same, which overprints if it is black alone; nothing else is fit to."""
    return replace(ink, overprints=True) if ink.is_black_alone else ink


def paint(plate: Painting, mark: ShapeMark, page: Rect) -> None:
    """Draw a shape onto the plate of a ``page`` (points) in its exact colours."""
    if mark.shape != "figure" and not mark.dashes and mark.cap == "butt":
        paint_shape(plate, mark)
        return
    vectors = shape_vectors(mark)
    for path in vectors.paths:
        for ink, alone in (
            (mark.ink, Path(path.outline, mark.ink, even_odd=path.even_odd)),
            (path.stroke, Path(path.outline, None, path.stroke, path.stroke_width, cap=path.cap, dashes=path.dashes)),
        ):
            if ink:
                size = plate.picture.size
                plate.lay(ink, (0, 0, *size), _coverage(alone, mark.opacity, size, page))


def _coverage(path: Path, opacity: float, size: tuple[int, int], page: Rect) -> Image.Image:
    overlay = Overlay((page.width, page.height), (Level((Vectors((path,)),)),), b"", {})
    (drawn,) = rasterise(shown_pages([overlay], [lambda ink: "#000000"]), size)
    return drawn.getchannel("A").point(lambda value: round(value * opacity))
