"""The sheets that a run left out since they were rejected: as the last run before it that made them has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pressrun.commands.studio.campaign import Campaign, OpenRun
from pressrun.commands.studio.standing_decisions import Word
from pressrun.commands.studio.tiles import Tile
from pressrun.decisions.latest_decisions import REJECTED
from pressrun.model.errors import InputError

LOOKED_BACK = 5  # runs of the job before it


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet that was made by an earlier ``run``, and what was said of it."""

    run: OpenRun
    tile: Tile
    word: Word


def left_out(campaign: Campaign, run: OpenRun) -> list[LeftOut]:
    """Those of a run, in the order of the runs before it, the newest first; none of one that left none out, or that is
    still being read."""
    notes = run.shelf.manifest.get("notes", ())
    if run.partial or run.shelf.has_all_runs or not any(one.get("code") == REJECTED for one in notes):
        return []
    seen = {_place(tile) for tile in run.shelf.tiles}
    found: list[LeftOut] = []
    for before in _before(campaign, run):
        for tile in before.shelf.tiles:
            if (place := _place(tile)) not in seen:
                seen.add(place)
                word = before.standing.word(tile)
                if word.state == "rejected":
                    found.append(LeftOut(before, tile, word))
    return found


def _place(tile: Tile) -> tuple[str, str, int, str]:
    return tile.row, tile.layout, tile.take, tile.condition


def _before(campaign: Campaign, run: OpenRun) -> Iterator[OpenRun]:
    names = [one.name for one in campaign.runs() if one.manifest.get("job") == run.shelf.job]
    at = names.index(run.shelf.run) if run.shelf.run in names else len(names)
    for name in names[at + 1 : at + 1 + LOOKED_BACK]:
        try:
            yield campaign.run(name)
        except InputError:  # which is told where the runs are listed
            continue
