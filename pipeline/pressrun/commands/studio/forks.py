"""A picture changed as somebody says: its prompt by sections, where it comes from, what a change would cost, and the
change; under the job's budget and the cap that whoever asks has seen."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import NotAllowed, campaign_of, data_block, language_of, page, run_of, visitor_of
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.open_doubts import doubts_of
from pressrun.commands.studio.quotes import cap_of, most_of, quoted, settings_of
from pressrun.commands.studio.tiles import Tile
from pressrun.decisions.branches import TRUNK
from pressrun.decisions.hand_retouched import standing_for
from pressrun.decisions.lineage import family
from pressrun.language.names import layout_name
from pressrun.manifest.runs_read import RunRecord, read_run
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.picture import PictureMade
from pressrun.model.run_record import Asset, AssetPicture
from pressrun.model.settings import Settings
from pressrun.model.sound_results import stored

if TYPE_CHECKING:
    from pressrun.run.looks.preview import Look, Wanted

LONGEST_WISH = 2000  # characters
MOST_MASK = 8 << 20  # bytes, before it is decoded
MOST_PIXELS = 40_000_000  # of a mask
MOST_LAYOUTS = 8  # that are redrawn on a changed picture
QUALITIES = ("", "low", "medium", "high")
MARGIN = 0.02  # dollars by which a bill may pass what was quoted


class Section(Struct, frozen=True):
    """A part of a prompt: what it is about, and what it says."""

    title: str
    text: str


def sections(prompt: str) -> list[Section]:
    """A prompt by its paragraphs: those that begin with a few words and a colon are titled by them."""
    found = []
    for part in prompt.split("\n\n"):
        title, colon, text = part.partition(":")
        if colon and len(title) <= 60 and "\n" not in title and title.count(" ") <= 6:
            found.append(Section(title.strip(), text.strip()))
        elif part.strip():
            found.append(Section("", part.strip()))
    return found


def picture_page(request: Request) -> Response:
    """A picture of a sheet, and what can be made of it."""
    run, tile, asset, picture = picture_of(request)
    record = read_run(run.shelf.folder)
    data = {
        "run": run.shelf.run, "id": tile.id, "key": picture.key, "may": visitor_of(request).role,
        "runs": not visitor_of(request).run, "csrf": request.scope["state"]["csrf"],
        "picture": f"/runs/{run.shelf.run}/masters/{picture.sha256}/view",
        "layouts": [[name, layout_name(name)] for name in layouts_of(run, tile, picture.key)],
    }  # fmt: skip
    return page(
        request, "picture.html", run=run.shelf, tile=tile, asset=asset, picture=picture,
        sections=sections(picture.prompt), tree=family(record, run.journal, asset), data=data_block(data),
        qualities=QUALITIES, takes=range(1, 6), others=[one for one in asset.pictures if one.key != picture.key],
        doubts=doubts_of(campaign_of(request), language_of(request)),
        adopted=standing_for(picture.key, run.journal)[1], other=is_another_asked(run, asset, picture),
    )  # fmt: skip


def picture_of(request: Request) -> tuple[OpenRun, Tile, Asset, AssetPicture]:
    """The picture of a sheet that an address means (``key``, else its first). Raises InputError."""
    run = run_of(request)
    tile = run.shelf.tile(request.path_params["file"])
    asset = run.shelf.asset(tile.shown or tile.files[0]) if tile else None
    if tile is None or asset is None or not asset.pictures:
        raise _fault("no-picture", "this sheet shows no picture")
    wanted = request.query_params.get("key", "")
    first = (*asset.pictures_shown, *asset.pictures)[0]
    return run, tile, asset, next((one for one in asset.pictures if one.key == wanted), first)


def size(request: Request) -> Response:
    """How many pixels a picture has as its provider made it, which a mask has to have, too."""
    run, _, _, picture = picture_of(request)
    made = stored(run.journal, campaign_of(request).store, [picture.key]).get(picture.key)
    if made is None:
        raise _fault("lost-picture", "the picture is no longer in the store")
    return JSONResponse({"width": made.pixels.size[0], "height": made.pixels.size[1]})


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """What a change would cost. Nothing is asked of a provider."""
    return _change(request, said, make=False)


def make(request: Request, said: Mapping[str, Any]) -> Response:
    """Have the change, for no more than ``most_usd``, which whoever asks has seen."""
    return _change(request, said, make=True)


def _change(request: Request, said: Mapping[str, Any], make: bool) -> Response:
    from pressrun.decisions import selection
    from pressrun.decisions.forks import Change
    from pressrun.run.edits.asked_forks import asked_forks

    run, tile, asset, picture = picture_of(request)
    record: RunRecord = read_run(run.shelf.folder)
    wish = str(said.get("wish", "")).strip()[:LONGEST_WISH]
    if not wish:
        raise _fault("bad-request", "say what is to be changed")
    take, quality = said.get("take", 1), str(said.get("quality", ""))
    if not isinstance(take, int) or isinstance(take, bool) or not 1 <= take <= 99 or quality not in QUALITIES:
        raise _fault("bad-request", "this take or quality there is not")
    change = Change(wish, str(said.get("name", "")).strip()[:60], _mask(said.get("mask")), take=take, quality=quality)
    shown = selection.Shown(record, asset, picture, picture.key)
    campaign, who = campaign_of(request), visitor_of(request).who
    with asked_forks(campaign.root, record, shown, change, Settings()) as asked:
        price, there = asked.price_usd, asked.forks[0].there
        doubt = not there and bool(asked.doors.journal.paid_attempts([asked.forks[0].task.key]))
        told: dict[str, Any] = {"price_usd": None if price is None else float(price), "there": there,
                                "branch": asked.forks[0].name, "doubt": doubt}  # fmt: skip
        if not make:
            return JSONResponse(told)
        most = most_of(said)
        retry = said.get("retry") is True
        if doubt and not retry:
            hint = "ask for its price, and for it again: it may be paid twice"
            raise _fault("perhaps-charged", "this picture was asked for before, and perhaps charged", hint)
        [made] = asked.made(round(most + (MARGIN if most else 0), 4), retry_unknown=retry)
        cost = 0.0 if there else made.provenance.cost_usd
        told |= {"key": made.key, "sha256": made.digest, "cost_usd": cost, "flags": asked.flags()}
        job = run.job_file.relative_to(run.root).as_posix()
        told["command"] = shlex.join(["pressrun", "run", job, *asked.flags()])
    told["other"] = is_another_asked(run, asset, picture)
    request.app.state.made.add(made.digest)
    request.app.state.changes[made.digest] = told["flags"]
    run.forget_branches()
    request.app.state.audit.add(who=who, what="fork", run=run.shelf.run, sheets=[tile.id], wish=wish, cost_usd=cost)
    return JSONResponse(told)


def quote_files(request: Request, said: Mapping[str, Any]) -> Response:
    """What the other pictures of the job would cost that a run with a change (``sha256``) does not find."""
    run, _, _, _ = picture_of(request)
    return quoted(run.job_file, settings_of(_flags_of(request, said)))


def files(request: Request, said: Mapping[str, Any]) -> Response:
    """Run the job with a change that was made in this studio (``sha256``): its files, for no more than ``most_usd``."""
    run, _, _, _ = picture_of(request)
    flags, most = _flags_of(request, said), most_of(said)
    started = request.app.state.runs.start(campaign_of(request), run.job_file, [*flags, cap_of(most)])
    request.app.state.audit.add(who=visitor_of(request).who, what="run", job=run.shelf.job, max_usd=most)
    return JSONResponse({"id": started.process.pid})


def _flags_of(request: Request, said: Mapping[str, Any]) -> list[str]:
    """Those of a run that shows a change."""
    if visitor_of(request).run:
        raise NotAllowed("run jobs")
    flags: list[str] | None = request.app.state.changes.get(said.get("sha256"))
    if flags is None:
        hint = "ask for it again: it is there, and costs nothing"
        raise _fault("no-picture", "this change was not made since the studio was started", hint)
    return flags


def is_another_asked(run: OpenRun, asset: Asset, picture: AssetPicture) -> bool:
    """Whether the job by now has another prompt than the one that a picture was made from: its next run shows another
    picture, whatever becomes of this one."""
    from pressrun.expand import expand_rows, prompts_for

    try:
        project = run.project()
        row = next((one for one in expand_rows(project) if one.id == asset.row), None)
        prompts = prompts_for(project, row, {picture.slot}) if row and picture.slot in project.job.pictures else []
    except InputError:  # told where the job is run
        return False
    asked = [one.request.prompt for one in prompts if one.master == picture.master]
    return bool(prompts) and not any(picture.prompt.startswith(one) for one in asked)


def _mask(said: object) -> bytes | None:
    """A painted mask as a PNG of our own: its transparency, and nothing else of what was sent. Raises InputError."""
    if not said:
        return None
    if not isinstance(said, str) or len(said) > MOST_MASK * 4 // 3:
        raise _fault("mask-kind", "the mask is no picture, or more than 8 MB")
    try:
        data = base64.b64decode(said.removeprefix("data:image/png;base64,"), validate=True)
        with Image.open(io.BytesIO(data), formats=["PNG"]) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise _fault("mask-size", "the mask has more pixels than any picture")
            alpha = sent.convert("RGBA").getchannel("A")
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _fault("mask-kind", f"the mask cannot be read: {error}") from None
    out = io.BytesIO()
    clean = Image.new("RGBA", alpha.size)
    clean.putalpha(alpha)
    clean.save(out, "PNG")
    return out.getvalue()


def layouts_of(run: OpenRun, tile: Tile, key: str) -> list[str]:
    """The layouts that a picture is on in its row, that of the tile first: what is redrawn when it changes."""
    of_row = (one for one in run.shelf.tiles if (one.row, one.take) == (tile.row, tile.take))
    return list(dict.fromkeys((tile.layout, *(one.layout for one in of_row if key in one.pictures))))[:MOST_LAYOUTS]


def on_branch(request: Request) -> Response:
    """The sheet with what stands at the end of a branch of its picture, at the sheet's layout, or another of its row
    (``layout``): that very picture, also where the job asks for another by now."""
    from pressrun.run.looks.preview import Wanted

    run, tile, _, picture = picture_of(request)
    root, _ = run.journal.branch_of(picture.key) or (picture.key, TRUNK)
    branch = request.path_params["branch"]
    head = run.journal.branches().get(root, {}).get(branch, root)
    stands = ((picture.slot, picture.master, head),)
    wanted = Wanted((request.query_params.get("layout", tile.layout),), (tile.row,), stands=stands)
    looks = looks_with_drafts(run, Settings(take=tile.take, branch=branch), wanted, (picture.key,))
    png = next((look.png for look in looks if look.png), b"")
    if not png:
        raise InputError([finding for look in looks for finding in look.findings])
    return Response(png, media_type="image/png")


def looks_with_drafts(run: OpenRun, settings: Settings, wanted: Wanted, keys: Iterable[str]) -> Sequence[Look]:
    """What is wanted as the job is now; with pictures in the quality of these where there are none in its own."""
    from pressrun.run.looks.preview import Preview

    looks: Sequence[Look] = ()
    for quality in dict.fromkeys(("", draft_of(run, keys))):
        with contextlib.closing(Preview(run.job_file, replace(settings, quality=quality or None))) as preview:
            looks = preview.looks(wanted)
        if not any(look.stand_ins for look in looks):
            break
    return looks


def draft_of(run: OpenRun, keys: Iterable[str]) -> str:
    """The quality in which pictures were made, by the first that has one; empty where none has."""
    return next(filter(None, (_quality_of(run, key) for key in keys)), "") or ""


def _quality_of(run: OpenRun, key: str) -> str | None:
    """The quality in which the picture at the beginning of a branch was made."""
    root, _ = run.journal.branch_of(key) or (key, "")
    made = run.journal.lookup([root]).get(root)
    return PictureMade.of(made).provenance.quality or None if made else None


def _fault(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
