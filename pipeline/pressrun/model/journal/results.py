"""What was made from which key: all of a journal that a worker sees."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

PICTURE = "picture"  # the kind that may have cost money
RETOUCHED = "retouched"  # what was made of a picture
FILE = "file"  # what is delivered


@dataclass(frozen=True, slots=True)
class Result:
    """One thing made: `key` is what it was made from, `digest` its bytes in the store, `size` their number.

    `facts_json` is kept as text: reading ten thousand of them is much of what an unchanged run has to do.
    """

    key: str
    kind: str
    digest: str
    size: int
    facts_json: str = "{}"

    @classmethod
    def of(cls, key: str, kind: str, digest: str, size: int, facts: Mapping[str, Any] | None = None) -> Result:
        """A result from facts that are still data."""
        return cls(key, kind, digest, size, to_json(facts or {}))

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of it, parsed anew at every call."""
        return cast(dict[str, Any], json.loads(self.facts_json))


class Results(Protocol):
    """Results by key. Every method is one transaction, on disk when it returns."""

    def lookup(self, keys: Iterable[str]) -> dict[str, Result]:
        """The results of those keys that have one. Whether the store still has the bytes is the store's to say."""
        ...

    def record(self, results: Iterable[Result]) -> dict[str, Result]:
        """Keep results, all or none, and return what now stands for each key.

        The last one wins, except for pictures: what may have been paid is never replaced, only `forget`.
        """
        ...

    def forget(self, key: str, digest: str) -> bool:
        """Drop a result whose object the store has lost, unless it was replaced already; whether there was one."""
        ...

    def pictures_beginning(self, prefix: str, most: int = 10) -> list[str]:
        """Keys of pictures that begin with these hex digits, the first few."""
        ...

    def close(self) -> None:
        """Let go of what it is kept in."""
        ...


def to_json(value: object) -> str:
    """Compact JSON in one order of keys, whatever order they were set in."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
