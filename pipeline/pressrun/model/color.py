"""Colours as a brand writes them: an exact sRGB and an exact CMYK side by side, neither derived from the other."""

from __future__ import annotations

import functools
import re
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Step = Literal["die", "perforation", "crease", "emboss", "foil", "white", "varnish", "braille"]
"""What a technical ink stands for: something that is done to a sheet besides printing colours on it."""
Percent = Annotated[float, AfterValidator(lambda value: _percent(value))]


def _percent(value: float) -> float:
    if not 0 <= value <= 100:
        raise ValueError(f"{value:g} should lie between 0 and 100 (percent of ink)")
    return value


def _hex(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"{value!r} should be a colour like #1F3A2E")
    return value.upper()


WHITE = "#FFFFFF"
Hex = Annotated[str, AfterValidator(_hex)]


class Swatch(BaseModel):
    """One palette colour: ``srgb`` #RRGGBB, ``cmyk`` in percent, ``spot`` the printed ink's own name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    srgb: Hex = Field(description="The colour on screens, like #1F3A2E.")
    cmyk: tuple[Percent, Percent, Percent, Percent] = Field(
        description="The colour in print: cyan, magenta, yellow, black, in percent of ink.",
    )
    spot: str | None = Field(
        default=None,
        description="The name of a spot ink, printed where a layout lists it among its `inks`.",
    )
    technical: Step | None = Field(
        default=None,
        description="What it says to the finisher, if it is no colour of the picture: a `die` line, a `crease`, "
        "`white` under the print, `varnish`, `foil`, `braille` … Such an ink overprints, is on a layer of its own in "
        "press files (ISO 19593-1), always in its spot, and is left off on screens and in proofs.",
    )
    shown: Literal["outline", "hatch"] | None = Field(
        default=None,
        description="How a technical ink is shown on screens and in proofs all the same: as an outline, or hatched.",
    )

    @model_validator(mode="after")
    def _is_technical_or_not(self) -> Swatch:
        if self.technical and not self.spot:
            raise ValueError("a technical ink has a spot: the name that the finisher knows it by")
        if self.shown and not self.technical:
            raise ValueError("`shown` is of technical inks; a colour of the picture is always shown")
        return self


class Ink(Struct, frozen=True):
    """A palette colour on a sheet: its name and all its renditions; ``spot`` only where the layout prints it.
    ``overprints``: what lies below stays under it on press, and is not spared out."""

    name: str
    srgb: str
    cmyk: tuple[float, float, float, float]
    spot: str | None = None
    overprints: bool = False

    @property
    def is_black_alone(self) -> bool:
        """Whether black is all the ink that it is printed in, and in full."""
        return self.spot is None and self.cmyk == (0, 0, 0, 100)

    @property
    def rgb(self) -> tuple[int, int, int]:
        return int(self.srgb[1:3], 16), int(self.srgb[3:5], 16), int(self.srgb[5:7], 16)

    @property
    def spot_share(self) -> float:
        """How much of its spot is printed, if it has one: 1 is all of it."""
        return 1.0

    @property
    def in_full(self) -> Ink:
        """All of what it may be a tint of."""
        return self

    @property
    def where_large(self) -> Ink:
        """What it is printed in where it is large."""
        return self


class TechnicalInk(Ink, frozen=True):
    """A spot that stands for a ``step`` of finishing, and how it is ``shown``, if it is, where it is not printed."""

    step: Step = "die"
    shown: Literal["outline", "hatch"] | None = None

    @property
    def look(self) -> Ink:
        """What it is shown in."""
        return Ink(self.name, self.srgb, self.cmyk)


class TwofoldBlack(Ink, frozen=True):
    """Black alone, which is a brand's ``rich`` black (percent of ink) where it is large."""

    rich: tuple[float, float, float, float] = (0, 0, 0, 100)

    @property
    def where_large(self) -> Ink:
        return Ink(self.name, self.srgb, self.rich)


class Tint(Ink, frozen=True):
    """A palette colour of which only a ``share`` is printed, its spot's, too."""

    share: float = 1.0

    @property
    def spot_share(self) -> float:
        return self.share

    @property
    def in_full(self) -> Ink:
        cyan, magenta, yellow, black = (round(part / self.share, 4) for part in self.cmyk)
        red, green, blue = (round(255 - (255 - part) / self.share) for part in self.rgb)
        shown = f"#{max(0, red):02X}{max(0, green):02X}{max(0, blue):02X}"
        return Ink(self.name.rpartition(" ")[0], shown, (cyan, magenta, yellow, black), self.spot, self.overprints)


_TINT = re.compile(r"(.*\S)\s+(\d+(?:\.\d+)?)\s*%")


def tint_in(name: str) -> tuple[str, float] | None:
    """The colour and the share of a tint as people write it, ``accent 40%``; None of a plain name. Raises ValueError
    for a share that is none."""
    found = _TINT.fullmatch(name)
    if found is None:
        return None
    share = float(found[2]) / 100
    if not 0 < share < 1:
        raise ValueError(f"a tint is more than 0 % and less than 100 % of a colour, not {found[2]} %")
    return found[1], share


def tinted(ink: Ink, share: float) -> Tint:
    """A share of an ink, as on white paper: of its inks in print, and mixed with white on screens."""
    red, green, blue = (round(255 - share * (255 - part)) for part in ink.rgb)
    cyan, magenta, yellow, black = (round(share * part, 4) for part in ink.cmyk)
    name, shown = f"{ink.name} {100 * share:g}%", f"#{red:02X}{green:02X}{blue:02X}"
    return Tint(name, shown, (cyan, magenta, yellow, black), ink.spot, ink.overprints, share)


def between(one: Ink, other: Ink, share: float) -> Ink:
    """What two inks make on the way from one to the other: in inks, and on screens in sRGB."""
    cyan, magenta, yellow, black = (a + share * (b - a) for a, b in zip(one.cmyk, other.cmyk, strict=True))
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one.rgb, other.rgb, strict=True))
    return Ink("", f"#{red:02X}{green:02X}{blue:02X}", (cyan, magenta, yellow, black))


FAINT_INK, FULL_BLACK = 3.0, 85.0  # percent: tints that nobody sees, and black from which nobody tells it


@functools.lru_cache(maxsize=1024)
def is_hard_to_register(inks: tuple[float, ...]) -> bool:
    """Whether something fine in these inks (percent, the last one black) would show the plates' being a hair apart:
    more than two inks, or black with colour in it."""
    used = sum(part > FAINT_INK for part in inks)
    return used > 2 or (used > 1 and inks[-1] >= FULL_BLACK)


_COATINGS = re.compile(r"(?:\s+|(?<=\d))(?:c|u|m|cv|cvc|cvu|cvp|cp|up|ec|uc|xgc)$")


def spot_key(name: str) -> str:
    """What names of one spot ink have in common: case, blanks and the letters for the paper it was swatched on tell
    nothing of the ink in the can, but every spelling makes a plate of its own."""
    plain = " ".join(name.replace("_", " ").casefold().split())
    plain = re.sub(r"^pms\b", "pantone", _COATINGS.sub("", plain))
    return re.sub(r"[\s\W]", "", plain)


@functools.lru_cache(maxsize=4096)  # there are few colours, and many questions
def relative_luminance(rgb: tuple[int, int, int]) -> float:
    """WCAG 2.2 relative luminance of an 8-bit sRGB colour, 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
