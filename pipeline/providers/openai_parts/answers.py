"""Answers that claim to be a picture: the body read, the picture taken out, the bill made up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.model.buying import Answer
from pipeline.model.picture import Picture, PictureRequest
from pipeline.providers.openai_parts.facts import Price
from pipeline.providers.openai_parts.headers import rooms_of
from pipeline.providers.openai_parts.pricing import cost_of
from pipeline.providers.openai_parts.troubles import Account, lost, refusal

KINDS = ((b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


@dataclass(frozen=True, slots=True)
class Bill:
    """How an answer is priced: by its usage and the model's ``price``, or by ``each`` picture; both None: unknown."""

    price: Price | None
    each: Decimal | None

    def of(self, usage: Mapping[str, Any] | None) -> Decimal | None:
        if self.each is not None:
            return self.each
        return cost_of(self.price, usage) if self.price else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read an answer: whose it is, what was asked, how it is priced, how a URL is fetched."""

    account: Account
    request: PictureRequest
    bill: Bill
    fetch: Callable[[str], bytes]


def read_body(reading: Reading, content: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer to a call that came back with status 200."""
    title = reading.account.title
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        kind = headers.get("content-type", "").split(";")[0] or "no JSON"
        page = "html" in kind
        broken = "a page instead of an answer" if page else f"an answer that breaks off or is no JSON ({kind})"
        return lost(f"{title} sent {broken}")
    if not isinstance(body, dict):
        return lost(f"{title} sent an answer of an unknown form")
    return read_said(reading, body, headers)


def read_said(reading: Reading, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    """The same, once it is read as JSON: the body of a call, or of a batch's row."""
    title = reading.account.title
    if isinstance(body.get("error"), Mapping):
        # It says itself that it failed; the status notwithstanding.
        return refusal(reading.account, 500, body["error"], "", headers)
    usage = body.get("usage") if isinstance(body.get("usage"), Mapping) else None
    data = body.get("data")
    if not isinstance(data, list) or not data or not isinstance(data[0], Mapping):
        return unusable(reading, f"{title} sent an answer without a picture", usage)
    return picture_answer(reading, data[0], body, usage, headers)


def picture_answer(
    reading: Reading, item: Mapping[str, Any], said: Mapping[str, Any], usage: Mapping[str, Any] | None,
    headers: Mapping[str, str], previews: tuple[bytes, ...] = (),
) -> Answer:  # fmt: skip
    """One picture of an answer: base64 or an address, with what is said of it."""
    title = reading.account.title
    encoded, url = item.get("b64_json"), item.get("url")
    try:
        if isinstance(encoded, str) and encoded:
            data = decoded(encoded)
        elif isinstance(url, str) and url:
            data = reading.fetch(url)
        else:
            return unusable(reading, f"{title} sent an answer without a picture", usage)
    except ValueError:
        return unusable(reading, f"{title} sent a picture that is not base64", usage)
    except CannotFetch as problem:
        return unusable(reading, reading.account.scrub(f"the picture's address cannot be fetched: {problem}"), usage)
    cost = reading.bill.of(usage)
    media_type = next((kind for start, kind in KINDS if data.startswith(start)), "application/octet-stream")
    names = ("size", "quality", "background", "output_format")
    facts = [(f"answered_{name}", str(said[name])) for name in names if said.get(name)]
    if item.get("revised_prompt"):
        facts.append(("revised_prompt", str(item["revised_prompt"])))
    if headers.get("x-request-id"):
        facts.append(("request_id", headers["x-request-id"]))
    # A masked edit keeps parts of what was sent; anything else is drawn anew as a whole.
    source = "compositeWithTrainedAlgorithmicMedia" if reading.request.mask else "trainedAlgorithmicMedia"
    picture = Picture(
        data, media_type, reading.request.size, source, None if cost is None else float(cost), tuple(facts)
    )
    return Answer(
        "picture", "charged", picture=picture, cost_usd=cost, usage=usage, previews=previews, rooms=rooms_of(headers)
    )


def unusable(reading: Reading, what: str, usage: Mapping[str, Any] | None) -> Answer:
    """An answer that came, so that it was paid for, and holds no picture; without a usage nobody knows."""
    if usage is None:
        return lost(what)
    return Answer("failed", "charged", what, cost_usd=reading.bill.of(usage), usage=usage)


def decoded(encoded: str) -> bytes:
    """Base64, or a data URL of it. Raises ValueError."""
    return base64.b64decode(encoded.partition(",")[2] if encoded.startswith("data:") else encoded, validate=True)


class CannotFetch(Exception):
    """A picture's address that is not this server's, or does not answer."""
