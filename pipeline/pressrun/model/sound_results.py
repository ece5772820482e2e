"""What is known of and in the store too: asked in one way, for many at once. Asking changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import TypeVar

from pressrun.model.journal.results import DamagedRow, Result, Results
from pressrun.model.picture import PictureMade
from pressrun.model.store import Store

T = TypeVar("T")


def stored_as(read: Callable[[Result], T], results: Results, store: Store, keys: Iterable[str]) -> dict[str, T]:
    """What `read` makes of the results of those keys that have one which can be read, and whose bytes are here and
    sound."""
    known = results.lookup(keys)
    sound = store.present((result.digest for result in known.values()), recorded=True)
    found: dict[str, T] = {}
    for key, result in known.items():
        if result.digest in sound:
            with contextlib.suppress(DamagedRow):
                found[key] = read(result)
    return found


def stored(results: Results, store: Store, keys: Iterable[str]) -> dict[str, PictureMade]:
    """The pictures of those keys that are here."""
    return stored_as(PictureMade.of, results, store, keys)


def make_room(results: Results, store: Store, keys: Iterable[str]) -> None:
    """Before these are made again: forget results that are damaged, or whose bytes are lost, since what may be paid is
    never replaced."""
    known = results.lookup(keys)
    there = stored(results, store, known)
    for key, result in known.items():
        if key not in there:
            results.forget(key, result.digest)
