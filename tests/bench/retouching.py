"""What retouching one photograph of 1536 x 1024 takes: CPU seconds of this process, the best of some."""

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
