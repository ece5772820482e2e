"""Pages to look at: the jobs and their runs, the wall of a run, one sheet of it; and the pictures on them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from pressrun.commands.studio import pictures
from pressrun.commands.studio.answers import campaign_of, data_block, language_of, page, run_of, run_with, visitor_of
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.filters import GROUPS, KEY, ORDERS, VERSIONS, Asked, Found, Group, found, told
from pressrun.commands.studio.forks import looks_with_drafts
from pressrun.commands.studio.jobs import jobs_of
from pressrun.commands.studio.left_out import left_out
from pressrun.commands.studio.open_doubts import doubts_of
from pressrun.commands.studio.standing_decisions import series
from pressrun.commands.studio.tiles import Tile, size_told
from pressrun.language.choices_told import chosen_by
from pressrun.language.names import direction, layout_name, locale_name, run_name
from pressrun.language.page_words import page_words
from pressrun.manifest.runs_read import run_names
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.run_record import Asset
from pressrun.model.store import ObjectMissing

PAGE = 60  # tiles of a page without scripts; a group is cut where it alone is very long
MOST_AT_ONCE = 400


def home(request: Request) -> Response:
    """The jobs of the campaign, each with its runs; those that were not run yet are last."""
    campaign, only = campaign_of(request), visitor_of(request).run
    jobs: dict[str, list[Any]] = {}
    for run in campaign.runs():
        if not only or run.name == only:
            jobs.setdefault(str(run.manifest.get("job", "")), []).append(run)
    buys = visitor_of(request).may("buy") and not only
    there = jobs_of(campaign) if not only else []
    for job in there:
        jobs.setdefault(job, [])
    runnable = set(there) if buys else set()
    data = {"listens": not only, "buys": buys, "csrf": request.scope["state"]["csrf"]}
    return page(request, "home.html", title=campaign.root.name, jobs=jobs, there=there, runnable=runnable,
                data=data_block(data), doubts=[] if only else doubts_of(campaign, language_of(request)))  # fmt: skip


def wall(request: Request) -> Response:
    """All sheets of a run that the address asks for."""
    asked = Asked.of(request.query_params)
    run = run_of(request, glance=not request.query_params)
    language = language_of(request)
    seen = found(run, asked, language)
    number = request.query_params.get("page", "1")
    pages = _pages(seen.groups)
    at = min(max(int(number) if number.isdecimal() and len(number) < 9 else 1, 1), max(len(pages), 1))
    gone = [] if visitor_of(request).run else left_out(campaign_of(request), run)
    out = [
        {**told(one.run, one.tile, one.word, language), "of": one.run.shelf.run, "when": run_name(one.run.shelf.run),
         "runs": 1, "why": one.word.reason}
        for one in gone or ()
    ]  # fmt: skip
    groups = [
        (group.title, [told(run, tile, seen.words[tile.number], language) for tile in group.tiles])
        for group in (pages[at - 1] if pages else ())
    ]
    shape = {
        "run": run.shelf.run, "query": asked.address(), "total": len(seen.tiles),
        "partial": run.partial, "looksBack": gone is None,
        "groups": [[group.title, len(group.tiles)] for group in seen.groups],
        "states": run.standing.counted(), "may": visitor_of(request).role, "csrf": request.scope["state"]["csrf"],
        "tiles": [one for _, some in groups for one in some] if at == 1 else [],
    }  # fmt: skip
    made = page(
        request, "wall.html", run=run.shelf, asked=asked, found=seen, groups=groups, at=at, pages=len(pages),
        shape=data_block(shape), states=run.standing.counted(), orders=ORDERS, group_names=_group_names(seen),
        others=[one.name for one in campaign_of(request).runs() if one.manifest.get("job") == run.shelf.job],
        key=KEY, partial=run.partial, left_out=out, looks_back=gone is None,
    )  # fmt: skip
    campaign_of(request).read_on(run)
    return made


def _group_names(seen: Found) -> list[str]:
    plain = [name for name in GROUPS if name != VERSIONS or "run" in seen.options]
    return [*plain[:-1], *(name for name in seen.options if name.startswith(KEY)), plain[-1]]


def _pages(groups: Any) -> list[list[Group]]:
    """Groups in pages: so many tiles, and the rest of the group that they end in."""
    made: list[list[Group]] = []
    room = 0
    for group in chain.from_iterable(map(_cut, groups)):
        if room <= 0:
            made.append([])
            room = PAGE
        made[-1].append(group)
        room -= len(group.tiles)
    return made


def _cut(group: Group) -> Iterator[Group]:
    """A group in pieces, where it alone would be too long a page: in the order of the worst all are one."""
    size = PAGE if len(group.tiles) > MOST_AT_ONCE else max(len(group.tiles), 1)
    for begin in range(0, len(group.tiles), size):
        yield replace(group, tiles=group.tiles[begin : begin + size])


def tiles(request: Request) -> Response:
    """Some of the tiles that the address asks for, for the script."""
    run = run_of(request, glance="partial" in request.query_params)
    asked, language = Asked.of(request.query_params), language_of(request)
    seen = found(run, asked, language)
    begin, count = (_number(request.query_params.get(name, "0")) for name in ("from", "count"))
    some = seen.tiles[begin : begin + min(count, MOST_AT_ONCE)]
    return JSONResponse({"from": begin, "tiles": [told(run, tile, seen.words[tile.number], language) for tile in some]})


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 9 else 0


class Text(Struct, frozen=True):
    """A text as it was set, beside what the same layer says in the source's language."""

    id: str
    text: str
    size: str
    lines: int
    overflow: bool
    source: str


