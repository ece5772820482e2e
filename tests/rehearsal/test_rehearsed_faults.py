"""Every fault, as the real client sees it, and whether it was charged."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any

import httpx2
import openai
import pytest
from PIL import Image

from pressrun.providers.openai.rehearsal.faults import (
    ALIASES,
    BATCH_ONLY,
    CHARGED,
    FAULTS,
    UNCHARGED,
    PlayedFault,
    fault_from,
)

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}
RAISED = {
    "rate_limit": (openai.RateLimitError, 429, "rate_limit_exceeded"),
    "rate_limit_text": (openai.RateLimitError, 429, "rate_limit_exceeded"),
    "server_error": (openai.InternalServerError, 500, None),
    "bad_gateway": (openai.InternalServerError, 502, None),
    "unavailable": (openai.InternalServerError, 503, None),
    "moderation_input": (openai.BadRequestError, 400, "moderation_blocked"),
    "moderation_output": (openai.BadRequestError, 400, "moderation_blocked"),
    "insufficient_quota": (openai.RateLimitError, 429, "insufficient_quota"),
    "billing": (openai.BadRequestError, 400, "billing_hard_limit_reached"),
    "invalid_key": (openai.AuthenticationError, 401, "invalid_api_key"),
    "unverified": (openai.PermissionDeniedError, 403, None),
    "model_not_found": (openai.NotFoundError, 404, "model_not_found"),
}


def count(server: Any) -> int:
    return int(server.settle()["totals"]["count"])


@pytest.mark.parametrize("by_word", [False, True])
@pytest.mark.parametrize("name", RAISED)
def test_refusals(start: Any, name: str, by_word: bool) -> None:
    client, server = start(faults=[] if by_word else [name])
    with pytest.raises(RAISED[name][0]) as caught:
        client.images.generate(**ASK | ({"prompt": f"a barn [[fault:{name}]]"} if by_word else {}))
    assert (caught.value.status_code, caught.value.code) == RAISED[name][1:]
    assert caught.value.request_id
    assert count(server) == 0
    assert client.images.generate(**ASK).data, "one fault acts once"
    assert count(server) == 1


def test_the_wait_of_a_rate_limit(start: Any) -> None:
    client, _ = start(faults=[PlayedFault("rate_limit", seconds=2.5), PlayedFault("rate_limit_text", seconds=51.84)])
    with pytest.raises(openai.RateLimitError) as caught:
        client.images.generate(**ASK)
    assert caught.value.response.headers["retry-after"] == "3"
    assert caught.value.response.headers["retry-after-ms"] == "2500"
    with pytest.raises(openai.RateLimitError) as caught:
        client.images.generate(**ASK)
    assert not {"retry-after", "retry-after-ms"} & set(caught.value.response.headers)
    assert "try again in 51.84s" in caught.value.message


@pytest.mark.parametrize("stage", ["input", "output"])
def test_moderation_says_where_and_why(start: Any, stage: str) -> None:
    client, _ = start(faults=[{"fault": f"moderation_{stage}", "categories": ["violence", "self-harm"]}])
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(**ASK)
    assert caught.value.type == "image_generation_user_error"
    assert "safety_violations=[violence, self-harm]" in caught.value.message
    assert caught.value.body["moderation_details"] == {
        "moderation_stage": stage,
        "categories": ["violence", "self-harm"],
    }


@pytest.mark.parametrize("name", ["disconnect_before", "disconnect_after", "broken_off"])
def test_disconnects(start: Any, name: str) -> None:
    client, server = start(faults=[name])
    with pytest.raises((openai.APIConnectionError, httpx2.RemoteProtocolError)):
        client.images.generate(**ASK)
    assert count(server) == (0 if name == "disconnect_before" else 1)
    assert client.images.generate(**ASK).data


def test_truncated(start: Any) -> None:
    client, server = start(faults=["truncated"])
    with pytest.raises(json.JSONDecodeError):
        client.images.generate(**ASK)
    assert count(server) == 1


def test_a_page_and_an_error_with_status_200(start: Any) -> None:
    client, server = start(faults=["html", "error_200", "empty"])
    assert "<html>" in client.images.generate(**ASK)
    assert client.images.generate(**ASK).data is None
    assert client.images.generate(**ASK).data == []
    assert count(server) == 0


def test_bytes_that_are_no_picture(start: Any) -> None:
    client, server = start(faults=["not_a_picture"])
    data = base64.b64decode(client.images.generate(**ASK).data[0].b64_json)
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(io.BytesIO(data))
    assert count(server) == 1


def test_a_picture_of_another_size(start: Any) -> None:
    client, server = start(faults=["wrong_size"])
    answer = client.images.generate(**ASK)
    assert Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json))).size != (1024, 1024)
    assert answer.size == "1024x1024"
    assert count(server) == 1


def test_a_painted_checkerboard(start: Any) -> None:
    client, server = start(faults=["wrong_alpha"])
    answer = client.images.generate(**ASK, background="transparent")
    picture = Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json)))
    assert (picture.mode, answer.background) == ("RGB", "transparent")
    assert {picture.getpixel((0, 0)), picture.getpixel((40, 0))} == {(204, 204, 204), (255, 255, 255)}
    assert count(server) == 1


def test_a_client_that_gives_up_has_paid(start: Any) -> None:
    client, server = start()
    with pytest.raises(openai.APITimeoutError):
        client.images.generate(**ASK | {"prompt": "[[fault:slow 0.5]]"}, timeout=0.15)
    assert server.charges()["totals"]["count"] == 0
    assert server.charges()["in_flight"] == 1
    assert count(server) == 1


def test_latency(start: Any) -> None:
    client, _ = start(latency=0.2)
    began = time.monotonic()
    client.images.generate(**ASK)
    assert time.monotonic() - began >= 0.2


def test_a_word_may_act_on_the_first_calls_only(start: Any) -> None:
    client, _ = start()
    ask = ASK | {"prompt": "a barn [[fault:500 x2]]"}
    for _ in range(2):
        with pytest.raises(openai.InternalServerError):
            client.images.generate(**ask)
    assert client.images.generate(**ask).data


def test_what_a_fault_matches(start: Any) -> None:
    client, _ = start(
        faults=[
            {"fault": "server_error", "prompt": "lighthouse", "times": None},
            {"fault": "unavailable", "model": "gpt-image-2.5-flare"},
            {"fault": "billing", "endpoint": "/images/edits"},
            {"fault": "quota", "after": 2},
        ]
    )
    assert client.images.generate(**ASK).data
    for _ in range(3):
        with pytest.raises(openai.InternalServerError):
            client.images.generate(**ASK | {"prompt": "a lighthouse"})
    with pytest.raises(openai.InternalServerError):
        client.images.generate(**ASK | {"model": "gpt-image-2.5-flare"})
    assert client.images.generate(**ASK).data
    with pytest.raises(openai.RateLimitError):
        client.images.generate(**ASK)


def test_a_probability_with_a_seed_is_the_same_every_time(start: Any) -> None:
    def outcomes() -> list[bool]:
        client, _ = start(faults=[{"fault": "server_error", "probability": 0.3, "seed": 7}])
        found = []
        for _ in range(30):
            try:
                client.images.generate(**ASK)
                found.append(True)
            except openai.InternalServerError:
                found.append(False)
        return found

    first = outcomes()
    assert 3 <= first.count(False) <= 18
    assert outcomes() == first


def test_the_script_over_http(start: Any) -> None:
    client, server = start()
    url = f"{server.origin}/faults"
    with httpx2.Client() as http:
        listed = http.post(url, json=[{"fault": "503", "times": 2}, "empty"]).json()["faults"]
        assert [one["fault"] for one in listed] == ["unavailable", "empty"]
        with pytest.raises(openai.InternalServerError):
            client.images.generate(**ASK)
        assert http.get(url).json()["faults"][0]["used"] == 1
        assert http.post(url, json={"fault": "gremlins"}).status_code == 400
        assert http.post(url, json={"fault": "empty", "when": "later"}).status_code == 400
        assert http.post(url, json={"fault": "slow", "seconds": "long"}).status_code == 400
        assert http.post(url, content=b"gremlins").status_code == 400
        http.delete(url)
        assert client.images.generate(**ASK).data
        report = http.get(f"{server.origin}/charges").json()
        assert report["totals"]["count"] == 1
        assert report["requests"]["/v1/images/generations"] == {"200": 1, "503": 1}


def test_charging_can_be_overruled(start: Any) -> None:
    client, server = start(faults=[{"fault": "empty", "charge": True}, {"fault": "truncated", "charge": False}])
    client.images.generate(**ASK)
    with pytest.raises(json.JSONDecodeError):
        client.images.generate(**ASK)
    assert count(server) == 1


def test_every_name_is_known_once() -> None:
    assert not set(UNCHARGED) & set(CHARGED)
    assert set(ALIASES.values()) <= set(FAULTS)
    assert set(BATCH_ONLY) <= set(FAULTS)
    for name in [*FAULTS, *ALIASES]:
        assert fault_from(name).fault in FAULTS
