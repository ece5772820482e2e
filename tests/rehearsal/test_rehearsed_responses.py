"""The Responses API with the image tool: turns, references, refusals, streams."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from PIL import Image

TOOL: dict[str, Any] = {
    "type": "image_generation",
    "model": "gpt-image-2",
    "size": "1024x1024",
    "quality": "low",
    "output_format": "png",
}


def ask(client: Any, text: Any, **more: Any) -> Any:
    return client.responses.create(**{"model": "gpt-6-astra", "input": text, "tools": [TOOL]} | more)


def item(response: Any) -> Any:
    return next(one for one in response.output if one.type == "image_generation_call")


def picture(response: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(item(response).result)))


def photo(color: str = "red", size: tuple[int, int] = (64, 64), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, "PNG")
    return out.getvalue()


def url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_a_picture(start: Any) -> None:
    client, server = start()
    response = ask(client, "a red barn")
    made = item(response)
    assert (made.status, made.action, made.size, made.quality) == ("completed", "generate", "1024x1024", "low")
    assert picture(response).size == (1024, 1024)
    assert response.status == "completed"
    assert response.output_text
    assert response.tool_usage.image_gen.output_tokens == 196
    (charge,) = server.charges()["charges"]
    assert (charge["endpoint"], charge["model"], charge["n"]) == ("/v1/responses", "gpt-image-2", 1)
    assert charge["usd"] == pytest.approx((196 * 30 + 3 * 5) / 1e6)


def test_the_default_model_of_the_tool(start: Any) -> None:
    client, server = start()
    ask(client, "a barn", tools=[{"type": "image_generation"}], tool_choice={"type": "image_generation"})
    assert server.charges()["charges"][0]["model"] == "gpt-image-2.6-sunburst"


def test_a_conversation_edits_its_last_picture(start: Any) -> None:
    client, server = start()
    first = ask(client, "a red barn")
    second = ask(client, "make it snow", previous_response_id=first.id)
    third = ask(client, "and night", previous_response_id=second.id)
    other = ask(client, "and dawn", previous_response_id=second.id)
    assert [item(one).action for one in (first, second, third, other)] == ["generate", "edit", "edit", "edit"]
    assert len({item(one).result for one in (first, second, third, other)}) == 4
    assert second.previous_response_id == first.id
    assert server.charges()["charges"][1]["usage"]["input_tokens_details"]["image_tokens"] == 1024
    again = ask(client, [{"type": "image_generation_call", "id": item(first).id}, {"role": "user", "content": "snow"}])
    assert item(again).action == "edit"
    assert client.responses.retrieve(second.id).id == second.id
    client.responses.delete(second.id)
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, "once more", previous_response_id=second.id)
    assert caught.value.code == "previous_response_not_found"


def test_a_conversation_outlives_the_server(start: Any, tmp_path: Any) -> None:
    client, server = start(state_dir=tmp_path)
    first = ask(client, "a red barn")
    server.close()
    client, _ = start(state_dir=tmp_path)
    assert item(ask(client, "make it snow", previous_response_id=first.id)).action == "edit"


def test_references_and_a_mask(start: Any) -> None:
    client, server = start()
    upload = client.files.create(file=("a.png", photo(), "image/png"), purpose="vision")
    cover = url(photo("#00000000", mode="RGBA"))
    message = {
        "role": "user",
        "content": [
            {"type": "input_text", "text": "put this cup on a table"},
            {"type": "input_image", "file_id": upload.id, "detail": "auto"},
            {"type": "input_image", "image_url": url(photo("blue")), "detail": "auto"},
        ],
    }
    made = ask(client, [message], tools=[TOOL | {"input_image_mask": {"image_url": cover}}])
    assert item(made).action == "edit"
    assert server.charges()["charges"][0]["usage"]["input_tokens_details"]["image_tokens"] == 8
    with pytest.raises(openai.BadRequestError, match="mask size does not match"):
        ask(client, [message], tools=[TOOL | {"input_image_mask": {"image_url": url(photo("#0000", (9, 9), "RGBA"))}}])


@pytest.mark.parametrize("stage", ["input", "output"])
def test_moderation_is_told_in_the_item(start: Any, stage: str) -> None:
    client, server = start(faults=[f"moderation_{stage}"])
    made = item(ask(client, "a red barn"))
    assert (made.status, made.result, made.error.code) == ("failed", None, "moderation_blocked")
    assert made.error.moderation_details.moderation_stage == stage
    assert server.charges()["totals"]["count"] == 0


def test_other_faults(start: Any) -> None:
    client, server = start(faults=["server_error", "insufficient_quota", "empty", "html", "disconnect_after"])
    with pytest.raises(openai.InternalServerError):
        ask(client, "a barn")
    with pytest.raises(openai.RateLimitError):
        ask(client, "a barn")
    assert not [one for one in ask(client, "a barn").output if one.type == "image_generation_call"]
    assert "<html>" in ask(client, "a barn")
    with pytest.raises(openai.APIConnectionError):
        ask(client, "a barn")
    assert server.settle()["totals"]["count"] == 1


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"tools": [TOOL | {"size": "1000x1000"}]}, "tools[0].size"),
        ({"tools": [TOOL | {"quality": "max"}]}, "tools[0].quality"),
        ({"tools": [TOOL | {"seed": 4}]}, "tools[0].seed"),
        ({"tools": [TOOL | {"n": 2}]}, "tools[0].n"),
        ({"tools": [TOOL | {"input_fidelity": "high"}]}, "tools[0].input_fidelity"),
        ({"tools": [TOOL | {"action": "edit"}]}, "tools[0].action"),
        ({"tools": "image_generation"}, "tools"),
        ({"extra_body": {"pictures": 2}}, "pictures"),
        ({"temperature": "warm"}, "temperature"),
        ({"input": [{"role": "user", "content": [{"type": "input_song"}]}]}, "input[0].content[0].type"),
        ({"input": [{"type": "telepathy"}]}, "input[0]"),
        ({"input": []}, "input"),
    ],
)
def test_what_is_refused(start: Any, more: dict[str, Any], param: str) -> None:
    client, server = start()
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, **{"text": "a red barn"} | {"text": more.pop("input", "a red barn")} | more)
    assert caught.value.param == param
    assert server.charges()["totals"]["count"] == 0


def test_without_the_tool_nothing_is_drawn(start: Any) -> None:
    client, server = start()
    assert ask(client, "hello", tools=[]).output[0].type == "message"
    assert server.charges()["totals"]["count"] == 0


def test_a_stream(start: Any) -> None:
    client, server = start()
    events = list(ask(client, "a red barn", stream=True, tools=[TOOL | {"partial_images": 2}]))
    kinds = [event.type for event in events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.image_generation_call.partial_image") == 2
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert picture(events[-1].response).size == (1024, 1024)
    assert server.charges()["charges"][0]["usage"]["output_tokens"] == 396
