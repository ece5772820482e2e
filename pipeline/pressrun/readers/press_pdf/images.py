"""How much ink a CMYK picture lays down, measured square millimetre by square millimetre, and how it was packed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy
import pikepdf
from msgspec import Struct
from PIL import Image

from pressrun.readers.press_pdf.bilevel import FAX, fax_fault, fax_settings, jbig2_fault
from pressrun.readers.press_pdf.budget import ONE_STREAM, Budget, TooLong
from pressrun.readers.press_pdf.bytes_in_file import BytesInFile, Streams
from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.operators import first_line
from pressrun.readers.press_pdf.streams import Wrapped, coded, filters_of, unpacked

MOST_PIXELS = 650_000_000  # of a JPEG, which is decoded at an eighth of its size where it is large
MOST_WHOLE = ONE_STREAM // 4  # pixels of CMYK that are held at once
MOST_JPX = 15_000_000  # pixels; JPEG 2000 needs 20 bytes for each while it is unpacked
MM_PER_INCH = 25.4
ENOUGH = 100  # pixels to an inch that ink, and edges, are looked at with
STRIP = 250_000  # samples that are summed at once, which stay near the processor
_JPEG, _JPX = ("/DCTDecode", "/DCT"), "/JPXDecode"
_MIDDLE_TABLE = 3688  # the sum of the luminance table for quality 50 (ITU-T T.81, K.1)
_PLAIN = frozenset(("/FlateDecode", "/Fl", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"))
_KNOWN = _PLAIN | {*_JPEG, _JPX, "/CCITTFaxDecode", "/JBIG2Decode", "/Crypt", "/LZW", "/A85", "/AHx", "/RL", "/CCF"}
_PARTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
MOST_HEAD = 65_536  # bytes of a JPEG before its pixels, as most have them
MOST_COUNTED = 30_000_000  # bytes of a picture that is unpacked only to see whether it is all there
_JPX_SPACES = {16: ("DeviceRGB", 3), 17: ("DeviceGray", 1), 18: ("DeviceRGB", 3), 12: ("DeviceCMYK", 4), 14: ("Lab", 3)}


class NotMeasured(Exception):
    """Why a picture's ink is not known."""


def decode_of(image: Object) -> list[float]:
    """The Decode array of a picture, empty where it has none. Raises NotMeasured."""
    try:
        return [float(number) for number in image.get("/Decode", [])]
    except (TypeError, ValueError, pikepdf.PdfError) as fault:
        raise NotMeasured("its Decode array is no list of numbers") from fault


class Coverage(Struct, frozen=True):
    """Percent of ink on all plates: the most that any square millimetre has, and where that is (left, top, right and
    bottom as parts of the picture), and the part of the area over a limit."""

    most: float
    heavy: float
    at: tuple[float, float, float, float]


