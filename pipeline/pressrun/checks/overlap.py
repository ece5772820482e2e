"""Texts that something lies over: a part of their letters cannot be read, or runs into those of another."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pressrun.graphics.paths.regions import Clip, Polygon, area_of, left_by, within
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import Ink, TechnicalInk
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, around, bounds, met_by, point_moved
from pressrun.model.inspection import Inspection, reached
from pressrun.model.placed_page import SVG
from pressrun.model.sheet import GroupMark, Mark, PictureMark, ShapeMark, TextMark

ROOM = 0.12  # of a text's size, above and below its letters, where seldom is any ink
TOUCH = 0.02  # of a text's area, up to which something on it is a touch
LOST = 0.05  # of it, from which on letters are gone
BY_CHANCE = 0.01  # of the smaller size, by which ink may lie on ink: nobody sees it
CORNERS = 24  # of an ellipse

CUT_OFF = 0.12  # of it, outside of what it is cut out by: the corners around lines of several lengths may be empty


class _Lying(Struct, frozen=True):
    """A mark where it lies on the page; ``covers`` unless the group that it is in is translucent. ``clips`` are the
    outlines that its groups cut it out by."""

    mark: Mark
    matrix: Matrix
    covers: bool
    clips: tuple[Clip, ...]


def overlap(inspection: Inspection) -> Iterator[Finding]:
    """What lies above a text is taken as covering where it is one flat opaque thing: shapes, grounds of codes, panels
    of texts, pictures that cannot be seen through. Two texts run into each other where their letters meet."""
    marks = inspection.sheet.marks
    if not any(inspection.above.values()) and not _may_meet(marks):
        return
    lying = list(_lying(marks))
    taken = [bounds(_taken(one.mark), one.matrix) for one in lying]
    codes = [(at, one, one.mark) for at, one in enumerate(lying) if isinstance(one.mark, CodeMark)]
    zones = [(at, _corners(code.zone, one.matrix), code) for at, one, code in codes]
    around_zones = [bounds(code.zone, one.matrix) for _, one, code in codes]
    own = {word: code.layer for _, _, code in codes for word in code.words}
    for at, one in enumerate(lying):
        if not isinstance(one.mark, TextMark):
            continue
        above = [place for place in met_by(taken[at], taken) if place > at]
        near = [zones[place] for place in met_by(taken[at], around_zones)] if zones else ()
        # Most texts stand apart from all else, which their rectangles tell.
        if not (above or near or one.clips) or (outline := _letters(one.mark, one.matrix)) is None:
            continue
        layer, whole = own.get(one.mark.layer, one.mark.layer), _area(outline)
        if one.clips and (lost := 1 - _area_left(one.clips, outline) / whole) > CUT_OFF:
            message = f"what it is cut out by leaves out {100 * lost:.0f} % of the text"
            hint = "make the outline larger, the text smaller, or stand it in the middle (`align`, `anchor`)"
            yield inspection.finding(Severity.WARNING, "clipped-text", message, layer, hint)
        for below, zone, code in near:
            is_covered = code.ground is not None and below > at
            if code.layer != layer and not is_covered and _area(_shared(outline, zone)) / whole > TOUCH:
                message = f"it lies on the code {code.layer}, or on the clear zone around it"
                hint = "move the text: neither it nor the code can be read there"
                yield inspection.finding(Severity.ERROR, "text-on-code", message, layer, hint)
        for other in map(lying.__getitem__, above):
            name = own.get(other.mark.layer, other.mark.layer)
            if name == layer or not other.covers or _are_of_one_table(layer, name):
                continue
            shares = [_area_left(other.clips, _shared(cover, outline)) / whole for cover in _covers(other)]
            if (share := max(shares, default=0.0)) > TOUCH and not _may_be_seen_through(other.mark, inspection):
                message = f"{name} covers {100 * share:.0f} % of the text"
                others = "" if isinstance(other.mark, CodeMark) else f", or list the text after {name}"
                hint = f"move one of the two{others}"
                severity = Severity.ERROR if share > LOST else Severity.WARNING
                yield inspection.finding(severity, "covered-text", message, layer, hint)
            elif isinstance(other.mark, TextMark) and (beside := _letters(other.mark, other.matrix)) is not None:
                shared = _area_left((*one.clips, *other.clips), _shared(outline, beside))
                if shared / min(whole, _area(beside)) > TOUCH or _touch(one, other, inspection):
                    hint = "move one of the two boxes, or put both into a stack, where one gives way to the other"
                    yield inspection.finding(
                        Severity.WARNING, "texts-meet", f"it runs into the text {name}", layer, hint
                    )


def _touch(one: _Lying, other: _Lying, inspection: Inspection) -> bool:
    """Whether letters of two texts that are turned alike touch, as long letters do with what stands close to them."""
    ours, theirs = one.mark, other.mark
    if not (isinstance(ours, TextMark) and isinstance(theirs, TextMark)) or one.matrix != other.matrix:
        return False
    within = reached(ours)
    if one.clips or other.clips or not within.meets(reached(theirs)):
        return False
    size = min(mark.fit.size for mark in (ours, theirs) if mark.fit)
    lines = inspection.pieces(theirs)
    if not any(piece.meets(line) for piece in inspection.pieces(ours) for line in lines):
        return False
    near = [strip for strip in inspection.letters(theirs) if strip.meets(within)]
    if not near:
        return False
    near.sort(key=lambda strip: strip.x)
    widest = max(strip.width for strip in near)
    for strip in inspection.letters(ours):
        first = bisect.bisect(near, strip.x - widest, key=lambda beside: beside.x)
        last = bisect.bisect_left(near, strip.right, key=lambda beside: beside.x)
        if any(_depth(strip, beside) > BY_CHANCE * size for beside in near[first:last]):
            return True
    return False


def _depth(strip: Rect, other: Rect) -> float:
    return min(strip.bottom, other.bottom) - max(strip.y, other.y)


def _taken(mark: Mark) -> Rect:
    """All that a mark covers, or takes with its letters."""
    if not isinstance(mark, TextMark):
        return mark.rect
    return around(reached(mark), mark.taken) if mark.panel else reached(mark)


def _may_meet(marks: Sequence[Mark]) -> bool:
    """Whether something besides what is above them may be on texts: groups cut them out, codes want to stand clear."""
    zones = [mark.zone for mark in marks if isinstance(mark, CodeMark)]
    return any(
        isinstance(mark, GroupMark)
        or (isinstance(mark, TextMark) and mark.fit is not None and any(map(mark.fit.extent.meets, zones)))
        for mark in marks
    )


def _lying(
    marks: Iterable[Mark], matrix: Matrix = IDENTITY, covers: bool = True, clips: tuple[Clip, ...] = ()
) -> Iterator[_Lying]:
    for mark in marks:
        if isinstance(mark, GroupMark):
            moved, whole = after(mark.matrix, matrix), mark.opacity == 1 and mark.blend == "normal"
            own = (*clips, (mark.clip, moved)) if mark.clip else clips
            yield from _lying(mark.marks, moved, covers and whole, own)
        else:
            yield _Lying(mark, matrix, covers, clips)


def _are_of_one_table(layer: str, other: str) -> bool:
    """Whether both are of cells of one table, which never lie on each other: rows of one height are one text a column,
    with room left for a cell that is set apart."""
    table = layer.rpartition("/")[0]
    return bool(table) and table == other.rpartition("/")[0]


def _letters(mark: TextMark, matrix: Matrix) -> Polygon | None:
    """Around the letters of a text; None where there are none."""
    if mark.fit is None or not any(letter.isalnum() for letter in mark.text):
        return None
    room = ROOM * mark.fit.size
    inner = mark.fit.extent.inset(room, 0, room, 0)
    return None if inner.width <= 0 or inner.height <= 0 else _corners(inner, matrix)


def _covers(one: _Lying) -> Iterator[Polygon]:
    """Where nothing can be seen below a mark that is not cut out, as far as that is certain, each convex; of pictures,
    if they are opaque."""
    mark = one.mark
    is_picture = isinstance(mark, PictureMark) and mark.media_type != SVG
    if is_picture or (isinstance(mark, CodeMark) and mark.ground is not None):
        yield _corners(mark.rect, one.matrix)
    elif isinstance(mark, TextMark) and mark.panel is not None and mark.fit is not None:
        yield _corners(mark.taken, one.matrix)
    elif isinstance(mark, ShapeMark) and mark.opacity == 1 and isinstance(mark.fill, Ink):
        if isinstance(mark.fill, TechnicalInk) or mark.fill.overprints:
            return
        if mark.shape == "rect":
            yield _corners(mark.rect, one.matrix)
        elif mark.shape == "ellipse":
            yield _round(mark.rect, one.matrix)


def _may_be_seen_through(mark: Mark, inspection: Inspection) -> bool:
    """Whether it is a picture that may have an alpha channel. Asked last, as its file is opened for it."""
    if not isinstance(mark, PictureMark) or mark.media_type == "image/jpeg":
        return False
    return not inspection.is_opaque(mark.digest)


def _corners(rect: Rect, matrix: Matrix) -> Polygon:
    around = ((rect.x, rect.y), (rect.right, rect.y), (rect.right, rect.bottom), (rect.x, rect.bottom))
    return [point_moved(x, y, matrix) for x, y in around]


def _round(rect: Rect, matrix: Matrix) -> Polygon:
    x, y, width, height = rect.x + rect.width / 2, rect.y + rect.height / 2, rect.width / 2, rect.height / 2
    turns = (math.tau * number / CORNERS for number in range(CORNERS))
    return [point_moved(x + width * math.cos(turn), y + height * math.sin(turn), matrix) for turn in turns]


def _area_left(clips: tuple[Clip, ...], polygon: Polygon) -> float:
    """The area of what is left of a polygon that is cut out."""
    return area_of(within(left_by(clips), polygon)) if clips and polygon else _area(polygon)


def _area(polygon: Polygon) -> float:
    """By the shoelace formula."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in _edges(polygon))) / 2


