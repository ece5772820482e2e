"""Which set belongs to which world."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pressrun.providers.fpo.indoors import cosy, plain
from pressrun.providers.fpo.outdoors import sporty, urban
from pressrun.providers.fpo.scene import Scene
from pressrun.providers.fpo.spotlight import luxury

WORLDS: Mapping[str, Callable[[Scene], None]] = {
    "cosy": cosy, "urban": urban, "luxury": luxury, "sporty": sporty, "plain": plain,
}  # fmt: skip
