"""The page's edges: text inside the safe area, and colour that reaches the trim reaching out to the bleed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy

from pressrun.graphics.paths.regions import around, as_region, corners, left_by, straight_sides, within
from pressrun.model.code_mark import CodeMark
from pressrun.model.edge_artwork import DEPTH, ends_short
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import IDENTITY, PageBoxes, Rect, bounds, length_told, point_moved
from pressrun.model.inspection import Inspection
from pressrun.model.light import PixelArray
from pressrun.model.placed_page import PageMark
from pressrun.model.reach import reach_of
from pressrun.model.remedies import PANEL
from pressrun.model.sheet import LogoMark, PictureMark, Placed, ShadeMark, ShapeMark, TextMark

NEAR = 0.5  # points
EDGE = 1.0  # points around what is looked at, from which something may still be seen there
PICTURES = (PictureMark, PageMark)
SIDES = ("left", "top", "right", "bottom")
ALONG = 0.05  # points that an edge may lean to run along a side
SHORTEST = 2.0  # points: of what is shorter a cut that is a little off shows nothing


def safe_area(inspection: Inspection) -> Iterator[Finding]:
    safe = inspection.sheet.boxes.safe
    placed = inspection.sheet.placed
    in_codes = {word for one in placed if isinstance(one.mark, CodeMark) for word in one.mark.words}
    texts = [one for one in placed if isinstance(one.mark, TextMark) and one.mark.fit]
    taken = [
        (fact.layer, "text", _left_of(one, fact.rect) if one.clips else fact.rect)
        for fact, one in zip(inspection.facts, texts, strict=True)
        if fact.layer not in in_codes
    ]
    taken += [
        (one.mark.layer, "a logo" if isinstance(one.mark, LogoMark) else "a code", _left_of(one, one.bounds))
        for one in placed
        if isinstance(one.mark, (LogoMark, CodeMark))
    ]
    for layer, what, rect in taken:
        if rect and not safe.contains(rect, NEAR):
            yield inspection.finding(
                Severity.WARNING,
                "outside-safe-area",
                f"{what} reaches {length_told(_excess(safe, rect), inspection.sheet.target)} beyond the safe area",
                layer,
            )
    if inspection.sheet.target == "print":
        yield from _grounds_of_texts(inspection)


def _grounds_of_texts(inspection: Inspection) -> Iterator[Finding]:
    """Panels that end between safe area and trim, where a cut that is a little off is seen."""
    safe, bleed = inspection.sheet.boxes.safe, inspection.sheet.boxes.bleed
    if safe == bleed:
        return
    for one in inspection.sheet.placed:
        mark = one.mark
        if isinstance(mark, TextMark) and mark.panel:
            layer, rect = mark.layer, bounds(mark.panel_shape.rect, one.matrix)
        elif isinstance(mark, ShapeMark) and mark.layer.endswith(PANEL):
            layer, rect = mark.layer.removesuffix(PANEL), one.bounds
        else:
            continue
        short = [
            length for length, reaches in (
                (safe.x - rect.x, rect.x <= bleed.x + NEAR),
                (safe.y - rect.y, rect.y <= bleed.y + NEAR),
                (rect.right - safe.right, rect.right >= bleed.right - NEAR),
                (rect.bottom - safe.bottom, rect.bottom >= bleed.bottom - NEAR),
            ) if length > NEAR and not reaches
        ]  # fmt: skip
        if short:
            yield inspection.finding(
                Severity.WARNING,
                "outside-safe-area",
                f"its panel reaches {length_told(max(short), inspection.sheet.target)} beyond the safe area",
                layer,
                "move the box of the text in by that, give the panel less padding, or let it run into the bleed",
            )


def _left_of(one: Placed, taken: Rect) -> Rect | None:
    """What its groups leave of what a mark takes on the page; None where that is nothing."""
    if not one.clips:
        return taken
    return around(within(left_by(one.clips), corners(taken)))


def _excess(safe: Rect, rect: Rect) -> float:
    return max(safe.x - rect.x, safe.y - rect.y, rect.right - safe.right, rect.bottom - safe.bottom)


def bleed(inspection: Inspection) -> Iterator[Finding]:
    boxes = inspection.sheet.boxes
    if boxes.bleed == boxes.trim:
        return
    for one in inspection.sheet.placed:
        mark = one.mark
        if not isinstance(mark, (PictureMark, ShadeMark, ShapeMark)):
            continue
        if isinstance(mark, PictureMark) and mark.media_type == "image/svg+xml":
            continue  # a cut-out's box says nothing of where its pixels are
        if isinstance(mark, ShapeMark) and mark.shape == "ellipse":
            continue  # no edge of it runs along the trim
        is_figure = isinstance(mark, ShapeMark) and mark.shape == "figure"
        if one.clips or one.matrix != IDENTITY or is_figure:
            left, sides = _edges_along(one)
            if left is None:
                continue
            rect = left
        else:
            rect, sides = mark.rect, SIDES
        trim, out = boxes.trim, boxes.bleed
        short = [
            name
            for name, touches, reaches in (
                ("left", rect.x <= trim.x + NEAR, rect.x <= out.x + NEAR),
                ("top", rect.y <= trim.y + NEAR, rect.y <= out.y + NEAR),
                ("right", rect.right >= trim.right - NEAR, rect.right >= out.right - NEAR),
                ("bottom", rect.bottom >= trim.bottom - NEAR, rect.bottom >= out.bottom - NEAR),
            )
            if name in sides and touches and not reaches
        ]
        if short:
            yield inspection.finding(
                Severity.ERROR,
                "misses-bleed",
                f"touches the trim at the {', '.join(short)} without reaching the bleed",
                mark.layer,
                "lay the box out `in: bleed`",
            )


def _edges_along(one: Placed) -> tuple[Rect | None, Sequence[str]]:
    """Of a mark that is turned, cut out or drawn the rectangle around what is left of it, and the sides of that along
    which a straight edge of it runs: a disc that touches the trim has none."""
    mark = one.mark
    if isinstance(mark, ShapeMark) and mark.shape == "figure":
        region = left_by(((mark.outline, one.matrix), *one.clips))
    else:
        box = [point_moved(*corner, one.matrix) for corner in corners(mark.rect)]
        region = within(left_by(one.clips), box) if one.clips else as_region(box)
    rect = around(region)
    if rect is None:
        return None, []
    edges = list(straight_sides(region))
    along = {
        "left": (abs(v - y) for (x, y), (u, v) in edges if max(x, u) <= rect.x + ALONG),
        "top": (abs(u - x) for (x, y), (u, v) in edges if max(y, v) <= rect.y + ALONG),
        "right": (abs(v - y) for (x, y), (u, v) in edges if min(x, u) >= rect.right - ALONG),
        "bottom": (abs(u - x) for (x, y), (u, v) in edges if min(y, v) >= rect.bottom - ALONG),
    }
    return rect, [side for side, lengths in along.items() if max(lengths, default=0.0) >= SHORTEST]


def white_in_bleed(inspection: Inspection) -> Iterator[Finding]:
    """Pictures and pages that reach out to the bleed and are white there, though what they show ends at the trim."""
    boxes = inspection.sheet.boxes
    if inspection.sheet.target != "print" or boxes.bleed == boxes.trim:
        return
    inside = boxes.trim.inset(*[DEPTH + EDGE] * 4)
    at_edges = tuple(mark for mark in inspection.sheet.marks if not inside.contains(reach_of(mark), 0))
    found = inspection.kept(("white in bleed", boxes, at_edges), lambda: _white_sides(inspection))
    for layer, where in found.items():
        yield inspection.finding(
            Severity.WARNING,
            "white-in-bleed",
            f"is white in the bleed at the {', '.join(where)}: what it shows ends at the trim or just beyond it",
            layer,
            "take a picture that goes on beyond the trim, or place it larger",
        )


def _white_sides(inspection: Inspection) -> dict[str, list[str]]:
    """The sides at which layers are white in the bleed."""
    boxes = inspection.sheet.boxes
    drawn = [(one, _seen_of(one)) for one in inspection.sheet.placed]
    sides: dict[str, list[str]] = {}
    at_fold = _sides_at_fold(boxes)
    for side, strip, bleed in _strips(boxes.trim, boxes.bleed):
        if side in at_fold:
            continue
        on_it = [(one, rect) for one, rect in drawn if rect.meets(strip)]
        lowest = next((at for at, (one, _) in enumerate(on_it) if isinstance(one.mark, PICTURES)), None)
        if lowest is None:
            continue
        ink, density = _outermost_first(inspection, side, strip)
        for one, rect in on_it[lowest:]:
            if not isinstance(one.mark, (*PICTURES, ShadeMark)):
                ink[_rows(side, strip, rect, density)] = 0  # what ends there is not what the picture shows
        pictures = [(one, rect) for one, rect in on_it[lowest:] if isinstance(one.mark, PICTURES)]
        for start, end in ends_short(ink, density, bleed):
            along = Rect(strip.x, strip.y + start, strip.width, end - start)
            if side in ("top", "bottom"):
                along = Rect(strip.x + start, strip.y, end - start, strip.height)
            layer = next((one.mark.layer for one, rect in reversed(pictures) if rect.meets(along)), "")
            told = sides.setdefault(layer, []) if layer else []
            if side not in told:
                told.append(side)
    return sides


def _sides_at_fold(boxes: PageBoxes) -> set[str]:
    """Where the page goes on as the other one of a spread, with what is drawn over both."""
    whole, bleed = boxes.whole, boxes.bleed
    goes_on = {"left": whole.x < bleed.x - NEAR, "right": whole.right > bleed.right + NEAR}
    return {side for side, does in goes_on.items() if does}


def _seen_of(one: Placed) -> Rect:
    """The rectangle around what is drawn of a mark: the box of a text is mostly larger."""
    mark = one.mark
    if isinstance(mark, TextMark) and mark.fit:
        return bounds(mark.panel_shape.rect if mark.panel else mark.fit.extent, one.matrix)
    return one.bounds


def _rows(side: str, strip: Rect, rect: Rect, density: float) -> slice:
    """Those of a strip's ink that a rectangle meets."""
    start, end = (rect.y, rect.bottom) if side in ("left", "right") else (rect.x, rect.right)
    begin = strip.y if side in ("left", "right") else strip.x
    return slice(max(0, math.floor((start - begin) * density)), max(0, math.ceil((end - begin) * density)))


