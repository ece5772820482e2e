"""Pages from segments: content streams in which every ink is written as it is to be seen, or printed.

Typst sets the texts. It is given a colour that stands for each ink, since it rounds inks to 255ths, and what is to be
painted takes its place here; what is no text is written here alone.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

import pikepdf
from msgspec import Struct, field
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from pressrun.graphics.pages.placed_pages import PlacedPages
from pressrun.graphics.pages.repainted_texts import repainted
from pressrun.graphics.pages.seen_pages import on_paper
from pressrun.graphics.pages.written_inks import SeenInks, WrittenInks
from pressrun.graphics.paths import tilings
from pressrun.graphics.paths.outlines import written
from pressrun.graphics.paths.shadings import numbers, pixel_cover, written_cover, written_shading
from pressrun.graphics.texts.words_copied import spelled_without_joiners
from pressrun.model.color import Ink
from pressrun.model.geometry import IDENTITY, Matrix, after, inverse, point_moved
from pressrun.model.rendering import (
    Document,
    Group,
    Overlay,
    Path,
    Piece,
    Pixels,
    PlacedPage,
    Segment,
    Shading,
    TechnicalLayer,
    TextPage,
    Tiling,
    Vectors,
)
from pressrun.model.sheet import Blend, Cap

PLACED = "/Page"  # what names of placed pages begin with
_CAPS: dict[Cap, int] = {"butt": 0, "round": 1, "square": 2}
_MODES: dict[Blend, str] = {
    "normal": "Normal", "multiply": "Multiply", "screen": "Screen", "overlay": "Overlay", "soft-light": "SoftLight"
}  # fmt: skip


class _Resources(Struct):
    """What a content stream names: forms and pictures, and states of how they are laid on."""

    drawn: dict[str, pikepdf.Object] = field(default_factory=dict)
    states: dict[str, Dictionary] = field(default_factory=dict)
    shadings: dict[str, Dictionary] = field(default_factory=dict)
    layers: dict[str, pikepdf.Object] = field(default_factory=dict)
    fonts: pikepdf.Object = field(default_factory=Dictionary)

    def dictionary(self, spaces: pikepdf.Object) -> Dictionary:
        kinds = {
            "/ColorSpace": spaces,
            "/XObject": Dictionary(self.drawn),
            "/ExtGState": Dictionary(self.states),
            "/Shading": Dictionary(self.shadings),
            "/Properties": Dictionary(self.layers),
            "/Font": self.fonts,
        }
        return Dictionary({name: kind for name, kind in kinds.items() if len(kind)})


class Writer:
    """Writes what an overlay has into a document, which has its texts."""

    def __init__(
        self,
        pdf: pikepdf.Pdf,
        overlay: Overlay,
        inks: WrittenInks,
        image: Callable[[Piece], Stream],
        placed: Callable[[Document, int], Stream],
    ) -> None:
        """``image`` makes a picture of a piece, ``placed`` a form of a page of a document."""
        self._pdf, self._overlay, self._inks, self._image = pdf, overlay, inks, image
        self._placed = placed
        self._operators = {marker: inks.operators(ink) for marker, ink in overlay.inks.items()}
        self._known: dict[str, pikepdf.Object] = {}
        self._seen = (0.0, 0.0, *overlay.size)  # what of the page may be seen, as what is now written measures it
        self._flip: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, overlay.size[1])  # pages of PDF begin at the lower left

    def drawn(self, segments: Iterable[Segment]) -> tuple[bytes, Dictionary]:
        """A content stream that draws segments from the bottom up, and its resources."""
        resources = _Resources(states=dict(self._inks.states))
        content = "".join([self._segment(segment, resources) for segment in segments]).encode()
        return content, resources.dictionary(self._inks.spaces)

    def _segment(self, segment: Segment, resources: _Resources) -> str:
        if isinstance(segment, Vectors) and segment.opacity < 1 and segment.is_painted_twice:
            alone = replace(segment, opacity=1.0)
            return self._group(Group((alone,), IDENTITY, "", segment.opacity, "normal"), resources)
        if isinstance(segment, Vectors):
            state = self._state(segment.opacity, "normal", resources) if segment.opacity < 1 else ""
            clip = f"{segment.clip} W n " if segment.clip else ""
            if segment.cover:
                state += self._covered(segment.cover, resources)
            translucent = segment.opacity < 1
            painted = " ".join([self._painted(path, resources, translucent) for path in segment.paths])
            return f"q {_cm(after(segment.matrix, self._flip))}{state}{clip}{painted} Q\n"
        if isinstance(segment, TextPage):
            return self._shown_text(segment.number, resources)
        if isinstance(segment, Pixels):
            rect, piece = segment.rect, self._overlay.pieces[segment.piece]
            place = (rect.width, 0.0, 0.0, rect.height, rect.x, self._flip[5] - rect.bottom)
            name = f"/Picture{list(self._overlay.pieces).index(segment.piece)}"
            return f"q {_cm(place)}{self._do(name, lambda: self._image(piece), resources)}Q\n"
        if isinstance(segment, PlacedPage):
            document, number = self._overlay.documents[segment.document], segment.number
            name = f"{PLACED}{list(self._overlay.documents).index(segment.document)}.{number}"
            drawn = self._do(name, lambda: self._placed(document, number), resources)
            return f"q {_cm(after(segment.matrix, self._flip))}{drawn}Q\n"
        if isinstance(segment, TechnicalLayer):
            return self._technical(segment, resources)
        return self._group(segment, resources)

    def _technical(self, segment: TechnicalLayer, resources: _Resources) -> str:
        """As optional content (ISO 32000-1, 8.11.3.2), where it is printed."""
        assert segment.ink, "a layer is of some ink"
        if not self._inks.prints_steps:
            return "".join(self._segment(one, resources) for one in segment.seen)
        layer = self._inks.layer(segment.ink)
        if layer is None:
            return self._group(segment, resources)
        name = f"/Layer{len(resources.layers)}"
        resources.layers[name] = layer
        return f"/OC {name} BDC\n{self._group(segment, resources)}EMC\n"

    def _painted(self, path: Path, resources: _Resources, translucent: bool) -> str:
        fill, parts = path.fill, list[str]()
        if isinstance(fill, (Shading, Tiling)):
            parts.append(
                self._shaded(path, fill, resources) if isinstance(fill, Shading)
                else self._tiled(path, fill, resources, translucent)
            )  # fmt: skip
            if not path.stroke:
                return parts[0]
            path, fill = replace(path, fill=None), None
        if fill:
            parts.append(self._inks.operators(fill)[0])
        if path.stroke:
            parts += (self._inks.operators(path.stroke)[1], written(path.stroke_width), "w", *_ends(path))
        return " ".join((*parts, path.outline, _operator(path)))

    def _shaded(self, path: Path, fill: Shading, resources: _Resources) -> str:
        name = f"/Shading{len(resources.shadings)}"
        resources.shadings[name] = written_shading(fill, self._inks.ramp(fill.stops))
        cover = ""
        if not fill.is_opaque:
            cover = f"/Cover{len(resources.states)} gs "
            resources.states[cover.split()[0]] = written_cover(self._pdf, fill)
        return f"q {path.outline} W{'*' if path.even_odd else ''} n {cover}{name} sh Q"

    def _tiled(self, path: Path, fill: Tiling, resources: _Resources, translucent: bool) -> str:
        """A form, from which its pattern counts, and not from the page that it is on. Of inks that are only to be seen
        each tile is drawn where it is: PDFium draws patterns in whole pixels."""
        content, own = self.drawn(fill.segments)
        content = _cm(self._flip).encode() + content
        places = None if self._inks.has_patterns else tilings.tiles(fill)
        operator = "*" if path.even_odd else ""
        ground = f"{self._inks.operators(fill.ground)[0]} {path.outline} f{operator} " if fill.ground else ""
        inner = _Resources(states=dict(self._inks.states)).dictionary(self._inks.spaces)  # by now with the ground's
        if places is None:
            tile = Stream(self._pdf, content, Resources=own, **tilings.pattern_entries(fill))
            inner["/Pattern"] = Dictionary(Tile=tile)
            painted = f"/Pattern cs /Tile scn {path.outline} f{operator}"
        else:
            inner["/XObject"] = Dictionary(Tile=self._xobject(content, BBox=tilings.tile_box(fill), Resources=own))
            drawn = " ".join(f"q {_cm(place)}/Tile Do Q" for place in places)
            painted = f"{path.outline} W{operator} n {drawn}"
        extent = fill.extent
        entries = {"Group": Dictionary(S=Name.Transparency, CS=self._inks.device, I=True)} if translucent else {}
        name = f"/Tiled{len(resources.drawn)}"
        box = numbers((extent.x, extent.y, extent.right, extent.bottom))
        resources.drawn[name] = self._xobject((ground + painted).encode(), BBox=box, Resources=inner, **entries)
        return f"{name} Do"

    def _covered(self, cover: Pixels, resources: _Resources) -> str:
        name = f"/Cover{len(resources.states)}"
        resources.states[name] = pixel_cover(self._pdf, self._overlay.covers[cover.piece], cover.rect)
        return f"{name} gs "

    def _group(self, group: Group, resources: _Resources) -> str:
        placed = after(after(self._flip, group.matrix), self._flip)
        around, self._seen = self._seen, _seen_within(placed, self._seen)
        place, inner = _cm(placed), self._group_content(group, resources)
        self._seen = around
        upside_down = _cm(self._flip)
        clip = f"{upside_down}{group.clip} W n {upside_down}" if group.clip else ""
        return f"q {place}{clip}{inner}Q\n"

    def _group_content(self, group: Group, resources: _Resources) -> str:
        if not group.is_mixed:
            return "".join(self._segment(segment, resources) for segment in group.segments)
        state = self._state(group.opacity, group.blend, resources)
        name = f"/Group{len(resources.drawn)}"
        resources.drawn[name] = self._form(group.segments)
        return f"{state}{name} Do\n"

    def _form(self, segments: Iterable[Segment]) -> Stream:
        """Segments as one, to be laid on what is below (ISO 32000-1, 11.6.6)."""
        content, resources = self.drawn(segments)
        box = numbers(self._seen)
        mixing = Dictionary(S=Name.Transparency, CS=self._inks.device, I=True)
        return self._xobject(content, BBox=box, Resources=resources, Group=mixing)

    def _shown_text(self, number: int, resources: _Resources) -> str:
        """A page of texts: what is written letter by letter as it is, else a form as large as any place that shows it
        needs: turned in, a text may begin far out."""
        letters = self._overlay.letters
        if letters and number in letters:
            resources.fonts = letters.fonts_in(self._pdf)
            return f"q\n{letters.painted(number, self._operators)}Q\n"
        name = f"/Text{number}"
        done = self._do(name, lambda: self._text(number), resources)
        form = self._known[name]
        left, bottom, right, top = (float(edge) for edge in form.BBox)
        if self._seen[0] < left or self._seen[1] < bottom or self._seen[2] > right or self._seen[3] > top:
            least, most = map(min, (left, bottom), self._seen[:2]), map(max, (right, top), self._seen[2:])
            form.BBox = numbers((*least, *most))
        return done

    def _text(self, number: int) -> Stream:
        """A page of texts in their inks; spaces of Typst's own that it still uses are kept."""
        page = self._pdf.pages[number].obj
        content = spelled_without_joiners(repainted(page.Contents.read_bytes(), self._operators))
        resources = page.get("/Resources", Dictionary())
        if "/ColorSpace" in resources:
            for name, space in resources.ColorSpace.items():
                if re.search(name.encode() + rb" (?:cs|CS)\b", content):
                    self._inks.spaces[name] = space
            del resources["/ColorSpace"]
        if len(self._inks.spaces):
            resources["/ColorSpace"] = self._inks.spaces
        if self._inks.states:
            resources["/ExtGState"] = Dictionary(self._inks.states)
        return self._xobject(content, BBox=page.MediaBox, Resources=resources)

    def _xobject(self, content: bytes, **entries: pikepdf.Object) -> Stream:
        return Stream(self._pdf, content, Type=Name.XObject, Subtype=Name.Form, **entries)

    def _do(self, name: str, make: Callable[[], Stream], resources: _Resources) -> str:
        if name not in self._known:
            self._known[name] = make()
        resources.drawn[name] = self._known[name]
        return f"{name} Do\n"

    def _state(self, opacity: float, blend: Blend, resources: _Resources) -> str:
        name = f"/{_MODES[blend]}{round(opacity * 1000)}"
        share = Decimal(written(opacity))
        resources.states[name] = Dictionary(ca=share, CA=share, BM=Name(f"/{_MODES[blend]}"))
        return f"{name} gs "


