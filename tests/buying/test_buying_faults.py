"""Everything that can go wrong with a call, over real HTTP: what fails, what is asked again, what is booked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pressrun.model.errors import ProviderStopped

ONE = "a barn"


def only(found: dict[str, Any]) -> Any:
    assert len(found) == 1
    return next(iter(found.values()))


def test_pictures_are_bought_once_and_booked_to_the_nano_dollar(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.buy(*(f"barn {number}" for number in range(12)))
    assert len(bought.made) == 12
    assert not bought.failed
    assert shop.charged == 12
    assert shop.journal.spent("run") == shop.charged_usd > 0
    assert shop.listener.steps == 12
    for made in bought.made.values():
        assert shop.store.verify(made.digest)
        assert made.provenance.model == "gpt-image-2"
        assert made.provenance.source_type == "trainedAlgorithmicMedia"
    again = shop.buy(*(f"barn {number}" for number in range(12)))
    assert again.found == set(bought.made)
    assert shop.charged == 12


def test_the_attempt_is_the_call_s_own_name(open_shop: Any) -> None:
    shop = open_shop()
    shop.buy("one", "two")
    ids = {charge["client_request_id"] for charge in shop.server.settle()["charges"]}
    assert ids == {str(attempt.id) for attempt in shop.journal.attempts()}


@pytest.mark.parametrize(
    "fault", ["rate_limit", "rate_limit_text", "server_error", "bad_gateway", "unavailable", "error_200"]
)
def test_trouble_that_passes_is_waited_out(open_shop: Any, fault: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "times": 2, "seconds": 0.05}])
    bought = shop.buy(ONE)
    assert len(bought.made) == 1
    assert shop.charged == 1
    assert [attempt.state for attempt in shop.journal.attempts()][-1] == "charged"
    assert shop.asked() == 3
    assert shop.journal.spent() == shop.charged_usd


@pytest.mark.parametrize("fault", ["server_error", "unavailable"])
def test_trouble_that_stays_ends_that_picture_only(open_shop: Any, fault: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "times": None, "prompt": "cursed"}])
    bought = shop.buy("a cursed barn", "a barn")
    assert len(bought.made) == 1
    assert only(bought.failed).code == "picture-failed"
    assert "again and again" in only(bought.failed).message
    assert shop.asked() == 6
    assert [one for one in shop.journal.open_attempts() if one.standing == "unknown"] == []


@pytest.mark.parametrize("stage", ["input", "output"])
def test_moderation_refuses_one_picture_and_says_why(open_shop: Any, stage: str) -> None:
    shop = open_shop(faults=[{"fault": f"moderation_{stage}", "prompt": "fight", "categories": ["violence"]}])
    bought = shop.buy("a fight", "a barn")
    assert len(bought.made) == 1
    finding = only(bought.failed)
    assert finding.code == "picture-refused"
    assert "violence" in finding.message
    assert finding.row == "row 0"
    assert {attempt.state for attempt in shop.journal.attempts()} == {"refused", "charged"}
    assert shop.asked() == 2


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ("insufficient_quota", "add credit"),
        ("billing", "monthly limit"),
        ("invalid_key", "set a valid key"),
        ("unverified", "verified"),
        ("model_not_found", "name a model"),
    ],
)
def test_what_no_call_would_survive_stops_the_run(open_shop: Any, fault: str, hint: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "after": 3, "times": None}])
    with pytest.raises(ProviderStopped, match=hint) as caught:
        shop.buy(*(f"barn {number}" for number in range(40)), calls=2)
    assert caught.value.exit_code == 3
    assert shop.asked() <= 6
    kept = [attempt for attempt in shop.journal.attempts() if attempt.state == "charged"]
    assert len(kept) == shop.charged == 3
    assert all(shop.store.verify(str(attempt.digest)) for attempt in kept)
    assert not shop.journal.open_attempts()


@pytest.mark.parametrize("fault", ["truncated", "html", "disconnect_after", "disconnect_before", "broken_off"])
def test_answers_that_are_lost_are_not_asked_for_again(open_shop: Any, fault: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "prompt": "cursed"}])
    bought = shop.buy("a cursed barn", "a barn")
    assert len(bought.made) == 1
    assert only(bought.failed).code == "perhaps-charged"
    assert "--retry-unknown" in str(only(bought.failed))
    assert shop.asked() == 2
    assert len(shop.journal.open_attempts()) == 1
    assert shop.journal.spending("run").in_flight > 0

    again = shop.buy("a cursed barn", "a barn", run="second")
    assert only(again.failed).code == "perhaps-charged"
    assert shop.asked() == 2

    third = shop.buy("a cursed barn", "a barn", run="third", retry_unknown=True)
    assert not third.failed
    assert shop.asked() == 3
    assert [attempt.state for attempt in shop.journal.attempts("run")].count("written_off") == 1


def test_a_call_that_takes_too_long_is_not_asked_for_again(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "slow", "seconds": 0.6, "prompt": "cursed"}])
    bought = shop.buy("a cursed barn", "a barn", timeout=0.25)
    assert only(bought.failed).code == "perhaps-charged"
    assert "0.25 seconds" in only(bought.failed).message
    assert shop.charged == 2
    assert shop.asked() == 2


@pytest.mark.parametrize(
    ("fault", "words", "background"),
    [
        ("empty", "without a picture", "opaque"),
        ("not_a_picture", "no picture", "opaque"),
        ("wrong_alpha", "opaque", "transparent"),
    ],
)
def test_what_came_and_cannot_be_used_was_paid(open_shop: Any, fault: str, words: str, background: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "prompt": "cursed", "charge": True}])
    bought = shop.buy("a cursed barn", "a barn", request={"background": background})
    assert len(bought.made) == 1
    assert words in only(bought.failed).message
    assert shop.journal.spent() == shop.charged_usd
    assert not shop.journal.open_attempts()
    again = shop.buy("a cursed barn", "a barn", request={"background": background})
    assert only(again.failed).code == "paid-in-vain"
    assert shop.charged == 2
    third = shop.buy("a cursed barn", request={"background": background}, retry_unknown=True)
    assert not third.failed
    assert shop.journal.spent() == shop.charged_usd


def test_another_size_is_kept_and_said(open_shop: Any) -> None:
    shop = open_shop(faults=["wrong_size"])
    bought = shop.buy(ONE)
    made = only(bought.made)
    assert made.pixels.size != (1024, 640)
    assert bought.notes[0].code == "picture-size"
    assert "1024x640" in bought.notes[0].message


def test_a_server_that_is_not_there_costs_nothing(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.buy(ONE, base_url="http://127.0.0.1:9/v1", minute=0.1)
    assert "cannot be reached" in only(bought.failed).message
    assert {attempt.state for attempt in shop.journal.attempts()} == {"not_charged"}
    assert shop.journal.spending().committed == Decimal(0)


def test_keys_are_in_no_message_and_no_file(open_shop: Any) -> None:
    key = "sk-proj-averysecretkey1234567890"
    shop = open_shop(api_key="another", faults=[])
    shop.environment["MY_KEY"] = key
    with pytest.raises(ProviderStopped) as caught:
        shop.buy(ONE, key_from="MY_KEY")
    told = f"{caught.value} {caught.value.hint} {shop.listener.said}"
    assert "sk-" not in told
    assert key[-4:] not in told
    shop.journal.close()
    for file in shop.folder.rglob("*"):
        assert not file.is_file() or key.encode() not in file.read_bytes()
