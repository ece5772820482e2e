"""Sheets as they are now, for everybody who watches: one is drawn at a time, and whoever has a newer wish does not wait
for the older one."""

from __future__ import annotations

import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pressrun.model.finding import Finding
from pressrun.model.settings import Settings
from pressrun.readers.file_stamps import Stamps, stamps

if TYPE_CHECKING:
    from pressrun.run.preview import Preview, Wanted

KEPT = 3  # jobs whose fonts stay warm
SHARED = 32  # drawings that others may be waiting for
LOOKED = 0.2  # seconds for which files are taken to be as they were


class Drawn(NamedTuple):
    """A sheet as JPEG or WebP (empty where it cannot be made), its row, and what is found."""

    picture: bytes
    row: str
    findings: tuple[Finding, ...]


class Previews:
    """Draws sheets of jobs whose fonts stay open."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[Path, int], Preview] = OrderedDict()
        self._lock = threading.Lock()
        self._count = itertools.count(1)
        self._newest: dict[str, int] = {}  # who → the number of their newest wish
        self._begun = 0
        self._drawn: OrderedDict[tuple[Path, int, Wanted], tuple[int, Drawn]] = OrderedDict()

    def look(self, whose: str, job: Path, take: int, wanted: Wanted) -> Drawn | None:
        """The sheet as it is now; None where the same person has wished for another meanwhile. Raises InputError."""
        number = self._newest[whose] = next(self._count)
        begun, since = self._begun, time.monotonic()
        try:
            with self._lock:
                if self._newest.get(whose, number) != number:
                    return None
                key = job, take, wanted
                known = self._drawn.get(key)
                if known and known[0] > begun:  # what others waited for, too, was drawn from what is there now
                    return known[1]
                self._begun += 1
                drawn = self._draw(job, take, wanted, since)
                self._drawn[key] = self._begun, drawn
                self._drawn.move_to_end(key)
                while len(self._drawn) > SHARED:
                    self._drawn.popitem(last=False)
                return drawn
        finally:
            if self._newest.get(whose) == number:
                del self._newest[whose]

    def _draw(self, job: Path, take: int, wanted: Wanted, since: float) -> Drawn:
        from pressrun.run.preview import Preview

        preview = self._open.pop((job, take), None) or Preview(job, Settings(take=take), small=True)
        self._open[job, take] = preview
        while len(self._open) > KEPT:
            self._open.popitem(last=False)[1].close()
        first = preview.looks(wanted, since)[0]
        return Drawn(first.png, first.row, first.findings)

    def close(self) -> None:
        """Let go of the fonts."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


class Saves:
    """Counts how often files of a campaign were saved, for all who listen."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = [root / name for name in ("brands", "templates", "jobs")]
        self._clock, self._lock = clock, threading.Lock()
        self._stamps: Stamps | None = None
        self._looked_at = 0.0
        self._count = 0

    def count(self) -> int:
        """Another number than before, if a file was saved since."""
        with self._lock:
            if self._stamps is None or self._clock() - self._looked_at >= LOOKED:
                seen = stamps(self._folders)
                self._count += self._stamps is not None and seen != self._stamps
                self._stamps, self._looked_at = seen, self._clock()
            return self._count
