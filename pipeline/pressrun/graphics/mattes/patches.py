"""Patches: pixels that hang together, found by their runs along the rows."""

from __future__ import annotations

import numpy
from msgspec import Struct
from numpy.typing import NDArray

Mask = NDArray[numpy.bool_]


class Patches(Struct, frozen=True):
    """``labels`` numbers the patch of each pixel from 1; 0 is none. ``areas`` counts the pixels of each, in order."""

    labels: NDArray[numpy.int32]
    areas: NDArray[numpy.int64]

    @property
    def at_the_edge(self) -> NDArray[numpy.int32]:
        """The numbers of those that reach an edge of the picture."""
        edges = (self.labels[0], self.labels[-1], self.labels[:, 0], self.labels[:, -1])
        found = numpy.unique(numpy.concatenate(edges))
        return found[found > 0]

    def of(self, chosen: NDArray[numpy.bool_]) -> Mask:
        """The pixels of patches, chosen by their numbers less one."""
        picked: Mask = numpy.concatenate([[False], chosen])[self.labels]
        return picked


def patches(mask: Mask) -> Patches:
    """What of a mask hangs together by sides (not by corners)."""
    height, width = mask.shape
    padded = numpy.zeros((height, width + 2), numpy.int8)
    padded[:, 1:-1] = mask
    change = numpy.diff(padded, axis=1)
    rows, starts = numpy.nonzero(change == 1)
    _, ends = numpy.nonzero(change == -1)
    roots = _joined(rows.tolist(), starts.tolist(), ends.tolist())
    _, numbers = numpy.unique(roots, return_inverse=True)
    labels = numpy.zeros(mask.shape, numpy.int32)
    labels[mask] = numpy.repeat(numbers.astype(numpy.int32) + 1, ends - starts)
    return Patches(labels, numpy.bincount(labels.ravel())[1:])


def _joined(rows: list[int], starts: list[int], ends: list[int]) -> list[int]:
    """For each run the first of those it hangs together with."""
    parent = list(range(len(rows)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    above = 0
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] <= starts[run]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] < ends[run]:
            first, second = root(other), root(run)
            parent[max(first, second)] = min(first, second)
            other += 1
    return [root(run) for run in range(len(rows))]
