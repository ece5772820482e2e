"""Shadows: the outline of what casts them, in one ink or as the pixels that one ink is laid on with."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy
from msgspec.structs import replace
from PIL import Image, ImageFilter

from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.paint import CastShadow
from pressrun.model.pixel_logo import PixelLogoMark
from pressrun.model.placed_page import PageMark
from pressrun.model.rendering import Level, Overlay, Segment
from pressrun.model.sheet import GroupMark, LogoMark, Mark, PictureMark, ShadeMark, ShapeMark, TextMark
from pressrun.model.spans import Run, Span

SOFT_DENSITY = 150.0  # pixels per inch at which a soft shadow is drawn: nothing in it is fine


def in_one_ink(mark: Mark, ink: Ink) -> Mark:
    """A mark as its own outline, without shadows in it; a picture, or a placed page, is taken to be opaque."""
    if isinstance(mark, GroupMark):
        return replace(mark, marks=tuple(in_one_ink(one, ink) for one in mark.marks), shadow=None)
    if isinstance(mark, ShapeMark):
        return replace(mark, fill=mark.fill and ink, stroke=mark.stroke and ink)
    if isinstance(mark, TextMark):
        panel, fit = mark.panel, mark.fit
        return replace(
            mark,
            inks=(ink,),
            spans=_plain(mark.spans),
            panel=replace(panel, fill=ink, border=()) if panel else None,
            fit=replace(fit, spans=_plain(fit.spans)) if fit else None,
        )
    if isinstance(mark, LogoMark) and not isinstance(mark, PixelLogoMark):
        return replace(mark, inks=dict.fromkeys(mark.inks, ink))
    if isinstance(mark, CodeMark):
        return replace(mark, ink=ink, ground=mark.ground and ink)
    assert isinstance(mark, (PictureMark, ShadeMark, PageMark, PixelLogoMark)), f"{type(mark).__name__} has no outline"
    return ShapeMark(mark.layer, mark.rect, "rect", ink, None, 0.0, 0.0)


def _plain(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(replace(span, ink=None) if isinstance(span, Run) else span for span in spans)


def cover(
    overlay: Overlay, segments: tuple[Segment, ...], shadow: CastShadow, density: float
) -> tuple[Image.Image, Rect]:
    """How much of its ink a shadow of segments has, and where that lies, drawn at so many pixels per inch. What casts
    it may go out beyond the page."""
    scale = density / 72
    size = (max(1, round(overlay.size[0] * scale)), max(1, round(overlay.size[1] * scale)))
    alone = replace(overlay, levels=(Level(segments),))
    (drawn,) = rasterise(shown_pages([alone], [lambda ink: "#000000"]), size)
    room = math.ceil((shadow.reach + max(map(abs, shadow.offset))) * scale) + 1
    alpha = numpy.pad(numpy.asarray(drawn.getchannel("A")), room, mode="edge")
    picture = Image.fromarray(alpha)
    if shadow.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(shadow.blur / 2 * scale))
    box = picture.getbbox() or (0, 0, 1, 1)
    across, down = overlay.size[0] / size[0], overlay.size[1] / size[1]
    x, y = (box[0] - room) * across + shadow.offset[0], (box[1] - room) * down + shadow.offset[1]
    return picture.crop(box), Rect(x, y, (box[2] - box[0]) * across, (box[3] - box[1]) * down)
