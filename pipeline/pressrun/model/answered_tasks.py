"""A task as a worker in another process does it: pickled in, and what came of it pickled out, whatever that is."""

from __future__ import annotations

import pickle
import traceback
from typing import Any


def answered(bench: Any, message: bytes) -> bytes:
    """Do a task, pickled with its function, at a bench: the outcome, pickled."""
    try:
        function, task = pickle.loads(message)
        return pickled(function(bench, task))
    except Exception as error:
        return pickled(error)
    except (SystemExit, KeyboardInterrupt) as error:
        return pickled(RuntimeError(f"a task must not end its process: {error!r}"))


def pickled(outcome: object) -> bytes:
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
