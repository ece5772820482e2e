"""Placed pages as people are to see them: their inks in a space that says how they look.

PDF renderers have a rule of thumb for DeviceCMYK. So wherever a page uses it, or black as DeviceGray, an ICC-based
space takes its place: in contents, pictures, shadings, patterns, and in what stands for spots.
"""

from __future__ import annotations

import functools
import io
import re
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Stream, String

from pressrun.graphics.color.light_spaces import Look, as_planes, on_paper_of
from pressrun.graphics.pages.large_tiles import enlarge_tiles
from pressrun.graphics.pages.pdf_graph import contents, reached
from pressrun.graphics.pages.placed_pages import as_it_is
from pressrun.model.rendering import Document

MASKS = frozenset({"/SMask"})  # whose gray is no ink
_SPACES = {"/DeviceCMYK": ("/PressInks", "/DefaultCMYK"), "/DeviceGray": ("/PressBlack", "/DefaultGray")}
_BLACK: dict[str, list[Any]] = {"/DeviceCMYK": [0, 0, 0, 1], "/DeviceGray": [0]}  # what a space begins with
_SETS = {"k": ("/DeviceCMYK", "cs", "scn"), "K": ("/DeviceCMYK", "CS", "SCN"),
         "g": ("/DeviceGray", "cs", "scn"), "G": ("/DeviceGray", "CS", "SCN")}  # fmt: skip
_COLORED = re.compile(rb"(?<![^\s\0\]>)])(?:[kKgG]|cs|CS|BI)(?![^\s\0/\[<(%])")
_INLINE = re.compile(rb"(/(?:CS|ColorSpace)\s*(?:\[\s*/(?:I|Indexed)\s*)?)/(CMYK|DeviceCMYK|G|DeviceGray)(?![\w.])")
_BASES = {"/Separation": 2, "/DeviceN": 2, "/Indexed": 1, "/Pattern": 1}


def on_paper(document: Document) -> bytes:
    """A document whose inks look as its printing condition has them."""
    return seen(as_it_is(document), on_paper_of(document.profile))


def in_planes(document: Document, planes: tuple[int, ...]) -> bytes:
    """A document of which three inks show as red, green and blue."""
    return seen(as_it_is(document), as_planes(planes))


@functools.lru_cache(maxsize=8)
def seen(data: bytes, look: Look) -> bytes:
    """A document whose pages have one content stream each, as its inks look."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        profile = pdf.make_indirect(Stream(pdf, look.profile, N=4))
        grays = Stream(pdf, look.grays, FunctionType=0, Size=Array([256]), BitsPerSample=8)
        grays.Domain, grays.Range = Array([0, 1]), Array([0, 1] * 3)
        black = [Name.Separation, Name.Gray, Name.DeviceRGB, pdf.make_indirect(grays)]
        spaces = {
            "/DeviceCMYK": pdf.make_indirect(Array([Name.ICCBased, profile])),
            "/DeviceGray": pdf.make_indirect(Array(black)),
        }
        enlarge_tiles(pdf)
        for stream, resources in list(contents(pdf.Root, MASKS)):
            written = stream.read_bytes()
            if _COLORED.search(written):
                _name_spaces(resources, spaces)
                stream.write(_rewritten(stream, resources))
        for one in reached(pdf.Root, but=MASKS):
            if isinstance(one, Stream) and one.get("/ColorSpace") == "/DeviceGray" and _bits(one) <= 8:
                one.ColorSpace = _palette(look, _bits(one))
                if "/Decode" in one:
                    one.Decode = Array([float(end) * (2 ** _bits(one) - 1) for end in one.Decode])
            _put_spaces(one, spaces)
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def _bits(picture: Any) -> int:
    return int(picture.get("/BitsPerComponent", 16))


def _palette(look: Look, bits: int) -> Array:
    """Grays of a picture, which is sooner looked up than reckoned for each pixel."""
    last = 2**bits - 1
    colors = b"".join(look.grays[3 * at : 3 * at + 3] for at in (gray * 255 // last for gray in range(last + 1)))
    return Array([Name.Indexed, Name.DeviceRGB, last, String(colors)])


def _name_spaces(resources: Any, spaces: dict[str, Any]) -> None:
    if not isinstance(resources.get("/ColorSpace"), Dictionary):
        resources.ColorSpace = Dictionary()
    for device, (name, _) in _SPACES.items():
        resources.ColorSpace[name] = spaces[device]


def _put_spaces(one: Any, spaces: dict[str, Any]) -> None:
    """Put the new spaces in the place of device spaces that an object names."""
    if isinstance(one, Array):
        at = _BASES.get(str(one[0])) if len(one) > 1 else None
        if at is not None and len(one) > at and str(one[at]) in spaces:
            one[at] = spaces[str(one[at])]
        return
    space = one.get("/ColorSpace")
    if isinstance(space, Name) and str(space) in spaces:
        one.ColorSpace = spaces[str(space)]
    elif isinstance(space, Dictionary):
        for name, value in space.items():
            if isinstance(value, Name) and str(value) in spaces:
                space[name] = spaces[str(value)]


def _rewritten(stream: Stream, resources: Any) -> bytes:
    named = resources.ColorSpace
    names = {device: Name(default if default in named else own) for device, (own, default) in _SPACES.items()}
    parts: list[bytes] = []
    plain: list[Any] = []
    for instruction in pikepdf.parse_content_stream(stream):
        operator = str(instruction.operator)
        operands = list(instruction.operands)
        if operator in _SETS:
            device, use, fill = _SETS[operator]
            plain += [([names[device]], Operator(use)), (operands, Operator(fill))]
        elif operator in ("cs", "CS") and operands and str(operands[0]) in names:
            device, fill = str(operands[0]), "scn" if operator == "cs" else "SCN"
            plain += [([names[device]], Operator(operator)), (_BLACK[device], Operator(fill))]
        elif operator == "INLINE IMAGE":
            parts += [pikepdf.unparse_content_stream(plain), _inline(operands[0].unparse(), names)]
            plain = []
        else:
            plain.append(instruction)
    return b"\n".join([*parts, pikepdf.unparse_content_stream(plain)])


def _inline(written: bytes, names: dict[str, Name]) -> bytes:
    """A picture within a content stream, which begins with its keys."""

    def put(match: re.Match[bytes]) -> bytes:
        device = "/DeviceCMYK" if match[2] in (b"CMYK", b"DeviceCMYK") else "/DeviceGray"
        return match[1] + str(names[device]).encode()

    head, mark, data = written.partition(b"ID")
    return _INLINE.sub(put, head) + mark + data
