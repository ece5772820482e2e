"""Runs of the batch lane that end at the worst moment: nothing is handed in, charged or booked twice.

``PRESSRUN_KILLS`` sets how often a real process is killed (default 6).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_shop import BATCH, DIRECT, Shop, barns
from warm_process import WarmProcess

from pressrun.generate.buy.batches.parcels import open_rows
from pressrun.model.errors import Interrupted
from pressrun.model.journal import ENDED
from pressrun.providers.openai.client import Client
from pressrun.stores.sqlite.database import SqliteDatabase

KILLS = int(os.environ.get("PRESSRUN_KILLS", "6"))
KILLS_A_SHOP = 3
LONGEST = 120  # seconds
PICTURES = 10
BATCHES = 3  # of four rows each

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")


@pytest.fixture
def open_shop(open_shop: Any) -> Any:
    """Shops in which a picture came before: all is handed in at once."""

    def begin(**options: Any) -> Shop:
        shop: Shop = open_shop(**options)
        shop.prove()
        return shop

    return begin


def assert_nothing_paid_twice(shop: Shop) -> None:
    """Charges = pictures kept + attempts that are unknown or in a batch, and none repeated."""
    charges = shop.charges
    assert max(Counter(one["prompt_sha256"] for one in charges).values(), default=0) <= 1
    kept = shop.attempts("charged")
    assert all(shop.store.verify(str(attempt.digest)) for attempt in kept)
    open_ones = [*shop.attempts("unknown"), *shop.attempts("in_batch")]
    assert len(kept) <= len(charges) <= len(kept) + len(open_ones)


def assert_all_is_there(shop: Shop, made: int) -> None:
    assert made == PICTURES
    assert len(shop.charges) == len(shop.attempts("charged")) == PICTURES
    assert shop.lanes == {"batch": PICTURES}
    assert len({one["batch"] for one in shop.charges}) == BATCHES
    assert shop.journal.spent() == shop.charged_usd
    assert not shop.journal.open_attempts()
    assert all(batch.state in ENDED for batch in shop.journal.batches())


# a real process, and SIGKILL


def start(shop: Shop, run: str, minute: float = 0.6, lane: str = "batch") -> WarmProcess:
    script = Path(__file__).with_name("batch_process.py")
    said = (str(shop.store.root), shop.server.base_url, run, str(minute), lane, *barns(PICTURES))
    return WarmProcess([script, *said], stdout=subprocess.PIPE)


def read_until(process: WarmProcess, line: str) -> None:
    assert process.stdout is not None
    for told in process.stdout:
        if told.strip().startswith(line):
            return
    raise AssertionError(f"it ended before '{line}'")


def kill(process: WarmProcess) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LONGEST)


def ended(process: WarmProcess) -> tuple[int, str]:
    out, _ = process.communicate(timeout=LONGEST)
    return process.returncode, out


@pytest.mark.parametrize("number", range(-(-KILLS // KILLS_A_SHOP)))
def test_killed_at_any_moment_the_next_run_carries_on(number: int, open_shop: Any) -> None:
    shop = open_shop(batch_delay=0.8)
    chance = random.Random(20270301 + number)
    for kill_number in range(KILLS_A_SHOP):
        process = start(shop, f"run {kill_number}")
        read_until(process, "ready")
        time.sleep(chance.uniform(0, 1.2) ** 2)  # most of what can go wrong is early
        kill(process)
        assert_nothing_paid_twice(shop)
        if chance.random() < 0.4:
            shop.restart_server()
    code, out = ended(start(shop, "last"))
    assert code == 0
    assert f"made {PICTURES} failed 0" in out
    assert_all_is_there(shop, PICTURES)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_the_batches_stay_at_work(number: signal.Signals, open_shop: Any) -> None:
    shop = open_shop(batch_delay=2.0)
    process = start(shop, "first", minute=60_000.0)  # the next look is in half an hour
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    time.sleep(0.2)
    process.send_signal(number)
    code, out = ended(process)
    assert code == Interrupted.exit_code == 130
    assert "3 batches with 10 pictures stay at work" in out
    assert "same command" in out
    assert len(shop.attempts("in_batch")) == PICTURES
    code, out = ended(start(shop, "second"))
    assert code == 0
    assert "Picking up 3 batches with 10 pictures" in out
    assert_all_is_there(shop, PICTURES)


def test_another_run_waits_for_those_in_batch(open_shop: Any) -> None:
    shop = open_shop(batch_delay=1.5)
    process = start(shop, "first")
    read_until(process, "Handed in")
    bought = shop.acquire(*barns(PICTURES), run="second", rows=4)
    assert ended(process)[0] == 0
    assert_all_is_there(shop, len(bought.made))
    assert bought.found == set(bought.made)


# every moment, in this process


class Died(BaseException):
    """The process is no more."""


class Moments:
    """Counts what has an effect outside the process: transactions and calls. At a chosen one, before or after it,
    the process dies; whatever it would still do fails."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0
        self.dead = False

    def moment(self) -> None:
        if not self.dead and self.at >= 0:
            self.seen += 1
            self.dead = self.seen > self.at
        if self.dead:
            raise Died


