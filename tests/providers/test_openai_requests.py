"""What is sent, what names a picture, and what comes back, over real HTTP with the real client."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from openai_samples import Shelf, picture, provider, request
from PIL import Image

from pressrun.graphics.photos.photographs import verified
from pressrun.model.answer import Answer
from pressrun.model.picture import PictureRequest
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

KEYS = (
    "a26333b4a7932b4be4bb78c572b790b62379f4b16a43302111ad257d1e773425",
    "08e3aa27d09a30dc8a34c93566e9443f978e5ba9aacb7a03613538639475f439",
    "89c685c08c228047d35b85b5aa5ec3712bdb586bec92dbb06b49a84983d0a363",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Rehearsal]:
    with serve(also_models=["gpt-image-1", "house-model"]) as rehearsal:
        yield rehearsal


def ask(server: Rehearsal, asked: PictureRequest, shelf: Shelf | None = None, **options: Any) -> Answer:
    chosen = {"quality": "low", "profile": "rehearsal", **options}
    client = provider(base_url=server.base_url, **chosen).open_client({})
    try:
        return client.ask(asked, "7", (shelf or Shelf()).read)
    finally:
        client.close()


def test_text_to_picture(server: Rehearsal) -> None:
    answer = ask(server, request("a red barn"))
    assert (answer.verdict, answer.booking) == ("picture", "charged")
    assert answer.picture is not None
    assert Image.open(io.BytesIO(answer.picture.data)).size == (1024, 640)
    assert answer.picture.source_type == "trainedAlgorithmicMedia"
    assert answer.cost_usd == Decimal(server.charges()["charges"][-1]["nano_usd"]) / 10**9
    assert dict(answer.picture.said)["request_id"].startswith("req_")
    assert server.charges()["charges"][-1]["client_request_id"] == "7"


def test_picture_to_picture_with_sixteen_references_and_a_mask(server: Rehearsal) -> None:
    shelf = Shelf()
    kinds = ("PNG", "JPEG", "WEBP")
    references = tuple(shelf.put(picture((64, 40 + n), kinds[n % 3]), f"{n}", "whatever") for n in range(16))
    mask = shelf.put(picture((64, 40), mode="RGBA"), "mask.png")
    answer = ask(server, request("in snow", references=references, mask=mask), shelf)
    assert answer.picture is not None
    assert answer.picture.source_type == "compositeWithTrainedAlgorithmicMedia"
    charge = server.charges()["charges"][-1]
    assert charge["endpoint"] == "/v1/images/edits"
    assert charge["usage"]["input_tokens_details"]["image_tokens"] > 0


@pytest.mark.parametrize("moderation", ["auto", "low"])
def test_options_reach_generations_and_edits(server: Rehearsal, moderation: str) -> None:
    shelf = Shelf()
    options = {"output_format": "webp", "output_compression": 60, "moderation": moderation, "safety_identifier": "u1"}
    for references in ((), (shelf.put(picture()),)):
        answer = ask(server, request(references=references, background="transparent"), shelf, **options)
        assert answer.picture is not None, answer.message
        assert verified(answer.picture.data).media_type == "image/webp"
        assert Image.open(io.BytesIO(answer.picture.data)).mode == "RGBA"


def test_input_fidelity_goes_to_models_that_take_it_and_with_references_only(server: Rehearsal) -> None:
    shelf = Shelf()
    photo = shelf.put(picture())
    for model, references in (("gpt-image-2", (photo,)), ("gpt-image-1", (photo,)), ("gpt-image-1", ())):
        answer = ask(server, request(references=references, size=(1024, 1024)), shelf, model=model, input_fidelity="high")
        assert answer.verdict == "picture", answer.message


def test_a_stream_brings_previews(server: Rehearsal) -> None:
    shelf = Shelf()
    for references in ((), (shelf.put(picture()),)):
        answer = ask(server, request(references=references), shelf, stream=True, partial_images=2)
        assert answer.verdict == "picture"
        assert len(answer.previews) == 2
        assert all(Image.open(io.BytesIO(preview)).size == (1024, 640) for preview in answer.previews)
        assert answer.cost_usd == Decimal(server.charges()["charges"][-1]["nano_usd"]) / 10**9


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [("truncated", "lost"), ("broken_off", "lost"), ("empty", "lost"), ("html", "lost"), ("moderation_output", "refused"),
     ("rate_limit", "again"), ("error_200", "again")],
)  # fmt: skip
def test_a_stream_that_goes_wrong(server: Rehearsal, fault: str, verdict: str) -> None:
    answer = ask(server, request(f"a barn [[fault:{fault}]]"), stream=True, partial_images=1)
    assert answer.verdict == verdict


def test_an_unknown_model_is_sent_plain_parameters(server: Rehearsal) -> None:
    options = provider(model="house-model")
    asked = options.asked(options.resolve(request()))
    assert asked.named == {"prompt": "a barn", "model": "house-model", "n": 1, "size": "1024x640", "quality": "medium"}
    assert ask(server, request(), model="house-model").verdict == "picture"
    chosen = options.asked(options.resolve(request(background="transparent", quality="auto")))
    assert chosen.named["background"] == "transparent"


@pytest.mark.parametrize(
    ("profile", "options", "named", "body"),
    [
        ("stable-diffusion.cpp", {}, {"model", "n", "size", "output_format"}, {}),
        ("localai", {"extra": {"step": 20}}, {"model", "n", "size"}, {"response_format": "b64_json", "step": 20}),
        ("vllm-omni", {"seed": 5}, {"model", "n", "size"}, {"seed": 6}),
        ("sglang", {"seed": 5}, {"model", "n", "size", "quality", "background", "output_format"},
         {"response_format": "b64_json", "seed": 6}),
    ],
)  # fmt: skip
def test_profiles_send_what_their_server_takes(
    profile: str, options: dict[str, Any], named: set[str], body: dict[str, Any]
) -> None:
    chosen = provider(profile=profile, base_url="http://localhost:1/v1", model="gpt-image-2", moderation="low", **options)
    asked = chosen.asked(chosen.resolve(request(take=2)))
    assert set(asked.named) - {"prompt"} == named
    assert asked.body == body


def test_what_the_server_takes_anyway_is_not_sent_and_names_the_picture_all_the_same(server: Rehearsal) -> None:
    chosen, asked = provider(), request()
    sent = chosen.asked(chosen.resolve(asked))
    assert sent.named | sent.body == {
        "prompt": "a barn", "model": "gpt-image-2", "n": 1, "size": "1024x640", "quality": "medium",
        "background": "opaque",
    }  # fmt: skip
    assert "output_format" in sent.identity
    # Of pictures that are in stores: never to change.
    assert chosen.key(asked) == KEYS[0]
    assert provider(output_format="webp", moderation="low").key(asked) == KEYS[1]
    assert provider(model="house-model").key(asked) == KEYS[2]
    photo = Shelf().put(picture())
    edit = chosen.asked(chosen.resolve(request(references=(photo,))))
    assert not edit.body
    assert provider(moderation="low").asked(chosen.resolve(request(references=(photo,)))).body == {"moderation": "low"}
    # A server of another make may take something else where nothing is said.
    sglang = provider(profile="sglang", base_url="http://localhost:1/v1")
    assert sglang.asked(sglang.resolve(asked)).named["output_format"] == "png"


@pytest.mark.parametrize(
    ("options", "asked", "said"),
    [
        ({"size": "auto"}, {}, {"size": "auto"}),
        ({"quality": "auto"}, {}, {"quality": "auto"}),
        ({"complexity": "high"}, {}, {"complexity": "high"}),
        ({}, {"background": "auto"}, {}),
    ],
)
def test_the_model_may_choose(
    server: Rehearsal, options: dict[str, Any], asked: dict[str, Any], said: dict[str, Any]
) -> None:
    chosen, wanted = provider(**options), request(**asked)
    sent = chosen.asked(chosen.resolve(wanted))
    assert sent.named.items() >= said.items()
    assert ("background" in sent.named) is (not asked)
    assert chosen.key(wanted) != provider().key(request())
    assert chosen.faults(wanted, Shelf().read) == []
    assert ask(server, wanted, **options).verdict == "picture"


def test_how_closely_references_are_kept_is_as_the_model_has_it() -> None:
    photo = Shelf()
    references = (photo.put(picture()),)
    for model, fidelity, fine in (("gpt-image-1-mini", "low", True), ("gpt-image-1-mini", "high", False),
                                  ("gpt-image-1.5", "high", True)):  # fmt: skip
        chosen = provider(model=model, input_fidelity=fidelity)
        found = chosen.faults(request(size=(1024, 1024), references=references), photo.read)
        assert [finding.code for finding in found] == ([] if fine else ["unknown-fidelity"])


def test_what_names_a_picture() -> None:
    """Everything that changes pixels, and nothing else."""
    shelf = Shelf()
    one, other = shelf.put(picture(), "a.png"), shelf.put(picture((10, 10)), "b.png")
    base, asked = provider(), request(references=(one,))
    key = base.key(asked)
    assert base.key(replace(asked, references=(replace(one, name="renamed.png", path="/elsewhere"),))) == key
    brief = replace(asked.brief, brand="another", theme="urban")
    assert base.key(replace(asked, brief=brief)) == key
    same = ({"stream": True, "partial_images": 3}, {"moderation": "low"}, {"timeout": 700}, {"calls": 3}, {"price": 1},
            {"key_from": "K"}, {"tier": 5}, {"base_url": "https://api.openai.com/v1/"},
            {"base_url": "https://proxy.example/v1", "profile": "openai"})  # fmt: skip
    assert {provider(**options).key(asked) for options in same} == {key}
    others = [
        provider(**options).key(asked)
        for options in ({"model": "gpt-image-2.5-flare"}, {"quality": "high"}, {"output_format": "jpeg"},
                        {"output_format": "jpeg", "output_compression": 50}, {"base_url": "http://localhost:1/v1"},
                        {"base_url": "http://localhost:2/v1"}, {"base_url": "http://localhost:2/v1", "profile": "sglang"},
                        {"profile": "rehearsal", "base_url": "http://localhost:1/v1"})
    ] + [
        base.key(replace(asked, **change))
        for change in ({"prompt": "another"}, {"size": (1024, 1024)}, {"take": 2}, {"background": "transparent"},
                       {"references": (other,)}, {"references": (one, other)}, {"references": (other, one)},
                       {"mask": one}, {"quality": "high"}, {"model": "gpt-image-2.6-flare"})
    ]  # fmt: skip
    # A quality that is the row's own or the provider's is the same quality.
    assert base.key(replace(asked, quality="high")) == provider(quality="high").key(asked)
    assert len({key, *others}) == 1 + len(others) - 1
    addresses = [provider(profile="rehearsal", base_url=f"http://localhost:{port}/v1").key(asked) for port in (1, 2)]
    assert len(set(addresses)) == 1, "a rehearsal on another port is the same rehearsal"


@pytest.mark.parametrize(
    ("asked", "options", "code"),
    [
        (request("x" * 32_001), {}, "prompt-too-long"),
        (request(quality="ultra"), {}, "unknown-quality"),
        (request(background="transparent"), {"output_format": "jpeg"}, "no-transparency"),
        (request(background="transparent"), {"profile": "localai", "base_url": "http://localhost:1/v1"}, "no-transparency"),
        (request(), {"output_compression": 50}, "no-compression"),
    ],
)
def test_requests_that_could_only_fail_are_told(asked: PictureRequest, options: dict[str, Any], code: str) -> None:
    found = provider(**options).faults(asked, Shelf().read)
    assert code in [finding.code for finding in found]


def test_references_and_masks_that_could_only_fail_are_told() -> None:
    shelf = Shelf()
    photo = shelf.put(picture())
    text = shelf.put(b"no picture", "notes.txt")
    small, flat = shelf.put(picture((8, 8), mode="RGBA"), "m.png"), shelf.put(picture((64, 48)), "flat.png")
    heavy = shelf.put(picture() + b"\0" * 52_428_800, "heavy.png")

    def codes(chosen: Any = None, **change: Any) -> list[str]:
        found = (chosen or provider()).faults(request(**change), shelf.read)
        assert all(finding.is_error for finding in found)
        return [finding.code for finding in found]

    assert codes(references=(photo,)) == []
    assert codes(references=(text,)) == ["reference-kind"]
    assert codes(references=(heavy,)) == ["reference-too-large"]
    assert codes(references=(photo,) * 17) == ["too-many-references"]
    assert codes(mask=small) == ["mask-alone"]
    assert codes(references=(photo,), mask=small) == ["mask-size"]
    assert codes(references=(photo,), mask=flat) == ["mask-kind"]
    local = provider(profile="localai", base_url="http://localhost:1/v1")
    assert codes(local, references=(photo,)) == ["no-references"]
