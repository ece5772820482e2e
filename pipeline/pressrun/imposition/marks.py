"""What is printed around pages for those who print, fold and cut: as operators, on a side whose y points downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pressrun.graphics.outlines import ellipse, rectangle, written
from pressrun.imposition import lettering
from pressrun.imposition.edge import edge
from pressrun.imposition.position import Cell, Fold, Side, grown
from pressrun.model.geometry import Rect

MM = 72 / 25.4
WEIGHT = 0.25  # points, of every line
CROP_OFF, CROP_LONG, CROP_LEAST = 1.0, 5 * MM, 1.5 * MM  # how far crop marks stand off the ink, how long they are
DASH = 2.0  # points, of fold marks, so that nobody cuts there
TARGET = 5 * MM  # a registration target's edge
PATCH = 4 * MM  # a patch of the colour bar
TINTS = (1.0, 0.4)
SLUG_SIZES = (6.5, 5.0)
CODE_SIZES = (8 * MM, 6 * MM)
PROCESS = {"Cyan": "1 0 0 0", "Magenta": "0 1 0 0", "Yellow": "0 0 1 0", "Black": "0 0 0 1"}

Line = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Inks:
    """The inks that are printed with: those of the four, and spots, each with the name of its colour space."""

    process: tuple[str, ...]
    spots: tuple[tuple[str, str], ...] = ()

    def fill(self, ink: str, tint: float) -> str:
        """The operators that fill with a tint (0 to 1) of an ink."""
        if ink in PROCESS:
            return " ".join(written(float(part) * tint) for part in PROCESS[ink].split()) + " k"
        return f"/{dict(self.spots)[ink]} cs {written(tint)} scn"

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.process, *(name for name, _ in self.spots))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which marks are drawn, and with what: ``slug`` in words, ``code`` as rows of 0 and 1; ``targets`` where targets
    of
    the other side are, so that both lie on each other."""

    kinds: frozenset[str]
    inks: Inks
    slug: str = ""
    code: tuple[str, ...] = ()
    targets: tuple[Rect, ...] | None = None


@dataclass(slots=True)
class Drawn:
    """Marks as operators, where their targets are, and which of them had no room."""

    operators: str = ""
    targets: tuple[Rect, ...] = ()
    missing: list[str] = field(default_factory=list)


def drawn_marks(side: Side, area: Rect, wanted: Wanted) -> Drawn:
    """The marks of a side in the area of it that prints."""
    parts: list[str] = []
    lines = list(crop_lines(side.cells, area, side.folds)) if "crop" in wanted.kinds else []
    folds = list(fold_lines(side.folds, side.cells, area)) if "fold" in wanted.kinds else []
    parts += [_stroked(lines), _stroked(folds, dashed=True)]
    free = edge(area, [grown(cell.clip, CROP_OFF) for cell in side.cells], map(_around_line, (*lines, *folds)))
    done = Drawn()
    if "registration" in wanted.kinds:
        done.targets = tuple(free.middles(TARGET)) if wanted.targets is None else wanted.targets
        free.taken += done.targets
        parts += map(_target, done.targets)
    for kind, draw in (("color-bar", _color_bar), ("code", _code), ("slug", _slug)):
        if kind in wanted.kinds and (made := draw(wanted, free.place)) != "":
            if made is None:
                done.missing.append(kind)
            else:
                parts.append(made)
    if "registration" in wanted.kinds and not done.targets:
        done.missing.insert(0, "registration")
    done.operators = "\n".join(part for part in parts if part)
    return done


def crop_lines(cells: Sequence[Cell], area: Rect, folds: Sequence[Fold] = ()) -> Iterator[Line]:
    """Where to cut: at each corner of a cell, as far as no other cell's ink is in the way; not at a spine."""
    told: set[tuple[int, ...]] = set()
    clips = [grown(cell.clip, CROP_OFF) for cell in cells]
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


def _around_line(line: Line) -> Rect:
    x, y, right, bottom = min(line[0], line[2]), min(line[1], line[3]), max(line[0], line[2]), max(line[1], line[3])
    return Rect(x, y, right - x, bottom - y)


def _stroked(lines: Sequence[Line], dashed: bool = False) -> str:
    if not lines:
        return ""
    paths = " ".join("{} {} m {} {} l".format(*map(written, line)) for line in lines)
    dash = f"[{DASH} {DASH}] 0 d " if dashed else ""
    return f"q /Registration CS 1 SCN {WEIGHT} w {dash}{paths} S Q"


def _target(box: Rect) -> str:
    """A circle with a cross through it."""
    x, y, ring = box.x + box.width / 2, box.y + box.height / 2, box.width / 4
    cross = f"{written(box.x)} {written(y)} m {written(box.right)} {written(y)} l "
    cross += f"{written(x)} {written(box.y)} m {written(x)} {written(box.bottom)} l"
    circle = ellipse(Rect(x - ring, y - ring, 2 * ring, 2 * ring))
    return f"q /Registration CS 1 SCN {WEIGHT} w {circle} {cross} S Q"


Place = Callable[[float, float], tuple[Rect, bool] | None]


def _color_bar(wanted: Wanted, place: Place) -> str | None:
    patches = [(ink, tint) for tint in TINTS for ink in wanted.inks.names]
    if not patches:
        return ""
    found = place(len(patches) * PATCH, PATCH)
    if found is None:
        return None
    box, upright = found
    drawn = []
    for number, (ink, tint) in enumerate(patches):
        at = (box.x, box.y + number * PATCH) if upright else (box.x + number * PATCH, box.y)
        drawn.append(f"{wanted.inks.fill(ink, tint)} {rectangle(Rect(*at, PATCH, PATCH))} f")
    return f"q {' '.join(drawn)} Q"


def _code(wanted: Wanted, place: Place) -> str | None:
    if not wanted.code:
        return ""
    quiet = 1  # modules around it, as ISO/IEC 16022 asks for
    for size in CODE_SIZES:
        if found := place(size, size):
            box, modules = found[0], len(wanted.code) + 2 * quiet
            edge_of_one = written(size / modules, 6)
            squares = " ".join(
                f"{column + quiet} {row + quiet} 1 1 re"
                for row, line in enumerate(wanted.code) for column, module in enumerate(line) if module == "1"
            )  # fmt: skip
            matrix = f"{edge_of_one} 0 0 {edge_of_one} {written(box.x)} {written(box.y)} cm"
            return f"q 0 0 0 1 k {matrix} {squares} f Q"
    return None


def _slug(wanted: Wanted, place: Place) -> str | None:
    """The slug line in all inks, and the name of each ink in that ink."""
    words: list[tuple[str, str]] = [(wanted.slug, "/Registration cs 1 scn")] if wanted.slug else []
    words += [(name, wanted.inks.fill(name, 1)) for name in wanted.inks.names]
    if not words:
        return ""
    for size in SLUG_SIZES:
        gap = size
        lengths = [lettering.length(text, size) for text, _ in words]
        found = place(sum(lengths) + gap * (len(words) - 1), size * 1.2)
        if found is None:
            continue
        box, upright = found
        drawn, run = [], 0.0
        for (text, fill), length in zip(words, lengths, strict=True):
            at = (box.x + size * 0.95, box.bottom - run) if upright else (box.x + run, box.y + size * 0.95)
            drawn.append(f"{fill} {lettering.outlines(text, size, *at, upwards=upright)}")
            run += length + gap
        return f"q {' '.join(drawn)} Q"
    return None
