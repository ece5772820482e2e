"""The plan: every task of a run with its key, before anything is made or paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pressrun.model.finding import Finding
from pressrun.model.job import Row
from pressrun.model.picture import PictureRequest


@dataclass(frozen=True, slots=True)
class PictureTask:
    """One picture to have: ``uses`` counts the sheets that share it; ``quoted_usd`` is None where unknown."""

    key: str
    slot: str
    master: str
    request: PictureRequest
    template: str
    row: str
    uses: int
    quoted_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class SlotUse:
    """A placement's master: the picture's key, and the point on it where a product stands; None where the job names
    none, and it is up to whoever makes the picture."""

    slot: str
    master: str
    key: str
    size: tuple[int, int]
    stage: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """One page to be made: a row in a layout, with the paths of its files by format; ``fault`` if its row is unusable.

    ``decision`` is what people said of it: ``approved``, or nothing.
    """

    row: Row
    layout: str
    take: int
    slots: tuple[SlotUse, ...]
    paths: tuple[tuple[str, str], ...]
    fault: Finding | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a run. ``in_store`` are the keys of pictures that need not be made again; ``finals`` are pairs of keys: a
    picture in its final quality, and the draft it is made of; ``of_rows`` is what is wrong with rows alone, and stops
    no other."""

    rows: int
    pictures: tuple[PictureTask, ...]
    sheets: tuple[PlannedSheet, ...]
    in_store: frozenset[str]
    findings: tuple[Finding, ...]
    finals: tuple[tuple[str, str], ...] = ()
    of_rows: tuple[Finding, ...] = ()

    @property
    def files(self) -> int:
        return sum(len(sheet.paths) for sheet in self.sheets)

    @property
    def to_make(self) -> tuple[PictureTask, ...]:
        return tuple(task for task in self.pictures if task.key not in self.in_store)

    @property
    def quoted_usd(self) -> Decimal | None:
        """What the missing pictures would cost; None as soon as one of them has no known price."""
        prices = [task.quoted_usd for task in self.to_make]
        return None if None in prices else sum((price for price in prices if price is not None), Decimal(0))
