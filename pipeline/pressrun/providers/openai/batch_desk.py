"""Batches: lines written, files and batches sent and looked after, results fetched and read.

The client is handed in as a function, so that one file alone imports it.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from pressrun.model.answer import Answer
from pressrun.model.batch import BatchStatus, CallFailed, Phase
from pressrun.model.picture import PictureRequest
from pressrun.providers.openai import (
    answers,
    conversation,
    parameters,
    refusals,
    request_checks,
)
from pressrun.providers.openai.drawings import as_pixels
from pressrun.providers.openai.model_facts import Price

GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"
WINDOW = "24h"  # the only one there is
SHARD = "pressrun_shard"  # our name for a batch, in its metadata
LISTED = 2000  # batches of the account that are looked through for one of ours
NEVER_STREAMED = frozenset({"stream", "partial_images"})
NOT_RUN = ("batch_expired", "batch_cancelled")  # errors of rows that were never begun
_PHASES: dict[str, Phase] = {
    "validating": "validating", "failed": "failed", "completed": "completed", "expired": "expired",
    "cancelled": "cancelled",
}  # fmt: skip

Do = Callable[[Callable[[Any], Any]], Any]
"""Does something with an open client. Raises CallFailed."""


class Desk(Struct, frozen=True):
    """See `BatchDesk`. ``price`` is the price list that holds for batches, ``each`` a fixed price a picture."""

    account: refusals.Account
    do: Do
    asked: Callable[[PictureRequest], parameters.CallParameters]
    price_of: Callable[[PictureRequest], Price | None]
    each: Decimal | None
    fetch: Callable[[str], bytes]
    hang_up: Callable[[], None]
    speaker: str
    speaker_price: Decimal | None

    def kept_in(self, client: Any) -> Any:
        """What of a client keeps batches."""
        return client.batches

    def status(self, batch: Any) -> BatchStatus:
        counts = batch.request_counts
        errors = list(batch.errors.data or ()) if batch.errors else []
        message = "; ".join(str(error.message or error.code) for error in errors[:3])
        return BatchStatus(
            batch.id,
            _PHASES.get(batch.status, "working"),
            (counts.total or 0) if counts else 0,
            (counts.completed or 0) + (counts.failed or 0) if counts else 0,
            message,
            any(_is_refusal(str(error.code), str(error.message)) for error in errors),
            tuple(file for file in (batch.output_file_id, batch.error_file_id) if file),
        )

    def kind(self, request: PictureRequest) -> str:
        if conversation.before(request):
            return ""
        return f"{EDITS if request.references else GENERATIONS} {request.model}"

    def line(self, row: str, request: PictureRequest, files: Mapping[str, str]) -> bytes:
        asked = self.asked(request)
        body = {name: value for name, value in asked.named.items() if name not in NEVER_STREAMED} | asked.body
        body |= parameters.named_pictures(request, files)
        said = {"custom_id": row, "method": "POST", "url": self.kind(request).split()[0], "body": body}
        # In ASCII: who splits lines elsewhere may take U+2028 and its like for the end of one.
        return json.dumps(said, separators=(",", ":")).encode() + b"\n"

    def send_picture(self, digest: str, data: bytes) -> str:
        data = as_pixels("", data)[1]
        kind = request_checks.kind_of(data) or "application/octet-stream"
        name = f"{digest[:16]}.{kind.rpartition('/')[2]}"  # its kind is told by its name
        return str(self.do(lambda client: client.files.create(file=(name, data, kind), purpose="vision")).id)

    def has_file(self, file: str) -> bool:
        return self.there(lambda client: client.files.retrieve(file)) is not None

    def send_lines(self, name: str, data: bytes) -> str:
        sent = (f"{name}.jsonl", data, "application/jsonl")
        return str(self.do(lambda client: client.files.create(file=sent, purpose="batch")).id)

    def submit(self, kind: str, file: str, name: str) -> BatchStatus:
        endpoint = kind.split()[0]
        return self.status(
            self.do(
                lambda client: client.batches.create(
                    input_file_id=file, endpoint=endpoint, completion_window=WINDOW, metadata={SHARD: name}
                )
            )
        )

    def find(self, name: str, file: str) -> BatchStatus | None:
        def search(client: Any) -> BatchStatus | None:
            for one in itertools.islice(client.batches.list(limit=100), LISTED):
                # Some servers drop what we call it, but never what it was made of.
                if (one.metadata or {}).get(SHARD) == name or one.input_file_id == file:
                    return self.status(one)
            return None

        found: BatchStatus | None = self.do(search)
        return found

    def look(self, remote: str) -> BatchStatus | None:
        found = self.there(lambda client: self.kept_in(client).retrieve(remote))
        return None if found is None else self.status(found)

    def cancel(self, remote: str) -> None:
        try:
            self.do(lambda client: self.kept_in(client).cancel(remote))
        except CallFailed as problem:
            if problem.status not in (400, 404, 409):  # it has ended meanwhile
                raise

    def rows(
        self, status: BatchStatus, request_of: Callable[[str], PictureRequest | None], folder: Path | None
    ) -> Iterator[tuple[str, Answer]]:
        with tempfile.TemporaryFile(dir=folder) as kept:
            for file in status.outputs:
                self._fetch(file, kept)
            kept.seek(0)
            for line in kept:
                if not line.strip():
                    continue
                try:
                    said = json.loads(line)
                    row = str(said["custom_id"])
                except (ValueError, KeyError, TypeError, RecursionError):
                    continue  # a row without an answer is told as such
                request = request_of(row)
                if request is not None:
                    yield row, self._told(said, request)

    def close(self) -> None:
        self.hang_up()

    def there(self, ask: Callable[[Any], Any]) -> Any:
        """What is asked for, None where the provider has no such thing."""
        try:
            return self.do(ask)
        except CallFailed as problem:
            if problem.status == 404:
                return None
            raise

    def _fetch(self, file: str, kept: IO[bytes]) -> None:
        """Add a result file, all of it, to what is kept."""
        start = kept.tell()
        size = int(self.do(lambda client: client.files.retrieve(file)).bytes or 0)

        def copy(client: Any) -> None:
            kept.seek(start)
            kept.truncate()
            with client.files.with_streaming_response.content(file) as answer:
                for chunk in answer.iter_bytes(2**20):
                    kept.write(chunk)

        self.do(copy)
        got = kept.tell() - start
        if got < size:  # some servers say nothing of a size, or say it wrong
            raise CallFailed(refusals.lost(f"{self.account.title} sent {got} bytes of a result file of {size}"))
        kept.write(b"\n")

    def _told(self, said: Mapping[str, Any], request: PictureRequest) -> Answer:
        try:
            return self._read(said, request)
        except Exception as error:  # a row that cannot be read is one picture's failure, and no other's
            what = self.account.scrub(f"{type(error).__name__}: {error}")
            return refusals.lost(f"{self.account.title} gave an answer to its row that cannot be read ({what})")

    def reading(self, request: PictureRequest) -> answers.AnswerContext:
        """What is needed to read the answer to a row."""
        bill = answers.Bill(None if self.each is not None else self.price_of(request), self.each)
        return answers.AnswerContext(self.account, request, bill, self.fetch)

    def _read(self, said: Mapping[str, Any], request: PictureRequest) -> Answer:
        """What one row came to."""
        reading = self.reading(request)
        response = said.get("response")
        if not isinstance(response, Mapping):
            error = said.get("error")
            return self._without_answer(error if isinstance(error, Mapping) else {})
        status, body = int(response.get("status_code") or 0), response.get("body")
        if status == 200 and isinstance(body, Mapping):
            return answers.read_said(reading, body, {"x-request-id": str(response.get("request_id") or "")})
        if status == 200:
            return refusals.lost(f"{self.account.title} sent an answer of an unknown form")
        told = body.get("error") if isinstance(body, Mapping) else None
        answer = refusals.refusal(self.account, status, told if isinstance(told, Mapping) else {}, "", {})
        if answer.verdict == "stop" and status == 404 and "model" not in answer.message.lower():
            # A file it no longer has: a call of its own brings its references along.
            return Answer("again", "not_charged", answer.message)
        return answer

    def _without_answer(self, error: Mapping[str, Any]) -> Answer:
        code = str(error.get("code") or "")
        told = self.account.scrub(str(error.get("message") or code or "no reason given"))
        if code in NOT_RUN:
            return Answer("again", "not_charged", told)
        return refusals.lost(f"{self.account.title} gave no answer to its row in the batch ({told})")


def _is_refusal(code: str, message: str) -> bool:
    """Whether an error says that the model or the endpoint is never taken in batches."""
    return code in ("model_not_found", "unsupported_model", "invalid_endpoint") or "not supported" in message.lower()
