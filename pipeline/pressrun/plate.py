"""plate: the pixel layers of a sheet flattened into one raster, and the open choices settled on the ground measured.

A plate depends on no text, so that all languages share it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.color import inks
from pressrun.graphics.color.ink_limit import goes_over
from pressrun.graphics.color.stocks import color_on_stock
from pressrun.graphics.drawn import shapes
from pressrun.graphics.mattes.difference_matting import FAR, in_full, matted, run_out
from pressrun.graphics.pixels.joined_jpeg import strip_rows
from pressrun.graphics.plates import placed_pixels, spot_layers
from pressrun.graphics.plates.canvas import Canvas, Level, Painting
from pressrun.graphics.plates.placed_pixels import Drawn, Photograph, Source
from pressrun.graphics.svg.artwork import Artwork
from pressrun.graphics.texts import typst_engine
from pressrun.model.choice import Choice
from pressrun.model.color import WHITE, Ink
from pressrun.model.geometry import PageBoxes, Rect, bounds
from pressrun.model.inspection import TextGround
from pressrun.model.levels import levels_of
from pressrun.model.plain_data import plain
from pressrun.model.plate_density import is_large
from pressrun.model.rendering import InkLimit
from pressrun.model.sheet import (
    LogoMark,
    Mark,
    PictureMark,
    PixelMark,
    ShadeMark,
    ShapeMark,
    Sheet,
    TextMark,
    changed,
    is_on_plate,
    ungrouped,
)
from pressrun.model.toned_picture import TonedPictureMark

RECIPE = 6
SPOT_RECIPE = LIMIT_RECIPE = FAINT_RECIPE = 1
STRIP_RECIPE = 2
PIECE_STRIP_RECIPE = 1
T = TypeVar("T")
ENGINES = (f"typst {typst_engine.VERSION}", f"pillow {version('pillow')}")  # they draw the vectors, and all the rest


def pixel_marks(sheet: Sheet) -> tuple[PixelMark, ...]:
    marks = tuple(mark for mark in sheet.marks if is_on_plate(mark))
    if sheet.overprint_below:
        marks = tuple(shapes.with_rules(mark) if isinstance(mark, ShapeMark) else mark for mark in marks)
    return marks  # type: ignore[return-value]  # it is told by a function


def plate_key(sheet: Sheet, canvas: Canvas) -> str | None:
    """What the plate is made from, hashed; None for a page without pixels."""
    marks = pixel_marks(sheet)
    if not marks:
        return None
    profile = canvas.profile.look_key if canvas.profile else "srgb"
    return _plate_key(ENGINES, marks, sheet.boxes, sheet.ground, canvas, profile)


@functools.lru_cache(maxsize=64)  # sheets that share a plate come together
def _plate_key(
    engines: tuple[str, ...], marks: tuple[PixelMark, ...], boxes: PageBoxes, ground: Ink, canvas: Canvas, profile: str
) -> str:
    parts = [[type(mark).__name__, {**plain(mark), "layer": ""}] for mark in marks]
    request = [RECIPE, engines, plain(boxes), plain(ground), canvas.density, profile, parts]
    request += _ink_decisions(canvas, [ground, *(ink for mark in marks for ink in inks_of(mark))], *marks)
    if canvas.profile and is_large(canvas.whole(boxes.bleed)):
        request.append(f"strips {STRIP_RECIPE}")
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def inks_of(mark: PixelMark) -> tuple[Ink, ...]:
    """What is painted of a mark in inks of the brand."""
    if isinstance(mark, ShadeMark):
        return (mark.ink,)
    if not isinstance(mark, PictureMark):
        return tuple(ink for ink in (mark.ink, mark.stroke) if ink)
    tone = (mark.tone.shadows, mark.tone.lights) if isinstance(mark, TonedPictureMark) else ()
    return (*tone, mark.shadow) if mark.shadow else tone


def spots_of(sheet: Sheet, canvas: Canvas) -> dict[str, Ink]:
    """The spots that are painted on a sheet's plate, each in full."""
    inks = (sheet.ground, *(ink for mark in pixel_marks(sheet) for ink in inks_of(mark)))
    return spot_layers.spots_in(inks) if canvas.profile else {}


