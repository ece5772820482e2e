"""What people wait for in the studio: a sheet drawn again after a change, the first page of a large run."""

from __future__ import annotations

import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.campaigns import campaign

CHANGES = 60
PEOPLE, SECONDS = 20, 10
MANY_LOOKS = 2_000


def after_a_save(layout: str) -> dict[str, float]:
    """Milliseconds from a save to the sheet drawn anew, of somebody alone: 19 of 20 are no longer."""
    with _watched(layout, 8) as (job, look):
        waited = []
        copy = job.with_name("copy.csv")
        text = copy.read_text("utf-8")
        for number in range(CHANGES):
            copy.write_text(text.replace("Order a bag", f"Order bag {number}"), "utf-8")
            begun = time.perf_counter()
            look("B000001")
            waited.append(time.perf_counter() - begun)
        return _told(waited)


def by_many_people() -> dict[str, float]:
    """The same, of twenty who each look at a row of their own, and save a change to it once a second."""
    with _watched("social/square", PEOPLE) as (job, look):
        copy, lock, waited = job.with_name("copy.csv"), threading.Lock(), list[float]()
        lines = copy.read_text("utf-8").splitlines()

        def person(number: int) -> None:
            row = f"B{number:06d}"
            at = next(place for place, line in enumerate(lines) if line.startswith(f"headline,{row}"))
            time.sleep(number / PEOPLE)
            for change in range(SECONDS):
                begun = time.perf_counter()
                with lock:
                    lines[at] = f"headline,{row},Their change {change}"
                    copy.with_suffix(".new").write_text("\n".join(lines) + "\n", "utf-8")
                    copy.with_suffix(".new").replace(copy)
                look(row)
                waited.append(time.perf_counter() - begun)
                time.sleep(max(0.0, 1 - (time.perf_counter() - begun)))

        threads = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return _told(waited)


def many_looks() -> dict[str, float]:
    """Megabytes that 2 000 looks at rows of a job add to what 100 have taken."""
    with _watched("social/square", 200) as (_, look):
        taken = []
        for number in range(MANY_LOOKS + 100):
            if number in (100, MANY_LOOKS + 99):
                taken.append(_megabytes())
            look(f"B{number % 200:06d}")
        return {"value": taken[1] - taken[0], "megabytes": taken[1]}


@contextmanager
def _watched(layout: str, rows: int) -> Iterator[tuple[Path, Callable[[str], None]]]:
    from pressrun.commands.studio.previews import Previews
    from pressrun.run.looks.preview import Wanted

    with tempfile.TemporaryDirectory() as folder:
        job, previews = campaign(Path(folder), layout, rows), Previews()

        def look(row: str) -> None:
            drawn = previews.look(f"{threading.get_ident()}", job, 1, Wanted((layout,), (f"{row}/en-GB",)))
            assert drawn is not None
            assert drawn.picture, drawn

        try:
            look("B000001")
            yield job, look
        finally:
            previews.close()


def _told(waited: list[float]) -> dict[str, float]:
    return {"value": 1000 * statistics.quantiles(waited, n=20)[-1], "median": 1000 * statistics.median(waited)}


def _megabytes() -> float:
    """What this process has in memory now."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1e6
