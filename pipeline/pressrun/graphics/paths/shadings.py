"""Gradients as PDF's shadings (ISO 32000-1, 8.7.4.5), and as pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import numpy
import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name
from PIL import Image

from pressrun.graphics.paths.outlines import written
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.inspection import PixelBox
from pressrun.model.paint import Gradient
from pressrun.model.rendering import Shading

DIGITS = 6  # after the point, of a share of an ink
ROOM = 2.0  # points around what is filled, for smooth edges
Parts = tuple[float, ...]  # of a colour in its space, from 0 to 1


class Ramp(Struct, frozen=True):
    """Stops in a colour space: how far on the way each is, and its parts."""

    space: pikepdf.Object
    stops: tuple[tuple[float, Parts], ...]


def shading(gradient: Gradient, rect: Rect) -> Shading:
    """A gradient across a rectangle."""
    room = rect.inset(-ROOM, -ROOM, -ROOM, -ROOM)
    if gradient.kind == "radial":
        x, y = rect.x + gradient.middle[0] * rect.width, rect.y + gradient.middle[1] * rect.height
        corners = [(right, down) for right in (rect.x, rect.right) for down in (rect.y, rect.bottom)]
        farthest = max(math.hypot(right - x, down - y) for right, down in corners)
        return Shading((x, y, 0.0, x, y, gradient.radius.points(farthest)), gradient.stops, room)
    angle = math.radians(gradient.angle)
    across, down = math.sin(angle), -math.cos(angle)
    half = (abs(across) * rect.width + abs(down) * rect.height) / 2
    x, y = rect.x + rect.width / 2, rect.y + rect.height / 2
    ends = (x - across * half, y - down * half, x + across * half, y + down * half)
    return Shading(ends, gradient.stops, room)


def written_shading(filled: Shading, ramp: Ramp) -> Dictionary:
    """A shading that goes on beyond its ends in their colours."""
    return Dictionary(
        ShadingType=2 if len(filled.coords) == 4 else 3,
        ColorSpace=ramp.space,
        Coords=numbers(filled.coords),
        Function=_function(ramp.stops),
        Extend=Array([True, True]),
    )


def written_cover(pdf: pikepdf.Pdf, filled: Shading) -> Dictionary:
    """How much a gradient covers, as a soft mask of the same shading in gray (ISO 32000-1, 11.6.5.3)."""
    gray = Ramp(Name.DeviceGray, tuple((stop.at, (stop.opacity,)) for stop in filled.stops))
    resources = Dictionary(Shading=Dictionary(Cover=written_shading(filled, gray)))
    return _cover(pdf, filled.extent, b"/Cover sh", resources)


def pixel_cover(pdf: pikepdf.Pdf, picture: Image.Image, rect: Rect) -> Dictionary:
    """The same of pixels of one byte, stretched to a rectangle."""
    shown = pikepdf.Stream(
        pdf,
        picture.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    place = " ".join(map(written, (rect.width, 0, 0, -rect.height, rect.x, rect.bottom)))
    return _cover(pdf, rect, f"{place} cm /Cover Do".encode(), Dictionary(XObject=Dictionary(Cover=shown)))


def _cover(pdf: pikepdf.Pdf, extent: Rect, content: bytes, resources: Dictionary) -> Dictionary:
    form = pikepdf.Stream(
        pdf,
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=numbers((extent.x, extent.y, extent.right, extent.bottom)),
        Resources=resources,
        Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray),
    )
    return Dictionary(SMask=Dictionary(S=Name.Luminosity, G=form))


def _function(stops: Sequence[tuple[float, Parts]]) -> Dictionary:
    """Lines from stop to stop (ISO 32000-1, 7.10.4); of two at one place the colour changes at once."""
    ways = list(_ways(stops))
    if len(ways) == 1:
        return _line(*ways[0][1:])
    return Dictionary(
        FunctionType=3,
        Domain=Array([0, 1]),
        Functions=Array([_line(begin, end) for _, begin, end in ways]),
        Bounds=numbers([at for at, _, _ in ways[1:]]),
        Encode=Array([0, 1] * len(ways)),
    )


def _ways(stops: Sequence[tuple[float, Parts]]) -> Iterator[tuple[float, Parts, Parts]]:
    """From stop to stop all the way from 0 to 1: where each part begins, and its first and last colour."""
    (first, begin), (last, end) = stops[0], stops[-1]
    for (at, one), (until, other) in pairwise([(0.0, begin), *stops, (1.0, end)]):
        if until > at:
            yield at, one, other
    if first == last in (0.0, 1.0):  # all at one end
        yield 0.0, end, end


def _line(begin: Parts, end: Parts) -> Dictionary:
    ends = {"/C0": numbers(begin, DIGITS), "/C1": numbers(end, DIGITS)}
    return Dictionary({"/FunctionType": 2, "/Domain": Array([0, 1]), "/N": 1, **ends})


def numbers(several: Sequence[float], digits: int = 4) -> Array:
    return Array([Decimal(written(number, digits)) for number in several])


def pixels(
    gradient: Gradient, rect: Rect, density: float, box: PixelBox, look: Callable[[Ink], str]
) -> Image.Image:
    """What is seen of an opaque gradient across a rectangle, in a box of a page's pixels (RGB)."""
    filled = shading(gradient, rect)
    x, y = (((numpy.arange(*ends) + 0.5) * 72 / density) for ends in ((box[0], box[2]), (box[1], box[3])))
    if len(filled.coords) == 4:
        left, top, right, bottom = filled.coords
        across, down = right - left, bottom - top
        way = ((x[None, :] - left) * across + (y[:, None] - top) * down) / max(across**2 + down**2, 1e-9)
    else:
        way = numpy.hypot(x[None, :] - filled.coords[0], y[:, None] - filled.coords[1]) / filled.coords[5]
    places = [stop.at for stop in filled.stops]
    colors = [bytes.fromhex(look(stop.ink)[1:]) for stop in filled.stops]
    channels = [numpy.interp(way, places, [color[one] for color in colors]) for one in range(3)]
    return Image.fromarray(numpy.rint(numpy.stack(channels, axis=2)).astype(numpy.uint8), "RGB")