def _ink_decisions(canvas: Canvas, inks: Iterable[Ink], *marks: PixelMark) -> Iterator[str]:
    """What keys have besides, where it makes a difference."""
    if any(ink.spot for ink in inks):
        yield f"spots {SPOT_RECIPE}"
    if any(isinstance(mark, ShapeMark) and mark.opacity < 1 and mark.ink and mark.stroke for mark in marks):
        yield f"faint {FAINT_RECIPE}"
    has_pictures = any(isinstance(mark, PictureMark) for mark in marks)
    if has_pictures and canvas.profile and goes_over(canvas.profile):
        yield f"at most {canvas.profile.total_ink:g} %, {LIMIT_RECIPE}"


def paint(
    sheet: Sheet,
    canvas: Canvas,
    photograph: Photograph,
    drawn: Drawn,
) -> Painting:
    """Flatten the sheet's pixel marks, bottom up, over its ground. A cut-out comes as RGBA, painted on two grounds at
    once."""
    picture = placed_pixels.source_of(functools.cache(photograph), drawn)
    grounds: list[Ink | Level] = [(255, 255, 255), (0, 0, 0)] if sheet.is_cutout else [sheet.ground]
    size, spots = canvas.whole(sheet.boxes.bleed), spots_of(sheet, canvas)
    plates = [Painting.blank(canvas, size, ground, spots) for ground in grounds]
    _lay_marks(plates, sheet, picture)
    if sheet.is_cutout:
        light, dark = (plate.picture for plate in plates)
        return Painting(_merged(*matted(light, dark)), canvas)
    return plates[0]


def paint_strips(sheet: Sheet, canvas: Canvas, photograph: Photograph, drawn: Drawn) -> Iterator[Painting]:
    """The same as `paint`, strip by strip from the top: of a page that would take too much memory as a whole. Each
    picture has the pixels that it has on the whole, but for what calculating in parts rounds."""
    width, height = canvas.whole(sheet.boxes.bleed)
    picture, spots = placed_pixels.source_of(placed_pixels.few_kept(photograph), drawn), spots_of(sheet, canvas)
    rows = strip_rows(width)
    for top in range(0, height, rows):
        part = replace(canvas, origin=(0, top))
        strip = Painting.blank(part, (width, min(rows, height - top)), sheet.ground, spots, is_strip=True)
        _lay_marks([strip], sheet, picture)
        yield strip


def _lay_marks(plates: list[Painting], sheet: Sheet, picture: Source) -> None:
    for mark in pixel_marks(sheet):
        if isinstance(mark, PictureMark):
            placed_pixels.paint_picture(plates, mark, picture)
            continue
        for plate in plates:
            if isinstance(mark, ShadeMark):
                placed_pixels.paint_shade(plate, mark)
            else:
                shapes.paint(plate, mark, sheet.boxes.bleed)


class PaintedPiece(Struct, frozen=True):
    """A mark that lies above live layers, by itself: ``color`` in the canvas's mode and ``alpha`` (None: opaque), cut
    off at what shows; ``offset`` in pixels from the upper left of the mark's box. ``parted`` is what is printed of one
    that has spots, ``limit`` what became of one with too much ink."""

    color: Image.Image
    alpha: Image.Image | None
    offset: tuple[int, int]
    parted: spot_layers.Parted | None = None
    limit: InkLimit | None = None


def piece_key(mark: PictureMark | ShadeMark, canvas: Canvas) -> str:
    """What a piece is made from, hashed: its content and its size, never its place."""
    left, top, right, bottom = canvas.box(mark.rect)
    content = {**plain(mark), "layer": "", "rect": [right - left, bottom - top]}
    profile = canvas.profile.look_key if canvas.profile else "srgb"
    request = [RECIPE, ENGINES, "piece 2", type(mark).__name__, content, canvas.density, profile]
    request += _ink_decisions(canvas, inks_of(mark), mark)
    if has_strips(mark, canvas):
        request.append(f"strips {STRIP_RECIPE}, {PIECE_STRIP_RECIPE}")
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def has_strips(mark: PictureMark | ShadeMark, canvas: Canvas) -> bool:
    """Whether a mark above live layers is so large that it is painted in strips."""
    left, top, right, bottom = canvas.box(mark.rect)
    return bool(canvas.profile and is_large((right - left, bottom - top)))


def is_opaque(mark: PictureMark | ShadeMark, photograph: Photograph) -> bool:
    """Whether nothing shows through a mark: it is then what it shows, and need not be told from its ground."""
    if isinstance(mark, ShadeMark) or mark.shadow or mark.media_type == placed_pixels.SVG:
        return False
    return photograph(mark.digest).mode == "RGB"


