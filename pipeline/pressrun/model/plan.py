"""The plan: every task of a run with its key, before anything is made or paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pressrun.model.finding import Finding
from pressrun.model.made_when_asked import ReadThrough

if TYPE_CHECKING:
    from pressrun.model.job import Row
    from pressrun.model.picture import PictureRequest
    from pressrun.model.provider import ProviderOptions


class PictureTask(Struct, frozen=True):
    """One picture to have of its ``provider``: ``uses`` counts the sheets that share it; ``quoted_usd`` is None where
    unknown. ``waits_for`` says which picture has to be approved before it can be asked for, if one has to."""

    key: str
    slot: str
    master: str
    request: PictureRequest
    template: str
    row: str
    uses: int
    quoted_usd: Decimal | None
    provider: ProviderOptions
    waits_for: str = ""


def by_provider(tasks: Iterable[PictureTask]) -> list[tuple[ProviderOptions, list[PictureTask]]]:
    """Pictures by whom they come from, in the order of the first of each. Two slots whose providers are written alike
    have the same one."""
    groups: list[tuple[ProviderOptions, list[PictureTask]]] = []
    for task in tasks:
        alike = (group for provider, group in groups if provider is task.provider or provider == task.provider)
        own = next(alike, None)
        if own is None:
            groups.append((task.provider, [task]))
        else:
            own.append(task)
    return groups


class SlotUse(Struct, frozen=True):
    """A placement's master: the picture's key, and the point on it where a product stands; None where the job names
    none, and it is up to whoever makes the picture. One that is not ``shown`` is had for others that go by it."""

    slot: str
    master: str
    key: str
    size: tuple[int, int]
    stage: tuple[float, float] | None
    shown: bool = True


class PlannedFile(NamedTuple):
    """A file of a sheet: its format and path. Where it is ``merged``, other rows are in it, too, and it is called as
    the first of them says."""

    format: str
    path: str
    merged: bool = False


class PlannedSheet(Struct, frozen=True):
    """One page to be made: a row in a layout, with its files; ``fault`` if its row is unusable.

    ``slots`` are the pictures that it wants, ``planned``, use by use, those that it was planned with: they differ where
    a branch, a final or an existing picture stands for a planned one. ``decision`` is what people said of it:
    ``approved``, or nothing; ``variant`` is that of its layout, where something in it was changed by hand;
    ``condition`` the printing condition that it is made for, where its job has several.
    """

    row: Row
    layout: str
    take: int
    slots: tuple[SlotUse, ...]
    files: tuple[PlannedFile, ...]
    planned: tuple[SlotUse, ...]
    fault: Finding | None = None
    decision: str = ""
    variant: str = ""
    condition: str = ""

    @property
    def drawn_by(self) -> str:
        """The name of the layout that it is drawn by, as this row has it."""
        return self.variant or self.layout

    @property
    def own(self) -> PlannedFile:
        """A file that no other row is in; where there is none, the first that it shares."""
        return next((file for file in self.files if not file.merged), self.files[0])

    @property
    def of(self) -> tuple[str, str, int]:
        """What it is of: a row's id, a layout and a take."""
        return self.row.id, self.layout, self.take


class Shown(Struct, frozen=True):
    """What a sheet has: the places in its layout of the layers that its conditions leave, and the slots whose pictures
    of its row are wanted whether it shows them or not, since others go by them."""

    layers: frozenset[int]
    slots: frozenset[str]


Passed = Callable[["Row"], Collection[str]]
"""The layouts, and variants of layouts, whose sheets nobody needs of a row."""


def _none_passed(row: Row) -> Collection[str]:
    return ()


class SheetsAgain(ReadThrough[PlannedSheet]):
    """Sheets that are worked out anew, and the same, whenever somebody goes through them: of a million only a few are
    in memory. ``files`` and ``by_layout`` (sheets) count them; ``uses`` are the pictures on them, each once, if that is
    known already."""

    def __init__(
        self, again: Callable[[bool, Passed], Iterator[PlannedSheet]], by_layout: Mapping[str, int], files: int,
        uses: tuple[SlotUse, ...] | None = None,
    ) -> None:  # fmt: skip
        self._again, self._uses = again, uses
        self.by_layout, self.files = by_layout, files

    def __iter__(self) -> Iterator[PlannedSheet]:
        return self._again(True, _none_passed)

    def without_names(self, passed: Passed | None = None) -> Iterator[PlannedSheet]:
        """The sheets without their files, whose names take as long to work out as all else, and without those that are
        ``passed``."""
        return self._again(False, passed or _none_passed)

    def __len__(self) -> int:
        return sum(self.by_layout.values())

    @property
    def uses(self) -> tuple[SlotUse, ...]:
        if self._uses is None:
            self._uses = tuple(dict.fromkeys(use for sheet in self.without_names() for use in sheet.slots))
        return self._uses

    def changed(self, change: Callable[[PlannedSheet], PlannedSheet]) -> SheetsAgain:
        """Likewise with other pictures or faults: as many sheets, and files."""
        again = self._again
        return SheetsAgain(lambda named, passed: map(change, again(named, passed)), self.by_layout, self.files)


