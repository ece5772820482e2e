"""Many requests under way at once, as each of them is mostly waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

REQUESTS = 16


def at_once(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What a function answers, in order, asked some ahead; items are read only as far."""
    rest = iter(items)
    first = list(islice(rest, 2))
    if len(first) < 2:
        yield from map(function, first)
        return
    with ThreadPoolExecutor(REQUESTS) as pool:
        waiting = [pool.submit(function, item) for item in first]
        for item in rest:
            waiting.append(pool.submit(function, item))
            if len(waiting) > REQUESTS:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()
