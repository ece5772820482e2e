"""Ways to break a sound press PDF, or to draw something on it, for tests to choose from."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image
from press_samples import MM, PROFILE, Break, flat, picture

from pressrun.graphics.color import inks


def root(**keys: Any) -> Break:
    return lambda pdf, page: [pdf.Root.__setitem__(f"/{name}", made(pdf, value)) for name, value in keys.items()]


def paged(**keys: Any) -> Break:
    return lambda pdf, page: [page.obj.__setitem__(f"/{name}", made(pdf, value)) for name, value in keys.items()]


def made(pdf: pikepdf.Pdf, value: Any) -> Any:
    return value(pdf) if callable(value) else value


def intent(**keys: Any) -> Break:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for name, value in keys.items():
            if value is None:
                del pdf.Root.OutputIntents[0][f"/{name}"]
            else:
                pdf.Root.OutputIntents[0][f"/{name}"] = made(pdf, value)

    return change


def profile(data: bytes, n: int = 4) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: pdf.make_indirect(Stream(pdf, data, N=n))


def reclassed(kind: bytes) -> bytes:
    return PROFILE.data[:12] + kind + PROFILE.data[16:]


def info(**keys: Any) -> Break:
    return lambda pdf, page: [pdf.docinfo.__setitem__(f"/{name}", value) for name, value in keys.items()]


def xmp(old: bytes, new: bytes) -> Break:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old in packet
        pdf.Root.Metadata.write(packet.replace(old, new))

    return change


def without(*keys: str) -> Break:
    return lambda pdf, page: [page.obj.__delitem__(key) for key in keys]


def boxed(**boxes: tuple[float, float, float, float]) -> Break:
    return paged(**{name: Array([edge * MM for edge in edges]) for name, edges in boxes.items()})


def state(content: str = "10 10 50 50 re f", **keys: Any) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ExtGState = Dictionary(G={f"/{name}": made(pdf, value) for name, value in keys.items()})
        page.contents_add(f"/G gs {content}".encode())

    return add


def spaced(space: Any, content: str = "/X cs {} scn 10 10 50 50 re f", values: str = "1") -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ColorSpace.X = made(pdf, space)
        page.contents_add(content.format(values).encode())

    return add


def icc(n: int, data: bytes = b"") -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, data or inks.srgb_profile(), N=n))])


def tint(count: int, inputs: int = 1) -> Callable[[pikepdf.Pdf], Any]:
    domain, range_ = Array([0, 1] * inputs), Array([0, 1] * count)
    body = b"{" + b" pop" * inputs + b" 0.5" * count + b"}"
    return lambda pdf: pdf.make_indirect(Stream(pdf, body, FunctionType=4, Domain=domain, Range=range_))


def separation(name: str, base: Any, count: int) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: Array([Name.Separation, Name(f"/{name}"), made(pdf, base), tint(count)(pdf)])


def device_n(names: list[str], base: Any = Name.DeviceCMYK, count: int = 4) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: Array(
        [Name.DeviceN, Array([Name(f"/{one}") for one in names]), base, tint(count, len(names))(pdf)]
    )


def form(content: str, place: str = "/F Do", group: Any = None, **keys: Any) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.XObject.F = formed(pdf, content, group, **keys)
        page.contents_add(place.encode())

    return add


def formed(pdf: pikepdf.Pdf, content: str, group: Any = None, **keys: Any) -> Any:
    stream = Stream(pdf, content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200]), **keys)
    if group is not None:
        stream.Group = Dictionary(S=Name.Transparency, CS=group)
    return pdf.make_indirect(stream)


def masked(content: str) -> Break:
    return state(SMask=lambda pdf: Dictionary(S=Name.Luminosity, G=formed(pdf, content, Name.DeviceGray)))


def tiled(content: str) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.Pattern = Dictionary(P=pdf.make_indirect(Stream(
            pdf, content.encode(), PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9,
            Resources=Dictionary())))  # fmt: skip
        page.contents_add(b"/Pattern cs /P scn 10 10 50 50 re f")

    return add


def shaded(space: Any, *, pattern: bool = False) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        count = 3 if space == Name.DeviceRGB else 4
        function = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * count), C1=Array([0.5] * count))
        shading = Dictionary(ShadingType=2, ColorSpace=space, Coords=Array([0, 0, 9, 9]), Function=function)
        if pattern:
            page.Resources.Pattern = Dictionary(P=Dictionary(PatternType=2, Shading=shading))
            page.contents_add(b"/Pattern cs /P scn 10 10 50 50 re f")
        else:
            page.Resources.Shading = Dictionary(S=shading)
            page.contents_add(b"q 10 10 50 50 re W n /S sh Q")

    return add


def annotated(
    subtype: str, rect: tuple[float, ...] = (50, 50, 90, 60), appearance: str | None = None, **keys: Any
) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        one = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array(rect), **keys)
        if appearance is not None:
            one.AP = Dictionary(N=formed(pdf, appearance))
        page.obj.Annots = Array([pdf.make_indirect(one)])

    return add


def font(*shown: bytes, size: float = 12, before: str = "0 0 0 1 k", **keys: Any) -> Break:
    """Text in a font whose program is sound, unless another is given."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        told = {"program": TRUETYPE, "Subtype": Name.TrueType, "Encoding": Name.WinAnsiEncoding, **keys}
        program = pdf.make_indirect(Stream(pdf, told.pop("program")))
        inner = Dictionary(Type=Name.Font, BaseFont=Name("/ABCDEF+Sample"), **told)
        descriptor = pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontFile2=program))
        if told["Subtype"] == Name.Type0:
            descendant = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, FontDescriptor=descriptor)
            inner.DescendantFonts = Array([pdf.make_indirect(descendant)])
        else:
            inner.FontDescriptor = descriptor
        page.Resources.Font.F1 = pdf.make_indirect(inner)
        words = b" ".join(b"<" + word.hex().encode() + b"> Tj" for word in shown or (b"Words",))
        page.contents_add(f"{before} BT /F1 {size} Tf 40 40 Td ".encode() + words + b" ET")

    return add


