"""The mask of a QR code (ISO/IEC 18004, 7.8): the one of eight by which scanners find their way best.

It is the one that zxing-cpp takes, which weighs them cell by cell: three quarters of what a code costs. Here all cells
of a code are the bits of one number. What one mask changes against another is the same in all codes of a size and a
level of correction, whatever they say.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

MASKS = 8
LIGHT_BESIDE = 4  # cells beside what looks like a finder pattern, on one of its sides


class Masks(Struct, frozen=True):
    """How the codes of one size and level differ by their masks, from the first: row by row and column by column, as
    numbers, and as cells."""

    side: int
    all_cells: int
    by_rows: tuple[int, ...]
    by_columns: tuple[int, ...]
    cells: tuple[int, ...]

    @classmethod
    def of(cls, same: Sequence[str]) -> Masks:
        """By a code in each of its masks, which may be any; cells are 0 and 1."""
        side = round(len(same[0]) ** 0.5)
        rows, columns = zip(*(_numbers(cells, side) for cells in same), strict=True)
        whole = _numbers("1" * side * side, side)[0]
        cells = [int(one, 16) for one in same]
        return cls(side, whole, _apart(rows), _apart(columns), _apart(cells))

    def best(self, cells: str) -> str:
        """The cells of a code that is in the first mask, in the one that is penalised least; the first of several."""
        by_rows, by_columns = _numbers(cells, self.side)
        found = least = 0
        for mask, (one, other) in enumerate(zip(self.by_rows, self.by_columns, strict=True)):
            rows, columns = by_rows ^ one, by_columns ^ other
            light = self.all_cells & ~rows
            penalty = _of_blocks(rows, light, self.side) + _of_share(rows, self.side) + _of_lines(rows, light)
            if not mask or penalty < least:
                penalty += _of_lines(columns, self.all_cells & ~columns)
            if not mask or penalty < least:
                found, least = mask, penalty
        return f"{int(cells, 16) ^ self.cells[found]:0{len(cells)}x}"


def _apart(masked: Sequence[int]) -> tuple[int, ...]:
    return tuple(one ^ masked[0] for one in masked)


def _numbers(cells: str, side: int) -> tuple[int, int]:
    """A code's cells as the bits of a number, row by row and column by column, with light ones behind each."""
    lines = range(side)
    rows, columns = [cells[at * side : (at + 1) * side] for at in lines], [cells[at::side] for at in lines]
    light = "0" * LIGHT_BESIDE
    return int(light.join((*rows, "")), 2), int(light.join((*columns, "")), 2)


def _of_lines(dark: int, light: int) -> int:
    """Of five and more cells of one kind in a line, and of what looks like a finder pattern there."""
    penalty = 0
    for cells in (dark, light):
        pairs = cells & cells >> 1
        fives = pairs & pairs >> 2 & cells >> 4
        penalty += fives.bit_count() + 2 * (fives & ~(fives << 1)).bit_count()
    pattern = dark & dark >> 2 & dark >> 3 & dark >> 4 & dark >> 6 & ~(dark >> 1 | dark >> 5)  # 1011101
    if pattern:
        pairs = ~dark & ~dark >> 1  # beyond the edge all is light
        fours = pairs & pairs >> 2
        penalty += 40 * (pattern & (fours >> 7 | fours << LIGHT_BESIDE)).bit_count()
    return penalty


def _of_blocks(dark: int, light: int, side: int) -> int:
    """Of two by two cells of one kind."""
    penalty, line = 0, side + LIGHT_BESIDE
    for cells in (dark, light):
        pairs = cells & cells >> 1
        penalty += 3 * (pairs & pairs >> line).bit_count()
    return penalty


def _of_share(dark: int, side: int) -> int:
    """Of each twentieth by which the dark cells are more or fewer than the half."""
    return 10 * (abs(2 * dark.bit_count() - side * side) * 10 // (side * side))