def measure_ink(
    image: Object, space: ColorSpace, size: tuple[int, int], ppi: float, limit: float, budget: Budget,
    looked_at: Callable[[numpy.ndarray, bool], None] = lambda samples, turned: None,
) -> Coverage | None:  # fmt: skip
    """The ink of a picture placed at `ppi`; None if it is not CMYK. Averaged over a square millimetre, since the
    noise of single pixels is nothing that paper knows. ``looked_at`` is told the samples, and whether 0 is full ink
    before its Decode array. Raises NotMeasured, Spent."""
    ground = space.ground
    if not ground.is_cmyk and space.kind != "DeviceN":
        return None
    samples, shrunk, turned = _samples(image, space, size, max(1, int(ppi / ENOUGH)), budget)
    looked_at(samples, turned)
    height, width = samples.shape[:2]
    side = max(1, min(round(ppi / shrunk / MM_PER_INCH), width, height))
    sums = _Sums(image, space, turned)
    rows, columns = height // side, width // side
    blocks = numpy.empty((rows, columns))
    step = max(1, STRIP // (width * side))
    for first in range(0, rows, step):
        last = min(first + step, rows)
        total = sums(samples[first * side : last * side])[:, : columns * side]
        columned = total.reshape(last - first, side, columns * side).sum(axis=1, dtype=numpy.uint32)
        blocks[first:last] = columned.reshape(last - first, columns, side).sum(axis=2, dtype=numpy.uint64)
    blocks *= 100 / 255 / side**2
    row, column = divmod(int(blocks.argmax()), columns)
    at = column * side / width, row * side / height, (column + 1) * side / width, (row + 1) * side / height
    return Coverage(float(blocks.max()), float((blocks > limit).mean()), at)


class _Sums:
    """The sum of a pixel's samples on all plates, 255 being full ink on one."""

    def __init__(self, image: Object, space: ColorSpace, turned: bool) -> None:
        self.table = _palette(image.ColorSpace) if space.kind == "Indexed" else None
        channels = space.components
        decode = [] if self.table is not None else decode_of(image)
        if decode and decode not in ([1.0, 0.0] * channels, [0.0, 1.0] * channels):
            raise NotMeasured("its Decode array stretches the inks")
        self.turned = turned != (decode[:1] == [1.0])

    def __call__(self, samples: numpy.ndarray) -> numpy.ndarray:
        if self.table is not None:
            return numpy.asarray(self.table[numpy.minimum(samples, len(self.table) - 1)])
        channels = samples.shape[2]
        if channels == 4 and samples.flags.c_contiguous:  # two plates at once
            halves = samples.reshape(len(samples), -1).view(numpy.uint16)
            pairs = (halves & 0xFF) + (halves >> 8)
            total: numpy.ndarray = pairs[:, 0::2] + pairs[:, 1::2]
            return 255 * channels - total if self.turned else total
        ink = samples[..., 0].astype(numpy.uint16)
        for channel in range(1, channels):
            ink += samples[..., channel]
        return 255 * channels - ink if self.turned else ink


def _samples(
    image: Object, space: ColorSpace, size: tuple[int, int], less: int, budget: Budget
) -> tuple[numpy.ndarray, float, bool]:
    """8-bit samples by row and column, by what factor they are fewer than the picture has (``less`` will do), and
    whether 0 is full ink."""
    width, height = size
    names = filters_of(image)
    last = names[-1] if names else ""
    channels = 1 if space.kind == "Indexed" else space.components
    bits = 8 if last == _JPX else int(image.get("/BitsPerComponent", 8))
    try:
        if last in _JPEG or last == _JPX:
            data = coded(image)
            budget.unpack(len(data))
            return _decoded(data, last, space, less, budget)
        if bits not in (8, 16):
            raise NotMeasured(f"it has {bits} bits a sample")
        if width * height * channels * bits // 8 > ONE_STREAM:
            raise NotMeasured(f"{width} x {height} pixels are too many to look at")
        data = unpacked(image, budget)
    except TooLong as error:
        raise NotMeasured(f"it unpacks to more than {width} x {height} pixels are") from error
    except (pikepdf.PdfError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotMeasured(f"it cannot be decoded: {first_line(error)}") from error
    step = bits // 8
    if len(data) < width * height * channels * step:
        raise NotMeasured("its data end too early")
    flat = numpy.frombuffer(data, numpy.uint8, width * height * channels * step)[::step]
    return flat.reshape((height, width) if space.kind == "Indexed" else (height, width, channels)), 1.0, False


def _decoded(
    data: bytes, kind: str, space: ColorSpace, less: int, budget: Budget
) -> tuple[numpy.ndarray, float, bool]:
    with opened(data) as picture:
        width, height = picture.size
        most = MOST_JPX if kind == _JPX else MOST_PIXELS
        progressive = bool(picture.info.get("progressive"))
        if width * height > (2 * MOST_WHOLE if progressive else most):
            raise NotMeasured(f"{width} x {height} pixels are too many to look at")
        if picture.mode != "CMYK" or not space.is_cmyk:
            raise NotMeasured(f"it says CMYK and holds {picture.mode}")
        if width * height > (MOST_WHOLE // 2 if progressive else MOST_WHOLE) and kind != _JPX:
            less = max(less, 8)
        if less > 1 and kind != _JPX:  # a JPEG that is decoded smaller has the means of its pixels
            picture.draft("CMYK", (-(-width // less), -(-height // less)))
        budget.unpack(width * height)
        picture.load()
        samples = numpy.asarray(picture)
        shrunk = width / picture.size[0]
    # Pillow turns every CMYK JPEG around, as Adobe's applications write them; PDF goes by Decode alone.
    return samples, shrunk, kind != _JPX


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # ours are looked at before
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "JPEG2000")) as picture:
            yield picture
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def jpeg_quality(image: Object) -> int | None:
    """The quality, 1 to 100, that a JPEG was saved with, as its table for brightness tells; None for all else."""
    names = filters_of(image)
    if not names or names[-1] not in _JPEG:
        return None
    try:
        with opened(coded(image)) as picture:
            table: list[int] | None = getattr(picture, "quantization", {}).get(0)
    except (pikepdf.PdfError, OSError, ValueError, SyntaxError, TypeError):
        return None
    if not table:
        return None
    scale = 100 * sum(table) / _MIDDLE_TABLE
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return min(100, max(1, round(quality)))


def picture_fault(
    image: Object, size: tuple[int, int], bits: int, is_whole: bool, budget: Budget, streams: Streams
) -> str:
    """Why a picture of ``size``, with so many bits a pixel (0: nobody knows), cannot be drawn to its end; "" where it
    can, or where looking would take too long. ``is_whole``: its data are known to be all there."""
    names, (width, height) = filters_of(image), size
    try:
        if fault := _parameter_fault(image, bits, names):
            return fault
        if is_whole:
            return ""
        if names and names[-1] in _JPEG:
            data = streams.of(image) if len(names) == 1 else BytesInFile.alone(coded(image))
            return _jpeg_fault(data, size, bits // 8)
        if names and names[-1] in FAX:
            return fax_fault(coded(image), size, fax_settings(image))
        if names and names[-1] == "/JBIG2Decode":
            return jbig2_fault(coded(image), size)
        needed = height * ((width * bits + 7) // 8)
        if unknown := [name for name in names if name not in _KNOWN]:
            return f"it is packed in a way that PDF does not know ({unknown[0][1:][:40]})"
        if not needed or needed > MOST_COUNTED or any(name not in _PLAIN for name in names):
            return ""
        return "its data end too early" if len(unpacked(image, budget)) < needed else ""
    except (TooLong, Wrapped):
        return ""
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, OSError):
        return "its data cannot be unpacked"


def _parameter_fault(image: Object, bits: int, names: Sequence[str]) -> str:
    """What a picture says of its samples that cannot be (ISO 32000-1, 8.9.5)."""
    each = 1 if image.get("/ImageMask", False) else int(image.get("/BitsPerComponent", 8))
    if each not in (1, 2, 4, 8, 16) and not (names and names[-1] in (*_JPEG, _JPX)):
        return f"it has {each} bits a sample, which no picture has"
    decode = image.get("/Decode")
    if bits and each > 0 and decode is not None and len(decode) != 2 * (bits // each):
        return f"its Decode array has {len(decode)} numbers for {bits // each} components"
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) == 4 and str(space[1]) in _PARTS:
        lookup, colors = space[3], int(space[2]) + 1
        data = lookup.read_bytes() if isinstance(lookup, pikepdf.Stream) else bytes(lookup)
        if (held := len(data) // _PARTS[str(space[1])]) < colors:
            return f"its palette has {held} colours, and says {colors}"
    return ""


def _jpeg_fault(data: BytesInFile, size: tuple[int, int], components: int) -> str:
    try:
        has, holds = _said(data.first(MOST_HEAD))
    except (OSError, ValueError, SyntaxError, TypeError):
        try:
            has, holds = _said(data.whole())
        except (OSError, ValueError, SyntaxError, TypeError):
            return "it is no JPEG that can be read"
    if has != size:
        return f"it has {has[0]} x {has[1]} pixels, and says {size[0]} x {size[1]}"
    if components and holds != components:
        return f"it has {holds} components, and its colour space {components}"
    return "" if data.has_in_second_half(b"\xff\xd9") else "it breaks off"


def _said(jpeg: bytes) -> tuple[tuple[int, int], int]:
    with opened(jpeg) as picture:
        return picture.size, len(picture.getbands())


def jpx_space(image: Object) -> ColorSpace | None:
    """The colour space that a JPEG 2000 picture says itself (ISO 15444-1, I.5.3.3), where the PDF does not."""
    data = image.read_raw_bytes()
    at = data.find(b"colr", 0, 4096)
    if at < 0 or len(data) < at + 11:
        return None
    if data[at + 4] == 1:
        kind = _JPX_SPACES.get(int.from_bytes(data[at + 7 : at + 11]))
        return ColorSpace(*kind) if kind else None
    channels = {b"CMYK": 4, b"GRAY": 1, b"RGB ": 3}.get(data[at + 7 + 16 : at + 7 + 20], 0)
    return ColorSpace("ICCBased", channels)


def _palette(written: Object) -> numpy.ndarray:
    lookup = written[3]
    data = lookup.read_bytes() if isinstance(lookup, pikepdf.Stream) else bytes(lookup)
    colors = numpy.frombuffer(data[: len(data) // 4 * 4], numpy.uint8).reshape(-1, 4)
    if not len(colors):
        raise NotMeasured("its palette is empty")
    return numpy.asarray(colors.sum(axis=1, dtype=numpy.uint16))
