"""The client of OpenAI's images: one call at a time, read and judged. The one file of the product that imports it."""

from __future__ import annotations

import contextlib
import functools
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol, cast

import httpx2
import openai

from pressrun.model.answer import Answer
from pressrun.model.batch import CallFailed, LanePrice
from pressrun.model.errors import PressrunError
from pressrun.model.picture import PictureRequest
from pressrun.model.provider import ReadReference
from pressrun.providers.openai import (
    answers,
    background_desk,
    batch_desk,
    conversation,
    parameters,
    refusals,
    request_checks,
)
from pressrun.providers.openai.addresses import CannotFetch, target_of
from pressrun.providers.openai.drawings import as_pixels
from pressrun.providers.openai.model_facts import Price, Profile, facts

CONNECT_SECONDS = 20.0
SEND_SECONDS = 180.0  # 16 references of 50 MB are slow to send
FETCH_BYTES, FETCH_SECONDS = 200 * 2**20, 60.0
BASE64 = "response_format"  # a parameter that some servers answer addresses without, and others do not take


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: to read them takes longer than to open a client."""
    return httpx2.create_ssl_context()


class CallOptions(Protocol):
    """What a client needs of the job's options for its provider."""

    timeout: float
    price: Decimal | None
    speaker: str
    speaker_price: Decimal | None
    image_hosts: tuple[str, ...]

    @property
    def server(self) -> Profile: ...
    def account(self, environment: Mapping[str, str]) -> refusals.Account: ...
    def resolve(self, request: PictureRequest) -> PictureRequest: ...
    def asked(self, request: PictureRequest, takes: int = 1) -> parameters.CallParameters: ...
    def lane_price(self, request: PictureRequest, lane: str) -> LanePrice: ...


