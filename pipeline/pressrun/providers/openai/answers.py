"""Answers that claim to be a picture: the body read, the picture taken out, the bill made up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.answer import Answer
from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.provenance import SourceType
from pressrun.providers.openai.addresses import CannotFetch, is_address
from pressrun.providers.openai.drawings import as_master
from pressrun.providers.openai.headers import rooms_of
from pressrun.providers.openai.model_facts import Price
from pressrun.providers.openai.prices import cost_of
from pressrun.providers.openai.refusals import PAGE, Account, lost, refusal

NANO = Decimal("1e-9")  # of a dollar


class Bill(Struct, frozen=True):
    """How an answer is priced: by its usage and the model's ``price``, or by ``each`` picture; both None: unknown. What
    a language model takes for passing it on comes on top, where that is known."""

    price: Price | None
    each: Decimal | None
    speaker: Decimal | None = None

    def of(self, usage: Mapping[str, Any] | None) -> Decimal | None:
        drawn = self.each if self.each is not None else cost_of(self.price, usage) if self.price else None
        return drawn if drawn is None or self.speaker is None else drawn + self.speaker

    def split(self, usage: Mapping[str, Any] | None, count: int) -> list[Decimal | None]:
        """What each of several pictures of one answer comes to."""
        return [self.each] * count if self.each is not None else _parts(self.of(usage), count)


class AnswerContext(Struct, frozen=True):
    """What is needed to read an answer: whose it is, what was asked, how it is priced, how a URL is fetched."""

    account: Account
    request: PictureRequest
    bill: Bill
    fetch: Callable[[str], bytes]


def read_body(
    reading: AnswerContext, content: bytes, headers: Mapping[str, str], count: int = 1
) -> list[Answer] | Answer:
    """The answers to a call for ``count`` takes that came back with status 200, or the one that holds for all."""
    title = reading.account.title
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        kind = headers.get("content-type", "").split(";")[0] or "no JSON"
        page = "html" in kind
        broken = "a page instead of an answer" if page else f"an answer that breaks off or is no JSON ({kind})"
        return lost(f"{title} sent {broken}", PAGE if page else None)
    if not isinstance(body, dict):
        return lost(f"{title} sent an answer of an unknown form")
    data = body.get("data")
    if count == 1 or not isinstance(data, list) or not data or isinstance(body.get("error"), Mapping):
        return read_said(reading, body, headers)
    items = data[:count]
    usage = body.get("usage") if isinstance(body.get("usage"), Mapping) else None
    found = []
    for at, price in enumerate(reading.bill.split(usage, len(items))):
        own = replace(reading, bill=Bill(None, price))
        answer = read_said(own, {**body, "data": [items[at]]}, headers)
        found.append(replace(answer, usage=_counted_once(usage, len(items), at)))
    missing = f"{title} made {len(items)} of the {count} takes it was asked for"
    return found + [Answer("again", "not_charged", missing)] * (count - len(items))


def shared(answer: Answer, count: int) -> list[Answer]:
    """An answer to a call for several takes that holds for all of them, its cost divided."""
    if count == 1:
        return [answer]
    prices = _parts(answer.cost_usd, count)
    return [
        replace(answer, cost_usd=price, usage=_counted_once(answer.usage, count, at)) for at, price in enumerate(prices)
    ]


def _parts(amount: Decimal | None, count: int) -> list[Decimal | None]:
    """An amount in parts that add up to it, none finer than the ledger is."""
    if amount is None:
        return [None] * count
    part = (amount / count).quantize(NANO, ROUND_DOWN)
    return [amount - part * (count - 1), *[part] * (count - 1)]


def _counted_once(usage: Mapping[str, Any] | None, count: int, at: int) -> Mapping[str, Any] | None:
    """A call's usage as its takes are booked: the tokens with the first, so that they add up."""
    if usage is None:
        return None
    return {**(usage if at == 0 else {}), "takes_of_one_call": count}


def read_said(reading: AnswerContext, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
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
    reading: AnswerContext, item: Mapping[str, Any], said: Mapping[str, Any], usage: Mapping[str, Any] | None,
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
        what = reading.account.scrub(f"the picture's address cannot be fetched: {problem}")
        if not is_address(str(url)):
            return unusable(reading, what, usage)
        hint = problem.remedy or "run it again, and it is fetched again"
        return Answer(
            "failed", "charged", what, hint, cost_usd=reading.bill.of(usage), usage=usage, remedy=problem.remedy,
            address=str(url),
        )  # fmt: skip
    data, original = as_master(data, max(reading.request.size))
    cost = reading.bill.of(usage)
    names = ("size", "quality", "background", "output_format")
    told = [(f"answered_{name}", str(said[name])) for name in names if said.get(name)]
    if item.get("revised_prompt"):
        told.append(("revised_prompt", str(item["revised_prompt"])))
    if headers.get("x-request-id"):
        told.append(("request_id", headers["x-request-id"]))
    # A masked edit keeps parts of what was sent; anything else is drawn anew as a whole.
    source = SourceType.COMPOSITE_WITH_TRAINED if reading.request.mask else SourceType.TRAINED
    picture = Picture(data, source, None if cost is None else float(cost), said=tuple(told), original=original)
    return Answer(
        "picture", "charged", picture=picture, cost_usd=cost, usage=usage, previews=previews, rooms=rooms_of(headers)
    )


def unusable(reading: AnswerContext, what: str, usage: Mapping[str, Any] | None) -> Answer:
    """An answer that came, so that it was paid for, and holds no picture; without a usage nobody knows."""
    if usage is None:
        return lost(what)
    return Answer("failed", "charged", what, cost_usd=reading.bill.of(usage), usage=usage)


def decoded(encoded: str) -> bytes:
    """Base64, or a data URL of it. Raises ValueError."""
    return base64.b64decode(encoded.partition(",")[2] if encoded.startswith("data:") else encoded, validate=True)
