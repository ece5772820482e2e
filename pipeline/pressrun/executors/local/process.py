"""The worker's side: get ready, say so, then answer one task after the other until the pipe closes."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import queue
import signal
import threading
from multiprocessing import connection
from typing import Any

from pressrun.model.answered_tasks import answered, pickled

TELL = getattr(signal, "SIGUSR1", None)  # asks a worker where it is; the answer goes into its pipe of traces


def work(
    tasks: connection.Connection[Any, Any],
    answers: connection.Connection[Any, Any],
    traces: connection.Connection[Any, Any],
) -> None:
    """A worker's life. What it is sent first is pickled: the variables of the parent, which it may not have
    been born with, how to open its bench, and the kit to open it with."""
    faulthandler.enable(traces.fileno())
    if TELL is not None:
        faulthandler.register(TELL, traces.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; what to do is the parent's to say
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        start_call = tasks.recv_bytes()
    except (EOFError, OSError):
        return  # the parent is gone
    # Emptied by a thread, so that the parent never waits for a worker that waits for the parent.
    inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    closed = threading.Event()
    threading.Thread(target=_fetch, args=(tasks, inbox, closed), daemon=True).start()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the parent is gone
        try:
            environment, open_bench, kit = pickle.loads(start_call)
            os.environ.clear()
            os.environ.update(environment)
            bench = open_bench(kit)
        except Exception as error:
            answers.send_bytes(pickled(error))
            return
        try:
            answers.send_bytes(pickled(None))
            while (message := inbox.get()) is not None and not closed.is_set():
                answers.send_bytes(answered(bench, message))
        finally:
            with contextlib.suppress(Exception):  # what it was asked for is done, and nobody listens
                bench.close()


def _fetch(
    tasks: connection.Connection[Any, Any], inbox: queue.SimpleQueue[bytes | None], closed: threading.Event
) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            inbox.put(tasks.recv_bytes())
    closed.set()  # the next task is not begun any more
    inbox.put(None)
