"""Colour spaces as PDF writes them (ISO 32000, 8.6)."""

from __future__ import annotations

import hashlib

import pikepdf

from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys

DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
GRAY, RGB, CMYK = (ColorSpace(name[1:], count) for name, count in DEVICE.items())
UNKNOWN = ColorSpace("unknown", 0)
_INLINE = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_DEFAULTS = {"/DeviceGray": "/DefaultGray", "/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK"}
_DEEPEST = 8
MOST_INKS = 32


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
    if kind == "/Separation" and length > 3 and isinstance(written[1], pikepdf.Name):
        return ColorSpace("Separation", 1, (_ink(written[1]),), within(2))
    if kind == "/DeviceN" and length > 3 and isinstance(written[1], pikepdf.Array) and len(written[1]) <= MOST_INKS:
        inks = tuple(_ink(name) for name in written[1])
        return ColorSpace("DeviceN", len(inks), inks, within(2))
    return UNKNOWN


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
    return str(name).removeprefix("/")


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