class Plan(Struct, frozen=True):
    """All of a run. ``pictures`` are those that its sheets show, in the order in which they are bought; ``planned`` are
    all that it was planned with, shown or not. ``in_store`` are the keys of pictures that need not be made again;
    ``finals`` are pairs of keys: a picture in its final quality, and the draft it is made of; ``of_rows`` is what is
    wrong with rows alone, and stops no other; ``waiting`` are pictures that cannot be asked for before others are
    approved, whose sheets are left out."""

    rows: int
    pictures: tuple[PictureTask, ...]
    sheets: Sequence[PlannedSheet]
    planned: tuple[PictureTask, ...]
    findings: tuple[Finding, ...]
    in_store: frozenset[str] = frozenset()
    finals: tuple[tuple[str, str], ...] = ()
    of_rows: tuple[Finding, ...] = ()
    waiting: tuple[PictureTask, ...] = ()

    def with_sheets(self, sheets: Iterable[PlannedSheet], standing_in: Iterable[PictureTask] = ()) -> Plan:
        """The plan with these sheets, and with the pictures that they show, their uses counted. ``standing_in`` are
        those that the plan does not know yet. Each has the place of the first planned picture that it stands for: the
        order of the plan's pictures is that of purchase, and stays."""
        sheets = sheets if isinstance(sheets, SheetsAgain) else tuple(sheets)
        tasks = {task.key: task for task in (*self.planned, *self.pictures, *standing_in)}
        order = {task.key: number for number, task in enumerate(self.planned)}
        uses: dict[str, int] = {}
        places: dict[str, int] = {}
        for sheet in sheets:
            for planned, use in zip(sheet.planned, sheet.slots, strict=True):
                uses[use.key] = uses.get(use.key, 0) + 1
                places[use.key] = min(order[planned.key], places.get(use.key, order[planned.key]))
        pictures = tuple(replace(tasks[key], uses=uses[key]) for key in sorted(places, key=places.__getitem__))
        return replace(self, sheets=sheets, pictures=pictures)

    def with_faults(self, faults: Mapping[tuple[str, str, int], Finding], told: Iterable[Finding]) -> Plan:
        """The plan with sheets that cannot be made, by what they are of, and so want no pictures; all that is ``told``
        of them is wrong with their rows alone."""
        told = tuple(told)
        if not faults:
            return replace(self, of_rows=(*self.of_rows, *told)) if told else self

        def marked(sheet: PlannedSheet) -> PlannedSheet:
            fault = faults.get(sheet.of)
            return replace(sheet, slots=(), planned=(), fault=fault) if fault else sheet

        known = self.sheets
        sheets = known.changed(marked) if isinstance(known, SheetsAgain) else map(marked, known)
        return replace(self.with_sheets(sheets), of_rows=(*self.of_rows, *told))

    def with_stored(self, keys: Iterable[str]) -> Plan:
        """The plan with the knowledge which of its pictures need not be made again."""
        return replace(self, in_store=frozenset(keys))

    def with_findings(self, findings: Iterable[Finding]) -> Plan:
        """The plan with these findings behind its own."""
        return replace(self, findings=(*self.findings, *findings))

    @property
    def files(self) -> int:
        sheets = self.sheets
        return sheets.files if isinstance(sheets, SheetsAgain) else sum(len(sheet.files) for sheet in sheets)

    @property
    def by_layout(self) -> Mapping[str, int]:
        """How many sheets each layout has."""
        sheets = self.sheets
        return sheets.by_layout if isinstance(sheets, SheetsAgain) else Counter(sheet.layout for sheet in sheets)

    def nameless(self, passed: Passed | None = None) -> Iterable[PlannedSheet]:
        """The sheets for who does not ask for their files; where they are worked out again, without those of layouts
        that are ``passed`` for a row."""
        return self.sheets.without_names(passed) if isinstance(self.sheets, SheetsAgain) else self.sheets

    @property
    def uses(self) -> tuple[SlotUse, ...]:
        """The pictures on all sheets, each once."""
        if isinstance(self.sheets, SheetsAgain):
            return self.sheets.uses
        return tuple(dict.fromkeys(use for sheet in self.sheets for use in sheet.slots))

    @property
    def to_make(self) -> tuple[PictureTask, ...]:
        return tuple(task for task in self.pictures if task.key not in self.in_store)

    @property
    def quoted_usd(self) -> Decimal | None:
        """What the missing pictures would cost; None as soon as one of them has no known price."""
        prices = [task.quoted_usd for task in self.to_make]
        return None if None in prices else sum((price for price in prices if price is not None), Decimal(0))
