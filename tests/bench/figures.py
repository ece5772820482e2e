"""One figure, measured in this process; printed as JSON on the last line."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from cProfile import Profile
from functools import partial
from pathlib import Path

from tests.bench.campaigns import ROOT, campaign
from tests.bench.clock import Cost, largest_process
from tests.bench.documents import leaflet, series, table
from tests.bench.mailings import mailing_campaign, photo_mailing
from tests.bench.parts import LAYOUTS as LAYOUTS_OF_PARTS
from tests.bench.parts import campaign_of_parts
from tests.bench.peers import Ground, flyers, squares
from tests.bench.posters import plate_of_4k, poster, seen_through
from tests.bench.retouching import STEPS, of_a_campaign, retouching
from tests.bench.studio import after_a_save, by_many_people, many_looks
from tests.bench.walls import approvals, first_page, longest_task

CAMPAIGN = 1_000  # files: what starting costs is in the figure, as it is in a campaign's
WARMING = 4
PEER_FILES = 200
RECORDS = 10_000  # of a mailing
IN_CHUNKS, CHUNK = 40_000, 2_000  # of a large one, and of each of its files
PHOTOS = 2_000  # of one of which each record has a picture
MEASURED = 20  # times
CHANGED = 10_000  # files of the campaign in which one cell changes
PLANNED, PARTS = 1_000_000, 4  # rows, and the files that they are in

OURS = {"square": "social/square", "flyer": "bench/press", "cheap": "bench/small"}  # and their layouts
LOOKS = {"square": "social/square", "story": "social/story", "flyer": "print/a5-flyer"}

Figure = dict[str, float]


def ours(layout: str, repeated: bool = False, watch: Profile | None = None, files: int = CAMPAIGN) -> Figure:
    """A whole run whose plates are there already: every text is new, no picture is. To be watched it works in this
    process alone."""
    from pressrun import run_job
    from pressrun.doors import Settings

    settings = Settings(inline=watch is not None)
    with tempfile.TemporaryDirectory() as folder:
        run_job(campaign(Path(folder), layout, WARMING), settings)
        job = campaign(Path(folder), layout, files, WARMING, repeated)
        with Cost() as cost, watch or nullcontext():
            report = run_job(job, settings)
        assert report.counts.made == files, report.counts
        return cost.of(files)


def peer(way: Callable[[Ground, Path, int], Figure], ground: str) -> Figure:
    """The same sheet by another way, over the ground that Pressrun drew."""
    from pressrun import run_job
    from pressrun.graphics.typefaces.fonts import firago_files

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = run_job(campaign(folder, ground, 1))
        (made,) = (Path(report.folder) / asset.path for asset in report.assets)
        fonts = folder / "firago"
        (bold,) = (file for file in firago_files(fonts) if file.stem.lower().endswith("bold"))
        out = folder / "out"
        out.mkdir()
        return way(Ground(made.resolve(), bold), out, PEER_FILES)


def sample() -> Figure:
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        for name in ("brands", "templates", "jobs"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        with Cost() as cost:
            report = run_job(Path(folder) / "jobs/spring-launch.yaml")
        assert report.counts.made == report.counts.planned >= 200
        return {"value": cost.seconds, "cpu_s": cost.cpu}


def _again(change: Callable[[Path], None], files: int = CHANGED) -> Figure:
    """Seconds of a second run of ``files``, as a command, after a change."""
    with tempfile.TemporaryDirectory() as folder:
        job = campaign(Path(folder), "bench/small", files)
        command = [sys.executable, "-m", "pressrun", "run", str(job), "--quiet"]
        subprocess.run(command, check=True, cwd=ROOT, env=_installed(), capture_output=True)
        change(job.parent)
        with Cost() as cost:
            subprocess.run(command, check=True, cwd=ROOT, env=_installed(), capture_output=True)
        return {"value": cost.seconds, "cpu_s": cost.cpu}


def _installed() -> dict[str, str]:
    """The variables with which the bytecode of all modules is there, as pip leaves it."""
    return {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def unchanged(files: int = CHANGED) -> Figure:
    return _again(lambda jobs: None, files)


def parents_peak(files: int) -> Figure:
    """Megabytes of the process that conducts a first run of so many small JPEGs."""
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        job = campaign(Path(folder), "bench/small", files)
        with Cost() as cost:
            report = run_job(job)
        assert report.counts.made == files, report.counts
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {**cost.of(files), "value": peak, "cpu_s": cost.cpu}


def planned(ending: str) -> Figure:
    """A million rows of ten columns, in four parts and four layouts, as far as nothing is made."""
    from pressrun.doors import Settings
    from pressrun.run.planned_job import prepare

    with tempfile.TemporaryDirectory() as folder:
        job = campaign_of_parts(Path(folder), ending, PARTS, PLANNED // PARTS)
        with Cost() as cost:
            prepared = prepare(job, Settings())
        prepared.doors.journal.close()
        assert prepared.plan.files == PLANNED * LAYOUTS_OF_PARTS
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"value": cost.seconds, "cpu_s": cost.cpu, "megabytes": memory}


def changed() -> Figure:
    def edit(jobs: Path) -> None:
        products = jobs / "products.csv"
        products.write_text(products.read_text().replace("No. 4711,", "No. 4711 again,"))

    return _again(edit)


def starting(*arguments: str, afresh: bool = False) -> Figure:
    """Seconds of a command as a process, the second time that it is called; ``afresh`` as if it were the first in its
    campaign."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("brands", "templates", "jobs"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        command = [sys.executable, "-m", "pressrun", *arguments]
        for _ in range(2):
            if afresh:
                shutil.rmtree(Path(folder) / ".pressrun", ignore_errors=True)
            with Cost() as cost:
                subprocess.run(command, check=True, cwd=folder, env=_installed(), capture_output=True)
        return {"value": cost.seconds, "cpu_s": cost.cpu}


