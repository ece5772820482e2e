"""Pictures that cost money: asked for once, each of its own provider, within the budget, call by call or in batches."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from pressrun.generate.buy.batches.batch_lane import BatchLane, in_words
from pressrun.generate.buy.batches.parcels import open_rows
from pressrun.generate.buy.batches.patience import Patience, Rung
from pressrun.generate.buy.budget import Cap
from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.interrupts import listening
from pressrun.generate.buy.lanes import LaneChoice, directly_quoted
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.model.errors import Interrupted
from pressrun.model.journal import Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask, by_provider
from pressrun.model.progress import Progress
from pressrun.model.store import Store

Choose = Callable[[PaidProvider, int], LaneChoice]
"""The lane for so many pictures of a provider."""


def acquire(
    tasks: Sequence[PictureTask], store: Store, journal: Journal, terms: Terms, choose: Choose,
    environment: Mapping[str, str], progress: Progress,
) -> Bought:  # fmt: skip
    """Have the pictures by the lanes that are chosen; batches that already hold some of them are collected first. All
    batches are handed in before any is waited for.

    Raises what ``buy`` raises; Interrupted while it waits leaves the batches at work.
    """
    tasks = directly_quoted(tasks)
    committed = journal.spending(terms.run).committed if terms.run else Decimal(0)
    cap = Cap(terms.cap_usd, committed, budget=terms.budget, factors=journal.factors())
    patience = Patience(terms.minute)
    held = {key for rows in open_rows(journal).values() for key in rows}
    with contextlib.ExitStack() as leaving:
        lanes = []
        for provider, group in by_provider(tasks):
            assert isinstance(provider, PaidProvider)
            choice = choose(provider, len(group))
            for offer in provider.offers():
                if choice.lane != offer.lane and not any(task.key in held for task in group):
                    continue
                desk = provider.open_desk(environment, offer.lane)
                leaving.callback(desk.close)
                own = choice if choice.lane == offer.lane else LaneChoice("direct")
                lanes.append(
                    BatchLane(group, provider, desk, offer, store, journal, terms, own, cap, patience, progress)
                )
        bought = _by_batch(lanes, patience)
    rest = [task for task in tasks if task.key not in bought.made and task.key not in bought.failed]
    if rest:
        terms = replace(terms, owed_usd=sum((lane.owed for lane in lanes), terms.owed_usd))
        bought.add(buy(rest, store, journal, terms, environment, progress, bought.lost))
    return bought


def _by_batch(lanes: Sequence[BatchLane], patience: Patience) -> Bought:
    with listening(patience.wake) as patience.bell:
        try:
            for lane in lanes:
                lane.begin()
            for lane in lanes:
                lane.wait()
        except Rung:
            raise _interrupted(lanes) from None
        finally:
            for lane in lanes:
                lane.let_go()
    bought = Bought()
    for lane in lanes:
        if lane.ending is not None:
            raise lane.ending
        lane.conclude()
        bought.add(lane.bought)
    return bought


def _interrupted(lanes: Sequence[BatchLane]) -> Interrupted:
    parcels = [parcel for lane in lanes for parcel in lane.parcels]
    pictures = sum(len(parcel.attempts) for parcel in parcels)
    waiting = sum(len(lane.waiting) for lane in lanes)
    if not pictures:
        return Interrupted("interrupted; what is paid is kept")
    stays, it = ("stay", "they are") if len(parcels) > 1 else ("stays", "it is")
    batches, held = in_words(len(parcels), "batch", "batches"), in_words(pictures, "picture", "pictures")
    what = held if pictures == len(parcels) else f"{batches} with {held}"
    rest = f"; {in_words(waiting, 'picture is', 'pictures are')} not handed in yet" if waiting else ""
    return Interrupted(
        f"interrupted; {what} {stays} at work, and {it} paid for{rest}",
        "run the same command again to collect what is done",
    )
