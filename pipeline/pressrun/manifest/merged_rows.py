"""Rows in files that many are in, as a run's ``records.jsonl`` tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

RECORDS = "records.jsonl"


class MergedRow(Struct, frozen=True):
    """A row in the file at ``path`` (below the run's folder), on pages from ``first`` to ``last``; ``pictures`` are the
    keys of those it shows, ``unshown`` of those it was had with; ``says`` is as an asset has it."""

    path: str
    row: str
    layout: str
    take: int
    first: int
    last: int
    pictures: tuple[str, ...]
    says: str = ""
    unshown: tuple[str, ...] = ()


def merged_rows(folder: Path, path: str | None = None) -> Iterator[MergedRow]:
    """Those of a run, or of one file of it, in the order of their pages; none where nothing was merged."""
    try:
        lines = (folder / RECORDS).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        said = json.loads(line)
        if path is None or said["path"] == path:
            first, last = said["pages"]
            shown = tuple(said.get("pictures", ()))
            layout, take, says = said.get("layout", ""), said.get("take", 1), said.get("says", "")
            unshown = tuple(said.get("unshown", ()))
            yield MergedRow(said["path"], said["row"], layout, take, first, last, shown, says, unshown)
