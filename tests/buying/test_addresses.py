"""Answers as addresses: nothing that was paid is lost. What cannot be fetched now is fetched later, and not paid again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from small_campaign import Campaign

from pressrun.generate.buy import acquire
from pressrun.generate.buy.breaker import MOST_IN_A_ROW
from pressrun.generate.buy.lanes import LaneChoice
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import ProviderStopped
from pressrun.providers.openai.rehearsal.server import serve

ELSEWHERE = {"fault": "address", "times": None}
BARNS = [f"a barn, number {number}" for number in range(8)]


def named(shop: Any) -> str:
    return f"localhost:{shop.server.port}"


def test_from_a_host_that_is_named_they_come_as_if_nothing_were(open_shop: Any) -> None:
    shop = open_shop(faults=[ELSEWHERE])
    bought = shop.buy(*BARNS, image_hosts=[named(shop)])
    assert len(bought.made) == shop.charged == len(BARNS)
    assert shop.journal.spent() == shop.charged_usd


@pytest.mark.parametrize("lane", ["direct", "batch"])
def test_what_is_paid_is_fetched_by_a_later_run(open_shop: Any, lane: str) -> None:
    shop = open_shop(faults=[ELSEWHERE])

    def buy(run: str, **options: Any) -> Any:
        provider = shop.provider(**options)
        terms, choice = Terms(run, minute=0.6), LaneChoice(lane)  # type: ignore[arg-type]
        tasks = shop.tasks(BARNS[:2], provider)
        return acquire(tasks, shop.store, shop.journal, terms, lambda *_: choice, {}, shop.listener)

    first = buy("first")
    assert {finding.code for finding in first.failed.values()} == {"picture-elsewhere"}
    finding = next(iter(first.failed.values()))
    assert f"image_hosts: [{named(shop)}]" in str(finding.hint)
    assert "secret" not in str(finding)
    assert shop.journal.spent() == shop.charged_usd > 0
    assert all(attempt.address for attempt in shop.journal.attempts())

    again = buy("again")
    assert {finding.code for finding in again.failed.values()} == {"picture-elsewhere"}
    last = buy("last", image_hosts=[named(shop)])
    assert last.found == set(last.made)
    assert len(last.made) == shop.charged == 2
    for made in last.made.values():
        assert made.provenance.cost_usd == pytest.approx(float(shop.charged_usd / 2))
    assert shop.journal.spent() == shop.charged_usd
    assert not any(attempt.address for attempt in shop.journal.attempts())
    assert len(buy("once more").made) == shop.charged == 2


def test_a_run_of_them_ends_by_itself_with_the_line_to_write(open_shop: Any) -> None:
    shop = open_shop(faults=[ELSEWHERE])
    with pytest.raises(ProviderStopped) as caught:
        shop.buy(*BARNS)
    assert f"image_hosts: [{named(shop)}]" in str(caught.value.hint)
    assert shop.charged == MOST_IN_A_ROW
    bought = shop.buy(*BARNS, run="second", image_hosts=[named(shop)])
    assert len(bought.made) == shop.charged == len(BARNS)


def test_one_that_is_gone_is_paid_again_only_on_request(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "address"}])
    shop.buy("a barn")
    shop.server.service.hung.clear()
    hosts = {"image_hosts": [named(shop)]}
    again = shop.buy("a barn", run="again", **hosts)
    (finding,) = again.failed.values()
    assert finding.code == "picture-elsewhere"
    assert "404" in finding.message
    assert shop.charged == 1
    assert len(shop.buy("a barn", run="third", retry_unknown=True, **hosts).made) == 1
    assert shop.charged == 2


def test_what_is_fetched_is_judged_as_any_other(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "address"}])
    shop.buy("a barn")
    shop.server.service.hung.update(dict.fromkeys(shop.server.service.hung, b"no picture"))
    bought = shop.buy("a barn", run="again", image_hosts=[named(shop)])
    assert {finding.code for finding in bought.failed.values()} == {"picture-failed"}
    assert shop.charged == 1


def test_it_counts_against_the_budget_once(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "address", "times": 2}])
    provider = shop.provider()
    price = provider.quote(shop.tasks(BARNS[:1], provider)[0].request)
    bought = shop.buy(*BARNS, cap=str(price * 4), calls=1)
    assert len(bought.made) == 2
    assert shop.charged == 4
    assert shop.charged_usd <= price * 4
    second = shop.buy(*BARNS, run="second", cap="0", image_hosts=[named(shop)])
    assert len(second.made) == 4
    assert shop.journal.spent("second") == Decimal(0)


def test_the_plan_says_what_is_paid_and_lies_elsewhere(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    campaign = Campaign(tmp_path, capsys)
    with serve(faults=[{"fault": "address"}]) as server:
        options = f'profile: rehearsal, quality: low, calls: 1, base_url: "{server.base_url}"'
        campaign.write(options)
        assert campaign("run")[0] == 1
        out = campaign("plan")[1]
        assert f"1 of these pictures is paid for, and not fetched yet from localhost:{server.port}" in out
        campaign.write(f"{options}, image_hosts: [localhost:{server.port}]")
        assert campaign("run")[0] == 0
        assert server.settle()["totals"]["count"] == 3
