"""Several takes of one request in one call: what is sent along is paid once, and every take is kept and booked."""

from __future__ import annotations

import base64
import io
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.model.picture import Reference
from pressrun.providers.openai import parameters as asking
from pressrun.providers.openai.rehearsal.pace import Rate


def takes(shop: Any, count: int, prompts: tuple[str, ...] = ("a barn",), cap: str | None = None,
          run: str = "run", retry: bool = False, request: dict[str, Any] | None = None, **options: Any) -> Bought:  # fmt: skip
    provider = shop.provider(**options)
    tasks = [
        task
        for take in range(1, count + 1)
        for task in shop.tasks(list(prompts), provider, take=take, **(request or {}))
    ]
    terms = Terms(run, None if cap is None else Decimal(cap), retry, 0.6)
    return buy(tasks, shop.store, shop.journal, terms, shop.environment, shop.listener)


def photo(shop: Any) -> Reference:
    out = io.BytesIO()
    Image.new("RGB", (640, 640), (200, 80, 40)).save(out, "PNG")
    return Reference(shop.store.put(out.getvalue()), "photo.png", "image/png")


def test_takes_share_a_call_and_what_is_sent_along(open_shop: Any) -> None:
    shop = open_shop()
    request = {"references": (photo(shop),)}
    bought = takes(shop, 3, ("a barn", "a mill"), request=request)
    assert len(bought.made) == len({made.digest for made in bought.made.values()}) == 6
    assert shop.asked() == 2
    assert shop.server.settle()["totals"]["images"] == 6
    together = shop.charged_usd
    assert shop.journal.spent("run") == together
    assert shop.listener.steps == 6
    attempts = shop.journal.attempts()
    assert [attempt.state for attempt in attempts] == ["charged"] * 6
    assert sum(attempt.usage.get("input_tokens", 0) > 0 for attempt in attempts) == 2, "counted once a call"
    other = open_shop()
    request = {"references": (photo(other),)}
    assert len(takes(other, 3, ("a barn", "a mill"), request=request, takes_a_call=1).made) == 6
    assert other.asked() == 6
    assert other.charged_usd > together * Decimal("1.4"), "the photograph and the words of each take"


def test_keys_do_not_know_how_many_go_together(open_shop: Any) -> None:
    shop = open_shop()
    first = takes(shop, 3)
    second = takes(shop, 3, run="second", takes_a_call=1)
    assert first.made.keys() == second.made.keys()
    assert second.found == set(second.made)
    assert shop.asked() == 1


def test_a_call_holds_no_more_takes_than_it_may(open_shop: Any) -> None:
    shop = open_shop()
    assert len(takes(shop, 7, takes_a_call=3).made) == 7
    assert sorted(charge["n"] for charge in shop.server.settle()["charges"]) == [1, 3, 3]


@pytest.mark.parametrize("options", [{"stream": True}, {"seed": 5, "profile": "sglang"}])
def test_what_cannot_go_together_goes_alone(open_shop: Any, options: dict[str, Any]) -> None:
    provider = open_shop().provider(**options)
    (task,) = open_shop().tasks(["a barn"], provider)
    assert provider.together(task.request) == 1


def test_a_server_that_makes_one_at_a_time_is_asked_for_the_others(open_shop: Any, monkeypatch: Any) -> None:
    shop = open_shop()
    parameters = asking.parameters

    def alone(*said: Any) -> Any:
        asked = parameters(*said)
        asked.named["n"] = 1
        return asked

    monkeypatch.setattr(asking, "parameters", alone)
    bought = takes(shop, 4)
    assert len(bought.made) == 4
    assert shop.charged == 4
    assert shop.journal.spent("run") == shop.charged_usd
    assert not shop.journal.open_attempts()


def test_under_a_cap_as_many_takes_as_it_allows(open_shop: Any) -> None:
    shop = open_shop()
    provider = shop.provider()
    price = provider.quote(shop.tasks(["a barn"], provider)[0].request)
    bought = takes(shop, 4, cap=str(price * 2))
    assert len(bought.made) == 2
    assert {finding.code for finding in bought.failed.values()} == {"over-budget"}
    assert shop.charged_usd <= price * 2


def test_trouble_that_passes_is_waited_out(open_shop: Any) -> None:
    shop = open_shop(faults=["rate_limit", "server_error"])
    assert len(takes(shop, 3).made) == 3
    assert shop.server.settle()["totals"]["images"] == 3
    assert [attempt.state for attempt in shop.journal.attempts()].count("charged") == 3


def test_a_call_larger_than_the_limit_is_made_take_by_take(open_shop: Any) -> None:
    shop = open_shop(rate=Rate(images=3, minute=0.6))
    assert len(takes(shop, 4).made) == 4
    assert shop.charged == 4


def test_an_answer_that_is_lost_leaves_all_its_takes_in_doubt(open_shop: Any) -> None:
    shop = open_shop(faults=["disconnect_after"])
    assert {finding.code for finding in takes(shop, 3).failed.values()} == {"perhaps-charged"}
    assert len(shop.journal.open_attempts()) == 3
    assert len(takes(shop, 3, run="second").failed) == 3
    assert shop.charged == 1
    assert len(takes(shop, 3, run="third", retry=True).made) == 3


def test_a_refusal_is_of_all_its_takes(open_shop: Any) -> None:
    shop = open_shop(faults=["moderation_input"])
    assert {finding.code for finding in takes(shop, 3).failed.values()} == {"picture-refused"}
    assert shop.asked() == 1
    assert shop.charged == 0


def test_one_take_that_cannot_be_used_spoils_no_other(open_shop: Any, monkeypatch: Any) -> None:
    shop = open_shop()
    from pressrun.providers.openai.rehearsal import service

    answer_body = service.answer_body

    def spoilt(service: Any, work: Any) -> Any:
        body = answer_body(service, work)
        body["data"][1]["b64_json"] = base64.b64encode(b"no picture").decode()
        return body

    monkeypatch.setattr("pressrun.providers.openai.rehearsal.images.answer_body", spoilt)
    bought = takes(shop, 3)
    assert len(bought.made) == 2
    (failed,) = bought.failed.values()
    assert "was paid for" in failed.message
    assert shop.journal.spent("run") == shop.charged_usd
