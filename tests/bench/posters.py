"""What a very large poster takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy
from PIL import Image
from tests.bench.clock import Cost

if TYPE_CHECKING:
    from pressrun.model.sheet import Sheet

WIDTH, HEIGHT = 21_000, 28_600  # pixels: 600 million
PHOTOGRAPH = (3840, 2160)
TRIES = 5


def poster() -> dict[str, float]:
    """Have the press file of one at 300 pixels an inch, a photograph all over: painted, written, read back and put into
    a store. The peak of this process, in MB."""
    import tempfile
    from pathlib import Path

    from pressrun import export as export_stage
    from pressrun.formats.press_pdf import PRESS_PDF
    from pressrun.graphics.color.inks import PressProfile, load_profile, shipped_profiles
    from pressrun.graphics.plates.canvas import Canvas
    from pressrun.graphics.plates.ground import Ground
    from pressrun.model.rendering import Metadata, Overlay
    from pressrun.run.worker.painted_plates import painted_in_strips
    from pressrun.stores.folder import FolderStore

    profile: PressProfile = load_profile(next(iter(shipped_profiles())), Path())
    sheet = _sheet((WIDTH, HEIGHT))
    page = sheet.boxes.bleed
    photograph = _photograph()
    overlay = Overlay((page.width, page.height), (), b"", {})
    said = Metadata("Poster", "", "Pressrun", "en-GB", "", 1_800_000_000)
    with tempfile.TemporaryDirectory() as folder, open("/proc/self/clear_refs", "w") as peak:
        store = FolderStore(Path(folder))
        peak.write("5")
        peak.flush()
        with Cost() as cost:
            made = painted_in_strips(
                sheet, Canvas(300, profile), (3000, 4086), lambda _: photograph, _no_drawing, store
            )
            seen = Ground.of(made.seen, page.width, lambda ink: ink.srgb)
            view = export_stage.View(lambda: seen, seen.reduced(320), ())
            rendering = export_stage.rendering(
                sheet, overlay, (), said, view, made.jpeg, (), None, profile, 90, False, False
            )
            (file,) = export_stage.written([PRESS_PDF], rendering)
            file.put(store)
        return {"value": _peak(), "cpu_s": cost.cpu, "file_mb": len(file.written) / 1e6}


def plate_of_4k() -> dict[str, float]:
    """The plate for the press of a photograph of 3840 x 2160 in its own pixels: separated and encoded, the best of
    some, in CPU seconds of this process."""
    import time
    from pathlib import Path

    from pressrun import export as export_stage
    from pressrun import plate
    from pressrun.graphics.color.inks import load_profile, shipped_profiles
    from pressrun.graphics.plates.canvas import Canvas

    canvas = Canvas(300, load_profile(next(iter(shipped_profiles())), Path()))
    sheet, photograph, times = _sheet(PHOTOGRAPH), _photograph(), []
    for _ in range(TRIES):
        started = time.process_time()
        painted = plate.paint(sheet, canvas, lambda _: photograph, _no_drawing)
        assert painted.picture.size == PHOTOGRAPH
        export_stage.encode_plate(painted.picture)
        times.append(time.process_time() - started)
    return {"value": min(times)}


def _sheet(size: tuple[int, int]) -> Sheet:
    """A page for print that a photograph fills, of so many pixels at 300 an inch."""
    from pressrun.model.color import Ink
    from pressrun.model.geometry import PageBoxes, Rect
    from pressrun.model.sheet import PictureMark, Sheet

    page = Rect(0, 0, size[0] * 72 / 300, size[1] * 72 / 300)
    mark = PictureMark("poster", page, "photograph", "image/jpeg", PHOTOGRAPH, (0.0, 0.0, 1.0, 1.0))
    paper = Ink("paper", "#FFFFFF", (0, 0, 0, 0))
    return Sheet("poster", "en-GB", "print", PageBoxes(page, page, page), paper, (mark,), "", "")


ABOVE = """
page: {trim: 841mm x 1189mm, bleed: 3mm}
target: print
formats: [FORM]
flatten: true
layers:
  - {type: image, file: ground.png, box: {in: bleed}}
  - {type: text, text: Poster, role: headline, size: 300pt, color: ink,
     box: {x: 100mm, y: 100mm, width: 600mm, height: 200mm}}
  - {type: image, file: above.png, blend: BLEND, box: {in: bleed}}
"""
JOB = """
brand: northlight
date: 2027-03-01
rows: {poster: {key: id, items: [{id: a}]}}
locale: "'en-GB'"
layouts: [poster]
save_as: "{{ poster.id }}"
provider: {type: fpo}
"""


def seen_through(blend: str = "normal", form: str = "press-pdf") -> dict[str, float]:
    """A whole run of an A0 poster with a cut-out all over it above its text, mixed so. The peak of this process, in
    MB."""
    import os
    import shutil
    import tempfile
    from pathlib import Path

    from tests.bench.campaigns import ROOT

    from pressrun import run_job

    os.environ["PRESSRUN_EXECUTOR"] = "inline"
    with tempfile.TemporaryDirectory() as name, open("/proc/self/clear_refs", "w") as peak:
        folder = Path(name)
        shutil.copytree(ROOT / "brands", folder / "brands")
        for below, text in (("templates/layouts/poster.yaml", ABOVE.replace("BLEND", blend).replace("FORM", form)), ("jobs/poster.yaml", JOB)):
            (folder / below).parent.mkdir(parents=True, exist_ok=True)
            (folder / below).write_text(text)
        picture = _photograph()
        picture.save(folder / "jobs/ground.png", compress_level=1)
        y, x = numpy.mgrid[0 : PHOTOGRAPH[1], 0 : PHOTOGRAPH[0]]
        cover = 255 * (1 - ((x / PHOTOGRAPH[0] - 0.5) * 2.1) ** 2 - ((y / PHOTOGRAPH[1] - 0.5) * 2.1) ** 2)
        picture.putalpha(Image.fromarray(cover.clip(0, 255).astype(numpy.uint8)))
        picture.save(folder / "jobs/above.png", compress_level=1)
        del picture, y, x, cover
        peak.write("5")
        peak.flush()
        with Cost() as cost:
            report = run_job(folder / "jobs/poster.yaml")
        (asset,) = report.assets
        return {"value": _peak(), "cpu_s": cost.cpu, "file_mb": asset.bytes / 1e6}


def _no_drawing(*asked: object) -> Image.Image:
    raise AssertionError(asked)


def _photograph() -> Image.Image:
    """With waves and the grain of a photograph."""
    rng, bands = numpy.random.default_rng(3), []
    for one in range(3):
        y, x = numpy.mgrid[0 : PHOTOGRAPH[1], 0 : PHOTOGRAPH[0]].astype(numpy.float32)
        waves = 140 + 70 * numpy.sin(x / 190 + one) + 30 * numpy.sin(y / 37 * (one + 1))
        waves += rng.normal(0, 4, waves.shape).astype(numpy.float32)
        bands.append(Image.fromarray(waves.clip(0, 255).astype(numpy.uint8)))
    return Image.merge("RGB", bands)


def _peak() -> float:
    """Megabytes that this process has had at once (Linux)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
