"""retouch: a master becomes a picture by an ordered list of steps; the original's bytes stay as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

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
