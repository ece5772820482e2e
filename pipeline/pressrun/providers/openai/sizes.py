"""Which sizes a model draws."""

from __future__ import annotations

import math

from pressrun.providers.openai.model_facts import ModelFacts, SizeRule


def size_fault(model: ModelFacts, rule: SizeRule, size: tuple[int, int]) -> tuple[str, str] | None:
    """What is wrong with a size for a model, and the nearest one that is not; None if nothing is."""
    width, height = size
    if model.sizes != "any":
        if f"{width}x{height}" in model.sizes:
            return None
        nearest = min(model.sizes, key=lambda one: _distance(_parsed(one), size))
        return f"{model.name} draws {', '.join(model.sizes)} and no {width}x{height}", f"write {nearest}"
    why = _rule_broken(rule, width, height)
    if why is None:
        return None
    near = "x".join(str(edge) for edge in nearest_legal(rule, size))
    return f"{model.name} draws no {width}x{height}: {why}", f"the nearest size it draws is {near}"


def nearest_legal(rule: SizeRule, size: tuple[int, int]) -> tuple[int, int]:
    """The legal size most like another: shape first, then area."""
    width, height = (max(1, edge) for edge in size)
    ratio = min(max(width / height, 1 / rule.ratio), rule.ratio)
    pixels = min(max(width * height, rule.least_pixels), rule.most_pixels)
    best: tuple[float, tuple[int, int]] | None = None
    ideal = (pixels * ratio) ** 0.5
    first = max(rule.step, int(ideal) // rule.step * rule.step - 8 * rule.step)
    for wide in range(first, min(rule.longest, first + 20 * rule.step) + 1, rule.step):
        for nudge in (-1, 0, 1):
            high = round(wide / ratio / rule.step + nudge) * rule.step
            if high >= rule.step and _rule_broken(rule, wide, high) is None:
                off = _distance((wide, high), (width, height))
                if best is None or off < best[0]:
                    best = off, (wide, high)
    return best[1] if best else (1024, 1024)


def smallest_legal(model: ModelFacts, rule: SizeRule, size: tuple[int, int]) -> tuple[int, int]:
    """The smallest size drawn that has these pixels both ways; where there is none, the largest of that shape."""
    if model.sizes != "any":
        sizes = [_parsed(one) for one in model.sizes]
        enough = [one for one in sizes if one[0] >= size[0] and one[1] >= size[1]]
        if enough:
            return min(enough, key=lambda one: one[0] * one[1])
        return max(sizes, key=lambda one: min(one[0] / size[0], one[1] / size[1]))
    width, height = (float(max(1, edge)) for edge in size)
    width, height = max(width, height / rule.ratio), max(height, width / rule.ratio)
    grown = max(1.0, (rule.least_pixels / (width * height)) ** 0.5)
    wide, high = (math.ceil(edge * grown / rule.step) * rule.step for edge in (width, height))
    if max(wide, high) <= rule.longest and wide * high <= rule.most_pixels:
        least = math.ceil(max(wide, high) / rule.ratio / rule.step) * rule.step  # both were rounded up
        return max(wide, least), max(high, least)
    shrunk = min(rule.longest / max(width, height), (rule.most_pixels / (width * height)) ** 0.5)
    return nearest_legal(rule, (round(width * shrunk), round(height * shrunk)))


def dearest(model: ModelFacts, rule: SizeRule) -> tuple[tuple[int, int], ...]:
    """Sizes among which is the one that costs most."""
    if model.sizes != "any":
        return tuple(_parsed(one) for one in model.sizes)
    edge = min(rule.longest, math.isqrt(rule.most_pixels)) // rule.step * rule.step
    return ((edge, edge),)


def _rule_broken(rule: SizeRule, width: int, height: int) -> str | None:
    if width % rule.step or height % rule.step:
        return f"both edges must be multiples of {rule.step}"
    if max(width, height) > rule.longest:
        return f"the longer edge may have {rule.longest} pixels at most"
    if max(width, height) > rule.ratio * min(width, height):
        return f"no edge may be more than {rule.ratio} times the other"
    if width * height < rule.least_pixels:
        return f"it must have {rule.least_pixels} pixels at least"
    if width * height > rule.most_pixels:
        return f"it may have {rule.most_pixels} pixels at most"
    return None


def _parsed(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


def _distance(one: tuple[int, int], other: tuple[int, int]) -> float:
    shape = abs(one[0] / one[1] / (other[0] / other[1]) - 1)
    return 4 * shape + abs(one[0] * one[1] / (other[0] * other[1]) - 1)
