"""retouch: a master becomes a picture by an ordered list of steps; the original's bytes stay as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from pressrun.graphics.photographs import verified
from pressrun.model.executor import Bench
from pressrun.model.picture import PictureRetouched
from pressrun.model.step import BrandColors, StepOptions


def retouch_key(digest: str, steps: Sequence[StepOptions], colors: BrandColors) -> str:
    """The key of what ``steps`` make of the picture with these bytes."""
    recipe = [step.recipe(colors) for step in steps]
    return hashlib.sha256(json.dumps([digest, recipe], sort_keys=True).encode()).hexdigest()


def retouch(picture: bytes, steps: Sequence[StepOptions], colors: BrandColors) -> bytes:
    """Apply the steps in order."""
    for step in steps:
        picture = step.apply(picture, colors)
    return picture


@dataclass(frozen=True, slots=True)
class RetouchJob:
    """A picture to be retouched: its digest, the steps, and the key of what they make of it."""

    key: str
    digest: str
    steps: tuple[StepOptions, ...]


def retouch_picture(bench: Bench, job: RetouchJob) -> PictureRetouched:
    """A worker's task: see :func:`retouch`."""
    data = retouch(bench.store.read(job.digest), job.steps, bench.brand_colors)
    return PictureRetouched(job.key, bench.store.put(data), len(data), verified(data))
