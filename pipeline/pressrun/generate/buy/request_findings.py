"""What is looked at before anything is bought: reference pictures, and requests that could only fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import Reference
from pressrun.model.plan import PictureTask, Plan, by_provider
from pressrun.model.store import Store


def take_references(tasks: Iterable[PictureTask], store: Store) -> None:
    """Put every picture that is sent along into the store. Raises InputError where one has changed or gone."""
    sent: dict[str, tuple[Reference, PictureTask]] = {}
    for task in tasks:
        request = task.request
        for reference in (*request.references, *((request.mask,) if request.mask else ())):
            sent.setdefault(reference.digest, (reference, task))
    there = store.present(sent) if sent else ()
    for digest, (reference, task) in sent.items():
        if digest not in there and reference.path:
            _take(reference, task, store)


def _take(reference: Reference, task: PictureTask, store: Store) -> None:
    try:
        digest = store.put(Path(reference.path).read_bytes())
    except OSError as error:
        message = f"the reference {reference.name} cannot be read: {error.strerror}"
        raise InputError([Finding(Severity.ERROR, "missing-picture", message, row=task.row)]) from error
    if digest != reference.digest:
        message = f"the reference {reference.name} changed while it was read"
        raise InputError([Finding(Severity.ERROR, "changed-picture", message, hint="run it again", row=task.row)])


def with_request_findings(plan: Plan, store: Store, today: dt.date, capped: bool = False) -> Plan:
    """The plan with what is worth knowing of those that pictures are bought from, and with what is wrong with pictures
    still to be made, each fault once with the first row that has it. A picture that exists and cannot be taken is a
    fault of the sheets that show it. ``capped`` says that there is a limit to what may be spent, under which nothing is
    bought blindly."""
    known = [task for task in plan.to_make if not task.waits_for]
    take_references([task for task in known if task.provider.READS_REFERENCES], store)
    sellers = [provider for provider, _ in by_provider(plan.planned) if isinstance(provider, PaidProvider)]
    advice = dict.fromkeys(finding for provider in sellers for finding in provider.advice(today))
    faults: dict[str, Finding] = {}
    spoilt: dict[str, Finding] = {}
    for task in plan.to_make:
        request = task.request
        if task.waits_for:  # what goes along with it is not known yet
            request = replace(request, references=(), mask=None)
        for finding in task.provider.faults(request, store.read):
            told = replace(finding, message=f"{task.slot}/{task.master}: {finding.message}", row=task.row)
            if task.provider.READS_PROMPT:
                faults.setdefault(told.message, told)
            else:
                spoilt.setdefault(task.key, told)
    return _without(plan, spoilt).with_findings([*advice, *_unpriced(plan, capped), *faults.values()])


def _without(plan: Plan, spoilt: Mapping[str, Finding]) -> Plan:
    """The plan with the sheets that show these pictures, by their keys, as such that cannot be made."""
    if not spoilt:
        return plan
    faults: dict[tuple[str, str, int], Finding] = {}
    told: dict[str, Finding] = {}
    for sheet in plan.nameless():
        key = next((use.key for use in sheet.slots if use.key in spoilt), None)
        if key is not None and not sheet.fault:
            fault = replace(spoilt[key], place=sheet.row.place, row=sheet.row.id)
            faults[sheet.of] = fault
            told.setdefault(key, fault)
    return plan.with_faults(faults, told.values())


def _unpriced(plan: Plan, capped: bool) -> Iterator[Finding]:
    """Pictures whose price nobody knows, told once for each reason."""
    reasons: dict[tuple[str, str], list[PictureTask]] = {}
    for task in plan.to_make:
        if task.quoted_usd is None and isinstance(task.provider, PaidProvider):
            reasons.setdefault(task.provider.why_unpriced(task.request), []).append(task)
    for (why, cure), tasks in reasons.items():
        pictures = "1 picture has" if len(tasks) == 1 else f"{len(tasks)} pictures have"
        limit = ", and under a cap nothing is bought blindly" if capped else ""
        message = f"{pictures} a price nobody knows{limit}: {why}"
        yield Finding(Severity.ERROR if capped else Severity.NOTE, "price-unknown", message, hint=cure)


def cap_of(max_cost: float | None) -> Decimal | None:
    """The cap of a run in dollars, exactly as it was written."""
    return None if max_cost is None else Decimal(str(max_cost))
