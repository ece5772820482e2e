"""What a very large poster takes."""

from __future__ import annotations

import numpy
from PIL import Image
from tests.bench.clock import Cost

WIDTH, HEIGHT = 21_000, 28_600  # pixels: 600 million
PHOTOGRAPH = (3840, 2160)


def poster() -> dict[str, float]:
    """Have the press file of one at 300 pixels an inch, a photograph all over: painted, written, read back and put into
    a store. The peak of this process, in MB."""
    import tempfile
    from pathlib import Path

    from pressrun import export as export_stage
    from pressrun.formats.press_pdf import PRESS_PDF
    from pressrun.graphics.canvas import Canvas
    from pressrun.graphics.ground import Ground
    from pressrun.graphics.inks import PressProfile, load_profile, shipped_profiles
    from pressrun.model.color import Ink
    from pressrun.model.geometry import PageBoxes, Rect
    from pressrun.model.rendering import Metadata, Overlay
    from pressrun.model.sheet import PictureMark, Sheet
    from pressrun.run.painted_plates import painted_in_strips
    from pressrun.stores.folder import FolderStore

    profile: PressProfile = load_profile(next(iter(shipped_profiles())), Path())
    page = Rect(0, 0, WIDTH * 72 / 300, HEIGHT * 72 / 300)
    mark = PictureMark("poster", page, "photograph", "image/jpeg", PHOTOGRAPH, (0.0, 0.0, 1.0, 1.0))
    paper = Ink("paper", "#FFFFFF", (0, 0, 0, 0))
    sheet = Sheet("poster", "en-GB", "print", PageBoxes(page, page, page), paper, (mark,), "", "")
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
            view = export_stage.View(seen, seen.reduced(320), ())
            rendering = export_stage.rendering(
                sheet, overlay, (), said, view, made.jpeg, (), None, profile, 90, False, False
            )
            (file,) = export_stage.written([PRESS_PDF], rendering)
            file.put(store)
        return {"value": _peak(), "cpu_s": cost.cpu, "file_mb": len(file.written) / 1e6}


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