def shown_pages(overlays: Sequence[Overlay], looks: Sequence[Callable[[Ink], str]]) -> bytes:
    """Pages of overlays that share their document of texts, in order, to be drawn: for each level what is under some of
    its texts, if there is any such, and the level. Inks are in the colours (#RRGGBB) that their overlay's look
    answers."""
    out = io.BytesIO()
    write_shown_pages(out, overlays, looks, lambda piece: piece.seen, on_paper)
    return out.getvalue()


def write_shown_pages(
    out: BinaryIO,
    overlays: Sequence[Overlay],
    looks: Sequence[Callable[[Ink], str]],
    picture: Callable[[Piece], Image.Image],
    document: Callable[[Document], bytes],
) -> None:
    """Such pages, with pieces as ``picture`` has them, and documents as ``document`` does."""
    texts = overlays[0].texts
    with (
        pikepdf.open(io.BytesIO(texts)) if texts else pikepdf.new() as pdf,
        PlacedPages(pdf, document) as placed,
    ):
        shown = []
        for overlay, look in zip(overlays, looks, strict=True):
            writer = Writer(
                pdf, overlay, SeenInks(pdf, look), lambda piece: _image(pdf, picture(piece)), placed.form
            )
            for segments in (part for level in overlay.levels for part in level.pages):
                content, resources = writer.drawn(segments)
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
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> Stream:
    """One in sRGB or gray, which may have an alpha."""
    cover = {}
    if picture.mode in ("RGBA", "LA"):
        alpha = picture.getchannel("A").tobytes()
        cover["SMask"] = image_stream(pdf, alpha, picture.size, ColorSpace=Name.DeviceGray)
        del alpha
    if picture.mode in ("L", "LA"):
        return image_stream(pdf, picture.getchannel("L").tobytes(), picture.size, ColorSpace=Name.DeviceGray, **cover)
    return image_stream(pdf, picture.tobytes("raw", "RGB"), picture.size, ColorSpace=Name.DeviceRGB, **cover)


