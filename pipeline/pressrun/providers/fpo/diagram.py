"""A stand-in for a picture that shows words: a motif in the middle, and the words around it, each on a line to it."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from pressrun.graphics.typefaces import fonts
from pressrun.providers.fpo.canvas import Plane
from pressrun.providers.fpo.colour import Colour, mix
from pressrun.providers.fpo.forms import ellipse
from pressrun.providers.fpo.scene import Scene
from pressrun.providers.fpo.sticker import DRAWN, subject

SEEN = 0.02  # of full strength: what has changed by less is not part of the motif
STEPS, INSIDE = 400, 0.07  # of the way from the edge to the middle
FINE = 3  # words and lines are drawn this many times larger and reduced


def draw(scene: Scene, prompt: str, lettering: tuple[str, ...], grain: Plane) -> Image.Image:
    """The words stand left and right of the motif, in the order of the prompt, from the top down; letter by letter as
    they are, as small as the longest of them needs."""
    canvas, tones = scene.canvas, scene.tones
    for c in range(3):
        canvas.px[c] = tones.tint(tones.wall, 0.3)[c]
    x, y, radius = scene.width / 2, scene.height / 2, scene.short * 0.37
    canvas.paint(canvas.shape(ellipse(x, y, radius, radius)), tones.tint(tones.wall, 0.8))
    ground = canvas.px.copy()
    DRAWN[subject(scene, prompt)](scene, x, y, radius * 1.5)
    motif = np.abs(canvas.px - ground).max(axis=0) > SEEN
    image = canvas.to_image(grain)
    _label(image, lettering, motif, (x, y), radius, mix(tones.ink, tones.deep, 0.3), tones.accent)
    return image


def tip(motif: npt.NDArray[np.bool_], start: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    """Where a line from the edge towards the middle comes to lie on the motif, a little inside its outline."""
    across, down = middle[0] - start[0], middle[1] - start[1]
    height, width = motif.shape
    for step in range(STEPS):
        part = step / STEPS
        x, y = start[0] + across * part, start[1] + down * part
        if motif[min(height - 1, round(y)), min(width - 1, round(x))]:
            part = min(1.0, part + INSIDE)
            return start[0] + across * part, start[1] + down * part
    return middle


def _label(
    image: Image.Image, words: tuple[str, ...], motif: npt.NDArray[np.bool_], middle: tuple[float, float],
    radius: float, ink: Colour, dot: Colour,
) -> None:  # fmt: skip
    width, height = image.size
    margin = min(image.size) * 0.06
    room = max(width * 0.12, middle[0] - radius * 1.1 - margin)
    size = min(image.size) * 0.05
    face = fonts.firago_bold()
    while size > 8 and max(_font(face, size).getlength(word) for word in words) > room:
        size *= 0.94
    # Once, in three times the size: Pillow draws lines without smooth edges.
    layer = Image.new("RGBA", (width * FINE, height * FINE))
    pen, font = ImageDraw.Draw(layer), _font(face, size * FINE)
    line, light = _rgb(ink), _rgb(dot)
    for index, word in enumerate(words):
        side = -1 if index % 2 == 0 else 1
        column = words[index % 2 :: 2]
        at = (index // 2 + 0.5) / len(column)
        y = middle[1] + (at - 0.5) * radius * (1.9 if len(column) > 1 else 0)
        edge = (middle[0] + side * radius, y)
        end = tip(motif, edge, middle)
        taken = margin + _font(face, size).getlength(word) + size * 0.4
        way = [(taken if side < 0 else width - taken, y), edge, end]
        pen.line([_fine(point) for point in way], fill=line, width=max(1, round(size * 0.07 * FINE)))
        spot = size * 0.16
        pen.ellipse([*_fine((end[0] - spot, end[1] - spot)), *_fine((end[0] + spot, end[1] + spot))], fill=light)
        anchor = "lm" if side < 0 else "rm"
        pen.text(_fine((margin if side < 0 else width - margin, y)), word, line, font, anchor)
    small = layer.convert("RGBa").resize(image.size, Image.Resampling.BOX).convert("RGBA")
    image.paste(small, (0, 0), small)


def _font(face: bytes, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(face), size)


def _fine(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * FINE, point[1] * FINE


def _rgb(colour: Colour) -> tuple[int, int, int, int]:
    red, green, blue = (round(255 * max(0.0, min(1.0, part))) for part in colour)
    return red, green, blue, 255
