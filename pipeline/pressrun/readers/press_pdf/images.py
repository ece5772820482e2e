"""How much ink a CMYK picture lays down, measured square millimetre by square millimetre."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy
import pikepdf
from PIL import Image

from pressrun.readers.press_pdf.facts import ColorSpace, Object

MOST_PIXELS = 120_000_000
MM_PER_INCH = 25.4


class NotMeasured(Exception):
    """Why a picture's ink is not known."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Percent of ink on all plates: the most that any square millimetre has, and the part of the area over a limit."""

    most: float
    heavy: float


def measure_ink(image: Object, space: ColorSpace, ppi: float, limit: float) -> Coverage | None:
    """The ink of a picture placed at `ppi`; None if it is not CMYK. Averaged over a square millimetre, since the
    noise of single pixels is nothing that paper knows. Raises NotMeasured."""
    if not space.ground.is_cmyk:
        return None
    width, height = int(image.Width), int(image.Height)
    if width * height > MOST_PIXELS:
        raise NotMeasured(f"{width} x {height} pixels are too many to look at")
    total = _total(image, space, width, height)
    side = max(1, min(round(ppi / MM_PER_INCH), width, height))
    rows, columns = height // side, width // side
    blocks = total[: rows * side, : columns * side].reshape(rows, side, columns, side).mean(axis=(1, 3))
    return Coverage(float(blocks.max()), float((blocks > limit).mean()))


def _total(image: Object, space: ColorSpace, width: int, height: int) -> numpy.ndarray:
    """Percent of ink a pixel, all plates together."""
    samples = _samples(image, space, width, height)
    if space.kind == "Indexed":
        table = _palette(image.ColorSpace)
        return numpy.asarray(table[numpy.minimum(samples, len(table) - 1)])
    ink = samples.astype(numpy.float32).sum(axis=2) / 255 * 100
    decode = [float(number) for number in image.get("/Decode", [0, 1] * 4)]
    if decode == [1.0, 0.0] * 4:
        return numpy.asarray(400 - ink)
    if decode != [0.0, 1.0] * 4:
        raise NotMeasured("its Decode array stretches the inks")
    return numpy.asarray(ink)


def _samples(image: Object, space: ColorSpace, width: int, height: int) -> numpy.ndarray:
    filters = image.get("/Filter", [])
    last = str(filters if isinstance(filters, pikepdf.Name) else filters[-1] if len(filters) else "")
    bits, channels = int(image.get("/BitsPerComponent", 8)), 4 if space.is_cmyk else 1
    try:
        if last in ("/DCTDecode", "/DCT", "/JPXDecode"):
            if not isinstance(filters, pikepdf.Name) and len(filters) > 1:
                raise NotMeasured("it is compressed twice")
            return _decoded(image.read_raw_bytes(), last, space)
        data = image.read_bytes()
    except (pikepdf.PdfError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotMeasured(f"it cannot be decoded: {error}") from error
    if bits not in (8, 16):
        raise NotMeasured(f"it has {bits} bits a sample")
    step = bits // 8
    if len(data) < width * height * channels * step:
        raise NotMeasured("its data end too early")
    flat = numpy.frombuffer(data, numpy.uint8, width * height * channels * step)[::step]
    return flat.reshape((height, width, channels) if channels > 1 else (height, width))


def _decoded(data: bytes, kind: str, space: ColorSpace) -> numpy.ndarray:
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # ours is looked at before
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            if picture.mode != "CMYK" or not space.is_cmyk:
                raise NotMeasured(f"it says CMYK and holds {picture.mode}")
            samples = numpy.asarray(picture)
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    # Pillow turns every CMYK JPEG around, as Adobe's applications write them; PDF goes by Decode alone.
    return samples if kind == "/JPXDecode" else 255 - samples


def _palette(written: Object) -> numpy.ndarray:
    lookup = written[3]
    data = lookup.read_bytes() if isinstance(lookup, pikepdf.Stream) else bytes(lookup)
    colors = numpy.frombuffer(data[: len(data) // 4 * 4], numpy.uint8).reshape(-1, 4)
    if not len(colors):
        raise NotMeasured("its palette is empty")
    return numpy.asarray(colors.astype(numpy.float32).sum(axis=1) / 255 * 100)
