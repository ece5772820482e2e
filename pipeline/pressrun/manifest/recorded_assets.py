"""The files of a run as its record has them: read from there whenever they are asked for, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import from_json

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.made_when_asked import ReadThrough
from pressrun.model.run_record import Asset, Assets, FoundOn

T = TypeVar("T")

ASSETS = "assets.jsonl"
TABLE = "assets.csv"
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError)  # what reading a record that is not ours raises


class RecordedAssets(ReadThrough[Asset], Assets):
    """The assets in a run's ``folder``, ``count`` in all; a hundred thousand of them never lie in memory together.
    Going through them raises InputError where the record is damaged, or gone."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count = folder, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Asset]:
        return self._read(Asset.from_dict)

    def found(self) -> Iterator[FoundOn]:
        return (one for one in self._read(_found_on) if one.findings)

    def _read(self, of: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
        try:
            with (self._folder / ASSETS).open("rb") as lines:
                for line in lines:
                    if line.strip():
                        yield of(from_json(line))
        except DAMAGED as error:
            raise damaged_record(self._folder, error) from error


def _found_on(line: Mapping[str, Any]) -> FoundOn:
    return FoundOn(line["path"], line["row"], line["layout"], tuple(map(Finding.from_dict, line.get("findings") or ())))


def damaged_record(folder: Path, error: Exception) -> InputError:
    """What is told of a record that cannot be read."""
    message = f"the record in {folder} cannot be read: {error}"
    hint = "run the job again to have a sound one"
    return InputError([Finding(Severity.ERROR, "damaged-record", message, hint=hint)])
