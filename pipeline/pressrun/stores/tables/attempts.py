"""Money: every call that may cost is written down before it leaves, and settled when its answer is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from typing import Any

from pressrun.model.journal import (
    ENDED,
    Attempt,
    Limit,
    OverLimit,
    Quote,
    Result,
    Settlement,
    Spending,
    Standing,
    to_json,
)
from pressrun.stores.tables.database import PARAMETERS, Connection, Database
from pressrun.stores.tables.dialect import Dialect
from pressrun.stores.tables.results import insert_results

NANO = Decimal(1_000_000_000)
LATEST = 20  # charged attempts of a model, that tell how far bills are from quotes
COMMITTED = """
    SELECT sum(CASE attempts.state WHEN 'charged' THEN coalesce(cost, quoted) ELSE coalesce(held, quoted) END)
    FROM attempts JOIN runs ON runs.name = attempts.run
    WHERE runs.job = ? AND runs.name <> ? AND attempts.state IN ('charged', 'open', 'written_off')
"""


class AttemptTable(Database):
    """The table of attempts."""

    def begin_attempts(self, quotes: Sequence[Quote], within: Limit | None = None) -> list[int]:
        """Write down several at once (takes of one call, rows of a batch): one for each picture, all or none."""
        holder = self._own_holder()
        with self._transaction(holder) as connection:
            return insert_attempts(connection, holder, quotes, within)

    def factors(self) -> dict[str, Decimal]:
        rows = self._query(
            "SELECT model, cost, quoted FROM (SELECT model, cost, quoted, row_number() OVER"
            " (PARTITION BY model ORDER BY id DESC) AS age FROM attempts"
            " WHERE state = 'charged' AND cost IS NOT NULL AND quoted > 0) AS latest"
            " WHERE age <= ? AND cost > quoted",
            (LATEST,),
        )
        found: dict[str, Decimal] = {}
        for model, cost, quoted in rows:
            found[str(model)] = max(found.get(str(model), Decimal(1)), Decimal(str(cost)) / Decimal(str(quoted)))
        return found

    def proven(self) -> set[str]:
        kinds = f"SELECT DISTINCT {self.dialect.field('detail', 'kind')} FROM attempts"
        rows = self._query(f"{kinds} WHERE state = 'charged' AND digest IS NOT NULL")
        return {str(row[0]) for row in rows if row[0]}

    def finish_attempts(self, settlements: Sequence[Settlement]) -> list[int]:
        """Settle several at once, all or none; returns those that were still open. `KeyError` for an unknown number.

        A second settlement of the same attempt changes nothing and records nothing, so that two processes that fetch
        the same batch book it once.
        """
        with self._transaction() as connection:
            return settle_attempts(connection, settlements, self.dialect)

    def deliver(self, attempt: int, result: Result) -> None:
        """Record the picture of an attempt that was paid before, and whose picture lay at an address."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE attempts SET digest = ?, address = NULL WHERE id = ? AND address IS NOT NULL",
                (result.digest, attempt),
            )
            insert_results(connection, [result], self.dialect)

    def open_attempts(self, pictures: Iterable[str] | None = None) -> list[Attempt]:
        """Attempts without an end, of these pictures or of all: in flight, in a batch, or unknown. Oldest first."""
        return self._attempts("state = 'open'") if pictures is None else self._of("state = 'open'", pictures)

    def paid_attempts(self, pictures: Iterable[str]) -> dict[str, list[Attempt]]:
        """Attempts that were, or may have been, paid for, by picture, the oldest first: charged, or without an end."""
        found: dict[str, list[Attempt]] = {}
        for attempt in self._of("state IN ('open', 'charged')", pictures):
            found.setdefault(attempt.picture, []).append(attempt)
        return found

    def _of(self, where: str, pictures: Iterable[str]) -> list[Attempt]:
        found: list[Attempt] = []
        rest = iter(sorted(set(pictures)))
        while chunk := list(islice(rest, PARAMETERS)):
            found += self._attempts(f"{where} AND picture IN ({','.join('?' * len(chunk))})", chunk)
        return sorted(found, key=lambda attempt: attempt.id)

    def attempts(self, run: str | None = None) -> list[Attempt]:
        """The ledger: every attempt of a run, or of all, in the order they were begun."""
        return self._attempts("1 = 1") if run is None else self._attempts("run = ?", [run])

    def spent(self, run: str | None = None) -> Decimal:
        """Dollars charged, exactly, by a run or by all."""
        where, values = ("1 = 1", []) if run is None else ("run = ?", [run])
        total = self._query(f"SELECT sum(cost) FROM attempts WHERE {where}", values)[0][0]
        return from_nano(total) or Decimal(0)

    def spending(self, run: str | None = None) -> Spending:
        """What was spent, and what may still come: what a cap has to be held against."""
        sums = {"in_flight": Decimal(0), "in_batch": Decimal(0), "unknown": Decimal(0)}
        where, values = ("", []) if run is None else (" AND run = ?", [run])
        unpriced = self._query(
            f"SELECT count(*) FROM attempts WHERE state = 'charged' AND cost IS NULL{where}", values
        )[0][0]
        assert isinstance(unpriced, int)
        for attempt in self._attempts(f"state IN ('open', 'written_off'){where}", values):
            if attempt.quoted_usd is None:
                unpriced += 1
            else:
                sums[attempt.standing or "unknown"] += attempt.quoted_usd
        return Spending(self.spent(run), **sums, unpriced=unpriced)

    def _attempts(self, where: str, values: Sequence[object] = ()) -> list[Attempt]:
        rows = self._query(
            "SELECT attempts.id, picture, run, provider, model, quoted, detail, attempts.state, cost, usage, digest,"
            " batch, pid, host, address, attempts.holder,"
            f" (SELECT remote FROM batches WHERE batches.id = batch AND batches.state NOT IN {ENDED}"
            f" AND {self.sound['batches'].condition})"
            " FROM attempts JOIN holders ON holders.id = attempts.holder"
            f" WHERE {where} ORDER BY attempts.id",
            values,
        )
        alive: dict[int, bool] = {}
        return [self._attempt(row, alive) for row in rows]

    def _attempt(self, row: tuple[Any, ...], alive: dict[int, bool]) -> Attempt:
        (number, picture, run, provider, model, quoted, detail, state, cost, usage, digest) = row[:11]
        (batch, pid, host, address, holder, remote) = row[11:]
        standing: Standing | None = None
        if state == "open":
            if holder not in alive:
                alive[holder] = self._is_alive(holder)
            # A batch whose number we have can be asked for its fate, whoever sent it.
            standing = "in_batch" if remote else "in_flight" if alive[holder] else "unknown"
        return Attempt(
            number, picture, run, provider, model, from_nano(quoted), detail, state, standing,
            from_nano(cost), usage, digest, batch, pid, host, address,
        )  # fmt: skip


