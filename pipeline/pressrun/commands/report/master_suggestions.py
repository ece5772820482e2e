"""What `plan --suggest` prints: masters to have, their price, and the resolution that each placement gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pressrun.model.geometry import told_below
from pressrun.plan.suggested_masters import Placement, Proposed, Served, Suggestion


def suggestion_text(suggestion: Suggestion) -> str:
    """For people: the proposal, the lines to paste into the job, the cheaper way, how the job stands, and what to do
    where no master is large enough."""
    if not suggestion.aimed and not suggestion.existing:
        return "\n".join((f"{suggestion.job}: {NO_PICTURES[0]}", *NO_PICTURES[1:], *_files(suggestion.files)))
    by = f"{suggestion.provider} ({suggestion.model})" if suggestion.model else suggestion.provider
    lines = [f"{suggestion.job}, drawn by {by}:"]
    told: dict[str, str] = {}
    for slot in dict.fromkeys(one.slot for one in suggestion.aimed):
        mine = [one for one in suggestion.aimed if one.slot == slot]
        count = suggestion.counts.get(slot, 0)
        masters = [f"      {_yaml(one)}" for one in mine]
        like = told.setdefault("\n".join([str(count), *masters]), slot)
        if like != slot:
            lines += [] if ": as " in lines[-1] else [""]
            lines.append(f"{slot}: as {like}, for {_usd(_total(mine, suggestion.counts))}")
            continue
        lines += ["", f"{slot}: {_counted(len(mine), 'master')}, {_counted(count, 'picture')}{_each(mine)}"]
        for one in mine:
            state = "exists, and stays as it is" if one.kept else _price(one.quoted_usd, count)
            lines.append(f"  {one.id} {_size(one.size)}: {state}")
            lines += [f"    {_told(served)}{_moved(served, one, suggestion)}" for served in one.serves]
        lines += ["", f"  To write under pictures: {slot}:", "    masters:", *masters]
    if suggestion.aimed:
        lines += _in_all(suggestion)
    lines += _existing(suggestion)
    lines += _files(suggestion.files)
    if suggestion.falls_short:
        lines += ["", *ENLARGING]
    return "\n".join(lines)


NO_PICTURES = (
    "no layout places a picture of the job's slots.",
    "There are no masters to propose, and no pictures to pay for. Files that layouts place are measured when they are",
    "set: a run says `resolution-below-floor` or `resolution-below-target` of each that has too few pixels there.",
)
ENLARGING = (
    "Nothing here adds pixels to a picture. Where it says upscale: once it is made, write it to a file with",
    "`pressrun picture FILE master.png`, have it enlarged that many times, and put it in place with",
    "`pressrun adopt FILE master.png`. It costs nothing, and every layout takes the larger one from then on.",
)


def _each(mine: list[Proposed]) -> str:
    return " each" if len(mine) > 1 else ""


def _in_all(suggestion: Suggestion) -> list[str]:
    aimed, least = (_total(some, suggestion.counts) for some in (suggestion.aimed, suggestion.least))
    lines = ["", f"In all, for what is new: {_usd(aimed)}."]
    if [one.size for one in suggestion.least] != [one.size for one in suggestion.aimed]:
        sizes = dict.fromkeys(f"{_stem(one.slot)}/{one.id} {_size(one.size)}" for one in suggestion.least)
        lines.append(f"At the least resolution that the layouts take: {', '.join(sizes)}; {_usd(least)}.")
    short = [(master, served) for master, served in suggestion.now if served.upscale > 1]
    now = f"{_counted(suggestion.now_pictures, 'picture')} to make, for {_usd(suggestion.now_usd)}"
    end = ", and short of pixels here:" if short else ", and every placement has what it asks for."
    lines += ["", f"As the job stands: {now}{end}"]
    return [*lines, *(f"  {served.placement.slot}/{master} in {_told(served)}" for master, served in short)]


def _existing(suggestion: Suggestion) -> list[str]:
    lines = []
    for one in suggestion.existing:
        place = one.poorest.placement
        short = f"{one.short} of {one.count} short of pixels, the poorest" if one.short else f"{one.count}, the poorest"
        lines.append(f"  {place.slot}/{one.master}: {short} {one.file}: {_told(one.poorest)}")
    return ["", "Of the library's pictures:", *lines] if lines else []


def _moved(served: Served, by: Proposed, suggestion: Suggestion) -> str:
    """Said where a paid picture would no longer be shown: a new master fits its place better."""
    now = suggestion.now_in(served.placement)
    paid = {(one.slot, one.id) for one in suggestion.aimed if one.kept}
    return f", in place of {now}, which is paid" if now != by.id and (by.slot, now) in paid else ""


def _stem(slot: str) -> str:
    """``frame-1`` … ``frame-6`` are told as one."""
    return re.sub(r"-\d+$", "", slot)


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
            "model": suggestion.model,
            "masters": [master(one) for one in suggestion.aimed],
            "at_floor": [master(one) for one in suggestion.least],
            "now": [{"master": id, **_data(served)} for id, served in suggestion.now],
            "now_usd": None if suggestion.now_usd is None else str(suggestion.now_usd),
            "library": [
                {
                    "master": one.master, "file": one.file, "short": one.short, "pictures": one.count,
                    **_data(one.poorest),
                }
                for one in suggestion.existing
            ],
            "files": [
                {
                    "layout": one.layout, "layer": one.layer, "target": list(one.pixels(one.target)),
                    "floor": list(one.pixels(one.floor)), "cropped": one.cropped,
                }
                for one in suggestion.files
            ],
        },
        ensure_ascii=False,
        indent=2,
    )  # fmt: skip


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


def _files(placed: Sequence[Placement]) -> list[str]:
    """The pixels that files need where they are placed."""
    lines = ["", "Files that rows name, and the pixels they need:"] if placed else []
    for one in placed:
        least = f" ({_size(one.pixels(one.floor))} at the least)" if one.printed else ""
        crop = ", cropped to its shape" if one.cropped else ""
        lines.append(f"  {one.layout} {one.layer}: {_size(one.pixels(one.target))}{least}{crop}")
    return lines


def _told(served: Served) -> str:
    place = served.placement
    crop = f"{served.kept:.0%} of it seen"
    if not place.printed:
        share = served.density / place.target
        state = "sharp" if share >= 0.995 else f"{share:.0%} of the pixels it shows: upscale ×{served.upscale:.2f}"
        return f"{place.layout} {place.layer}: {state}, {crop}"
    limit = place.floor if served.below_floor else place.target
    density = told_below(served.density, limit, 0) if served.upscale > 1 else f"{served.density:.0f}"
    state = f"{density} ppi"
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
