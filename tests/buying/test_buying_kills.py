"""Real processes killed at any moment: what the server charged is what was kept, or is told as unknown; never twice.

PRESSRUN_KILLS says how many are killed (8; a release is tried with 100).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from buyer_process import Buyer

KILLS = int(os.environ.get("PRESSRUN_KILLS", "8"))
PICTURES = 60 + 15 * KILLS  # so that none of the killed runs finishes


def start(shop: Any, run: str, retry: bool = False, takes: int = 1) -> Buyer:
    return Buyer(shop.server.base_url, shop.folder, run, PICTURES, retry, takes)


def partial_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "objects").rglob("*") if path.is_file() and path.stat().st_size == 0]


def test_charged_is_kept_or_unknown_and_never_repeated(open_shop: Any) -> None:
    shop = open_shop(latency=0.1, vary=True)
    chance = random.Random(3)
    for number in range(KILLS):
        process = start(shop, f"run {number}")
        time.sleep(chance.uniform(0.0, 0.5))
        process.kill()
        charges = shop.server.settle()["charges"]
        ledger = {str(attempt.id): attempt for attempt in shop.journal.attempts()}
        # Every charge is of an attempt that was written down, and at most once of each picture.
        assert {charge["client_request_id"] for charge in charges} <= set(ledger)
        assert max(Counter(charge["prompt_sha256"] for charge in charges).values(), default=1) == 1

    process = start(shop, "last")
    kept, codes = process.ended()
    charges = shop.server.settle()["charges"]
    charged = {charge["client_request_id"] for charge in charges}
    attempts = shop.journal.attempts()
    known = {str(attempt.id) for attempt in attempts if attempt.state == "charged"}
    unknown = {
        str(attempt.id) for attempt in [one for one in shop.journal.open_attempts() if one.standing == "unknown"]
    }
    assert known <= charged <= known | unknown
    assert kept == len(known)
    assert kept + len(unknown) == PICTURES
    # One picture more may be unknown than charged for each call that was written down and never left.
    assert len(charges) == kept + len(charged & unknown)
    assert codes == (["perhaps-charged"] if unknown else [])
    assert max(Counter(charge["prompt_sha256"] for charge in charges).values()) == 1
    assert all(shop.store.verify(str(attempt.digest)) for attempt in attempts if attempt.state == "charged")
    assert not partial_files(shop.folder)
    assert shop.journal.spent() == sum(
        (attempt.cost_usd for attempt in attempts if attempt.cost_usd is not None), start=type(shop.charged_usd)(0)
    )

    assert start(shop, "again", retry=True).ended() == (PICTURES, [])
    charges = shop.server.settle()["charges"]
    assert len(charges) == len(charged) + len(unknown)


def test_takes_of_one_call_are_kept_or_unknown_together(open_shop: Any) -> None:
    shop = open_shop(latency=0.1, vary=True)
    chance = random.Random(4)
    for number in range(-(-KILLS // 4)):
        process = start(shop, f"run {number}", takes=4)
        time.sleep(chance.uniform(0.0, 0.5))
        process.kill()
    process = start(shop, "last", takes=4)
    kept, _ = process.ended()
    charges = shop.server.settle()["charges"]
    unknown = [one for one in shop.journal.open_attempts() if one.standing == "unknown"]
    assert max(Counter(charge["prompt_sha256"] for charge in charges).values()) == 1
    assert {charge["n"] for charge in charges} == {4}
    assert kept == len([attempt for attempt in shop.journal.attempts() if attempt.state == "charged"])
    assert kept + len(unknown) == PICTURES
    assert kept <= 4 * len(charges) <= PICTURES
    paid = {charge["client_request_id"] for charge in charges}
    lost = [charge for charge in charges if charge["client_request_id"] in {str(one.id) for one in unknown}]
    assert 4 * (len(paid) - len(lost)) == kept
    assert shop.journal.spent() == sum(
        (attempt.cost_usd for attempt in shop.journal.attempts() if attempt.cost_usd), start=type(shop.charged_usd)(0)
    )