def opaque_strips(mark: PictureMark, canvas: Canvas, photograph: Photograph, drawn: Drawn) -> Iterator[Painting]:
    """The strips of a mark through which nothing shows, from the top."""
    left, top, right, bottom = canvas.box(mark.rect)
    source, spots = _strip_source(photograph, drawn), spot_layers.spots_in(inks_of(mark))
    rows = strip_rows(right - left)
    for row in range(top, bottom, rows):
        size = right - left, min(rows, bottom - row)
        there = replace(canvas, origin=(left, row))
        strip = Painting.blank(there, size, (0,) * len(canvas.mode), spots, is_strip=True)
        placed_pixels.paint_picture([strip], mark, source)
        yield strip


def piece_extent(
    mark: PictureMark | ShadeMark, canvas: Canvas, photograph: Photograph, drawn: Drawn
) -> tuple[int, int, int, int]:
    """The pixels that a mark may reach, its shadow included, which is reckoned as strips have it."""
    box = canvas.box(mark.rect)
    if not (isinstance(mark, PictureMark) and mark.shadow):
        return box
    return placed_pixels.with_wide_shadow(mark, box, _strip_source(photograph, drawn))


def piece_strips(
    mark: PictureMark | ShadeMark, canvas: Canvas, photograph: Photograph, drawn: Drawn
) -> Iterator[PaintedPiece]:
    """The strips of a mark, from the top, each with its alpha, and parted. `piece_extent` says what they fill."""
    left, top, right, bottom = piece_extent(mark, canvas, photograph, drawn)
    source, spots = _strip_source(photograph, drawn), spot_layers.spots_in(inks_of(mark))
    rows = strip_rows(right - left)
    for row in range(top, bottom, rows):
        last = min(row + rows, bottom)
        around = max(top, row - FAR), min(bottom, last + FAR)  # from where colours are run out
        local, size = replace(canvas, origin=(left, around[0])), (right - left, around[1] - around[0])
        light, dark = _on_nothing(mark, local, size, source, spots, is_strip=True)
        color, alpha = matted(light.picture, dark.picture)
        color = _run_out(color, alpha, dark, spots)
        inner = 0, row - around[0], right - left, last - around[0]
        color, alpha, dark = color.crop(inner), alpha.crop(inner), dark.crop(inner)
        parted = spot_layers.parted(dark, alpha, spots) if spots else spot_layers.Parted(color, alpha, ())
        limit = next(iter(light.limits.values()), None)
        yield PaintedPiece(color, alpha, (0, row - top), parted, limit)


def paint_piece(
    mark: PictureMark | ShadeMark,
    canvas: Canvas,
    photograph: Photograph,
    drawn: Drawn,
) -> PaintedPiece:
    """Paint one mark on nothing."""
    left, top, right, bottom = canvas.box(mark.rect)
    margin = right - left if isinstance(mark, PictureMark) and mark.shadow else 0
    size = (max(1, right - left) + 2 * margin, max(1, bottom - top) + 2 * margin)
    local = replace(canvas, origin=(left - margin, top - margin))
    spots = spot_layers.spots_in(inks_of(mark)) if canvas.profile else {}
    light, dark = _on_nothing(mark, local, size, placed_pixels.source_of(photograph, drawn), spots)
    color, alpha = matted(light.picture, dark.picture)
    box = alpha.getbbox() or (0, 0, 1, 1)
    color, alpha, dark = color.crop(box), alpha.crop(box), dark.crop(box)
    parted = spot_layers.parted(dark, alpha, spots) if spots else None
    color = _run_out(color, alpha, dark, spots)
    whole = alpha.getextrema()[0] == 255
    limit = next(iter(light.limits.values()), None)
    return PaintedPiece(color, None if whole else alpha, (box[0] - margin, box[1] - margin), parted, limit)


def _on_nothing(
    mark: PictureMark | ShadeMark, canvas: Canvas, size: tuple[int, int], source: Source, spots: Iterable[str],
    is_strip: bool = False,
) -> list[Painting]:  # fmt: skip
    """A mark over all channels full, and over all empty."""
    grounds = ((level,) * len(canvas.mode) for level in (255, 0))
    plates = [Painting.blank(canvas, size, ground, spots, is_strip) for ground in grounds]
    if isinstance(mark, ShadeMark):
        for plate in plates:
            placed_pixels.paint_shade(plate, mark)
    else:
        placed_pixels.paint_picture(plates, mark, source)
    return plates


