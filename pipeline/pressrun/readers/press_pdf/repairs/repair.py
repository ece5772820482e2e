"""What a repair is, and what it works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import PressFile
from pressrun.readers.press_pdf.limits import PressLimits


class Repair(Struct, frozen=True):
    """Something that was mended, of one kind; ``pages`` from 1, none for what is of the file."""

    code: str
    message: str
    pages: tuple[int, ...] = ()


class Left(Struct, frozen=True):
    """Something that was not mended, and why."""

    message: str
    hint: str | None = None
    pages: tuple[int, ...] = ()


Done = Iterator[Repair | Left]


class Condition(Struct, frozen=True):
    """The printing condition that an output intent names: its ICC profile, its registered name ("" if it has none), and
    words for it."""

    profile: bytes
    registered: str
    words: str


class Patient(Struct, frozen=True):
    """A file under repair: opened, as it was read before, its budget, and what is asked. ``size`` is that of the
    trimmed page in mm, None where the file itself has to tell; ``digest`` is its SHA-256, ``date`` a PDF date for what
    has none."""

    pdf: pikepdf.Pdf
    file: PressFile
    budget: Budget
    limits: PressLimits
    condition: Condition | None
    size: tuple[float, float] | None
    digest: str
    date: str


Mender = Callable[[Patient], Done]