def sheet(request: Request) -> Response:
    """One sheet: its picture, what is found, said and decided about it."""
    run, asked, language = run_of(request), Asked.of(request.query_params), language_of(request)
    request.app.state.closer.set()
    tile = _tile(run, request.path_params["file"])
    seen = found(run, asked, language)
    order = [one.number for one in seen.tiles]
    place = order.index(tile.number) if tile.number in order else -1
    file = next(file for file in tile.files if file.id == request.path_params["file"])
    asset = run.shelf.asset(file)
    source = _source_of(run, tile, request.query_params.get("source", ""))
    pages = tile.pages
    looked = file if file in pages else tile.shown
    near = {
        "before": seen.tiles[place - 1].id if place > 0 else "",
        "after": seen.tiles[place + 1].id if 0 <= place < len(order) - 1 else "",
        "next": [one.id for one in seen.tiles[place + 1 : place + 4]] if place >= 0 else [],
    }
    shown = told(run, tile, seen.words[tile.number], language)
    data = {
        "run": run.shelf.run, "id": tile.id, "file": looked.id if looked else "", "query": asked.address(), **near,
        "pages": [one.id for one in pages], "masters": list(tile.made_from), "tile": shown,
        "may": visitor_of(request).role, "csrf": request.scope["state"]["csrf"],
    }  # fmt: skip
    return page(
        request, "sheet.html", run=run.shelf, tile=tile, shown=shown, asset=asset, looked=looked, asked=asked,
        word=seen.words[tile.number], place=place, total=len(order), data=data_block(data), near=near,
        texts=_texts(run, asset, source), source=source, locales=_locales(run, tile, language), pages=pages,
        language_name=locale_name(tile.locale, language), layout=layout_name(tile.layout),
        findings=_findings(run, tile), text_direction=direction(tile.locale),
        chosen_by=lambda choice: chosen_by(choice, page_words(language)),
        series=len(series(run.shelf, tile)), comments=request.app.state.comments.about(run, tile),
        kin=_kin(request, run, tile),
    )  # fmt: skip


def _kin(request: Request, run: OpenRun, tile: Tile) -> list[str]:
    """What there is to compare a sheet with (see `comparisons.beside`)."""
    place = tile.of, tile.layout, tile.condition
    takes = sum((one.of, one.layout, one.condition) == place for one in run.shelf.tiles)
    branches = run.journal.branches()
    of_job = [name for name in run_names(run.root) if name.endswith(f"-{run.shelf.job}")]
    sees_others = len(of_job) > 1 and not visitor_of(request).run
    there = {
        "takes": takes > 1 or (sees_others and tile.take > 1), "languages": len(series(run.shelf, tile)) > 1,
        "branches": any(branches.get(key) for key in tile.pictures), "runs": sees_others,
    }  # fmt: skip
    return [what for what, is_there in there.items() if is_there]


def _findings(run: OpenRun, tile: Tile) -> list[Finding]:
    """Those of all its files, each once, the gravest first."""
    listed: dict[tuple[str, ...], Finding] = {}
    for file in tile.files:
        for one in run.shelf.asset(file).findings:
            listed.setdefault((one.code, one.layer or "", one.message), one)
    return sorted(listed.values(), key=lambda one: -one.severity.rank)


def _texts(run: OpenRun, asset: Asset, source: Tile | None) -> list[Text]:
    said = {one.id: one.text for one in run.shelf.asset(source.files[0]).text} if source else {}
    return [
        Text(one.id, one.text, size_told(one, asset), one.lines, one.overflow, said.get(one.id, ""))
        for one in asset.text
    ]


