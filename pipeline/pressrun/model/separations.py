"""What is printed on a page by each ink, and how much of all together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import Image

Color = tuple[int, int, int]
PROCESS = ("Cyan", "Magenta", "Yellow", "Black")


class Separations(Struct, frozen=True):
    """``plates`` by the name of their ink, those of the process first, then spots: 8 bits a pixel, 0 for no ink and 255
    for all of it, so many pixels an inch (``density``). ``looks`` are those of steps of each spot on paper, as sRGB,
    from none of it to all."""

    plates: Mapping[str, Image.Image]
    density: float
    looks: Mapping[str, tuple[Color, ...]] = field(default_factory=dict)

    def but_for(self, inks: frozenset[str]) -> Separations:
        """The same without some of its inks."""
        if not inks:
            return self
        plates = {ink: plate for ink, plate in self.plates.items() if ink not in inks}
        return replace(self, plates=plates, looks={ink: look for ink, look in self.looks.items() if ink not in inks})

    @property
    def size(self) -> tuple[int, int]:
        return next(iter(self.plates.values())).size

    @property
    def process(self) -> Image.Image:
        """The plates of the process as one picture in CMYK."""
        return Image.merge("CMYK", [self.plates[ink] for ink in PROCESS])

    @property
    def spots(self) -> list[str]:
        return [ink for ink in self.plates if ink not in PROCESS]


class InkPeak(Struct, frozen=True):
    """Where most ink lies together: how much (``percent`` of all inks), the place in points from the upper left of the
    bleed box, and the part of the page (0 to 1) that has more than its limit."""

    percent: float
    x: float
    y: float
    over: float
