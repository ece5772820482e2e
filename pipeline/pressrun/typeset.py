"""typeset: the live layers of settled sheets become an overlay PDF of transparent pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pressrun.graphics.artwork import Artwork
from pressrun.graphics.repaint import spelled_out
from pressrun.graphics.typst_engine import Typesetter
from pressrun.graphics.typst_text import text_json
from pressrun.model.color import Ink
from pressrun.model.geometry import Rect
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import CodeMark, LogoMark, Mark, Panel, ShapeMark, Sheet, TextMark

Paint = Callable[[Ink], str]
ArtworkOf = Callable[[str], Artwork]  # of a digest

_RUN = re.compile("1+")


def typeset(sheet: Sheet, typesetter: Typesetter, artwork: ArtworkOf, date: int) -> Overlay:
    """Set a settled sheet on one page of a document of its own; ``date`` is in Unix seconds. Once for all targets: each
    ink is set as a marker, a colour of its own that finishing replaces. Raises TypesettingFailed."""
    inks: dict[Ink, str] = {}
    page = _page(sheet, (mark for level in sheet.levels for mark in level), artwork, inks)
    pdf = typesetter.typeset({"title": sheet.title, "description": sheet.description, "pages": [page]}, date)
    return Overlay(pdf, _by_marker(inks))


def typeset_levels(
    sheets: Sequence[Sheet], typesetter: Typesetter, artwork: ArtworkOf
) -> list[Overlay | None]:
    """Set settled sheets in one document to be drawn, each level on a page of its own. A page looks the same in
    whatever company it is set, though its bytes are others; None for one that would not, and is to be set alone. Raises
    TypesettingFailed, whichever sheet is to blame."""
    pages: list[dict[str, Any]] = []
    of_sheets: list[tuple[dict[Ink, str], range]] = []
    for sheet in sheets:
        inks: dict[Ink, str] = {}
        first = len(pages)
        pages += (_page(sheet, level, artwork, inks) for level in sheet.levels)
        of_sheets.append((inks, range(first, len(pages))))
    pdf = typesetter.typeset({"title": "", "description": "", "pages": pages}, 0)
    differing = spelled_out(pdf) if len(sheets) > 1 else frozenset[int]()
    return [
        None if differing.intersection(numbers) else Overlay(pdf, _by_marker(inks), numbers)
        for inks, numbers in of_sheets
    ]


def _page(sheet: Sheet, marks: Iterable[Mark], artwork: ArtworkOf, inks: dict[Ink, str]) -> dict[str, Any]:
    def paint(ink: Ink) -> str:
        return inks.setdefault(ink, f"#{len(inks) + 1:06X}")

    return {
        "width": sheet.boxes.bleed.width,
        "height": sheet.boxes.bleed.height,
        "marks": [part for mark in marks for part in _mark_json(mark, artwork, paint)],
    }


def _by_marker(inks: Mapping[Ink, str]) -> dict[str, Ink]:
    return {marker: ink for ink, marker in inks.items()}


def _mark_json(mark: object, artwork: ArtworkOf, paint: Paint) -> list[dict[str, Any]]:
    if isinstance(mark, TextMark):
        return [_text_json(mark, paint)]
    if isinstance(mark, ShapeMark):
        return [
            {
                "kind": "shape",
                "shape": mark.shape,
                **_rect(mark.rect),
                "radius": mark.radius,
                "stroke_width": mark.stroke_width,
                "fill": paint(mark.fill) if mark.fill else None,
                "stroke": paint(mark.stroke) if mark.stroke else None,
            }
        ]
    if isinstance(mark, LogoMark):
        return [_logo_json(mark, artwork, paint)]
    if isinstance(mark, CodeMark):
        return _code_json(mark, paint)
    raise TypeError(f"{type(mark).__name__} is not live")


def _rect(rect: Rect) -> dict[str, float]:
    return {"x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height}


def _text_json(mark: TextMark, paint: Paint) -> dict[str, Any]:
    fit = mark.fit
    assert fit is not None, f"{mark.layer} was never fitted"
    return {
        "kind": "text",
        "id": mark.layer,
        **_rect(mark.rect),
        **text_json(mark, fit.spans, fit.phrases, fit.edges, paint(mark.inks[0])),
        "size": fit.size,
        "column": _rect(fit.column),
        "extent": _rect(fit.extent),
        "panel": _panel(mark.panel, paint) if mark.panel else None,
    }


def _panel(panel: Panel, paint: Paint) -> dict[str, Any]:
    return {"fill": paint(panel.ink), "padding": panel.padding, "radius": panel.radius}


def _logo_json(mark: LogoMark, artwork: ArtworkOf, paint: Paint) -> dict[str, Any]:
    art = artwork(mark.candidates[0][1])
    scale = min(mark.rect.width / art.width, mark.rect.height / art.height)
    aside = {"start": 0.0, "center": 0.5, "end": 1.0}[mark.align] * (mark.rect.width - art.width * scale)
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[mark.anchor] * (mark.rect.height - art.height * scale)
    drawn = dict.fromkeys(path.fill for path in art.paths)
    fills = tuple((fill, paint(mark.inks[fill])) for fill in drawn if fill in mark.inks)
    rect = Rect(mark.rect.x + aside, mark.rect.y + down, art.width * scale, art.height * scale)
    return {"kind": "art", **_rect(rect), "svg": art.svg(fills), "alt": "logo"}


def _code_json(mark: CodeMark, paint: Paint) -> list[dict[str, Any]]:
    svg = _code_svg(mark.modules, mark.quiet, paint(mark.ink))
    code = {"kind": "art", **_rect(mark.rect), "svg": svg, "alt": mark.value}
    if mark.ground is None:
        return [code]
    panel = {
        "kind": "shape",
        "shape": "rect",
        **_rect(mark.rect),
        "radius": 0,
        "stroke_width": 0,
        "fill": paint(mark.ground),
        "stroke": None,
    }
    return [panel, code]


@functools.lru_cache(maxsize=256)
def _code_svg(modules: tuple[str, ...], quiet: int, fill: str) -> str:
    side = len(modules) + 2 * quiet
    runs = "".join(
        f"M{run.start() + quiet} {y + quiet}h{run.end() - run.start()}v1h{run.start() - run.end()}z"
        for y, row in enumerate(modules)
        for run in _RUN.finditer(row)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path fill="{fill}" d="{runs}"/></svg>'
