"""The studio as a server: which address leads where, and how it starts."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import threading
from collections.abc import Callable, Collection
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pressrun import doors
from pressrun.commands.studio import (
    adopted_files,
    again,
    comments,
    comparisons,
    doubts,
    forks,
    job_faults,
    live,
    nudges,
    saves,
    slot_prompts,
    verdicts,
    walls,
)
from pressrun.commands.studio.answers import (
    LANGUAGE,
    closed,
    endpoint,
    make_first_ready,
    make_others_ready,
    waiting,
    with_body,
)
from pressrun.commands.studio.campaign import HEAD_START, Campaign
from pressrun.commands.studio.gate import ANY_NUMBER, LOOPBACK, Gate, Keys
from pressrun.commands.studio.left_out import is_read
from pressrun.commands.studio.logs import Comments, Log
from pressrun.commands.studio.previews import Previews
from pressrun.commands.studio.saves import Saves
from pressrun.language.page_words import LANGUAGES
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Severity

STATIC = {".css": "text/css", ".js": "text/javascript"}
SHARED = {"contact-sheet.css": "style.css", "wall_places.js": "wall_places.js"}  # with the sheet on disk


def app_of(root: Path, token: str, owner: str, hosts: Collection[str] = LOOPBACK) -> Starlette:
    """The studio over a campaign, for whoever brings the token or a link."""
    campaign = Campaign(root)
    folder = campaign.folder / "studio"
    keys = Keys(_secret_in(folder), token)
    run = "/runs/{run}"
    routes = [
        Route("/", endpoint(walls.home)),
        Route("/favicon.ico", _no_icon),
        Route("/static/{name}", _static),
        Route("/language/{code}", endpoint(_language)),
        Route("/audit", endpoint(comments.audit, "decide")),
        Route("/live", endpoint(live.state)),
        Route("/live/events", live.events),
        Route("/live/quote", with_body(live.quote, "buy"), methods=["POST"]),
        Route("/live/start", with_body(live.start, "buy"), methods=["POST"]),
        Route("/live/stop", with_body(live.stop, "buy"), methods=["POST"]),
        Route("/jobs/{job}/faults", endpoint(job_faults.faults)),
        Route("/doubts/{attempt:int}/quote", with_body(doubts.quote, "buy"), methods=["POST"]),
        Route("/doubts/{attempt:int}", with_body(doubts.ask_again, "buy"), methods=["POST"]),
        Route(run, endpoint(walls.wall)),
        Route(f"{run}/tiles", endpoint(walls.tiles)),
        Route(f"{run}/left-out", waiting(is_read)),
        Route(f"{run}/sheets/{{file}}", endpoint(walls.sheet)),
        Route(f"{run}/compare", endpoint(comparisons.compare)),
        Route(f"{run}/against/{{other}}", endpoint(comparisons.against)),
        Route(f"{run}/sheets/{{file}}/beside/{{what}}", endpoint(comparisons.beside)),
        Route(f"{run}/sheets/{{file}}/earlier", endpoint(comparisons.earlier)),
        Route("/live/saves", saves.events),
        Route(f"{run}/sheets/{{file}}/change", endpoint(nudges.nudge_page)),
        Route(f"{run}/sheets/{{file}}/now", waiting(nudges.now)),
        Route(f"{run}/sheets/{{file}}/override", with_body(nudges.nudge, "decide"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/override/undo", with_body(nudges.take_nudge_back, "decide"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/picture", endpoint(forks.picture_page)),
        Route(f"{run}/sheets/{{file}}/size", endpoint(forks.size)),
        Route(f"{run}/sheets/{{file}}/fork/quote", with_body(forks.quote, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/fork", with_body(forks.make, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/fork/files/quote", with_body(forks.quote_files, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/fork/files", with_body(forks.files, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/branch/{{branch}}", endpoint(forks.on_branch)),
        Route(f"{run}/sheets/{{file}}/adopt", adopted_files.taken_in, methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/adopt/undo", with_body(adopted_files.taken_away, "decide"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/again/quote", with_body(again.quote, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/again", with_body(again.start, "buy"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/prompt", endpoint(slot_prompts.prompt_page)),
        Route(f"{run}/sheets/{{file}}/prompt", with_body(slot_prompts.write, "decide"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/prompt/quote", with_body(slot_prompts.quote, "decide"), methods=["POST"]),
        Route(f"{run}/sheets/{{file}}/series", endpoint(verdicts.in_series)),
        Route(f"{run}/sheets/{{file}}/guides", endpoint(walls.guides)),
        Route(f"{run}/pictures/{{file}}/{{size:str}}", endpoint(_sized(walls.picture))),
        Route(f"{run}/masters/{{digest}}/{{size:str}}", endpoint(_sized(walls.master))),
        Route(f"{run}/files/{{file}}", endpoint(walls.file)),
        Route(f"{run}/decisions", with_body(verdicts.decide, "decide"), methods=["POST"]),
        Route(f"{run}/list", verdicts.returned, methods=["POST"]),
        Route(f"{run}/list.csv", endpoint(verdicts.listing)),
        Route(f"{run}/comments", with_body(comments.comment, "comment"), methods=["POST"]),
        Route(f"{run}/links", with_body(comments.link, "decide"), methods=["POST"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Gate, keys=keys, owner=owner, hosts=hosts, closed=closed)])
    app.state.campaign, app.state.keys = campaign, keys
    app.state.runs, app.state.previews, app.state.saves = live.Runs(), Previews(), Saves(campaign.root)
    app.state.faults = job_faults.Faults(app.state.saves)
    app.state.made = set()  # digests of pictures that were made in this studio
    app.state.changes = {}  # of those that are changes: digest → the flags of a run that shows it
    app.state.audit = Log(folder / "audit.jsonl")
    app.state.comments = Comments(Log(folder / "comments.jsonl"))
    app.state.closer = threading.Event()  # set once a sheet is looked at
    app.state.is_ending = lambda: False
    threading.Thread(target=_warm, args=(campaign, app.state.closer), daemon=True).start()
    return app


def _warm(campaign: Campaign, closer: threading.Event) -> None:
    """What pages take is made ready before somebody asks, and the latest run, which most will look at. No first page is
    to wait for what the later ones take, nor for what is slow to import: that waits until a sheet is looked at, which
    might be changed."""
    make_first_ready()
    with contextlib.suppress(PressrunError, OSError):
        campaign.warm("latest")
    closer.wait(HEAD_START)
    make_others_ready()
    closer.wait()
    importlib.import_module("pressrun.run.edits.asked_forks")
    importlib.import_module("pressrun.run.looks.preview")


def _sized(work: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def sized(request: Request) -> Response:
        if request.path_params["size"] not in ("tile", "view", "full"):
            raise InputError([Finding(Severity.ERROR, "no-picture", "there is no such size")])
        return work(request)

    return sized


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    place = resources.files("pressrun.commands.studio") / "scripts"
    known = {one.name: one for one in place.iterdir() if Path(one.name).suffix in STATIC}
    known |= {one: resources.files("pressrun.manifest.contact_sheet") / file for one, file in SHARED.items()}
    if name not in known:
        return Response("There is no such file.", 404)
    headers = {"cache-control": "private, no-cache"}
    return Response(known[name].read_bytes(), media_type=STATIC[Path(name).suffix], headers=headers)


async def _no_icon(request: Request) -> Response:
    return Response(status_code=204)


def _language(request: Request) -> Response:
    """Another language for the pages."""
    code = request.path_params["code"]
    back = request.query_params.get("to", "/")
    answer = RedirectResponse(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)
    if code in LANGUAGES:
        answer.set_cookie(LANGUAGE, code, max_age=365 * 86_400, samesite="lax", httponly=True)
    return answer


def _secret_in(folder: Path) -> str:
    """What the campaign's links are signed with: made once, for nobody else to read."""
    path = folder / "secret"
    with contextlib.suppress(OSError):
        if kept := path.read_text("ascii").strip():
            return kept
    made = doors.secret()
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(made)
    return made


def hosts_of(host: str) -> Collection[str]:
    """The names that a browser may call this machine by, where it listens at ``host``."""
    if host in ("0.0.0.0", "::"):
        return (*LOOPBACK, ANY_NUMBER, socket.gethostname())
    return (*LOOPBACK, f"[{host}]" if ":" in host else host)


def listening(host: str, port: int) -> socket.socket:
    """The door to the outside. Raises InputError where the port is taken, or is not for this user."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        hint = "another studio may be open: choose another with --port, or 0 for any that is free"
        message = f"port {port} of {host} cannot be had: {error.strerror or error}"
        raise InputError([Finding(Severity.ERROR, "port-taken", message, hint=hint)]) from error
    return made


def close(app: Starlette) -> None:
    """Let go of what was opened."""
    app.state.saves.close()
    app.state.previews.close()
    app.state.campaign.close()


def serve(app: Starlette, door: socket.socket) -> None:
    """Serve until somebody ends it: who does so need not read which answers that cuts off."""
    import logging

    import uvicorn

    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off",
                            timeout_graceful_shutdown=2)  # fmt: skip
    server = uvicorn.Server(config)
    app.state.is_ending = lambda: server.should_exit
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    try:
        server.run(sockets=[door])
    finally:
        close(app)
