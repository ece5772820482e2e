"""Pictures in colours of the brand: as people write it on a layer, and as a mark has it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from pydantic import Field

from pressrun.model.authored import Authored
from pressrun.model.color import Ink
from pressrun.model.composition import Composing
from pressrun.model.geometry import FractionField

NO_INK = Ink("", "#000000", (0.0, 0.0, 0.0, 0.0))


class Tone(Struct, frozen=True):
    """What black and white of a picture become; with less ``strength`` than 1, that much of it."""

    shadows: Ink = NO_INK
    lights: Ink = NO_INK
    strength: float = 1.0


class Duotone(Authored):
    shadows: str = Field(default="ink", description="The palette colour that black becomes.")
    lights: str = Field(default="paper", description="The palette colour that white becomes.")
    strength: FractionField = Field(
        default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is."
    )

    def colors(self) -> Iterator[tuple[str, str]]:
        """The palette colours that it names, with the key of each."""
        yield self.shadows, "shadows"
        yield self.lights, "lights"

    def tone(self, composing: Composing) -> Tone:
        return Tone(composing.ink(self.shadows), composing.ink(self.lights), self.strength)


class Tint(Authored):
    color: str = Field(description="The palette colour in whose tones the picture is: black becomes it, white `paper`.")
    strength: FractionField = Field(
        default=1.0, ge=0, le=1, description="How much of it: 0 leaves the picture as it is."
    )

    def colors(self) -> Iterator[tuple[str, str]]:
        """The palette colour that it names, with its key."""
        yield self.color, "color"

    def tone(self, composing: Composing) -> Tone:
        return Tone(composing.ink(self.color), composing.ink("paper"), self.strength)
