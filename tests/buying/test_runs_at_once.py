"""Two runs of a job that ask at one instant stay within its budget together."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from warm_process import WarmProcess

from pressrun.generate.buy.budget import JobBudget
from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.model.journal import Limit, OverLimit, Quote, Settlement
from pressrun.stores.sqlite import SqliteJournal

RUNS = 2
BUYER = """
import json, sys, time
from decimal import Decimal
from pathlib import Path
from pressrun.generate.buy import acquire
from pressrun.generate.buy.budget import JobBudget
from pressrun.generate.buy.call import Caller
from pressrun.generate.buy.batches.dispatch import Dispatch
from pressrun.generate.buy.lanes import LaneChoice
from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.model.progress import Silence
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.providers.openai import OpenAIProvider
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

said = json.loads(sys.argv[1])
folder = Path(said["folder"])
options = {"type": "openai", "base_url": said["url"], "profile": "rehearsal", "quality": "low", "calls": 1}
provider = OpenAIProvider.model_validate(options)
brief = Brief("house", (), (), "", (), (), "", "", "", (0.5, 0.8))
requests = [PictureRequest(f"{said['run']} barn {n}", (1024, 640), brief) for n in range(said["pictures"])]
tasks = [PictureTask(provider.key(r), "hero", "wide", r, "", "row", 1, provider.quote(r), provider) for r in requests]

def after_all_were_admitted(method):
    # Between being let in by its own sums and writing down, each process waits for the other.
    def held(self, *rest):
        (folder / f"{said['run']} is in").touch()
        while len(list(folder.glob("* is in"))) < said["runs"]:
            time.sleep(0.005)
        return method(self, *rest)
    return held

Caller.make = after_all_were_admitted(Caller.make)
Dispatch._sent = after_all_were_admitted(Dispatch._sent)
with SqliteJournal(folder / "journal.db") as journal:
    journal.begin_run(said["run"], "spring", "2027-03-01T10:00:00+00:00")
    terms = Terms(said["run"], budget=JobBudget.of(said["usd"], "spring", said["run"], journal), minute=0.6)
    choice = LaneChoice(said["lane"])
    got = acquire(tasks, FolderStore(folder), journal, terms, lambda provider, count: choice, {}, Silence())
    journal.end_run(said["run"], 0)
print(json.dumps([len(got.made), sorted({one.code for one in got.failed.values()}), str(got.stopped)]))
"""


@pytest.mark.parametrize(("lane", "pictures"), [("direct", 3), ("batch", 1)])
def test_two_processes_that_ask_at_one_instant_are_not_both_let_in(open_shop: Any, lane: str, pictures: int) -> None:
    shop = open_shop()
    provider = shop.provider()
    price = provider.quote(shop.tasks(["first barn 0"], provider)[0].request)
    usd = float(price) * 1.5 / (2 if lane == "batch" else 1)  # there is room for one
    processes = []
    for run in ("first", "other"):
        said = {"folder": str(shop.folder), "url": shop.server.base_url, "run": run, "pictures": pictures, "usd": usd,
                "runs": RUNS, "lane": lane}  # fmt: skip
        processes.append(WarmProcess(["-c", BUYER, json.dumps(said)], stdout=subprocess.PIPE))
    got = [json.loads(process.communicate()[0]) for process in processes]
    assert sorted(made for made, _, _ in got) == [0, 1]
    assert shop.charged == 1
    assert shop.charged_usd <= Decimal(str(usd))
    assert {code for _, codes, _ in got for code in codes} == {"over-budget"}
    assert any("stopped at the job's budget" in stopped for _, _, stopped in got)


def test_the_ledger_holds_the_limit_by_itself(tmp_path: Path) -> None:
    with SqliteJournal(tmp_path / "journal.db") as one, SqliteJournal(tmp_path / "journal.db") as other:
        for journal, run in ((one, "a"), (other, "b")):
            journal.begin_run(run, "spring", "2027-03-01T10:00:00+00:00")
        limit = Limit("spring", Decimal("0.10"))
        one.begin_attempts([Quote("1" * 64, "p", "m", Decimal("0.06"), run="a")], limit)
        with pytest.raises(OverLimit):
            other.begin_attempts([Quote("2" * 64, "p", "m", Decimal("0.05"), run="b")], limit)
        with pytest.raises(OverLimit):
            other.begin_batch("x", {}, [Quote("2" * 64, "p", "m", Decimal("0.05"), run="b", batch="x")], limit)
        assert len(one.attempts()) == 1
        assert not one.batches()
        # What is set aside beyond the quote counts, and another job's limit is its own.
        dearer = Quote("2" * 64, "p", "m", Decimal("0.03"), run="b", held_usd=Decimal("0.05"))
        with pytest.raises(OverLimit):
            other.begin_attempts([dearer], limit)
        other.begin_attempts([Quote("2" * 64, "p", "m", Decimal("0.04"), run="b")], limit)


def test_what_another_run_set_aside_is_free_again_when_it_costs_less(open_shop: Any) -> None:
    """A call for which there is no room yet leaves once those under way turned out cheaper."""
    shop = open_shop(latency=0.05)
    provider = shop.provider()
    price = provider.quote(shop.tasks(["barn"], provider)[0].request)
    shop.journal.begin_run("other", "spring", "2027-03-01T10:00:00+00:00")
    shop.journal.begin_run("run", "spring", "2027-03-01T10:00:01+00:00")
    (taken,) = shop.journal.begin_attempts([Quote("1" * 64, "openai", "gpt-image-2", price, run="other")])
    budget = JobBudget.of(float(price * 2), "spring", "run", shop.journal)
    blind = JobBudget(budget.usd, lambda: Decimal(0), budget.limit)  # what its own sums tell is out of date
    tasks = shop.tasks(["barn a", "barn b"], provider)
    terms = Terms("run", budget=blind, minute=0.6)
    bought = buy(tasks, shop.store, shop.journal, terms, {}, shop.listener)
    assert len(bought.made) == 1
    assert {finding.code for finding in bought.failed.values()} == {"over-budget"}
    assert shop.charged == 1
    shop.journal.finish_attempts([Settlement(taken, "not_charged", 0)])
    again = buy(tasks, shop.store, shop.journal, terms, {}, shop.listener)
    assert len(again.made) == 2


def test_bills_above_the_quote_are_remembered_by_model(open_shop: Any) -> None:
    shop = open_shop()
    quote = Quote("1" * 64, "openai", "gpt-image-2", Decimal("0.01"))
    numbers = shop.journal.begin_attempts([quote] * 3)
    for number, cost in zip(numbers, ("0.005", "0.02", "0.012"), strict=True):
        shop.journal.finish_attempts([Settlement(number, "charged", Decimal(cost))])
    assert shop.journal.factors() == {"gpt-image-2": 2}
    provider = shop.provider()
    price = provider.quote(shop.tasks(["barn"], provider)[0].request)
    assert shop.buy("barn 1", "barn 2", cap=str(price * Decimal("1.9"))).made == {}
    assert len(shop.buy("barn 1", "barn 2", cap=str(price * 2), run="b").made) == 1
    assert len(shop.buy("barn 3", cap=str(price), run="c", model="gpt-image-2.5-flare").made) == 1


def test_old_bills_are_forgotten(open_shop: Any) -> None:
    shop = open_shop()
    quote = Quote("1" * 64, "openai", "gpt-image-2", Decimal("0.01"))
    for number in shop.journal.begin_attempts([quote] * 30):
        shop.journal.finish_attempts([Settlement(number, "charged", Decimal("0.02" if number == 1 else "0.01"))])
    assert shop.journal.factors() == {}
