"""A worker that dies of one sheet takes no other sheet with it; what stops everything stops at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pressrun.model.disk import CannotWrite
from pressrun.model.elsewhere import Cancelled
from pressrun.model.errors import PressrunError
from pressrun.model.executor import WorkerDied
from pressrun.model.file_facts import FileFacts, FileSize
from pressrun.model.job import Row
from pressrun.model.journal import Result
from pressrun.model.plan import PlannedSheet
from pressrun.model.progress import Silence
from pressrun.model.settings import Settings
from pressrun.model.task import Failed, FileResult, FileTask, Made, ReadySheet, SheetContent, SheetTask
from pressrun.run.sheets import Making
from pressrun.run.worker.sheet_tasks import make_sheets

FACTS = FileFacts("image/png", FileSize((8, 8)), (), (), (), "e" * 64)
KEY = "{:064x}"
Chunk = tuple[SheetTask, ...]
Answer = list[Made] | Exception


class FewDoors:
    """As much of the doors as making sheets takes; ``answer`` stands for the workers."""

    def __init__(self, answer: Callable[[Chunk], Answer]) -> None:
        self.answer = answer
        self.recorded: list[str] = []
        self.chunks: list[int] = []
        self.journal = self.store = self
        self.settings = Settings(jobs=2)
        self.sheets_at_once = 32

    def lookup(self, keys: Iterable[str]) -> dict[str, Result]:
        return {}

    def present(self, digests: Iterable[str], recorded: bool = False) -> frozenset[str]:
        return frozenset(digests)

    def record(self, results: list[Result]) -> None:
        self.recorded += [result.key for result in results]

    def in_workers(
        self, start: Any, kit: Any, chunks: Iterable[Chunk], do: Any, kind: str
    ) -> Iterator[tuple[Chunk, Answer]]:
        assert kind == "sheets"
        for chunk in chunks:
            self.chunks.append(len(chunk))
            yield chunk, self.answer(chunk)


def sheet(number: int) -> ReadySheet:
    content = SheetContent("post", "en-GB", "", "", {}, {}, {}, {})
    row = Row(f"row {number}", "en-GB", "", {})
    return ReadySheet(PlannedSheet(row, "post", 1, (), (), ()), content, (FileTask("png", KEY.format(number), "p"),), None)


def made(chunk: Chunk) -> list[Made]:
    return [Made(task.index, tuple(FileResult(file.key, "d" * 64, 1, FACTS) for file in task.files)) for task in chunk]


def test_the_sheet_to_blame_fails_alone() -> None:
    def answer(chunk: Chunk) -> Answer:
        died = WorkerDied("killed")
        died.add_note("in the middle of something")
        return died if any(task.row == "row 3" for task in chunk) else made(chunk)

    doors = FewDoors(answer)
    outcomes = Making(cast(Any, doors), cast(Any, None), Silence()).make([sheet(number) for number in range(20)])
    failed = {key: outcome.finding for key, outcome in outcomes.items() if outcome.finding}
    assert list(failed) == [KEY.format(3)]
    assert failed[KEY.format(3)].code == "worker-died"
    assert failed[KEY.format(3)].row == "row 3"
    assert failed[KEY.format(3)].trace == "in the middle of something"
    assert len(outcomes) == 20
    assert sorted(doors.recorded) == sorted(KEY.format(number) for number in range(20) if number != 3)
    assert doors.chunks.count(1) == 8  # those that were together with it, each tried alone


def test_a_full_disk_stops_everything_and_what_was_made_is_recorded() -> None:
    def answer(chunk: Chunk) -> Answer:
        return CannotWrite("cannot write: the disk is full") if len(doors.chunks) > 1 else made(chunk)

    doors = FewDoors(answer)
    with pytest.raises(CannotWrite):
        Making(cast(Any, doors), cast(Any, None), Silence()).make([sheet(number) for number in range(40)])
    assert len(doors.recorded) == 8
    assert len(doors.chunks) == 2


@pytest.mark.parametrize(("count", "largest"), [(3, 3), (40, 8), (100, 12), (600, 32)])
def test_handfuls_are_as_large_as_leaves_several_for_each_worker(count: int, largest: int) -> None:
    doors = FewDoors(made)
    outcomes = Making(cast(Any, doors), cast(Any, None), Silence()).make([sheet(number) for number in range(count)])
    assert len(outcomes) == sum(doors.chunks) == count
    assert max(doors.chunks) == largest


def test_between_two_sheets_a_worker_looks_whether_anybody_waits() -> None:
    begun: list[str] = []

    def compose(layout: object, content: SheetContent) -> None:
        begun.append(content.layout)
        raise PressrunError("no sheet")

    content = SheetContent("post", "en-GB", "", "", {}, {}, {}, {})
    sheets = [SheetTask(number, f"row {number}", content, ()) for number in range(3)]
    layouts = {"post": SimpleNamespace(page_list=())}
    bench: Any = SimpleNamespace(kit=SimpleNamespace(layouts=layouts), composer=SimpleNamespace(compose=compose))
    bench.cancelled = lambda: False
    assert all(isinstance(one, Failed) for one in make_sheets(bench, tuple(sheets)))
    assert len(begun) == 3
    begun.clear()
    bench.cancelled = lambda: len(begun) == 2
    with pytest.raises(Cancelled):
        make_sheets(bench, tuple(sheets))
    assert len(begun) == 2