def _strips(trim: Rect, out: Rect) -> Iterator[tuple[str, Rect, float]]:
    """Of each side that has bleed, the strip from its outer edge to a little inside the trim, and the bleed's width."""
    left, top, right, bottom = trim.x - out.x, trim.y - out.y, out.right - trim.right, out.bottom - trim.bottom
    strips = (
        ("left", Rect(out.x, out.y, left + DEPTH, out.height), left),
        ("top", Rect(out.x, out.y, out.width, top + DEPTH), top),
        ("right", Rect(trim.right - DEPTH, out.y, right + DEPTH, out.height), right),
        ("bottom", Rect(out.x, trim.bottom - DEPTH, out.width, bottom + DEPTH), bottom),
    )
    return ((side, strip, bleed) for side, strip, bleed in strips if bleed > NEAR)


def _outermost_first(inspection: Inspection, side: str, strip: Rect) -> tuple[PixelArray, float]:
    """The ink of a strip as `ends_short` looks at it, and how many pixels come to a point."""
    page, out = inspection.page, inspection.sheet.boxes.bleed
    density = page.width / out.width
    seen = strip.moved(-out.x, -out.y)
    left, top, right, bottom = (round(edge * density) for edge in (seen.x, seen.y, seen.right, seen.bottom))
    ink = 255 - numpy.asarray(page.crop((left, top, right, bottom)).convert("RGB")).min(axis=2)
    turned = ink if side in ("left", "right") else ink.swapaxes(0, 1)
    return (turned if side in ("left", "top") else turned[:, ::-1]), density
