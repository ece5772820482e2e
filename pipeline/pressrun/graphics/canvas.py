"""Where pixels are painted, and the flat shapes that are painted there."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

from pressrun.graphics.inks import PressProfile
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.sheet import ShapeMark

OVERSAMPLE = 3  # shapes are drawn this many times larger and reduced, for smooth edges


@dataclass(frozen=True, slots=True)
class Canvas:
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

    def color(self, ink: Ink) -> tuple[int, ...]:
        return tuple(round(part * 2.55) for part in ink.cmyk) if self.profile else ink.rgb


def paint_shape(plate: Image.Image, mark: ShapeMark, canvas: Canvas) -> None:
    """Draw a flat shape in its exact colour with smooth edges, its stroke along the middle of its outline. A hairline
    is never lost between two pixels."""
    left, top, right, bottom = canvas.box(mark.rect)
    if mark.shape != "line":
        right, bottom = max(right, left + 1), max(bottom, top + 1)
    if mark.shape == "rect" and not mark.radius and not mark.stroke and mark.ink:
        whole = Image.new("L", (right - left, bottom - top), round(255 * mark.opacity))
        plate.paste(canvas.color(mark.ink), (left, top, right, bottom), whole)
        return
    stroke = mark.stroke_width * canvas.density / 72
    pad = int(stroke) + 1
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    inner = [pad * OVERSAMPLE, pad * OVERSAMPLE, (width - pad) * OVERSAMPLE - 1, (height - pad) * OVERSAMPLE - 1]
    radius = mark.radius * canvas.density / 72 * OVERSAMPLE
    line = max(1, round(stroke * OVERSAMPLE))
    half = line // 2 if mark.stroke else 0
    outer = [inner[0] - half, inner[1] - half, inner[2] + half, inner[3] + half]
    for ink, outline in ((mark.ink, False), (mark.stroke, True)):
        if ink is None:
            continue
        mask = Image.new("L", (width * OVERSAMPLE, height * OVERSAMPLE), 0)
        draw = ImageDraw.Draw(mask)
        box, rounded = (outer, radius) if outline else (inner, max(0, radius - half))  # as Typst rounds them
        paint_it = {"outline": 255, "width": line} if outline else {"fill": 255}
        if mark.shape == "line":
            draw.line(inner, fill=255, width=line)
        elif mark.shape == "ellipse":
            draw.ellipse(box, **paint_it)
        else:
            draw.rounded_rectangle(box, rounded, **paint_it)  # type: ignore[arg-type]  # a colour and a width
        mask = mask.reduce(OVERSAMPLE).point(lambda value: round(value * mark.opacity))
        plate.paste(canvas.color(ink), (left - pad, top - pad, left - pad + width, top - pad + height), mask)
