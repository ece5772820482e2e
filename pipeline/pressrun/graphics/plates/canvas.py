"""Where pixels are painted, and the flat shapes that are painted there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image, ImageDraw

from pressrun.graphics.color.inks import PressProfile
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.inspection import PixelBox
from pressrun.model.rendering import InkLimit
from pressrun.model.sheet import ShapeMark

Level = tuple[int, ...]  # of each channel
OVERSAMPLE = 3  # shapes are drawn this many times larger and reduced, for smooth edges


class Canvas(Struct, frozen=True):
    """Where a plate, or a part of one from ``origin`` on (in pixels), is painted: pixels per inch, and the profile if
    it is CMYK (else sRGB)."""

    density: float
    profile: PressProfile | None
    origin: tuple[int, int] = (0, 0)

    @property
    def mode(self) -> str:
        return "CMYK" if self.profile else "RGB"

    def box(self, rect: Rect) -> tuple[int, int, int, int]:
        """The rectangle's pixel edges, rounded so that neighbours share theirs."""
        scale, (x, y) = self.density / 72, self.origin
        left, top, right, bottom = rect.x * scale, rect.y * scale, rect.right * scale, rect.bottom * scale
        return round(left) - x, round(top) - y, round(right) - x, round(bottom) - y

    def whole(self, page: Rect) -> tuple[int, int]:
        """How many pixels across and down a page has, of which this may be a part."""
        return round(page.right * self.density / 72), round(page.bottom * self.density / 72)

    def color(self, ink: Ink) -> tuple[int, ...]:
        """Of an ink in the channels of the mode: of a spot there is nothing on process plates."""
        if self.profile is None:
            return ink.rgb
        return (0, 0, 0, 0) if ink.spot else tuple(round(part * 2.55) for part in ink.cmyk)

    @staticmethod
    def cover(ink: Ink, spot: str) -> int:
        """How much of a spot an ink has, of 255."""
        return round(255 * ink.spot_share) if ink.spot == spot else 0


class Painting(Struct):
    """A picture in the mode of its ``canvas``, and the cover of each spot that is painted in it (one byte a pixel);
    ``limits`` are of pictures that had too much ink, by their digests."""

    picture: Image.Image
    canvas: Canvas
    spots: dict[str, Image.Image] = field(default_factory=dict)
    limits: dict[str, InkLimit] = field(default_factory=dict)
    is_strip: bool = False  # of a plate too large to be painted as a whole

    @classmethod
    def blank(
        cls, canvas: Canvas, size: tuple[int, int], ground: Ink | Level, spots: Iterable[str], is_strip: bool = False
    ) -> Painting:
        """One all in an ink, or in one level of each channel without any spot."""
        color = canvas.color(ground) if isinstance(ground, Ink) else ground
        shares = {spot: canvas.cover(ground, spot) if isinstance(ground, Ink) else 0 for spot in spots}
        covers = {spot: Image.new("L", size, share) for spot, share in shares.items()}
        return cls(Image.new(canvas.mode, size, color), canvas, covers, is_strip=is_strip)

    def part_of(self, box: PixelBox) -> PixelBox | None:
        """What of a box is to be painted: all of it, on a strip what lies there; None where nothing does."""
        if not self.is_strip:
            return box
        left, top, right, bottom = box
        width, height = self.picture.size
        part = max(0, left), max(0, top), min(width, right), min(height, bottom)
        return part if part[0] < part[2] and part[1] < part[3] else None

    def lay(self, ink: Ink, box: PixelBox, mask: Image.Image | None = None) -> None:
        """Paint an ink into a box, as much of it as the mask says. Black that overprints leaves the others as they are.
        """
        if self.canvas.profile and ink.overprints:
            self._overprint(ink, box, mask)
            return
        self.picture.paste(self.canvas.color(ink), box, mask)
        for spot, cover in self.spots.items():
            cover.paste(self.canvas.cover(ink, spot), box, mask)

    def _overprint(self, ink: Ink, box: PixelBox, mask: Image.Image | None) -> None:
        below = self.picture.crop(box)
        *colors, black = below.split()
        black.paste(self.canvas.color(ink)[3], (0, 0, *black.size), mask)
        self.picture.paste(Image.merge(below.mode, (*colors, black)), box)

    def put(
        self, picture: Image.Image, box: PixelBox, mask: Image.Image | None, spots: Mapping[str, Image.Image]
    ) -> None:
        """Paint a picture into a box, with covers of the spots that it has."""
        self.picture.paste(picture, box, mask)
        for spot, cover in self.spots.items():
            cover.paste(spots.get(spot, 0), box, mask)

    def tell(self, limit: InkLimit | None) -> None:
        """Keep what became of a picture: of one that shows twice, where it had more ink."""
        if limit:
            known = self.limits.get(limit.digest, limit)
            self.limits[limit.digest] = max(limit, known, key=lambda one: one.had)

    def crop(self, box: PixelBox) -> Painting:
        x, y = self.canvas.origin
        there = replace(self.canvas, origin=(x + box[0], y + box[1]))
        return Painting(self.picture.crop(box), there, {name: cover.crop(box) for name, cover in self.spots.items()})


