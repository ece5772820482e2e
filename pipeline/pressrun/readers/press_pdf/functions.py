"""Functions of one number (ISO 32000-1, 7.10), as shadings and spots have them."""

from __future__ import annotations

from typing import Any

import pikepdf

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.keys import Keys, bounded
from pressrun.readers.press_pdf.streams import unpacked

DEEPEST = 8
MOST_SAMPLES = 1_000_000  # bytes
STEPS = 33  # places at which a shading is looked at


class Unsolved(Exception):
    """A function that is not of one number, or a program."""


def values_at(function: Any, t: float, keys: Keys, budget: Budget, depth: int = 0) -> list[float]:
    """What a function, or a list of them with a number each, answers. Raises Unsolved."""
    budget.visit()
    if isinstance(function, pikepdf.Array):
        return [one for part in list(function)[:64] for one in values_at(part, t, keys, budget, depth + 1)]
    if depth > DEEPEST or not isinstance(function, pikepdf.Dictionary | pikepdf.Stream):
        raise Unsolved
    domain = _numbers(keys, function, "/Domain") or [0.0, 1.0]
    if len(domain) != 2 or domain[0] >= domain[1]:
        raise Unsolved
    t = min(max(t, domain[0]), domain[1])
    kind = keys.count(function, "/FunctionType", -1)
    if kind == 0 and isinstance(function, pikepdf.Stream):
        return _sampled(function, (t - domain[0]) / (domain[1] - domain[0]), keys, budget)
    if kind == 2:
        first, last = _numbers(keys, function, "/C0") or [0.0], _numbers(keys, function, "/C1") or [1.0]
        part = t ** keys.number(function, "/N", 1.0) if t > 0 else 0.0
        return [one + part * (other - one) for one, other in zip(first, last, strict=False)]
    if kind == 3:
        return _stitched(function, t, domain, keys, budget, depth)
    raise Unsolved


def _stitched(function: Any, t: float, domain: list[float], keys: Keys, budget: Budget, depth: int) -> list[float]:
    parts, bounds = keys.list(function, "/Functions"), _numbers(keys, function, "/Bounds")
    encode = _numbers(keys, function, "/Encode")
    if not parts or len(bounds) != len(parts) - 1 or len(encode) != 2 * len(parts):
        raise Unsolved
    at = sum(t >= bound for bound in bounds)
    edges = [domain[0], *bounds, domain[1]]
    width = edges[at + 1] - edges[at]
    part = (t - edges[at]) / width if width else 0.0
    inner = encode[2 * at] + part * (encode[2 * at + 1] - encode[2 * at])
    return values_at(parts[at], inner, keys, budget, depth + 1)


def _sampled(function: Any, part: float, keys: Keys, budget: Budget) -> list[float]:
    size, bits = _numbers(keys, function, "/Size"), keys.count(function, "/BitsPerSample")
    spans = _numbers(keys, function, "/Range")
    if len(size) != 1 or bits not in (8, 16) or not spans or len(spans) % 2:
        raise Unsolved
    outputs, step = len(spans) // 2, bits // 8
    data = unpacked(function, budget)
    last = int(size[0]) - 1
    if last < 0 or len(data) > MOST_SAMPLES or len(data) < (last + 1) * outputs * step:
        raise Unsolved
    at = round(part * last) * outputs * step
    decode = _numbers(keys, function, "/Decode") or spans
    samples = [int.from_bytes(data[at + one * step : at + (one + 1) * step]) for one in range(outputs)]
    return [decode[2 * n] + sample / ((1 << bits) - 1) * (decode[2 * n + 1] - decode[2 * n])
            for n, sample in enumerate(samples)]  # fmt: skip


def _numbers(keys: Keys, holder: Any, key: str) -> list[float]:
    return [bounded(one) for one in keys.list(holder, key)]
