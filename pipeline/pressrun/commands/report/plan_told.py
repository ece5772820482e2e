"""Plans as text for people and JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pressrun.commands.report.finding_lines import findings_text, plural
from pressrun.generate.buy.request_findings import cap_of
from pressrun.model.dollars import dollars, to_the_cent
from pressrun.model.finding import by_cause
from pressrun.model.job import Budget
from pressrun.model.plan import PictureTask, Plan
from pressrun.model.project import Project
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.run.dry.sheet_counts import SheetCounts


def plan_text(
    plan: Plan, project: Project, settings: Settings, committed: Decimal = Decimal(0), counts: SheetCounts | None = None
) -> str:
    """The dry run: rows, pictures, sheets and files, what exists, and the price. ``committed`` is what the job's runs
    have, or may have, spent already, in dollars."""
    masters: dict[str, list[PictureTask]] = {}
    for task in plan.pictures:
        masters.setdefault(f"{task.slot}/{task.master}", []).append(task)
    lines = [
        f"{project.job_name}: {plan.rows} rows, {len(plan.pictures)} pictures, {len(plan.sheets)} sheets,"
        f" {counts.files if counts else plan.files} files",
        "",
        *(f"  {len(tasks):>6}  {name} {plural('picture', len(tasks))}{_each(tasks, plan)}"
          for name, tasks in masters.items()),
        *(f"  {count:>6}  {name} {plural('sheet', count)}{_pages(name, counts)}"
          for name, count in plan.by_layout.items()),
        *_plates(counts),
        "",
        f"In the store: {len(plan.pictures) - len(plan.to_make)} of {len(plan.pictures)} pictures. "
        f"To make: {len(plan.to_make)}, for {_price(plan.quoted_usd)}.",
        *_waiting(plan),
        *_cap(plan, settings.max_cost),
        *_budget(plan, project.job.budget, committed),
    ]  # fmt: skip
    notes = findings_text((*project.notes, *plan.findings, *by_cause(plan.of_rows)))
    return "\n".join([*lines, *(["", notes] if notes else [])])


def _pages(layout: str, counts: SheetCounts | None) -> str:
    """How many pages the sheets of a layout have, if it has several."""
    count = counts.pages.get(layout) if counts else None
    return f", {count} {plural('page', count)}" if count else ""


def _plates(counts: SheetCounts | None) -> Iterator[str]:
    if counts and counts.plates:
        yield f"  {counts.plates:>6}  {plural('plate', counts.plates)}, each painted once"


def _waiting(plan: Plan) -> Iterator[str]:
    """What is made once others are approved, and is no part of the price before."""
    waiting: dict[tuple[str, str, str], list[PictureTask]] = {}
    for task in plan.waiting:
        waiting.setdefault((task.waits_for, task.slot, task.master), []).append(task)
    for (waits_for, slot, master), tasks in waiting.items():
        verb = "waits" if len(tasks) == 1 else "wait"
        yield (
            f"Later: {len(tasks)} {slot}/{master} {plural('picture', len(tasks))}{_each(tasks, plan)}, which {verb} "
            f"until {waits_for} is approved."
        )


def _each(tasks: Sequence[PictureTask], plan: Plan) -> str:
    """What one of these pictures costs that are still to be made."""
    prices = {task.quoted_usd for task in tasks if task.key not in plan.in_store}
    known = sorted(price for price in prices if price is not None)
    if len(known) < len(prices):
        return ", at a price nobody knows"
    if not known or not known[-1]:
        return ""
    low, high = f"{known[0]:.4f}", f"{known[-1]:.4f}"
    return f", ${high} each" if low == high else f", ${low} to {high} each"


def _price(amount: Decimal | None) -> str:
    return "a price nobody knows" if amount is None else dollars(amount)


def _cap(plan: Plan, max_cost: float | None) -> Iterator[str]:
    """The run's cap, and whether it will do."""
    cap = cap_of(max_cost)
    if cap is None:
        return
    said = f"--max-cost is {dollars(cap)}"
    if plan.quoted_usd is None or plan.quoted_usd <= cap:
        yield f"{said}."
    else:
        enough = to_the_cent(plan.quoted_usd)
        yield f"{said}: the run will stop before it is crossed (exit 4). Enough is --max-cost {enough}."


def _budget(plan: Plan, budget: Budget | None, committed: Decimal) -> Iterator[str]:
    """The job's budget, what is left of it, and whether that will do."""
    if budget is None:
        return
    usd = Decimal(str(budget.usd))
    said = f"The job's budget is {dollars(usd)}"
    if committed:
        said += f", of which its runs have spent, or perhaps spent, {dollars(committed)}"
    if plan.quoted_usd is None or committed + plan.quoted_usd <= usd:
        yield f"{said}."
    else:
        enough = to_the_cent(committed + plan.quoted_usd)
        yield f"{said}: the run will stop before it is crossed (exit 4). Enough is `budget: {{usd: {enough}}}`."


def prompts_text(plan: Plan) -> str:
    """Every prompt as it would be sent, with its key, size and uses, in the order of the rows."""
    parts = []
    for task in (*plan.pictures, *plan.waiting):
        width, height = task.request.size
        name = f"{task.slot}/{task.master} · {width}x{height} · take {task.request.take}"
        if task.key in plan.in_store:
            name += " · in the store"
        elif task.waits_for:
            name += f" · waits for {task.waits_for}"
        elif task.quoted_usd != 0:
            name += " · price unknown" if task.quoted_usd is None else f" · ${task.quoted_usd:.4f}"
        head = f"# {name} · {task.uses} {plural('use', task.uses)} · {task.key[:12]}"
        parts.append(f"{head}\n{task.request.prompt}\n")
    return "\n".join(parts)


def plan_json(plan: Plan, job: str, counts: SheetCounts | None = None) -> str:
    return json.dumps(
        {
            "job": job,
            "rows": plan.rows,
            "sheets": len(plan.sheets),
            "files": counts.files if counts else plan.files,
            **({"pages": dict(counts.pages)} if counts and counts.pages else {}),
            **({"plates": counts.plates} if counts and counts.plates is not None else {}),
            "quoted_usd": None if plan.quoted_usd is None else str(plan.quoted_usd),
            "pictures": [{"key": task.key, **_task_json(task), "in_store": task.key in plan.in_store}
                         for task in plan.pictures],
            **({"waiting": [{**_task_json(task), "waits_for": task.waits_for} for task in plan.waiting]}
               if plan.waiting else {}),
        },
        ensure_ascii=False,
        indent=2,
    )  # fmt: skip


def _task_json(task: PictureTask) -> dict[str, Any]:
    return {
        "slot": task.slot,
        "master": task.master,
        "size": list(task.request.size),
        "take": task.request.take,
        "uses": task.uses,
        "prompt": task.request.prompt,
        "quoted_usd": None if task.quoted_usd is None else str(task.quoted_usd),
    }
