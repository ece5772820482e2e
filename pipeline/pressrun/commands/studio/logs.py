"""What is kept of the studio itself: comments, and who did what. Lines that are only ever added, on disk when they are
answered for."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun import doors
from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.tiles import Tile
from pressrun.model.plain_data import plain


class Log:
    """A file of JSON lines. One that was cut off by the end of the machine is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, **said: Any) -> None:
        """Keep a line, with the time."""
        line = json.dumps({"at": f"{doors.now():%Y-%m-%dT%H:%M:%SZ}", **said}, ensure_ascii=False) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                if file.tell() and not self._ends_whole():
                    file.write(b"\n")
                file.write(line.encode("utf-8", "backslashreplace"))
                file.flush()
                os.fsync(file.fileno())

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def lines(self) -> Iterator[dict[str, Any]]:
        """All that was kept, the oldest first."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    said = json.loads(line)
                except ValueError:
                    continue
                if isinstance(said, dict):
                    yield said


class Comment(Struct, frozen=True):
    """A comment on a sheet; ``at_x`` and ``at_y`` say where on its picture, from 0 to 1, or are None. ``content`` is
    what the sheet showed; ``answers`` are later ones."""

    number: int
    subject: str
    content: str
    who: str
    at: str
    text: str
    at_x: float | None = None
    at_y: float | None = None
    page: int = 1
    resolved_by: str = ""
    resolved_at: str = ""
    answers: tuple[Comment, ...] = ()


class Comments:
    """The comments of a campaign."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._all: dict[int, Comment] = {}
        self._next = 1
        for line in log.lines():
            self._hear(line)

    def about(self, run: OpenRun, tile: Tile) -> list[Comment]:
        """Those on a sheet, the oldest first; on what it showed before, too."""
        subject = tile.subject(run.shelf.job)
        return [one for one in self._all.values() if one.subject == subject]

    def open_subjects(self) -> set[str]:
        """What has comments that nobody resolved."""
        return {one.subject for one in self._all.values() if not one.resolved_by}

    def known(self, number: int) -> Comment | None:
        return self._all.get(number)

    def add(self, run: OpenRun, tile: Tile, who: str, text: str, place: tuple[float, float] | None, page: int) -> None:
        """Somebody says something."""
        x, y = place or (None, None)
        self._keep(
            kind="comment", subject=tile.subject(run.shelf.job), content=run.standing.content(tile), who=who, text=text,
            at_x=x, at_y=y, page=page,
        )  # fmt: skip

    def answer(self, number: int, who: str, text: str) -> None:
        self._keep(kind="answer", to=number, who=who, text=text)

    def resolve(self, number: int, who: str, resolved: bool) -> None:
        self._keep(kind="resolve", to=number, who=who, resolved=resolved)

    def _keep(self, **said: Any) -> None:
        with self._lock:
            self._log.add(**said)
            self._hear({"at": f"{doors.now():%Y-%m-%dT%H:%M:%SZ}", **said})

    def _hear(self, line: dict[str, Any]) -> None:
        try:
            if line["kind"] == "comment":
                made = Comment(
                    self._next, line["subject"], line["content"], line["who"], line["at"], line["text"],
                    line["at_x"], line["at_y"], line["page"],
                )  # fmt: skip
                self._all[self._next] = made
                self._next += 1
                return
            of = self._all[line["to"]]
            if line["kind"] == "answer":
                said = Comment(0, of.subject, of.content, line["who"], line["at"], line["text"])
                of = replace(of, answers=(*of.answers, said))
            else:
                who, when = (line["who"], line["at"]) if line["resolved"] else ("", "")
                of = replace(of, resolved_by=who, resolved_at=when)
            self._all[of.number] = of
        except (LookupError, TypeError):
            return


def told(comment: Comment) -> dict[str, Any]:
    """For scripts."""
    return plain(comment)
