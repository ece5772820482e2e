"""A few pictures of each kind go ahead by batch; the others follow once one of that kind has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from pressrun.generate.buy.breaker import MOST_IN_A_ROW, Breaker, kind_of
from pressrun.generate.buy.order import Ended
from pressrun.model.errors import ProviderStopped
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.plan import PictureTask


class Trial:
    """``proven`` are kinds of which a picture came before, in this run or any other."""

    def __init__(self, tasks: Iterable[PictureTask], provider: PaidProvider, proven: Collection[str]) -> None:
        self._kinds = {task.key: kind_of(provider, provider.resolve(task.request)) for task in tasks}
        self._proven = set(proven)
        self._breaker = Breaker()

    def portion(
        self, tasks: Sequence[PictureTask], under_way: Iterable[str]
    ) -> tuple[list[PictureTask], list[PictureTask]]:
        """Those of the pictures that may be handed in while the ones of these keys are under way, and the others."""
        busy = {self._kinds[key] for key in under_way if key in self._kinds}
        ahead: Counter[str] = Counter()
        now: list[PictureTask] = []
        later: list[PictureTask] = []
        for task in tasks:
            kind = self._kinds[task.key]
            if kind not in self._proven:
                ahead[kind] += 1
            (later if ahead[kind] > (0 if kind in busy else MOST_IN_A_ROW) else now).append(task)
        return now, later

    def came(self, ended: Iterable[Ended]) -> ProviderStopped | None:
        """A batch was collected; what the run ends with, if nothing more should be asked for."""
        kinds: dict[str, list[Ended]] = {}
        for end in ended:
            kinds.setdefault(self._kinds[end.task.key], []).append(end)
        for kind, alike in kinds.items():
            if any(end.made is not None for end in alike):
                self._proven.add(kind)
                self._breaker.proved(kind)
                continue
            for end in alike:
                if stop := self._breaker.came(kind, [end]):
                    return stop
        return None

    def alike(self, tasks: Iterable[PictureTask], one: PictureTask) -> list[PictureTask]:
        """Those of the pictures that are of the same kind as this one."""
        return [task for task in tasks if self._kinds[task.key] == self._kinds[one.key]]
