"""What is looked at before anything is bought: reference pictures, and requests that could only fail."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import Reference
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.provider import ProviderOptions
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


def request_findings(plan: Plan, provider: ProviderOptions, store: Store, today: dt.date) -> list[Finding]:
    """What is wrong with the pictures still to be made, each fault once with the first row that has it."""
    take_references([task for task in plan.to_make if provider.READS_REFERENCES or task.request.shot], store)
    if not isinstance(provider, PaidProvider):
        return []
    findings: dict[str, Finding] = {}
    for task in plan.to_make:
        if task.request.shot:
            continue
        for finding in provider.faults(task.request, store.read):
            told = dataclasses.replace(finding, message=f"{task.slot}/{task.master}: {finding.message}", row=task.row)
            findings.setdefault(told.message, told)
    return [*provider.advice(today), *findings.values()]


def cap_of(max_cost: float | None, budget: float | None) -> Decimal | None:
    """The cap of a run in dollars: what the command says, else the job's budget."""
    said = budget if max_cost is None else max_cost
    return None if said is None else Decimal(str(said))
