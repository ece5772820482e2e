"""Press pages written by hand: contents in the inks of the process, two spots, and states of how they are laid on."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

SIDE = 100.0  # points
Named = Callable[[pikepdf.Pdf], dict[str, Any]]
GROUND = "0.4 0.3 0.2 0.1 k 0 0 100 100 re f /Gold cs 0.6 scn 0 0 50 50 re f\n"
MODES = (
    "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn", "HardLight", "SoftLight",
    "Difference", "Exclusion",
)  # fmt: skip


def separation(pdf: pikepdf.Pdf, name: str, full: tuple[float, ...]) -> Array:
    ends = {"C0": Array([0] * 4), "C1": Array(list(full))}
    tint = pdf.make_indirect(Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), **ends))
    return Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, tint])


def gold(pdf: pikepdf.Pdf) -> Array:
    return separation(pdf, "Gold", (0, 0.2, 0.8, 0.1))


def blue(pdf: pikepdf.Pdf) -> Array:
    return separation(pdf, "Blue", (1, 0.7, 0, 0))


def both(pdf: pikepdf.Pdf) -> Array:
    """Black and gold in one object."""
    tint = b"{ 0.1 mul add 0 exch 0 exch 0 exch }"
    ends = {"Domain": Array([0, 1] * 2), "Range": Array([0, 1] * 4)}
    names = Array([Name.Black, Name.Gold])
    return Array([Name.DeviceN, names, Name.DeviceCMYK, Stream(pdf, tint, FunctionType=4, **ends)])


def inked_page(content: str, **named: Named) -> bytes:
    """A page of 100 points with a content, whose resources are those of all such pages and what is ``named``."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(SIDE, SIDE))
        modes = {f"/{mode}": Dictionary(BM=Name(f"/{mode}")) for mode in MODES}
        own: dict[str, dict[str, Any]] = {
            "ColorSpace": {
                "/Gold": gold(pdf), "/Blue": blue(pdf), "/Both": both(pdf), "/All": separation(pdf, "All", (1,) * 4),
            },
            "ExtGState": {
                "/Over": Dictionary(OP=True, op=True, OPM=1), "/Over0": Dictionary(OP=True, op=True, OPM=0),
                "/Spared": Dictionary(OP=False, op=False), "/Half": Dictionary(ca=0.5, CA=0.5), **modes,
            },
            "Font": {"/F": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold"))},
        }  # fmt: skip
        for kind, several in named.items():
            own[kind] = {**own.get(kind, {}), **several(pdf)}
        page = pdf.pages[0].obj
        page.Resources = Dictionary({f"/{kind}": Dictionary(several) for kind, several in own.items()})
        page.Contents, page.TrimBox = pdf.make_stream(content.encode("latin-1")), Array([0, 0, SIDE, SIDE])
        page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def form(content: str, *, is_group: bool = True) -> Named:
    """A form /F in the inks of such pages."""

    def named(pdf: pikepdf.Pdf) -> dict[str, Any]:
        made = pdf.make_stream(content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, SIDE, SIDE]))
        states = Dictionary(Over=Dictionary(OP=True, op=True, OPM=1))
        made.Resources = Dictionary(ExtGState=states, ColorSpace=Dictionary(Blue=blue(pdf), Gold=gold(pdf)))
        if is_group:
            made.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
        return {"/F": made}

    return named


PIXELS = 50


def samples() -> numpy.ndarray:
    """Four inks that rise across, down, and both."""
    made = numpy.zeros((PIXELS, PIXELS, 4), numpy.uint8)
    rise = numpy.linspace(0, 255, PIXELS)
    made[..., 0], made[..., 1], made[..., 3] = rise[None, :], rise[:, None], 40
    made[..., 2] = numpy.add.outer(numpy.arange(PIXELS), numpy.arange(PIXELS)) * 2
    return made


def picture(data: bytes, space: Any, **entries: Any) -> Named:
    """A picture /I of 50 x 50 samples; what is callable is asked with the document."""

    def named(pdf: pikepdf.Pdf) -> dict[str, Any]:
        told = {"ColorSpace": space, **entries}
        made = {name: value(pdf) if callable(value) else value for name, value in told.items()}
        size = {"Width": PIXELS, "Height": PIXELS, "Type": Name.XObject, "Subtype": Name.Image}
        return {"/I": pdf.make_indirect(Stream(pdf, data, **{"BitsPerComponent": 8, **size, **made}))}

    return named


def indexed(base: Any, table: bytes, count: int) -> Callable[[pikepdf.Pdf], Array]:
    def space(pdf: pikepdf.Pdf) -> Array:
        return Array([Name.Indexed, base(pdf) if callable(base) else base, count - 1, String(table)])

    return space


def soft_mask(pdf: pikepdf.Pdf) -> Any:
    alpha = {"Width": PIXELS, "Height": PIXELS, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    return pdf.make_indirect(Stream(pdf, samples()[..., 0].tobytes(), Type=Name.XObject, Subtype=Name.Image, **alpha))


def shading(space: Any, begin: list[float], end: list[float], *, radial: bool = False) -> Named:
    """A shading /S, which is a pattern, too."""

    def named(pdf: pikepdf.Pdf) -> dict[str, Any]:
        way = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array(begin), C1=Array(end))
        coords = Array([50, 50, 5, 50, 50, 40] if radial else [10, 10, 90, 90])
        made = Dictionary(ShadingType=3 if radial else 2, Coords=coords, Function=way, Extend=Array([True, True]))
        made.ColorSpace = space(pdf) if callable(space) else space
        return {"/S": made}

    return named


def shading_pattern(pdf: pikepdf.Pdf) -> dict[str, Any]:
    drawn = shading(Name.DeviceCMYK, [0, 0.2, 0.4, 0.6], [1, 0, 0.8, 0.1])(pdf)["/S"]
    return {"/P": Dictionary(PatternType=2, Shading=drawn)}


def tile(content: str, paint: int) -> Named:
    """A pattern /P of 20 points."""

    def named(pdf: pikepdf.Pdf) -> dict[str, Any]:
        steps = {"XStep": 20, "YStep": 20, "BBox": Array([0, 0, 20, 20])}
        made = Stream(pdf, content.encode(), PatternType=1, PaintType=paint, TilingType=1, **steps)
        made.Resources = Dictionary(ColorSpace=Dictionary(Gold=gold(pdf)))
        return {"/P": pdf.make_indirect(made)}

    return named


def masked_state(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """A state /Masked, in which a brighter square shows more."""
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    content = b"0.5 g 0 0 100 100 re f 1 g 40 40 30 30 re f"
    drawn = Stream(pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, SIDE, SIDE]), Group=group)
    drawn.Resources = Dictionary()
    return {"/Masked": Dictionary(SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=pdf.make_indirect(drawn)))}


def drawn_letters(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """A font /Drawn, whose A has a colour of its own, and B that of the text."""
    letters = {"a": b"1 0 d0 1 0 0 0 k 0 0 1 1 re f", "b": b"1 0 0 0 1 1 d1 0 0 1 1 re f"}
    return {"/Drawn": Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1, 1]), FontMatrix=Array([1, 0, 0, 1, 0, 0]),
        FirstChar=65, LastChar=66, Widths=Array([1, 1]), Resources=Dictionary(),
        Encoding=Dictionary(Differences=Array([65, Name.a, Name.b])),
        CharProcs=Dictionary({f"/{name}": pdf.make_stream(drawn) for name, drawn in letters.items()}),
    )}  # fmt: skip
