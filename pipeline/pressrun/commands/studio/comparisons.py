"""Comparing: sheets side by side, over each other and by their difference; and a run against another, with the reasons
that their records give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pressrun.commands.studio.answers import campaign_of, language_of, page, run_of, visitor_of
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.filters import told
from pressrun.commands.studio.standing_decisions import series
from pressrun.commands.studio.tiles import Tile, size_told
from pressrun.commands.studio.word_changes import Part, word_changes
from pressrun.decisions.branches import TRUNK
from pressrun.decisions.latest_decisions import is_same_content
from pressrun.language.names import picture_name
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.run_record import Asset, AssetPicture

MOST = 6  # sheets side by side
RUNS_LOOKED_AT = 50  # earlier ones, for what a sheet was when it was decided
LISTED = 400  # changed sheets of a page


class Side(Struct, frozen=True):
    """A sheet in a comparison, as it was made, or as it would be on a ``branch`` of its picture."""

    run: OpenRun
    tile: Tile
    branch: str = ""

    @property
    def picture(self) -> str:
        """Where its picture is, for sizes behind it; empty where there is none."""
        shown = self.tile.shown
        return f"/runs/{quote(self.run.shelf.run)}/pictures/{shown.id}" if shown else ""

    @property
    def view(self) -> str:
        """Where it is seen; empty where there is nothing to see."""
        if self.branch:
            return f"/runs/{quote(self.run.shelf.run)}/sheets/{self.tile.id}/branch/{quote(self.branch, safe='')}"
        return f"{self.picture}/view" if self.picture else ""


def compare(request: Request) -> Response:
    """Two to six sheets, of this run (``with=ID``), of another (``with=RUN/ID``), or on a branch (``ID@BRANCH``)."""
    here = run_of(request)
    sides = [_side(request, here, wanted) for wanted in request.query_params.getlist("with")[:MOST]]
    if len(sides) < 2:
        raise _fault("bad-request", "there is nothing to compare", "select two to six sheets on the wall, and press V")
    if len({(one.tile.of, one.tile.layout, one.tile.condition) for one in sides}) == 1:
        sides.sort(key=lambda one: one.tile.take)  # of one sheet they are told in their order, however they were chosen
    return _compared(request, here, sides)


def earlier(request: Request) -> Response:
    """A sheet beside what it was when somebody last decided about it: as the newest earlier run shows it that has it
    as it was decided, else the newest that has another."""
    here = run_of(request)
    tile = here.shelf.tile(request.path_params["file"])
    if tile is None:
        raise _fault("no-asset", f"the run {here.shelf.run} has no such file")
    return _compared(request, here, [_older_side(request, here, tile), Side(here, tile)])


def _older_side(request: Request, here: OpenRun, tile: Tile) -> Side:
    campaign, subject = campaign_of(request), tile.subject(here.shelf.job)
    names = [one.name for one in campaign.runs() if one.manifest.get("job") == here.shelf.job]
    older = [name for name in names if name < here.shelf.run][:RUNS_LOOKED_AT]
    content, other = here.standing.content(tile), None
    for name in older:
        run = campaign.run(name)
        for one in run.standing.about(subject):
            if is_same_content(run.standing.content(one), content):
                continue
            other = other or Side(run, one)
            if run.standing.was_decided(one):
                return Side(run, one)
    if other is None:
        raise _fault("no-asset", "no earlier run shows it otherwise")
    return other


def _side(request: Request, here: OpenRun, wanted: str) -> Side:
    wanted, _, branch = wanted.partition("@")
    name, _, file = wanted.rpartition("/")
    run = here
    if name and name != here.shelf.run:
        if visitor_of(request).run:
            raise _fault("no-run", "this link is for another run")
        run = campaign_of(request).run(name)
    tile = run.shelf.tile(file)
    if tile is None:
        raise _fault("no-asset", f"the run {run.shelf.run} has no file '{file[:40]}'")
    if branch and branch != TRUNK and not any(branch in run.journal.branches().get(key, {}) for key in tile.pictures):
        raise _fault("unknown-branch", f"its picture has no branch '{branch[:60]}'")
    return Side(run, tile, branch)


def beside(request: Request) -> Response:
    """Leads to a sheet beside its other ``takes``, its ``languages``, its ``branches`` or what other ``runs`` made."""
    here = run_of(request)
    tile = here.shelf.tile(request.path_params["file"])
    if tile is None:
        raise _fault("no-asset", f"the run {here.shelf.run} has no such file")
    found = {"takes": _takes, "languages": _languages, "branches": _branches, "runs": _runs}
    what = request.path_params["what"]
    if what not in found:
        raise _fault("bad-request", "sheets are compared by takes, languages, branches and runs")
    if what == "runs" and visitor_of(request).run:
        raise _fault("no-run", "this link is for one run")
    others = list(islice(found[what](request, here, tile), MOST - 1))
    if not others:
        same = "no other run made this sheet otherwise"
        raise _fault("no-asset", same if what == "runs" else f"there are no other {what} of this sheet")
    of_runs = [f"{here.shelf.run}/{tile.id}", *others]
    ordered = sorted(of_runs) if what == "runs" else [tile.id, *others]  # the oldest first: names begin with the time
    ways = "&".join(f"with={quote(one, safe='/@')}" for one in ordered)
    return RedirectResponse(f"/runs/{quote(here.shelf.run)}/compare?{ways}", 303)


def _takes(request: Request, here: OpenRun, tile: Tile) -> Iterator[str]:
    """Those of the run, then the newest of each that other runs made: a take that was asked for later has a run of its
    own."""
    seen = {tile.take}
    for one in _of_sheet(here, tile):
        if one is not tile:
            seen.add(one.take)
            yield one.id
    for name, one in () if visitor_of(request).run else _elsewhere(request, here, tile):
        if one.take not in seen:
            seen.add(one.take)
            yield f"{name}/{one.id}"


def _languages(request: Request, here: OpenRun, tile: Tile) -> Iterator[str]:
    return (one.id for one in series(here.shelf, tile) if one is not tile)


def _branches(request: Request, here: OpenRun, tile: Tile) -> Iterator[str]:
    branches = here.journal.branches()
    names = dict.fromkeys(name for key in tile.pictures for name in branches.get(key, {}))
    return (f"{tile.id}@{name}" for name in names)


def _runs(request: Request, here: OpenRun, tile: Tile) -> Iterator[str]:
    """Those that made other bytes of it, in this take or another, each of them once, the newest first."""
    seen = [_bytes(tile)]
    for name, one in _elsewhere(request, here, tile):
        if _bytes(one) not in seen:
            seen.append(_bytes(one))
            yield f"{name}/{one.id}"


def _elsewhere(request: Request, here: OpenRun, tile: Tile) -> Iterator[tuple[str, Tile]]:
    """The sheet as other runs of the job made it, in every take, the newest run first."""
    campaign = campaign_of(request)
    names = [one.name for one in campaign.runs() if one.manifest.get("job") == here.shelf.job]
    for name in names[:RUNS_LOOKED_AT]:
        if name != here.shelf.run:
            made = (one for one in _of_sheet(campaign.run(name), tile) if one.status != "failed")
            yield from ((name, one) for one in made)


def _of_sheet(run: OpenRun, tile: Tile) -> Iterator[Tile]:
    """The takes of a sheet in a run."""
    place = tile.of, tile.layout, tile.condition
    return (one for one in run.shelf.tiles if (one.of, one.layout, one.condition) == place)


def _compared(request: Request, here: OpenRun, sides: Sequence[Side]) -> Response:
    language = language_of(request)
    shown = [told(one.run, one.tile, one.run.standing.word(one.tile), language) for one in sides]
    first = _asset(sides[0])
    differing = [
        (number, list(_reasons(first, _asset(one)))) for number, one in enumerate(sides[1:], start=2) if not one.branch
    ]
    return page(request, "compare.html", run=here.shelf, sides=list(zip(sides, shown, strict=True)),
                differing=[one for one in differing if one[1]])  # fmt: skip


def _asset(side: Side) -> Asset:
    return side.run.shelf.asset(side.tile.shown or side.tile.files[0])


class Reason(Struct, frozen=True):
    """Why a sheet is another one: what of it (``text``, ``picture``, …), where, from what to what; of a text that fits
    otherwise also its ``lines``."""

    what: str
    where: str
    before: str = ""
    after: str = ""
    lines: tuple[int, int] | None = None

    @property
    def words(self) -> list[Part]:
        """The words that differ, of long texts that are much the same."""
        return word_changes(self.before, self.after)


def _reasons(before: Asset, after: Asset) -> Iterator[Reason]:
    if before.status != after.status and "failed" in (before.status, after.status):
        yield Reason("status", "", before.status, after.status)
    texts = {one.id: one for one in before.text}
    for one in after.text:
        was = texts.pop(one.id, None)
        if was is None:
            yield Reason("text", one.id, "", one.text)
        elif was.text != one.text:
            yield Reason("text", one.id, was.text, one.text)
        elif (was.size_pt, was.lines) != (one.size_pt, one.lines):
            yield Reason("fit", one.id, size_told(was, before), size_told(one, after), (was.lines, one.lines))
    yield from (Reason("text", one.id, one.text, "") for one in texts.values())
    pictures = {(one.slot, one.master): one for one in before.pictures_shown}
    for picture in after.pictures_shown:
        yield from _of_pictures(pictures.get((picture.slot, picture.master)), picture)
    if before.size != after.size:
        yield Reason("size", "", _size(before), _size(after))
    chosen = {one.layer: one.told for one in before.choices}
    for choice in after.choices:
        if chosen.get(choice.layer, choice.told) != choice.told:
            yield Reason("choice", choice.layer, chosen[choice.layer], choice.told)
    if before.overrides != after.overrides:
        yield Reason("override", ", ".join(one.key for one in (*before.overrides, *after.overrides)))
    codes = {one.id: one.value for one in before.codes}
    for code in after.codes:
        if codes.get(code.id, code.value) != code.value:
            yield Reason("code", code.id, codes[code.id], code.value)


def _of_pictures(was: AssetPicture | None, now: AssetPicture) -> Iterator[Reason]:
    where = picture_name(now.slot, now.master)
    if was is None:
        yield Reason("picture", where)
    elif was.key != now.key:
        if was.prompt != now.prompt:
            yield Reason("prompt", where, was.prompt, now.prompt)
        if (was.provider, was.model) != (now.provider, now.model):
            yield Reason("model", where, f"{was.provider} {was.model}".strip(), f"{now.provider} {now.model}".strip())
        if was.take != now.take:
            yield Reason("take", where, str(was.take), str(now.take))
        if (was.prompt, was.model, was.provider, was.take) == (now.prompt, now.model, now.provider, now.take):
            yield Reason("picture", where, was.key[:12], now.key[:12])
    elif was.steps != now.steps:
        yield Reason("steps", where, ", ".join(map(str, was.steps)), ", ".join(map(str, now.steps)))
    elif was.sha256 != now.sha256:
        yield Reason("recipe", where, was.sha256[:12], now.sha256[:12])


def _size(asset: Asset) -> str:
    size = asset.size
    return "{:g} × {:g} mm".format(*size.trim_mm) if size.trim_mm else "{} × {} px".format(*(size.pixels or (0, 0)))


class Changed(Struct, frozen=True):
    """A sheet that is another one than before."""

    before: Side
    after: Side
    shown: Mapping[str, Any]
    reasons: Sequence[Reason]


def against(request: Request) -> Response:
    """A run against another: what is new, gone, the same; what changed, and why."""
    after, campaign, language = run_of(request), campaign_of(request), language_of(request)
    if visitor_of(request).run:
        raise _fault("no-run", "this link is for one run")
    before = campaign.run(request.path_params["other"])
    old = {_place(tile): tile for tile in before.shelf.tiles}
    new = {_place(tile): tile for tile in after.shelf.tiles}
    if not {tile.take for tile in old.values()} & {tile.take for tile in new.values()}:
        old, new = _first_takes(old), _first_takes(new)  # another take was asked for: it is what changed
    both = [(old[place], tile) for place, tile in new.items() if place in old]
    other = [(was, now) for was, now in both if _bytes(was) != _bytes(now)]
    engines = [_engines(one.shelf.manifest) for one in (before, after)]
    listed = []
    for was, now in other[:LISTED]:
        sides = Side(before, was), Side(after, now)
        reasons = list(_reasons(_asset(sides[0]), _asset(sides[1])))
        if not reasons:
            reasons = [Reason("engine" if engines[0] != engines[1] else "layout", now.layout)]
        listed.append(Changed(*sides, told(after, now, after.standing.word(now), language), reasons))
    return page(
        request, "against.html", before=before.shelf, after=after.shelf, changed=listed, total=len(other),
        same=len(both) - len(other), inputs=_inputs(before.shelf.manifest, after.shelf.manifest),
        added=_told(after, [tile for place, tile in new.items() if place not in old], language),
        gone=_told(before, [tile for place, tile in old.items() if place not in new], language),
        causes=Counter(reason.what for one in listed for reason in one.reasons).most_common(), engines=engines,
    )  # fmt: skip


def _told(run: OpenRun, tiles: Sequence[Tile], language: str) -> list[Mapping[str, Any]]:
    return [told(run, tile, run.standing.word(tile), language) for tile in tiles]


def _place(tile: Tile) -> tuple[Any, ...]:
    return tile.of, tile.layout, tile.take, tile.condition


def _first_takes(tiles: Mapping[tuple[Any, ...], Tile]) -> dict[tuple[Any, ...], Tile]:
    """The first take that there is of each sheet, by its place without a take."""
    found: dict[tuple[Any, ...], Tile] = {}
    for tile in sorted(tiles.values(), key=lambda one: (one.take, one.number)):
        found.setdefault((tile.of, tile.layout, tile.condition), tile)
    return found


def _bytes(tile: Tile) -> list[tuple[str, str]]:
    return [(file.format, file.sha256) for file in tile.files]


def _engines(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The program and what it makes files with, each with its version."""
    tools = manifest.get("tools", {})
    return tuple([f"pressrun {tools['pressrun']}"] if "pressrun" in tools else []) + tuple(tools.get("engines", ()))


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The files that a run was made from, where they are other ones: (what became of it, path)."""
    old, new = before.get("inputs", {}), after.get("inputs", {})
    return [
        *(("edited", path) for path in new if path in old and old[path] != new[path]),
        *(("new", path) for path in new if path not in old), *(("gone", path) for path in old if path not in new),
    ]  # fmt: skip


def _fault(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
