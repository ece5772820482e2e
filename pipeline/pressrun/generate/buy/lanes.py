"""Which lane pictures take: by calls of their own now, or by batch at a part of the price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.duration import spoken
from pressrun.model.errors import InputError, MissingTool
from pressrun.model.finding import Finding, Severity
from pressrun.model.paid_provider import PaidProvider, RateLimits
from pressrun.model.plan import PictureTask, Plan, by_provider
from pressrun.model.provider import ProviderOptions
from pressrun.model.settings import Lane

CALL_SECONDS = 120.0  # of one call, where nobody knows the pace: what slow, good pictures take
CALLS_AT_ONCE = 8  # where nobody knows how many are borne
SPARE = 1.25  # of the time that direct calls are thought to take, so that they end before the deadline
SPEAKER = "what its language model takes comes on top, and is in no quote (write `speaker_price:` in the provider)"
LEAST_SECONDS = 1800.0  # a batch that has less time than this is hardly begun


class LaneChoice(Struct, frozen=True):
    """A lane, and ``why`` it was picked. ``until``: seconds after which what has not come by batch is bought directly.

    ``asked_for`` says that somebody named the lane, so that nothing else will do where it cannot be had.
    """

    lane: Literal["direct", "batch", "background"]
    why: str = ""
    until: float | None = None
    asked_for: bool = True


def choose(lane: Lane, deadline: float | None, count: int, provider: ProviderOptions) -> LaneChoice:
    """The lane for ``count`` pictures; ``deadline`` in seconds from now. Raises MissingTool where batches were asked
    for and are not taken, InputError where the deadline leaves no time for them.

    A batch has a window and may take all of it. With a deadline before its end, the pictures wait in the batch as long
    as direct calls could still make what is left, and then it is cancelled.
    """
    if lane == "direct" or not isinstance(provider, PaidProvider):
        return LaneChoice("direct")
    offer = provider.offer("background" if lane == "background" else "batch")
    if lane == "background":
        if offer is None:
            raise MissingTool("the provider makes no pictures in the background", "run it with --lane direct")
        return LaneChoice("background")
    if offer is None:
        if lane == "batch":
            raise MissingTool("the provider takes no batches", "run it with --lane direct")
        return LaneChoice("direct", "the provider takes no batches", asked_for=False)
    asked_for = lane == "batch"
    if deadline is None or deadline >= offer.seconds:
        told = f"the deadline leaves the {spoken(offer.seconds)} that a batch may take"
        return LaneChoice("batch", "" if asked_for else told, asked_for=asked_for)
    needed = direct_seconds(count, provider.limits())
    until = deadline - needed
    if until < LEAST_SECONDS:
        what = "1 picture" if count == 1 else f"{count} pictures"
        told = f"{what} may take {spoken(needed)} by direct calls, and the deadline leaves no time for a batch before"
        if asked_for:
            raise InputError([Finding(Severity.ERROR, "no-time-for-a-batch", told, hint="write --lane auto")])
        return LaneChoice("direct", told, asked_for=False)
    return LaneChoice("batch", f"what has not come after {spoken(until)} is bought directly", until, asked_for)


def direct_seconds(count: int, limits: RateLimits) -> float:
    """How long direct calls for so many pictures may take, rather too long than too short."""
    at_once = min(CALLS_AT_ONCE, limits.calls)
    seconds = count * 60 / limits.images if limits.images else count * CALL_SECONDS / at_once
    return SPARE * seconds + CALL_SECONDS


def model_of(task: PictureTask) -> str:
    """The model that draws it."""
    return task.provider.resolve(task.request).model if isinstance(task.provider, PaidProvider) else ""


def lane_quote(task: PictureTask, provider: PaidProvider, lane: str) -> Decimal | None:
    """What the picture costs by a lane, in dollars; None where nobody knows."""
    quote, price = provider.quote(task.request), provider.lane_price(task.request, lane)
    return None if quote is None else quote * price.part + (price.more or 0)


def quoted_for(plan: Plan, lane: Lane, deadline: float | None) -> Plan:
    """The plan with the prices of the lanes its pictures will take, and a note on what that means for each provider
    that is paid. Keys never change: they do not know the lane. Raises what `choose` raises."""
    if lane == "direct":
        return plan
    groups = by_provider(task for task in plan.to_make if task.provider.PAID)
    for provider, tasks in groups:
        assert isinstance(provider, PaidProvider)
        choice = choose(lane, deadline, len(tasks), provider)
        slots = " and ".join(dict.fromkeys(task.slot for task in tasks))
        what = f"pictures of {slots}" if len(groups) > 1 else "pictures"
        if choice.lane == "direct":
            plan = _with_note(plan, f"{what} by direct calls: {choice.why}")
            continue
        quotes = {task.key: lane_quote(task, provider, choice.lane) for task in tasks}
        by_lane = [
            replace(task, quoted_usd=quotes[task.key]) if task.key in quotes else task for task in plan.pictures
        ]
        plan = replace(plan, pictures=tuple(by_lane))
        prices = {model_of(task): provider.lane_price(task.request, choice.lane) for task in tasks}
        if choice.lane == "background":
            unknown = any(price.more is None for price in prices.values())
            plan = _with_note(plan, f"{what} in the background{f': {SPEAKER}' if unknown else ''}")
            continue
        before, after = _sum(task.quoted_usd for task in tasks), _sum(quotes.values())
        saving = "" if before is None or after is None else f", for ${before - after:.2f} less than by direct calls"
        said = f"{what} by batch{saving}{': ' if choice.why else ''}{choice.why}"
        if models := ", ".join(model for model, price in prices.items() if not price.confirmed):
            said += f"; that batches cost less is not confirmed for {models}, and they are quoted and booked in full"
        plan = _with_note(plan, said)
    return plan


def _sum(quotes: Iterable[Decimal | None]) -> Decimal | None:
    quotes = list(quotes)
    return None if None in quotes else sum((quote for quote in quotes if quote is not None), Decimal(0))


def _with_note(plan: Plan, said: str) -> Plan:
    return plan.with_findings([Finding(Severity.NOTE, "lane", said)])


def directly_quoted(tasks: Sequence[PictureTask]) -> list[PictureTask]:
    """Pictures at the prices of calls of their own."""
    return [replace(task, quoted_usd=task.provider.quote(task.request)) for task in tasks]
