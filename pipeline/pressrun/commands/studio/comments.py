"""Comments on sheets, and links for people who may come in for a while."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import campaign_of, language_of, page, run_of, visitor_of
from pressrun.commands.studio.audited import particulars
from pressrun.commands.studio.gate import ROLES, Role, Visitor
from pressrun.commands.studio.logs import told
from pressrun.commands.studio.names_kept import names_kept
from pressrun.language.page_words import page_words
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity

LONGEST_TEXT = 4000  # characters
LONGEST_STAY = 90  # days


def comment(request: Request, said: Mapping[str, Any]) -> Response:
    """A comment on a sheet (``tile``), an answer to one or its end (``to``)."""
    run, comments, who = run_of(request), request.app.state.comments, visitor_of(request).who
    text = str(said.get("text", "")).strip()[:LONGEST_TEXT]
    if "to" in said:
        of = comments.known(said["to"]) if isinstance(said["to"], int) else None
        if of is None:
            raise _fault("no-comment", "there is no such comment")
        if "resolved" in said:
            comments.resolve(of.number, who, bool(said["resolved"]))
        elif text:
            comments.answer(of.number, who, text)
        tile = next((one for one in run.shelf.tiles if one.subject(run.shelf.job) == of.subject), None)
    else:
        tile = run.shelf.tile(str(said.get("tile", "")))
        if tile is None:
            raise _fault("no-asset", "the run has no such file")
        if not text:
            raise _fault("bad-request", "the comment is empty")
        comments.add(run, tile, who, text, _place(said), int(_number_within(said.get("page", 1), 1, 10_000) or 1))
    return JSONResponse({"comments": [told(one) for one in comments.about(run, tile)] if tile else []})


def _place(said: Mapping[str, Any]) -> tuple[float, float] | None:
    x, y = (_number_within(said.get(name), 0.0, 1.0) for name in ("x", "y"))
    return None if x is None or y is None else (round(x, 4), round(y, 4))


def _number_within(said: object, least: float, most: float) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float) or not least <= said <= most:
        return None
    return float(said)


def link(request: Request, said: Mapping[str, Any]) -> Response:
    """A link for somebody else, who may do no more than who gives it."""
    run, giver = run_of(request), visitor_of(request)
    role: Role = next((one for one in ROLES if one == said.get("role")), "comment")
    if not giver.may(role):
        raise _fault("not-allowed", f"your own link does not allow to {role}")
    if run.shelf.has_all_runs:
        raise _fault("bad-request", "a link is for one run: choose it first")
    who = str(said.get("who", "")).strip()[:80]
    if not who:
        raise _fault("bad-request", "say whom it is for: the name stands beside what they say")
    days = _number_within(said.get("days", 7), 0.01, LONGEST_STAY)
    if days is None:
        raise _fault("bad-request", f"a link is good for up to {LONGEST_STAY} days")
    until = int(time.time() + days * 86_400)
    signed = request.app.state.keys.signed(Visitor(who, role, min(until, giver.until), run.shelf.run))
    request.app.state.audit.add(who=giver.who, what="link", run=run.shelf.run, to=who, role=role, days=days)
    return JSONResponse({"path": f"/runs/{run.shelf.run}?link={signed}"})


def audit(request: Request) -> Response:
    """Who decided, linked and bought, the newest first."""
    words = page_words(language_of(request))
    listed = list(request.app.state.audit.lines())[-500:]
    campaign = campaign_of(request)
    jobs = {run.name: str(run.manifest.get("job", "")) for run in campaign.runs()}
    names = {job: names_kept(campaign.root, job) for job in ("", *jobs.values())}
    lines = [(line, particulars(line, words, names[jobs.get(line.get("run", ""), "")])) for line in listed]
    return page(request, "audit.html", lines=list(reversed(lines)))


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])
