"""A press file separated: each of its pages by ink, as the plates have it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops

from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.color.light_spaces import on_paper_of
from pressrun.graphics.drawn.pdfium import Pages, opened, pages_file
from pressrun.graphics.pages.hidden_layers import take_layers_apart
from pressrun.graphics.pages.large_streams import STATIC_ID, LargeStreams
from pressrun.graphics.pages.large_tiles import enlarge_tiles
from pressrun.graphics.pages.pdf_graph import reached
from pressrun.graphics.pages.placed_pages import bleed_of
from pressrun.graphics.pages.seen_pages import MASKS, seen
from pressrun.graphics.separations.colorants import Spaces, spots_of
from pressrun.graphics.separations.plate_content import PlateContent
from pressrun.graphics.separations.plate_pictures import PlatePictures
from pressrun.model.placed_page import Edges
from pressrun.model.separations import PROCESS, Color, Separations
from pressrun.model.stored_bytes import put

_INKS = frozenset({"/Separation", "/DeviceN"})
_PATCH = 4  # points of a square that a spot is shown in, and pixels
_STEPS = 16  # of a spot, from none to all


def separated(
    data: bytes, profile: PressProfile, density: float, pages: Iterable[int] | None = None,
    box_of: Callable[[pikepdf.Page], Edges] = bleed_of,
) -> list[Separations]:  # fmt: skip
    """A box (the bleed box) of the pages of a press file (all, unless some are named, from 0), so many pixels an inch.
    Colours of light are separated by the profile. Raises pikepdf.PdfError."""
    with pages_file() as out:
        printed, looks = _write_plates(out, data, profile, density, pages, box_of)
        with opened(out) as drawn:
            return list(_drawn(drawn, printed, density, looks))


def _write_plates(
    out: BinaryIO, data: bytes, profile: PressProfile, density: float, pages: Iterable[int] | None,
    box_of: Callable[[pikepdf.Page], Edges],
) -> tuple[list[_Printed], dict[str, Any]]:  # fmt: skip
    """A page for each ink of each of the pages, and what is to be known of them when they are drawn."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        meant = range(len(pdf.pages)) if pages is None else list(pages)
        for page in pdf.pages:
            page.obj.Resources = page.resources  # which may be inherited
        take_layers_apart(pdf)
        enlarge_tiles(pdf)
        spaces = Spaces(pdf, profile)
        large = LargeStreams()
        pictures = PlatePictures(pdf, spaces, profile, large)
        printed: list[_Printed] = []
        written: list[pikepdf.Page] = []
        written_spaces: dict[str, Any] = {}
        for number in meant:
            page = pdf.pages[number]
            first = PlateContent(pdf, PROCESS[0], spaces, pictures)
            box = box_of(page)
            pictures.looked_at = _size(page, box, density)
            written.append(_page(pdf, page, first, box))
            inks = [*PROCESS, *sorted(spots_of(first.used))]
            printed.append(_Printed(inks, pictures.looked_at, first.would_mix_with_paper))
            written += [_page(pdf, page, PlateContent(pdf, ink, spaces, pictures), box) for ink in inks[1:]]
            written_spaces |= _spaces_of(page, spaces)
            pictures.forget()
        looks = _looks(pdf, written_spaces, spaces, profile)
        del pdf.pages[:]
        pdf.pages.extend(written)
        for name in ("/StructTreeRoot", "/Metadata", "/AcroForm", "/Outlines", "/OutputIntents"):
            if name in pdf.Root:
                del pdf.Root[name]
        if not large.streams:
            pdf.save(out, compress_streams=False)
            return printed, looks
        small = io.BytesIO()
        pdf.save(small, compress_streams=False, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    put(large.laid_in(small.getvalue(), STATIC_ID), out)
    return printed, looks


class _Printed(NamedTuple):
    """A page by its inks, of so many pixels; drawn ``is_isolated`` where it would mix with the paper."""

    inks: list[str]
    size: tuple[int, int]
    is_isolated: bool


def _drawn(
    pages: Pages, printed: Sequence[_Printed], density: float, looks: dict[str, Any]
) -> Iterator[Separations]:
    numbers = iter(range(len(pages)))
    for inks, size, is_isolated in printed:
        plates = {ink: ImageChops.invert(pages.gray(next(numbers), size, is_isolated=is_isolated)) for ink in inks}
        yield Separations(plates, density, {ink: looks[ink] for ink in inks if ink in looks})


def _size(page: pikepdf.Page, box: Edges, density: float) -> tuple[int, int]:
    """Width and height of a page's box in pixels, as it is shown."""
    left, bottom, right, top = box
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (max(1, round(edge * unit * density / 72)) for edge in (right - left, top - bottom))
    return (height, width) if page.rotation % 180 else (width, height)


def _page(pdf: pikepdf.Pdf, page: pikepdf.Page, plate: PlateContent, box: Edges) -> pikepdf.Page:
    content, resources = plate.page(page)
    made = Dictionary(Type=Name.Page, MediaBox=Array(box), Resources=resources, Contents=pdf.make_stream(content))
    if angle := page.rotation:
        made.Rotate = angle
    return pikepdf.Page(pdf.make_indirect(made))


def _spaces_of(page: pikepdf.Page, spaces: Spaces) -> dict[str, Any]:
    """A colour space for each spot of a page that has it."""
    found: dict[str, Any] = {}
    for one in reached(page.resources, but=MASKS):
        if isinstance(one, Array) and len(one) > 3 and str(one[0]) in _INKS:
            for ink in spots_of({spaces.read(one)}):
                if ink not in found or one[0] == "/Separation":
                    found[ink] = one
    return found


def _looks(
    source: pikepdf.Pdf, written: dict[str, Any], spaces: Spaces, profile: PressProfile
) -> dict[str, tuple[Color, ...]]:
    """What steps of each spot look like, by what stands for it."""
    if not written:
        return {}
    size = _PATCH * (_STEPS + 1), _PATCH * len(written)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=size)
        squares = []
        for row, (ink, space) in enumerate(written.items()):
            for step in range(_STEPS + 1):
                parts = " ".join(f"{step / _STEPS:g}" if name == ink else "0" for name in spaces.read(space).inks)
                square = f"{step * _PATCH} {size[1] - (row + 1) * _PATCH} {_PATCH} {_PATCH} re f"
                squares.append(f"/S{row} cs {parts} scn {square}")
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream("\n".join(squares).encode())
        named = Dictionary({f"/S{row}": space for row, space in enumerate(written.values())})
        page.Resources = Dictionary(ColorSpace=pdf.copy_foreign(source.make_indirect(named)))
        out = io.BytesIO()
        pdf.save(out)
    with opened(seen(out.getvalue(), on_paper_of(profile.data))) as pages:
        picture = pages.alone(0, size).convert("RGB").resize((_STEPS + 1, len(written)), Image.Resampling.NEAREST)
    return {
        ink: tuple(picture.getpixel((step, row)) for step in range(_STEPS + 1))  # type: ignore[misc]  # of RGB
        for row, ink in enumerate(written)
    }
