"""The instances of repeated layers: a row's content has each by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pressrun.model.item_list import REPEATED

Instance = tuple[int, str, str]
"""A layer's place in the layout, its name, and what that has more than its options say."""


def items_of(layers: Mapping[str, Mapping[str, str]]) -> Mapping[str, Sequence[str]]:
    """What repeated layers have more in their names for each item, in the order of these."""
    found: dict[str, list[tuple[int, str]]] = {}
    for full in layers:
        if REPEATED in full:
            name, _, number = full.rpartition(REPEATED)
            found.setdefault(name, []).append((int(number), full[full.index(REPEATED) :]))
    return {name: [more for _, more in sorted(items)] for name, items in found.items()}
