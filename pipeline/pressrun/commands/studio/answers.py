"""How the studio answers: pages in the visitor's language, JSON for its scripts, and what went wrong, told where it was
done."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache, wraps
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from pressrun.commands.studio.campaign import Campaign, OpenRun
from pressrun.commands.studio.gate import Role, Visitor
from pressrun.language.locale_formats import number
from pressrun.language.names import locale_name, picture_name, run_name
from pressrun.language.page_words import LANGUAGES, finding_title, page_words, spoken, words_of
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Severity

LANGUAGE = "pressrun-language"  # the cookie that says which was chosen
Endpoint = Callable[[Request], Awaitable[Response]]
FIRST = ("base.html", "home.html", "tile.html", "wall.html")
NOT_FOUND = frozenset(("no-run", "no-asset", "no-picture", "unfinished-run"))


@cache
def _environment() -> Environment:
    loader = PackageLoader("pressrun.commands.studio", "pages")
    made = Environment(
        loader=loader, autoescape=select_autoescape(default=True), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.globals["picture_name"] = picture_name
    made.globals["run_name"] = run_name
    made.globals["finding_title"] = finding_title
    made.filters["figure"] = number
    made.filters["written"] = _written
    return made


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def make_first_ready() -> None:
    """Have those pages compiled that people see first, and their words read."""
    for name in FIRST:
        _environment().get_template(name)
    for language in LANGUAGES:
        locale_name("en-GB", language)
        words_of(language)
    _script_words()


def make_others_ready() -> None:
    """Have the other pages compiled."""
    for name in _environment().list_templates(["html"]):
        _environment().get_template(name)


def language_of(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in LANGUAGES else spoken(request.headers.get("accept-language", ""))


def campaign_of(request: Request) -> Campaign:
    campaign: Campaign = request.app.state.campaign
    return campaign


def visitor_of(request: Request) -> Visitor:
    visitor: Visitor = request.scope["state"]["visitor"]
    return visitor


def run_of(request: Request, glance: bool = False) -> OpenRun:
    """The run that an address names; for a ``glance`` the beginning of a large one will do. Raises InputError where
    there is none, or it is not this visitor's."""
    campaign, name = campaign_of(request), request.path_params["run"]
    run = campaign.glance(name) if glance else campaign.run(name)
    only = visitor_of(request).run
    if only and run.shelf.run != only:
        raise _fault("no-run", "this link is for another run")
    return run


def run_with(request: Request) -> OpenRun:
    """The run that an address names, as far as the file that it names is known: pictures do not wait for the whole of
    a large one. Raises InputError like `run_of`."""
    run = run_of(request, glance=True)
    return run if not run.partial or run.shelf.tile(request.path_params["file"]) else run_of(request)


def page(request: Request, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page from its template. What the template says goes through the words of the visitor's language; all that it
    is given is text, and is escaped."""
    language = language_of(request)
    words = words_of(language)

    def said(english: str, **parts: object) -> str:
        return words.get(english, english).format(**parts) if parts else words.get(english, english)

    body = _environment().get_template(name).render(
        t=said, counted=page_words(language).counted, language=language, languages=LANGUAGES,
        direction=page_words(language).direction,
        visitor=visitor_of(request), csrf=request.scope["state"]["csrf"], here=request.url.path,
        words=_script_safe(page_words(language).said_otherwise(_script_words())), **values,
    )  # fmt: skip
    return HTMLResponse(body, status)


def closed(request: Request, told: str, status: int) -> Response:
    """What somebody reads who may not come in: a page for people, a line for programs."""
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(told, status)
    language = language_of(request)
    words = words_of(language)
    body = _environment().get_template("closed.html").render(
        t=lambda english: words.get(english, english), told=told, language=language,
        direction="rtl" if language == "ar" else "ltr",
    )  # fmt: skip
    return HTMLResponse(body, status)


def data_block(value: object) -> str:
    """JSON that cannot end the block of a page that it stands in."""
    return _script_safe(value)


def _script_safe(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _script_words() -> tuple[str, ...]:
    """What the scripts say."""
    said = (resources.files("pressrun.commands.studio") / "script_words.txt").read_text("utf-8")
    return tuple(line for line in said.splitlines() if line)


def endpoint(work: Callable[[Request], Response], role: Role = "look") -> Endpoint:
    """Work for the pages, done beside the others, by who may."""

    @wraps(work)
    async def answer(request: Request) -> Response:
        try:
            if not visitor_of(request).may(role):
                raise NotAllowed(role)
            return await run_in_threadpool(work, request)
        except PressrunError as error:
            return wrong(request, error)

    return answer


def waiting(work: Callable[[Request], Awaitable[Response]], role: Role = "look") -> Endpoint:
    """Like `endpoint`, for work that waits for something else most of its time."""

    @wraps(work)
    async def answer(request: Request) -> Response:
        try:
            if not visitor_of(request).may(role):
                raise NotAllowed(role)
            return await work(request)
        except PressrunError as error:
            return await run_in_threadpool(wrong, request, error)

    return answer


class NotAllowed(PressrunError):
    """A visitor may not do this."""

    def __init__(self, role: str) -> None:
        super().__init__(f"your link does not allow to {role}", "ask whoever gave it to you for another")
        self.role = role
        self.args = (role,)


def wrong(request: Request, error: PressrunError) -> Response:
    """What went wrong, as findings: on a page, or for a script."""
    findings = error.findings if isinstance(error, InputError) else (
        Finding(Severity.ERROR, error.code, error.message, hint=error.hint),
    )  # fmt: skip
    status = 403 if isinstance(error, NotAllowed) else 404 if {one.code for one in findings} & NOT_FOUND else 400
    if "application/json" in request.headers.get("accept", "") or request.headers.get("content-type", "").startswith(
        "application/json"
    ):
        return JSONResponse({"findings": findings_told(request, findings)}, status)
    if request.headers.get("accept", "").startswith("image/"):  # nobody reads a page in a picture's place
        return PlainTextResponse("; ".join(one.message for one in findings), status)
    in_files = request.method == "GET" and any(one.place for one in findings)
    run = request.path_params.get("run", "") if status != 404 else ""
    return page(request, "wrong.html", status, findings=findings, in_files=in_files, run=run)


def findings_told(request: Request, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings for scripts, each with its ``title`` in the visitor's language."""
    language = language_of(request)
    return [{**one.to_dict(), "title": finding_title(one.code, language)} for one in findings]


async def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON that a script sent. Raises InputError."""
    try:
        read = json.loads(await request.body())
    except ValueError as error:
        raise _fault("bad-request", f"this is no JSON: {error}") from None
    if not isinstance(read, dict):
        raise _fault("bad-request", "this is no object")
    return read


def with_body(work: Callable[[Request, Mapping[str, Any]], Response], role: Role) -> Endpoint:
    """Like `endpoint`, for what scripts send."""

    @wraps(work)
    async def answer(request: Request) -> Response:
        try:
            if not visitor_of(request).may(role):
                raise NotAllowed(role)
            return await run_in_threadpool(work, request, await body_of(request))
        except PressrunError as error:
            return wrong(request, error)

    return answer


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])
