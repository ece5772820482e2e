"""A sheet folded in thought: which page lies where on it, and how its head stands, for any order of folds.

A fold is named by the half that is folded over the other: ``left``, ``right``, ``top`` or ``bottom``. The last one
makes the spine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Half = Literal["left", "right", "top", "bottom"]
Spot = tuple[int, int]  # column and row
ACROSS: frozenset[Half] = frozenset({"left", "right"})


class DoesNotAddUp(Exception):
    """These folds do not make a section of this sheet, with the reason."""


class FoldedPage(Struct, frozen=True):
    """A page of a section, by its number from 0; ``turned`` is its head on the flat sheet: 0, or 180 degrees."""

    page: int
    turned: int


class Section(Struct, frozen=True):
    """A folded sheet of columns and rows: the pages of the side that has the first one, and of the other, by rows, each
    as it is seen when that side lies before one (the sheet turned over its upright axis)."""

    columns: int
    rows: int
    outer: tuple[FoldedPage, ...]
    inner: tuple[FoldedPage, ...]

    @property
    def pages(self) -> int:
        return 2 * self.columns * self.rows


class _Leaf(Struct, frozen=True):
    """A piece of the sheet in a pile: where it was on the flat one, whether that side is still up, and whether its head
    points down now."""

    at: Spot
    is_up: bool = True
    is_upside_down: bool = False

    def over(self, across: bool) -> _Leaf:
        return _Leaf(self.at, not self.is_up, self.is_upside_down ^ (not across))


def folded(columns: int, rows: int, folds: Sequence[Half], binding: Literal["left", "right"] = "left") -> Section:
    """The section that a sheet becomes. Raises DoesNotAddUp."""
    piles = {(column, row): [_Leaf((column, row))] for row in range(rows) for column in range(columns)}
    wide, high = columns, rows
    for half in folds:
        count = wide if half in ACROSS else high
        if count % 2:
            what = "column" if half in ACROSS else "row"
            told = f"{count} {what}{'' if count == 1 else 's'}"
            raise DoesNotAddUp(f"the fold '{half}' would go through a page: there it meets {told}")
        piles = _over(piles, half, wide, high)
        wide, high = (wide // 2, high) if half in ACROSS else (wide, high // 2)
    if (wide, high) != (1, 1):
        raise DoesNotAddUp(f"folded like this, {wide} x {high} pages still lie side by side")
    if not folds or folds[-1] != binding:
        raise DoesNotAddUp(f"the last fold makes the spine, at the {binding}: it has to be '{binding}'")
    return _section(columns, rows, piles[0, 0])


def _over(piles: dict[Spot, list[_Leaf]], half: Half, wide: int, high: int) -> dict[Spot, list[_Leaf]]:
    """Piles after a fold: those of one half lie upside down on those of the other."""
    across = half in ACROSS
    middle = wide // 2 if across else high // 2
    keeps_low = half in ("right", "bottom")  # which half stays where it is
    done: dict[Spot, list[_Leaf]] = {}
    for (column, row), pile in piles.items():
        place = column if across else row
        if (place < middle) is not keeps_low:
            continue
        mirrored = (wide - 1 - column, row) if across else (column, high - 1 - row)
        laid_on = [leaf.over(across) for leaf in reversed(piles[mirrored])]
        first = 0 if keeps_low else middle
        done[(column - first, row) if across else (column, row - first)] = laid_on + pile
    return done


def _section(columns: int, rows: int, pile: Sequence[_Leaf]) -> Section:
    """The pages of a pile, whose uppermost leaf is the first, its upper side page 0."""
    sides: dict[bool, dict[Spot, FoldedPage]] = {True: {}, False: {}}
    for number, leaf in enumerate(pile):
        head = 180 if leaf.is_upside_down else 0
        for page, shows_flat_side in ((2 * number, leaf.is_up), (2 * number + 1, not leaf.is_up)):
            column, row = leaf.at
            seen = (column, row) if shows_flat_side else (columns - 1 - column, row)
            sides[shows_flat_side][seen] = FoldedPage(page, head)
    flat, other = (
        tuple(side[column, row] for row in range(rows) for column in range(columns))
        for side in (sides[True], sides[False])
    )
    outer, inner = (flat, other) if pile[0].is_up else (other, flat)
    return Section(columns, rows, outer, inner)
