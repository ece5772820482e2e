"""Lengths of time as people write and read them."""

from __future__ import annotations

import re

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def seconds_of(text: str) -> float:
    """``6h``, ``90m``, ``1h30m``, ``2d`` in seconds. Raises ValueError for anything else."""
    told = text.strip().lower().replace(" ", "")
    if not _DURATION.fullmatch(told):
        raise ValueError(f"'{text}' is no time: write 6h, 90m or 1h30m")
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(told))


def spoken(seconds: float) -> str:
    """A time to be read: ``6 h``, ``90 min``, ``40 s``."""
    if seconds >= 7200:
        return f"{seconds / 3600:.3g} h"
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