def insert_attempts(
    connection: Connection, holder: int, quotes: Iterable[Quote], within: Limit | None = None
) -> list[int]:
    """Write attempts within the caller's transaction; their numbers. Raises OverLimit, which undoes it."""
    numbers = [
        connection.execute(
            "INSERT INTO attempts (picture, run, provider, model, quoted, detail, holder, batch, held)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                quote.picture, quote.run, quote.provider, quote.model, _to_nano(quote.quoted_usd),
                to_json(quote.detail), holder, quote.batch, _to_nano(quote.held_usd),
            ),
        ).fetchone()[0]
        for quote in quotes
    ]  # fmt: skip
    if within is not None:
        committed = from_nano(connection.execute(COMMITTED, (within.job, "")).fetchone()[0])
        if committed is not None and committed > within.usd:
            raise OverLimit
    return numbers


def settle_attempts(connection: Connection, settlements: Iterable[Settlement], dialect: Dialect) -> list[int]:
    """Settle attempts within the caller's transaction; the numbers of those that were still open."""
    settled: list[int] = []
    for one in settlements:
        usage = None if one.usage is None else to_json(one.usage)
        digest = one.digest or (one.result.digest if one.result else None)
        changed = connection.execute(
            "UPDATE attempts SET state = ?, cost = ?, usage = ?, digest = ?, address = ?"
            " WHERE id = ? AND state = 'open'",
            (one.state, _to_nano(one.cost_usd), usage, digest, one.address, one.attempt),
        ).rowcount
        if changed:
            settled.append(one.attempt)
            if one.result is not None:
                insert_results(connection, [one.result], dialect)
        elif not connection.execute("SELECT 1 FROM attempts WHERE id = ?", (one.attempt,)).fetchone():
            raise KeyError(one.attempt)
    return settled


def _to_nano(usd: Decimal | float | None) -> int | None:
    """Dollars to whole nano-dollars; a float counts as the shortest decimal that reads back as it."""
    if usd is None:
        return None
    exact = usd if isinstance(usd, Decimal) else Decimal(str(usd))
    return int((exact * NANO).to_integral_value(ROUND_HALF_EVEN))


def from_nano(nano: object) -> Decimal | None:
    """Dollars of whole nano-dollars."""
    return None if nano is None else Decimal(str(nano)) / NANO
