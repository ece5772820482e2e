"""All that is printed around the pages of a side, as operators: placed once for all sheets that are laid out alike."""

from __future__ import annotations

import math

from msgspec import Struct

from pressrun.graphics.paths.outlines import cells, rectangle, written
from pressrun.model.geometry import Rect
from pressrun.run.imposition import lettering
from pressrun.run.imposition.edge import edge
from pressrun.run.imposition.marks import MM, around_line, crop_lines, fold_lines, is_marked, keep_off, stroked, target
from pressrun.run.imposition.position import Side

TARGET = 5 * MM  # a registration target's edge
PATCH = 4 * MM  # a patch of the colour bar
TINTS = (1.0, 0.4)
SLUG_SIZES = (6.5, 5.0)
CODE_SIZES = (8 * MM, 6 * MM)
PROCESS = {"Cyan": "1 0 0 0", "Magenta": "0 1 0 0", "Yellow": "0 0 1 0", "Black": "0 0 0 1"}
QUIET = 1  # modules around the code, as ISO/IEC 16022 asks for
SLUG_STEP = 36.0  # points: slug lines that are about as long have one place


class Inks(Struct, frozen=True):
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


class SideMarks:
    """The marks of sides that are laid out like one, in the area of it that prints. ``targets`` are those which the
    other side has, so that both lie on each other; None where there is none yet. ``missing`` had no room."""

    def __init__(
        self, side: Side, area: Rect, kinds: frozenset[str], inks: Inks, targets: tuple[Rect, ...] | None = None
    ) -> None:
        self._kinds, self._inks = kinds, inks
        lines = list(crop_lines(side.cells, area, side.folds)) if "crop" in kinds else []
        folds = list(fold_lines(side.folds, side.cells, area)) if "fold" in kinds else []
        parts = [stroked(lines), stroked(folds, dashed=True)]
        self._edge = edge(area, map(keep_off, side.cells), map(around_line, (*lines, *folds)))
        self.missing: list[str] = []
        is_cut = all(is_marked(cell, lines, side.folds) for cell in side.cells)
        self._missing_if("crop" in kinds and not is_cut, "crop")
        self.targets: tuple[Rect, ...] = ()
        if "registration" in kinds:
            self.targets = tuple(self._edge.middles(TARGET)) if targets is None else targets
            self._edge.taken += self.targets
            parts += map(target, self.targets)
            self._missing_if(not self.targets, "registration")
        parts.append(self._color_bar() if "color-bar" in kinds else "")
        self._code_place = self._place_for_code() if "code" in kinds else None
        self._slug_places: dict[int, tuple[Rect, bool, float] | None] = {}
        self._operators = "\n".join(part for part in parts if part)

    def drawn(self, slug: str, code: tuple[str, ...]) -> str:
        """The marks with a slug line in words, and a code as rows of 0 and 1."""
        parts = [self._operators, self._code(code), self._slug(slug) if "slug" in self._kinds else ""]
        return "\n".join(part for part in parts if part)

    def _missing_if(self, is_missing: bool, kind: str) -> None:
        if is_missing and kind not in self.missing:
            self.missing.append(kind)

    def _color_bar(self) -> str:
        patches = [(ink, tint) for tint in TINTS for ink in self._inks.names]
        found = self._edge.place(len(patches) * PATCH, PATCH) if patches else None
        self._missing_if(bool(patches) and found is None, "color-bar")
        if found is None:
            return ""
        box, upright = found
        drawn = []
        for number, (ink, tint) in enumerate(patches):
            at = (box.x, box.y + number * PATCH) if upright else (box.x + number * PATCH, box.y)
            drawn.append(f"{self._inks.fill(ink, tint)} {rectangle(Rect(*at, PATCH, PATCH))} f")
        return f"q {' '.join(drawn)} Q"

    def _place_for_code(self) -> Rect | None:
        for size in CODE_SIZES:
            if found := self._edge.place(size, size):
                return found[0]
        self._missing_if(True, "code")
        return None

    def _code(self, rows: tuple[str, ...]) -> str:
        box = self._code_place
        if box is None or not rows:
            return ""
        one = box.width / (len(rows) + 2 * QUIET)
        at = f"{written(box.x + QUIET * one)} {written(box.y + QUIET * one)}"
        return f"q 0 0 0 1 k {written(one, 6)} 0 0 {written(one, 6)} {at} cm {cells(rows, ())} f Q"

    def _slug(self, slug: str) -> str:
        """The slug line in all inks, and the name of each ink in that ink."""
        words = [(slug, "/Registration cs 1 scn"), *((name, self._inks.fill(name, 1)) for name in self._inks.names)]
        found = self._place_for_slug([text for text, _ in words])
        self._missing_if(found is None, "slug")
        if found is None:
            return ""
        box, upright, size = found
        drawn, run = [], 0.0
        for text, fill in words:
            at = (box.x + size * 0.95, box.bottom - run) if upright else (box.x + run, box.y + size * 0.95)
            drawn.append(f"{fill} {lettering.outlines(text, size, *at, upwards=upright)}")
            run += lettering.length(text, size) + size
        return f"q {' '.join(drawn)} Q"

    def _place_for_slug(self, words: list[str]) -> tuple[Rect, bool, float] | None:
        """Room for words, each with a space as wide as they are high behind it, in the largest size that goes."""
        steps = math.ceil(sum(lettering.length(text, SLUG_SIZES[0]) + SLUG_SIZES[0] for text in words) / SLUG_STEP)
        if steps not in self._slug_places:
            taken, found = list(self._edge.taken), None
            for size in SLUG_SIZES:
                if place := self._edge.place(steps * SLUG_STEP * size / SLUG_SIZES[0], size * 1.2):
                    found = (*place, size)
                    break
            self._edge.taken[:] = taken  # it is as free for a line of another length
            self._slug_places[steps] = found
        return self._slug_places[steps]
