"""Deciding in the studio: what `approve` and `reject` write, by tile, by selection, by rule, for a series; and back."""

from __future__ import annotations

import csv
import io
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun import doors
from pressrun.commands.studio.answers import NotAllowed, campaign_of, language_of, page, run_of, visitor_of, wrong
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.filters import Asked, found, told
from pressrun.commands.studio.standing_decisions import series
from pressrun.commands.studio.tiles import Tile
from pressrun.decisions.latest_decisions import decisions_on
from pressrun.manifest import CSV_COLUMNS, plain_cell
from pressrun.manifest.runs_read import read_run
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Verdict

VERDICTS: tuple[Verdict, ...] = ("approve", "reject", "withdraw")
MUCH_SMALLER = 0.8  # of the size that texts of a series have in the middle
LONGEST_REASON = 2000  # characters
MOST_LIST = 32 << 20  # bytes of a list that is sent back


def decide(request: Request, said: Mapping[str, Any]) -> Response:
    """One word about tiles by id, about all that an address finds (``rule``), or about a series but for some; or what
    stood before, given back (``restore``). The answer says what that was."""
    run = run_of(request)
    if "restore" in said:
        words = [
            (_tile(run, one["id"]), _verdict(one.get("verdict")), _reason(one)) for one in _listed(said["restore"])
        ]
    else:
        verdict, reason = _verdict(said.get("verdict")), _reason(said)
        words = [(tile, verdict, reason) for tile in _meant(run, said)]
    before = [{"id": tile.id, **_standing(run, tile)} for tile, _, _ in words]
    _keep(request, run, words)
    standing = run.standing
    states = {tile.id: standing.word(tile).state for tile, _, _ in words}
    return JSONResponse({
        "states": states, "before": before, "counts": standing.counted(),
    })  # fmt: skip


def _meant(run: OpenRun, said: Mapping[str, Any]) -> list[Tile]:
    if "rule" in said:
        from urllib.parse import parse_qsl

        return list(found(run, Asked.of(dict(parse_qsl(str(said["rule"]))))).tiles)
    if "series" in said:
        but = {str(one) for one in said.get("but", ())}
        return [tile for tile in series(run.shelf, _tile(run, said["series"])) if tile.id not in but]
    return [_tile(run, one) for one in _strings(said.get("tiles"))]


def in_series(request: Request) -> Response:
    """The sheets that one word about a series would be about, the odd ones first, each with what is odd about it."""
    run = run_of(request)
    tiles = series(run.shelf, _tile(run, request.path_params["file"]))
    open_comments = request.app.state.comments.open_subjects()
    usual = Counter(code for tile in tiles for code in tile.codes)
    roomy = statistics.median(tile.squeeze for tile in tiles)
    listed = []
    for tile in tiles:
        word = run.standing.word(tile)
        odd = [
            *(["rejected"] if word.state == "rejected" else []), *(["Failed"] if tile.status == "failed" else []),
            *(["any-error"] if tile.errors else []),
            *(["odd-findings"] if any(usual[code] * 2 <= len(tiles) for code in tile.codes) else []),
            *(["odd-small"] if tile.squeeze < roomy * MUCH_SMALLER else []),
            *(["odd-comments"] if tile.subject(run.shelf.job) in open_comments else []),
        ]  # fmt: skip
        listed.append({**told(run, tile, word, language_of(request)), "odd": odd})
    return JSONResponse({"tiles": sorted(listed, key=lambda one: not one["odd"])})


def _standing(run: OpenRun, tile: Tile) -> dict[str, str]:
    """What it takes to say again what stands."""
    word = run.standing.word(tile)
    verdict = {"approved": "approve", "approved-before": "approve", "rejected": "reject"}.get(word.state, "withdraw")
    return {"verdict": verdict, "reason": word.reason}


