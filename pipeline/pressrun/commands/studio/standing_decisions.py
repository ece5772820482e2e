"""What is decided about the tiles of a run: as the journal has it, and what is said in the studio meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pressrun.commands.studio.tiles import Shelf, Tile
from pressrun.decisions.latest_decisions import (
    Decisions,
    StandingDecision,
    decisions_on,
    sheet_content,
    sheet_subject,
    unshown_content,
)
from pressrun.manifest.merged_rows import merged_rows
from pressrun.model.journal import Decision, Journal, Verdict

State = Literal["undecided", "changed", "approved", "approved-before", "rejected"]
STATES: tuple[State, ...] = ("undecided", "changed", "approved", "approved-before", "rejected")
FRESH_FOR = 2.0  # seconds; commands decide, too, while the studio is open


class Word(Struct, frozen=True):
    """Where a tile stands, and who said so when and why."""

    state: State
    who: str = ""
    reason: str = ""
    at: str = ""


UNDECIDED = Word("undecided")


class _Part(Struct, frozen=True):
    """What one decision is about: what it is filed under, and what was seen (see `Tile`)."""

    subject: str
    pictures: tuple[str, ...]
    says: str
    unshown: tuple[str, ...]


def _rows_in_files(shelf: Shelf) -> dict[int, list[_Part]]:
    """The rows in files that many are in, by the identity of each file's tile, as the newest run that has it tells
    them. The rows of a run are read once, however many files they are in."""
    tiles: dict[Path, dict[str, int]] = {}
    for tile in shelf.tiles:
        if not tile.row:
            folder = shelf.folder.with_name(tile.runs[0]) if tile.runs else shelf.folder
            tiles.setdefault(folder, {})[tile.files[0].path] = id(tile)
    found: dict[int, list[_Part]] = {}
    for folder, files in tiles.items():
        for row in merged_rows(folder):
            if row.path in files:
                subject = sheet_subject(shelf.job, row.row, row.layout, row.take)
                found.setdefault(files[row.path], []).append(_Part(subject, row.pictures, row.says, row.unshown))
    return found


class Standing:
    """The decisions of a journal for one run. ``version`` is another one whenever any tile stands elsewhere."""

    def __init__(self, journal: Journal, shelf: Shelf, clock: Callable[[], float] = time.monotonic) -> None:
        self._journal, self._shelf, self._clock = journal, shelf, clock
        self._lock = threading.RLock()
        self._parts = _rows_in_files(shelf)
        every = [(tile, part) for tile in shelf.tiles for part in self._parts_of(tile)]
        keys = {key for _, part in every for key in (*part.pictures, *part.unshown)}
        self._digests = {key: result.digest for key, result in journal.lookup(keys).items()}
        self._tiles: dict[str, list[Tile]] = {}
        for tile, part in every:
            self._tiles.setdefault(part.subject, []).append(tile)
        self.version = 0
        self._read()

    def _read(self) -> None:
        self._decisions = Decisions(self._journal, self._shelf.job, self._digests)
        self._words = [self._worked_out(tile) for tile in self._shelf.tiles]
        self.counts = Counter(word.state for word in self._words)
        self.version += 1
        self._read_at = self._clock()

    def words(self) -> Sequence[Word]:
        """Where every tile stands, by its number."""
        return self._words

    def word(self, tile: Tile) -> Word:
        """Where a tile stands now."""
        return self._words[tile.number]

    def counted(self) -> dict[str, int]:
        """How many tiles stand where."""
        return {state: self.counts[state] for state in STATES}

    def _parts_of(self, tile: Tile) -> Sequence[_Part]:
        """What is decided of a tile: itself, or the rows that are in its file."""
        own = _Part(tile.subject(self._shelf.job), tile.pictures, tile.says, tile.unshown)
        return self._parts.get(id(tile)) or (own,)

    def _worked_out(self, tile: Tile) -> Word:
        """Where it stands; of many rows, where all do."""
        if not self._decisions:
            return UNDECIDED
        words = [self._word_on(tile, part) for part in self._parts_of(tile)]
        return words[0] if len({word.state for word in words}) == 1 else UNDECIDED

    def _word_on(self, tile: Tile, part: _Part) -> Word:
        found = self._found(part)
        if found is None:
            known = self._decisions.is_about_any((part.subject, *part.pictures))
            return Word("changed") if known else UNDECIDED
        return Word(self._state(found, tile), found.decision.who, found.decision.reason, found.decision.at)

    def _found(self, part: _Part) -> StandingDecision | None:
        return self._decisions.of_shown(part.subject, part.pictures, part.says, part.unshown)

    def _state(self, found: StandingDecision, tile: Tile) -> State:
        if not found.is_approval:
            return "rejected"
        is_of_newest = not tile.runs or tile.runs[0] == self._shelf.manifest["newest"]
        before = is_of_newest and found.decision.at < str(self._shelf.manifest["started"])
        return "approved-before" if before else "approved"

    def fresh(self, at_once: bool = False) -> Standing:
        """Itself, with what was decided elsewhere meanwhile, some seconds ago or ``at_once``."""
        with self._lock:
            if at_once or self._clock() - self._read_at > FRESH_FOR:
                if len(self._journal.decision_history()) != self._decisions.heard:
                    self._read()
                self._read_at = self._clock()
        return self

    def content(self, tile: Tile | _Part) -> str:
        """What a tile shows, as a decision about it is bound to."""
        return sheet_content((self._digests.get(key, "") for key in tile.pictures), tile.says)

    def decisions_on(self, tile: Tile, verdict: Verdict, who: str, reason: str, at: str) -> Iterator[Decision]:
        """What is written where somebody says this of a tile: of a file that many rows are in, of each."""
        for part in self._parts_of(tile):
            subject, content, found = part.subject, self.content(part), None
            if verdict == "withdraw" and part.unshown and (found := self._found(part)):  # as earlier versions bound it
                content = found.decision.content if found.decision.subject == subject else content
            unshown = [unshown_content(self._digests[key]) for key in part.unshown if key in self._digests]
            yield from decisions_on(subject, content, unshown, verdict, who, reason, at)

    def about(self, subject: str) -> Sequence[Tile]:
        """The tiles that a decision filed under this is about."""
        return self._tiles.get(subject, ())

    def was_decided(self, tile: Tile) -> bool:
        """Whether anybody decided about the tile as this run shows it."""
        return any(self._decisions.about(part.subject, self.content(part)) for part in self._parts_of(tile))

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Keep decisions, all or none. They are on disk when this returns."""
        with self._lock:
            self._journal.decide(decisions)
            for decision in decisions:
                self._decisions.hear(decision)
            about = {decision.subject for decision in decisions}
            changed = {id(tile): tile for subject in about for tile in self._tiles.get(subject, ())}
            for tile in changed.values():
                self.counts[self._words[tile.number].state] -= 1
                self._words[tile.number] = self._worked_out(tile)
                self.counts[self._words[tile.number].state] += 1
            self.version += 1


def series(shelf: Shelf, tile: Tile) -> list[Tile]:
    """The tile and those that show the same pictures in the same layout: every language of it. Where many rows share
    their pictures, only those of its own row."""
    alike = [
        one for one in shelf.tiles
        if one.layout == tile.layout and one.take == tile.take and one.condition == tile.condition
        and set(one.pictures) == set(tile.pictures)
    ]  # fmt: skip
    if tile.pictures and len({one.locale for one in alike}) == len(alike):
        return alike
    return [one for one in alike if _but_locale(one) == _but_locale(tile)]


def _but_locale(tile: Tile) -> str:
    return json.dumps([value for value in tile.keys.values() if value != tile.locale] or tile.of)