class Client:
    """An open client, used by many threads.

    Every call has a connection of its own: one that was kept and closed by the server in the meantime cannot be told
    from one that was lost after the picture was paid.
    """

    def __init__(self, options: CallOptions, environment: Mapping[str, str]) -> None:
        self._options = options
        self._asks_base64 = True
        self._account = options.account(environment)
        timeout = httpx2.Timeout(options.timeout, connect=CONNECT_SECONDS, write=max(SEND_SECONDS, options.timeout))
        self._http = httpx2.Client(
            verify=_trusted(), timeout=timeout, follow_redirects=False,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
        )  # fmt: skip
        self._client = openai.OpenAI(
            api_key=self._account.key, base_url=self._account.address, max_retries=0, timeout=timeout,
            http_client=self._http, organization=environment.get("OPENAI_ORG_ID") or None,
            project=environment.get("OPENAI_PROJECT_ID") or None,
        )  # fmt: skip

    def close(self) -> None:
        self._client.close()

    def desk(self, lane: str) -> batch_desk.Desk:
        """Where batches, or responses in the background, are handed in. Closing it closes this client."""
        options = self._options

        def price_of(request: PictureRequest) -> Price | None:
            price = facts().model(request.model).price if options.server.priced else None
            return None if price is None else price.times(options.lane_price(request, lane).part)

        def asked(request: PictureRequest) -> parameters.CallParameters:
            return options.asked(options.resolve(request))

        kind = background_desk.BackgroundDesk if lane == "background" else batch_desk.Desk
        return kind(
            self._account, self._doing, asked, price_of, options.price, self._fetch, self.close, options.speaker,
            options.speaker_price,
        )  # fmt: skip

    def _doing(self, do: Callable[[openai.OpenAI], Any]) -> Any:
        """Do something that makes no picture. Raises CallFailed."""
        try:
            return do(self._client)
        except openai.APIStatusError as error:
            said = error.body if isinstance(error.body, Mapping) else {}
            status, headers = error.status_code, error.response.headers
            answer = refusals.refusal(self._account, status, said, error.message, headers)
            raise CallFailed(answer, status) from error
        except openai.APIError as error:
            raise CallFailed(self._broken(error.__cause__ or error)) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise CallFailed(self._broken(error)) from error

    def ask(self, request: PictureRequest, attempt: str, read: ReadReference) -> Answer:
        """One call for one picture."""
        return self.ask_takes(request, 1, attempt, read, {})[0]

    def ask_takes(
        self, request: PictureRequest, count: int, attempt: str, read: ReadReference, files: Mapping[str, str]
    ) -> list[Answer]:
        answers_or_one = self._asked(self._options.resolve(request), count, attempt, read, files)
        return answers_or_one if isinstance(answers_or_one, list) else answers.shared(answers_or_one, count)

    def _asked(
        self, request: PictureRequest, count: int, attempt: str, read: ReadReference, files: Mapping[str, str]
    ) -> list[Answer] | Answer:
        """The answers to a call, or the one that is the same for all its takes."""
        options = self._options
        model = facts().model(request.model)
        speaks = options.speaker_price if conversation.before(request) else None
        bill = answers.Bill(model.price if options.server.priced else None, options.price, speaks)
        reading = answers.AnswerContext(self._account, request, bill, self._fetch)
        asked = options.asked(request, count)
        try:
            if conversation.before(request):
                raw = self._talk(request, asked, attempt, read)
                return conversation.read_turn(reading, raw.content, raw.headers)
            try:
                raw = self._send(request, asked, attempt, read, files)
            except openai.APIStatusError as error:
                if not self._asks_base64 or BASE64 not in asked.body or BASE64 not in error.message:
                    raise
                self._asks_base64 = False
                raw = self._send(request, asked, attempt, read, files)
            if asked.named.get("stream") and "event-stream" in raw.headers.get("content-type", ""):
                return self._streamed(reading, raw)
            return answers.read_body(reading, getattr(raw, "http_response", raw).read(), raw.headers, count)
        except openai.APIStatusError as error:
            said = error.body if isinstance(error.body, Mapping) else {}
            return refusals.refusal(self._account, error.status_code, said, error.message, error.response.headers)
        except openai.APIError as error:
            return self._broken(error.__cause__ or error)
        except httpx2.HTTPError as error:
            return self._broken(error)
        except PressrunError:
            raise
        except Exception as error:  # whatever a server may say, it is one picture's failure
            return refusals.lost(f"{self._account.title} sent an answer that cannot be read ({self._told(error)})")

    def _talk(
        self, request: PictureRequest, asked: parameters.CallParameters, attempt: str, read: ReadReference
    ) -> Any:
        said = conversation.turn(request, asked, self._options.speaker, lambda one: conversation.data_url(one, read))
        responses = self._client.responses.with_raw_response
        return responses.create(**said, extra_headers={"X-Client-Request-Id": attempt})

    def _send(
        self, request: PictureRequest, asked: parameters.CallParameters, attempt: str, read: ReadReference,
        files: Mapping[str, str],
    ) -> Any:  # fmt: skip
        images = self._client.images.with_raw_response
        body = {name: value for name, value in asked.body.items() if self._asks_base64 or name != BASE64}
        rest: dict[str, Any] = {"extra_headers": {"X-Client-Request-Id": attempt}, "extra_body": body or None}
        if not request.references:
            return images.generate(**asked.named, **rest)
        if files and not asked.named.get("stream"):
            # The client has no method for an edit that names its pictures.
            said = {**asked.named, **body, **parameters.named_pictures(request, files)}
            options: Any = {"headers": rest["extra_headers"]}
            return self._client.post("/images/edits", cast_to=httpx2.Response, body=said, options=options)
        sent = [_file(reference.name, read(reference.digest)) for reference in request.references]
        if request.mask:
            rest["mask"] = _file(request.mask.name, read(request.mask.digest))
        return images.edit(image=sent, **asked.named, **rest)

    def _told(self, cause: BaseException) -> str:
        return self._account.scrub(f"{type(cause).__name__}: {cause}".removesuffix(": "))

    def _broken(self, cause: BaseException) -> Answer:
        """A call without an answer: was anything sent before it broke?"""
        told = self._told(cause)
        if isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)):
            return Answer("again", "not_charged", f"{self._account.place} cannot be reached ({told})")
        if isinstance(cause, (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.LocalProtocolError)):
            return Answer("stop", "not_charged", f"the call cannot be made: {told}", "check base_url and the key")
        if isinstance(cause, httpx2.TimeoutException):
            late = f"{self._account.title} did not answer within {self._options.timeout:g} seconds"
            return refusals.lost(late, refusals.IDLE)
        broken = f"the connection to {self._account.title} broke off before the answer was there ({told})"
        return refusals.lost(broken, refusals.IDLE)

    def _streamed(self, reading: answers.AnswerContext, raw: Any) -> Answer:
        """Previews, then the picture."""
        previews: list[bytes] = []
        try:
            with cast(Any, raw.parse()) as stream:
                for event in cast(Iterable[Any], stream):
                    said = event.model_dump()
                    if str(event.type).endswith(".partial_image"):
                        previews.append(answers.decoded(event.b64_json))
                    elif str(event.type).endswith(".completed"):
                        usage = said.get("usage")
                        return answers.picture_answer(reading, said, said, usage, raw.headers, tuple(previews))
        except openai.APIStatusError:
            raise
        except openai.APIError as error:
            if isinstance(error.body, Mapping):
                return refusals.refusal(self._account, 400, error.body, error.message, raw.headers)
            return self._broken(error.__cause__ or error)
        except ValueError:
            pass
        return refusals.lost(f"{self._account.title} broke its answer off before the picture was there")

    def fetch(self, request: PictureRequest, address: str, cost_usd: Decimal | None) -> Answer:
        reading = answers.AnswerContext(self._account, request, answers.Bill(None, cost_usd), self._fetch)
        return answers.picture_answer(reading, {"url": address}, {}, None, {})

    def _fetch(self, url: str) -> bytes:
        """A picture given by its address, as far as it may be fetched. The key goes to nobody but the server itself."""
        target = target_of(url, self._account.address, self._options.image_hosts)
        headers = {"Authorization": f"Bearer {self._account.key}"} if target.is_home else dict(target.headers)
        until = time.monotonic() + FETCH_SECONDS
        asked = self._http.build_request("GET", target.url, headers=headers, extensions=dict(target.extensions))
        try:
            with contextlib.closing(self._http.send(asked, stream=True)) as answer:
                if answer.status_code != 200:
                    raise CannotFetch(f"status {answer.status_code}")
                data = bytearray()
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > FETCH_BYTES:
                        raise CannotFetch(f"it is larger than {FETCH_BYTES // 2**20} MB")
                    if time.monotonic() > until:
                        raise CannotFetch(f"it was not there within {FETCH_SECONDS:g} seconds")
                return bytes(data)
        except httpx2.HTTPError as error:
            raise CannotFetch(f"{type(error).__name__}: {error}") from error


def _file(name: str, data: bytes) -> tuple[str, bytes, str]:
    """A file as it is sent; without its kind the API refuses it."""
    name, data = as_pixels(name, data)
    return name, data, request_checks.kind_of(data) or "application/octet-stream"