def paint_shape(plate: Painting, mark: ShapeMark) -> None:
    """Draw a flat shape in its exact colour with smooth edges, its stroke along the middle of its outline. A hairline
    is never lost between two pixels."""
    canvas = plate.canvas
    left, top, right, bottom = canvas.box(mark.rect)
    if mark.shape != "line":
        right, bottom = max(right, left + 1), max(bottom, top + 1)
    if mark.shape == "rect" and not mark.radius and not mark.stroke and mark.ink:
        if shown := plate.part_of((left, top, right, bottom)):
            whole = Image.new("L", (shown[2] - shown[0], shown[3] - shown[1]), round(255 * mark.opacity))
            plate.lay(mark.ink, shown, whole)
        return
    stroke = mark.stroke_width * canvas.density / 72
    pad = int(stroke) + 1
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    around = left - pad, top - pad, left - pad + width, top - pad + height
    part = plate.part_of(around)
    if part is None:
        return
    if mark.opacity < 1 and mark.ink and mark.stroke:  # as one: its fill is not seen through its stroke
        alone = plate.crop(part)
        paint_shape(alone, replace(mark, opacity=1.0))
        size = alone.picture.size
        plate.put(alone.picture, part, Image.new("L", size, round(255 * mark.opacity)), alone.spots)
        return
    across, down = ((at - begin) * OVERSAMPLE for at, begin in zip(part, around[:2], strict=False))
    inner = [
        pad * OVERSAMPLE - across,
        pad * OVERSAMPLE - down,
        (width - pad) * OVERSAMPLE - 1 - across,
        (height - pad) * OVERSAMPLE - 1 - down,
    ]
    radius = mark.radius * canvas.density / 72 * OVERSAMPLE
    line = max(1, round(stroke * OVERSAMPLE))
    half = line // 2 if mark.stroke else 0
    outer = [inner[0] - half, inner[1] - half, inner[2] + half, inner[3] + half]
    for ink, outline in ((mark.ink, False), (mark.stroke, True)):
        if ink is None:
            continue
        mask = Image.new("L", ((part[2] - part[0]) * OVERSAMPLE, (part[3] - part[1]) * OVERSAMPLE), 0)
        draw = ImageDraw.Draw(mask)
        box, rounded = (outer, radius) if outline else (inner, max(0, radius - half))  # as Typst rounds them
        paint_it = {"outline": 255, "width": line} if outline else {"fill": 255}
        if mark.shape == "line":
            _draw_line(draw, inner, line)
        elif mark.shape == "ellipse":
            draw.ellipse(box, **paint_it)
        else:
            draw.rounded_rectangle(box, rounded, **paint_it)  # type: ignore[arg-type]  # a colour and a width
        mask = mask.reduce(OVERSAMPLE).point(lambda value: round(value * mark.opacity))
        plate.lay(ink, part, mask)


def _draw_line(draw: ImageDraw.ImageDraw, ends: list[int], width: int) -> None:
    """From one end to the other. A level one is a rectangle, as an upright one: Pillow draws it thinner by a pixel."""
    left, top, right, bottom = ends
    before, behind = width // 2, width - width // 2 - 1
    if bottom <= top:
        draw.rectangle((left, top - before, right, top + behind), fill=255)
    elif right <= left:
        draw.rectangle((left - before, top, left + behind, bottom), fill=255)
    else:
        draw.line(ends, fill=255, width=width)