def _alike(run: OpenRun, tile: Tile) -> list[Tile]:
    """The same sheet in the other locales."""
    def but(one: Tile) -> list[str]:
        return [value for value in one.keys.values() if value != one.locale]

    return [
        one for one in run.shelf.tiles
        if one.layout == tile.layout and one.take == tile.take and one.condition == tile.condition
        and one.locale != tile.locale and but(one) == but(tile)
    ]  # fmt: skip


def _source_of(run: OpenRun, tile: Tile, wanted: str) -> Tile | None:
    """The sheet whose copy this one's was translated from: in the locale asked for, else in the run's first."""
    alike = _alike(run, tile)
    first = run.shelf.tiles[0].locale if run.shelf.tiles else ""
    by_locale = {one.locale: one for one in alike}
    return by_locale.get(wanted) or by_locale.get(first)


def _locales(run: OpenRun, tile: Tile, language: str) -> list[tuple[str, str]]:
    return [(one.locale, locale_name(one.locale, language)) for one in _alike(run, tile)]


def picture(request: Request) -> Response:
    """A file of a run as a picture, of a size. Press files have their proof's: what prints, not what PDFium makes of
    CMYK."""
    run = run_with(request)
    tile = _tile(run, request.path_params["file"])
    wanted = next(file for file in tile.files if file.id == request.path_params["file"])
    file = wanted if wanted.media_type in pictures.AS_MADE else tile.shown
    if file is None:
        raise _fault("no-picture", "this file has no picture, and no proof beside it")
    path = _inside(run.shelf.folder, file.path)
    size = request.path_params["size"]
    tag = pictures.etag(file.sha256, size)
    headers = {"etag": tag, "cache-control": "private, max-age=31536000, immutable" if "v" in request.query_params
               else "private, no-cache"}  # fmt: skip
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if size == "full":
        return FileResponse(path, media_type=file.media_type, headers=headers)
    data = pictures.shown(path, size, file.sha256, campaign_of(request).folder / "studio" / "pictures")
    return Response(data, media_type="image/webp", headers=headers)


def master(request: Request) -> Response:
    """A picture as it is without a layout."""
    run, digest = run_of(request), request.path_params["digest"]
    if digest not in request.app.state.made and not any(digest in tile.made_from for tile in run.shelf.tiles):
        raise _fault("no-picture", "no file of this run shows that picture")
    campaign = campaign_of(request)
    try:
        data = campaign.store.read(digest)
    except ObjectMissing:
        raise _fault("no-picture", "the picture is no longer in the store") from None
    shown = pictures.shown(data, request.path_params["size"], digest, campaign.folder / "studio" / "pictures")
    headers = {"etag": pictures.etag(digest, request.path_params["size"]), "cache-control": "private, max-age=3600"}
    return Response(shown, media_type="image/webp", headers=headers)


def guides(request: Request) -> Response:
    """A sheet with its guides, boxes and what was measured, as the job is now. Nothing is bought for it."""
    from pressrun.graphics.guides import with_guides
    from pressrun.model.settings import Settings
    from pressrun.run.looks.preview import Wanted

    run = run_of(request)
    tile = _tile(run, request.path_params["file"])
    wanted = Wanted((tile.layout,), (tile.row,), guides=True)
    looks = looks_with_drafts(run, Settings(take=tile.take), wanted, tile.pictures)
    shown = next((look.shown for look in looks if look.shown), None)
    if shown is None:
        raise InputError([finding for look in looks for finding in look.findings])
    out = io.BytesIO()
    drawn = with_guides(shown, looks[0].findings, f"{tile.layout} · {tile.row}")
    drawn.save(out, "PNG", compress_level=1)
    return Response(out.getvalue(), media_type="image/png")


def file(request: Request) -> Response:
    """A delivered file, to be kept: a browser does not open it here."""
    run = run_of(request)
    tile = _tile(run, request.path_params["file"])
    wanted = next(file for file in tile.files if file.id == request.path_params["file"])
    path = _inside(run.shelf.folder, wanted.path)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)


def _inside(folder: Path, path: str) -> Path:
    """A file of a run, which lies in it whatever its record says. Raises InputError."""
    found_at = (folder / path).resolve()
    assets = (folder / "assets").resolve()
    if not found_at.is_relative_to(assets) or not found_at.is_file():
        raise _fault("no-asset", "the file is no longer where it was delivered")
    return found_at


def _tile(run: OpenRun, file_id: str) -> Tile:
    tile = run.shelf.tile(file_id)
    if tile is None:
        raise _fault("no-asset", f"the run {run.shelf.run} has no file '{file_id[:40]}'")
    return tile


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])

