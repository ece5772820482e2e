"""Pictures that reach out to the bleed and are white there, though what they show ends at the trim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy
import pikepdf
from numpy.typing import NDArray

from pressrun.model.edge_artwork import DEPTH, ROUNDING, ends_short
from pressrun.readers.press_pdf.bleed import SIDES
from pressrun.readers.press_pdf.budget import Budget, TooLong
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Rectangle
from pressrun.readers.press_pdf.graphics_state import across
from pressrun.readers.press_pdf.images import ENOUGH, NotMeasured, decode_of, opened
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.streams import filters_of, unpacked

MOST_PIXELS = 40_000_000  # of a picture that is looked at
_ADDS_LIGHT = frozenset({"DeviceGray", "DeviceRGB", "CalGray", "CalRGB", "ICCBased"})
Samples = NDArray[numpy.uint8]
Decoded = tuple[Samples, bool]
"""Samples by row and column, and whether 0 is full ink before the Decode array."""


def white_edges(
    image: Any, space: ColorSpace, size: tuple[int, int], matrix: Matrix, trim: Rectangle, bleed: float, budget: Budget,
    decoded: Decoded | None = None,
) -> Iterator[tuple[str, Rectangle]]:  # fmt: skip
    """Each side with the strip where a picture, placed by a ``matrix``, is white although its artwork goes on inside;
    ``bleed`` in points. Nothing of what cannot be read, which is told elsewhere."""
    at = across(matrix, 0, 0, 1, 1)
    sides = [side for side, (edge, outwards) in SIDES.items() if (at[edge] - trim[edge]) * outwards >= bleed - ROUNDING]
    if not sides or (ink := _ink(image, space, size, matrix, budget, decoded)) is None:
        return
    samples, turned = ink
    height, width = samples.shape[:2]
    per_point = width / (at[2] - at[0]), height / (at[3] - at[1])
    for side in sides:
        edge, outwards = SIDES[side]
        outward_axis, along = edge % 2, 1 - edge % 2
        density = per_point[outward_axis]
        strip = _strip(samples, turned, side, density, abs(at[edge] - trim[edge]), bleed)
        rows = max(1, strip.shape[0])
        scale = density * (at[along + 2] - at[along]) / rows  # rows are made as dense as columns are
        for begin, end in ends_short(_as_dense(strip, scale), density, bleed):
            low, high = sorted((trim[edge], trim[edge] + bleed * outwards))
            start, stop = max(at[along] + begin, trim[along]), min(at[along] + end, trim[along + 2])
            if stop > start:
                yield side, (low, start, high, stop) if outward_axis == 0 else (start, low, stop, high)


def _strip(samples: Samples, turned: bool, side: str, density: float, over: float, bleed: float) -> Samples:
    """What `ends_short` looks at, rows from the left or from below, of a picture that reaches ``over`` points beyond
    the trim."""
    upright = samples[::-1]  # from below
    along = {
        "left": upright, "right": upright[:, ::-1], "bottom": upright.swapaxes(0, 1),
        "top": samples.swapaxes(0, 1),
    }[side]  # fmt: skip
    first = max(0, round((over - bleed) * density))
    strip = along[:, first : first + round((bleed + DEPTH) * density)]
    strip = numpy.invert(strip) if turned else strip
    return numpy.asarray(strip if strip.ndim == 2 else strip.max(axis=2))


def _as_dense(strip: Samples, scale: float) -> Samples:
    rows = numpy.minimum((numpy.arange(round(len(strip) * scale)) / scale).astype(int), len(strip) - 1)
    return numpy.asarray(strip[rows])


def _ink(
    image: Any, space: ColorSpace, size: tuple[int, int], matrix: Matrix, budget: Budget, decoded: Decoded | None
) -> Decoded | None:
    """Samples by row and column as they lie on the page, from its upper left, and whether the largest is white."""
    try:
        read = _samples(image, space, size, matrix, budget, decoded)
    except (TooLong, NotMeasured, OSError, ValueError, SyntaxError, pikepdf.PdfError):
        return None
    if read is None:
        return None
    samples, turned = read
    if abs(matrix.b) > abs(matrix.a):
        samples = samples.swapaxes(0, 1)
        right, down = matrix.c < 0, matrix.b < 0
    else:
        right, down = matrix.a > 0, matrix.d > 0
    return samples[:: 1 if down else -1, :: 1 if right else -1], turned


def _samples(
    image: Any, space: ColorSpace, size: tuple[int, int], matrix: Matrix, budget: Budget, decoded: Decoded | None
) -> Decoded | None:
    width, height = size
    if width * height > MOST_PIXELS or not (space.is_cmyk or space.kind in _ADDS_LIGHT):
        return None
    decode = decode_of(image)
    if decode not in ([], [0.0, 1.0] * space.components, [1.0, 0.0] * space.components):
        return None
    names = filters_of(image)
    turned = decode[:1] == [1.0]
    if decoded is not None and space.is_cmyk:
        samples, inverted = decoded
        turned = turned != inverted
    elif names == ["/DCTDecode"]:
        with opened(image.read_raw_bytes()) as picture:
            if len(picture.getbands()) != space.components or picture.size != size:
                return None
            less = max(1, int(72 * min(width / matrix.width, height / matrix.height) / ENOUGH))
            picture.draft(picture.mode, (width // less, height // less))
            budget.unpack(picture.width * picture.height)
            samples = numpy.asarray(picture)
        turned = turned != (space.components == 4)  # which Pillow turns over
    elif image.get("/BitsPerComponent") == 8 and not any(name in ("/DCTDecode", "/JPXDecode") for name in names):
        data, needed = unpacked(image, budget), width * height * space.components
        if len(data) < needed:
            return None
        samples = numpy.frombuffer(data, numpy.uint8, needed).reshape(height, width, space.components)
    else:
        return None
    return samples, space.is_cmyk == turned

