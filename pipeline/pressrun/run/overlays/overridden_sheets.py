"""Edits by hand: which sheets they are for, and whether what they changed has changed since."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from pressrun.expand import expand_rows, is_wanted, layout_content
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Row
from pressrun.model.override import Override, SheetOverride
from pressrun.model.plan import Plan, PlannedSheet
from pressrun.model.project import OutsideCampaign, Project, Variant
from pressrun.model.run_record import ChangeByHand
from pressrun.readers.suggestion import did_you_mean

STALE = "stale-override"
SHOWN = "shown"  # in `was`: which picture a layer showed, by its key, or by the digest of its file
TOLD = 12  # digits of either
RENDERED = ("text", "file")  # of which a change replaces what a row says, not what the layout does
SHOWS = (*RENDERED, "picture", "logo", "value", "shape", "use", "fill")  # of which layers have one or two
GROUND = {"shift": ("box",), "hidden": SHOWS, "focus": ("focus", "file", SHOWN)}  # what these stand on
ADDED = ("box", *SHOWS)  # of the layer that one is laid above or below


def with_overrides(project: Project, take: int | None = None) -> Project:
    """The project with the layouts that overridden sheets are drawn by. ``take`` is one beyond those that the job asks
    for. Raises InputError for an override of a row that does not exist, with the nearest."""
    if project.overrides is None or not project.overrides.every:
        return project
    every = project.overrides.every
    most = max((slot.takes for slot in project.job.pictures.values()), default=1)
    takes = sorted({*range(1, most + 1), take or 1})
    overridden: dict[tuple[str, str, int], str] = {}
    variants: dict[str, Variant] = {}
    ids: list[str] = []
    used: set[int] = set()
    for row in expand_rows(project):
        ids.append(row.id)
        own = [one for one in every if one.written.row in ("", row.id)]
        for name in project.layouts if own else ():
            for number in takes:
                numbers = tuple(one.number for one in own if _is_for(one, project, row, name, number))
                if not numbers:
                    continue
                used.update(numbers)
                variant = overridden[row.id, name, number] = f"{name}#{'+'.join(map(str, numbers))}"
                if variant not in variants:
                    loaded = project.overrides.layout_with(name, numbers)
                    variants[variant] = Variant(loaded, tuple(every[each] for each in numbers))
    unknown = [_unknown(one, ids) for one in every if one.written.row and one.written.row not in ids]
    if unknown:
        raise InputError(unknown)
    notes = tuple(_unused(one) for one in every if one.number not in used)
    return replace(project, overridden=overridden, variants=variants, notes=(*project.notes, *notes))


def _is_for(one: Override, project: Project, row: Row, layout: str, take: int) -> bool:
    if layout not in one.layouts or one.written.take not in (0, take):
        return False
    if one.written.when is None:
        return True
    return row.fault is None and is_wanted(project, row, layout, one.written.when, take, one.place.file)


def _unknown(one: Override, ids: Iterable[str]) -> Finding:
    message = f"there is no sheet of a row '{one.written.row}'"
    return Finding(Severity.ERROR, "unknown-sheet", message, one.place, did_you_mean(one.written.row, ids, "rows"))


def _unused(one: Override) -> Finding:
    message = "this change is for no sheet: no row of its layouts has what it asks for"
    return Finding(Severity.WARNING, "unused-override", message, one.place, "correct its condition, or take it out")


def with_stale(plan: Plan, project: Project) -> Plan:
    """The plan with a finding for each change of which the ground has changed since it was made."""
    found: dict[tuple[int | str, ...], Finding] = {}
    blind: dict[Place, PlannedSheet] = {}
    for sheet in plan.sheets if project.variants else ():
        if sheet.variant and not sheet.fault:
            for one in project.variants[sheet.variant].overrides:
                if not one.written.was and any(_stands_on(one.written)):
                    blind.setdefault(one.place, sheet)
                for layer, key, was, now in _changed_since(one, project, sheet):
                    told = f"{layer}.{key} is {_told(now)} by now, and was {_told(was)} when it was changed by hand"
                    found.setdefault(
                        (one.number, sheet.layout, layer, key),
                        Finding(
                            Severity.WARNING, STALE, told, one.place,
                            "look whether the change is still right, and write what stands there now as its `was`",
                            layout=sheet.layout, layer=layer, row=sheet.row.id,
                        ),
                    )  # fmt: skip
    if blind:
        found["blind",] = _blind(project, blind)
    return plan.with_findings(found.values()) if found else plan


def _stands_on(written: SheetOverride) -> Iterator[tuple[str, str]]:
    """The layers and keys that changes by hand stand on."""
    for layer, keys in written.change.items():
        yield from ((layer, under) for key in keys for under in GROUND.get(key, (key,)) if under != SHOWN)
    for added in written.add:
        if beside := added.get("above", added.get("below")):
            yield from ((str(beside), under) for under in ADDED)


def _blind(project: Project, sheets: Mapping[Place, PlannedSheet]) -> Finding:
    """That changes by hand do not say what stood there before, so that nothing tells when that has changed."""
    place, sheet = next(iter(sheets.items()))
    one = next(one for one in project.variants[sheet.variant].overrides if one.place == place)
    was: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(InputError):  # which is told with its row
        ground = ground_of(project, sheet.row, sheet.layout, sheet.take)
        for layer, key in _stands_on(one.written):
            if (now := ground.get(layer, {}).get(key)) is not None:
                was.setdefault(layer, {})[key] = now
    others = len(sheets) - 1
    many = f", nor do {others} others" if others > 1 else ", nor does 1 other" if others else ""
    message = f"it does not say what stood there before{many}: when that changes, nothing tells that it is out of date"
    hint = f"was: {json.dumps(was, ensure_ascii=False, default=str)}" if was else "what stands there now as its `was`"
    return Finding(Severity.NOTE, "no-was", message, place, f"write {hint}; `pressrun override` writes it by itself")


def _changed_since(one: Override, project: Project, sheet: PlannedSheet) -> Iterator[tuple[str, str, Any, Any]]:
    if not one.written.was:
        return
    shown = pictures_told((use.slot, use.key) for use in sheet.slots)
    try:
        ground = ground_of(project, sheet.row, sheet.layout, sheet.take)
    except InputError:  # which is told with its row
        return
    for layer, keys in one.written.was.items():
        for key, was in keys.items():
            under = ground.get(layer, {})
            now = shown_under(project, under, shown) if key == SHOWN else under.get(key)
            if json.dumps(now, sort_keys=True, default=str) != json.dumps(was, sort_keys=True, default=str):
                yield layer, key, was, now


def ground_of(project: Project, row: Row, layout: str, take: int) -> dict[str, Mapping[str, Any]]:
    """What layers have without any override: as the layout writes them, but for texts and files, as the row has them.
    Raises InputError."""
    rendered = layout_content(project, row, layout, take)
    ground: dict[str, Mapping[str, Any]] = {}
    for name, keys in project.overrides.written(layout) if project.overrides else ():
        said = rendered.get(name, {})
        if name not in ground or said.get("when") == keys.get("when"):  # of alternatives the one that the row has
            ground[name] = {**keys, **dict.fromkeys(RENDERED), **said}
    return ground


def shown_under(project: Project, ground: Mapping[str, Any], pictures: Mapping[str, str]) -> str | None:
    """What a layer shows, told in short: its picture of those of the sheet, or what its file is now."""
    if not (name := ground.get("file")):
        return pictures.get(ground.get("picture", ""))
    with contextlib.suppress(OSError, OutsideCampaign):
        if path := project.find_file(str(name)):
            return hashlib.sha256(path.read_bytes()).hexdigest()[:TOLD]
    return None


def changes_on(project: Project, plan: Plan, sheet: PlannedSheet) -> tuple[ChangeByHand, ...]:
    """What was changed by hand on a sheet, as its record says it."""
    if not sheet.variant:
        return ()
    return tuple(
        ChangeByHand(key, value, one.place.file, one.place.line, _is_stale(plan, one, sheet.layout, key))
        for one in project.variants[sheet.variant].overrides
        for key, value in one.told.items()
    )


def _is_stale(plan: Plan, one: Override, layout: str, key: str) -> bool:
    return any(
        finding.code == STALE and finding.place == one.place and finding.layout == layout
        and key.startswith(f"{finding.layer}.")
        for finding in plan.findings
    )  # fmt: skip


def overrides_listed(project: Project, plan: Plan) -> list[dict[str, Any]]:
    """Every override, and how many sheets of a run it changed, as the manifest keeps it."""
    if project.overrides is None:
        return []
    used = Counter(
        one.number for sheet in plan.sheets if sheet.variant for one in project.variants[sheet.variant].overrides
    )
    stale = {finding.place for finding in plan.findings if finding.code == STALE}
    return [
        {
            "place": one.place.to_dict(),
            **one.written.model_dump(include={"row", "when", "layout", "take", "note"}, exclude_defaults=True),
            "changes": one.told,
            "sheets": used[one.number],
            "stale": one.place in stale,
        }
        for one in project.overrides.every
    ]


def pictures_told(keys: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pictures of a sheet by slot, as `was` tells them: the beginnings of their keys."""
    told: dict[str, str] = {}
    for slot, key in keys:
        told[slot] = f"{told[slot]}+{key[:TOLD]}" if slot in told else key[:TOLD]
    return told


def _told(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else "nothing" if value is None else json.dumps(value, default=str)
