"""What is decided about the tiles of a run: as the journal has it, and what is said at the desk meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pressrun.decisions.latest_decisions import Decisions, StandingDecision, sheet_content
from pressrun.desk.tiles import Shelf, Tile
from pressrun.model.journal import Decision, Journal

State = Literal["undecided", "changed", "approved", "approved-before", "rejected"]
STATES: tuple[State, ...] = ("undecided", "changed", "approved", "approved-before", "rejected")
FRESH_FOR = 2.0  # seconds; commands decide, too, while the desk is open


@dataclass(frozen=True, slots=True)
class Word:
    """Where a tile stands, and who said so when and why."""

    state: State
    who: str = ""
    reason: str = ""
    at: str = ""


class Standing:
    """The decisions of a journal for one run."""

    def __init__(self, journal: Journal, shelf: Shelf, clock: Callable[[], float] = time.monotonic) -> None:
        self._journal, self._shelf, self._clock = journal, shelf, clock
        self._lock = threading.Lock()
        keys = {key for tile in shelf.tiles for key in tile.pictures}
        self._digests = {key: result.digest for key, result in journal.lookup(keys).items()}
        self._read()

    def _read(self) -> None:
        self._decisions = Decisions(self._journal, self._shelf.job, self._digests)
        self._subjects = {word.decision.subject for word in self._decisions.everything()}
        self._read_at = self._clock()

    def word(self, tile: Tile) -> Word:
        """Where a tile stands now."""
        found = self._decisions.of_shown(tile.subject(self._shelf.job), tile.pictures)
        if found is None:
            known = not self._subjects.isdisjoint((tile.subject(self._shelf.job), *tile.pictures))
            return Word("changed" if known else "undecided")
        return Word(self._state(found), found.decision.who, found.decision.reason, found.decision.at)

    def _state(self, found: StandingDecision) -> State:
        if not found.is_approval:
            return "rejected"
        return "approved-before" if found.decision.at < str(self._shelf.manifest["started"]) else "approved"

    def fresh(self) -> Standing:
        """Itself, with what commands decided meanwhile."""
        with self._lock:
            if self._clock() - self._read_at > FRESH_FOR:
                self._read()
        return self

    def content(self, tile: Tile) -> str:
        """What a tile shows, as a decision about it is bound to."""
        return sheet_content(self._digests.get(key, "") for key in tile.pictures)

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Keep decisions, all or none. They are on disk when this returns."""
        with self._lock:
            self._journal.decide(decisions)
            for decision in decisions:
                self._decisions.hear(decision)
                self._subjects.add(decision.subject)


def counted(words: Iterable[Word]) -> dict[str, int]:
    """How many tiles stand where."""
    counts: dict[str, int] = dict.fromkeys(STATES, 0)
    for word in words:
        counts[word.state] += 1
    return counts


def series(shelf: Shelf, tile: Tile) -> list[Tile]:
    """The tile and those that show the same pictures in the same layout: every language of it."""
    return [
        one for one in shelf.tiles
        if one.layout == tile.layout and one.take == tile.take and one.condition == tile.condition
        and set(one.pictures) == set(tile.pictures) and (one.pictures or _but_locale(one) == _but_locale(tile))
    ]  # fmt: skip


def _but_locale(tile: Tile) -> str:
    return json.dumps([value for value in tile.keys.values() if value != tile.locale])
