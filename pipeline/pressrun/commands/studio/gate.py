"""Who may come in, and what for: tokens and links, sessions, roles, forged requests, what pages may load."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct
from msgspec.structs import asdict
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Role = Literal["look", "comment", "decide", "buy"]
ROLES: tuple[Role, ...] = ("look", "comment", "decide", "buy")
COOKIE = "pressrun-studio"
WAYS_IN = "Open the address that `pressrun studio` printed, or a link that somebody gave you."
LINK_OVER = "This link is over, or was never given. Ask whoever sent it for another."
NO_TOKEN = "This is not the token."
BESIEGED = "Too many wrong tokens. Wait a minute."
SAFE = ("GET", "HEAD", "OPTIONS")
SESSION = 30 * 24 * 3600  # seconds that whoever started the studio stays in
GUESSES, WITHIN = 20, 60.0  # wrong tokens in so many seconds, from which on nobody is asked any more
ANY_NUMBER = "*"  # among hosts: any address that is a number, which nobody can make to lead elsewhere
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MOST_BODY = 64 << 20  # bytes of any request
POLICY = (
    "default-src 'none'; img-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Visitor(Struct, frozen=True):
    """Somebody who is in: what for, until when (seconds since 1970), and to which run alone (empty: all of them)."""

    who: str
    role: Role
    until: int
    run: str = ""

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


class Keys:
    """Signs what visitors carry, and knows what was signed here. ``secret`` is the campaign's, so that a link outlives
    the studio that gave it."""

    def __init__(self, secret: str, token: str) -> None:
        self._secret, self._token = secret.encode(), token
        self._guesses: deque[float] = deque()
        self._lock = threading.Lock()

    def signed(self, visitor: Visitor) -> str:
        said = base64.urlsafe_b64encode(json.dumps(asdict(visitor)).encode()).decode().rstrip("=")
        return f"{said}.{self._mark(said)}"

    def known(self, signed: str, now: float) -> Visitor | None:
        """Who carries this; nobody where it is forged or over."""
        said, _, mark = signed.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(said).encode()):
            return None
        try:
            visitor = Visitor(**json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))))
        except (ValueError, TypeError):
            return None
        return visitor if visitor.until > now else None

    def is_token(self, said: str) -> bool:
        return hmac.compare_digest(said.encode(), self._token.encode())

    def csrf(self, cookie: str) -> str:
        """What a page has to send along with what it changes: known to pages of this origin alone."""
        return self._mark(f"csrf:{cookie}")

    def _mark(self, said: str) -> str:
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()

    def guessed(self, now: float) -> None:
        """A wrong token was tried."""
        with self._lock:
            self._guesses.append(now)

    def is_besieged(self, now: float) -> bool:
        """Whether so many wrong ones were tried that none is looked at for a while."""
        with self._lock:
            while self._guesses and now - self._guesses[0] > WITHIN:
                self._guesses.popleft()
            return len(self._guesses) >= GUESSES


class Gate:
    """Lets requests through to the pages: with a visitor at ``scope["state"]``, or not at all."""

    def __init__(
        self, app: ASGIApp, keys: Keys, owner: str, hosts: Collection[str],
        closed: Callable[[Request, str, int], Response],
    ) -> None:  # fmt: skip
        """``closed`` words what somebody reads who may not come in, with its status."""
        self._app, self._keys, self._owner, self._hosts = app, keys, owner, frozenset(hosts)
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        request = Request(scope)
        answer = self._refused(request)
        if answer is None:
            body_limited = _limited(receive)
            await self._app(scope, body_limited, guarded)
        else:
            await answer(scope, receive, guarded)

    def _refused(self, request: Request) -> Response | None:
        """The answer to who may not come in (or has to come in by another door first); None for who may."""
        if not self._is_ours(_host(request.headers.get("host", ""))):  # a name that was made to lead here
            return PlainTextResponse("Not this host.", 421)
        if request.url.path.startswith("/static/"):
            return None
        now = time.time()
        query = dict(parse_qsl(request.url.query))
        for name in ("token", "link"):
            if name in query:
                return self._entered(request, name, query, now)
        cookie = request.cookies.get(COOKIE, "")
        visitor = self._keys.known(cookie, now) if cookie else None
        if visitor is None:
            return self._closed(request, WAYS_IN, 401)
        scope_state = request.scope.setdefault("state", {})
        scope_state["visitor"], scope_state["csrf"] = visitor, self._keys.csrf(cookie)
        if request.method not in SAFE:
            return self._forged(request, cookie)
        return None

    def _is_ours(self, host: str) -> bool:
        return host in self._hosts or (ANY_NUMBER in self._hosts and _is_number(host))

    def _entered(self, request: Request, by: str, query: dict[str, str], now: float) -> Response:
        """In by a token or a link: from here on a cookie says so, and the address no longer does."""
        if self._keys.is_besieged(now):
            return self._closed(request, BESIEGED, 429)
        said = query.pop(by)
        if by == "token":
            until = int(now) + SESSION
            visitor = Visitor(self._owner, "buy", until) if self._keys.is_token(said) else None
        else:
            visitor = self._keys.known(said, now)
        if visitor is None:
            self._keys.guessed(now)
            told = LINK_OVER if by == "link" else NO_TOKEN
            return self._closed(request, told, 403)
        path = "/" + request.url.path.lstrip("/")
        answer = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
        answer.set_cookie(
            COOKIE, self._keys.signed(visitor), max_age=int(visitor.until - now), httponly=True, samesite="lax",
        )  # fmt: skip
        return answer

    def _forged(self, request: Request, cookie: str) -> Response | None:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("Not from this page.", 403)
        said = request.headers.get("x-csrf") or dict(parse_qsl(request.url.query)).get("csrf", "")
        if not hmac.compare_digest(said.encode(), self._keys.csrf(cookie).encode()):
            return PlainTextResponse("Open the page again, and repeat what you did.", 403)
        if int(_length(request.headers)) > MOST_BODY:
            return PlainTextResponse(f"More than {MOST_BODY >> 20} MB cannot be taken.", 413)
        return None


def _limited(receive: Receive) -> Receive:
    """Ends what sends more than it may, whatever it said before."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > MOST_BODY else message

    return limited


def _length(headers: Headers) -> str:
    said = headers.get("content-length", "0")
    return said if said.isdecimal() else "0"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _host(said: str) -> str:
    return said.rpartition(":")[0] if said.rpartition(":")[2].isdecimal() else said