def _keep(request: Request, run: OpenRun, words: Sequence[tuple[Tile, Verdict, str]]) -> None:
    who, at, standing = visitor_of(request).who, f"{doors.now():%Y-%m-%dT%H:%M:%SZ}", run.standing
    decisions = [
        decision for tile, verdict, reason in words
        for decision in standing.decisions_on(tile, verdict, who, reason, at)
    ]  # fmt: skip
    standing.decide(decisions)
    verdicts = {verdict: sum(one == verdict for _, one, _ in words) for verdict in {one for _, one, _ in words}}
    request.app.state.audit.add(who=who, what="decide", run=run.shelf.run, verdicts=verdicts,
                                sheets=[tile.id for tile, _, _ in words][:50])  # fmt: skip


def listing(request: Request) -> Response:
    """The sheets that the address asks for as a list, to be filled in by people without the page and sent back."""
    run = run_of(request)
    seen = found(run, Asked.of(request.query_params))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for tile in seen.tiles:
        word = seen.words[tile.number]
        file = tile.shown or tile.files[0]
        decision = {"approved": "approve", "approved-before": "approve", "rejected": "reject"}.get(word.state, "")
        cells = {
            "id": tile.id, "path": file.path, "status": tile.status, "layout": tile.layout, "format": file.format,
            "locale": tile.locale, "row": tile.row, "theme": tile.theme, "take": tile.take, "sha256": file.sha256,
            "errors": tile.errors, "warnings": tile.warnings, "decision": decision, "comment": word.reason,
        }  # fmt: skip
        writer.writerow([plain_cell(cells.get(name, "")) for name in CSV_COLUMNS])
    name = f"{run.shelf.run.replace(':', '-')}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(b"\xef\xbb\xbf" + out.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=headers)


async def returned(request: Request) -> Response:
    """A list that comes back."""
    from starlette.concurrency import run_in_threadpool

    try:
        if not visitor_of(request).may("decide"):
            raise NotAllowed("decide")
        async with request.form(max_files=1, max_fields=4) as form:
            sent = form.get("list")
            data = await sent.read() if sent is not None and not isinstance(sent, str) else b""
            name = "" if sent is None or isinstance(sent, str) else sent.filename or ""
        if not data or len(data) > MOST_LIST:
            raise _fault("bad-request", "no list was sent, or one that is too long", "choose the CSV or XLSX file")
        return await run_in_threadpool(_take_in, request, data, name)
    except PressrunError as error:
        return wrong(request, error)


def _take_in(request: Request, data: bytes, name: str) -> Response:
    from pressrun.decisions.returned_list import read_list

    run, campaign = run_of(request), campaign_of(request)
    ending = ".xlsx" if name.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{ending}"
        path.write_bytes(data)
        mailed, warnings = read_list(path, campaign.root, read_run(run.shelf.folder), campaign.journal)
    who, at = visitor_of(request).who, f"{doors.now():%Y-%m-%dT%H:%M:%SZ}"
    decisions = [
        decision for one in mailed
        for decision in decisions_on(
            one.meant.subject, one.meant.content, one.meant.unshown, one.verdict, who, one.comment, at
        )
    ]  # fmt: skip
    run.standing.decide(decisions)
    request.app.state.audit.add(who=who, what="list", run=run.shelf.run, decisions=len(mailed))
    return page(request, "list.html", run=run.shelf, mailed=mailed, findings=warnings)


def _tile(run: OpenRun, tile_id: object) -> Tile:
    tile = run.shelf.tile(str(tile_id))
    if tile is None:
        raise _fault("no-asset", f"the run has no file '{str(tile_id)[:40]}'")
    return tile


def _strings(said: object) -> Iterable[str]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise _fault("bad-request", "there is no list of files")
    return said


def _listed(said: object) -> Iterable[Mapping[str, Any]]:
    if not isinstance(said, list) or not all(isinstance(one, dict) and "id" in one for one in said):
        raise _fault("bad-request", "there is no list of what stood before")
    return said


def _verdict(said: object) -> Verdict:
    for one in VERDICTS:
        if said == one:
            return one
    raise _fault("unknown-decision", "this is no decision", "approve, reject or withdraw")


def _reason(said: Mapping[str, Any]) -> str:
    return str(said.get("reason", "")).strip()[:LONGEST_REASON]


def _fault(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])


