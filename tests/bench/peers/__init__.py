"""The same sheets by other ways, each as its best users write it: what is alike on all sheets is drawn once and kept.

Every way gets the same ground (scene, packshot, logo and button as one picture that Pressrun drew), the same fonts, and
different words for every sheet, and fits the headline into its box. None of them checks anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont
from tests.bench.campaigns import ROOT

FONTS = ROOT / "brands/northlight/fonts"
HEAD = FONTS / "Fraunces-SemiBold.ttf"
GREEN = "#1F3A2E"


@dataclass(frozen=True, slots=True)
class Ground:
    """The picture under the words, its size in pixels, and where FiraGO Bold lies."""

    picture: Path
    label_font: Path


@lru_cache
def _ruler(font: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), 100)


def fitted(words: str, font: Path, width: float, height: float, sizes: tuple[float, float]) -> tuple[float, list[str]]:
    """The largest size, and the lines, at which the words stand in the box: one line or two, leading 1.05."""
    ruler, parts = _ruler(font), words.split()
    best = (sizes[0], [words])
    for cut in range(len(parts)):
        lines = [" ".join(parts[:cut]), " ".join(parts[cut:])] if cut else [words]
        widest = max(ruler.getlength(line) for line in lines) / 100
        size = min(sizes[1], width / widest, height / (1.05 * len(lines)))
        if size > best[0]:
            best = (size, lines)
    return best
