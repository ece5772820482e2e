"""What faults are planted with: short words for content, resources and objects of a page."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms, ImageDraw
from press_samples import MM, Break

Made = Any  # a value, or how to make it in the file
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TINT = {"FunctionType": 2, "N": 1, "Domain": [0, 1], "C0": [0, 0, 0, 0], "C1": [0, 1, 1, 0]}
RGB_TINT = {**TINT, "C0": [1, 1, 1], "C1": [1, 0, 0]}
FONT_FILE = sorted((Path(__file__).parents[2] / "brands").glob("*/fonts/*.ttf"))[0]
SQUARE = "20 20 60 60 re f"


def made(pdf: pikepdf.Pdf, value: Made) -> Any:
    if callable(value) and not isinstance(value, type):
        return value(pdf)
    if isinstance(value, dict):
        return Dictionary({f"/{key}": made(pdf, one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return Array([made(pdf, one) for one in value])
    return value


def stream(data: bytes | str, **keys: Made) -> Callable[[pikepdf.Pdf], Any]:
    """A stream of the file, with these keys."""

    def make(pdf: pikepdf.Pdf) -> Any:
        one = pdf.make_stream(data if isinstance(data, bytes) else data.encode())
        for key, value in keys.items():
            one[f"/{key}"] = made(pdf, value)
        return one

    return make


def form(content: str, matrix: Any = None, box: Any = (0, 0, 400, 500), **keys: Made) -> Callable[[pikepdf.Pdf], Any]:
    more = {} if matrix is None else {"Matrix": list(matrix)}
    return stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=list(box), **more, **keys)


def image(data: bytes, size: tuple[int, int], space: Made, bits: int = 8, **keys: Made) -> Callable[[pikepdf.Pdf], Any]:
    more = {} if space is None else {"ColorSpace": space}
    return stream(data, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], BitsPerComponent=bits,
                  **more, **keys)  # fmt: skip


def page(content: str, **resources: dict[str, Made]) -> Break:
    """Content after the page's own, and resources by their kinds."""

    def change(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        for kind, named in resources.items():
            if f"/{kind}" not in one.Resources:
                one.Resources[f"/{kind}"] = Dictionary()
            for name, value in named.items():
                one.Resources[f"/{kind}"][f"/{name}"] = made(pdf, value)
        one.contents_add(b"\nq " + content.encode() + b" Q")

    return change


def keys(**values: Made) -> Break:
    """Keys of the page."""
    return lambda pdf, one: [one.obj.__setitem__(f"/{key}", made(pdf, value)) for key, value in values.items()]


def root(**values: Made) -> Break:
    """Keys of the catalogue."""
    return lambda pdf, one: [pdf.Root.__setitem__(f"/{key}", made(pdf, value)) for key, value in values.items()]


def intent(*gone: str, **values: Made) -> Break:
    def change(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        held = pdf.Root.OutputIntents[0]
        for key in gone:
            del held[f"/{key}"]
        for key, value in values.items():
            held[f"/{key}"] = made(pdf, value)

    return change


def profile(space: str, kind: bytes | None = None, n: int = 4, data: bytes | None = None) -> Break:
    def change(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        held = pdf.Root.OutputIntents[0].DestOutputProfile
        raw = bytearray(data if data is not None else SRGB if space == "RGB" else held.read_bytes())
        if kind is not None:
            raw[12:16] = kind
        held.write(bytes(raw))
        held.N = n

    return change


def xmp(*changes: tuple[bytes, bytes]) -> Break:
    def change(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        data = pdf.Root.Metadata.read_bytes()
        for old, new in changes:
            assert old in data
            data = data.replace(old, new)
        pdf.Root.Metadata.write(data)

    return change


def info(**values: Made) -> Break:
    return lambda pdf, one: [pdf.docinfo.__setitem__(f"/{key}", made(pdf, value)) for key, value in values.items()]


def gone(*names: str) -> Break:
    return lambda pdf, one: [one.obj.__delitem__(f"/{name}") for name in names]


def boxes(**given: tuple[float, ...]) -> Break:
    return keys(**{name: [edge * MM for edge in edges] for name, edges in given.items()})


def ground(content: str) -> Break:
    """All that the page shows, instead of its own ground."""
    return lambda pdf, one: one.obj.__setitem__("/Contents", pdf.make_stream(content.encode()))


def pages(change: Break, count: int = 2) -> Break:
    """The last of several pages is otherwise."""

    def several(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        for _ in range(count - 1):
            pdf.pages.append(one)
        change(pdf, pdf.pages[-1])

    return several


def both(*changes: Break) -> Break:
    return lambda pdf, one: [change(pdf, one) for change in changes]


def separation(name: str, space: Made = Name.DeviceCMYK, tint: Made = None) -> list[Made]:
    return [Name.Separation, Name(f"/{name}"), space, TINT if tint is None else tint]


def device_n(names: list[str], space: Made = Name.DeviceCMYK, tint: str = "{ pop 0 0 0 }", out: int = 4) -> list[Made]:
    program = stream(tint, FunctionType=4, Domain=[0, 1] * len(names), Range=[0, 1] * out)
    return [Name.DeviceN, [Name(f"/{name}") for name in names], space, program]


def icc(data: bytes = SRGB, n: int = 3) -> list[Made]:
    return [Name.ICCBased, stream(data, N=n)]


def annotation(kind: str, **values: Made) -> Break:
    return keys(Annots=[{"Type": Name.Annot, "Subtype": Name(f"/{kind}"), "Rect": [30, 30, 90, 90], **values}])


def script(words: str = "app.alert(1)") -> dict[str, Made]:
    return {"S": Name.JavaScript, "JS": String(words)}


def jpeg(mode: str, size: tuple[int, int], quality: int = 95, color: Any = None) -> bytes:
    out = io.BytesIO()
    picture = Image.effect_noise(size, 60).convert(mode) if color is None else Image.new(mode, size, color)
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def jpx(mode: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "JPEG2000")
    return out.getvalue()


def fax(side: int) -> bytes:
    """A drawing as fax machines pack it (group 4)."""
    drawing = Image.new("1", (side, side), 1)
    for at in range(0, side, 24):
        ImageDraw.Draw(drawing).ellipse((at, at // 2, at + 90, at // 2 + 60), outline=0, width=3)
    out = io.BytesIO()
    drawing.save(out, "TIFF", compression="group4")
    with Image.open(out) as kept:
        return out.getvalue()[kept.tag_v2[273][0] :][: kept.tag_v2[279][0]]  # type: ignore[attr-defined]  # a TIFF's


def faxed(data: bytes, side: int, **settings: Made) -> Callable[[pikepdf.Pdf], Any]:
    said = {"K": -1, "Columns": side, "Rows": side, **settings}
    return image(data, (side, side), Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode, DecodeParms=said)


def segment(number: int, kind: int, body: bytes, page: int = 1) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, page, len(body)) + body


# A page of 64 x 56 with a generic region (ITU-T T.88, H.1: the example's sixth segment).
SCAN = (
    segment(0, 48, struct.pack(">IIIIBH", 64, 56, 0, 0, 1, 0))
    + segment(1, 38, struct.pack(">IIIIBB", 54, 44, 4, 11, 0, 8) + bytes.fromhex("03fffdff02fefefe04eeedcccdff00ff"))
)  # fmt: skip


def scanned(data: bytes, size: tuple[int, int]) -> Callable[[pikepdf.Pdf], Any]:
    return image(data, size, Name.DeviceGray, 1, Filter=Name.JBIG2Decode)


def drawn(picture: Made, millimetres: float = 30, name: str = "Im") -> Break:
    side = millimetres * MM
    return page(f"{side:.3f} 0 0 {side:.3f} 30 30 cm /{name} Do", XObject={name: picture})


def truetype(kind: str = "FontFile2", data: bytes | None = None, **more: Made) -> dict[str, Made]:
    """A simple TrueType font with its program."""
    program = FONT_FILE.read_bytes() if data is None else data
    descriptor = {"Type": Name.FontDescriptor, "FontName": Name("/ABCDEF+Own"), "Flags": 32, kind: stream(program)}
    return {"Type": Name.Font, "Subtype": Name.TrueType, "BaseFont": Name("/ABCDEF+Own"), "FirstChar": 32,
            "LastChar": 126, "Widths": [500] * 95, "Encoding": Name.WinAnsiEncoding, "FontDescriptor": descriptor,
            **more}  # fmt: skip


def composite(**more: Made) -> dict[str, Made]:
    """A composite font whose codes are glyphs."""
    descriptor = {"Type": Name.FontDescriptor, "FontName": Name("/ABCDEF+Own"), "Flags": 4,
                  "FontFile2": stream(FONT_FILE.read_bytes())}  # fmt: skip
    below = {"Type": Name.Font, "Subtype": Name.CIDFontType2, "BaseFont": Name("/ABCDEF+Own"),
             "CIDSystemInfo": {"Registry": String("Adobe"), "Ordering": String("Identity"), "Supplement": 0},
             "FontDescriptor": descriptor, "CIDToGIDMap": Name.Identity, **more}  # fmt: skip
    return {"Type": Name.Font, "Subtype": Name.Type0, "BaseFont": Name("/ABCDEF+Own"), "Encoding": Name("/Identity-H"),
            "DescendantFonts": [below]}  # fmt: skip


def words(font: dict[str, Made], size: float = 14, shown: str = "(Words)", before: str = "0 0 0 1 k") -> Break:
    return page(f"{before} BT /F {size} Tf 60 60 Td {shown} Tj ET", Font={"F": font})


def subset(letters: str, symbols: bool = False) -> bytes:
    """A TrueType program of some letters; with ``symbols``, by a map of its own, as fonts of symbols have it."""
    options = Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    options.notdef_outline = True
    with TTFont(FONT_FILE) as font:
        cut = Subsetter(options)
        cut.populate(text=letters)
        cut.subset(font)
        if symbols:
            (table,) = [one for one in font["cmap"].tables if one.platformID == 3 and one.platEncID == 1]
            table.platEncID, table.cmap = 0, {0xF000 + code: name for code, name in table.cmap.items()}
            font["cmap"].tables = [table]
            font["post"].formatType = 3.0
        out = io.BytesIO()
        font.save(out)
        return out.getvalue()


def mesh(kind: int, *colors: Sequence[int], function: Made = None, bits: int = 8) -> Break:
    """A mesh shading whose corners have these colours (0 to 255 of each component)."""
    coords = {4: 1, 5: 1, 6: 12, 7: 16}[kind]
    flag = b"" if kind == 5 else b"\0"
    corner = b"\x40\x40" * coords
    rows = [bytes(color) for color in colors]
    data = b"".join(flag + corner + row for row in rows) if kind < 6 else flag + corner + b"".join(rows)
    more: dict[str, Made] = {} if kind == 5 else {"BitsPerFlag": 8}
    more |= {"VerticesPerRow": 2} if kind == 5 else {}
    more |= {"Function": function} if function is not None else {}
    components = len(colors[0])
    return page(f"/S{kind} sh", Shading={f"S{kind}": stream(
        data, ShadingType=kind, ColorSpace=Name.DeviceCMYK, BitsPerCoordinate=8, BitsPerComponent=bits,
        Decode=[0, 300, 0, 400, *[0, 1] * components], **more)})  # fmt: skip


def drawn_font(glyph: str, **resources: Made) -> dict[str, Made]:
    """A Type 3 font of one letter, A."""
    return {"Type": Name.Font, "Subtype": Name.Type3, "FontBBox": [0, 0, 1000, 1000], "FontMatrix": [0.001, 0, 0, 0.001, 0, 0],
            "CharProcs": {"A": stream(glyph)}, "Encoding": {"Differences": [65, Name.A]}, "FirstChar": 65, "LastChar": 65,
            "Widths": [1000], "Resources": resources}  # fmt: skip


def packed(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def noise(*shape: int) -> bytes:
    return numpy.random.default_rng(1).integers(0, 200, shape, numpy.uint8).tobytes()


__all__ = ["MM", "Array", "Break", "Dictionary", "Name", "Stream", "String"]
