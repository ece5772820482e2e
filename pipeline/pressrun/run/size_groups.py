"""Texts that share a size: each is fitted for itself, before any file has a key, and the smallest one's is for all."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from pressrun.compose import Composer
from pressrun.compose.text_fit import TextFitter
from pressrun.doors import Doors
from pressrun.expand import expand_rows
from pressrun.graphics.texts.typst_engine import TypesettingFailed
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import type_told
from pressrun.model.item_list import repeated_layer
from pressrun.model.layout import Layout, layer_name
from pressrun.model.named_files import files_named
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.sheet import Sheet, TextMark, ungrouped
from pressrun.model.size_group import SizeGroup
from pressrun.model.task import SheetContent
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.worker.kit import Kit, open_bench

if TYPE_CHECKING:
    from pressrun.run.worker.bench import Bench

AT_ONCE = 64  # sheets whose texts are fitted together

Sizes = Mapping[str, tuple[str, float]]
"""By layer what a text says, and the size in points that it has by itself."""
Fit = Callable[[Sequence[SheetContent]], Iterable[Sizes]]
_Sheet = tuple[str, str, int]  # a row's id, a layout and a take


class SharedSizes(Struct, frozen=True):
    """The sizes (points) that layers share with others of their groups, by sheet; and what is told of the groups."""

    by_sheet: Mapping[_Sheet, dict[str, float]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def of(self, sheet: PlannedSheet) -> dict[str, float]:
        return self.by_sheet.get(_named(sheet), {})


ALONE = SharedSizes()


def grouped_sheets(project: Project, takes: Iterable[int]) -> tuple[PlannedSheet, ...]:
    """All sheets of a job that have texts which share their sizes, whichever of them are asked for or there already: a
    part of a series is set as the whole is."""
    with_groups = {name for name, loaded in project.drawn.items() if _groups(loaded.layout)}
    if not with_groups:
        return ()
    takes = sorted(set(takes))
    sheets = (
        PlannedSheet(row, name, take, (), (), (), variant=project.overridden.get((row.id, name, take), ""))
        for row in expand_rows(project)
        if row.fault is None
        for take in takes
        for name in project.layouts
    )
    return tuple(sheet for sheet in sheets if sheet.drawn_by in with_groups)


def _groups(layout: Layout) -> dict[str, SizeGroup]:
    """The group of each layer that is in one."""
    named = ((layer_name(layer, index), layer.size_group) for index, layer in enumerate(layout.layers))
    return {name: group for name, group in named if group}


def _deciding(layout: Layout, members: Iterable[str]) -> frozenset[str]:
    """The layers that decide how large these are: themselves, their pages, and where they are in something, all that is
    in that but for pictures that take no room from words."""
    layers = {layer_name(layer, index): layer for index, layer in enumerate(layout.layers)}

    def root(name: str) -> str:
        while (around := layers[name].inside) is not None:
            name = around
        return name

    def takes_room(layer: Any) -> bool:
        shows_slot = any(used.kind == "picture" for used in layer.references())
        if not shows_slot and "file" not in layer.TEMPLATES:
            return True
        is_placed = layer.inside is not None and layers[layer.inside].PLACES
        return is_placed and (not shows_slot or (layer.box.width is not None and layer.box.height is not None))

    roots = {root(name) for name in members}
    deciding = (name for name, layer in layers.items() if root(name) in roots and takes_room(layer))
    return frozenset((*deciding, *(str(page.id) for page in layout.page_list)))


def _named(sheet: PlannedSheet) -> _Sheet:
    return sheet.row.id, sheet.layout, sheet.take


class _Member(Struct, frozen=True):
    """A text of a group, and its size by itself."""

    sheet: PlannedSheet
    layer: str
    group: SizeGroup
    text: str
    size: float


def shared_sizes(project: Project, sheets: Sequence[PlannedSheet], files: PlacedFiles, fit: Fit) -> SharedSizes:
    """The sizes that the texts of these sheets share; ``fit`` answers those that they have by themselves. Pictures from
    slots, of which nothing is known yet, take room where their box says how much."""
    if not sheets:
        return ALONE
    members: dict[tuple[str, ...], list[_Member]] = {}
    for one in _members(project, sheets, files, fit):
        over = one.sheet.row.id if one.group.over == "row" else one.sheet.layout
        members.setdefault((one.group.over, one.group.name, over, str(one.sheet.take)), []).append(one)
    by_sheet: dict[_Sheet, dict[str, float]] = {}
    findings: list[Finding] = []
    for group in members.values():
        smallest = min(group, key=lambda one: one.size)
        for one in group:
            by_sheet.setdefault(_named(one.sheet), {})[one.layer] = smallest.size
        findings += _held_small(project, group, smallest)
    return SharedSizes(by_sheet, tuple(dict.fromkeys(findings)))


def _members(project: Project, sheets: Sequence[PlannedSheet], files: PlacedFiles, fit: Fit) -> Iterator[_Member]:
    groups = {name: _groups(loaded.layout) for name, loaded in project.drawn.items()}
    needed = {name: _deciding(loaded.layout, groups[name]) for name, loaded in project.drawn.items()}
    contents: dict[_Sheet, SheetContent] = {}
    distinct: dict[str, SheetContent] = {}  # texts of several sheets that are alike are fitted once
    for sheet in sheets:
        with suppress(InputError):  # which is told with its row
            said = files.words.of(sheet)
            wanted = needed[sheet.drawn_by]
            layers = {name: fields for name, fields in said.items() if repeated_layer(name) in wanted}
            placed = {name: files.place(name) for name in sorted(set(files_named(layers.values())))}
            content = SheetContent(sheet.layout, sheet.row.locale, "", "", layers, {}, placed, {}, sheet.variant)
            contents[_named(sheet)] = distinct.setdefault(repr(content), content)
    fitted = dict(zip(distinct, fit(list(distinct.values())), strict=True))
    for sheet in sheets:
        if _named(sheet) not in contents:
            continue
        for layer, (text, size) in fitted[repr(contents[_named(sheet)])].items():
            if group := groups[sheet.drawn_by].get(repeated_layer(layer)):
                yield _Member(sheet, layer, group, text, size)


def _held_small(project: Project, group: Sequence[_Member], smallest: _Member) -> list[Finding]:
    """What is told of a group that one text holds much smaller than most would be."""
    half = statistics.median(one.size for one in group)
    if smallest.size >= max(one.group.least for one in group) * half:
        return []
    sheet = smallest.sheet
    target = project.drawn_by(sheet.drawn_by).layout.target
    size, median = (type_told(points, target) for points in (smallest.size, half))
    found = Finding(
        Severity.WARNING,
        "text-holds-group-small",
        f"{smallest.text!r} sets all {len(group)} texts of the group '{smallest.group.name}' at {size}: half of them"
        f" would fit at {median} or more",
        sheet.row.place,
        "shorten this text, give it more room or lines, or take it out of the group",
        layout=sheet.layout,
        layer=smallest.layer,
        row=sheet.row.id,
        check="text-fit",
    )
    return at_levels([found], check_levels(project, sheet.layout))


# ------------------------------------------------------------------------------------------------------- fitting


def fitted_apart(fitter: TextFitter, sheets: Sequence[Sheet]) -> list[tuple[Sheet, str]]:
    """Sheets with the fits of their texts; one with a text that cannot be set is left as it is, with Typst's words."""
    try:
        return [(sheet, "") for sheet in fitter.fitted(sheets)]
    except TypesettingFailed as problem:
        if len(sheets) == 1:
            return [(sheets[0], str(problem))]
    middle = len(sheets) // 2
    return [*fitted_apart(fitter, sheets[:middle]), *fitted_apart(fitter, sheets[middle:])]