def image_stream(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], **entries: pikepdf.Object) -> Stream:
    """A picture of eight bits a channel."""
    return Stream(
        pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], BitsPerComponent=8, **entries
    )


@functools.lru_cache(maxsize=1024)
def _cm(matrix: Matrix) -> str:
    # 0.0 and -0.0 are one key, and so have to be one text.
    return " ".join(written(part + 0.0, 8) for part in matrix) + " cm "


def _ends(path: Path) -> Iterator[str]:
    """How a stroke ends, and where it is broken (ISO 32000-1, 8.4.3)."""
    if path.cap != "butt":
        yield f"{_CAPS[path.cap]} J"
    if path.dashes:
        yield f"[{' '.join(map(written, path.dashes))}] 0 d"


def _operator(path: Path) -> str:
    """What fills, strokes, or does both (ISO 32000-1, 8.5.3)."""
    if not path.fill:
        return "S"
    return ("B" if path.stroke else "f") + ("*" if path.even_odd else "")


Edges = tuple[float, float, float, float]  # left, bottom, right, top


def _seen_within(placed: Matrix, seen: Edges) -> Edges:
    """What may be seen of a page, as what a matrix places on it measures it."""
    if placed == IDENTITY:
        return seen
    try:
        back = inverse(placed)
    except ZeroDivisionError:
        return seen  # nothing of it is
    left, bottom, right, top = seen
    corners = [point_moved(x, y, back) for x in (left, right) for y in (bottom, top)]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)
