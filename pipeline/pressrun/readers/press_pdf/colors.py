"""Colour spaces as PDF writes them (ISO 32000, 8.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pikepdf

from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.readable_names import name_said

DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
GRAY, RGB, CMYK = (ColorSpace(name[1:], count) for name, count in DEVICE.items())
UNKNOWN = ColorSpace("unknown", 0)
_INLINE = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_DEFAULTS = {"/DeviceGray": "/DefaultGray", "/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK"}
_DEEPEST = 8
MOST_INKS = 32
DEEPEST_PARTS = 1  # single inks of a DeviceN; those of its inks in turn are nobody's


def read_space(written: Object, resources: Object, keys: Keys, *, inline: bool = False, depth: int = 0) -> ColorSpace:
    """The colour space that a name or an array means under these resources, the page's Default spaces obeyed.

    ``inline``: an inline picture says it, where /G, /RGB, /CMYK and /I stand for the device spaces and Indexed;
    elsewhere they are names like any other.
    """
    if depth > _DEEPEST or written is None:
        return UNKNOWN
    if isinstance(written, pikepdf.Name):
        return _of_name(_name(written, inline), resources, keys, depth)
    if not isinstance(written, pikepdf.Array) or not len(written) or not isinstance(written[0], pikepdf.Name):
        return UNKNOWN

    def within(at: int) -> ColorSpace:
        return read_space(written[at], resources, keys, inline=inline, depth=depth + 1)

    kind, length = _name(written[0], inline), len(written)
    if kind in DEVICE:
        return _of_name(kind, resources, keys, depth)
    if kind == "/Pattern":
        return ColorSpace("Pattern", 0, base=within(1) if length > 1 else None)
    if kind == "/ICCBased" and length > 1:
        return ColorSpace("ICCBased", keys.count(written[1], "/N"))
    if kind in ("/CalGray", "/CalRGB", "/Lab"):
        return ColorSpace(kind[1:], 1 if kind == "/CalGray" else 3)
    if kind == "/Indexed" and length > 1:
        return ColorSpace("Indexed", 1, base=within(1))
    if kind in ("/Separation", "/DeviceN") and length > 3 and within(2).components != _answers(written[3], keys):
        return UNKNOWN
    if kind == "/Separation" and length > 3 and isinstance(written[1], pikepdf.Name):
        return ColorSpace("Separation", 1, (_ink(written[1]),), within(2))
    if kind == "/DeviceN" and length > 3 and isinstance(written[1], pikepdf.Array) and len(written[1]) <= MOST_INKS:
        inks = tuple(_ink(name) for name in written[1])
        parts = () if length < 5 or depth > DEEPEST_PARTS else tuple(_parts(written[4], resources, keys, depth))
        return ColorSpace("DeviceN", len(inks), inks, within(2), parts)
    return UNKNOWN


def _answers(function: Object, keys: Keys, depth: int = 0) -> int:
    """How many numbers a function answers (ISO 32000-1, 7.10); 0 if it is none."""
    if depth > _DEEPEST or not isinstance(function, pikepdf.Dictionary | pikepdf.Stream):
        return 0
    if spans := keys.list(function, "/Range"):
        return len(spans) // 2
    if keys.count(function, "/FunctionType", -1) == 3:
        parts = keys.list(function, "/Functions")
        return _answers(parts[0], keys, depth + 1) if parts else 0
    return len(keys.list(function, "/C1") or keys.list(function, "/C0")) or 1


def _parts(attributes: Object, resources: Object, keys: Keys, depth: int) -> Iterator[ColorSpace]:
    """What a DeviceN is of: its single spots, and the space of its process inks (ISO 32000-1, 8.6.6.5)."""
    colorants = keys.dictionary(attributes, "/Colorants")
    for name in sorted(colorants.keys())[:MOST_INKS]:
        yield read_space(colorants[name], resources, keys, depth=depth + 1)
    process = keys.dictionary(attributes, "/Process")
    if "/ColorSpace" in process:
        yield read_space(process["/ColorSpace"], resources, keys, depth=depth + 1)


def profiles_of(written: Object, depth: int = 0) -> Iterator[pikepdf.Stream]:
    """The ICC profiles that a colour space, written as an array, is of."""
    if depth > _DEEPEST or not isinstance(written, pikepdf.Array) or len(written) < 2:
        return
    kind = str(written[0])
    if kind == "/ICCBased" and isinstance(written[1], pikepdf.Stream):
        yield written[1]
    elif kind in ("/Indexed", "/Pattern"):
        yield from profiles_of(written[1], depth + 1)
    elif kind in ("/Separation", "/DeviceN") and len(written) > 2:
        yield from profiles_of(written[2], depth + 1)


_ICC_SPACES = {1: (b"GRAY",), 3: (b"RGB ", b"Lab "), 4: (b"CMYK",)}


def profile_fault(data: bytes, components: int) -> str:
    """Why a profile is none that can be used, as far as its header tells (ICC.1, 7.2); "" if it can be."""
    if len(data) < 128 or data[36:40] != b"acsp":
        return "it is no ICC profile"
    if int.from_bytes(data[:4]) > len(data):
        return "it breaks off"
    if data[16:20] not in _ICC_SPACES.get(components, ()):
        return f"it is of {data[16:20].decode('latin-1').strip()}, where {components} components are said"
    return ""


def _name(written: pikepdf.Name, inline: bool) -> str:
    return _INLINE.get(str(written), str(written)) if inline else str(written)


def _of_name(name: str, resources: Object, keys: Keys, depth: int) -> ColorSpace:
    named = keys.dictionary(resources, "/ColorSpace")
    if name in DEVICE:
        default = named.get(_DEFAULTS[name])
        if default is None:
            return ColorSpace(name[1:], DEVICE[name])
        return read_space(default, None, keys, depth=depth + 1)
    if name == "/Pattern":
        return ColorSpace("Pattern", 0)
    return read_space(named[name], resources, keys, depth=depth + 1) if name in named else UNKNOWN


def _ink(name: Object) -> str:
    return name_said(name).removeprefix("/")


def initial(space: ColorSpace) -> tuple[float, ...]:
    """The colour a space begins with: black in the device spaces, full ink in spots (ISO 32000, 8.6.5.6 and on)."""
    if space.is_cmyk:
        return (0.0, 0.0, 0.0, 1.0)
    return ((1.0,) if space.inks else (0.0,)) * space.components


def spot_definition(written: Object) -> str:
    """A word for the alternate colour of a /Separation: the same for two that look alike where the ink is missing."""
    parts = [written[2].unparse(resolved=True)]
    tint = written[3]
    parts.append(tint.unparse(resolved=True) if not isinstance(tint, pikepdf.Stream) else tint.read_raw_bytes())
    return hashlib.sha256(b"\0".join(bytes(part) for part in parts)).hexdigest()[:12]
