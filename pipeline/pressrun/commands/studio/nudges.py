"""A sheet as its files are now, drawn again whenever one is saved; and changed by hand: what is nudged is written into
the job's `overrides`, never into the layout."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import data_block, findings_told, language_of, page, run_of, visitor_of
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.easels import Drawn
from pressrun.commands.studio.filters import rows_called
from pressrun.commands.studio.forks import draft_of
from pressrun.commands.studio.previews import Previews
from pressrun.commands.studio.tiles import Tile
from pressrun.language.names import layout_name
from pressrun.language.template_blocks import literal
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.run_record import Asset

if TYPE_CHECKING:
    from pressrun.model.project import Project
    from pressrun.run.edits.override_written import SheetNamed

NUDGED = frozenset(("text", "shift", "hidden", "color", "size", "focus", "box", "anchor", "align"))
MOST_CHANGES = 40
BOX = ("x", "y", "width", "height")


def nudge_page(request: Request) -> Response:
    """A sheet to be changed by hand, or to be looked at while its layout is edited elsewhere."""
    from pressrun.run.edits.override_written import overrides_of

    run, tile = _meant(request)
    asset = run.shelf.asset(tile.files[0])
    project = run.project()
    own = overrides_of(project, _named(run, tile))
    rows = rows_called(run, (one for one in run.shelf.tiles if one.layout == tile.layout), language_of(request))
    data = {
        "run": run.shelf.run, "id": tile.id, "row": tile.row, "may": visitor_of(request).role,
        "csrf": request.scope["state"]["csrf"],
        "rows": list(rows.items()),
    }  # fmt: skip
    return page(request, "nudge.html", run=run.shelf, tile=tile, data=data_block(data), own=own,
                called=rows[tile.row], layout=layout_name(tile.layout),
                shared=_shared(project, tile, own), stale={one.key for one in asset.overrides if one.stale},
                layers=sorted(_layers(project, tile, asset, own), key=lambda one: one.text is None),
                colors=sorted(project.brand.palette))  # fmt: skip


def _named(run: OpenRun, tile: Tile) -> SheetNamed:
    from pressrun.run.edits.override_written import SheetNamed
    from pressrun.run.overlays.overridden_sheets import pictures_told

    pictures = run.shelf.asset(tile.files[0]).pictures
    return SheetNamed(tile.row, tile.layout, tile.take, pictures_told((one.slot, one.key) for one in pictures))


def _shared(project: Project, tile: Tile, own: Sequence[tuple[str, str, Any]]) -> dict[str, Any]:
    """What is changed on the sheet by changes that are for others, too."""
    variant = project.overridden.get((tile.row, tile.layout, tile.take))
    every = project.variants[variant].overrides if variant else ()
    told = {key: value for one in every for key, value in one.told.items()}
    return {key: value for key, value in told.items() if key not in {f"{layer}.{of}" for layer, of, _ in own}}


class Nudged(Struct, frozen=True):
    """A layer that can be changed by hand: its ``text`` if it has one, which keys it has, and what stands in them."""

    id: str
    kind: str
    text: str | None
    keys: frozenset[str]
    box: Mapping[str, str]
    color: str
    focus: str


def _layers(project: Project, tile: Tile, asset: Asset, own: Sequence[tuple[str, str, Any]]) -> Iterator[Nudged]:
    """The layers of a sheet's layout, as it writes them, with the texts that it or its ``own`` changes have; one that
    is repeated, or that this row leaves out, is not among them."""
    from pressrun.model.layout import layer_name

    changed = {layer: said for layer, key, said in own if key == "text" and isinstance(said, str) and "{" not in said}
    texts = {one.id: changed.get(one.id, one.text) for one in asset.text}
    for index, options in enumerate(project.layouts[tile.layout].layout.layers):
        name, keys = layer_name(options, index), frozenset(type(options).model_fields)
        if "text" in keys and name not in texts:
            continue
        said = options.model_dump(mode="json", include={"box", "color", "focus"}, fallback=str)
        box = said.get("box") if isinstance(said.get("box"), dict) else {}
        yield Nudged(
            name, options.type, texts.get(name), keys & NUDGED,
            {side: _shown(box.get(side)) for side in BOX}, _shown(said.get("color")), _shown(said.get("focus")),
        )  # fmt: skip


def _shown(said: object) -> str:
    """What stands in a layout, as a hint in a field."""
    if isinstance(said, list):
        return ", ".join(map(str, said))
    return "" if said is None else str(said)


async def now(request: Request) -> Response:
    """The sheet as its files are now: of its own row, of another (``row``), or of the ``worst``. A campaign that does
    not load is told with its findings. Whoever waits for it keeps nobody else from pages."""
    drawn = await asyncio.wrap_future(await run_in_threadpool(_wished, request))
    if drawn is None:
        return Response(status_code=204)
    return JSONResponse({
        "picture": base64.b64encode(drawn.picture).decode(), "row": drawn.row,
        "findings": findings_told(request, drawn.findings), "stood_in": drawn.stood_in,
    })  # fmt: skip


def _wished(request: Request) -> Future[Drawn | None]:
    from pressrun.run.looks.preview import Wanted

    run, tile = _meant(request)
    row, worst = request.query_params.get("row", tile.row), "worst" in request.query_params
    wanted = Wanted((tile.layout,), () if worst else (row,), worst=worst)
    whose = f"{request.scope['state']['csrf']} {request.query_params.get('page', '')[:40]}"
    previews: Previews = request.app.state.previews
    return previews.wished(whose, run.job_file, tile.take, wanted, draft_of(run, tile.pictures))


def nudge(request: Request, said: Mapping[str, Any]) -> Response:
    """Write changes (layer, key, value) of this sheet alone."""
    from pressrun.run.edits.override_written import write_override

    run, tile = _meant(request)
    changes = said.get("changes")
    if not isinstance(changes, list) or not 0 < len(changes) <= MOST_CHANGES:
        raise _fault("bad-request", "there is nothing to change")
    settings = [_setting(one) for one in changes]
    path = write_override(run.job_file, _named(run, tile), settings, str(said.get("note", "")).strip()[:500])
    told = [".".join((layer, *keys)) for layer, keys, _ in settings]
    request.app.state.audit.add(who=visitor_of(request).who, what="override", run=run.shelf.run, sheets=[tile.id],
                                changed=told)  # fmt: skip
    return JSONResponse({"file": path.relative_to(run.root).as_posix(), "changed": told})


def take_nudge_back(request: Request, said: Mapping[str, Any]) -> Response:
    """Take a change (layer, key) of this sheet out of the overrides again."""
    from pressrun.run.edits.override_written import take_back

    run, tile = _meant(request)
    layer, key = said.get("layer"), said.get("key")
    if not isinstance(layer, str) or not isinstance(key, str):
        raise _fault("bad-request", "say which layer, and what of it")
    path = take_back(run.job_file, _named(run, tile), layer, key)
    request.app.state.audit.add(who=visitor_of(request).who, what="override-undo", run=run.shelf.run, sheets=[tile.id],
                                changed=[f"{layer}.{key}"])  # fmt: skip
    return JSONResponse({"file": path.relative_to(run.root).as_posix()})


def _setting(said: object) -> tuple[str, tuple[str, ...], Any]:
    key, _, side = str(said.get("key", "")).partition(".") if isinstance(said, dict) else ("", "", "")
    if not isinstance(said, dict) or not isinstance(said.get("layer"), str) or key not in NUDGED:
        raise _fault("bad-request", f"what can be changed by hand is {', '.join(sorted(NUDGED))}")
    if side and not (key == "box" and side in BOX):
        raise _fault("bad-request", f"a box has {', '.join(BOX)}")
    value = said.get("value")
    if not isinstance(value, str | bool | list) or len(json.dumps(value)) > 4000:
        raise _fault("bad-request", "this value cannot be written")
    if key == "text" and isinstance(value, str):
        value = literal(value)
    elif "{" in json.dumps(value):
        raise _fault("bad-request", "templates are written in files, not here")
    return said["layer"], (key, *([side] if side else [])), value


def _meant(request: Request) -> tuple[OpenRun, Tile]:
    run = run_of(request)
    tile = run.shelf.tile(request.path_params["file"])
    if tile is None:
        raise _fault("no-asset", "the run has no such file")
    return run, tile


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])
