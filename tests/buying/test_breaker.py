"""What hits every call is paid for a few times and not a hundred: canaries, and runs that end by themselves."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import pytest
from msgspec.structs import replace

from pressrun.generate.buy.breaker import MOST_IN_A_ROW
from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import ProviderStopped

BARNS = [f"a red barn, number {number}" for number in range(60)]


@pytest.mark.parametrize(
    ("fault", "request_", "way_out"),
    [
        ({"fault": "html", "charge": True}, {}, "base_url"),
        ({"fault": "disconnect_after"}, {}, "stream: true"),
        ({"fault": "broken_off"}, {}, "stream: true"),
        ({"fault": "truncated"}, {}, "--retry-unknown"),
        ({"fault": "not_a_picture"}, {}, "--retry-unknown"),
        ({"fault": "empty", "charge": True}, {}, "--retry-unknown"),
        ({"fault": "wrong_alpha"}, {"background": "transparent"}, "cut the picture out"),
    ],
    ids=lambda value: value.get("fault", "") if isinstance(value, dict) else "",
)
def test_a_run_whose_answers_are_all_paid_and_lost_ends_by_itself(
    open_shop: Any, fault: dict[str, Any], request_: dict[str, Any], way_out: str
) -> None:
    shop = open_shop(faults=[{**fault, "times": None}])
    with pytest.raises(ProviderStopped, match="in a row") as caught:
        shop.buy(*BARNS, cap="10", request=request_)
    assert way_out in str(caught.value.hint)
    assert "--retry-unknown" in str(caught.value.hint)
    assert shop.charged == shop.asked() == MOST_IN_A_ROW
    # Nothing of it is lost from the books.
    states = [attempt.standing or attempt.state for attempt in shop.journal.attempts()]
    assert len(states) == MOST_IN_A_ROW
    assert set(states) <= {"in_flight", "charged"}


def test_a_call_that_the_server_is_too_slow_for_ends_it_too(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "slow", "seconds": 0.8, "times": None}])
    with pytest.raises(ProviderStopped, match=r"stream: true"):
        shop.buy(*BARNS, timeout=0.1)
    assert len(shop.journal.attempts()) == shop.charged == MOST_IN_A_ROW


def test_what_goes_wrong_in_the_middle_ends_it_as_well(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "truncated", "after": 10, "times": None}])
    with pytest.raises(ProviderStopped) as caught:
        shop.buy(*BARNS, calls=1)
    assert "10 pictures are kept" in caught.value.message
    assert shop.charged == 10 + MOST_IN_A_ROW


def test_a_lost_call_now_and_then_ends_nothing(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "truncated", "prompt": "7", "times": None}])
    bought = shop.buy(*BARNS, calls=1)
    assert len(bought.failed) == 6 > MOST_IN_A_ROW
    assert len(bought.made) == len(BARNS) - 6


def test_the_first_call_of_each_kind_goes_alone(open_shop: Any) -> None:
    shop = open_shop(latency=0.05)
    provider = shop.provider(output_format="png")
    plain, clear = (shop.tasks(BARNS[:6], provider, background=one) for one in ("opaque", "transparent"))
    buy([*plain, *clear], shop.store, shop.journal, Terms("run", minute=0.6), {}, shop.listener)
    ledger = shop.journal.attempts()
    # An attempt is written before its call leaves, so the order of the ledger is that of the calls.
    charges = {charge["client_request_id"]: charge["at"] for charge in shop.server.settle()["charges"]}
    begun = [charges[str(attempt.id)] for attempt in ledger]
    assert begun[0] <= min(begun[1:])
    clear_at = [at for attempt, at in zip(ledger, begun, strict=True) if attempt.picture in {one.key for one in clear}]
    assert clear_at[0] <= min(clear_at[1:])
    assert len(begun) == 12


def test_a_bill_above_the_quote_is_known_before_the_first_wave(open_shop: Any) -> None:
    """The server bills many times what is quoted: without a call that goes first, a wave of them crosses the cap."""
    shop = open_shop(latency=0.1)
    provider = shop.provider(quality="low")
    quoted = provider.quote(shop.tasks(BARNS[:1], provider)[0].request)
    tasks = shop.tasks(BARNS, shop.provider(quality="high"))
    cheap = [replace(task, quoted_usd=quoted) for task in tasks]
    cap = quoted * 60
    bought = buy(
        cheap, shop.store, shop.journal, Terms("run", cap, minute=0.6), {}, shop.listener
    )
    assert bought.stopped is not None
    assert 0 < shop.charged_usd <= cap


def test_what_was_lost_counts_in_what_is_still_needed(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "disconnect_after", "times": 2, "after": 1}])
    provider = shop.provider()
    price = provider.quote(shop.tasks(BARNS[:1], provider)[0].request)
    bought = shop.buy(*BARNS[:10], cap=str(price * 5), calls=1)
    assert len(bought.made) == 3
    assert bought.stopped.enough_usd >= price * 7  # five that nobody asked for, and the two that were lost
    assert "2 that were lost among it" in str(bought.stopped.hint)
    again = shop.buy(*BARNS[:10], cap=str(bought.stopped.enough_usd), run="second", retry_unknown=True)
    assert again.stopped is None
    assert len(again.made) == 10


Said = tuple[int, dict[str, Any]]


class Gateway:
    """A server that answers every call alike."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        lock, self.asked = Lock(), 0
        numbers = itertools.count(1)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:
                handler.rfile.read(int(handler.headers.get("content-length", 0)))
                with lock:
                    self.asked += 1
                    said = json.dumps({"error": error}).replace("REQUEST", f"req_{next(numbers)}ab").encode()
                handler.send_response(status)
                handler.send_header("content-type", "application/json")
                handler.send_header("content-length", str(len(said)))
                handler.end_headers()
                handler.wfile.write(said)

            def log_message(handler, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def gateway() -> Iterator[Any]:
    opened: list[Gateway] = []

    def begin(status: int, **error: Any) -> Gateway:
        opened.append(Gateway(status, error))
        return opened[-1]

    yield begin
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    ("status", "error", "way_out", "most"),
    [
        (402, {"message": "Payment required"}, "settle", 1),
        (400, {"message": "ExceededBudget: key over budget", "type": "budget_exceeded"}, "budget of the gateway", 1),
        (429, {"message": "Budget has been exceeded! Current cost: 1.2"}, "budget of the gateway", 1),
        (400, {"message": "Unknown parameter: 'moderation'. (request REQUEST)", "code": "unknown_parameter"},
         "profile", MOST_IN_A_ROW),
        (422, {"message": "Unexpected argument 'quality'"}, "profile", MOST_IN_A_ROW),
        (400, {"message": "no such deployment, request REQUEST"}, None, MOST_IN_A_ROW),
    ],
)  # fmt: skip
def test_equal_refusals_end_the_run_with_the_way_out(
    open_shop: Any, gateway: Any, status: int, error: dict[str, Any], way_out: str | None, most: int
) -> None:
    shop, server = open_shop(), gateway(status, **error)
    with pytest.raises(ProviderStopped) as caught:
        shop.buy(*BARNS, base_url=server.base_url, profile="compatible")
    assert server.asked == most
    assert way_out is None or way_out in str(caught.value.hint)
    assert str(error["message"])[:10] in caught.value.message
    assert shop.journal.spending().committed == 0
