"""The lines of a run's record, read once when it is kept: each as it is where its file was there, and what carrying it
over asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from pressrun.manifest.recorded_assets import ASSETS
from pressrun.model.job import Row
from pressrun.model.run_record import Counts
from pressrun.run.contact.cards import product_in, sheet_named
from pressrun.run.contact.pages import CardPlaces
from pressrun.run.kept.kept_lines import LINES_AT_ONCE, csv_line, handfuls, values_in_pieces, values_told
from pressrun.run.kept.kept_runs import CARDS, FILES, ROWS

_STANDING = re.compile(rb'"[mrf]*"\);\n$')


class LinesRead:
    """``rows`` are those that were made, with the digests of what they say, as far as somebody asks for them. The sets
    of locales, layouts and ``shown`` pictures (their digests) are known when the lines were read."""

    def __init__(self, rows: Iterator[tuple[Row, str]]) -> None:
        self._rows = rows
        self._row: tuple[str, str] | None = None  # the one at hand: its id and digest
        self._count = 0  # of its lines
        self._places = CardPlaces()
        self.locales: set[str] = set()
        self.layouts: set[str] = set()
        self.shown: set[str] = set()

    def in_pieces(self, path: Path) -> Iterator[tuple[str, bytes]]:
        """The lines in ``path``, and what was read of them, in pieces that are kept."""
        waiting: list[tuple[str, int]] = []
        with path.open("rb") as lines:
            for some in handfuls(lines):
                said = [from_json(line) for line in some]
                waiting += self._rows_of(said)
                while len(waiting) >= LINES_AT_ONCE:
                    yield ROWS, values_told(waiting[:LINES_AT_ONCE])
                    del waiting[:LINES_AT_ONCE]
                for one in said:
                    self._read(one)
                yield ASSETS, b"".join(map(line_reused, said))
                yield FILES, values_told([*map(file_told, said)])
        for name, values in ((ROWS, chain(waiting, self._rest())), (CARDS, map(list, self._places.pages()))):
            yield from zip(repeat(name), values_in_pieces(values))

    def _read(self, said: Mapping[str, Any]) -> None:
        self.locales.add(said["locale"])
        self.layouts.add(said["layout"])
        for picture in said["pictures"]:
            self.shown.update(one for one in (picture["sha256"], picture["whole"]) if one)
        self._places.add(product_in(said["keys"], said["path"]), sheet_in(said))

    def _rows_of(self, said: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
        """The digest of each row that is over, and how many lines it has. Lines are in the order of their rows: a row
        whose lines are not found has none, and is no other's."""
        for line in said:
            while self._row is None or self._row[0] != line["row"]:
                if self._row is not None:
                    yield self._row[1], self._count
                following = next(self._rows, None)
                if following is None:
                    self._row = None
                    return
                self._row, self._count = (following[0].id, following[1]), 0
            self._count += 1

    def _rest(self) -> Iterator[tuple[str, int]]:
        if self._row is not None:
            yield self._row[1], self._count
        yield from ((digest, 0) for _, digest in self._rows)


def line_reused(said: dict[str, Any]) -> bytes:
    """The line of an asset as it is where its file was there."""
    pictures = [{**picture, "reused": True} for picture in said["pictures"]]
    return to_json({**said, "pictures": pictures, "status": "reused"}) + b"\n"


def file_told(said: Mapping[str, Any]) -> tuple[str, str, str]:
    """The path of an asset, and the digests of its file and its thumbnail."""
    return said["path"], said["sha256"], said["thumb"] or ""


def sheet_in(said: Mapping[str, Any]) -> str:
    return sheet_named(said["row"] or said["path"], said["layout"], said["take"], said["condition"])


def index_reused(line: bytes) -> bytes:
    """The line of a page in the contact sheet's index, likewise."""
    return _STANDING.sub(lambda found: b'"%s");\n' % (b"r" * (len(found[0]) - len('"");\n'))), line)


def table_line_reused(row: Sequence[str]) -> bytes:
    """A line of the table for a spreadsheet, likewise."""
    return csv_line([*row[:2], "reused", *row[3:]])


def all_reused(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a run, likewise."""
    planned = manifest["counts"]["planned"]
    return {**manifest, "counts": Counts(planned, 0, planned, 0).to_json()}
