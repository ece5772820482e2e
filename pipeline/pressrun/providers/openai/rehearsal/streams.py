"""Streaming answers: previews as they sharpen, then each finished picture with the usage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pressrun.providers.openai.rehearsal import pictures
from pressrun.providers.openai.rehearsal.charges import Usage
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Stream, event
from pressrun.providers.openai.rehearsal.service import Work


def stream_of(work: Work) -> Stream:
    """The events of a streamed generation or edit."""
    return Stream(_events(work), cut=work.fault is not None and work.fault.fault in ("truncated", "broken_off"))


def error_stream(refusal: Refusal) -> Stream:
    """A refusal once a stream has begun: status 200, and an event that says so."""
    return Stream(iter([event("error", {"type": "error", "error": refusal.error()})]))


def _events(work: Work) -> Iterator[bytes]:
    order = work.order
    prefix = "image_edit" if order.endpoint.endswith("edits") else "image_generation"
    facts: dict[str, Any] = {
        "created_at": work.created,
        "size": order.size,
        "quality": order.quality,
        "background": order.background,
        "output_format": order.output_format,
    }
    if work.fault is not None and work.fault.fault == "empty":
        return
    each = work.usage.image_out // order.n
    for number, (picture, image) in enumerate(zip(work.drawn, work.images, strict=True)):
        # The input is paid for once: the events' usages add up to the charge.
        usage = replace(work.usage, image_out=each) if number == 0 else Usage(0, 0, each)
        for index in range(order.partial_images):
            name = f"{prefix}.partial_image"
            preview = pictures.encode(
                pictures.partial(picture, index, order.partial_images), order.output_format, order.compression
            )
            yield event(
                name,
                {"type": name, "b64_json": pictures.base64_of(preview), "partial_image_index": index, **facts},
            )
        name = f"{prefix}.completed"
        yield event(name, {"type": name, "b64_json": pictures.base64_of(image), **facts, "usage": usage.body()})
