"""The one file that imports watchfiles: which files somebody has saved."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles

STEP = 20  # milliseconds without a further change, after which a save is taken to be whole


class _Authored(watchfiles.DefaultFilter):
    """Not what editors and runs keep beside what people write."""

    def __init__(self, left_out: Iterable[Path]) -> None:
        super().__init__(ignore_paths=[str(folder) for folder in left_out])

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        return super().__call__(change, path) and not Path(path).name.startswith(".")


def saves(
    folders: Iterable[Path], left_out: Iterable[Path], stop: threading.Event | None = None
) -> Iterator[frozenset[Path]]:
    """The files that change in these folders and those below them, as they do, but for folders that are left out. Ends
    with KeyboardInterrupt, or once it is to ``stop``."""
    told = watchfiles.watch(
        *folders, watch_filter=_Authored(left_out), step=STEP, debounce=20 * STEP, stop_event=stop
    )  # fmt: skip
    for changes in told:
        yield frozenset(Path(path) for _, path in changes)
