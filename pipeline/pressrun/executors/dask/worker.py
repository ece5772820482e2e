"""The worker's side: a bench for each thread and kit, and one task after the other at it."""

from __future__ import annotations

import contextlib
import pickle
import sys
import threading
import traceback
from typing import Any

from msgspec import Struct

from pressrun.model.answered_tasks import answered, pickled
from pressrun.model.executor import UnfitWorker

CANCELLED: set[str] = set()  # tokens of kits for which nothing more is to be done

_benches = threading.local()
_busy: dict[str, int] = {}  # thread by token of what is being done


class NoBench(Struct, frozen=True):
    """What a worker answers that was never given the kit: it came, or came again, later than the others."""


def open_bench(token: str, message: bytes) -> bytes:
    """Open a bench in the thread that works; the pickled exception, or None, that came of it."""
    try:
        opening, kit = _unpacked(message)
        bench = opening(kit)
    except Exception as error:
        return pickled(error)
    with contextlib.suppress(AttributeError):  # a bench that works longer at a task may ask
        bench.cancelled = lambda: token in CANCELLED
    _of_thread()[token] = bench
    return pickled(None)


def _unpacked(message: bytes) -> Any:
    try:
        return pickle.loads(message)
    except Exception as error:  # whatever another version makes of it
        raise UnfitWorker(f"has another Pressrun: {error}", UnfitWorker.CURE) from error


def do(token: str, message: bytes) -> bytes | NoBench:
    """A task at the thread's bench: the pickled result."""
    if token not in _of_thread():
        return NoBench()
    _busy[token] = threading.get_ident()
    try:
        return answered(_of_thread()[token], message)
    finally:
        _busy.pop(token, None)


def close_bench(token: str) -> None:
    """Close the thread's bench, if it has one."""
    bench = _of_thread().pop(token, None)
    if bench is not None:
        with contextlib.suppress(Exception):  # what it was asked for is done, and nobody listens
            bench.close()


def cancel(token: str) -> None:
    """Do nothing more with a kit; what is being done ends between two sheets. Called beside the working thread."""
    CANCELLED.add(token)


def is_here() -> bool:
    """Answered by whoever has this package. Called beside the working thread."""
    return True


def where(token: str) -> str:
    """Where the program is in what is being done. Called beside the working thread."""
    frame = sys._current_frames().get(_busy.get(token, 0))
    return "".join(traceback.format_stack(frame)).rstrip() if frame else ""


def _of_thread() -> dict[str, Any]:
    if not hasattr(_benches, "by_token"):
        _benches.by_token = {}
    by_token: dict[str, Any] = _benches.by_token
    return by_token
