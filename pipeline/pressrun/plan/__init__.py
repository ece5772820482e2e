"""plan: prompts x masters x layouts x formats become keyed tasks with a price. Pure: printing it is the dry run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Job, Master, Prompt, Row
from pressrun.model.layout import Layout, layer_frames
from pressrun.model.picture import PictureRequest
from pressrun.model.placement import best_master
from pressrun.model.plan import PictureTask, Plan, PlannedSheet, SlotUse
from pressrun.model.rendering import FormatKind

SPELLED_OUT = 10  # findings of one code


@dataclass(frozen=True, slots=True)
class _Choice:
    id: str
    size: tuple[int, int]
    master: Master


def needed_masters(job: Job, layouts: Mapping[str, Layout]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Layout → slot → the masters its placements take, each once. A master that no layout takes is not made."""
    needed: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, layout in layouts.items():
        slots: dict[str, dict[str, None]] = {}
        for options, every in zip(layout.layers, layer_frames(layout), strict=True):
            for slot, rect in (placed for frames in every for placed in options.placements(frames)):
                masters = [_Choice(id, master.size, master) for id, master in job.pictures[slot].masters.items()]
                slots.setdefault(slot, {})[best_master(masters, rect).id] = None
        needed[name] = {slot: tuple(masters) for slot, masters in slots.items()}
    return needed


def plan(
    job: Job,
    layouts: Mapping[str, Layout],
    formats: Mapping[str, FormatKind],
    rows: Iterable[Row],
    ask: Callable[[Row, frozenset[tuple[str, str]]], Sequence[Prompt]],
    save_path: Callable[[Row, str, int], str],
    only_take: int | None = None,
    wanted: Callable[[Row, str, int], bool] = lambda row, layout, take: True,
    variants: Mapping[str, Layout] | None = None,
    overridden: Mapping[tuple[str, str, int], str] | None = None,
    conditions: Sequence[str] = ("",),
) -> Plan:
    """Lay out every task of a run, in the order of the rows.

    ``ask`` answers a row's prompts for the (slot, master) pairs that are needed, ``save_path`` a file's path without
    its suffix. ``only_take`` makes that take alone, also one beyond what the job asks for. A sheet that is
    ``overridden`` (by the row's id, layout and take) is drawn by one of the ``variants`` of its layout.
    Layouts for print have a sheet for each of the ``conditions`` (one without a name leaves no trace).
    Two rows that would write the same file are findings.
    """
    needed = needed_masters(job, {**layouts, **(variants or {})})
    overridden = overridden or {}
    pairs = frozenset(
        (slot, master) for slots in needed.values() for slot, masters in slots.items() for master in masters
    )
    most = max((slot.takes for slot in job.pictures.values()), default=1)
    takes = [only_take] if only_take else list(range(1, most + 1))
    tasks: dict[str, PictureTask] = {}
    keys: dict[tuple[str, PictureRequest], str] = {}
    placed: dict[tuple[str, str, str], SlotUse] = {}
    uses: dict[str, int] = {}
    sheets: list[PlannedSheet] = []
    owners: dict[str, str] = {}
    shared: dict[str, tuple[str, int, str, str]] = {}  # paths of documents of many rows, each of one layout
    by_page: dict[str, tuple[Row, str]] = {}  # paths of documents of which each page has a file, with a number in it
    findings: list[Finding] = []
    of_rows: list[Finding] = []
    count = 0
    for row in rows:
        count += 1
        of_rows += row.findings
        asked: dict[tuple[str, str, int], str] = {}
        fault = row.fault
        try:
            prompts = () if fault else ask(row, pairs)
        except InputError as error:
            findings += error.findings
            continue
        for prompt in _takes(prompts, only_take):
            key = keys.get((prompt.slot, prompt.request))
            if key is None:
                provider = job.provider_of(prompt.slot)
                key = keys[prompt.slot, prompt.request] = provider.key(prompt.request)
                quoted_usd = provider.quote(prompt.request)
                task = PictureTask(
                    key, prompt.slot, prompt.master, prompt.request, prompt.template, row.id, 0, quoted_usd, provider
                )
                tasks.setdefault(key, task)
            asked[prompt.slot, prompt.master, prompt.take] = key
        for take in takes:
            for name in layouts:
                if not wanted(row, name, take):
                    continue
                variant = overridden.get((row.id, name, take), "")
                printed_for = conditions if layouts[name].target == "print" else ("",)
                used = []
                for slot, masters in () if fault else needed[variant or name].items():
                    for master in masters:
                        own = only_take or min(take, job.pictures[slot].takes)
                        key = asked[slot, master, own]
                        if (slot, master, key) not in placed:
                            written = job.pictures[slot].masters[master]
                            placed[slot, master, key] = SlotUse(slot, master, key, written.size, written.written_stage)
                        used.append(placed[slot, master, key])
                        uses[key] = uses.get(key, 0) + len(printed_for)
                try:
                    stem = save_path(row, name, take)
                except InputError as error:
                    findings += error.findings
                    continue
                shown = tuple(used)
                for condition in printed_for:
                    paths = []
                    for format_name in layouts[name].formats:
                        path = stem + (f"-{condition}" if condition else "") + formats[format_name].suffix
                        folded = path.casefold()  # names that differ in case alone are one file on many disks
                        if job.merges(formats[format_name]):
                            one = (name, take, condition, format_name)
                            if shared.setdefault(folded, one) != one:
                                findings.append(_collision(path, "", row, name))
                                break
                            paths.append((format_name, path))
                            continue
                        if folded in owners:
                            findings.append(_collision(path, owners[folded], row, name))
                            break  # its other formats collide as well
                        owners[folded] = row.id
                        if layouts[name].page_list and not formats[format_name].write_pages:
                            by_page[folded] = row, name
                        paths.append((format_name, path))
                    sheets.append(
                        PlannedSheet(
                            row, name, take, shown, tuple(paths), shown, fault, variant=variant, condition=condition
                        )
                    )
    findings += _numbered_alike(by_page, owners)
    findings += _shared_alike(shared, owners)
    pictures = tuple(replace(task, uses=uses[key]) for key, task in tasks.items() if key in uses)
    found, of_rows = tuple(_told_once(findings)), list(_told_once(of_rows))
    return Plan(count, pictures, tuple(sheets), pictures, found, of_rows=tuple(of_rows))


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