@contextlib.contextmanager
def dying(at: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moments]:
    moments = Moments(at)
    transaction: Callable[..., Any] = SqliteDatabase._transaction
    doing: Callable[..., Any] = Client._doing

    @contextlib.contextmanager
    def watched_transaction(self: SqliteDatabase, holder: int | None = None) -> Iterator[Any]:
        moments.moment()
        with transaction(self, holder) as connection:
            yield connection
        moments.moment()

    def watched_doing(self: Client, do: Any) -> Any:
        moments.moment()
        answer = doing(self, do)
        moments.moment()
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(SqliteDatabase, "_transaction", watched_transaction)
        patch.setattr(Client, "_doing", watched_doing)
        yield moments


def test_no_moment_is_the_wrong_one_to_die(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dying before and after every transaction and every call of a run of one batch, then running again."""
    at = 0
    handed_in = 0
    while True:
        shop = open_shop()
        with dying(at, monkeypatch) as moments:
            try:
                shop.acquire(*barns(2))
                moments.dead = False
                break  # it had no such moment
            except Died:
                pass
        shop.reopen()
        assert_nothing_paid_twice(shop)
        handed_in += bool(shop.asked("/v1/batches"))
        bought = shop.acquire(*barns(2), run="second")
        assert len(bought.made) == 2, at
        assert not bought.failed
        assert len(shop.charges) == 2, at
        assert shop.lanes == {"batch": 2}
        assert shop.journal.spent() == shop.charged_usd
        assert not shop.journal.open_attempts()
        assert all(batch.state in ENDED for batch in shop.journal.batches()), at
        shop.close()
        at += 1
    assert at > 25
    assert 5 < handed_in < at


def test_a_batch_whose_number_was_never_heard_is_found_again(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop(faults=[])
    doing = Client._doing

    def deaf(self: Client, do: Any) -> Any:
        """The batch is made; the answer is lost, and so are those to the looks that follow."""
        answer = doing(self, do)
        if getattr(answer, "object", "") == "batch":
            raise Died
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Client, "_doing", deaf)
        with pytest.raises(Died):
            shop.acquire(*barns(2))
    shop.reopen()
    assert [batch.state for batch in shop.journal.batches()] == ["sending"]
    assert len(shop.attempts("unknown")) == 2
    until = time.monotonic() + LONGEST
    while not shop.acquire(*barns(2), run="second", choice=DIRECT).made:  # even there, once it has ended
        assert time.monotonic() < until
    assert shop.lanes == {"batch": 2}
    assert len(shop.attempts("charged")) == 2


def test_an_answer_that_is_lost_while_it_runs_leads_to_no_second_batch(open_shop: Any) -> None:
    shop = open_shop()
    created = shop.server._batches.create
    lost = []

    def create(call: Any) -> Any:
        from pressrun.providers.openai.rehearsal.service import Disconnect

        created(call)
        lost.append(call)
        raise Disconnect

    shop.server._routes[:] = [
        (verb, path, create if (verb, path) == ("POST", "/v1/batches") else endpoint)
        for verb, path, endpoint in shop.server._routes
    ]
    bought = shop.acquire(*barns(2))
    assert len(bought.made) == 2
    assert len(lost) == 1
    assert shop.lanes == {"batch": 2}


def test_a_restarted_server_and_a_restarted_run(open_shop: Any) -> None:
    shop = open_shop(batch_delay=1.0)
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    kill(process)
    shop.restart_server()
    bought = shop.acquire(*barns(PICTURES), run="second")
    assert_all_is_there(shop, len(bought.made))
    assert bought.collected_usd == shop.charged_usd, "what the first run ordered, the second one accounts for"
    assert shop.journal.spent("second") == 0


def test_a_server_that_is_away_for_a_while_is_waited_for(open_shop: Any) -> None:
    shop = open_shop(batch_delay=0.5)
    port = shop.server.port
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    shop.server.close()
    read_until(process, "Cannot ask after")
    from pressrun.providers.openai.rehearsal.server import serve

    shop.server = serve(port, state_dir=shop.folder / "server", batch_delay=0.5)
    code, out = ended(process)
    assert (code, f"made {PICTURES} failed 0" in out) == (0, True)
    assert_all_is_there(shop, PICTURES)


def test_what_is_in_batch_counts_against_the_next_run_s_cap(open_shop: Any) -> None:
    shop = open_shop(batch_delay=1.0)
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    kill(process)
    committed = shop.journal.spending().in_batch
    assert committed > 0
    bought = shop.acquire(*barns(PICTURES), "one more barn", run="second", cap=str(committed))
    assert len(bought.made) == PICTURES
    assert {finding.code for finding in bought.failed.values()} == {"over-budget"}
    assert shop.charged_usd <= committed


def test_what_was_collected_leaves_that_much_less_for_direct_calls(open_shop: Any) -> None:
    shop = open_shop(batch_delay=1.0, faults=[{"fault": "batch_expired", "done": 0.5, "times": None}])
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    kill(process)
    committed = shop.journal.spending().in_batch  # ten pictures at half the price, of which five will come
    bought = shop.acquire(*barns(PICTURES), run="second", cap=str(committed))
    assert shop.lanes == {"batch": 5, "direct": 2}
    assert len(bought.made) == 7
    assert shop.charged_usd <= committed


def test_the_direct_lane_takes_no_picture_that_is_in_a_batch(open_shop: Any) -> None:
    shop = open_shop(batch_delay=3.0)
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    kill(process)
    bought = shop.acquire(*barns(PICTURES), "one more barn", run="second", choice=DIRECT)
    assert len(bought.made) == 1
    assert {finding.code for finding in bought.failed.values()} == {"in-batch"}
    third = shop.acquire(*barns(PICTURES), run="third", retry_unknown=True)
    assert not third.failed
    assert shop.lanes == {"batch": PICTURES, "direct": 1}
    assert not open_rows(shop.journal)


def test_a_batch_of_another_account_is_left_alone_until_somebody_says_so(open_shop: Any) -> None:
    shop = open_shop(batch_delay=30.0)
    process = start(shop, "first")
    for _ in range(BATCHES):
        read_until(process, "Handed in")
    kill(process)
    for path in (shop.folder / "server" / "batches").iterdir():
        path.unlink()
    shop.restart_server(batch_delay=0)
    bought = shop.acquire(*barns(PICTURES), run="second", choice=BATCH)
    assert {finding.code for finding in bought.failed.values()} == {"in-batch"}
    assert "does not know" in next(iter(bought.failed.values())).message
    third = shop.acquire(*barns(PICTURES), run="third", retry_unknown=True)
    assert len(third.made) == PICTURES
    assert len(shop.attempts("written_off")) == PICTURES
