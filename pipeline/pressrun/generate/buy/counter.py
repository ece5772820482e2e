"""Where calls to one provider leave: its client, its pace, and whether its calls still bring anything."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from pressrun.generate.buy.breaker import Breaker, kind_of
from pressrun.generate.buy.call import Caller
from pressrun.generate.buy.order import Order
from pressrun.generate.buy.pace import Pacer
from pressrun.generate.buy.terms import Terms
from pressrun.generate.buy.uploads import Uploads
from pressrun.model.journal import Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask
from pressrun.model.store import Store


class Counter:
    """One provider that this run buys from. Raises MissingTool where there is no key for it."""

    def __init__(
        self, provider: PaidProvider, environment: Mapping[str, str], store: Store, journal: Journal, terms: Terms
    ) -> None:
        self.provider = provider
        self.client = provider.open_client(environment)
        limit = terms.budget.limit if terms.budget else None
        offer = provider.offer("batch") if provider.uploads() else None
        self.desk = provider.open_desk(environment, offer.lane) if offer else None
        uploads = Uploads(self.desk, offer.address, store, journal) if self.desk and offer else None
        self.caller = Caller(provider, self.client, store, journal, terms.run, limit, uploads)
        self.pacer = Pacer(provider.limits(), terms.minute, time.monotonic())
        self.breaker = Breaker()

    def close(self) -> None:
        """Hang up."""
        self.client.close()
        if self.desk:
            self.desk.close()

    def ready_in(self, order: Order, now: float) -> float:
        """In how many seconds the order may leave; nobody knows while the first call of a kind is under way."""
        return math.inf if self.breaker.waits else self.pacer.ready_in(order.tokens, now, len(order.tasks))

    def order(self, tasks: Sequence[PictureTask]) -> Order:
        """These pictures, which differ in nothing but their takes, as one call."""
        request = self.provider.resolve(tasks[0].request)
        tokens = sum(self.provider.tokens(task.request) for task in tasks)
        return Order(tuple(tasks), tokens, kind_of(self.provider, request), request.model)

    def orders(self, tasks: Sequence[PictureTask]) -> Iterator[Order]:
        """Takes of the same picture in one call, as far as the provider makes several at once."""
        alike: dict[str, list[PictureTask]] = {}
        for task in tasks:
            together = self.provider.together(task.request) > 1
            name = self.provider.key(replace(task.request, take=1)) if together else task.key
            alike.setdefault(name, []).append(task)
        for group in alike.values():
            most = self.provider.together(group[0].request)
            yield from (self.order(group[at : at + most]) for at in range(0, len(group), most))
