"""Which item goes into which cell: items and cells by their numbers from 0, a cell without one is None."""

from __future__ import annotations

from collections.abc import Sequence

Filled = tuple[int | None, ...]
"""The items of one sheet, cell by cell."""


def in_sequence(items: Sequence[int], cells: int) -> list[Filled]:
    """N-up: the first items on the first sheet, cell after cell."""
    return [_filled(items[at : at + cells], cells) for at in range(0, len(items), cells)]


def repeated(items: Sequence[int], cells: int) -> list[Filled]:
    """Step and repeat: each item has a sheet of its own, in all its cells."""
    return [(item,) * cells for item in items]


def cut_and_stacked(items: Sequence[int], cells: int) -> list[Filled]:
    """The pile is cut through, and its stacks laid on each other, the first cell's uppermost: then the items are in
    order. So each cell holds a run of items that goes on from sheet to sheet."""
    sheets = -(-len(items) // cells)
    at = [[cell * sheets + sheet for cell in range(cells)] for sheet in range(sheets)]
    return [tuple(items[one] if one < len(items) else None for one in numbers) for numbers in at]


def in_quantity(items: Sequence[int], quantities: Sequence[int]) -> list[int]:
    """Every item as often as it is wanted, one after the other."""
    return [item for item, quantity in zip(items, quantities, strict=True) for _ in range(quantity)]


def _filled(items: Sequence[int], cells: int) -> Filled:
    return (*items, *(None,) * (cells - len(items)))
