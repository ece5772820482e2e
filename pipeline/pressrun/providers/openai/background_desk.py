"""Pictures made in the background: responses that go on by themselves, and are collected by their number.

As a batch of one picture each: what is said of batches, how they are written down, found again and collected, holds for
them too. But a response whose number was never heard cannot be looked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import field
from msgspec.structs import replace

from pressrun.model.answer import Answer
from pressrun.model.batch import BatchStatus, Phase
from pressrun.model.picture import PictureRequest
from pressrun.providers.openai import answers, conversation, refusals
from pressrun.providers.openai.batch_desk import SHARD, Desk

_PHASES: dict[str, Phase] = {"queued": "working", "in_progress": "working", "cancelled": "cancelled"}
_STATUS = {"server_error": 500, "rate_limit_exceeded": 429}  # as a call would have been answered; else it is refused


class BackgroundDesk(Desk, frozen=True):
    """See `BatchDesk`. The rows it tells have no name: each is the only one of its batch."""

    lines: dict[str, bytes] = field(default_factory=dict)

    def reading(self, request: PictureRequest) -> answers.AnswerContext:
        reading = Desk.reading(self, request)
        return replace(reading, bill=replace(reading.bill, speaker=self.speaker_price))

    def kept_in(self, client: Any) -> Any:
        return client.responses

    def status(self, batch: Any) -> BatchStatus:
        phase = _PHASES.get(str(batch.status), "completed")
        return BatchStatus(str(batch.id), phase, 1, int(phase == "completed"))

    def kind(self, request: PictureRequest) -> str:
        return "" if conversation.before(request) else f"/v1/responses {request.model}"

    def line(self, row: str, request: PictureRequest, files: Mapping[str, str]) -> bytes:
        said = conversation.turn(request, self.asked(request), self.speaker, lambda one: {"file_id": files[one.digest]})
        return json.dumps({**said, "background": True}).encode()

    def send_lines(self, name: str, data: bytes) -> str:
        self.lines[name] = data
        return name

    def submit(self, kind: str, file: str, name: str) -> BatchStatus:
        said = json.loads(self.lines[file]) | {"metadata": {SHARD: name}}
        status = self.status(self.do(lambda client: client.responses.create(**said)))
        del self.lines[file]
        return status

    def find(self, name: str, file: str) -> BatchStatus | None:
        return None

    def rows(
        self, status: BatchStatus, request_of: Callable[[str], PictureRequest | None], folder: Path | None
    ) -> Iterator[tuple[str, Answer]]:
        request = request_of("")
        if request is not None:
            raw = self.do(lambda client: client.responses.with_raw_response.retrieve(status.remote))
            yield "", self._told({"content": raw.content, "headers": raw.headers}, request)

    def _read(self, said: Mapping[str, Any], request: PictureRequest) -> Answer:
        error = json.loads(said["content"]).get("error")
        if isinstance(error, Mapping):
            code = str(error.get("code") or "")
            return refusals.refusal(self.account, _STATUS.get(code, 400), error, "", said["headers"])
        return conversation.read_turn(self.reading(request), said["content"], said["headers"])
