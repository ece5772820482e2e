"""Pictures of pages' edges before and after bleed was made of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from msgspec import Struct
from PIL import Image, ImageDraw

from pressrun.graphics.drawn import pdfium
from pressrun.graphics.drawn.same_pages import framed, pixels_of
from pressrun.graphics.separations.printed_pages import printed_pages
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM
from pressrun.readers.press_pdf.facts import Rectangle
from pressrun.readers.press_pdf.graphics_state import inset
from pressrun.readers.press_pdf.repairs.bleed import Bled

AROUND = 2 * POINTS_PER_MM  # white beyond the bleed
CORNER = 22 * POINTS_PER_MM  # of a page, from the bleed inwards, that is shown large
WHOLE_SIDE, CLOSE_SIDE, GAP = 640, 300, 16  # pixels
MOST_PAGES = 40
GROUND, TRIM, BLEED = (238, 238, 238), (0, 150, 0), (0, 90, 220)


class Edges(Struct, frozen=True):
    """A page's edges before and after: PNG of the whole page twice, and of its four corners twice."""

    page: int
    sheet: bytes


def edges_before_and_after(before: bytes, after: bytes, bled: Sequence[Bled]) -> tuple[Edges, ...]:
    """A picture for each page with new bleed, at most `MOST_PAGES`."""
    return tuple(Edges(one.page, _png(_sheet(before, after, one))) for one in bled[:MOST_PAGES])


def _sheet(before: bytes, after: bytes, one: Bled) -> Image.Image:
    """Left the page as it was, right as it is; below, each corner so, with the trim in green and the bleed in blue."""
    around = inset(one.bleed, -AROUND)
    left, bottom, right, top = around
    side = CORNER + AROUND
    corners = [(left, top - side, left + side, top), (right - side, top - side, right, top),
               (left, bottom, left + side, bottom + side), (right - side, bottom, right, bottom + side)]  # fmt: skip
    whole = [_view(data, one, around, WHOLE_SIDE) for data in (before, after)]
    close = [[_view(data, one, corner, CLOSE_SIDE) for data in (before, after)] for corner in corners]
    rows = [whole, *([*first, *second] for first, second in (close[:2], close[2:]))]
    width = max(sum(picture.width + GAP for picture in row) for row in rows) + GAP
    height = sum(max(picture.height for picture in row) + GAP for row in rows) + GAP
    sheet = Image.new("RGB", (width, height), GROUND)
    y = GAP
    for row in rows:
        x = GAP
        for picture in row:
            sheet.paste(picture, (x, y))
            x += picture.width + GAP
        y += max(picture.height for picture in row) + GAP
    return sheet


def _view(data: bytes, one: Bled, seen: Rectangle, longest: int) -> Image.Image:
    size = pixels_of(seen, longest * 72 / max(seen[2] - seen[0], seen[3] - seen[1]))
    picture = _picture(framed(data, {one.page: seen}), one.page - 1, size)
    draw = ImageDraw.Draw(picture)
    scale = size[0] / (seen[2] - seen[0])
    for box, color in ((one.trim, TRIM), (one.bleed, BLEED)):
        # Beyond the picture it is none of its pixels, of which there may be a billion.
        x0, x1 = (min(max((x - seen[0]) * scale, -1), size[0]) for x in (box[0], box[2]))
        y0, y1 = (min(max((seen[3] - y) * scale, -1), size[1]) for y in (box[3], box[1]))
        draw.rectangle((x0, y0, x1, y1), outline=color)
    return picture


def _picture(data: bytes, number: int, size: tuple[int, int]) -> Image.Image:
    """A page (from 0) as it is printed where it overprints, which a viewer does not show."""
    printed = printed_pages(data, [number], max(size)).get(number)
    if printed is not None:
        return printed.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    with pdfium.opened(data) as pages:
        drawn = pages.alone(number, size)
    picture = Image.new("RGB", size, (255, 255, 255))
    picture.paste(drawn, mask=drawn.getchannel("A"))
    return picture


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
