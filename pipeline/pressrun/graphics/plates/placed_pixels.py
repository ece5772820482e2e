"""Pictures and shades, painted where they are placed."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pressrun.graphics.color import inks
from pressrun.graphics.color.ink_limit import goes_over, limited
from pressrun.graphics.plates.canvas import Painting
from pressrun.model.color import Ink
from pressrun.model.inspection import PixelBox
from pressrun.model.sheet import PictureMark, ShadeMark
from pressrun.model.toned_picture import TonedPictureMark

Photograph = Callable[[str], Image.Image]  # in sRGB, by its digest
Size = tuple[int, int]
Edges = tuple[float, float, float, float]
SHADOW = 800  # pixels across an object from which on its shadow, which is soft, is made at that size and enlarged
SOURCES_KEPT = 40_000_000  # pixels of photographs that a strip shows and the next one may
SVG = "image/svg+xml"


class Drawn(Protocol):
    """An SVG by its digest in sRGB, at a width and height in pixels, or a part of that."""

    def __call__(self, digest: str, width: int, height: int, part: PixelBox | None = None) -> Image.Image: ...


class Source(Protocol):
    """A mark's picture in sRGB, and where in it lies the part (of 1) that is to show: a photograph at its own size, an
    SVG such that all of it would have the ``size`` that is asked for, or of ``is_part`` about what shows."""

    def __call__(self, mark: PictureMark, size: Size, shown: Edges, is_part: bool) -> tuple[Image.Image, Edges]: ...


def source_of(photograph: Photograph, drawn: Drawn) -> Source:
    def source(mark: PictureMark, size: Size, shown: Edges, is_part: bool) -> tuple[Image.Image, Edges]:
        x, y, right, bottom = shown
        if mark.media_type != SVG or not is_part:
            picture = drawn(mark.digest, *size) if mark.media_type == SVG else photograph(mark.digest)
            width, height = picture.size
            return picture, (x * width, y * height, right * width, bottom * height)
        width, height = size
        left, top = max(0, math.floor(x * width) - 3), max(0, math.floor(y * height) - 3)
        part = left, top, min(width, math.ceil(right * width) + 3), min(height, math.ceil(bottom * height) + 3)
        box = x * width - left, y * height - top, right * width - left, bottom * height - top
        return drawn(mark.digest, width, height, part), box

    return source


def few_kept(photograph: Photograph) -> Photograph:
    """The same, which keeps those that came last: a strip shows mostly what the one before shows."""
    kept: OrderedDict[str, Image.Image] = OrderedDict()

    def known(digest: str) -> Image.Image:
        if digest not in kept:
            kept[digest] = photograph(digest)
            while sum(one.width * one.height for one in kept.values()) > SOURCES_KEPT and len(kept) > 1:
                kept.popitem(last=False)
        kept.move_to_end(digest)
        return kept[digest]

    return known


def paint_picture(plates: list[Painting], mark: PictureMark, source: Source) -> None:
    canvas = plates[0].canvas
    left, top, right, bottom = canvas.box(mark.rect)
    size = (max(1, right - left), max(1, bottom - top))
    box = left, top, left + size[0], top + size[1]
    if plates[0].is_strip and mark.shadow:
        _paint_wide_shadow(plates, mark, box, source)
    part = plates[0].part_of(box)
    if part is None:
        return
    picture = _shown(mark, box, part, source)
    alpha = None
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        picture = picture.convert("RGB")
    shown = picture
    tone = mark.tone if isinstance(mark, TonedPictureMark) else None
    if canvas.profile:
        shown = inks.to_cmyk(picture, canvas.profile)
        if (tone is None or tone.strength < 1) and goes_over(canvas.profile):
            shown, limit = limited(shown, alpha, canvas.profile, mark.digest)
            plates[0].tell(limit)
    covers: dict[str, Image.Image] = {}
    if tone:
        ends, strength = (tone.shadows, tone.lights), tone.strength
        shown = inks.toned(picture, shown, canvas.color(ends[0]), canvas.color(ends[1]), strength)
        nothing = Image.new("L", picture.size)
        for spot in plates[0].spots:
            dark, light = ((canvas.cover(ink, spot),) for ink in ends)
            covers[spot] = inks.toned(picture, nothing, dark, light, strength)
    for plate in plates:
        if mark.shadow and alpha is not None and not plate.is_strip:
            _paint_contact_shadow(plate, alpha, (left, top), mark.shadow)
        plate.put(shown, part, alpha, covers)


def _shown(mark: PictureMark, box: PixelBox, part: PixelBox, source: Source) -> Image.Image:
    """Of a mark in a ``box`` what shows in a part of that, in its pixels: RGB, or RGBA where it is transparent."""
    width, height = box[2] - box[0], box[3] - box[1]
    x, y, w, h = mark.crop
    whole = max(1, round(width / w)), max(1, round(height / h))
    if part == box:
        picture, taken = source(mark, whole, (x, y, x + w, y + h), False)
    else:
        across, down = (w / width, h / height)
        begin = x + (part[0] - box[0]) * across, y + (part[1] - box[1]) * down
        end = x + (part[2] - box[0]) * across, y + (part[3] - box[1]) * down
        picture, taken = source(mark, whole, (*begin, *end), True)
    taken = max(0.0, taken[0]), max(0.0, taken[1]), min(picture.width, taken[2]), min(picture.height, taken[3])
    size = part[2] - part[0], part[3] - part[1]
    gap: float | None = 3.0
    if part != box:
        gap = None  # where the pixels of one reduced beforehand end would depend on where the strip begins
        picture, taken = _near(picture, taken, size)
    transparent = picture.mode == "RGBA"
    if transparent:
        picture = picture.convert("RGBa")  # premultiplied, or the edges take the colour of what is invisible
    if part != box:  # across and then down: in which order Pillow goes depends on the strip, and each cuts levels off
        columns = taken[0], 0.0, taken[2], float(picture.height)
        picture = picture.resize((size[0], picture.height), Image.Resampling.LANCZOS, box=columns)
        taken = 0.0, taken[1], float(size[0]), taken[3]
    picture = picture.resize(size, Image.Resampling.LANCZOS, box=taken, reducing_gap=gap)
    return picture.convert("RGBA") if transparent else picture


def _near(picture: Image.Image, taken: Edges, size: Size) -> tuple[Image.Image, Edges]:
    """Of a picture what Lanczos's filter, three pixels of the coarser side wide, looks at for a part of it."""
    left, top, right, bottom = taken
    across, down = (
        math.ceil(3 * max(1.0, length / to)) + 2
        for length, to in zip((right - left, bottom - top), size, strict=True)
    )
    x, y = max(0, math.floor(left) - across), max(0, math.floor(top) - down)
    end = min(picture.width, math.ceil(right) + across), min(picture.height, math.ceil(bottom) + down)
    return picture.crop((x, y, *end)), (left - x, top - y, right - x, bottom - y)