def _run_out(color: Image.Image, alpha: Image.Image, dark: Painting, spots: Mapping[str, Ink]) -> Image.Image:
    """The colours of a piece, with what stands for its spots, as they are seen."""
    painted = spot_layers.in_process_inks(dark, spots)
    return run_out(in_full(painted, alpha) if spots else color, painted, alpha)


def _strip_source(photograph: Photograph, drawn: Drawn) -> Source:
    return placed_pixels.source_of(placed_pixels.few_kept(photograph), drawn)


def opened(data: bytes) -> Image.Image:
    """A picture file in sRGB: RGB, or RGBA where it is transparent."""
    with Image.open(io.BytesIO(data)) as picture:
        return inks.as_srgb(picture)


def _merged(color: Image.Image, alpha: Image.Image) -> Image.Image:
    """RGBA."""
    color.putalpha(alpha)
    return color


# ------------------------------------------------------------------------------------------------- open choices


def has_choices(sheet: Sheet) -> bool:
    """Whether anything is to be settled that lies over more than the plate and flat shapes."""
    is_open = any(
        len(mark.inks if isinstance(mark, TextMark) else mark.candidates) > 1
        for mark in ungrouped(sheet.marks)
        if isinstance(mark, (TextMark, LogoMark))
    )
    return is_open and len(levels_of(sheet.marks)) > 1


def settle(
    sheet: Sheet, grounds: Mapping[str, TextGround], artwork: Callable[[str], Artwork],
    stock_in: Callable[[Rect], str] = lambda rect: WHITE,
) -> tuple[Sheet, tuple[Choice, ...]]:  # fmt: skip
    """Settle every open choice: of a layer's candidates the one that stands out best from the worst tenth of its
    ground; a text's is where its words are, a logo's where that shows. ``grounds`` are those of texts and logos,
    ``artwork`` answers a logo by the digest of its SVG; ``stock_in`` what is printed on in a box (#RRGGBB)."""
    choices: list[Choice] = []
    places = {one.mark.layer: one for one in sheet.placed}

    def settled(mark: Mark) -> Mark:
        if isinstance(mark, TextMark) and len(mark.inks) > 1:
            place = places[mark.layer]
            words = bounds(mark.fit.extent, place.matrix) if mark.fit else None
            inks = [(ink, ink.rgb, place.bounds) for ink in mark.inks]
            ink, contrast = _best(inks, grounds[mark.layer], stock_in, words)
            choices.append(Choice(mark.layer, ink.name, contrast))
            return replace(mark, inks=(ink,))
        if isinstance(mark, LogoMark):
            matrix = places[mark.layer].matrix
            versions = [(item, artwork(item[1])) for item in mark.candidates]
            colors = [(item, logo_color(art), bounds(shown_of_logo(mark, art), matrix)) for item, art in versions]
            best, contrast = _best(colors, grounds[mark.layer], stock_in)
            choices.append(Choice(mark.layer, best[0], contrast))
            return replace(mark, candidates=(best,))
        return mark

    return replace(sheet, marks=changed(sheet.marks, settled)), tuple(choices)


def shown_of_logo(mark: LogoMark, artwork: Artwork) -> Rect:
    """Where something of a logo shows."""
    return bounds(artwork.ink, mark.matrix(artwork.width, artwork.height))


def logo_color(artwork: Artwork) -> tuple[int, int, int]:
    """The colour that carries a logo: that of the fill with the most outline."""
    if artwork.color:
        red, green, blue = bytes.fromhex(artwork.color[1:])
        return red, green, blue
    weights: dict[str, int] = {}
    for path in artwork.paths:
        weights[path.fill] = weights.get(path.fill, 0) + sum(map(path.outline.count, "mlch"))
    fill = max(weights, key=lambda name: weights[name])
    return int(fill[1:3], 16), int(fill[3:5], 16), int(fill[5:7], 16)


def _best(
    candidates: list[tuple[T, tuple[int, int, int], Rect]], ground: TextGround, stock_in: Callable[[Rect], str],
    part: Rect | None = None,
) -> tuple[T, float]:  # fmt: skip
    """The candidate that stands out best from what is under its box, or a part of that, the first of those alike, and
    its contrast ratio."""
    seen = [(rect, color_on_stock(rgb, stock_in(part or rect))) for _, rgb, rect in candidates]
    scores = [round(ground.contrast(rect, rgb, part), 2) for rect, rgb in seen]
    at = scores.index(max(scores))
    return candidates[at][0], scores[at]
