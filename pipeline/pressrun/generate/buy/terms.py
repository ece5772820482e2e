"""On what terms pictures are bought, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field

from pressrun.generate.buy.budget import JobBudget
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask


class Terms(Struct, frozen=True):
    """``cap_usd`` in dollars for this run, within the ``budget`` of its job; ``retry_unknown`` asks again for what was
    perhaps paid. ``minute`` is the length of a minute in seconds, for rehearsals in a hurry. ``owed_usd`` counts
    against the cap as well: what batches of earlier runs came to, that this run collected. ``scratch`` is the folder
    for what is fetched before it is read; without one, the system's own."""

    run: str = ""
    cap_usd: Decimal | None = None
    retry_unknown: bool = False
    minute: float = 60.0
    owed_usd: Decimal = Decimal(0)
    scratch: Path | None = None
    budget: JobBudget | None = None


class Bought(Struct):
    """What came of it, by key. ``found`` are pictures that another run bought meanwhile; ``stopped`` is why pictures
    are missing that nobody asked for: the budget. ``lost`` were paid, or perhaps, and are to be paid again by whoever
    wants them. ``collected_usd`` was charged for attempts of earlier runs; ``saved_usd`` is what direct calls would
    have cost more than the batches did."""

    made: dict[str, PictureMade] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    failed: dict[str, Finding] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)
    stopped: PressrunError | None = None
    lost: list[PictureTask] = field(default_factory=list)
    collected_usd: Decimal = Decimal(0)
    saved_usd: Decimal = Decimal(0)

    def add(self, more: Bought) -> None:
        """Take what came of other pictures in."""
        self.made |= more.made
        self.found |= more.found
        self.failed |= more.failed
        self.notes += more.notes
        self.lost += more.lost
        self.stopped = more.stopped or self.stopped
        self.collected_usd += more.collected_usd
        self.saved_usd += more.saved_usd
