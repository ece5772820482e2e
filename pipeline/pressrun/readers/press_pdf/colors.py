"""Colour spaces as PDF writes them (ISO 32000, 8.6)."""

from __future__ import annotations

import pikepdf

from pressrun.readers.press_pdf.facts import ColorSpace, Object

DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
GRAY, RGB, CMYK = (ColorSpace(name[1:], count) for name, count in DEVICE.items())
UNKNOWN = ColorSpace("unknown", 0)
_ABBREVIATED = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_DEFAULTS = {"/DeviceGray": "/DefaultGray", "/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK"}
_DEEPEST = 8


def read_space(written: Object, resources: Object, depth: int = 0) -> ColorSpace:
    """The colour space that a name or an array means under these resources, the page's Default spaces obeyed."""
    if depth > _DEEPEST or written is None:
        return UNKNOWN
    named = resources.get("/ColorSpace", {}) if resources is not None else {}
    if isinstance(written, (pikepdf.Name, str)):
        return _of_name(str(written), named, resources, depth)
    if not isinstance(written, pikepdf.Array) or not len(written):
        return UNKNOWN
    kind = _ABBREVIATED.get(str(written[0]), str(written[0]))
    if kind in DEVICE or kind == "/Pattern":
        base = read_space(written[1], resources, depth + 1) if kind == "/Pattern" and len(written) > 1 else None
        return ColorSpace("Pattern", 0, base=base) if kind == "/Pattern" else _of_name(kind, named, resources, depth)
    if kind == "/ICCBased":
        return ColorSpace("ICCBased", int(written[1].get("/N", 0)))
    if kind in ("/CalGray", "/CalRGB", "/Lab"):
        return ColorSpace(kind[1:], 1 if kind == "/CalGray" else 3)
    if kind == "/Indexed":
        return ColorSpace("Indexed", 1, base=read_space(written[1], resources, depth + 1))
    if kind == "/Separation":
        return ColorSpace("Separation", 1, (_ink(written[1]),), read_space(written[2], resources, depth + 1))
    if kind == "/DeviceN":
        inks = tuple(_ink(name) for name in written[1])
        return ColorSpace("DeviceN", len(inks), inks, read_space(written[2], resources, depth + 1))
    return UNKNOWN


def _of_name(name: str, named: Object, resources: Object, depth: int) -> ColorSpace:
    name = _ABBREVIATED.get(name, name)
    if name in DEVICE:
        default = named.get(_DEFAULTS[name])
        return ColorSpace(name[1:], DEVICE[name]) if default is None else read_space(default, None, depth + 1)
    if name == "/Pattern":
        return ColorSpace("Pattern", 0)
    return read_space(named[name], resources, depth + 1) if name in named else UNKNOWN


def _ink(name: Object) -> str:
    return str(name).removeprefix("/")


def initial(space: ColorSpace) -> tuple[float, ...]:
    """The colour a space begins with: black in the device spaces, full ink in spots (ISO 32000, 8.6.5.6 and on)."""
    if space.is_cmyk:
        return (0.0, 0.0, 0.0, 1.0)
    return ((1.0,) if space.inks else (0.0,)) * space.components
