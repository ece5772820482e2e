"""One order from the limiter to the charge: the same for a direct call, a batch's row and the Responses tool."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from PIL import Image

from pressrun.providers.openai.rehearsal import pictures
from pressrun.providers.openai.rehearsal.charges import Till, Usage
from pressrun.providers.openai.rehearsal.faults import PlayedFault, Script
from pressrun.providers.openai.rehearsal.models import input_image_tokens, offered
from pressrun.providers.openai.rehearsal.pace import Limiter, Rate, rate_limited
from pressrun.providers.openai.rehearsal.protocol import Order
from pressrun.providers.openai.rehearsal.refusal import Refusal, moderation_blocked

CHARACTERS_A_TOKEN = 4  # near enough for a rehearsal; the real tokenizer is not modelled
PARTIAL_TOKENS = 100  # each partial image costs this many output tokens


class Disconnect(Exception):
    """The connection is to be closed without an answer."""


class Sender(Struct, frozen=True):
    """Who asks: the request's ids, and the batch it belongs to, if it does."""

    request_id: str
    client_request_id: str | None = None
    batch: str | None = None
    custom_id: str | None = None


class Work(Struct):
    """A fulfilled order: the drawn pictures as files, what they cost, and the fault still to act on the answer."""

    order: Order
    images: list[bytes]
    drawn: list[Image.Image]
    usage: Usage
    fault: PlayedFault | None
    created: int = 0


class Options(Struct):
    """How a server behaves; see `serve`."""

    rate: Rate = field(default_factory=Rate)
    latency: float = 0.0
    vary: bool = False
    api_key: str | None = None
    also_models: tuple[str, ...] = ()
    also_formats: tuple[str, ...] = ()
    batch_delay: float = 0.0
    batch_models: tuple[str, ...] | None = None
    batch_rows: int = 50_000
    batch_bytes: int = 200 * 1024 * 1024
    clock: Callable[[], float] = time.time


