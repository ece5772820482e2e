"""What is said of money that is not settled, with the way on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pressrun.generate.buy.findings import lane_of
from pressrun.generate.buy.unsettled import Outstanding, sum_of
from pressrun.model.journal import Attempt, Batch, Journal

JOBS_LISTED = 3


def outstanding_lines(found: Outstanding, root: Path) -> Iterator[str]:
    """For people. ``root`` is the campaign's folder: the commands name its jobs."""
    if found.batches:
        yield "under way: batches, or pictures in the background, that go on by themselves, and are collected once"
        for one in found.batches:
            yield f"  {_name(one.batch)}: {_pictures(len(one.attempts))}, {_price(one.quoted_usd)}"
        rows = [attempt for one in found.batches for attempt in one.attempts]
        for lane in dict.fromkeys(lane_of(row) for row in rows):
            alike = [row for row in rows if lane_of(row) == lane]
            yield from (f"  to collect what is done: {command} --lane {lane}" for command in _commands(alike, root))
    if found.unknown:
        price = _price(sum_of(found.unknown))
        yield f"perhaps charged: {len(found.unknown)} asked for without an answer that could be kept, {price}"
        for attempt in found.unknown:
            yield (
                f"  #{attempt.id} {attempt.provider} {attempt.model} {_price(attempt.quoted_usd)}, "
                f"picture {attempt.picture[:12]}{_of(attempt)}"
            )
        for command in _commands(found.unknown, root):
            yield f"  they are asked for again, and perhaps paid twice, only by: {command} --retry-unknown"


def ledger_line(journal: Journal) -> str:
    """What all runs together were charged."""
    charged = [attempt for attempt in journal.attempts() if attempt.state == "charged"]
    return f"In the ledger: {_pictures(len(charged))} charged, ${journal.spent():,.2f}"


def outstanding_data(found: Outstanding) -> list[dict[str, Any]]:
    """The batches, for machines."""
    return [
        {
            "batch": one.batch.id, "remote": one.batch.remote, "state": one.batch.state,
            "address": one.batch.shard.get("address"), "pictures": len(one.attempts),
            "quoted_usd": None if one.quoted_usd is None else str(one.quoted_usd),
            "runs": sorted({attempt.run for attempt in one.attempts}),
        }
        for one in found.batches
    ]  # fmt: skip


def _name(batch: Batch) -> str:
    if batch.remote:
        return batch.remote
    doing = "being handed in" if batch.alive else "its handing in was cut short: the next run looks whether it arrived"
    return f"{batch.id} ({doing})"


def _of(attempt: Attempt) -> str:
    """What was asked for, as its run noted it."""
    detail = attempt.detail
    name = "/".join(str(detail[part]) for part in ("slot", "master") if detail.get(part))
    take = f"take {detail['take']}" if detail.get("take", 1) != 1 else ""
    said = [name, str(detail.get("size", "")), take, f"row {detail['row']}" if detail.get("row") else ""]
    said = [part for part in said if part]
    return f": {', '.join(said)}" if said else ""


def _commands(attempts: Sequence[Attempt], root: Path) -> list[str]:
    """The commands that run the jobs these attempts were made for, as far as the jobs are still there."""
    names = {attempt.run.split("-", 2)[2] for attempt in attempts if attempt.run.count("-") >= 2}
    names |= {re.sub(r"-\d+$", "", name) for name in names}  # of runs that began in the same second
    jobs = sorted(path.relative_to(root).as_posix() for path in root.glob("jobs/**/*.yaml") if path.stem in names)
    return [f"pressrun run {job}" for job in jobs[:JOBS_LISTED]] or ["pressrun run JOB"]


def _price(amount: Decimal | None) -> str:
    if amount is None:
        return "no price known"
    return f"quoted ${amount:.4g}" if 0 < amount < 1 else f"quoted ${amount:,.2f}"


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
