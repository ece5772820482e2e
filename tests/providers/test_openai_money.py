"""Quotes before the call, costs after it, and which model draws what."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_samples import provider, request

from pressrun.model.picture import Reference
from pressrun.providers.openai.model_facts import facts
from pressrun.providers.openai.prices import cost_of, output_tokens, text_tokens
from pressrun.providers.openai.rehearsal.models import MODELS
from pressrun.providers.openai.sizes import nearest_legal, size_fault

SQUARE = (1024, 1024)
RULE = facts().any_size


@pytest.mark.parametrize(
    ("model", "quality", "price"),
    [
        ("gpt-image-2", "low", "0.006"),
        ("gpt-image-2", "medium", "0.053"),
        ("gpt-image-2", "high", "0.211"),
        ("gpt-image-2.5-flare", "low", "0.006"),
        ("gpt-image-2.5-flare", "medium", "0.013"),
        ("gpt-image-2.5-flare", "high", "0.053"),
        ("gpt-image-2.5-flare", "xhigh", "0.094"),
        ("gpt-image-2.5-flare", "max", "0.211"),
        ("gpt-image-1", "high", "0.166"),
    ],
)
def test_published_prices_come_out(model: str, quality: str, price: str) -> None:
    tokens = output_tokens(facts().model(model), quality, *SQUARE)
    assert tokens is not None
    table = facts().model(model).price
    assert table is not None
    assert round(tokens * table.image_out / 10**6, 3) == Decimal(price)


@pytest.mark.parametrize("name", [name for name in MODELS if "2.6" not in name])
def test_two_tables_made_apart_agree(name: str) -> None:
    ours, theirs = facts().models[name], MODELS[name]
    assert ours.qualities == theirs.qualities
    for quality in ours.qualities:
        for size in ((1024, 1024), (1024, 1536), (1536, 1024)):
            assert output_tokens(ours, quality, *size) == theirs.output_tokens(quality, *size)
    assert str(ours.shutdown) == str(theirs.shutdown)
    assert ours.price is not None
    prices = (ours.price.text_in, ours.price.image_in, ours.price.image_out)
    assert tuple(int(one * 1000) for one in prices) == (theirs.text_in, theirs.image_in, theirs.image_out)


SIZES = sorted({
    nearest_legal(RULE, (round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)))
    for pixels in (655_360, 1_048_576, 2_000_000, 8_294_400) for ratio in (step / 24 for step in range(24, 73))
})  # fmt: skip
PUBLISHED = {  # dollars a picture, square and not
    "gpt-image-1": {"low": (".011", ".016"), "medium": (".042", ".063"), "high": (".167", ".25")},
    "gpt-image-1.5": {"low": (".009", ".013"), "medium": (".034", ".05"), "high": (".133", ".2")},
    "gpt-image-1-mini": {"low": (".005", ".006"), "medium": (".011", ".015"), "high": (".036", ".052")},
}


@pytest.mark.parametrize("name", sorted(facts().models))
def test_a_quote_is_an_upper_bound_for_every_model_quality_and_size(name: str) -> None:
    """Of what the rehearsal bills, of what is published by the picture, and of what 2.6 was seen to take."""
    model, theirs = facts().models[name], MODELS[name]
    assert model.price is not None
    sizes = SIZES if model.sizes == "any" else [(1024, 1024), (1024, 1536), (1536, 1024)]
    assert len(sizes) >= 3
    half_step = facts().model("gpt-image-2.5-flare")
    for quality in model.qualities:
        chosen, dearest = provider(model=name, quality=quality), provider(model=name, quality="auto", size="auto")
        for size in sizes:
            quote = chosen.quote(request(size=size))
            assert quote is not None
            assert quote >= theirs.output_tokens(quality, *size) * model.price.image_out / 10**6
            published = PUBLISHED.get(name, {}).get(quality)
            if published is not None:  # in round figures
                told = Decimal(published[size[0] != size[1]])
                assert quote >= min(told * Decimal("0.99"), told - Decimal("0.0005"))
            assert dearest.quote(request(size=size)) >= quote  # type: ignore[operator]
            if "2.6" in name and quality in ("low", "medium"):
                seen = 4 * (output_tokens(half_step, quality, *size) or 0)
                assert quote >= seen * model.price.image_out / 10**6


def test_every_model_of_the_rehearsal_is_known() -> None:
    assert set(MODELS) == set(facts().models)


def test_a_quote_has_text_references_and_output() -> None:
    plain = provider(quality="low").quote(request("x" * 300))
    assert plain is not None
    photo = Reference("0" * 64, "photo.png", "image/png")
    edit = provider(quality="low").quote(request("x" * 300, references=(photo, photo)))
    assert edit is not None
    assert edit - plain == 2 * 1550 * Decimal(8) / 10**6
    previews = provider(quality="low", stream=True, partial_images=3).quote(request("x" * 300))
    assert previews is not None
    assert previews - plain == 300 * Decimal(30) / 10**6
    longer = provider(quality="low").quote(request("x" * 600))
    assert longer is not None
    assert longer - plain == 100 * Decimal(5) / 10**6


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({}, True),
        ({"model": "somebody-elses"}, False),
        ({"quality": "auto"}, True),
        ({"size": "auto"}, True),
        ({"quality": "nonsense"}, False),
        ({"base_url": "http://localhost:1/v1"}, False),
        ({"base_url": "http://localhost:1/v1", "price": 0}, True),
        ({"base_url": "http://localhost:1/v1", "profile": "azure"}, True),
        ({"base_url": "http://localhost:1/v1", "profile": "stable-diffusion.cpp"}, False),
        ({"model": "somebody-elses", "price": "0.04"}, True),
    ],
)
def test_a_price_is_known_or_none_and_never_zero_by_guess(options: dict[str, Any], known: bool) -> None:
    assert (provider(**options).quote(request()) is not None) is known


def test_the_bill_is_exact() -> None:
    price = facts().model("gpt-image-2").price
    assert price is not None
    details = {"text_tokens": 7, "image_tokens": 1001}
    usage = {"input_tokens": 1008, "output_tokens": 1757, "input_tokens_details": details}
    assert cost_of(price, usage) == Decimal("0.060753")
    assert cost_of(price, {**usage, "input_tokens_details": None}) == Decimal("0.060774")
    for unusable in (None, {}, {"input_tokens": 3}, {"input_tokens": "many", "output_tokens": 1}):
        assert cost_of(price, unusable) is None


def test_text_is_counted_rather_too_high() -> None:
    assert text_tokens("a red barn in a field") == 7
    assert text_tokens("ความสุข") == 7


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_the_nearest_size_is_legal(width: int, height: int) -> None:
    assert size_fault(facts().model("gpt-image-2"), RULE, nearest_legal(RULE, (width, height))) is None


@pytest.mark.parametrize("size", [(1024, 1024), (816, 816), (3840, 2160), (1024, 640), (480, 1440)])
def test_legal_sizes_are_their_own_nearest(size: tuple[int, int]) -> None:
    assert size_fault(facts().model("gpt-image-2"), RULE, size) is None
    assert nearest_legal(RULE, size) == size


@pytest.mark.parametrize(
    ("model", "size", "words"),
    [
        ("gpt-image-2", (1000, 1000), "multiples of 16"),
        ("gpt-image-2", (4096, 2048), "3840"),
        ("gpt-image-2", (3200, 1024), "3 times"),
        ("gpt-image-2", (512, 512), "655360"),
        ("gpt-image-2", (3840, 3840), "8294400"),
        ("gpt-image-1", (1536, 1536), "1024x1024"),
    ],
)
def test_illegal_sizes_are_told_before_any_call(model: str, size: tuple[int, int], words: str) -> None:
    (finding,) = provider(model=model).faults(request(size=size), dict().__getitem__)
    assert finding.code == "illegal-size"
    assert finding.is_error
    assert words in finding.message
    assert finding.hint


def test_a_size_that_is_drawn_as_an_experiment_is_told_and_may_be_bought() -> None:
    for size in ((2560, 1440), (1440, 2560)):
        assert provider(model="gpt-image-2").faults(request(size=size), dict().__getitem__) == []
    (finding,) = provider(model="gpt-image-2").faults(request(size=(2576, 1440)), dict().__getitem__)
    assert (finding.code, finding.is_error) == ("experimental-size", False)


@pytest.mark.parametrize(
    ("options", "today", "code"),
    [
        ({"model": "gpt-imge-2"}, dt.date(2026, 11, 1), "unknown-model"),
        ({"model": "gpt-image-1"}, dt.date(2026, 11, 1), "retired-model"),
        ({"model": "gpt-image-1.5"}, dt.date(2026, 11, 1), "retiring-model"),
        ({"model": "gpt-image-1.5"}, dt.date(2026, 1, 1), None),
        ({}, dt.date(2026, 11, 1), None),
        ({"model": "sd-xl", "base_url": "http://localhost:1/v1"}, dt.date(2026, 11, 1), None),
        ({"model": "gpt-image-1", "base_url": "http://localhost:1/v1"}, dt.date(2026, 11, 1), None),
    ],
)
def test_advice_on_models(options: dict[str, Any], today: dt.date, code: str | None) -> None:
    found = provider(**options).advice(today)
    assert [finding.code for finding in found] == ([code] if code else [])
    assert not any(finding.is_error for finding in found)
    if code == "unknown-model":
        assert found[0].hint == "did you mean 'gpt-image-2'?"


def test_a_proxy_s_name_for_a_model_is_known() -> None:
    proxy = provider(profile="litellm", base_url="http://localhost:1/v1", model="openai/gpt-image-2", quality="low")
    assert proxy.quote(request()) == provider(quality="low").quote(request())
    assert proxy.asked(proxy.resolve(request())).named["model"] == "openai/gpt-image-2"
    assert proxy.advice(dt.date(2026, 11, 21)) == []


LOCAL = {"base_url": "http://localhost:1/v1"}


@pytest.mark.parametrize(
    ("options", "idle"),
    [
        ({"quality": "low", "output_format": "webp", "output_compression": 80, "moderation": "low"}, []),
        ({"seed": 5}, ["seed"]),
        ({"input_fidelity": "high"}, ["input_fidelity"]),
        ({"partial_images": 2}, ["partial_images"]),
        ({"partial_images": 2, "stream": True}, []),
        ({"profile": "sglang", **LOCAL, "seed": 5, "extra": {"num_inference_steps": 20}}, []),
        ({"profile": "localai", **LOCAL, "quality": "low", "stream": True}, ["quality", "stream"]),
        ({"profile": "compatible", **LOCAL, "extra": {"steps": 20}}, []),
        ({"complexity": "high", "size": "auto", "quality": "auto"}, []),
        ({"extra": {"complexity": "high"}}, []),
        ({"profile": "localai", **LOCAL, "complexity": "high"}, ["complexity"]),
    ],
)
def test_options_without_effect_are_told(options: dict[str, Any], idle: list[str]) -> None:
    found = provider(**options).advice(dt.date(2026, 11, 21))
    assert [finding.message.split("`")[1] for finding in found if finding.code == "idle-option"] == idle
    assert not [finding for finding in found if finding.code == "unknown-extra"]


def test_an_extra_that_nobody_knows_is_told() -> None:
    (found,) = provider(extra={"num_steps": 5}, profile="sglang", **LOCAL).advice(dt.date(2026, 11, 21))
    assert (found.code, found.severity.value) == ("unknown-extra", "warning")
    assert "num_inference_steps" in str(found)


def test_a_profile_that_nobody_knows_is_a_fault_of_the_job() -> None:
    with pytest.raises(ValueError, match="there is no profile 'sgl'; there are openai, azure"):
        provider(profile="sgl")
