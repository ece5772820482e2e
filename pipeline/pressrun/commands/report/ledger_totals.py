"""The ledger added up: by job, day, model and lane, with what is not settled and what nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from pressrun.generate.buy.findings import lane_of
from pressrun.model.dollars import dollars
from pressrun.model.journal import Attempt, Journal, RunEntry

NOBODY = "(no run)"
HEAD = ("", "calls", "pictures", "spent", "under way", "perhaps charged", "price unknown")


class Total(Struct, frozen=True):
    """Attempts added up, in exact dollars: ``spent_usd`` was charged, ``under_way_usd`` and ``perhaps_usd`` are quotes.

    ``perhaps`` counts attempts of which nobody knows whether they were charged (written off ones among them), and
    ``unpriced`` those that were, or perhaps were, at a price nobody knows.
    """

    calls: int = 0
    pictures: int = 0
    spent_usd: Decimal = Decimal(0)
    under_way_usd: Decimal = Decimal(0)
    perhaps: int = 0
    perhaps_usd: Decimal = Decimal(0)
    unpriced: int = 0

    @classmethod
    def of(cls, attempts: Iterable[Attempt]) -> Total:
        """Add attempts up."""
        every = list(attempts)
        charged = [one for one in every if one.state == "charged"]
        waiting = [one for one in every if one.standing in ("in_flight", "in_batch")]
        perhaps = [one for one in every if one.standing == "unknown" or one.state == "written_off"]
        blind = [one for one in charged if one.cost_usd is None] + [
            one for one in (*waiting, *perhaps) if one.quoted_usd is None
        ]
        return cls(
            len(every), sum(one.digest is not None for one in charged),
            sum((one.cost_usd or Decimal(0) for one in charged), Decimal(0)),
            sum((one.quoted_usd or Decimal(0) for one in waiting), Decimal(0)),
            len(perhaps), sum((one.quoted_usd or Decimal(0) for one in perhaps), Decimal(0)), len(blind),
        )  # fmt: skip


class Totals(Struct, frozen=True):
    """The whole ledger, and its parts: ``by`` job, day, model and lane, each by name."""

    whole: Total
    by: Mapping[str, Mapping[str, Total]]
    killed: tuple[RunEntry, ...] = ()


def totals_of(journal: Journal | None) -> Totals:
    """Add up all that a journal holds; without one there is nothing."""
    if journal is None:
        return Totals(Total(), {})
    attempts, runs = journal.attempts(), {run.name: run for run in journal.runs()}
    parts: Mapping[str, Callable[[Attempt], str]] = {
        "job": lambda one: runs[one.run].job if one.run in runs else NOBODY,
        "day": lambda one: runs[one.run].started[:10] if one.run in runs else NOBODY,
        "model": lambda one: one.model or one.provider,
        "lane": lane_of,
    }
    by = {}
    for part, name_of in parts.items():
        groups: dict[str, list[Attempt]] = {}
        for attempt in attempts:
            groups.setdefault(name_of(attempt), []).append(attempt)
        by[part] = {name: Total.of(groups[name]) for name in sorted(groups)}
    return Totals(Total.of(attempts), by, tuple(killed_runs(journal)))


def killed_runs(journal: Journal) -> list[RunEntry]:
    """Runs that were killed and not carried on since by another of the same job."""
    killed: dict[str, RunEntry] = {}
    for run in journal.runs():
        if run.was_killed:
            killed[run.job] = run
        elif run.exit is not None:
            killed.pop(run.job, None)
    return list(killed.values())


def ledger_text(totals: Totals) -> str:
    """The ledger for people: a table a part."""
    if not totals.whole.calls:
        return "Nothing was ever asked for that costs money."
    rows: list[tuple[str, ...]] = [HEAD]
    for part, named in totals.by.items():
        rows.append((f"by {part}", *[""] * (len(HEAD) - 1)))
        rows += [(f"  {name}", *_cells(total)) for name, total in named.items()]
    rows.append(("all", *_cells(totals.whole)))
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    return "\n".join([*(_line(row, widths) for row in rows), *killed_lines(totals.killed)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    amounts = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return "  ".join([cells[0].ljust(widths[0]), *amounts]).rstrip()


def _cells(total: Total) -> tuple[str, ...]:
    perhaps = f"{dollars(total.perhaps_usd)} ({total.perhaps})" if total.perhaps else ""
    return (
        str(total.calls), str(total.pictures), dollars(total.spent_usd),
        dollars(total.under_way_usd) if total.under_way_usd else "", perhaps,
        str(total.unpriced) if total.unpriced else "",
    )  # fmt: skip


def killed_lines(killed: Iterable[RunEntry]) -> Iterator[str]:
    """Runs that never came to an end."""
    for run in killed:
        yield f"killed: {run.name}, begun {run.started}: run its job again, and it carries on"


def ledger_data(totals: Totals) -> dict[str, Any]:
    """The ledger for machines; dollars as exact decimals in text."""
    return {
        "all": _data(totals.whole),
        **{f"by_{part}": {name: _data(total) for name, total in named.items()} for part, named in totals.by.items()},
        "killed": [{"run": run.name, "job": run.job, "started": run.started} for run in totals.killed],
    }


def _data(total: Total) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(total).items()}
