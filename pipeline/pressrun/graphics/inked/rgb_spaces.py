"""Spaces of red, green and blue in a PDF, and their values in inks: of single colours, functions and palettes."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy
import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageCms

from pressrun.graphics.color.inks import as_srgb

Parts = tuple[float, ...]  # of a colour, from 0 to 1
Inks = Callable[[tuple[float, float, float]], Parts]
"""The four inks (0 to 1) of an sRGB colour."""
MOST_SAMPLES = 4_000_000  # of a function
DEEPEST = 16
_OF_DATA = ("/Length", "/Filter", "/DecodeParms", "/Decode")
_DEVICES = frozenset({"/DeviceRGB", "/CalRGB", "/RGB"})


class Unsolved(Exception):
    """It is in RGB, and of a kind that cannot be rewritten in inks."""


class RgbSpace(Struct, frozen=True):
    """One of these spaces, with the ``profile`` that says what its values are; None: they are sRGB."""

    profile: bytes | None = None

    def srgb(self, picture: Image.Image) -> Image.Image:
        """A picture of its values, in sRGB."""
        return _of_profile(picture, self.profile) if self.profile else picture

    def one(self, parts: Sequence[Any]) -> tuple[float, float, float]:
        """A colour of three numbers, in sRGB."""
        red, green, blue = (min(1.0, max(0.0, float(part))) for part in parts)
        return _one_of_profile((red, green, blue), self.profile) if self.profile else (red, green, blue)


def _of_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    picture.info["icc_profile"] = profile
    return as_srgb(picture)


@functools.lru_cache(maxsize=4096)
def _one_of_profile(parts: tuple[float, float, float], profile: bytes) -> tuple[float, float, float]:
    pixel = Image.new("RGB", (1, 1), tuple(round(part * 255) for part in parts))
    red, green, blue = _of_profile(pixel, profile).getpixel((0, 0))  # type: ignore[misc]  # RGB pixels are triples
    return red / 255, green / 255, blue / 255


def rgb_space(value: Any, named: Any = None) -> RgbSpace | None:
    """What a colour space is, if it is one of these; ``named`` are the spaces of its content's resources."""
    if isinstance(value, Name):
        by_name = named.get(str(value)) if isinstance(named, Dictionary) else None
        if by_name is not None and str(value) not in _DEVICES:
            return rgb_space(by_name)
        if str(value) in _DEVICES:
            default = named.get("/DefaultRGB") if isinstance(named, Dictionary) else None
            return (None if default is None else rgb_space(default)) or RgbSpace()
        return None
    if not isinstance(value, Array) or not len(value):
        return None
    kind = str(value[0])
    if kind == "/ICCBased" and len(value) > 1 and isinstance(value[1], Stream) and value[1].get("/N") == 3:
        return RgbSpace(_readable(value[1].read_bytes()))
    return RgbSpace() if kind in _DEVICES else None


@functools.lru_cache(maxsize=8)
def _readable(profile: bytes) -> bytes | None:
    """A profile whose colours are not simply sRGB; one that cannot be read is taken for it."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return None if "sRGB" in ImageCms.getProfileDescription(opened) else profile
    except (OSError, ImageCms.PyCMSError):
        return None


def function_in_inks(function: Any, space: RgbSpace, inks: Inks, pdf: pikepdf.Pdf, depth: int = 0) -> Any:
    """A function whose answers are colours of a space, with inks for them. Raises Unsolved for programs, and for lists
    of functions with one number each."""
    if depth > DEEPEST or not isinstance(function, Dictionary | Stream):
        raise Unsolved
    match function.get("/FunctionType"):
        case 0 if isinstance(function, Stream):
            return _samples_in_inks(function, space, inks, pdf)
        case 2:
            made = Dictionary(dict(function.items()))
            for key, default in (("/C0", [0, 0, 0]), ("/C1", [1, 1, 1])):
                made[key] = Array(written(inks(space.one(list(function.get(key, default))))))
            if "/Range" in made:
                made.Range = Array([0, 1] * 4)
            return pdf.make_indirect(made)
        case 3:
            made = Dictionary(dict(function.items()))
            parts = [function_in_inks(one, space, inks, pdf, depth + 1) for one in function.Functions]
            made.Functions = Array(parts)
            if "/Range" in made:
                made.Range = Array([0, 1] * 4)
            return pdf.make_indirect(made)
    raise Unsolved


def _samples_in_inks(function: Stream, space: RgbSpace, inks: Inks, pdf: pikepdf.Pdf) -> Stream:
    bits, spans = int(function.get("/BitsPerSample", 0)), [float(one) for one in function.get("/Range", [])]
    decode = [float(one) for one in function.get("/Decode", spans)]
    count = int(numpy.prod([int(one) for one in function.Size]))
    if bits not in (8, 16) or len(spans) != 6 or len(decode) != 6 or not 0 < count <= MOST_SAMPLES:
        raise Unsolved
    read = numpy.frombuffer(function.read_bytes(), dtype=">u2" if bits == 16 else numpy.uint8)
    if read.size < 3 * count:
        raise Unsolved
    values = read[: 3 * count].reshape(count, 3) / ((1 << bits) - 1)
    low, high = numpy.array(decode[::2]), numpy.array(decode[1::2])
    colors = numpy.clip(low + values * (high - low), 0, 1)
    known = {tuple(color): inks(space.one(color)) for color in numpy.unique(colors.round(4), axis=0).tolist()}
    levels = numpy.array([known[tuple(color)] for color in colors.round(4).tolist()])
    kept = {key: value for key, value in function.items() if key not in _OF_DATA}
    made = Stream(pdf, (levels * 255).round().astype(numpy.uint8).tobytes(), Dictionary(kept))
    made.BitsPerSample, made.Range = 8, Array([0, 1] * 4)
    return made


def palette_in_inks(space: Array, of: RgbSpace, inks: Inks) -> Array:
    """An Indexed space with a palette of inks."""
    lookup = space[3].read_bytes() if isinstance(space[3], Stream) else bytes(space[3])
    found = (lookup[at : at + 3] for at in range(0, len(lookup) - 2, 3))
    colors = [inks(of.one([part / 255 for part in color])) for color in found]
    written = b"".join(bytes(round(part * 255) for part in color) for color in colors)
    return Array([Name.Indexed, Name.DeviceCMYK, space[2], pikepdf.String(written)])


def written(parts: Parts) -> list[Any]:
    """As a PDF has its numbers."""
    return [Decimal(f"{part:.4f}") for part in parts]
