"""A brand's words for what a design has: palette colours and typographic roles, and those that it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PIL import Image

from pressrun.graphics.color.color_distance import UNSEEN, color_distance
from pressrun.graphics.color.inks import PressProfile, proof_color, to_cmyk
from pressrun.graphics.typefaces.font_names import family_key
from pressrun.graphics.typefaces.fonts import ALWAYS_THERE, FIRAGO_WEIGHTS, FontFace
from pressrun.language.design_names import plain_name
from pressrun.model.brand import Brand, Role
from pressrun.model.color import spot_key
from pressrun.model.design import PaintNamed, TypeNamed
from pressrun.model.finding import Finding
from pressrun.model.placed_page import SpotInk

SAME_INK = 0.5  # percent
Note = Callable[[str, str, str], Finding]
Cmyk = tuple[float, float, float, float]
_LIGHT = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


class BrandNames:
    """Finds them, and keeps what must be written into the brand: ``palette`` and ``typography`` by name."""

    def __init__(self, brand: Brand, faces: tuple[FontFace, ...], profile: PressProfile, note: Note) -> None:
        self._brand, self._profile, self._note = brand, profile, note
        self._families = {family_key(name): face.family for face in faces for name in (face.family, *face.names)}
        self._families.setdefault(family_key(ALWAYS_THERE), ALWAYS_THERE)
        self._weights = {(face.family, face.weight, face.italic) for face in faces if not face.axes}
        self._weights |= {(ALWAYS_THERE, weight, italic) for weight in FIRAGO_WEIGHTS for italic in (False, True)}
        self.palette: dict[str, dict[str, Any]] = {}
        self.typography: dict[str, dict[str, Any]] = {}
        self._notes: dict[str, Finding] = {}
        self._colors: dict[PaintNamed, str] = {}
        self._inks: dict[tuple[float, float, float], tuple[float, ...]] = {}
        self._roles: dict[TypeNamed, str] = {}
        self._spots: dict[str, str] = {}  # the spot of each palette colour that must be written

    def named_in(self, layout: str) -> list[Finding]:
        """Keep of what the brand lacks only what the text of a layout names: somebody may have named others there. The
        answer tells of it."""
        for entries in (self.palette, self.typography, self._notes):
            for name in list(entries):
                said = self._spots.get(name, name)
                if not re.search(rf"(?<![\w-]){re.escape(said)}(?![\w-])", layout):
                    del entries[name]
        return list(self._notes.values())

    def color(self, paint: PaintNamed) -> str:
        """The palette colour that a colour of the design is, or looks like; else one more."""
        if paint not in self._colors:
            self._colors[paint] = self._color(paint)
        return self._colors[paint]

    def _color(self, paint: PaintNamed) -> str:
        parts = paint.parts if any(paint.parts) or len(paint.parts) == 4 else (0.0,)  # black is black ink alone
        cmyk, srgb = self._values(parts)
        for name, swatch in self._brand.palette.items():
            if len(parts) != 3 and max(abs(a - b) for a, b in zip(swatch.cmyk, cmyk, strict=True)) <= SAME_INK:
                return name
        if len(parts) != 1 or not any(cmyk):  # grey stays one ink, whatever else looks like it; white is no ink
            distances = {name: color_distance(swatch.srgb, srgb) for name, swatch in self._brand.palette.items()}
            nearest = min(distances, key=lambda name: distances[name])
            if distances[nearest] <= UNSEEN:
                return nearest
        name = f"design-{srgb[1:].lower()}"
        self.palette[name] = {"srgb": srgb, "cmyk": [round(part) if part == round(part) else part for part in cmyk]}
        message = f"the palette has nothing like {srgb}; '{name}' is written into it"
        hint = "give it a name of your own, there and in the layout, or name another colour in the layout"
        self._notes[name] = self._note("color-added", message, hint)
        return name

    def spot(self, found: SpotInk) -> str | None:
        """What the palette calls a spot of a press page; else one more. None for one that is technical there, and where
        nothing plain stands for it, which every sheet tells."""
        key = spot_key(found.name)
        for swatch in self._brand.palette.values():
            if swatch.spot and spot_key(swatch.spot) == key:
                return None if swatch.technical else swatch.spot
        if found.cmyk is None:
            return None
        name = plain_name(found.name, "spot").replace("_", "-")
        name = f"spot-{name}" if name in self._brand.palette else name
        if name not in self.palette:
            cmyk = [round(part, 1) for part in found.cmyk]
            srgb = proof_color(found.cmyk, self._profile)
            self.palette[name] = {"srgb": srgb, "cmyk": cmyk, "spot": found.name}
            self._spots[name] = found.name
            message = f"it prints {found.name}; '{name}' is written into the palette, the ink into the layout"
            hint = "if it only tells the finisher something, such as where to cut, say so there: technical: die"
            self._notes[name] = self._note("spot-added", message, hint)
        return str(self.palette[name]["spot"])

    def on_screen(self, srgb: str) -> str:
        """A colour of vectors (#RRGGBB); where it looks like one of the palette that one, by which its ink is known."""
        distances = {swatch.srgb: color_distance(swatch.srgb, srgb) for swatch in self._brand.palette.values()}
        nearest = min(distances, key=lambda known: distances[known])
        return nearest if distances[nearest] <= UNSEEN else srgb

    def inks(self, srgb: tuple[float, float, float]) -> tuple[float, ...]:
        """The inks (0 to 1) of an RGB colour of a press page: those of the palette colour that it looks like, black
        alone for black and other greys, else as the profile has them."""
        if srgb not in self._inks:
            cmyk, shown = self._values(srgb)
            distances = {swatch.cmyk: color_distance(swatch.srgb, shown) for swatch in self._brand.palette.values()}
            nearest = min(distances, key=lambda known: distances[known])
            found = nearest if any(srgb) and distances[nearest] <= UNSEEN else cmyk
            self._inks[srgb] = tuple(part / 100 for part in found)
        return self._inks[srgb]

    def _values(self, parts: tuple[float, ...]) -> tuple[Cmyk, str]:
        """Inks in percent, and sRGB."""
        if len(parts) == 3:
            red, green, blue = (round(part * 255) for part in parts)
            if red == green == blue:
                return (0.0, 0.0, 0.0, self._black_of(red)), f"#{red:02X}{green:02X}{blue:02X}"
            pixel = to_cmyk(Image.new("RGB", (1, 1), (red, green, blue)), self._profile).getpixel((0, 0))
            cyan, magenta, yellow, black = (round(part / 2.55, 1) for part in pixel)  # type: ignore[union-attr]
            return (cyan, magenta, yellow, black), f"#{red:02X}{green:02X}{blue:02X}"
        inks = (0.0, 0.0, 0.0, 1 - parts[0]) if len(parts) == 1 else parts
        cyan, magenta, yellow, black = (round(part * 100, 1) for part in inks)
        return (cyan, magenta, yellow, black), proof_color((cyan, magenta, yellow, black), self._profile)

    def _black_of(self, level: int) -> float:
        """How much black alone (percent) is as light as a grey (0 to 255), or nearest to it."""
        shown = {half: proof_color((0.0, 0.0, 0.0, half / 2), self._profile) for half in range(201)}
        return min(shown, key=lambda half: (abs(_light(shown[half]) - level), half)) / 2

    def role(self, asked: TypeNamed) -> str:
        """The role that sets text in the type of the design; else one more, in the nearest type that there is."""
        if asked not in self._roles:
            self._roles[asked] = self._role(asked)
        return self._roles[asked]

    def _role(self, asked: TypeNamed) -> str:
        family = self._families.get(family_key(asked.family))
        for name, role in self._brand.typography.items():
            if family and self._sets(role, family, asked):
                return name
        style = f"{'-bold' if asked.weight >= 600 else ''}{'-italic' if asked.italic else ''}"
        other = asked.weight not in (400, 700)
        name = f"{plain_name(asked.family, 'font').replace('_', '-')}{f'-{asked.weight}' if other else style}"
        if other and asked.italic:
            name += "-italic"
        if asked.transform != "none":
            name += f"-{asked.transform}"
        if name in self._brand.typography:
            return name
        body = self._brand.typography.get("body", Role())
        self.typography[name] = {
            "family": family or body.family,
            "weight": asked.weight,
            **({"style": "italic"} if asked.italic else {}),
            **({"transform": asked.transform} if asked.transform != "none" else {}),
        }
        if family is None:
            message = f"the font '{asked.family}' is not among the brand's; the role '{name}' sets {body.family} for it"
            hint = f"put the font's file into the brand's `fonts`, and its family into the role '{name}'"
            if asked.travels:
                hint += " (the design has it, but mostly not all of its letters)"
            self._notes[name] = self._note("font-replaced", message, hint)
        return name

    def _sets(self, role: Role, family: str, asked: TypeNamed) -> bool:
        """Whether a role sets text as it is, in this type."""
        own = self._families.get(family_key(role.family))
        plain = role.transform == asked.transform and not role.features and not role.hyphenate and not role.list
        return own == family and role.weight == asked.weight and (role.style == "italic") == asked.italic and plain


def _light(srgb: str) -> float:
    """How light a colour is that has next to no hue, as the level of a grey."""
    return sum(share * int(srgb[at : at + 2], 16) for share, at in zip(_LIGHT, (1, 3, 5), strict=True))
