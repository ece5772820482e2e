"""Lines for those who fold and cut, and targets for those who print, on a side whose y points downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pressrun.graphics.paths.outlines import ellipse, written
from pressrun.model.geometry import Rect
from pressrun.run.imposition.position import Cell, Fold, grown

MM = 72 / 25.4
WEIGHT = 0.25  # points, of every line
CROP_OFF, CROP_LONG, CROP_LEAST = 1.0, 5 * MM, 1.5 * MM  # how far crop marks stand off the ink, how long they are
DASH = 2.0  # points, of fold marks, so that nobody cuts there

Line = tuple[float, float, float, float]


def crop_lines(cells: Sequence[Cell], area: Rect, folds: Sequence[Fold] = ()) -> Iterator[Line]:
    """Where to cut: at each corner of a cell, as far as no other cell's ink is in the way; not at a spine."""
    told: set[tuple[int, ...]] = set()
    clips = [keep_off(cell) for cell in cells]
    for cell in cells:
        trim, clip = cell.trim, cell.clip
        before, behind = trim.x - max(trim.x - clip.x, 0), trim.right + max(clip.right - trim.right, 0)
        above, below = clip.y, clip.bottom
        for y in (trim.y, trim.bottom):
            for start, sign in ((min(before, trim.x) - CROP_OFF, -1), (max(behind, trim.right) + CROP_OFF, 1)):
                end = _until((start, y), (sign, 0), clips, area)
                if abs(end - start) >= CROP_LEAST and _new(told, start, y, end, y):
                    yield start, y, end, y
        for x in (trim.x, trim.right):
            if any(one.uncut is not None and abs(x - one.start[0]) <= one.uncut + 0.1 for one in folds):
                continue
            for start, sign in ((above - CROP_OFF, -1), (below + CROP_OFF, 1)):
                end = _until((x, start), (0, sign), clips, area)
                if abs(end - start) >= CROP_LEAST and _new(told, x, start, x, end):
                    yield x, start, x, end


def is_marked(cell: Cell, lines: Iterable[Line], folds: Sequence[Fold] = ()) -> bool:
    """Whether each edge of a cell that is cut has one of these crop marks in its line."""
    lines = list(lines)
    spines = [(one.start[0], one.uncut + 0.1) for one in folds if one.uncut is not None]
    return all(
        any(line[along] == line[along + 2] and abs(line[along] - at) < 0.05 for line in lines)
        or (along == 0 and any(abs(at - x) <= uncut for x, uncut in spines))
        for along, edges in enumerate(((cell.trim.x, cell.trim.right), (cell.trim.y, cell.trim.bottom)))
        for at in edges
    )


def fold_lines(folds: Iterable[Fold], cells: Sequence[Cell], area: Rect) -> Iterator[Line]:
    """Where to fold: beyond both ends of each fold."""
    left, right = min(cell.clip.x for cell in cells), max(cell.clip.right for cell in cells)
    top, bottom = min(cell.clip.y for cell in cells), max(cell.clip.bottom for cell in cells)
    for fold in folds:
        if fold.start[0] == fold.end[0]:
            x = fold.start[0]
            for start, sign in ((top - CROP_OFF, -1), (bottom + CROP_OFF, 1)):
                end = _until((x, start), (0, sign), (), area)
                if abs(end - start) >= CROP_LEAST:
                    yield x, start, x, end
        else:
            y = fold.start[1]
            for start, sign in ((left - CROP_OFF, -1), (right + CROP_OFF, 1)):
                end = _until((start, y), (sign, 0), (), area)
                if abs(end - start) >= CROP_LEAST:
                    yield start, y, end, y


def _until(start: tuple[float, float], towards: tuple[int, int], clips: Sequence[Rect], area: Rect) -> float:
    """How far a mark goes from a point along an axis: its length at most, and to what is in its way."""
    along = 0 if towards[0] else 1
    sign, at, other = towards[along], start[along], start[1 - along]
    edges = (area.x, area.right) if along == 0 else (area.y, area.bottom)
    reach = CROP_LONG
    reach = min(reach, at - edges[0] if sign < 0 else edges[1] - at)
    for clip in clips:
        spans = ((clip.x, clip.right), (clip.y, clip.bottom))
        (near, far), (low, high) = spans[along], spans[1 - along]
        if not low < other < high:
            continue
        if near < at < far:
            return at
        ahead = at - far if sign < 0 else near - at
        if ahead >= 0:
            reach = min(reach, ahead)
    return at + sign * max(reach, 0.0)


def _new(told: set[tuple[int, ...]], *line: float) -> bool:
    key = tuple(round(part * 10) for part in line)
    if key in told:
        return False
    told.add(key)
    return True


def around_line(line: Line) -> Rect:
    x, y, right, bottom = min(line[0], line[2]), min(line[1], line[3]), max(line[0], line[2]), max(line[1], line[3])
    return Rect(x, y, right - x, bottom - y)


def stroked(lines: Sequence[Line], dashed: bool = False) -> str:
    if not lines:
        return ""
    paths = " ".join("{} {} m {} {} l".format(*map(written, line)) for line in lines)
    dash = f"[{DASH} {DASH}] 0 d " if dashed else ""
    return f"q /Registration CS 1 SCN {WEIGHT} w {dash}{paths} S Q"


def target(box: Rect) -> str:
    """A circle with a cross through it."""
    x, y, ring = box.x + box.width / 2, box.y + box.height / 2, box.width / 4
    cross = f"{written(box.x)} {written(y)} m {written(box.right)} {written(y)} l "
    cross += f"{written(x)} {written(box.y)} m {written(x)} {written(box.bottom)} l"
    circle = ellipse(Rect(x - ring, y - ring, 2 * ring, 2 * ring))
    return f"q /Registration CS 1 SCN {WEIGHT} w {circle} {cross} S Q"


def keep_off(cell: Cell) -> Rect:
    """What marks leave free around a cell."""
    return grown(cell.clip, CROP_OFF)
