"""Where sheets are drawn for a look: jobs stay open there, with their fonts, as long as somebody changes them."""

from __future__ import annotations

import gc
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from pressrun.model.finding import Finding
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.model.executor import Executor
    from pressrun.run.looks.preview import Preview, Wanted

KEPT = 3  # jobs whose fonts stay warm
DEADLINE = 120.0  # seconds that a look may take in a process of its own
THOROUGH = 50  # rests after which what older looks left is swept, too


class Drawn(NamedTuple):
    """A sheet as JPEG or WebP (empty where it cannot be made), its row, what is found, and whether there are stand-ins
    for pictures that are not there yet."""

    picture: bytes
    row: str
    findings: tuple[Finding, ...]
    stood_in: bool = False


class Subject(NamedTuple):
    """What is to be drawn: of a job and a take, as its files were after ``since`` (of the monotonic clock, which all
    processes of a machine share). Pictures that the job's own quality has none of are looked for as a ``draft``."""

    job: Path
    take: int
    wanted: Wanted
    since: float
    draft: str = ""


class Easel(Protocol):
    """Draws one sheet at a time."""

    def draw(self, subject: Subject) -> Drawn:
        """Raises InputError where the campaign cannot be read as it is."""
        ...

    def rest(self) -> None:
        """What would else come in the middle of a look is done now, when nobody waits."""
        ...

    def close(self) -> None:
        """Let go of the fonts; it may be drawn at again."""
        ...


class Here:
    """An easel in this process. What lives long (programs, fonts, the records of runs) is kept out of sweeping, which
    would take three times as long as a look."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[Path, int, str], Preview] = OrderedDict()
        self._opened = self._let_go = False
        self._rests = 0

    @classmethod
    def set_up(cls, _: None) -> Self:
        return cls()

    def draw(self, subject: Subject) -> Drawn:
        from pressrun.run.looks.preview import Preview

        with without_sweeping():
            for quality in dict.fromkeys(("", subject.draft)):
                preview = self._preview((subject.job, subject.take, quality), Preview)
                first = preview.looks(subject.wanted, subject.since)[0]
                if not first.stand_ins:
                    break
        return Drawn(first.png, first.row, first.findings, bool(first.stand_ins))

    def _preview(self, of: tuple[Path, int, str], opens: type[Preview]) -> Preview:
        preview = self._open.pop(of, None)
        if preview is None:
            job, take, quality = of
            preview, self._opened = opens(job, Settings(take=take, quality=quality or None), small=True), True
        self._open[of] = preview
        while len(self._open) > KEPT:
            self._open.popitem(last=False)[1].close()
            self._let_go = True
        return preview

    def rest(self) -> None:
        self._rests += 1
        if self._let_go:
            gc.unfreeze()
            gc.collect()
        if self._let_go or self._opened:
            gc.freeze()
            self._let_go = self._opened = False
        else:
            gc.collect(1 if self._rests % THOROUGH else 2)

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
        gc.unfreeze()


class Elsewhere:
    """An easel in a process of its own, which is started with the first sheet: one that breaks takes nothing with
    it."""

    def __init__(self) -> None:
        self._process: Executor | None = None

    def draw(self, subject: Subject) -> Drawn:
        from pressrun import registry

        if self._process is None:
            self._process = registry.executor("local").open(Here.set_up, None, 1)
        [(_, drawn)] = self._process.run([subject], Here.draw, deadline=DEADLINE)
        if isinstance(drawn, Exception):
            raise drawn
        return drawn

    def rest(self) -> None:
        pass  # it sweeps on its own, between two sheets

    def close(self) -> None:
        process, self._process = self._process, None
        if process:
            process.close()
