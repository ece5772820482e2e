"""What `plan --suggest` prints: masters to have, their price, and the resolution that each placement gets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.suggest import Proposed, Served, Suggestion


def suggestion_text(suggestion: Suggestion) -> str:
    """For people: the proposal, the lines to paste into the job, the cheaper way, and how the job stands."""
    lines = [f"{suggestion.job}, drawn by {suggestion.provider}:"]
    for slot in dict.fromkeys(one.slot for one in suggestion.aimed):
        mine = [one for one in suggestion.aimed if one.slot == slot]
        count = suggestion.counts.get(slot, 0)
        lines += ["", f"{slot}: {_counted(len(mine), 'master')}, {_counted(count, 'picture')} each"]
        for one in mine:
            state = "exists, and stays as it is" if one.kept else _price(one.quoted_usd, count)
            lines.append(f"  {one.id} {_size(one.size)}: {state}")
            lines += [f"    {_told(served)}" for served in one.serves]
        lines += ["", f"  To write under pictures: {slot}:", "    masters:", *(f"      {_yaml(one)}" for one in mine)]
    if not suggestion.aimed:
        lines.append("no layout places a picture of the job's slots")
        return "\n".join(lines)
    aimed, least = (_total(some, suggestion.counts) for some in (suggestion.aimed, suggestion.least))
    lines += ["", f"In all, for what is new: {_usd(aimed)}."]
    if [one.size for one in suggestion.least] != [one.size for one in suggestion.aimed]:
        sizes = ", ".join(f"{one.slot}/{one.id} {_size(one.size)}" for one in suggestion.least)
        lines.append(f"At the least resolution that the layouts take: {sizes}; {_usd(least)}.")
    short = [(master, served) for master, served in suggestion.now if served.upscale > 1]
    lines += ["", "As the job stands:" if short else "As the job stands, every placement has what it asks for."]
    lines += [f"  {served.placement.slot}/{master} in {_told(served)}" for master, served in short]
    return "\n".join(lines)


def suggestion_json(suggestion: Suggestion) -> str:
    def master(one: Proposed) -> dict[str, Any]:
        return {
            "slot": one.slot,
            "id": one.id,
            "size": list(one.size),
            "space": one.space,
            "stage": list(one.stage),
            "exists": one.kept,
            "pictures": suggestion.counts.get(one.slot, 0),
            "quoted_usd": None if one.quoted_usd is None else str(one.quoted_usd),
            "placements": [_data(served) for served in one.serves],
        }

    return json.dumps(
        {
            "job": suggestion.job,
            "provider": suggestion.provider,
            "masters": [master(one) for one in suggestion.aimed],
            "at_floor": [master(one) for one in suggestion.least],
            "now": [{"master": id, **_data(served)} for id, served in suggestion.now],
        },
        ensure_ascii=False,
        indent=2,
    )


def _data(served: Served) -> dict[str, Any]:
    place = served.placement
    return {
        "slot": place.slot,
        "layout": place.layout,
        "layer": place.layer,
        "target": "print" if place.printed else "screen",
        "ppi": round(served.density, 1),
        "floor_ppi": place.floor,
        "target_ppi": place.target,
        "upscale": round(served.upscale, 3),
        "below_floor": served.below_floor,
        "kept": round(served.kept, 3),
    }


def _told(served: Served) -> str:
    place = served.placement
    crop = f"{served.kept:.0%} of it seen"
    if not place.printed:
        share = served.density / place.target
        state = "sharp" if share >= 0.995 else f"{share:.0%} of the pixels it shows: upscale ×{served.upscale:.2f}"
        return f"{place.layout} {place.layer}: {state}, {crop}"
    state = f"{served.density:.0f} ppi"
    if served.below_floor:
        least = place.floor / served.density
        state += f", below the floor of {place.floor:g}: upscale ×{least:.2f} at the least, ×{served.upscale:.2f} for"
        state += f" {place.target:g}"
    elif served.upscale > 1:
        state += f" of {place.target:g}: upscale ×{served.upscale:.2f} to meet it"
    return f"{place.layout} {place.layer}: {state}, {crop}"


def _yaml(one: Proposed) -> str:
    across, down = (f"{part * 100:g}%" for part in one.stage)
    space = f"space: {one.space}, " if one.space else ""
    return f"{one.id}: {{size: {_size(one.size)}, {space}stage: [{across}, {down}]}}"


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _price(each: Decimal | None, count: int) -> str:
    if each is None:
        return "at a price that nobody here knows"
    return f"${each:.3f} a picture, ${each * count:.2f} in all"


def _total(some: Iterable[Proposed], counts: Mapping[str, int]) -> Decimal | None:
    prices = [
        None if one.quoted_usd is None else one.quoted_usd * counts.get(one.slot, 0) for one in some if not one.kept
    ]
    return None if None in prices else sum((price for price in prices if price is not None), Decimal(0))


def _usd(price: Decimal | None) -> str:
    return "a price that nobody here knows" if price is None else f"${price:.2f}"
