"""The worker's side: get ready, say so, then answer one task after the other until the pipe closes."""

from __future__ import annotations

import contextlib
import faulthandler
import pickle
import queue
import signal
import threading
import traceback
from multiprocessing import connection
from typing import Any

TELL = getattr(signal, "SIGUSR1", None)  # asks a worker where it is; the answer goes into its pipe of traces


def work(
    tasks: connection.Connection[Any, Any],
    answers: connection.Connection[Any, Any],
    traces: connection.Connection[Any, Any],
) -> None:
    """A worker's life. What it is sent first is pickled: how to open its bench, and the kit to open it with."""
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
            open_bench, kit = pickle.loads(start_call)
            bench = open_bench(kit)
        except Exception as error:
            answers.send_bytes(_to_send(error))
            return
        try:
            answers.send_bytes(_to_send(None))
            while (message := inbox.get()) is not None and not closed.is_set():
                answers.send_bytes(_answer(bench, message))
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


def _answer(bench: Any, message: bytes) -> bytes:
    try:
        function, task = pickle.loads(message)
        return _to_send(function(bench, task))
    except Exception as error:
        return _to_send(error)
    except (SystemExit, KeyboardInterrupt) as error:
        return _to_send(RuntimeError(f"a task must not end its process: {error!r}"))


def _to_send(outcome: object) -> bytes:
    """The outcome pickled; an exception carries where it arose, or is told in words if it does not survive the trip."""
    if isinstance(outcome, Exception):
        outcome.add_note("".join(traceback.format_exception(outcome)).rstrip())
        try:
            message = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
            pickle.loads(message)
            return message
        except Exception:
            outcome = RuntimeError(f"{type(outcome).__name__}: {outcome}", outcome.__notes__)
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
