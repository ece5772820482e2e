"""What retouching photographs of 1536 x 1024 takes: of one, CPU seconds of this process, the best of some; of a campaign,
how much sooner two workers have done it than one."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1536, 1024)
TRIES = 5

STEPS: dict[str, list[dict[str, Any]]] = {
    "crop-tone": [{"type": "crop", "shape": "4:5"}, {"type": "tone", "temperature": 0.2, "contrast": 1.1}],
    "cutout": [{"type": "cutout", "by": "learned", "refine": False}],
    "cutout-refined": [{"type": "cutout", "by": "learned"}],
}


def retouching(steps: str) -> dict[str, float]:
    from pressrun import registry
    from pressrun.model.step import BrandColors
    from pressrun.retouch import retouched

    read = registry.steps_model().model_validate({"steps": STEPS[steps]}).steps
    lacks = [lack for step in read if (lack := step.lack())]
    assert not lacks, lacks
    picture, times = _photograph(), []
    for _ in range(TRIES):
        started = time.process_time()
        retouched(picture, read, BrandColors({}, b""))
        times.append(time.process_time() - started)
    return {"value": min(times)}


CAMPAIGN = 48  # photographs
SMALL = """
page: {trim: 96px x 64px}
target: screen
formats: [jpeg]
layers: [{type: image, picture: photo, box: {in: bleed}}]
"""
JOB = """
brand: northlight
date: 2027-03-01
rows: {shot: {file: shots.csv, key: id}}
locale: "'en-GB'"
pictures:
  photo:
    prompt: photo.j2
    references: ["{{ shot.id }}.jpg"]
    masters: {one: {size: 1536x1024}}
    steps: [{type: crop, shape: "4:5"}, {type: upscale, factor: 2}, {type: denoise}, {type: tone, contrast: 1.1}]
layouts: [small]
save_as: "{{ shot.id }}"
provider: {type: library}
"""


def of_a_campaign() -> dict[str, float]:
    """A whole run of photographs of the library by two workers: the seconds that it takes, as a part of those that one
    takes; and the CPU seconds, of all processes, likewise."""
    import shutil
    import tempfile
    from pathlib import Path

    from tests.bench.campaigns import ROOT
    from tests.bench.clock import Cost

    from pressrun import run_job
    from pressrun.doors import Settings

    costs, shot = [], _photograph()
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(ROOT / "brands", folder / "brands")
            shutil.copytree(ROOT / "templates/prompts", folder / "templates/prompts")
            ids = [f"shot-{number:02d}" for number in range(CAMPAIGN)]
            files = {
                "templates/layouts/small.yaml": SMALL, "templates/prompts/photo.j2": "a photograph",
                "jobs/job.yaml": JOB, "jobs/shots.csv": "\n".join(["id", *ids]),
            }  # fmt: skip
            for below, text in files.items():
                (folder / below).parent.mkdir(parents=True, exist_ok=True)
                (folder / below).write_text(text)
            for number, one in enumerate(ids):
                (folder / f"jobs/{one}.jpg").write_bytes(shot + bytes(number))  # each a file of its own
            with Cost() as cost:
                report = run_job(folder / "jobs/job.yaml", Settings(jobs=workers))
            assert report.counts.made == CAMPAIGN, report.counts
            costs.append(cost)
    one, two = costs
    return {"value": two.seconds / one.seconds, "cpu_share": two.cpu / one.cpu, "cpu_s": two.cpu}


def _photograph() -> bytes:
    y, x = numpy.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    wall = numpy.where((y > 640)[..., None], [118, 92, 70], [150, 168, 170]) + 12 * numpy.sin(x / 90)[..., None]
    wall += numpy.random.default_rng(3).normal(0, 3, wall.shape)
    picture = Image.fromarray(wall.clip(0, 255).astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(1))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle([620, 330, 920, 880], 60, fill=(160, 40, 45))
    draw.rectangle([715, 150, 825, 340], fill=(150, 38, 44))
    draw.rectangle([660, 480, 880, 780], fill=(240, 232, 210))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()
