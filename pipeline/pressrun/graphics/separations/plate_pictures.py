"""Pictures of a press file as one ink's plate has them: the samples of that ink as they are, as gray."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO

import numpy
from msgspec import Struct
from pikepdf import Array, Name, Pdf, PdfError, Stream, String
from PIL import Image

from pressrun.graphics.color.inks import PressProfile, as_srgb, to_cmyk
from pressrun.graphics.pages.large_streams import LargeStreams
from pressrun.graphics.pixels.set_aside import HELD, set_aside
from pressrun.graphics.separations.colorants import ALL, CMYK, Space, Spaces
from pressrun.model.plate_density import is_large
from pressrun.model.stored_bytes import Content

_MASKS = ("/SMask", "/Mask")
_KEPT = ("/Width", "/Height", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Interpolate", *_MASKS)
_FOUR_INKS = ("Cyan", "Magenta", "Yellow", "Black")


class _Planes(Struct, frozen=True):
    """Samples of a picture of this size, part by part, and whether they are ``turned`` over."""

    size: tuple[int, int]
    parts: Sequence[Content]
    turned: bool


class PlatePictures:
    """Pictures of one file; what they are decoded to is kept as long as its page is at hand. What is large of them is
    laid into the file when it is written: it has each once for every ink."""

    def __init__(self, pdf: Pdf, spaces: Spaces, profile: PressProfile, large: LargeStreams) -> None:
        self._pdf, self._spaces, self._profile, self._large = pdf, spaces, profile, large
        self.looked_at = 0, 0  # pixels of the page at hand, as it will be seen
        self._decoded: dict[tuple[int, int], _Planes | None] = {}

    def forget(self) -> None:
        self._decoded.clear()

    def space(self, picture: Any, resources: Any) -> Space:
        written = picture.get("/ColorSpace")
        if written is None:  # JPEG 2000 that says itself what it is in
            return CMYK if _channels(picture) == 4 else self._spaces.rgb
        return self._spaces.read(written, resources)

    def on_plate(self, picture: Any, space: Space, ink: str) -> Stream:
        """A picture that shows how much light its ink leaves, cut out as it is."""
        base = space.base or space
        if ink not in base.inks and base.inks != (ALL,):
            return self._flat(picture)
        if space.base is not None:
            return self._copied(picture, self._palette(space, picture, ink))
        if _cuts_out_colors(picture):
            return self._copied(picture, self._spaces.on_plate(space, ink), keep_decode=True)
        if space.count == 1:
            low, high = _ends(picture, 1, 0)
            decode = (low, high) if space.is_gray else (1 - low, 1 - high)
            return self._copied(picture, Name.DeviceGray, decode)
        planes = self._planes(picture, space)
        if planes is None:
            return self._copied(picture, self._spaces.on_plate(space, ink), keep_decode=True)
        at = (_FOUR_INKS if space.separated else base.inks).index(ink)
        low, high = (0.0, 1.0) if space.separated else _ends(picture, space.count, at)
        if planes.turned:
            low, high = high, low
        return self._gray(picture, planes.size, planes.parts[at], (1 - low, 1 - high))

    def _flat(self, picture: Any) -> Stream:
        """One without any ink, cut out as the picture is."""
        masks = {name[1:]: picture[name] for name in _MASKS if isinstance(picture.get(name), Stream)}
        if _cuts_out_colors(picture):
            return self._copied(picture, self._nothing(picture), keep_decode=True)
        return self._image(b"\xff", 1, 1, masks)

    def _nothing(self, picture: Any) -> Array:
        space = self.space(picture, None)
        return self._spaces.on_plate(space.base or space, "")

    def _gray(self, picture: Any, size: tuple[int, int], plane: Content, decode: Sequence[float]) -> Stream:
        masks = {name[1:]: picture[name] for name in _MASKS if name in picture}
        data = plane if isinstance(plane, bytes) else self._large.stand_in(plane)
        return self._image(data, *size, {**masks, "Decode": _numbers(decode)})

    def _image(self, data: bytes, width: int, height: int, entries: Any) -> Stream:
        return Stream(
            self._pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray, **entries,
        )  # fmt: skip

    def _copied(
        self, picture: Any, space: Any, decode: Sequence[float] | None = None, *, keep_decode: bool = False
    ) -> Stream:
        """The same samples, in another colour space."""
        made = Stream(self._pdf, picture.read_raw_bytes(), Type=Name.XObject, Subtype=Name.Image, ColorSpace=space)
        for name in (*_KEPT, "/Decode") if keep_decode else _KEPT:
            if name in picture:
                made[name] = picture[name]
        if decode is not None:
            made.Decode = _numbers(decode)
        elif not keep_decode and "/Decode" in picture:
            made.Decode = picture.Decode  # of an indexed picture: it says which colour of the palette
        return made

    def _palette(self, space: Space, picture: Any, ink: str) -> Array:
        assert space.base
        last = min(2 ** int(picture.get("/BitsPerComponent", 8)), len(space.palette) // space.base.count) - 1
        shades = bytes(round(255 - 255 * space.amount((at,), ink)) for at in range(last + 1))
        return Array([Name.Indexed, Name.DeviceGray, last, String(shades)])

    def _planes(self, picture: Any, space: Space) -> _Planes | None:
        """In inks; None where a renderer has to look."""
        key = picture.objgen
        if key[0] and key in self._decoded:
            return self._decoded[key]
        decoded = self._decode(picture, space)
        if key[0]:
            self._decoded[key] = decoded
        return decoded

    def _decode(self, picture: Any, space: Space) -> _Planes | None:
        filters = _filters(picture)
        turned = False
        if filters and filters[-1] in ("/DCTDecode", "/JPXDecode"):
            if len(filters) > 1:
                return None
            try:
                shown = Image.open(io.BytesIO(picture.read_raw_bytes()))
                if is_large(shown.size):
                    shown.draft(shown.mode, self.looked_at)  # JPEG alone: by an eighth, a quarter or a half
                shown.load()
            except OSError:  # damaged, or of a kind that is not known here
                return None
            if shown.mode != {3: "RGB", 4: "CMYK"}.get(space.count):
                return None
            turned = shown.mode == "CMYK" and shown.format == "JPEG"  # Pillow turns over what it reads
            if space.separated is None:
                return _in_planes(shown, turned)
            samples = numpy.asarray(shown)
        else:
            try:
                data = picture.read_bytes()
            except PdfError:
                return None
            width, height, bits = int(picture.Width), int(picture.Height), int(picture.get("/BitsPerComponent", 8))
            size = width * height * space.count
            if bits not in (8, 16) or len(data) < size * bits // 8:
                return None
            flat = numpy.frombuffer(data, numpy.uint8, size * bits // 8)[:: bits // 8]
            samples = flat.reshape(height, width, space.count)
            if space.separated is None:
                parts = (numpy.ascontiguousarray(samples[:, :, at]).tobytes() for at in range(space.count))
                return _Planes((width, height), [_kept(part) for part in parts], turned)
        if "/Decode" in picture or space.ranges:
            return None
        seen = Image.fromarray(numpy.ascontiguousarray(samples), "RGB")
        written = picture.get("/ColorSpace")
        if isinstance(written, Array) and written[0] == "/ICCBased":
            seen.info["icc_profile"] = written[1].read_bytes()
        return _in_planes(to_cmyk(as_srgb(seen), self._profile), turned)


def _in_planes(picture: Image.Image, turned: bool) -> _Planes:
    parts = (picture.getchannel(at).tobytes() for at in range(len(picture.getbands())))
    return _Planes(picture.size, [_kept(part) for part in parts], turned)


def _kept(part: bytes) -> Content:
    return part if len(part) <= HELD else set_aside(partial(_write, part))


def _write(part: bytes, out: BinaryIO) -> None:
    out.write(part)


def _filters(picture: Any) -> list[str]:
    written = picture.get("/Filter")
    return [] if written is None else [str(one) for one in (written if isinstance(written, Array) else [written])]


def _channels(picture: Any) -> int:
    if "/JPXDecode" not in _filters(picture):
        return 3
    try:
        with Image.open(io.BytesIO(picture.read_raw_bytes())) as shown:
            return len(shown.getbands())
    except OSError:
        return 3


def _cuts_out_colors(picture: Any) -> bool:
    """Whether some of its colours show what is below (8.9.6.4)."""
    return isinstance(picture.get("/Mask"), Array)


def _ends(picture: Any, count: int, part: int) -> tuple[float, float]:
    """The amounts that the smallest and the largest sample of a part stand for."""
    ends = [float(end) for end in picture.get("/Decode", [0, 1] * count)]
    return ends[2 * part], ends[2 * part + 1]


def _numbers(several: Sequence[float]) -> Array:
    return Array([Decimal(f"{one:.6g}") for one in several])
