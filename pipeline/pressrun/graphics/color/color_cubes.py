"""Colour tables of three dimensions: read from `.cube` files, made of a function, and looked up."""

from __future__ import annotations

from collections.abc import Callable

import numpy
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressrun.graphics.pixels.strips import strips_of

Values = NDArray[numpy.float64]
FINE = 52  # values of each channel in a cube of our own: every fifth level exactly
PILLOWS_LARGEST = 65
LARGEST = 129


class Cube(Struct, frozen=True):
    """``table`` has sRGB from 0 to 1 by red, green and blue; ``low`` and ``high`` are what its edges stand for."""

    table: Values
    low: tuple[float, float, float] = (0.0, 0.0, 0.0)
    high: tuple[float, float, float] = (1.0, 1.0, 1.0)

    @classmethod
    def of(cls, function: Callable[[Values], Values], size: int = FINE) -> Cube:
        """What a function makes of every colour."""
        steps = numpy.linspace(0, 1, size)
        return cls(function(numpy.stack(numpy.meshgrid(steps, steps, steps, indexing="ij"), -1)))

    @property
    def is_whole(self) -> bool:
        """Whether its edges are black and white."""
        return self.low == (0.0, 0.0, 0.0) and self.high == (1.0, 1.0, 1.0)


class Curve(Struct, frozen=True):
    """A table of one dimension a channel: ``table`` is of rows of red, green and blue."""

    table: Values
    low: tuple[float, float, float] = (0.0, 0.0, 0.0)
    high: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def levels(self) -> list[int]:
        """768 values for `Image.point`."""
        at = numpy.arange(256) / 255
        levels: list[int] = []
        for channel in range(3):
            places = numpy.linspace(self.low[channel], self.high[channel], len(self.table))
            values = numpy.interp(at, places, self.table[:, channel])
            levels += numpy.rint(255 * values.clip(0, 1)).astype(int).tolist()
        return levels


def read_cube(data: bytes) -> Cube | Curve:
    """A `.cube` file (Adobe Cube LUT Specification 1.0). Raises ValueError with what is wrong, and in which line."""
    sizes: dict[str, int] = {}
    edges = {"DOMAIN_MIN": (0.0, 0.0, 0.0), "DOMAIN_MAX": (1.0, 1.0, 1.0)}
    rows: list[tuple[float, float, float]] = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words or words[0] == "TITLE":
            continue
        if words[0] in ("LUT_1D_SIZE", "LUT_3D_SIZE"):
            sizes[words[0]] = _size(words, number)
        elif words[0] in edges:
            edges[words[0]] = _three(words[1:], number)
        elif words[0] in ("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE"):
            least, most = _numbers(words[1:], number, 2)
            edges = {"DOMAIN_MIN": (least, least, least), "DOMAIN_MAX": (most, most, most)}
        elif words[0][0].isalpha() and words[0].lower() not in ("nan", "inf", "infinity"):
            continue  # words of other programs
        else:
            rows.append(_three(words, number))
    if len(sizes) != 1:
        raise ValueError("it says not whether it is LUT_1D_SIZE or LUT_3D_SIZE" if not sizes else "it has two sizes")
    [(kind, size)] = sizes.items()
    wanted = size if kind == "LUT_1D_SIZE" else size**3
    if len(rows) != wanted:
        raise ValueError(f"{kind} {size} asks for {wanted} rows of numbers, and it has {len(rows)}")
    low, high = edges["DOMAIN_MIN"], edges["DOMAIN_MAX"]
    if not all(one < other for one, other in zip(low, high, strict=True)):
        raise ValueError("DOMAIN_MIN is not below DOMAIN_MAX")
    table = numpy.array(rows)
    if kind == "LUT_1D_SIZE":
        return Curve(table, low, high)
    return Cube(table.reshape(size, size, size, 3).transpose(2, 1, 0, 3), low, high)  # red changes fastest in the file


def _size(words: list[str], line: int) -> int:
    [size] = _numbers(words[1:], line, 1)
    most = 65536 if words[0] == "LUT_1D_SIZE" else LARGEST
    if not (2 <= size <= most and size == int(size)):
        raise ValueError(f"line {line}: {words[0]} is from 2 to {most}, not {size:g}")
    return int(size)


def _three(words: list[str], line: int) -> tuple[float, float, float]:
    red, green, blue = _numbers(words, line, 3)
    return red, green, blue


def _numbers(words: list[str], line: int, count: int) -> list[float]:
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"line {line}: {' '.join(words)!r} are no numbers") from None
    if len(numbers) != count or not numpy.isfinite(numbers).all():
        raise ValueError(f"line {line}: {' '.join(words)!r} should be {count} finite numbers")
    return numbers


def in_cube(picture: Image.Image, cube: Cube, tetrahedral: bool = False) -> Image.Image:
    """RGB looked up in a cube: between its values by all eight around (quickly), or by the four of the tetrahedron,
    which keeps greys grey."""
    size = len(cube.table)
    if not tetrahedral and cube.is_whole and size <= PILLOWS_LARGEST:
        values = cube.table.transpose(2, 1, 0, 3).ravel()
        return picture.filter(ImageFilter.Color3DLUT(size, values.tolist()))
    out = picture.copy()
    for strip, box in strips_of(picture, 500_000):
        at = _places(strip, cube)
        found = _tetrahedral(at, cube.table) if tetrahedral else _trilinear(at, cube.table)
        out.paste(Image.fromarray(numpy.rint(255 * found.clip(0, 1)).astype(numpy.uint8)), box)
    return out


def _places(strip: NDArray[numpy.uint8], cube: Cube) -> Values:
    """Where colours are in a cube, counted in its values."""
    low, high = numpy.array(cube.low), numpy.array(cube.high)
    at: Values = ((strip / 255 - low) / (high - low)).clip(0, 1) * (len(cube.table) - 1)
    return at


def _trilinear(at: Values, table: Values) -> Values:
    below = numpy.minimum(at.astype(int), len(table) - 2)
    share = at - below
    found: Values = numpy.zeros_like(at)
    for corner in range(8):
        steps = numpy.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])
        weight = numpy.where(steps, share, 1 - share).prod(-1, keepdims=True)
        red, green, blue = numpy.moveaxis(below + steps, -1, 0)
        found += weight * table[red, green, blue]
    return found


def _tetrahedral(at: Values, table: Values) -> Values:
    """From the corner below, one step after the other along the channels, that with the largest share first."""
    below = numpy.minimum(at.astype(int), len(table) - 2)
    share = at - below
    order = numpy.argsort(-share, axis=-1, kind="stable")
    sorted_share = numpy.take_along_axis(share, order, -1)
    corner = below.copy()
    red, green, blue = numpy.moveaxis(corner, -1, 0)
    before = table[red, green, blue]
    found: Values = before.copy()
    for rank in range(3):
        channel = order[..., rank : rank + 1]
        stepped = numpy.take_along_axis(corner, channel, -1) + 1
        numpy.put_along_axis(corner, channel, stepped, -1)
        red, green, blue = numpy.moveaxis(corner, -1, 0)
        after = table[red, green, blue]
        found += sorted_share[..., rank : rank + 1] * (after - before)
        before = after
    return found
