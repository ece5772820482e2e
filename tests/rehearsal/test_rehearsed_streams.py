"""Streaming: previews, then the picture; and streams that go wrong."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from PIL import Image

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}
BROKEN = (openai.APIConnectionError, openai.APIError)


def photo() -> tuple[str, bytes, str]:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    return ("a.png", out.getvalue(), "image/png")


@pytest.mark.parametrize("previews", [0, 1, 3])
def test_a_generation(start: Any, previews: int) -> None:
    client, server = start()
    events = list(client.images.generate(**ASK, stream=True, partial_images=previews))
    assert [event.type for event in events] == [
        *["image_generation.partial_image"] * previews,
        "image_generation.completed",
    ]
    assert [event.partial_image_index for event in events[:-1]] == list(range(previews))
    last = events[-1]
    assert last.usage.output_tokens == 196 + 100 * previews
    assert server.charges()["totals"]["usd"] == pytest.approx((3 * 5 + last.usage.output_tokens * 30) / 1e6)
    whole = client.images.generate(**ASK)
    assert last.b64_json == whole.data[0].b64_json
    for event in events:
        assert Image.open(io.BytesIO(base64.b64decode(event.b64_json))).size == (1024, 1024)


def test_an_edit_of_several(start: Any) -> None:
    client, server = start()
    events = list(client.images.edit(image=photo(), **ASK, n=2, stream=True, partial_images=1))
    assert [event.type.split(".")[1] for event in events] == ["partial_image", "completed"] * 2
    assert all(event.type.startswith("image_edit.") for event in events)
    (charge,) = server.charges()["charges"]
    done = [event.usage for event in events if event.type == "image_edit.completed"]
    assert sum(usage.total_tokens for usage in done) == charge["usage"]["total_tokens"]


@pytest.mark.parametrize("name", ["truncated", "broken_off"])
def test_a_stream_that_breaks_off(start: Any, name: str) -> None:
    client, server = start(faults=[name])
    with pytest.raises(Exception) as caught:  # noqa: PT011 - what the SDK lets through differs by where it broke
        list(client.images.generate(**ASK, stream=True, partial_images=1))
    assert "RemoteProtocolError" in type(caught.value).__name__ or isinstance(caught.value, BROKEN)
    assert server.charges()["totals"]["count"] == 1


def test_moderation_in_the_middle_of_a_stream(start: Any) -> None:
    client, server = start(faults=["moderation_output"])
    with pytest.raises(openai.APIError) as caught:
        list(client.images.generate(**ASK, stream=True))
    assert caught.value.code == "moderation_blocked"
    assert server.charges()["totals"]["count"] == 0


def test_an_empty_stream(start: Any) -> None:
    client, server = start(faults=["empty"])
    assert list(client.images.generate(**ASK, stream=True)) == []
    assert server.charges()["totals"]["count"] == 0
