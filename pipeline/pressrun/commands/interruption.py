"""Being asked to end, by Ctrl-C or by the system, at any instant.

A signal raises KeyboardInterrupt wherever Python happens to be. If that is a function that C called back, the exception
is lost there, printed as a traceback, or comes out as an error of another kind. So it is kept as well that somebody
asked, and what was lost is asked again a moment later.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

from msgspec import Struct

from pressrun.model.signals import asking_to_end

AGAIN_AFTER = 0.05  # seconds: time to get out of the C code that lost it


class Asked(Struct):
    """True once somebody asked to end."""

    times: int = 0

    def __bool__(self) -> bool:
        return self.times > 0


def listen() -> Asked:
    """Have every signal that asks to end raise KeyboardInterrupt, and be kept."""
    asked = Asked()

    def ring(number: int, frame: object) -> None:
        asked.times += 1
        raise KeyboardInterrupt

    for number in (*asking_to_end(), signal.SIGALRM):
        signal.signal(number, ring)
    sys.unraisablehook = _lost
    return asked


def _lost(unraisable: Any) -> None:
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER)
    else:
        sys.__unraisablehook__(unraisable)


def is_listening() -> bool:
    """Whether this process is a command from its start to its end, as it is not where a program calls one."""
    return sys.unraisablehook is _lost


def stop_listening() -> None:
    """The command is done: from here on a signal ends the process without a word."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (*asking_to_end(), signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