def expand() -> Figure:
    from pressrun import registry
    from pressrun.expand import expand_rows, prompts_for
    from pressrun.load import load_project

    with tempfile.TemporaryDirectory() as folder:
        job = campaign(Path(folder), "bench/small", 100_000)
        with Cost() as cost:
            project = load_project(job, registry)
            prompts = sum(len(prompts_for(project, row)) for row in expand_rows(project))
        assert prompts == 200_000
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"value": cost.seconds, "cpu_s": cost.cpu, "megabytes": memory}


def mailing() -> Figure:
    """A whole run, its picture included; memory is that of the largest process."""
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        job = mailing_campaign(Path(folder), RECORDS)
        with Cost() as cost:
            report = run_job(job)
        (asset,) = report.assets
        assert asset.size.pages == RECORDS
        megabytes = largest_process()
        return {"value": cost.seconds, "cpu_s": cost.cpu, "megabytes": megabytes, "file_mb": asset.bytes / 1e6}


def in_chunks() -> Figure:
    """Megabytes that a mailing in files of a few thousand records adds to what a quarter of it takes."""
    from pressrun import run_job

    taken = []
    for records in (IN_CHUNKS // 4, IN_CHUNKS):
        with tempfile.TemporaryDirectory() as folder:
            report = run_job(mailing_campaign(Path(folder), records, CHUNK))
            assert report.exit == 0, Counter(one.code for asset in report.assets for one in asset.findings)
        taken.append(largest_process())
    return {"value": taken[1] - taken[0], "megabytes": taken[1]}


def photographed() -> Figure:
    """Megabytes of the largest process of a run in which every record has a picture of its own."""
    from pressrun import run_job

    with tempfile.TemporaryDirectory() as folder:
        job = photo_mailing(Path(folder), PHOTOS)
        with Cost() as cost:
            report = run_job(job)
        assert report.assets[0].size.pages == PHOTOS
        return {"value": largest_process(), "cpu_s": cost.cpu, "file_mb": report.assets[0].bytes / 1e6}


def conformance() -> Figure:
    """A picture of a megapixel with the grain of a photograph, measured again and again in one process."""
    import io

    import numpy
    from PIL import Image

    from pressrun.graphics.photos.conformity import measured

    y, x = numpy.mgrid[0:1024, 0:1024] / 1024
    waves = 140 + 70 * numpy.sin(9 * x + 3 * numpy.sin(7 * y)) + numpy.random.default_rng(1).normal(0, 3, x.shape)
    picture, out = Image.fromarray(waves.clip(0, 255).astype(numpy.uint8)).convert("RGB"), io.BytesIO()
    picture.save(out, "PNG")
    palette = ("#FFFFFF", "#1A1A1A", "#1F3A2E", "#E4572E", "#EBD7B9")
    measured(out.getvalue(), palette, (0.0, 0.0, 1.0, 1 / 3), 12.0)
    with Cost() as cost:
        for _ in range(MEASURED):
            measured(out.getvalue(), palette, (0.0, 0.0, 1.0, 1 / 3), 12.0)
    return {"value": cost.cpu / MEASURED}


FIGURES: dict[str, Callable[[], Figure]] = {
    **{name: partial(ours, layout) for name, layout in OURS.items()},
    "cheap": partial(ours, OURS["cheap"], files=CHANGED),
    "square-repeated": lambda: ours("social/square", repeated=True),
    "pillow": lambda: peer(squares.pillow, "bench/square-ground"),
    "skia": lambda: peer(squares.skia, "bench/square-ground"),
    "chromium": lambda: peer(squares.chromium, "bench/square-ground"),
    "satori": lambda: peer(squares.satori, "bench/square-ground"),
    "weasyprint": lambda: peer(flyers.weasyprint, "bench/flyer-ground"),
    "reportlab": lambda: peer(flyers.reportlab, "bench/flyer-ground"),
    "typst": lambda: peer(flyers.typst, "bench/flyer-ground"),
    "sample": sample,
    "unchanged": unchanged,
    "unchanged-100k": partial(unchanged, 100_000),
    "parent-1k": partial(parents_peak, 1_000),
    "parent-50k": partial(parents_peak, 50_000),
    "parent-200k": partial(parents_peak, 200_000),
    "changed": changed,
    "million-csv": partial(planned, "csv"),
    "million-xlsx": partial(planned, "xlsx"),
    "expand": expand,
    "mailing": mailing,
    "mailing-chunks": in_chunks,
    "mailing-photos": photographed,
    **{name: partial(retouching, name) for name in STEPS},
    "retouching-by-two": of_a_campaign,
    "table": table,
    "leaflet": leaflet,
    "series": series,
    "plate-4k": plate_of_4k,
    "poster": poster,
    "poster-seen-through": seen_through,
    "poster-multiplied": partial(seen_through, "multiply"),
    "poster-flattened": partial(seen_through, "multiply", "press-pdf-x1a"),
    "conformance": conformance,
    **{f"look-{name}": partial(after_a_save, layout) for name, layout in LOOKS.items()},
    "looks-of-many": by_many_people,
    "looks-memory": many_looks,
    "first-page": first_page,
    "longest-task": longest_task,
    "approvals": approvals,
    "help": lambda: starting("--help"),
    "check": lambda: starting("check", "jobs/spring-launch.yaml"),
    "check-afresh": lambda: starting("check", "jobs/spring-launch.yaml", afresh=True),
}

if __name__ == "__main__":
    print(json.dumps(FIGURES[sys.argv[1]]()))
