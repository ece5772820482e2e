"""`/v1/responses` with the `image_generation` tool: turns of a conversation that end in a picture.

The language model is played by one rule: if the tool is there, it is called once, with the text of the last message.
Its own tokens appear in `usage` but are not charged; only the picture is.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pressrun.providers.openai.rehearsal import intake, pictures
from pressrun.providers.openai.rehearsal.charges import Usage
from pressrun.providers.openai.rehearsal.files import Files
from pressrun.providers.openai.rehearsal.protocol import Attachment, Order, invalid_value, missing, read_order, tables
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, Stream, event, json_reply, spoil
from pressrun.providers.openai.rehearsal.service import CHARACTERS_A_TOKEN, Disconnect, Sender, Service, Work
from pressrun.providers.openai.rehearsal.shelf import Shelf, Threads

DEFAULT_MODEL = "gpt-image-2.6-sunburst"


class Responses:
    """The stored responses of one server."""

    def __init__(self, service: Service, files: Files) -> None:
        self._service = service
        self._files = files
        self._shelf = Shelf(service.folder, "responses")
        self._lock = threading.Lock()
        self.threads = Threads()
        for record in self._shelf.all():
            if record["status"] == "queued":
                self.threads.start(self._work_off, record["id"], Call("/v1/responses", {}, {}, b"", record["id"]))

    def create(self, call: Call) -> Reply | Stream:
        said = intake.read_json(call.body)
        values = tables()["responses"].check(said, strict=True)
        if not values.get("model"):
            raise missing("model")
        tools = _tools(values.get("tools"))
        text, given = self._input(values.get("input"))
        earlier, before = self._previous(values.get("previous_response_id"))
        response = self._envelope(values, tools)
        tool = next((one for one in tools if one["type"] == "image_generation"), None)
        if tool is None:
            response["output"] = [_message(self._service.new_id("msg_"), "There is no picture to make here.")]
            return json_reply(response)
        order, action = self._order(tool, text, (*given, *([earlier] if earlier else [])), bool(values.get("stream")))
        if values.get("background"):
            if values.get("store", True) is False:
                raise invalid_value("background", "Background responses have to be stored: 'store' must not be false.")
            response |= {"status": "queued", "background": True}
            self._shelf.put(response | {"rehearsal": {"text": [*before, text], "asked": said}}, b"")
            self.threads.start(self._work_off, response["id"], call)
            return json_reply(response)
        work = self._made(response, order, action, call)
        empty = work is not None and work.fault is not None and work.fault.fault == "empty"
        if values.get("store", True) is not False:
            self._shelf.put(
                response | {"rehearsal": {"text": [*before, text]}}, work.images[0] if work and not empty else b""
            )
        if values.get("stream"):
            cut = work is not None and work.fault is not None and work.fault.fault in ("truncated", "broken_off")
            return Stream(_events(response, work), cut=cut)
        return spoil(response, work.fault if work and not empty else None)

    def _work_off(self, response_id: str, call: Call) -> None:
        """A response that nobody waits for: made, and kept for whoever asks after it."""
        record = self._record(response_id)
        asked = record["rehearsal"]["asked"]
        text, given = self._input(asked.get("input"))
        earlier, _ = self._previous(asked.get("previous_response_id"))
        tool = next(one for one in _tools(asked.get("tools")) if one["type"] == "image_generation")
        order, action = self._order(tool, text, (*given, *([earlier] if earlier else [])), False)
        with self._service.busy():
            if self._service.stopped.wait(self._service.options.batch_delay):
                return
            with self._lock:
                if self._record(response_id)["status"] == "cancelled":
                    return
                record = self._record(response_id) | {"status": "completed"}
                try:
                    work = self._made(record, order, action, call)
                except Disconnect:
                    return
                except Refusal as refusal:
                    work = None
                    code = refusal.code or ("server_error" if refusal.status >= 500 else "invalid_prompt")
                    record |= {"status": "failed", "error": {"code": code, "message": refusal.error()["message"]}}
                self._shelf.put(record, work.images[0] if work else b"")

    def _made(self, response: dict[str, Any], order: Order, action: str, call: Call) -> Work | None:
        """Have the tool called, and fill in what it answered."""
        caller = Sender(call.request_id, call.headers.get("x-client-request-id"))
        item: dict[str, Any] = {"id": self._service.new_id("ig_"), "type": "image_generation_call", "action": action}
        work: Work | None = None
        try:
            work = self._service.fulfil(order, caller)
            item |= _finished(work)
        except Refusal as refusal:
            if refusal.code != "moderation_blocked":
                raise
            item |= {"status": "failed", "result": None, "error": refusal.error()}
        empty = work is not None and work.fault is not None and work.fault.fault == "empty"
        spoken = _message(self._service.new_id("msg_"), "Here it is." if work and not empty else "I could not make it.")
        response["output"] = [spoken] if empty else [item, spoken]
        self._count(response, order.prompt, work)
        return work

    def retrieve(self, call: Call) -> Reply:
        record = self._record(call.names[0])
        return json_reply({name: value for name, value in record.items() if name != "rehearsal"})

    def cancel(self, call: Call) -> Reply:
        with self._lock:
            record = self._record(call.names[0])
            if not record.get("background"):
                raise Refusal(400, "Only background responses can be cancelled.")
            if record["status"] == "queued":
                record |= {"status": "cancelled"}
                self._shelf.put(record)
        return self.retrieve(call)

    def delete(self, call: Call) -> Reply:
        self._record(call.names[0])
        self._shelf.drop(call.names[0])
        return json_reply({"id": call.names[0], "object": "response", "deleted": True})

    def _record(self, response_id: str) -> dict[str, Any]:
        found = self._shelf.get(response_id)
        if found is None:
            raise Refusal(404, f"Response with id '{response_id}' not found.")
        return found

    def _previous(self, response_id: str | None) -> tuple[Attachment | None, list[str]]:
        """The last picture of the conversation so far, and what was asked in it."""
        if response_id is None:
            return None, []
        record = self._shelf.get(response_id)
        if record is None:
            raise Refusal(
                400,
                f"Previous response with id '{response_id}' not found.",
                param="previous_response_id",
                code="previous_response_not_found",
            )
        data = self._shelf.data(response_id)
        asked: list[str] = record["rehearsal"]["text"]
        return (Attachment(data, "previous", _kind(data)) if data else None), asked

    def _input(self, said: Any) -> tuple[str, list[Attachment]]:
        """The text of the last message, and the pictures that came with any of them."""
        if isinstance(said, str):
            return said, []
        if not isinstance(said, list) or not said:
            raise missing("input")
        text, given = "", []
        for number, item in enumerate(said):
            place = f"input[{number}]"
            if isinstance(item, dict) and item.get("type") == "image_generation_call":
                given.append(self._earlier(place, item))
            elif isinstance(item, dict) and item.get("type", "message") == "message" and "role" in item:
                text, more = self._content(place, item.get("content"))
                given += more
            else:
                raise invalid_value(place, f"Invalid value for '{place}': not an input item the rehearsal knows.")
        return text, given

    def _content(self, place: str, content: Any) -> tuple[str, list[Attachment]]:
        if isinstance(content, str):
            return content, []
        texts, given = [], []
        for number, part in enumerate(content if isinstance(content, list) else [content]):
            name = f"{place}.content[{number}]"
            kind = part.get("type") if isinstance(part, dict) else None
            if kind not in ("input_text", "input_image"):
                raise invalid_value(
                    f"{name}.type", f"Invalid value: '{kind}'. Supported values are: 'input_text' and 'input_image'."
                )
            tables()[kind].check(part, strict=True, prefix=f"{name}.")
            if kind == "input_text":
                texts.append(str(part["text"]))
            else:
                given.append(self._linked(name, part))
        return "\n".join(texts), given

    def _earlier(self, place: str, item: dict[str, Any]) -> Attachment:
        """A picture of an earlier turn, given again by its id or with its bytes."""
        if item.get("result"):
            data = base64.b64decode(item["result"])
            return Attachment(data, place, _kind(data))
        for record in self._shelf.all():
            if any(one.get("id") == item.get("id") for one in record["output"]):
                data = self._shelf.data(record["id"])
                return Attachment(data, place, _kind(data))
        raise Refusal(400, f"Item '{item.get('id')}' not found.", param=place, code="invalid_value")

    def _linked(self, place: str, said: dict[str, Any]) -> Attachment:
        if said.get("file_id"):
            return replace(self._files.picture(said["file_id"]), field=place)
        if said.get("image_url"):
            return intake.data_url(place, said["image_url"])
        raise missing(f"{place}.image_url")

    def _order(self, tool: dict[str, Any], text: str, given: tuple[Attachment, ...], stream: bool) -> tuple[Order, str]:
        prefix = "tools[0]."
        fields = {"model": DEFAULT_MODEL} | tool
        order = read_order("edits", fields, self._service.models, strict=True, table="tool", prefix=prefix, prompt=text)
        action = tool.get("action", "auto")
        if action == "edit" and not given:
            raise invalid_value(f"{prefix}action", "There is no picture to edit.", "image_generation_user_error")
        if action == "auto":
            action = "edit" if given else "generate"
        mask = tool.get("input_image_mask")
        attached = self._linked(f"{prefix}input_image_mask", mask) if mask else None
        references, cover = (
            intake.check_files(order.model, list(given), replace(attached, field="mask") if attached else None, None)
            if action == "edit"
            else ((), None)
        )
        return replace(order, endpoint="/v1/responses", references=references, mask=cover, stream=stream), action

    def _envelope(self, values: dict[str, Any], tools: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._service.new_id("resp_"),
            "object": "response",
            "created_at": self._service.now(),
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "instructions": values.get("instructions"),
            "metadata": values.get("metadata") or {},
            "model": values["model"],
            "output": [],
            "parallel_tool_calls": True,
            "previous_response_id": values.get("previous_response_id"),
            "store": values.get("store", True),
            "temperature": 1.0,
            "tool_choice": values.get("tool_choice", "auto"),
            "tools": tools,
            "top_p": 1.0,
            "usage": None,
        }

    def _count(self, response: dict[str, Any], text: str, work: Work | None) -> None:
        read = -(-len(text) // CHARACTERS_A_TOKEN) + 300  # the tool's own description is read, too
        response["usage"] = {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 50,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + 50,
        }
        used = work.usage if work is not None else Usage(0, 0, 0)
        response["tool_usage"] = {"image_gen": used.body(), "web_search": {"num_requests": 0}}


def _tools(said: Any) -> list[dict[str, Any]]:
    if said is None:
        return []
    if not isinstance(said, list) or not all(isinstance(one, dict) and "type" in one for one in said):
        raise Refusal(
            400, "Invalid type for 'tools': expected an array of objects.", param="tools", code="invalid_type"
        )
    return said


def _kind(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"


def _message(message_id: str, text: str) -> dict[str, Any]:
    content = {"type": "output_text", "text": text, "annotations": []}
    return {"id": message_id, "type": "message", "role": "assistant", "status": "completed", "content": [content]}


def _finished(work: Work) -> dict[str, Any]:
    order = work.order
    return {
        "status": "completed",
        "result": pictures.base64_of(work.images[0]),
        "background": order.background,
        "output_format": order.output_format,
        "quality": order.quality,
        "size": order.size,
        "revised_prompt": order.prompt,
    }


def _events(response: dict[str, Any], work: Work | None) -> Iterator[bytes]:
    number = iter(range(1_000_000))

    def say(name: str, **facts: Any) -> bytes:
        return event(name, {"type": name, "sequence_number": next(number), **facts})

    begun = response | {"status": "in_progress", "output": [], "usage": None}
    yield say("response.created", response=begun)
    yield say("response.in_progress", response=begun)
    for index, item in enumerate(response["output"]):
        yield say(
            "response.output_item.added", output_index=index, item=item | {"status": "in_progress", "result": None}
        )
        if item["type"] == "image_generation_call":
            place = {"output_index": index, "item_id": item["id"]}
            yield say("response.image_generation_call.in_progress", **place)
            yield say("response.image_generation_call.generating", **place)
            previews = work.order.partial_images if work is not None else 0
            for count in range(previews):
                assert work is not None
                order = work.order
                preview = pictures.encode(
                    pictures.partial(work.drawn[0], count, previews), order.output_format, order.compression
                )
                yield say(
                    "response.image_generation_call.partial_image",
                    **place,
                    partial_image_index=count,
                    partial_image_b64=pictures.base64_of(preview),
                    size=order.size,
                    quality=order.quality,
                    background=order.background,
                    output_format=order.output_format,
                )
            yield say("response.image_generation_call.completed", **place)
        yield say("response.output_item.done", output_index=index, item=item)
    yield say("response.completed", response=response)
