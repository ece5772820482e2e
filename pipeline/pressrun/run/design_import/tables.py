"""The tables that fill a design, and the job that reads them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pressrun.model.design import ROWS, Column

KEYS = ("id", "number", "key", "sheet_id")
SAMPLE = "sample"


class Tables:
    """The tables that fill a design: one for each row set that it names."""

    def __init__(self, stem: str, columns: Iterable[Column]) -> None:
        self._sets: dict[str, list[Column]] = {}
        for column in columns:
            self._sets.setdefault(column.rows, []).append(column)
        self._sets = self._sets or {ROWS: []}
        self._files = {name: f"data/{stem}{'' if name == ROWS else f'-{name}'}.csv" for name in self._sets}

    def job(self, brand: str, layout: str, locale: str) -> dict[str, Any]:
        rows: dict[str, dict[str, Any]] = {}
        for name, columns in self._sets.items():
            rows[name] = {"file": self._files[name], "key": self._key(name)}
            if types := {column.name: column.kind for column in columns if column.kind != "text"}:
                rows[name]["types"] = types
        keys = "-".join(f"{{{{ {name}.{self._key(name)} }}}}" for name in self._sets)
        return {
            "brand": brand, "rows": rows, "locale": locale, "layouts": [layout],
            "save_as": f"{keys}-{{{{ layout.name }}}}", "provider": {"type": "fpo"},
        }  # fmt: skip

    def _key(self, rows: str) -> str:
        taken = {column.name for column in self._sets[rows]}
        return next(key for key in KEYS if key not in taken)

    def written(self, root: Path, digests: Mapping[str, str], layout: str) -> Iterator[tuple[str, bytes]]:
        """Those that are new, or as they were written, with columns that the ``layout`` reads still; of others only
        what they lack."""
        for name, columns in self._sets.items():
            path = f"jobs/{self._files[name]}"
            sample = {self._key(name): SAMPLE, **{column.name: column.sample for column in columns}}
            there = (root / path).read_bytes() if (root / path).is_file() else None
            if there is None or hashlib.sha256(there).hexdigest() == digests.get(path):
                kept = {column: cell for column, cell in _first_row(there) if f"{name}.{column}" in layout}
                row = {**sample, **{column: cell for column, cell in kept.items() if column not in sample}}
                yield path, _table([list(row), list(row.values())], ",")
            elif widened := _widened(there, sample):
                yield path, widened


def _first_row(table: bytes | None) -> Iterator[tuple[str, str]]:
    """The cells of a table that was written here, with their columns."""
    rows = list(csv.reader(io.StringIO((table or b"").decode("utf-8"), newline="")))
    yield from zip(*rows[:2], strict=True) if len(rows) > 1 else ()


def _widened(table: bytes, sample: Mapping[str, str]) -> bytes | None:
    """Somebody's table with the columns that it lacks, empty but for the first row; None where it lacks none, or cannot
    be read, which loading tells."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    head = text.split("\n", 1)[0]
    between = max(",;\t", key=head.count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=between) if row]
    lacking = [name for name in sample if rows and name not in (cell.strip() for cell in rows[0])]
    if not lacking:
        return None
    wide = len(rows[0])
    padded = [row + [""] * (wide - len(row)) for row in rows]
    first, empty = [sample[name] for name in lacking], [""] * len(lacking)
    added = [lacking, first, *[empty] * (len(rows) - 2)][: len(rows)]
    return _table([row + more for row, more in zip(padded, added, strict=True)], between)


def _table(rows: Iterable[list[str]], between: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=between, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
