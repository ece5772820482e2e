"""What the headers (or the text) of an answer say about the pace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from pressrun.model.answer import Room

COUNTED = ("images", "tokens")
_AGAIN = re.compile(r"(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?\s*[a-z]+\s*)+)", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def wait_of(headers: Mapping[str, str], text: str) -> float | None:
    """Seconds to wait: from ``retry-after-ms``, ``retry-after`` (seconds or a date), else the text; None if unsaid."""
    try:
        return max(0.0, float(headers["retry-after-ms"]) / 1000)
    except (KeyError, ValueError):
        pass
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        pass
    found = _AGAIN.search(text)
    return duration(found[1]) if found else None


def duration(text: str) -> float | None:
    """``240ms``, ``1.5s``, ``6m0s``, ``51.84 seconds`` in seconds; None for anything else."""
    total, any_part = 0.0, False
    for number, unit in _PART.findall(text):
        unit = unit.lower()
        scale = _SECONDS.get(unit) or _SECONDS.get("ms" if unit.startswith("milli") else unit[0])
        if scale is None or (unit not in _SECONDS and not unit.startswith(("milli", "sec", "min", "hour", "day"))):
            break
        total, any_part = total + float(number) * scale, True
    return total if any_part else None


def rooms_of(headers: Mapping[str, str]) -> dict[str, Room]:
    """The limits told, by what they count."""
    rooms = {}
    for name in COUNTED:
        try:
            limit, left = (int(headers[f"x-ratelimit-{part}-{name}"]) for part in ("limit", "remaining"))
        except (KeyError, ValueError):
            continue
        if limit > 0:
            rooms[name] = Room(limit, max(0, left))
    return rooms
