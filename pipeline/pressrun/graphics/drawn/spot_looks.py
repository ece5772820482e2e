"""What stands for spots on devices that have no such ink."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Dictionary

from pressrun.graphics.color.light_spaces import as_planes
from pressrun.graphics.drawn.pdfium import opened
from pressrun.graphics.pages.seen_pages import seen

Inks = tuple[float, float, float, float]
_SIDE = 4  # points of a square, and pixels
_PLANES = ((0, 1, 2), (3, 3, 3))  # of C, M, Y, K: what is drawn together


def full_inks(source: pikepdf.Pdf, spaces: Sequence[Any]) -> list[Inks | None]:
    """What each /Separation of a source is in full, in percent of CMYK, to about one of them where its tint is a
    program or a table: as a renderer has it. None for one that stands for something else than CMYK."""
    told = [_told(space) for space in spaces]
    drawn = iter(_drawn_inks(source, [space for space, inks in zip(spaces, told, strict=True) if not inks]))
    return [inks or next(drawn) for inks in told]


def _told(space: Any) -> Inks | None:
    """Where its tint goes evenly from none to all of it."""
    if space[2] != "/DeviceCMYK" or int(space[3].get("/FunctionType", -1)) != 2 or "/C1" not in space[3]:
        return None
    cyan, magenta, yellow, black = (min(max(round(float(part) * 100, 2), 0.0), 100.0) for part in space[3].C1)
    return cyan, magenta, yellow, black


def _drawn_inks(source: pikepdf.Pdf, spaces: Sequence[Any]) -> list[Inks | None]:
    if not spaces:
        return []
    with pikepdf.new() as pdf:
        width = _SIDE * len(spaces)
        pdf.add_blank_page(page_size=(width, _SIDE))
        drawn = [f"/S{at} cs 1 scn {at * _SIDE} 0 {_SIDE} {_SIDE} re f" for at in range(len(spaces))]
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream("\n".join(drawn).encode())
        named = Dictionary({f"/S{at}": space for at, space in enumerate(spaces)})
        page.Resources = Dictionary(ColorSpace=pdf.copy_foreign(source.make_indirect(named)))
        out = io.BytesIO()
        pdf.save(out)
    seen_as = [_drawn(seen(out.getvalue(), as_planes(planes)), len(spaces)) for planes in _PLANES]
    return [
        (*_percent(light), _percent(black)[0]) if space[2] == "/DeviceCMYK" else None
        for space, light, black in zip(spaces, *seen_as, strict=True)
    ]


def _drawn(pdf: bytes, count: int) -> list[tuple[int, int, int]]:
    with opened(pdf) as pages:
        picture = pages.alone(0, (count * _SIDE, _SIDE)).convert("RGB")
    middles = [(at * _SIDE + _SIDE // 2, _SIDE // 2) for at in range(count)]
    return [picture.getpixel(middle) for middle in middles]  # type: ignore[misc]  # RGB pixels are triples


def _percent(light: tuple[int, int, int]) -> tuple[float, float, float]:
    first, second, third = (float(round(100 - level / 2.55)) for level in light)
    return first, second, third
