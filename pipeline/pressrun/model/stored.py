"""What is known of and in the store too: asked in one way, for many at once. Asking changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from pressrun.model.journal.results import Result, Results
from pressrun.model.picture import PictureMade
from pressrun.model.store import Store


def results_stored(results: Results, store: Store, keys: Iterable[str]) -> dict[str, Result]:
    """The results of those keys that have one whose bytes are here and sound."""
    known = results.lookup(keys)
    sound = store.present(result.digest for result in known.values())
    return {key: result for key, result in known.items() if result.digest in sound}


def stored(results: Results, store: Store, keys: Iterable[str]) -> dict[str, PictureMade]:
    """The pictures of those keys that are here."""
    return {key: PictureMade.of(result) for key, result in results_stored(results, store, keys).items()}


def make_room(results: Results, store: Store, keys: Iterable[str]) -> None:
    """Before these are made again: forget results whose bytes are lost, since what may be paid is never replaced."""
    known = results.lookup(keys)
    sound = store.present(result.digest for result in known.values())
    for key, result in known.items():
        if result.digest not in sound:
            results.forget(key, result.digest)