def _shared(polygon: Polygon, other: Polygon) -> Polygon:
    """What a polygon shares with a convex one, by Sutherland and Hodgman's way of clipping."""
    if not polygon or _are_apart(polygon, other):
        return []
    inward = 1 if sum(x * v - u * y for (x, y), (u, v) in _edges(other)) > 0 else -1
    left: Polygon = polygon
    for (x, y), (u, v) in _edges(other):
        sides = [inward * ((u - x) * (q - y) - (v - y) * (p - x)) for p, q in left]
        kept: list[tuple[float, float]] = []
        for at, (p, q) in enumerate(left):
            side, before = sides[at], sides[at - 1]
            if (side > 0) != (before > 0):
                way, (r, s) = before / (before - side), left[at - 1]
                kept.append((r + way * (p - r), s + way * (q - s)))
            if side > 0:
                kept.append((p, q))
        left = kept
    return left


def _are_apart(polygon: Polygon, other: Polygon) -> bool:
    """Whether one lies wholly beside, above or below the other, as most do."""
    for ours, theirs in zip(zip(*polygon, strict=True), zip(*other, strict=True), strict=True):
        if max(ours) <= min(theirs) or max(theirs) <= min(ours):
            return True
    return False


def _edges(polygon: Polygon) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(polygon, (*polygon[1:], *polygon[:1]), strict=True)
