"""plan: prompts x masters x layouts x formats become keyed tasks with a price. Pure: printing it is the dry run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from pressrun.model.errors import InputError, RowUnusable
from pressrun.model.finding import Finding, Place, few_of_each_cause
from pressrun.model.format_kind import FormatKind
from pressrun.model.job import Job, Prompt, Row
from pressrun.model.layout import Layout
from pressrun.model.picture import PictureRequest
from pressrun.model.plan import Passed, PictureTask, Plan, PlannedFile, PlannedSheet, SheetsAgain, Shown, SlotUse
from pressrun.plan.file_names import FileNames
from pressrun.plan.needed_pictures import Placed, each_once, placed_masters

SPELLED_OUT = 10  # findings of one code
_Masters = Mapping[str, tuple[str, ...]]
_Unshown = frozenset[tuple[str, str]]  # slots and masters
_NONE: _Unshown = frozenset()
MOST_KEPT = 10_000  # sheets: to work out more of them again takes less than to keep them


def plan(
    job: Job,
    layouts: Mapping[str, Layout],
    formats: Mapping[str, FormatKind],
    rows: Callable[[], Iterable[Row]],
    ask: Callable[[Row, frozenset[tuple[str, str]]], Sequence[Prompt]],
    save_path: Callable[[Row, str, int, bool], str],
    only_take: int | None = None,
    wanted: Callable[[Row, str, int], bool] = lambda row, layout, take: True,
    variants: Mapping[str, Layout] | None = None,
    overridden: Mapping[tuple[str, str, int], str] | None = None,
    conditions: Sequence[str] = ("",),
    shows: Callable[[Row, str, int, str], Shown | None] = lambda row, layout, take, drawn_by: None,
) -> Plan:
    """Lay out every task of a run, in the order of the rows.

    ``rows`` answers the rows, and the same whenever it is asked: where there are many, their sheets are worked out
    again rather than kept. ``ask`` answers a row's prompts for the (slot, master) pairs that are needed, ``save_path``
    a file's path without its suffix, of a row alone or of the many that begin with it. ``only_take`` makes that take
    alone, also one beyond what the job asks for. A sheet that is ``overridden`` (by the row's id, layout and take) is
    drawn by one of the ``variants`` of its layout.
    Layouts for print have a sheet for each of the ``conditions`` (one without a name leaves no trace). ``shows``
    answers what a sheet has of the layout that draws it, where that has pictures under a condition; None where nobody
    can tell, and it wants them all.
    Two rows that would write the same file are findings.
    """
    placed = placed_masters(job, {**layouts, **(variants or {})})
    planner = _Planner(
        job, layouts, formats, placed, ask, save_path, only_take, wanted, overridden or {}, conditions, shows
    )
    findings: list[Finding] = []
    of_rows: list[Finding] = []
    uses: dict[str, int] = {}
    shown: dict[SlotUse, None] = {}
    by_layout: Counter[str] = Counter()
    kept: list[PlannedSheet] = []
    names = FileNames(job, planner.paged)
    count = files = 0
    for row in rows():
        count += 1
        of_rows += row.findings
        for sheet in planner.sheets(row, findings, of_rows):
            by_layout[sheet.layout] += 1
            files += len(sheet.files)
            names.add(sheet)
            for use in sheet.slots:
                uses[use.key] = uses.get(use.key, 0) + 1
                shown[use] = None
            if len(kept) < MOST_KEPT + 1:
                kept.append(sheet)

    def again(named: bool, passed: Passed) -> Iterator[PlannedSheet]:
        return (sheet for row in rows() for sheet in planner.sheets(row, [], [], named, passed(row)))

    many = len(kept) > MOST_KEPT
    sheets = SheetsAgain(again, by_layout, files, tuple(shown)) if many else tuple(kept)
    findings += names.collisions(lambda: iter(sheets))
    findings += names.of_first_rows()
    pictures = tuple(replace(task, uses=uses[key]) for key, task in planner.tasks.items() if key in uses)
    findings += [note for task in pictures for note in task.request.notes]
    few = tuple(few_of_each_cause(of_rows, SPELLED_OUT))
    return Plan(count, pictures, sheets, pictures, tuple(_told_once(findings)), of_rows=few)


class _Planner:
    """Lays out the sheets of one row after the other; ``tasks`` are the pictures that those so far may show, ``paged``
    the layouts and formats in which each page of a document has a file of its own."""

    def __init__(
        self, job: Job, layouts: Mapping[str, Layout], formats: Mapping[str, FormatKind],
        placed: Mapping[str, Sequence[Placed]],
        ask: Callable[[Row, frozenset[tuple[str, str]]], Sequence[Prompt]],
        save_path: Callable[[Row, str, int, bool], str],
        only_take: int | None, wanted: Callable[[Row, str, int], bool],
        overridden: Mapping[tuple[str, str, int], str], conditions: Sequence[str],
        shows: Callable[[Row, str, int, str], Shown | None],
    ) -> None:  # fmt: skip
        needed = {name: each_once(every) for name, every in placed.items()}
        self._job, self._needed, self._ask, self._save_path = job, needed, ask, save_path
        self._shows = shows
        self._conditional = {name: every for name, every in placed.items() if any(one.conditional for one in every)}
        self._only_take, self._wanted, self._overridden = only_take, wanted, overridden
        self._pairs = _pairs(needed.values())
        most = max((slot.takes for slot in job.pictures.values()), default=1)
        self._takes = [only_take] if only_take else list(range(1, most + 1))
        self._layouts = {
            name: (
                tuple(conditions) if layout.target == "print" else ("",),
                [
                    (one, formats[one].suffix, merged)
                    for one in layout.formats
                    for merged in job.puts_out(formats[one])
                ],
                {merged: None for one in layout.formats for merged in job.puts_out(formats[one])},
            )
            for name, layout in layouts.items()
        }
        self.paged = frozenset(
            (name, format_name) for name, layout in layouts.items() for format_name in layout.formats
            if layout.page_list and not formats[format_name].write_pages
        )  # fmt: skip
        self.tasks: dict[str, PictureTask] = {}
        self._drawn_by = frozenset(needed)
        self._keys: dict[tuple[str, PictureRequest], str] = {}
        self._placed: dict[tuple[str, str, str, bool], SlotUse] = {}

    def sheets(
        self, row: Row, findings: list[Finding], of_rows: list[Finding], named: bool = True,
        passed: Collection[str] = (),
    ) -> Iterator[PlannedSheet]:  # fmt: skip
        """A row's sheets, but for those drawn by what is ``passed``; what is wrong with prompts and names is added to
        the ``findings``, with pictures that it alone names to those ``of_rows``. Those that are not ``named`` have no
        files."""
        if passed and self._drawn_by <= set(passed):
            return
        fault = row.fault
        wanted = list(self._wanted_of(row, passed))
        try:
            asked = {} if fault else self._asked(row, self._shown_by(wanted))
        except RowUnusable as error:
            asked, fault = {}, error.findings[0]
            of_rows += error.findings
        except InputError as error:
            findings += error.findings
            return
        for name, take, variant, masters, unshown in wanted:
            conditions, formats, kinds = self._layouts[name]
            used = () if fault else tuple(self._uses(masters, unshown, take, asked))
            try:
                stems = {merged: self._save_path(row, name, take, merged) for merged in kinds} if named else {}
            except InputError as error:
                findings += error.findings
                continue
            for condition in conditions:
                behind = f"-{condition}" if condition else ""
                files = tuple(
                    [PlannedFile(one, stems[merged] + behind + suffix, merged)
                     for one, suffix, merged in formats if named]
                )
                yield PlannedSheet(row, name, take, used, files, used, fault, variant=variant, condition=condition)

    def _wanted_of(self, row: Row, passed: Collection[str]) -> Iterator[tuple[str, int, str, _Masters, _Unshown]]:
        """The layout, take and variant of each of a row's sheets, the masters that it wants by slot, and those of them
        that it does not show."""
        for take in self._takes:
            for name in self._layouts:
                if not self._wanted(row, name, take):
                    continue
                variant = self._overridden.get((row.id, name, take), "") if self._overridden else ""
                drawn_by = variant or name
                if drawn_by in passed:
                    continue
                conditional = drawn_by in self._conditional and not row.fault
                wanted = self._shown(row, name, take, drawn_by) if conditional else (self._needed[drawn_by], _NONE)
                yield name, take, variant, *wanted

    def _shown_by(self, wanted: Sequence[tuple[str, int, str, _Masters, _Unshown]]) -> frozenset[tuple[str, str]]:
        """The slots and masters that some of these sheets want: what no sheet shows need not even be worded."""
        if not self._conditional and len(wanted) == len(self._takes) * len(self._layouts):
            return self._pairs
        return _pairs(masters for _, _, _, masters, _ in wanted)

    def _asked(self, row: Row, pairs: frozenset[tuple[str, str]]) -> dict[tuple[str, str, int], str]:
        """The keys of a row's pictures, by slot, master and take. Raises InputError."""
        asked: dict[tuple[str, str, int], str] = {}
        for prompt in _takes(self._ask(row, pairs), self._only_take):
            key = self._keys.get((prompt.slot, prompt.request))
            if key is None:
                provider = self._job.provider_of(prompt.slot)
                key = self._keys[prompt.slot, prompt.request] = provider.key(prompt.request)
                quoted_usd = provider.quote(prompt.request)
                task = PictureTask(
                    key, prompt.slot, prompt.master, prompt.request, prompt.template, row.id, 0, quoted_usd, provider,
                    prompt.waits_for,
                )
                self.tasks.setdefault(key, task)
            asked[prompt.slot, prompt.master, prompt.take] = key
        return asked

    def _shown(self, row: Row, layout: str, take: int, drawn_by: str) -> tuple[_Masters, _Unshown]:
        """Slot → the masters that a sheet of the row wants, and those that it does not show."""
        shown = self._shows(row, layout, take, drawn_by)
        if shown is None:
            return self._needed[drawn_by], _NONE
        every = self._conditional[drawn_by]
        seen = [one for one in every if one.layer in shown.layers]
        if not shown.slots:
            return each_once(seen), _NONE
        wanted = each_once(one for one in every if one.layer in shown.layers or one.slot in shown.slots)
        return wanted, _pairs([wanted]) - {(one.slot, one.master) for one in seen}

    def _uses(
        self, needed: _Masters, unshown: _Unshown, take: int, asked: Mapping[tuple[str, str, int], str]
    ) -> Iterator[SlotUse]:  # fmt: skip
        for slot, masters in needed.items():
            own = self._only_take or min(take, self._job.pictures[slot].takes)
            for master in masters:
                known = slot, master, asked[slot, master, own], (slot, master) not in unshown
                if known not in self._placed:
                    written = self._job.pictures[slot].masters[master]
                    self._placed[known] = SlotUse(*known[:3], written.size, written.written_stage, known[3])
                yield self._placed[known]


def _pairs(every: Iterable[_Masters]) -> frozenset[tuple[str, str]]:
    return frozenset((slot, one) for slots in every for slot, masters in slots.items() for one in masters)


def _takes(prompts: Sequence[Prompt], only: int | None) -> Iterator[Prompt]:
    if only is None:
        yield from prompts
        return
    for prompt in prompts:
        if prompt.take == 1:
            yield replace(prompt, take=only, request=replace(prompt.request, take=only))


def _told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding of those that differ in their row alone, and a count instead of the thousandth of a kind."""
    kinds: dict[str, dict[tuple[str, Place | None], Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, {}).setdefault((finding.message, finding.place), finding)
    for kind in kinds.values():
        told = list(kind.values())
        yield from told[:SPELLED_OUT]
        if len(told) > SPELLED_OUT:
            last = told[SPELLED_OUT]
            yield Finding(last.severity, last.code, f"{len(told) - SPELLED_OUT} more like this", last.place)
