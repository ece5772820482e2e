"""Pages that are alike in all that standards of print speak of, and those that none takes."""

from __future__ import annotations

import struct
from collections.abc import Hashable
from typing import Any

import pikepdf

from pressrun.graphics.pages.page_content import PLACED
from pressrun.model.color import Ink
from pressrun.model.finding import Severity
from pressrun.model.placed_page import PageMark
from pressrun.model.rendering import Group, PlacedPage, Rendering, Shading, Tiling, Vectors, unfolded
from pressrun.model.sheet import Sheet

_SHOWING = "Tj TJ ' \""


def kind_of(rendering: Rendering, texts: Hashable) -> Hashable:
    """What decides whether a page is what the standard asks for. Pages of which only words and forms differ are alike:
    one of them is judged for all. ``texts`` says what those on it are set in."""
    overlay = rendering.overlay
    drawn: set[Hashable] = set()
    for one in unfolded(part for level in overlay.levels for part in (*level.under, *level.segments)):
        drawn.add(type(one).__name__)
        if isinstance(one, Vectors):
            drawn |= {(_kind(path.fill), _kind(path.stroke), one.opacity, one.cover is None) for path in one.paths}
        elif isinstance(one, Group):
            drawn.add((one.opacity, one.blend))
        elif isinstance(one, PlacedPage):
            drawn.add((one.document, one.number))
    pieces = {(piece.jpeg is None, piece.alpha is None, bool(piece.spots)) for piece in overlay.pieces.values()}
    has_plate = rendering.plate_jpeg is not None
    flat = rendering.flat
    pixels = flat and (flat.is_jpeg, flat.spots)
    return (
        rendering.sheet.boxes, rendering.crop_marks, has_plate, len(rendering.plate_spots), frozenset(drawn),
        texts, pixels, frozenset(pieces), frozenset(overlay.inks.values()), frozenset(overlay.documents),
    )  # fmt: skip


def _kind(fill: Ink | Shading | Tiling | None) -> Hashable:
    return fill if fill is None or isinstance(fill, Ink) else repr(fill)


def shows_undefined(page: pikepdf.Page) -> bool:
    """Whether a page of texts, whose letters are numbers of glyphs, shows .notdef (0), what a font shows for what it
    does not have."""
    for instruction in pikepdf.parse_content_stream(page, _SHOWING):
        shown: Any = instruction.operands[-1]
        for one in shown if isinstance(shown, pikepdf.Array) else (shown,):
            if isinstance(one, pikepdf.String):
                word = bytes(one)
                if 0 in struct.unpack(f">{len(word) // 2}H", word[: len(word) // 2 * 2]):
                    return True
    return False


def below_any_standard(
    sheet: Sheet, page: pikepdf.Page, known: dict[tuple[int, int], bool]
) -> tuple[str, str | None] | None:
    """What a page shows that no standard takes, with the layer that brings it, if one does. ``known``: whether
    resources bring inks alone, by their number in the file, in which many pages have the same."""
    for placed in sheet.placed:
        if isinstance(mark := placed.mark, PageMark):
            for fault in mark.faults:
                if fault.severity is Severity.ERROR:
                    return f"{mark.told}: {fault.message}", mark.layer
    resources = page.obj.Resources
    number = resources.objgen
    if number not in known:
        known[number] = _has_inks_alone(resources)
    return None if known[number] else ("letters in colours of their own", None)


def _has_inks_alone(of_page: pikepdf.Object) -> bool:
    """Whether nothing on a page brings colours of its own, as letters of colour fonts do; but for placed pages."""
    drawn = of_page.get("/XObject", {}).items()
    forms = [one for name, one in drawn if one.Subtype == "/Form" and not name.startswith(PLACED)]
    resources = [of_page, *(form.Resources for form in forms)]
    spaces = [space for one in resources for space in one.get("/ColorSpace", {}).values()]
    fonts = [font for one in resources for font in one.get("/Font", {}).values()]
    in_inks = all(space[0] in ("/Separation", "/DeviceN") for space in spaces)
    return in_inks and all(font.Subtype != "/Type3" for font in fonts)
