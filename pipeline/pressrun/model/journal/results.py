"""What was made from which key: all of a journal that a worker sees."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar, cast

from msgspec import Struct

from pressrun.model.errors import PressrunError

T = TypeVar("T")

PICTURE = "picture"  # the kind that may have cost money
RETOUCHED = "retouched"  # what was made of a picture
FILE = "file"  # what is delivered
ANSWER = "answer"  # what a network said of a picture
PAGE = "page"  # of a contact sheet
RUN = "run"  # a whole one, from all that it read
BATCH = "batch"  # pages of files that many rows are in
PLATE = "plate"  # what lies under the live layers of sheets
PIECE = "piece"  # pixels that lie above some of them


class DamagedRow(PressrunError):
    """A row of the journal that does not say what it should: once it is forgotten, its thing is made again."""

    exit_code = 2

    def __init__(self, result: Result) -> None:
        super().__init__(
            f"the journal's row of a {result.kind} ({result.key[:12]}) is damaged",
            "run the job again: what it stood for is made anew",
        )
        self.args, self.result = (result,), result


class Result(Struct, frozen=True):
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

    def read(self, reader: Callable[[dict[str, Any]], T]) -> T:
        """What its facts are, as `reader` takes them. Raises DamagedRow where it cannot."""
        try:
            return reader(self.facts)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise DamagedRow(self) from None


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

    def damaged(self) -> list[str]:
        """The rows that do not say what they should, each as people would look for it. They are passed over: what a
        result stood for is made again, of a call no more is known than what it cost, and a decision is none."""
        ...

    def set_aside(self) -> int:
        """Keep damaged rows where nothing is asked any more, so that they are not told again; how many there were."""
        ...

    def pictures_beginning(self, prefix: str, most: int = 10) -> list[str]:
        """Keys of pictures that begin with these hex digits, the first few."""
        ...

    def painted(self, most: int) -> list[Result]:
        """Plates and pieces that are known, as many as are asked for at most; which of more is left open."""
        ...

    def close(self) -> None:
        """Let go of what it is kept in."""
        ...


def noted(text: str) -> dict[str, Any]:
    """What was noted beside a row; nothing where the note is damaged."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def to_json(value: object) -> str:
    """Compact JSON in one order of keys, whatever order they were set in."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
