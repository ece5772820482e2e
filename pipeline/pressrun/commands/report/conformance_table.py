"""The pictures of a run as they were measured, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEADINGS = ("score", "picture", "take", "palette", "ΔE", "uneasy", "sharp", "row", "found")


def conformance_table(pictures: Sequence[Mapping[str, Any]]) -> str:
    """One line a picture; takes that are not shown have their number in brackets."""
    lines = [HEADINGS, *(_cells(one) for one in worst_first(pictures))]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.rjust(width) if at in NUMBERS else cell.ljust(width)
                  for at, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in lines
    )  # fmt: skip


NUMBERS = frozenset((0, 2, 3, 4, 5, 6))


def worst_first(pictures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(pictures, key=lambda one: (one["score"], one["slot"], one["master"], one["row"], one["take"]))


def _cells(one: Mapping[str, Any]) -> tuple[str, ...]:
    is_ = one["measures"]
    take = str(one["take"]) if one["chosen"] else f"({one['take']})"
    uneasy = "–" if is_["busy"] is None else f"{is_['busy']:.0%}"
    return (
        f"{one['score']:g}", f"{one['slot']}/{one['master']}", take, f"{is_['palette']:.0%}", f"{is_['distance']:.1f}",
        uneasy, f"{is_['sharpness']:.1f}", one["row"], ", ".join(one["findings"]) or "–",
    )  # fmt: skip
