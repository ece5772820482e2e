"""The sheets that a run left out since they were rejected: as the last run before it that made them has them."""

from __future__ import annotations

from dataclasses import dataclass

from pressrun.commands.studio.campaign import Campaign, OpenRun
from pressrun.commands.studio.standing_decisions import Word
from pressrun.commands.studio.tiles import Place, Tile, place_of
from pressrun.decisions.latest_decisions import REJECTED

LOOKED_BACK = 5  # runs of the job before it


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet that was made by an earlier ``run``, and what was said of it."""

    run: OpenRun
    tile: Tile
    word: Word


def left_out(campaign: Campaign, run: OpenRun) -> list[LeftOut]:
    """Those of a run, in the order of the runs before it, the newest first; none of one that left none out, or while
    it, or what was before it, is still being read."""
    notes = run.shelf.manifest.get("notes", ())
    if run.partial or run.shelf.has_all_runs or not any(one.get("code") == REJECTED for one in notes):
        return []
    seen: set[Place] = set()
    found: list[LeftOut] = []
    for before in campaign.gone_since(run, LOOKED_BACK):
        standing = before.standing_now
        for tile in before.shelf.tiles:
            if (place := place_of(tile)) not in seen:
                seen.add(place)
                word = standing.word(tile)
                if word.state == "rejected":
                    found.append(LeftOut(before, tile, word))
    return found
