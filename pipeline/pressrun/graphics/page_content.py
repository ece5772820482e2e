"""Pages from segments: content streams in which every ink is written as it is to be seen, or printed.

Typst sets the texts. It is given a colour that stands for each ink, since it rounds inks to 255ths, and what is to be
painted takes its place here; what is no text is written here alone.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.outlines import written
from pressrun.model.color import Ink
from pressrun.model.rendering import Matrix, Overlay, Path, Segment, Vectors

Operators = tuple[bytes, bytes]  # that set a colour for filling, and for stroking
Paint = Callable[[Ink], Operators]

_STRING = rb"\((?:[^\\()]|\\.)*\)"
_NUMBER = rb"(-?(?:\d+\.?\d*|\.\d+))"
_READ = re.compile(
    _STRING
    + rb"|/c\d+ (?:cs|(CS)) " + rb" ".join([_NUMBER] * 3) + rb" (?:scn|SCN)(?![A-Za-z])"
    + rb"|(/\w+\s*(?:<<(?:[^()>]|" + _STRING + rb"|<[0-9A-Fa-f]*>)*>>)?\s*B[DM]C\b)"
    + rb"|\b(EMC)\b",
    re.DOTALL,
)  # fmt: skip
_KEPT = (b"/ReversedChars", b"/ActualText")  # what tells how letters are read (ISO 32000-1, 14.8.2.5.3 and 14.9.4)


def repainted(content: bytes, operators: Mapping[str, Operators]) -> bytes:
    """A page's content without its tags, and with the operators that each marker (#RRGGBB) stands for."""
    painted = {tuple(bytes.fromhex(marker[1:])): both for marker, both in operators.items()}
    kept: list[bool] = []  # of the marked content that is open

    def put(match: re.Match[bytes]) -> bytes:
        stroke, *parts, begun, ended = match.groups()
        if parts[0]:
            found = painted.get(tuple(round(float(part) * 255) for part in parts))
            return match[0] if found is None else b" " + found[stroke is not None]  # the name needed no space
        if begun:
            kept.append(any(kind in begun for kind in _KEPT))
            return match[0] if kept[-1] else b" "
        return b" " if ended and not kept.pop() else match[0]

    return _READ.sub(put, content)


def spelled_out(texts: bytes) -> frozenset[int]:
    """Pages with words that are spelled out beside their glyphs (ActualText: ISO 32000, 14.9.4), by number from 0: a
    glyph stands for one word in the whole document, and here for another. They are laid out in pieces, with a place for
    each, which is not quite where it stands when the document says nothing else."""
    with pikepdf.open(io.BytesIO(texts)) as pdf:
        return frozenset(
            number for number, page in enumerate(pdf.pages) if b"/ActualText" in page.obj.Contents.read_bytes()
        )


def text_forms(
    pdf: pikepdf.Pdf, overlay: Overlay, paint: Paint, spaces: pikepdf.Object | None = None
) -> dict[str, Stream]:
    """Its pages of texts, which ``pdf`` has, as forms by the names that `content_of` draws them by. ``spaces`` are the
    colour spaces that ``paint`` names; those of Typst's own that still are in use are added to them."""
    operators = {marker: paint(ink) for marker, ink in overlay.inks.items()}
    forms = {}
    for number in overlay.text_pages:
        page = pdf.pages[number].obj
        content = repainted(page.Contents.read_bytes(), operators)
        resources = page.get("/Resources", Dictionary())
        own = dict(resources.get("/ColorSpace", Dictionary()).items())
        used = {name: space for name, space in own.items() if re.search(name.encode() + rb" (?:cs|CS)\b", content)}
        if "/ColorSpace" in resources:
            del resources["/ColorSpace"]
        if spaces is not None:
            for name, space in used.items():
                spaces[name] = space
            if len(spaces):
                resources["/ColorSpace"] = spaces
        forms[_form_name(number)] = Stream(
            pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=page.MediaBox, Resources=resources
        )
    return forms


def content_of(segments: Iterable[Segment], height: float, paint: Paint) -> bytes:
    """Segments from the bottom up on a page of this height in points."""
    parts = []
    for segment in segments:
        if isinstance(segment, Vectors):
            clip = segment.clip + b" W n " if segment.clip else b""
            painted = _painted(segment.paths, paint)
            parts.append(b"q %s cm %s%s Q\n" % (_matrix(segment.matrix, height), clip, painted))
        else:
            parts.append(b"%s Do\n" % _form_name(segment.number).encode())
    return b"".join(parts)


def shown_pages(overlays: Sequence[Overlay], looks: Sequence[Callable[[Ink], str]]) -> bytes:
    """A page for each level of overlays that share their document of texts, in order, to be drawn: inks in the colours
    (#RRGGBB) that their overlay's look answers."""
    texts = overlays[0].texts
    with pikepdf.open(io.BytesIO(texts)) if texts else pikepdf.new() as pdf:
        shown = []
        for overlay, look in zip(overlays, looks, strict=True):
            paint = functools.partial(_seen, look)
            resources = Dictionary(XObject=Dictionary(text_forms(pdf, overlay, paint)))
            for level in overlay.levels:
                content = content_of(level, overlay.size[1], paint)
                page = Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, *overlay.size]),
                    Resources=resources,
                    Contents=pdf.make_stream(content),
                )
                shown.append(pikepdf.Page(pdf.make_indirect(page)))
        del pdf.pages[:]
        pdf.pages.extend(shown)
        for tags in ("/StructTreeRoot", "/Metadata"):
            if tags in pdf.Root:
                del pdf.Root[tags]
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def _form_name(number: int) -> str:
    return f"/Text{number}"


def _seen(look: Callable[[Ink], str], ink: Ink) -> Operators:
    parts = " ".join(f"{part / 255:.5g}" for part in bytes.fromhex(look(ink)[1:])).encode()
    return parts + b" rg", parts + b" RG"


def _matrix(matrix: Matrix, height: float) -> bytes:
    """As PDF has it, whose pages begin at the lower left."""
    a, b, c, d, e, f = matrix
    return " ".join(written(part, 8) for part in (a, -b, c, -d, e, height - f)).encode()


def _painted(paths: Iterable[Path], paint: Paint) -> bytes:
    parts = []
    for path in paths:
        if path.fill:
            parts.append(paint(path.fill)[0])
        if path.stroke:
            parts += [paint(path.stroke)[1], written(path.stroke_width).encode(), b"w"]
        parts += [path.outline, _operator(path)]
    return b" ".join(parts)


def _operator(path: Path) -> bytes:
    """What fills, strokes, or does both (ISO 32000-1, 8.5.3)."""
    if not path.fill:
        return b"S"
    return (b"B" if path.stroke else b"f") + (b"*" if path.even_odd else b"")
