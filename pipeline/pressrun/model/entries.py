"""Tables whose entries are imported when they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib.metadata import EntryPoint
from typing import TypeVar

EntryT = TypeVar("EntryT")


class Entries(MutableMapping[str, EntryT]):
    """What there is by name. One entry is imported when somebody asks for it: a job, as a call of the command, names
    few of all, and to import the others took as long as to look through a small job. ``places`` are as entry points
    have them: ``module:name``."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._entries: dict[str, EntryT] = {}

    def __getitem__(self, name: str) -> EntryT:
        if name not in self._entries:
            self._entries[name] = EntryPoint(name, self._places[name], "pressrun").load()
        return self._entries[name]

    def __setitem__(self, name: str, entry: EntryT) -> None:
        self._places[name], self._entries[name] = "", entry

    def __delitem__(self, name: str) -> None:
        del self._places[name], self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
