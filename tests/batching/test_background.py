"""Pictures made in the background: written down before they are asked for, collected once, whatever ends the run."""

from __future__ import annotations

import io
import random
import threading
import time
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from batch_shop import BACKGROUND, BATCH, DIRECT, Shop, barns, provider_at, tasks_for
from PIL import Image
from test_batch_kills import Died, dying, ended, kill, read_until, start
from test_batch_lane import only, reference

from pressrun.generate.buy.breaker import MOST_IN_A_ROW
from pressrun.generate.buy.lanes import LEAST_SECONDS, choose, quoted_for
from pressrun.generate.buy.unsettled import outstanding
from pressrun.model.errors import MissingTool, ProviderStopped
from pressrun.model.journal import ENDED
from pressrun.model.plan import Plan

PICTURES = 10  # what a process of its own asks for
KILLS = 3


def asked_once(shop: Shop) -> bool:
    return max(Counter(one["prompt_sha256"] for one in shop.charges).values(), default=0) <= 1


def test_they_come_as_if_called_for_and_are_booked_to_the_nano_dollar(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.acquire(*barns(5), choice=BACKGROUND)
    assert len(bought.made) == 5
    assert not bought.failed
    assert {one["endpoint"] for one in shop.charges} == {"/v1/responses"}
    assert shop.journal.spent("run") == shop.charged_usd > 0
    assert bought.saved_usd == 0
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd
    assert {attempt.quoted_usd for attempt in shop.journal.attempts()} == {full}
    made = next(iter(bought.made.values()))
    assert "not in the cost" in dict(made.provenance.said)["language_model"]
    with Image.open(io.BytesIO(shop.store.read(made.digest))) as picture:
        assert picture.size == (1024, 640)
    again = shop.acquire(*barns(5), choice=DIRECT, run="again")
    assert again.found == set(bought.made)
    assert len(shop.charges) == 5


def test_what_the_language_model_takes_is_quoted_capped_and_booked_where_it_is_known(open_shop: Any) -> None:
    shop = open_shop()
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd
    assert full is not None
    each = full + Decimal("0.002")
    bought = shop.acquire(*barns(5), choice=BACKGROUND, speaker_price="0.002", cap=str(each * 3))
    assert len(bought.made) == 3
    assert {attempt.quoted_usd for attempt in shop.journal.attempts()} == {each}
    assert shop.journal.spent("run") == shop.charged_usd + Decimal("0.006")
    made = next(iter(bought.made.values()))
    assert dict(made.provenance.said)["language_model"].endswith("for $0.002")


def test_a_few_go_ahead(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "empty", "charge": True, "times": None}])
    with pytest.raises(ProviderStopped, match="in a row"):
        shop.acquire(*barns(20), choice=BACKGROUND)
    assert len(shop.charges) == len(shop.journal.attempts()) == MOST_IN_A_ROW


def test_references_are_uploaded_once_and_named_by_id(open_shop: Any) -> None:
    shop = open_shop()
    request = {"references": (reference(shop, "red"), reference(shop, "blue")), "mask": reference(shop, "white", "RGBA")}
    bought = shop.acquire(*barns(3), choice=BACKGROUND, request=request)
    assert len(bought.made) == 3
    assert {made.provenance.source_type for made in bought.made.values()} == {"compositeWithTrainedAlgorithmicMedia"}
    assert shop.asked("/v1/files") == 3
    assert {one["usage"]["input_tokens_details"]["image_tokens"] for one in shop.charges} == {2 * 4}


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_any_moment_the_next_run_collects_and_pays_nothing_again(number: int, open_shop: Any) -> None:
    shop = open_shop(batch_delay=0.6)
    chance = random.Random(20270301 + number)
    for run in ("first", "second"):
        process = start(shop, run, lane="background")
        read_until(process, "ready")
        time.sleep(chance.uniform(0, 1.1) ** 2)
        kill(process)
        assert asked_once(shop)
    code, out = ended(start(shop, "last", lane="background"))
    unknown = shop.attempts("unknown")
    assert code == 0
    assert f"made {PICTURES - len(unknown)} failed {len(unknown)}" in out
    assert asked_once(shop)
    kept = shop.attempts("charged")
    assert len(kept) == PICTURES - len(unknown)
    assert len(kept) <= len(shop.charges) <= PICTURES
    assert all(batch.state in ENDED for batch in shop.journal.batches())