def _paint_contact_shadow(plate: Painting, alpha: Image.Image, at: tuple[int, int], ink: Ink) -> None:
    found = _contact_shadow(alpha)
    if found is None:
        return
    mask, x, y = found
    x, y = at[0] + x, at[1] + y
    plate.lay(ink, (x, y, x + mask.width, y + mask.height), mask)


def _contact_shadow(alpha: Image.Image) -> tuple[Image.Image, int, int] | None:
    """A tight dark shadow right under the object and a wide soft one drawn away from the light (upper left), and where
    it begins, from the upper left of the object's own box."""
    width, height = alpha.size
    foot = alpha.crop((0, int(height * 0.94), width, height)).getbbox()
    if foot is None:
        return None
    left, right = foot[0], foot[2]
    span = right - left
    wide, tight = max(2.0, span * 0.05), max(1.0, span * 0.014)
    margin = int(span * 0.45)
    mask = Image.new("L", (span + 2 * margin, int(span * 0.5) + 2 * margin), 0)
    ground = mask.height // 2  # the line on which the object stands
    draw = ImageDraw.Draw(mask)
    draw.ellipse((margin + span * 0.06, ground - span * 0.045, margin + span * 1.16, ground + span * 0.075), fill=92)
    mask = mask.filter(ImageFilter.GaussianBlur(wide))
    near = Image.new("L", mask.size, 0)
    ImageDraw.Draw(near).ellipse(
        (margin + span * 0.005, ground - span * 0.022, margin + span * 1.01, ground + span * 0.02), fill=175
    )
    mask = ImageChops.lighter(mask, near.filter(ImageFilter.GaussianBlur(tight)))
    return mask, left - margin, height - ground


