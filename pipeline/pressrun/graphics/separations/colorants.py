"""Which inks a colour of a press file is printed in, and how much of each (ISO 32000-1, 8.6)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import product
from typing import Any

import numpy
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageCms

from pressrun.graphics.color.inks import PressProfile, as_srgb, to_cmyk
from pressrun.graphics.pages.operands import BROKEN
from pressrun.model.separations import PROCESS

ALL, NONE = "All", "None"
_DEVICE = {"/CMYK": "/DeviceCMYK", "/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/I": "/Indexed"}
_STEPS = 9  # of each part of a colour of light, where it is looked up
Parts = tuple[float, ...]
ToProcess = Callable[[Parts], Parts]


class Space(Struct, frozen=True):
    """A colour space by the inks that its parts are of; ``direct``: DeviceCMYK itself, whose zeros overprint (OPM 1).
    Colours of light are ``separated`` into process inks. ``base`` and ``palette`` are those of an indexed one."""

    inks: tuple[str, ...]
    count: int
    direct: bool = False
    is_gray: bool = False
    separated: ToProcess | None = None
    base: Space | None = None
    palette: bytes = b""
    begins: Parts = ()
    ranges: Parts = ()  # from and to of each part, where that is not 0 and 1

    @property
    def is_read(self) -> bool:
        """Whether it is known what its parts are."""
        return self.inks != (NONE,)

    def amount(self, values: Parts, ink: str) -> float:
        """How much of an ink (0 to 1) a colour has."""
        if self.base is not None:
            return self.base.amount(self.looked_up(int(values[0]) if values else 0), ink)
        if self.separated is not None:
            values = self.separated(values)
        if self.inks == (ALL,):
            return values[0]
        if ink not in self.inks:
            return 0.0
        part = values[self.inks.index(ink)] if len(values) == len(self.inks) else 0.0
        return 1 - part if self.is_gray else part

    def looked_up(self, index: int) -> Parts:
        assert self.base
        at = max(0, index) * self.base.count
        return self.base.unpacked(self.palette[at : at + self.base.count].ljust(self.base.count, b"\0"))

    def unpacked(self, data: bytes) -> Parts:
        """Parts of one colour from bytes."""
        return tuple(part / 255 for part in data)

    def spares(self, values: Parts, ink: str, overprints: bool, mode: int, *, drawn_alone: bool = True) -> bool:
        """Whether a colour leaves what is on an ink's plate alone (11.7.4). ``drawn_alone``: it is set for paths and
        letters, and not that of a picture or a shading."""
        space = self.base or self
        if space.inks == (NONE,):
            return True
        if not overprints or space.inks == (ALL,):
            return False
        if ink not in (PROCESS if space.is_gray else space.inks):
            return True
        return space.direct and drawn_alone and mode == 1 and not space.amount(values, ink)


CMYK = Space(PROCESS, 4, direct=True, begins=(0.0, 0.0, 0.0, 1.0))
GRAY = Space(PROCESS[3:], 1, is_gray=True, begins=(0.0,))


class Spaces:
    """Reads the colour spaces of one file, whose colours of light are separated by a press profile."""

    def __init__(self, pdf: Pdf, profile: PressProfile) -> None:
        self._pdf, self._profile = pdf, profile
        self.rgb = Space(PROCESS, 3, separated=self._of_rgb(b""), begins=(0.0, 0.0, 0.0))
        self._known: dict[tuple[int, int], Space] = {}

    def read(self, written: Any, resources: Any = None) -> Space:
        """A colour space as it is written, which may be a name in some resources. What cannot be read has no ink."""
        if isinstance(written, Name):
            return self._named(str(written), resources)
        if not isinstance(written, Array) or not len(written):
            return Space((NONE,), 1)
        key = written.objgen
        if key[0] and key in self._known:
            return self._known[key]
        try:
            space = self._array(written, resources)
        except BROKEN:
            space = Space((NONE,), 1)
        if key[0]:
            self._known[key] = space
        return space

    def _named(self, name: str, resources: Any) -> Space:
        named = resources.get("/ColorSpace") if isinstance(resources, Dictionary) else None
        own = named.get(name) if isinstance(named, Dictionary) else None
        if own is None:  # else /G or /I is what the page calls so, and not short for a kind
            name = _DEVICE.get(name, name)
        if name == "/DeviceCMYK":
            return CMYK
        if name in ("/DeviceGray", "/CalGray"):
            return GRAY
        if name in ("/DeviceRGB", "/CalRGB"):
            return self.rgb
        return self.read(own, None) if own is not None else Space((NONE,), 1)

    def _array(self, written: Any, resources: Any) -> Space:
        kind = _DEVICE.get(str(written[0]), str(written[0]))
        if len(written) == 1 or kind in ("/CalGray", "/CalRGB"):
            return self._named(kind, resources)
        if kind == "/Separation":
            return Space((str(written[1])[1:],), 1, begins=(1.0,))
        if kind == "/DeviceN":
            names = tuple(str(name)[1:] for name in written[1])
            return Space(names, len(names), begins=(1.0,) * len(names))
        if kind == "/Indexed":
            table = written[3]
            palette = table.read_bytes() if isinstance(table, Stream) else bytes(table)
            return Space((), 1, base=self.read(written[1], resources), palette=palette, begins=(0.0,))
        if kind == "/ICCBased":
            return self._of_profile(written[1])
        if kind == "/Lab":
            return self._of_lab(written[1])
        return Space((NONE,), 1)

    def _of_profile(self, stream: Any) -> Space:
        count = int(stream.get("/N", 3))
        if count == 4:  # numbers of inks, whose condition is taken for that of the file
            return Space(PROCESS, 4, begins=(0.0, 0.0, 0.0, 1.0))
        if count == 1:
            return GRAY
        return Space(PROCESS, 3, separated=self._of_rgb(stream.read_bytes()), begins=(0.0, 0.0, 0.0))

    def _of_rgb(self, profile: bytes) -> ToProcess:
        press = self._profile  # and not these spaces, which would hold themselves, and their file, for longer

        @functools.lru_cache(maxsize=4096)
        def separated(values: Parts) -> Parts:
            picture = Image.new("RGB", (1, 1), tuple(round(255 * part) for part in values))
            if profile:
                picture.info["icc_profile"] = profile
            return _inks_of(as_srgb(picture), press)

        return separated

    def _of_lab(self, entries: Any) -> Space:
        press = self._profile

        @functools.lru_cache(maxsize=4096)
        def separated(values: Parts) -> Parts:
            lightness, a, b = values
            coded = (lightness * 2.55, a + 128, b + 128)
            bands = [Image.new("L", (1, 1), round(min(255.0, max(0.0, part)))) for part in coded]
            shown = ImageCms.applyTransform(Image.merge("LAB", bands), _lab_to_srgb())
            assert shown is not None
            return _inks_of(shown, press)

        ranges = (0.0, 100.0, *(float(end) for end in entries.get("/Range", [-100, 100, -100, 100])))
        return Space(PROCESS, 3, separated=separated, begins=(0.0, 0.0, 0.0), ranges=ranges)

    def on_plate(self, space: Space, ink: str) -> Array:
        """A colour space of as many parts, which shows how much light one of its inks leaves."""
        names = Array([Name(f"/Part{number}") for number in range(space.count)])
        return Array([Name.DeviceN, names, Name.DeviceGray, self._pdf.make_indirect(self._light_left(space, ink))])

    def _light_left(self, space: Space, ink: str) -> Object:
        count = space.count
        ranges = space.ranges or (0.0, 1.0) * count
        domain, shades = Array([Decimal(f"{end:.6g}") for end in ranges]), Array([0, 1])
        if space.separated is not None:
            ends = zip(ranges[::2], ranges[1::2], strict=True)
            steps = [numpy.linspace(low, high, _STEPS) for low, high in ends]
            colors = (reversed(color) for color in product(*reversed(steps)))  # the first part runs fastest
            left = (1 - space.amount(tuple(map(float, color)), ink) for color in colors)
            table = bytes(round(255 * part) for part in left)
            size = Array([_STEPS] * count)
            return Stream(
                self._pdf, table, FunctionType=0, Domain=domain, Range=shades, Size=size, BitsPerSample=8
            )  # fmt: skip
        wanted = 0 if space.inks == (ALL,) else space.inks.index(ink) if ink in space.inks else None
        if wanted is None:
            program = "pop " * count + "1"
        else:
            turned = "" if space.is_gray else "1 exch sub "
            program = "pop " * (count - 1 - wanted) + turned + f"{wanted + 1} 1 roll " + "pop " * wanted
        return Stream(self._pdf, f"{{ {program} }}".encode(), FunctionType=4, Domain=domain, Range=shades)


@functools.lru_cache(maxsize=1)
def _lab_to_srgb() -> ImageCms.ImageCmsTransform:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)


def spots_of(spaces: Iterable[Space]) -> set[str]:
    """The inks that colour spaces have besides those of the process."""
    return {name for space in spaces for name in (space.base or space).inks} - {*PROCESS, ALL, NONE}


def _inks_of(pixel: Image.Image, press: PressProfile) -> Parts:
    inks = to_cmyk(pixel, press).getpixel((0, 0))
    return tuple(part / 255 for part in inks)  # type: ignore[union-attr]  # CMYK pixels are tuples
