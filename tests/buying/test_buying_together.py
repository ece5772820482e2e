"""Several runs on one store, many rows that show the same, and people who press Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import Interrupted, MissingTool
from pressrun.stores.sqlite import SqliteJournal

BARNS = [f"barn {number}" for number in range(60)]


def test_two_runs_at_once_share_the_work_and_the_bill(open_shop: Any) -> None:
    shop = open_shop(latency=0.02)
    other = replace(shop, journal=SqliteJournal(shop.folder / "journal.db"))
    found: dict[str, Any] = {}

    def go(name: str, at: Any) -> None:
        found[name] = at.buy(*BARNS, run=name, calls=4)

    threads = [threading.Thread(target=go, args=args) for args in (("one", shop), ("two", other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.journal.close()
    assert len(found["one"].made) == len(found["two"].made) == 60
    assert shop.charged == 60
    assert len(found["one"].found) + len(found["two"].found) == 60
    assert shop.journal.spent("one") + shop.journal.spent("two") == shop.charged_usd
    assert {key: made.digest for key, made in found["one"].made.items()} == {
        key: made.digest for key, made in found["two"].made.items()
    }


def test_what_another_run_lets_go_of_is_bought_here(open_shop: Any) -> None:
    shop = open_shop()
    other = SqliteJournal(shop.folder / "journal.db")
    keys = [task.key for task in shop.tasks(BARNS[:3], shop.provider())]
    assert other.claim_all(keys) == set(keys)
    threading.Timer(0.3, other.close).start()
    bought = shop.buy(*BARNS[:5])
    assert len(bought.made) == 5
    assert not bought.found
    assert shop.charged == 5


def test_many_rows_in_twelve_languages_are_as_many_charges(open_shop: Any) -> None:
    """Twelve runs, one for each language, ask for the same pictures: more than are asked for at once."""
    shop = open_shop()
    tasks = shop.tasks([f"barn {number}" for number in range(200)], shop.provider())
    for locale in range(12):
        terms = Terms(f"run {locale}", Decimal(100))
        bought = buy(tasks, shop.store, shop.journal, terms, {}, shop.listener)
        assert len(bought.made) == 200
        assert len(bought.found) == (0 if locale == 0 else 200)
    assert shop.charged == 200
    assert len(shop.journal.attempts()) == 200
    assert shop.journal.spent() == shop.charged_usd


def interrupt(shop: Any, times: int) -> None:
    """Press Ctrl-C once four calls are under way (the first of a run goes alone), and again when that was heard: two
    at once count as one. Never after the run has ended."""
    before = signal.getsignal(signal.SIGINT)

    def running() -> bool:
        return signal.getsignal(signal.SIGINT) is not before

    def ring() -> None:
        while shop.server.service.in_flight < 4:
            time.sleep(0.01)
        for _ in range(times):
            heard = len(shop.listener.said)
            if running():
                os.kill(os.getpid(), signal.SIGINT)
            while running() and len(shop.listener.said) == heard:
                time.sleep(0.01)

    threading.Thread(target=ring, daemon=True).start()


def test_the_first_interrupt_waits_for_what_is_paid(open_shop: Any) -> None:
    shop = open_shop(latency=0.4)
    handler = signal.getsignal(signal.SIGINT)
    interrupt(shop, 1)
    with pytest.raises(Interrupted):
        shop.buy(*BARNS)
    assert signal.getsignal(signal.SIGINT) is handler
    assert "still under way" in shop.listener.said[0]
    paid = shop.charged
    assert 5 <= paid == shop.asked() < len(BARNS)
    assert [attempt.state for attempt in shop.journal.attempts()] == ["charged"] * paid
    bought = shop.buy(*BARNS[: paid + 2], run="second")
    assert len(bought.found) == paid
    assert shop.charged == paid + 2


def test_the_second_interrupt_leaves_calls_unknown(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "slow", "after": 1, "times": None, "seconds": 6}])  # the first goes alone
    interrupt(shop, 2)
    with pytest.raises(Interrupted, match="calls are left without an answer"):
        shop.buy(*BARNS)
    left = len(shop.journal.open_attempts())  # it did not wait for the answers
    assert left >= 4
    shop.server.service.faults.clear()
    bought = shop.buy(*BARNS[: left + 3], run="second")
    assert (len(bought.found), len(bought.made)) == (1, 3)
    assert {finding.code for finding in bought.failed.values()} == {"perhaps-charged"}
    assert shop.charged == left + 3


def test_interrupts_are_heard_that_end_no_wait(open_shop: Any) -> None:
    """The kernel may hand a signal to any thread, or just before the buyer begins to wait: its wait goes on."""
    shop = open_shop(faults=[{"fault": "slow", "after": 1, "times": None, "seconds": 6}])
    interrupt(shop, 2)  # from a thread that takes signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        with pytest.raises(Interrupted, match="calls are left without an answer"):
            shop.buy(*BARNS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_a_key_that_is_needed_and_not_there_is_named(open_shop: Any) -> None:
    shop = open_shop()
    with pytest.raises(MissingTool, match="export HOUSE_KEY=…") as caught:
        shop.buy("a barn", key_from="HOUSE_KEY")
    assert caught.value.exit_code == 3
    assert shop.asked() == 0
