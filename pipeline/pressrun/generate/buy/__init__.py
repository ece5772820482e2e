"""Pictures that cost money: asked for once, within the budget, call by call or in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pressrun.generate.buy.batches.batch_lane import BatchLane
from pressrun.generate.buy.batches.parcels import open_rows
from pressrun.generate.buy.direct import Bought, Terms, buy
from pressrun.generate.buy.lanes import LaneChoice, directly_quoted
from pressrun.model.journal import Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask
from pressrun.model.progress import Progress
from pressrun.model.store import Store


def acquire(
    tasks: Sequence[PictureTask], provider: PaidProvider, store: Store, journal: Journal, terms: Terms,
    choice: LaneChoice, environment: Mapping[str, str], progress: Progress,
) -> Bought:  # fmt: skip
    """Have the pictures by the lane that was chosen; batches that already hold some of them are collected first.

    Raises what ``buy`` raises; Interrupted while it waits leaves the batches at work.
    """
    tasks = directly_quoted(tasks, provider)
    offer = provider.batches()
    wanted = {task.key for task in tasks}
    held = any(wanted & rows.keys() for rows in open_rows(journal).values())
    if offer is None or (choice.lane == "direct" and not held):
        return buy(tasks, provider, store, journal, terms, environment, progress)
    desk = provider.open_desk(environment)
    try:
        lane = BatchLane(tasks, provider, desk, offer, store, journal, terms, choice, progress)
        bought = lane.run()
    finally:
        desk.close()
    rest = [task for task in tasks if task.key not in bought.made and task.key not in bought.failed]
    if rest:
        terms = replace(terms, owed_usd=terms.owed_usd + lane.owed)
        bought.add(buy(rest, provider, store, journal, terms, environment, progress))
    return bought
