"""Text to picture: the answer, its price, and what is refused."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from PIL import Image

from pressrun.providers.openai.rehearsal.server import Rehearsal

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}


def picture(answer: Any, index: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer.data[index].b64_json)))


@pytest.mark.parametrize(("output_format", "name"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_the_picture_has_the_size_and_format_asked_for(start: Any, output_format: str, name: str) -> None:
    client, _ = start()
    answer = client.images.generate(**ASK | {"size": "1536x1024"}, output_format=output_format)
    assert picture(answer).size == (1536, 1024)
    assert picture(answer).format == name
    assert (answer.size, answer.quality, answer.output_format) == ("1536x1024", "low", output_format)
    assert answer.background == "opaque"


def test_transparent_means_alpha(start: Any) -> None:
    client, _ = start()
    drawn = picture(client.images.generate(**ASK, background="transparent"))
    low, high = drawn.getchannel("A").getextrema()
    assert (low, high) == (0, 255)


def test_the_same_order_gives_the_same_bytes_and_takes_differ(start: Any) -> None:
    client, _ = start()
    first, again = (client.images.generate(**ASK, n=2) for _ in range(2))
    assert first.data == again.data
    assert first.data[0] != first.data[1]
    varied, _ = start(vary=True)
    assert varied.images.generate(**ASK).data != varied.images.generate(**ASK).data


@pytest.mark.parametrize(
    ("model", "quality", "size", "tokens"),
    [
        ("gpt-image-2", "low", "1024x1024", 196),
        ("gpt-image-2", "medium", "1024x1024", 1756),
        ("gpt-image-2", "high", "1024x1024", 7024),
        ("gpt-image-2", "low", "3840x2160", 371),
        ("gpt-image-2", "low", "3072x2160", 380),
        ("gpt-image-2.5-flare", "max", "1024x1024", 7024),
        ("gpt-image-1.5", "high", "1024x1536", 6240),
    ],
)
def test_usage_and_charge(start: Any, model: str, quality: str, size: str, tokens: int) -> None:
    client, server = start()
    answer = client.images.generate(**ASK | {"model": model, "quality": quality, "size": size}, n=2)
    assert answer.usage.output_tokens == 2 * tokens
    assert answer.usage.total_tokens == answer.usage.input_tokens + 2 * tokens
    (charge,) = server.charges()["charges"]
    rate = 32 if model == "gpt-image-1.5" else 30
    assert charge["usd"] == pytest.approx((2 * tokens * rate + answer.usage.input_tokens * 5) / 1e6)
    assert (charge["model"], charge["n"], charge["size"], charge["quality"]) == (model, 2, size, quality)


def test_charges_survive_a_restart(start: Any, tmp_path: Any) -> None:
    client, server = start(state_dir=tmp_path)
    first = client.images.generate(**ASK)
    server.close()
    client, server = start(state_dir=tmp_path)
    second = client.images.generate(**ASK, extra_headers={"X-Client-Request-Id": "attempt-7"})
    charges = server.charges()["charges"]
    assert [charge["request_id"] for charge in charges] == [first._request_id, second._request_id]
    assert len({charge["request_id"] for charge in charges}) == 2
    assert charges[1]["client_request_id"] == "attempt-7"
    assert server.charges()["totals"]["usd"] == pytest.approx(sum(charge["usd"] for charge in charges))


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"quality": "ultra"}, "invalid_value", "quality"),
        ({"quality": "xhigh"}, "invalid_value", "quality"),
        ({"quality": "hd"}, "invalid_value", "quality"),
        ({"n": 0}, "integer_below_min_value", "n"),
        ({"n": 11}, "integer_above_max_value", "n"),
        ({"n": "2"}, "invalid_type", "n"),
        ({"n": True}, "invalid_type", "n"),
        ({"prompt": ""}, "empty_string", "prompt"),
        ({"prompt": "x" * 32_001}, "string_above_max_length", "prompt"),
        ({"size": "1500x1500"}, "invalid_value", "size"),
        ({"size": "512x512"}, "invalid_value", "size"),
        ({"size": "3856x1600"}, "invalid_value", "size"),
        ({"size": "3840x1264"}, "invalid_value", "size"),
        ({"size": "3072x3072"}, "invalid_value", "size"),
        ({"size": "huge"}, "invalid_value", "size"),
        ({"model": "gpt-image-1.5", "size": "1536x1536"}, "invalid_value", "size"),
        ({"background": "transparent", "output_format": "jpeg"}, "invalid_value", "background"),
        ({"background": "green"}, "invalid_value", "background"),
        ({"output_compression": 50}, "invalid_png_output_compression", "output_compression"),
        ({"output_compression": 101, "output_format": "webp"}, "integer_above_max_value", "output_compression"),
        ({"output_format": "gif"}, "unsupported_output_format", "output_format"),
        ({"response_format": "b64_json"}, "unknown_parameter", "response_format"),
        ({"style": "vivid"}, "unknown_parameter", "style"),
        ({"extra_body": {"seed": 1}}, "unknown_parameter", "seed"),
        ({"extra_body": {"input_fidelity": "high"}}, "unknown_parameter", "input_fidelity"),
        ({"extra_body": {"svg": {"model": "x", "wings": 2}}}, "unknown_parameter", "svg.wings"),
    ],
)
def test_what_the_api_refuses_is_refused(start: Any, change: dict[str, Any], code: str, param: str) -> None:
    client, server = start()
    with pytest.raises(openai.APIStatusError) as caught:
        client.images.generate(**ASK | change)
    assert (caught.value.code, caught.value.param) == (code, param)
    assert caught.value.status_code == (403 if code == "unsupported_output_format" else 400)
    assert caught.value.request_id
    assert server.charges()["totals"]["count"] == 0


def test_a_model_that_is_gone(start: Any) -> None:
    client, _ = start()
    with pytest.raises(openai.NotFoundError) as caught:
        client.images.generate(**ASK | {"model": "gpt-image-1"})
    assert caught.value.code == "model_not_found"
    client, server = start(also_models=["gpt-image-1"])
    assert client.images.generate(**ASK | {"model": "gpt-image-1"}).usage.output_tokens == 272
    assert server.charges()["totals"]["usd"] == pytest.approx(272 * 40e-6 + 3 * 5e-6)


def test_models_are_listed(start: Any) -> None:
    client, _ = start()
    names = {model.id for model in client.models.list()}
    assert "gpt-image-2" in names
    assert "gpt-image-1" not in names
    assert client.models.retrieve("gpt-image-1.5").shutdown_date == "2026-12-01"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-image-9")


def test_a_key_is_needed(start: Any) -> None:
    client, _ = start(api_key="sk-the-right-one")
    with pytest.raises(openai.AuthenticationError) as caught:
        client.images.generate(**ASK)
    assert caught.value.code == "invalid_api_key"
    assert "sk-rehearsal" not in caught.value.message
    assert client.with_options(api_key="sk-the-right-one").images.generate(**ASK).data


def test_a_handle_closes_its_port() -> None:
    from pressrun.providers.openai.rehearsal.server import serve

    with serve() as server:
        port = server.port
    with serve(port) as again:
        assert isinstance(again, Rehearsal)
        assert again.port == port