def sizes_alone(
    composer: Composer, fitter: TextFitter, layouts: Mapping[str, Layout], contents: Sequence[SheetContent]
) -> list[Sizes]:
    """The sizes that the texts of contents have by themselves; those of which a font is not at hand are left out, and
    those that cannot be set, which is told of their sheets."""
    composed = [(at, sheet) for at, content in enumerate(contents)
                for sheet, _ in composer.pages(layouts[content.drawn_by], content)]  # fmt: skip
    found: list[Sizes] = [{} for _ in contents]
    fitted = fitted_apart(fitter, [sheet for _, sheet in composed])
    for (at, _), (sheet, _) in zip(composed, fitted, strict=True):
        fits = (mark for mark in ungrouped(sheet.marks) if isinstance(mark, TextMark) and mark.fit)
        found[at] = {**found[at], **{mark.layer: (mark.text, mark.fit.size) for mark in fits if mark.fit}}
    return found


def in_workers(doors: Doors, kit: Kit) -> Fit:
    """Has the workers fit texts who make the sheets afterwards."""
    def fit(contents: Sequence[SheetContent]) -> Iterator[Sizes]:
        numbered = list(enumerate(contents))
        handfuls = [tuple(numbered[at : at + AT_ONCE]) for at in range(0, len(numbered), AT_ONCE)]
        found: dict[int, Sizes] = {}
        for handful, answer in doors.in_workers(open_bench, kit, handfuls, _fitted, "sheets"):
            if isinstance(answer, Exception):
                raise answer
            found.update(zip((number for number, _ in handful), answer, strict=True))
        return (found[number] for number in range(len(contents)))

    return fit


def _fitted(bench: Bench, handful: tuple[tuple[int, SheetContent], ...]) -> list[Sizes]:
    """Together; where that cannot be, each alone: who is to blame is left out, and fails when its sheet is made."""
    contents = [content for _, content in handful]
    try:
        return sizes_alone(bench.composer, bench.fitter, bench.kit.layouts, contents)
    except Exception:
        if len(handful) == 1:
            return [{}]
        return [sizes for one in handful for sizes in _fitted(bench, (one,))]