_NUMBERED = re.compile(r"(.+)-[1-9]\d*((?:-proof)?\.\w+)")


def _numbered_alike(by_page: Mapping[str, tuple[Row, str]], owners: Mapping[str, str]) -> Iterator[Finding]:
    """What is called as a page of a document may be."""
    for path, owner in owners.items() if by_page else ():
        numbered = _NUMBERED.fullmatch(path)
        if numbered and path not in by_page and (document := by_page.get(numbered[1] + numbered[2])):
            yield _collision(path, owner, *document)


def _shared_alike(shared: Mapping[str, tuple[str, int, str, str]], owners: Mapping[str, str]) -> Iterator[Finding]:
    """Documents of many rows that are called as the file of one is."""
    for path in sorted(shared.keys() & owners.keys()):
        message = f"{path} would be a file of the row {owners[path]}, and one that many rows are in"
        yield Finding(Severity.ERROR, "same-file", message, layout=shared[path][0], row=owners[path])


def _collision(path: str, owner: str, row: Row, layout: str) -> Finding:
    other = "the same row" if owner == row.id else f"the row {owner}" if owner else "another layout or take"
    return Finding(
        Severity.ERROR,
        "same-file",
        f"{row.id} in {layout} would write {path}, as would {other}",
        row.place,
        hint="name more of what differs in save_as: a row set's key, the locale, layout.name or take",
        layout=layout,
        row=row.id,
    )