def sfnt(*tables: bytes, ends: int = 0) -> bytes:
    head = b"\0\1\0\0" + len(tables).to_bytes(2) + b"\0" * 6
    at = len(head) + 16 * len(tables)
    listed = b"".join(tag + b"\0" * 4 + at.to_bytes(4) + (4 + ends).to_bytes(4) for tag in tables)
    return head + listed + b"\0" * 4


TRUETYPE = sfnt(b"glyf", b"head", b"loca")


def drawn_letter(content: str) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.Font.F1 = pdf.make_indirect(Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=65, LastChar=65,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(A=Stream(pdf, content.encode()))))  # fmt: skip
        page.contents_add(b"0 g BT /F1 10 Tf 20 20 Td (AA) Tj ET")

    return add


def jpeg(quality: int) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        out = io.BytesIO()
        Image.new("L", (600, 600), 128).save(out, "JPEG", quality=quality)
        page.Resources.XObject.Im = Stream(
            pdf, out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=600, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray, Filter=Name.DCTDecode,
        )  # fmt: skip
        page.contents_add(b"q 140 0 0 140 20 20 cm /Im Do Q")

    return add


def with_mask(side: int) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        picture(flat(600, 600, 9, 9, 9, 9), Name.DeviceCMYK)(pdf, page)
        page.Resources.XObject.Im.SMask = pdf.make_indirect(Stream(
            pdf, b"\x80" * side * side, Type=Name.XObject, Subtype=Name.Image, Width=side, Height=side,
            BitsPerComponent=8, ColorSpace=Name.DeviceGray))  # fmt: skip

    return add


def xobject(**keys: Any) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        picture(flat(600, 600, 9, 9, 9, 9), Name.DeviceCMYK)(pdf, page)
        for name, value in keys.items():
            page.Resources.XObject.Im[f"/{name}"] = value

    return add


def packed_by_lzw(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    stream = Stream(pdf, b"")
    stream.write(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", filter=Name.LZWDecode)  # ISO 32000-1, 7.4.4.2
    pdf.Root.Packed = pdf.make_indirect(stream)


def script(**keys: Any) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('print me')"), **keys)


def launch(**keys: Any) -> Dictionary:
    return Dictionary(S=Name.Launch, F=String("a.exe"), **keys)


def ring_of_actions(pdf: pikepdf.Pdf) -> Any:
    first = pdf.make_indirect(Dictionary(S=Name.GoTo))
    first.Next = Array([Dictionary(S=Name.URI, Next=script()), first])
    return first


def bookmark(action: Any) -> Callable[[pikepdf.Pdf], Any]:
    def add(pdf: pikepdf.Pdf) -> Any:
        one = pdf.make_indirect(Dictionary(Title=String("a"), A=action))
        one.Next = one
        return Dictionary(First=one)

    return add


def pages_of(*changes: dict[str, Any]) -> Break:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for number, keys in enumerate(changes):
            for name, value in keys.items():
                pdf.pages[number].obj[f"/{name}"] = value

    return change


FIELD = Dictionary(Fields=Array([Dictionary(T=String("name"), Kids=Array([Dictionary(AA=Dictionary(K=script()))]))]))
LAYERS = Dictionary(OCGs=Array([Dictionary(Type=Name.OCG, Name=String("German"))]), D=Dictionary())
SELF_ACTING = Dictionary(OCGs=Array([]), D=Dictionary(AS=Array([Dictionary(Event=Name.Print)])))
NOTHING = Array([])


def ground(*mm: float) -> bytes:
    left, bottom, right, top = (edge * MM for edge in mm)
    return f"0.2 0.1 0 0 k {left} {bottom} {right - left} {top - bottom} re f ".encode()


def clipped(*mm: float) -> bytes:
    left, bottom, right, top = (edge * MM for edge in mm)
    return f"{left} {bottom} {right - left} {top - bottom} re W n ".encode()
