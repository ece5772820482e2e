"""When Python looks for memory that hangs together and is not used any more: on its own it does so whenever enough was
made, and looks through all that lives, which may take longer than what it interrupts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_sweeping(keeping: bool = False) -> Iterator[None]:
    """Nothing is looked for meanwhile, in the whole process; with ``keeping`` what was made lives on, and is not looked
    through behind it either."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if keeping and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()


@contextmanager
def seldom_sweeping() -> Iterator[None]:
    """It is looked for less often meanwhile: a run keeps most of what it makes, and looking for garbage in that took a
    tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
