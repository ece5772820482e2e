"""Shapes as paths, and as pixels of a plate."""

from __future__ import annotations

import functools

from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.paths import outlines
from pressrun.graphics.paths.shadings import shading
from pressrun.graphics.plates.canvas import Painting, paint_shape
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.inspection import PixelBox
from pressrun.model.paint import Gradient
from pressrun.model.rendering import Level, Overlay, Path, Tiling, Vectors
from pressrun.model.sheet import ShapeMark

THIN = 2.0  # points, up to which a black stroke is a rule
MITRE = 5.0  # widths of a stroke that a corner reaches beyond its outline (ISO 32000-1, 8.4.3.5)

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
    part, whole = _seen_part(plate, mark, page), plate.canvas.whole(page)
    if part is None:
        return
    x, y = plate.canvas.origin
    on_page = part[0] + x, part[1] + y, part[2] + x, part[3] + y
    vectors = shape_vectors(mark)
    for path in vectors.paths:
        for ink, alone in (
            (mark.ink, Path(path.outline, mark.ink, even_odd=path.even_odd)),
            (path.stroke, Path(path.outline, None, path.stroke, path.stroke_width, cap=path.cap, dashes=path.dashes)),
        ):
            if ink:
                plate.lay(ink, part, _coverage(alone, mark.opacity, whole, on_page, page))


def _seen_part(plate: Painting, mark: ShapeMark, page: Rect) -> PixelBox | None:
    """Where on a plate something of a shape may be; all of it, of one that is painted as a whole."""
    if not plate.is_strip:
        return 0, 0, *plate.picture.size
    beyond = -MITRE * mark.stroke_width - 1
    return plate.part_of(plate.canvas.box(mark.rect.inset(beyond, beyond, beyond, beyond)))


def _coverage(path: Path, opacity: float, size: tuple[int, int], part: PixelBox, page: Rect) -> Image.Image:
    overlay = Overlay((page.width, page.height), (Level((Vectors((path,)),)),), b"", {})
    with opened(shown_pages([overlay], [lambda ink: "#000000"])) as pages:
        drawn = pages.alone(0, size, part)
    return drawn.getchannel("A").point(lambda value: round(value * opacity))
