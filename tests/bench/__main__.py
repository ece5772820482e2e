"""Prints how fast Pressrun is here, beside other ways of drawing the same sheets.

    python -m tests.bench [NAME …]
    python -m tests.bench --profile square|flyer|cheap        where the time of one process goes

Behind the figures come the goals as a table: each with its figure, and whether it is reached. Each figure is taken in a process of its own, with different words on every sheet. CPU is that of all processes.
Machines differ and are noisy: quote the ratios of one call. A way whose tools are not installed is left out: they are
skia-python, selenium with Chromium, npm, weasyprint, and reportlab with rl_accel.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``beside`` is the figure whose files, and CPU a file, this one's are compared with; ``cpu_goal`` is in CPU
    milliseconds a file."""

    title: str
    unit: str
    goal: float | None = None
    beside: str = ""
    cpu_goal: float | None = None

    def goals(self, result: dict[str, float]) -> Iterator[tuple[str, float, float, bool]]:
        """Each of its goals: the figure's unit, the figure, the goal, and whether that is reached."""
        if self.goal:
            value = result["value"]
            yield self.unit, value, self.goal, value >= self.goal if self.unit == "files/s" else value <= self.goal
        if self.cpu_goal and "cpu_ms" in result:
            yield "CPU ms a file", result["cpu_ms"], self.cpu_goal, result["cpu_ms"] <= self.cpu_goal
            if "worker_mb" in result:
                yield "MB, its largest worker", result["worker_mb"], WORKER, result["worker_mb"] <= WORKER


LINES = {
    "square": Line("screen square 1080x1080 JPEG, its plate in the cache", "files/s", 150, cpu_goal=12),
    "square-repeated": Line("the same, the same words on every sheet", "files/s"),
    "pillow": Line("the same square by Pillow, its background kept, one process", "files/s", beside="square"),
    "skia": Line("the same square by Skia, one process", "files/s", beside="square"),
    "chromium": Line("the same square by a Chromium that stays open", "files/s", beside="square"),
    "satori": Line("the same square by satori, resvg and sharp", "files/s", beside="square"),
    "flyer": Line("press A5, its plate in the cache", "files/s", 180, cpu_goal=10),
    "weasyprint": Line("the same page in RGB by WeasyPrint, its cache kept, one process", "files/s", beside="flyer"),
    "reportlab": Line("the same page in RGB by ReportLab, one process", "files/s", beside="flyer"),
    "typst": Line("the same page in RGB by Typst, written by hand", "files/s", beside="flyer"),
    "cheap": Line("10 000 small JPEGs", "files/s", cpu_goal=4),
    "sample": Line("the sample job, cold", "s", 15),
    "unchanged": Line("a second run of 10 000 unchanged files", "s", 1.5),
    "unchanged-100k": Line("a second run of 100 000 unchanged files", "s", 15),
    "parent-1k": Line("memory of the process that conducts a run of 1 000 small JPEGs", "MB", 600),
    "parent-50k": Line("the same of 50 000", "MB", 600),
    "parent-200k": Line("the same of 200 000", "MB", 600),
    "changed": Line("a run of 10 000 files after one cell changed", "s", 2),
    "million-csv": Line("a million rows x 4 layouts planned, from four CSV files", "s", 90),
    "million-xlsx": Line("the same from four workbooks", "s", 90),
    "expand": Line("expanding 100 000 rows with their prompts", "s", 20),
    "mailing": Line("10 000 A6 records of different words, with a code each, in one press PDF", "s", 8),
    "mailing-chunks": Line("what 40 000 in files of 2 000 add to what 10 000 take: the largest process", "MB", 20),
    "plate-4k": Line("the plate for the press of a photograph of 3840x2160: separated and encoded", "CPU s", 0.4),
    "mailing-photos": Line("2 000 records with a picture of 90 kB each in one press PDF: the largest process", "MB", 300),
    "poster": Line("the press file of a poster of 600 megapixels: its process at the most", "MB", 600),
    "poster-seen-through": Line("a run of an A0 poster with a cut-out all over it above its text: its process", "MB", 650),
    "poster-multiplied": Line("the same, the cut-out multiplied onto it, and its ink summed", "MB", 750),
    "poster-flattened": Line("the same as PDF/X-1a, its text among 80 megapixels of what is flattened", "MB"),
    "table": Line("a run of a table of 1 000 rows over its pages, in one press PDF", "CPU s", 0.5),
    "leaflet": Line("a run of leaflets of four pages: CPU", "of one of pages", 4),
    "series": Line("a run of 200 sheets whose headlines share a size: CPU", "of one where they do not", 1.1),
    "crop-tone": Line("crop, tone and encoding of a photograph of 1536x1024, one core", "CPU s", 0.06),
    "cutout": Line("its subject, cut out as learned, the outline as it is found", "CPU s", 1.2),
    "cutout-refined": Line("the same, the outline worked out", "CPU s", 4),
    "retouching-by-two": Line("48 photographs retouched by two workers: seconds", "of one worker's", 0.6),
    "conformance": Line("a megapixel measured against its brand, without lettering", "CPU s", 0.08),
    "look-square": Line("a square looked at in small, from a save on, 19 of 20", "ms", 150),
    "look-story": Line("a story", "ms", 150),
    "look-flyer": Line("an A5 flyer", "ms", 150),
    "looks-of-many": Line("the square, while twenty people save a change each second", "ms", 800),
    "looks-memory": Line("what 2 000 looks add to what 100 have taken", "MB", 20),
    "first-page": Line("the first page of a run of 50 000 files in Chromium, of a studio just started", "s", 0.5),
    "longest-task": Line("the longest task of that page while it is scrolled from end to end", "ms", 50),
    "approvals": Line("500 sheets of it approved by keyboard, until the journal has all", "s"),
    "help": Line("pressrun --help", "s", 0.2),
    "check": Line("pressrun check on the sample, where nothing has changed", "s", 0.6),
    "check-afresh": Line("pressrun check on the sample, of which nothing is known", "s"),
}

