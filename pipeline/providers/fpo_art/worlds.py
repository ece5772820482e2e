"""Which set belongs to which world."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.providers.fpo_art.indoors import cosy, plain
from pipeline.providers.fpo_art.outdoors import sporty, urban
from pipeline.providers.fpo_art.scene import Scene
from pipeline.providers.fpo_art.spotlit import luxury

WORLDS: Mapping[str, Callable[[Scene], None]] = {
    "cosy": cosy, "urban": urban, "luxury": luxury, "sporty": sporty, "plain": plain,
}  # fmt: skip
