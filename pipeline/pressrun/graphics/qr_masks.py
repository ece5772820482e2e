"""Which of the eight masks a QR code has (ISO/IEC 18004, 7.8.3): that with the least which hinders its being read.

Codes of one size and one level of correction differ from mask to mask in the same modules, whatever they say. So one is
made, the others are that with these modules inverted, and all are looked at together, as bits of one number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy
from numpy.typing import NDArray

T = TypeVar("T")
Rows = Sequence[str]
MASKS = 8
GAP = 4  # light bits between rows: as many as are looked at beside a pattern
COSTS = numpy.array([1, 2, 40, 1, 2, 40, 3])
"""What each costs that hinders, as the standard has it: five modules in a row, and that a row of them begins; a pattern
as of a corner beside four light ones; both downwards; four in a block."""
UNEVEN, UNEVEN_BY = 10, 5  # for so many percent that more or less than half of all is dark


@dataclass(frozen=True, slots=True)
class _Masks:
    """Of codes that are ``count`` modules wide, as bits of all eight: where each differs from the first (``apart``),
    and which modules have one to the right (``beside``) and below (``above``)."""

    count: int
    apart: int
    beside: int
    above: int

    @classmethod
    def of(cls, codes: Sequence[Rows]) -> _Masks:
        """Learned from a code with each mask."""
        count = len(codes[0])
        bits = [_bits(code) for code in codes]
        beside = _bits(["1" * (count - 1) + "0"] * count)
        above = _bits(["1" * count] * (count - 1) + ["0" * count])
        apart = _stacked([one ^ bits[0] for one in bits], count)
        return cls(count, apart, _stacked([beside] * MASKS, count), _stacked([above] * MASKS, count))

    def best(self, code: Rows) -> list[str]:
        """A code that has the first mask with its best one."""
        count, wide = self.count, self.count + GAP
        dark = _stacked([_bits(code)] * MASKS, count) ^ self.apart
        found, alike = [], []  # with what is to the right, and below
        for step, has_next in ((1, self.beside), (wide, self.above)):
            same = ~(dark ^ dark << step) & has_next
            runs = same & same << step
            runs &= runs << 2 * step
            corner = dark & dark << 2 * step & dark << 3 * step & dark << 4 * step & dark << 6 * step
            corner &= ~(dark << step | dark << 5 * step)
            of_two = dark | dark << step
            of_four = of_two | of_two << 2 * step
            found += [runs, runs & ~(runs >> step), corner & ~(of_four >> 4 * step & of_four << 7 * step)]
            alike.append(same)
        across, down = alike
        *counts, inked = _counted([*found, across & across << wide & down, dark], count)
        hinders = COSTS @ counts + UNEVEN * (abs(100 * inked / count**2 - 50) // UNEVEN_BY)
        room = 8 * _room(count)
        best = dark >> room * (MASKS - 1 - int(hinders.argmin())) & (1 << room) - 1
        said = f"{best:0{wide * count}b}"
        return [said[at : at + count] for at in range(0, wide * count, wide)]


_LEARNED: dict[tuple[int, str], _Masks] = {}


def with_best_mask(made: Callable[[int], tuple[T, Rows]]) -> tuple[T, Rows]:
    """What is ``made`` with a mask, by its number, and the rows of its code, 1 being dark: these with the best one."""
    code, rows = made(0)
    kind = len(rows), rows[8][:6]  # which tells the level of correction (7.9.1)
    if kind not in _LEARNED:
        _LEARNED[kind] = _Masks.of([made(mask)[1] for mask in range(MASKS)])
    return code, _LEARNED[kind].best(rows)


def _room(count: int) -> int:
    """Bytes of a code, with light rows between it and the next: of whole words."""
    return ((count + GAP) ** 2 + 63) // 64 * 8


def _bits(code: Rows) -> int:
    return int(("0" * GAP).join([*code, ""]), 2)


def _stacked(codes: Sequence[int], count: int) -> int:
    room = _room(count)
    return int.from_bytes(b"".join([one.to_bytes(room, "big") for one in codes]), "big")


def _counted(stacked: Sequence[int], count: int) -> NDArray[numpy.int64]:
    """How many bits each mask has of several."""
    size = MASKS * _room(count)
    said = b"".join([one.to_bytes(size, "big") for one in stacked])
    bits = numpy.frombuffer(said, numpy.uint64).reshape(len(stacked), MASKS, -1)
    counts: NDArray[numpy.int64] = numpy.bitwise_count(bits).sum(2, numpy.int64)
    return counts
