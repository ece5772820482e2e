"""Ctrl-C while money is on its way: the first asks to end, the second to end now. To be terminated, and to lose the
terminal, are ways of being asked."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

from pressrun.model.signals import asking_to_end


class Bell:
    """Counts how often somebody asked to end."""

    def __init__(self) -> None:
        self.rings = 0


@contextlib.contextmanager
def listening(wake: Callable[[], None]) -> Iterator[Bell]:
    """Count interrupts instead of raising them, and call ``wake`` (which must be safe in a signal handler) at each.

    Only the main thread hears signals: in any other the bell stays silent, and whoever runs it handles them.
    """
    bell = Bell()
    if threading.current_thread() is not threading.main_thread():
        yield bell
        return

    def ring(number: int, frame: object) -> None:
        bell.rings += 1
        wake()

    before = {number: signal.signal(number, ring) for number in asking_to_end()}
    try:
        yield bell
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