class Service:
    """Everything the endpoints share: options, till, limiter, faults, ids, counts."""

    def __init__(self, options: Options, faults: Script, folder: Path | None) -> None:
        self.options = options
        self.faults = faults
        self.folder = folder
        self.models = offered(options.also_models, options.also_formats)
        self.limiter = Limiter(options.rate)
        self.till = Till(folder, options.clock)
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        self._boot = _count_boot(folder)
        self._numbers: dict[str, int] = {}
        self._in_flight = 0
        self._statuses: dict[str, dict[str, int]] = {}
        self.port = 0
        self.hung: dict[str, bytes] = {}

    def now(self) -> int:
        return int(self.options.clock())

    def new_id(self, prefix: str) -> str:
        """An id like the API's: never used before in this folder, and the same in the same rehearsal."""
        with self._lock:
            number = self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return prefix + hashlib.sha256(f"{self._boot}/{prefix}/{number}".encode()).hexdigest()[:24]

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Counts a call as under way, so that whoever adds up charges knows when all are booked."""
        with self._lock:
            self._in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    @property
    def in_flight(self) -> int:
        with self._lock:
            return self._in_flight

    def answered(self, endpoint: str, status: str) -> None:
        with self._lock:
            counts = self._statuses.setdefault(endpoint, {})
            counts[status] = counts.get(status, 0) + 1

    def report(self) -> dict[str, Any]:
        """`GET /charges`."""
        with self._lock:
            counts = {"in_flight": self._in_flight, "requests": {k: dict(v) for k, v in self._statuses.items()}}
        return self.till.report() | counts

    def hang(self, picture: bytes, host: str) -> str:
        """Have a picture served; its address."""
        name = self.new_id("picture_")
        self.hung[name] = picture
        return f"http://{host}:{self.port}/pictures/{name}?signature=secret"

    def close(self) -> None:
        self.stopped.set()
        self.till.close()

    def fulfil(self, order: Order, caller: Sender) -> Work:
        """Admit, wait, draw and book an order; raises `Refusal` or `Disconnect`.

        The charge is booked before anything is answered, as the real API's is: whoever hangs up meanwhile has paid.
        """
        place = f"batch:{order.endpoint}" if caller.batch else order.endpoint
        fault = self.faults.pick(place, order.model.name, order.prompt)
        name = fault.fault if fault else ""
        if fault is not None:
            refuse_first(fault, order.model.name, caller.request_id)
        usage = usage_of(order)
        if caller.batch is None:
            self.limiter.admit(order.model.name, images=order.n, tokens=usage.body()["total_tokens"])
        if fault is not None and name == "moderation_input":
            raise moderation_blocked("input", fault.categories, caller.request_id)
        if caller.batch is None:
            wait = self.options.latency + (fault.seconds if fault is not None and name == "slow" else 0.0)
            if self.stopped.wait(wait):
                raise Disconnect
        if fault is not None and name == "moderation_output":
            raise moderation_blocked("output", fault.categories, caller.request_id)
        work = self._draw(order, usage, fault, caller)
        if fault is None or fault.charged:
            self.till.book(
                endpoint=order.endpoint,
                model=order.model,
                size=order.size,
                quality=order.quality,
                n=order.n,
                usage=usage,
                prompt_sha256=hashlib.sha256(order.prompt.encode()).hexdigest(),
                request_id=caller.request_id,
                client_request_id=caller.client_request_id,
                batch=caller.batch,
                custom_id=caller.custom_id,
                fault=fault.fault if fault is not None else None,
            )
        if name == "disconnect_after":
            raise Disconnect
        return work

    def _draw(self, order: Order, usage: Usage, fault: PlayedFault | None, caller: Sender) -> Work:
        seed = pictures.seed_of(order, caller.request_id if self.options.vary else "")
        name = fault.fault if fault else ""
        size = (order.width // 2 + 8, order.height // 2 + 24) if name == "wrong_size" else None
        drawn = [pictures.draw(order, seed, index, size) for index in range(order.n)]
        if name == "wrong_alpha":
            drawn = [pictures.checkerboard(picture) for picture in drawn]
        images = [pictures.encode(picture, order.output_format, order.compression) for picture in drawn]
        if name == "not_a_picture":
            images = [b"these bytes are no picture " + seed for _ in images]
        return Work(order, images, drawn, usage, fault, self.now())


def usage_of(order: Order) -> Usage:
    """The tokens an order takes."""
    each = order.model.output_tokens(order.quality, order.width, order.height)
    previews = PARTIAL_TOKENS * order.partial_images if order.stream else 0
    return Usage(
        text_in=-(-len(order.prompt) // CHARACTERS_A_TOKEN),
        image_in=sum(input_image_tokens(*one.size) for one in order.references),
        image_out=order.n * (each + previews),
    )


def answer_body(service: Service, work: Work) -> dict[str, Any]:
    """The JSON of a direct answer (or of a batch's row)."""
    order = work.order
    hosted = work.fault.host if work.fault is not None and work.fault.fault == "address" else None
    body: dict[str, Any] = {
        "created": work.created,
        "background": order.background,
        "data": [
            {"b64_json": pictures.base64_of(image)} if hosted is None else {"url": service.hang(image, hosted)}
            for image in work.images
        ],
        "output_format": order.output_format,
        "quality": order.quality,
        "size": order.size,
        "usage": work.usage.body(),
    }
    if order.safety_identifier:
        body["safety_identifier"] = order.safety_identifier
    return body


def refuse_first(fault: PlayedFault, model: str, request_id: str) -> None:
    """Raise what a fault answers before the request is even looked at, if it is of that kind."""
    match fault.fault:
        case "disconnect_before":
            raise Disconnect
        case "rate_limit" | "rate_limit_text":
            raise rate_limited(
                f"Rate limit reached for {model} (for limit gpt-image) in organization org-rehearsal on "
                "input-images per min: Limit 5, Used 5, Requested 1.",
                fault.seconds,
                kind="input-images",
                header=fault.fault == "rate_limit",
                headers={},
            )
        case "server_error":
            raise Refusal(
                500,
                "The server had an error while processing your request. Sorry about that! You can retry your request, "
                f"or contact us if the error persists. (Please include the request ID {request_id} in your message.)",
                kind="server_error",
            )
        case "batch_row":
            raise Refusal(500, "The server had an error while processing this request.", kind="server_error")
        case "unavailable":
            raise Refusal(503, "The engine is currently overloaded, please try again later.", kind="server_error")
        case "insufficient_quota":
            raise Refusal(
                429,
                "You exceeded your current quota, please check your plan and billing details. For more information on "
                "this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
                kind="insufficient_quota",
                code="insufficient_quota",
            )
        case "billing":
            raise Refusal(
                400,
                "Billing hard limit has been reached.",
                kind="billing_limit_user_error",
                code="billing_hard_limit_reached",
            )
        case "invalid_key":
            raise bad_key("sk-rehea************rsal")
        case "unverified":
            raise Refusal(
                403,
                f"Your organization must be verified to use the model `{model}`. Please go to: "
                "https://platform.openai.com/settings/organization/general and click on Verify Organization. If you "
                "just verified, it can take up to 15 minutes for access to propagate.",
            )
        case "model_not_found":
            raise Refusal(
                404,
                f"The model '{model}' does not exist or you do not have access to it.",
                code="model_not_found",
                param="model",
            )


def bad_key(shown: str) -> Refusal:
    return Refusal(
        401,
        f"Incorrect API key provided: {shown}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def _count_boot(folder: Path | None) -> int:
    # Ids must not come back after a restart in the same folder.
    if folder is None:
        return 0
    path = folder / "boots"
    number = int(path.read_text("utf-8")) + 1 if path.exists() else 1
    path.write_text(str(number), "utf-8")
    return number
