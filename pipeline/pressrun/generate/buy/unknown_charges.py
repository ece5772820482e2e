"""Pictures that were, or may have been, paid for before, without a picture to show for it: not asked for unbidden."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.generate.buy.findings import lane_of
from pressrun.generate.buy.unsettled import sum_of
from pressrun.model.destination import host_of
from pressrun.model.dollars import dollars
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Attempt, Money, Settlement
from pressrun.model.plan import Plan


def may_ask(journal: Money, attempts: Sequence[Attempt], retry_unknown: bool) -> bool:
    """Whether a picture with these earlier attempts may be asked for. ``retry_unknown`` writes them off, unless one of
    them is in a batch: that is not in doubt, only not there yet."""
    if not attempts:
        return True
    if not retry_unknown or any(attempt.standing == "in_batch" for attempt in attempts):
        return False
    journal.finish_attempts([Settlement(attempt.id, "written_off") for attempt in attempts if attempt.state == "open"])
    return True


def with_doubts(plan: Plan, journal: Money, retry_unknown: bool) -> Plan:
    """The plan with a note on those of its pictures that are in batches, and on those that may be paid already."""
    waiting: list[Attempt] = []
    lying: list[Attempt] = []
    doubtful: list[Attempt] = []
    for attempts in journal.paid_attempts(task.key for task in plan.to_make).values():
        in_batch = [attempt for attempt in attempts if attempt.standing == "in_batch"]
        elsewhere = [attempt for attempt in attempts if attempt.address]
        (waiting if in_batch else lying if elsewhere else doubtful).append((in_batch or elsewhere or attempts)[-1])
    notes = []
    if lying:
        hosts = ", ".join(dict.fromkeys(host_of(str(attempt.address)) for attempt in lying))
        said = f"{_counted(lying, 'is', 'are')} paid for, and not fetched yet from {hosts}"
        hint = "a run fetches what it may, and pays nothing for it"
        notes.append(Finding(Severity.NOTE, "picture-elsewhere", said, hint=hint))
    if waiting:
        lane = lane_of(waiting[-1])
        where = "in the background" if lane == "background" else "in batches"
        said = f"{_counted(waiting, 'is', 'are')} {where} under way already, ordered for {_price(waiting)}"
        hint = f"--lane {lane} collects them"
        notes.append(Finding(Severity.NOTE, "in-batch", said, hint=hint))
    if doubtful and not retry_unknown:
        said = f"{_counted(doubtful, 'was', 'were')} asked for before, for {_price(doubtful)}, and perhaps paid"
        hint = "they are left out, unless --retry-unknown asks for them again"
        notes.append(Finding(Severity.WARNING, "perhaps-charged", said, hint=hint))
    return plan.with_findings(notes)


def _counted(attempts: Sequence[Attempt], one: str, many: str) -> str:
    return f"1 of these pictures {one}" if len(attempts) == 1 else f"{len(attempts)} of these pictures {many}"


def _price(attempts: Sequence[Attempt]) -> str:
    amount = sum_of(attempts)
    return "a price nobody knows" if amount is None else dollars(amount)
