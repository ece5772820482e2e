"""What an endpoint hands back to the handler, and how a fault spoils it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from pressrun.providers.openai.rehearsal.faults import PlayedFault
from pressrun.providers.openai.rehearsal.refusal import Refusal

HTML = b"<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Checking your browser</h1></body></html>"


class Call(Struct):
    """One HTTP request. `names` are the parts of the path a route picked out; header names are lower case."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def multipart(self) -> bool:
        return self.content_type.startswith("multipart/form-data")


class Reply(Struct):
    """An answer; `cut` hangs up in the middle of the body whose length was promised."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Stream(Struct):
    """Server-sent events, sent as they are made; `cut` hangs up in the middle of the last one."""

    events: Iterator[bytes]
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), headers=dict(headers or {}))


def refused(refusal: Refusal) -> Reply:
    return json_reply(refusal.body(), refusal.status, refusal.headers)


def spoil(body: dict[str, Any], fault: PlayedFault | None) -> Reply:
    """The answer of a fulfilled order, after the fault that acts on answers, if there is one."""
    match fault.fault if fault else "":
        case "html":
            return Reply(200, HTML, "text/html; charset=utf-8")
        case "bad_gateway":
            return Reply(502, b"<html><head><title>502 Bad Gateway</title></head></html>", "text/html")
        case "error_200":
            error = Refusal(200, "The server had an error while processing your request.", kind="server_error")
            return json_reply(error.body())
        case "empty":
            return json_reply(body | {"data": []})
        case "truncated":
            # Complete as HTTP goes: what is broken is the JSON, as when a proxy gives up on a long body.
            whole = json.dumps(body).encode()
            return Reply(200, whole[: len(whole) // 2])
        case "broken_off":
            reply = json_reply(body)
            reply.cut = True
            return reply
    return json_reply(body)


def event(name: str, data: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
