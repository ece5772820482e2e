"""The pictures that others of a campaign go by: they are wanted though the sheets of their own rows show none."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pressrun.expand import expand_rows, gone_by, layers_shown
from pressrun.model.errors import InputError
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.plan.needed_pictures import Placed, placed_masters


class GoneByOthers(Struct, frozen=True):
    """Slots whose pictures of each row others go by, or may (``any_row``), and those of certain rows (slot, row)."""

    any_row: frozenset[str]
    of_rows: frozenset[tuple[str, str]]

    def slots(self, row: Row) -> frozenset[str]:
        return self.any_row | {slot for slot, of in self.of_rows if of == row.id}


@functools.lru_cache(maxsize=4)  # projects compare by identity
def gone_by_others(project: Project) -> GoneByOthers:
    """What pictures go by that some sheet of the campaign shows, whatever part of it a run makes: the first row alone,
    say, so that somebody can look at what the others will go by."""
    going = {slot: by for slot in project.job.pictures if (by := project.job.goes_by(slot))}
    if project.approved is None:
        return GoneByOthers(frozenset(of for of, _ in going.values()), frozenset())
    most = len(set(going.values())) if not any("{" in named for _, named in going.values()) else None
    found: set[tuple[str, str]] = set()
    for shown, slot in _shown(project, frozenset(going)) if going else ():
        target = _target(project, shown, slot)
        while target and (target[0], target[1].id) not in found:
            of, row = target
            found.add((of, row.id))
            target = _target(project, row, of)
        if len(found) == most:
            break
    return GoneByOthers(frozenset(), frozenset(found))


def _shown(project: Project, slots: frozenset[str]) -> Iterator[tuple[Row, str]]:
    """The rows of the campaign, each with those of the slots that its sheets show."""
    campaign = project.loaded or project
    placed = placed_masters(project.job, {name: loaded.layout for name, loaded in project.drawn.items()})
    takes = range(1, max((slot.takes for slot in project.job.pictures.values()), default=1) + 1)
    for row in expand_rows(campaign):
        if row.fault:
            continue
        seen: set[str] = set()
        for layout in project.layouts:
            for take in takes:
                drawn_by = project.overridden.get((row.id, layout, take), "") or layout
                seen |= slots & _on_sheet(project, row, layout, take, drawn_by, placed[drawn_by])
        yield from ((row, slot) for slot in seen)


def _on_sheet(
    project: Project, row: Row, layout: str, take: int, drawn_by: str, placed: Sequence[Placed]
) -> set[str]:  # fmt: skip
    conditional = any(one.conditional for one in placed)
    layers = layers_shown(project, row, layout, take, drawn_by) if conditional else None
    return {one.slot for one in placed if layers is None or one.layer in layers}


def _target(project: Project, row: Row, slot: str) -> tuple[str, Row] | None:
    """The slot and the row of what a row's pictures go by; None where that is nothing, or its own."""
    try:
        by = gone_by(project, row, slot)
    except InputError:  # told where the picture is asked for
        return None
    return (by.slot, by.row) if by and by.row and (by.slot, by.row.id) != (slot, row.id) else None
