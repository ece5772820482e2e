"""The two image endpoints, and what batches and the Responses tool share with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from pressrun.providers.openai.rehearsal import intake
from pressrun.providers.openai.rehearsal.protocol import Attachment, Order, read_order
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, Stream, spoil
from pressrun.providers.openai.rehearsal.service import Sender, Service, answer_body
from pressrun.providers.openai.rehearsal.streams import error_stream, stream_of

Fetch = Callable[[str], Attachment]


def generations(service: Service, call: Call) -> Reply | Stream:
    values = intake.read_json(call.body)
    return _answer(service, call, read_order("generations", values, service.models, strict=True))


def edits(service: Service, call: Call, fetch: Fetch) -> Reply | Stream:
    if call.multipart:
        parts = intake.read_multipart(call.content_type, call.body)
        references, mask, markup = intake.files_of(parts)
        values = intake.fields_of(parts)
        return _answer(service, call, edit_order(service, values, references, mask, markup, strict=False))
    values = intake.read_json(call.body)
    references, mask, markup = intake.pictures_of(values, fetch)
    return _answer(service, call, edit_order(service, values, references, mask, markup, strict=True))


def edit_order(
    service: Service,
    values: dict[str, Any],
    references: list[Attachment],
    mask: Attachment | None,
    markup: Attachment | None,
    *,
    strict: bool,
) -> Order:
    """An edit's order, its fields and then its files checked."""
    order = read_order("edits", values, service.models, strict=strict)
    opened, mask = intake.check_files(order.model, references, mask, markup)
    return replace(order, references=opened, mask=mask)


def row_order(service: Service, endpoint: str, body: dict[str, Any], fetch: Fetch) -> Order:
    """The order of a batch's row: always JSON, never streamed."""
    if body.get("stream"):
        raise Refusal(400, "Streaming is not supported in batches.", param="stream", code="invalid_value")
    if endpoint.endswith("generations"):
        return read_order("generations", body, service.models, strict=True)
    values = dict(body)
    references, mask, markup = intake.pictures_of(values, fetch)
    return edit_order(service, values, references, mask, markup, strict=True)


def _answer(service: Service, call: Call, order: Order) -> Reply | Stream:
    caller = Sender(call.request_id, call.headers.get("x-client-request-id"))
    try:
        work = service.fulfil(order, caller)
    except Refusal as refusal:
        if order.stream and refusal.details.get("moderation_details", {}).get("moderation_stage") == "output":
            return error_stream(refusal)
        raise
    if order.stream and (work.fault is None or work.fault.fault not in ("html", "bad_gateway", "error_200")):
        return stream_of(work)
    return spoil(answer_body(service, work), work.fault)