PROFILED = 200  # files
WORKER = 300  # megabytes that one takes at the most
CPU_BESIDE = {"pillow": 1.4, "weasyprint": 1.0}  # as many times the CPU of another way as ours may take


def main(names: list[str]) -> None:
    taken: dict[str, dict[str, float]] = {}
    for name in names or LINES:
        line = LINES[name]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.figures", name], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"{name:<16} {line.title}: failed: {done.stderr.strip().splitlines()[-1:]}", flush=True)
            continue
        result = taken[name] = json.loads(done.stdout.strip().splitlines()[-1])
        print(f"{name:<16} {line.title}: {', '.join(_parts(line, result))}", flush=True)
    print(_table(taken))


def _table(taken: dict[str, dict[str, float]]) -> str:
    """Each goal with its figure, and the other ways beside it, as a table in Markdown."""
    rows = ["", "| work | figure | goal | |", "|---|---|---|---|"]
    for name, line in LINES.items():
        if name not in taken:
            continue
        rows += [
            f"| {line.title} | {value:.{3 if value < 1 else 1}f} {unit} | {goal:g} | {'reached' if reached else 'not reached'} |"
            for unit, value, goal, reached in line.goals(taken[name])
        ]
        if line.beside in taken:
            ours, theirs = taken[line.beside], taken[name]
            files, cpu = ours["value"] / theirs["value"], ours["cpu_ms"] / theirs["cpu_ms"]
            most = CPU_BESIDE.get(name)
            said = "" if most is None else "reached" if cpu <= most else "not reached"
            figure = f"{theirs['value']:.1f} files/s, {theirs['cpu_ms']:.1f} CPU ms a file"
            ratios = f"{line.beside}: {files:.2f} times the files/s, {cpu:.2f} times the CPU"
            rows.append(f"| {line.title} | {figure}; {ratios} | {f'CPU {most:g} times' if most else ''} | {said} |")
    return "\n".join(rows)


def _parts(line: Line, result: dict[str, float]) -> list[str]:
    parts = [f"{result['value']:.{1 if line.unit == 'files/s' else 2}f} {line.unit}"]
    if "cpu_ms" in result:
        parts.append(f"{result['cpu_ms']:.1f} CPU ms a file")
    if "worker_mb" in result:
        parts.append(f"its largest worker {result['worker_mb']:.0f} MB")
    if "median" in result:
        parts.append(f"half of them {result['median']:.0f} ms")
    if "pictures_s" in result:
        parts.append(f"its pictures after {result['pictures_s']:.2f} s")
    if "keys_s" in result:
        parts.append(f"the last key after {result['keys_s']:.2f} s")
    if "cpu_share" in result:
        parts.append(f"{result['cpu_share']:.2f} of its CPU")
    if "cpu_s" in result:
        parts.append(f"{result['cpu_s']:.2f} CPU s")
    if "megabytes" in result:
        parts.append(f"{result['megabytes']:.0f} MB")
    if "file_mb" in result:
        parts.append(f"a file of {result['file_mb']:.1f} MB")
    return parts


def profile(name: str) -> None:
    """The functions with most CPU time of their own, and with most in all, of a run in this process, in milliseconds a
    file. What watching takes is among it: about a third of the Python."""
    import time
    from cProfile import Profile
    from pstats import Stats

    from tests.bench.figures import OURS, ours

    watch = Profile(time.thread_time)
    print(ours(OURS[name], watch=watch, files=PROFILED))
    stats = Stats(watch)
    files = PROFILED / 1000
    for title, which in (("of their own", 2), ("with what they call", 3)):
        print(f"\nCPU ms a file, {title} (calls a file)")
        found = sorted(stats.stats.items(), key=lambda one: -one[1][which])  # type: ignore[attr-defined]  # not in its stub
        for (file, line, function), entry in found[:60]:
            where = f"{file.rpartition('site-packages/')[2].rpartition('pipeline/')[2]}:{line} " if line else ""
            print(f"{entry[which] / files:8.3f} {entry[1] / PROFILED:8.1f}  {where}{function}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--profile"]:
        profile(sys.argv[2])
    else:
        main(sys.argv[1:])