def _paint_wide_shadow(plates: list[Painting], mark: PictureMark, box: PixelBox, source: Source) -> None:
    """The same onto a strip, made small: it is soft."""
    assert mark.shadow
    left, _, right, bottom = box
    width = right - left
    if plates[0].part_of((left - width, bottom - width, right + width, bottom + width)) is None:
        return
    found = _wide_shadow(mark, box, source)
    part = found and plates[0].part_of(found[1])
    if not (found and part):
        return
    mask, shadow = found
    across, down = mask.width / (shadow[2] - shadow[0]), mask.height / (shadow[3] - shadow[1])
    x, y = shadow[0], shadow[1]
    of_mask = (part[0] - x) * across, (part[1] - y) * down, (part[2] - x) * across, (part[3] - y) * down
    shown = mask.resize((part[2] - part[0], part[3] - part[1]), Image.Resampling.BICUBIC, box=of_mask)
    for plate in plates:
        plate.lay(mark.shadow, part, shown)


def with_wide_shadow(mark: PictureMark, box: PixelBox, source: Source) -> PixelBox:
    """What of a canvas a picture in a ``box`` reaches with its shadow, as it is painted onto strips."""
    found = _wide_shadow(mark, box, source)
    if found is None:
        return box
    (left, top, right, bottom), shadow = box, found[1]
    return min(left, shadow[0]), min(top, shadow[1]), max(right, shadow[2]), max(bottom, shadow[3])


def _wide_shadow(mark: PictureMark, box: PixelBox, source: Source) -> tuple[Image.Image, PixelBox] | None:
    """The shadow of a picture in a ``box``, made small, and the box that it fills."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    x, y, w, h = mark.crop
    small = min(1.0, SHADOW / width)
    picture, taken = source(mark, (round(width * small / w), round(height * small / h)), (x, y, x + w, y + h), False)
    if picture.mode != "RGBA":
        return None
    size = max(1, round(width * small)), max(1, round(height * small))
    found = _contact_shadow(picture.getchannel("A").resize(size, Image.Resampling.LANCZOS, box=taken))
    if found is None:
        return None
    mask, begin, above = found
    across, down = width / size[0], height / size[1]
    x, y = left + round(begin * across), top + round(above * down)
    return mask, (x, y, x + round(mask.width * across), y + round(mask.height * down))


def paint_shade(plate: Painting, mark: ShadeMark) -> None:
    left, top, right, bottom = plate.canvas.box(mark.rect)
    part = plate.part_of((left, top, right, bottom))
    if part:
        within = part[0] - left, part[1] - top, part[2] - left, part[3] - top
        plate.lay(mark.ink, part, _ramp(mark, right - left, bottom - top, within))


def _ramp(mark: ShadeMark, width: int, height: int, part: PixelBox) -> Image.Image:
    """A part of the shade's alpha: a smoothstep, whose beginning nobody sees, dithered by its own length alone."""
    is_down = mark.towards in ("top", "bottom")
    length = height if is_down else width
    along = (numpy.arange(length) + 0.5) / length
    if mark.towards in ("top", "left"):
        along = 1 - along
    step = numpy.clip((along - mark.start) / max(mark.until - mark.start, 1e-6), 0, 1)
    values = numpy.round(step * step * (3 - 2 * step) * mark.strength * 255).astype(numpy.uint8)
    values = values[part[1] : part[3], None] if is_down else values[None, part[0] : part[2]]
    shown = part[3] - part[1], part[2] - part[0]
    return Image.fromarray(numpy.ascontiguousarray(numpy.broadcast_to(values, shown)), "L")
