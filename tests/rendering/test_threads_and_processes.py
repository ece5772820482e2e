"""Threads make what processes make: each has a bench of its own, and one at a time works with PDFium.

Without that, two threads meet in PDFium within some hundred sheets and end the process.
"""

from __future__ import annotations

from pathlib import Path

from rendering_kit import Press

from pressrun import registry
from pressrun.model.task import Made
from pressrun.run.worker import bench, sheet_tasks

BY_THREADS, BY_PROCESSES = 500, 100  # sheets
TOGETHER = 10

LAYOUT = """
page: {trim: 80pt x 60pt}
target: screen
formats: [png]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: text, id: t, text: x, size: 10pt, color: [ink, paper], box: {height: 20pt}}
"""


def digests(executor: str, folder: Path, count: int) -> dict[int, str]:
    """So many sheets made by an executor in a store of its own, by number."""
    press = Press(folder)
    tasks = [
        press.task(LAYOUT, number, slots={"hero": ["ramp"]}, layers={"t": {"text": f"No. {number}"}})
        for number in range(count)
    ]
    handfuls = [tuple(tasks[at : at + TOGETHER]) for at in range(0, count, TOGETHER)]
    workers = registry.executor(executor).open(bench.open_bench, press.kit, 2)
    found = {}
    for _, answer in workers.run(handfuls, sheet_tasks.make_sheets):
        assert isinstance(answer, list), answer
        for made in answer:
            assert isinstance(made, Made), made
            [file] = made.files
            found[made.index] = file.digest
    workers.close()
    press.close()
    return found


def test_threads_make_the_same_bytes_as_processes(tmp_path: Path) -> None:
    by_threads = digests("threads", tmp_path / "threads", BY_THREADS)
    assert len(by_threads) == BY_THREADS
    by_processes = digests("local", tmp_path / "processes", BY_PROCESSES)
    assert len(by_processes) == BY_PROCESSES
    assert by_processes.items() <= by_threads.items()
