"""Changes of a picture that go on from what was said before: turns of the Responses API with its image tool.

A turn without a response before it sends the picture along; later ones name that response, and the server remembers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from pressrun.model.answer import Answer
from pressrun.model.picture import PictureRequest, Reference
from pressrun.model.provider import ReadReference
from pressrun.providers.openai import answers
from pressrun.providers.openai.drawings import as_pixels
from pressrun.providers.openai.parameters import CallParameters
from pressrun.providers.openai.refusals import lost, refusal
from pressrun.providers.openai.request_checks import kind_of

OPTION = "conversation"
NEW = "new"  # the option's value where nothing was said before; else it is the id of the response before
OF_THE_TOOL = frozenset(
    ("model", "size", "quality", "background", "output_format", "output_compression", "moderation", "input_fidelity",
     "complexity")
)


def before(request: PictureRequest) -> str | None:
    """What a request goes on from: NEW, the id of a response, or None where it holds no conversation."""
    return dict(request.options).get(OPTION)


def turn(
    request: PictureRequest, asked: CallParameters, speaker: str, link: Callable[[Reference], dict[str, str]]
) -> dict[str, Any]:
    """The parameters of a turn; ``speaker`` is the language model that hands the wish on to the image tool, ``link``
    how a picture is named."""
    said = before(request)
    tool: dict[str, Any] = {"type": "image_generation", "action": "edit" if request.references else "generate"}
    tool |= {name: value for name, value in {**asked.named, **asked.body}.items() if name in OF_THE_TOOL}
    if request.mask:
        tool["input_image_mask"] = link(request.mask)
    content: list[dict[str, Any]] = [{"type": "input_text", "text": request.prompt}]
    sent = request.references if said in (None, NEW) else request.references[1:]
    content += [{"type": "input_image", **link(one), "detail": "auto"} for one in sent]
    parameters: dict[str, Any] = {
        "model": speaker, "input": [{"role": "user", "content": content}], "tools": [tool],
        "tool_choice": {"type": "image_generation"}, "store": True,
    }  # fmt: skip
    return parameters if said in (None, NEW) else {**parameters, "previous_response_id": said}


def read_turn(reading: answers.AnswerContext, content: bytes, headers: Mapping[str, str]) -> Answer:
    """The answer to a turn. What the language model read and wrote is in no quote: it is told beside the picture."""
    title = reading.account.title
    try:
        body = json.loads(content)
        output = [item for item in body["output"] if isinstance(item, Mapping)]
    except (ValueError, TypeError, KeyError):
        return lost(f"{title} sent an answer that breaks off or has an unknown form")
    tools = body.get("tool_usage")
    usage = tools.get("image_gen") if isinstance(tools, Mapping) else None
    item = next((one for one in output if one.get("type") == "image_generation_call"), None)
    if item is None or not item.get("result"):
        error = item.get("error") if item else None
        if isinstance(error, Mapping):
            return refusal(reading.account, 400, error, "", headers)
        return answers.unusable(reading, f"{title} answered in words, without a picture", usage)
    answer = answers.picture_answer(reading, {**item, "b64_json": item["result"]}, item, usage, headers)
    if answer.picture is None:
        return answer
    said = (*answer.picture.said, *_words(body.get("usage"), reading.bill.speaker))
    return replace(answer, picture=replace(answer.picture, response_id=str(body.get("id", "")), said=said))


def _words(usage: Any, price: Decimal | None) -> tuple[tuple[str, str], ...]:
    if not isinstance(usage, Mapping):
        return ()
    told = f"{usage.get('input_tokens', 0)} tokens read, {usage.get('output_tokens', 0)} written"
    return (("language_model", f"{told}: {'not in the cost' if price is None else f'for ${price}'}"),)


def data_url(reference: Reference, read: ReadReference) -> dict[str, str]:
    """A picture named by its bytes."""
    _, data = as_pixels(reference.name, read(reference.digest))
    return {"image_url": f"data:{kind_of(data) or reference.media_type};base64,{base64.b64encode(data).decode()}"}