def test_what_is_under_way_is_collected_by_whichever_run_comes(open_shop: Any) -> None:
    shop = open_shop()
    held, responses = threading.Event(), shop.server._responses
    work_off = responses._work_off
    responses._work_off = lambda *said: (held.wait(), work_off(*said))
    process = start(shop, "first", lane="background")
    read_until(process, "Handed in")
    kill(process)
    assert len(shop.attempts("in_batch")) == MOST_IN_A_ROW
    assert len(outstanding(shop.journal).batches) == MOST_IN_A_ROW
    early = shop.acquire(*barns(MOST_IN_A_ROW), choice=DIRECT, run="early")
    assert {(one.code, one.hint) for one in early.failed.values()} == {("in-batch", "wait for it with --lane background")}
    held.set()
    until, collected = time.monotonic() + 60, Decimal(0)
    made: dict[str, Any] = {}
    while len(made) < MOST_IN_A_ROW:  # they come one by one
        assert time.monotonic() < until
        bought = shop.acquire(*barns(MOST_IN_A_ROW), choice=BATCH, run="late")
        made, collected = made | bought.made, collected + bought.collected_usd
    assert len(shop.charges) == MOST_IN_A_ROW
    assert collected == shop.charged_usd
    assert shop.journal.spent("late") == 0


def test_no_moment_is_the_wrong_one_to_die(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dying before and after every transaction and every call of a run of one picture, then running again."""
    at = lost = 0
    while True:
        shop = open_shop()
        with dying(at, monkeypatch) as moments:
            try:
                shop.acquire("a barn", choice=BACKGROUND)
                moments.dead = False
                break  # it had no such moment
            except Died:
                pass
        shop.reopen()
        second = shop.acquire("a barn", choice=BACKGROUND, run="second")
        charges = len(shop.charges)
        assert charges <= 1
        assert len(second.made) + len(second.failed) == 1
        if second.failed:  # it was asked for, or perhaps, and its number was never heard: told, and not asked for again
            lost += 1
            assert only(second.failed).code == "perhaps-charged"
            assert len(shop.attempts("unknown")) == 1
            third = shop.acquire("a barn", choice=BACKGROUND, run="third", retry_unknown=True)
            assert len(third.made) == 1
        assert len(shop.charges) <= charges + bool(second.failed)
        assert not shop.journal.open_attempts()
        shop.close()
        at += 1
    assert 0 < lost < 6
    assert at > 15


@pytest.mark.parametrize("times", [1, None])
def test_a_call_that_breaks_off_is_told_and_not_made_again(open_shop: Any, times: int | None) -> None:
    shop = open_shop()
    create, cut = shop.server._responses.create, []

    def broken(call: Any) -> Any:
        from pressrun.providers.openai.rehearsal.service import Disconnect

        answer = create(call)
        if times is None or len(cut) < times:
            cut.append(call)
            raise Disconnect
        return answer

    shop.server._routes[:] = [
        (verb, path, broken if (verb, path) == ("POST", "/v1/responses") else endpoint)
        for verb, path, endpoint in shop.server._routes
    ]
    if times is None:
        with pytest.raises(ProviderStopped, match="in a row"):
            shop.acquire(*barns(8), choice=BACKGROUND)
        assert len(shop.charges) == len(cut) == MOST_IN_A_ROW
        return
    bought = shop.acquire(*barns(8), choice=BACKGROUND)
    assert len(bought.made) == 7
    assert only(bought.failed).code == "perhaps-charged"
    assert len(shop.charges) == 8
    assert asked_once(shop)


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"fault": "moderation_input"}, "picture-refused"), ({"fault": "moderation_output"}, "picture-refused"),
     ({"fault": "not_a_picture"}, "picture-failed"), ({"fault": "empty", "charge": True}, "picture-failed")],
)  # fmt: skip
def test_one_that_fails_spoils_no_other(open_shop: Any, fault: dict[str, Any], code: str) -> None:
    shop = open_shop(faults=[{**fault, "prompt": "cursed"}])
    bought = shop.acquire("a cursed barn", *barns(3), choice=BACKGROUND)
    assert only(bought.failed).code == code
    assert len(bought.made) == 3
    assert shop.journal.spent() == shop.charged_usd


def test_a_server_in_trouble_leaves_it_to_direct_calls(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "server_error", "endpoint": "/v1/responses"}])
    bought = shop.acquire("a barn", choice=BACKGROUND)
    assert len(bought.made) == 1
    assert {one["endpoint"] for one in shop.charges} == {"/v1/images/generations"}
    assert [finding.code for finding in bought.notes] == ["not-by-batch"]


def test_its_price_and_whom_it_is_for_are_said() -> None:
    provider = provider_at("http://127.0.0.1:9/v1")
    assert choose("background", LEAST_SECONDS / 2, 5, provider).lane == "background"
    nowhere = provider_at("http://127.0.0.1:9/v1", profile="litellm")
    with pytest.raises(MissingTool, match="--lane direct"):
        choose("background", None, 5, nowhere)
    tasks = tuple(tasks_for(["a barn"], provider))
    plan = quoted_for(Plan(1, tasks, (), tasks, ()), "background", None)
    assert plan.pictures == tasks
    priced = tuple(tasks_for(["a barn"], provider_at("http://127.0.0.1:9/v1", speaker_price="0.002")))
    said = quoted_for(Plan(1, priced, (), priced, ()), "background", None)
    assert said.quoted_usd == plan.quoted_usd + Decimal("0.002")
    assert "in no quote" not in only({finding.code: finding for finding in said.findings}).message
    assert "in no quote" in only({finding.code: finding for finding in plan.findings}).message
