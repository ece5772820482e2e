"""The sheets that a run left out since they were rejected: as the last run before it that made them has them."""

from __future__ import annotations

import anyio
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pressrun.commands.studio.answers import campaign_of, run_of
from pressrun.commands.studio.campaign import Campaign, OpenRun
from pressrun.commands.studio.standing_decisions import Word
from pressrun.commands.studio.tiles import Place, Tile, place_of
from pressrun.decisions.latest_decisions import REJECTED

LOOKED_BACK = 5  # runs of the job before it
PATIENCE, EVERY = 60.0, 0.1  # seconds that a page may wait for them in one asking, and between two looks


class LeftOut(Struct, frozen=True):
    """A sheet that was made by an earlier ``run``, and what was said of it."""

    run: OpenRun
    tile: Tile
    word: Word


def left_out(campaign: Campaign, run: OpenRun) -> list[LeftOut] | None:
    """Those of a run, in the order of the runs before it, the newest first; an empty list for one that left none out,
    or that is still being read itself; None while those before it are."""
    notes = run.shelf.manifest.get("notes", ())
    if run.partial or run.shelf.has_all_runs or not any(one.get("code") == REJECTED for one in notes):
        return []
    seen: set[Place] = set()
    found: list[LeftOut] = []
    runs_before = campaign.gone_since(run, LOOKED_BACK)
    if runs_before is None:
        return None
    for before in runs_before:
        standing = before.standing_now
        for tile in before.shelf.tiles:
            if (place := place_of(tile)) not in seen:
                seen.add(place)
                word = standing.word(tile)
                if word.state == "rejected":
                    found.append(LeftOut(before, tile, word))
    return found


async def is_read(request: Request) -> Response:
    """Answers once the runs before one were read (204), or after a while in which they were not (202)."""
    run = await run_in_threadpool(run_of, request)
    waited = 0.0
    while await run_in_threadpool(campaign_of(request).gone_since, run, LOOKED_BACK) is None:
        if waited >= PATIENCE:
            return Response(status_code=202)
        await anyio.sleep(EVERY)
        waited += EVERY
    return Response(status_code=204)
