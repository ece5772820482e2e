"""Names of spot inks: one ink has one, and no two are nearly alike by mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from pressrun.load.campaign_reader import Reader
from pressrun.model.color import Swatch, spot_key
from pressrun.readers.yaml_source import YamlSource

NEAR = 0.85  # of 1: how much two names have in common that are one, misspelt
DEVICE = frozenset({"cyan", "magenta", "yellow", "black", "all", "none"})  # names that PDF has for something else
_DIGITS = re.compile(r"\d+")


def check_spots(reader: Reader, palette: Mapping[str, Swatch], source: YamlSource) -> None:
    known: dict[str, tuple[str, Swatch]] = {}
    for name, swatch in palette.items():
        if swatch.spot is None:
            continue
        place, key = source.place(("palette", name, "spot")), spot_key(swatch.spot)
        if key.removeprefix("process") in DEVICE:
            message = f"'{swatch.spot}' is what press files call something else, and no spot ink"
            reader.error("spot-named-as-process", message, place, "give the ink the name that its maker has for it")
            continue
        near = _near(key, known)
        if near:
            message = f"'{swatch.spot}' is nearly what {near[0]} has: '{near[1].spot}'"
            reader.warn("spot-names-near", message, place, "spell both alike, if they are one ink")
        first, other = known.setdefault(key, (name, swatch))
        if other.spot != swatch.spot:
            message = f"'{swatch.spot}' and '{other.spot}' (of {first}) are one ink: both are printed on one plate"
            reader.warn("spot-spelled-twice", message, place, "spell both alike")
        elif other.cmyk != swatch.cmyk:
            message = f"{name} and {first} are both printed in all of '{swatch.spot}', though their CMYK differs"
            reader.warn("spot-stands-for-two", message, place, f"for less of it write a tint: {first} 40%")


def _near(key: str, known: Mapping[str, tuple[str, Swatch]]) -> tuple[str, Swatch] | None:
    """What differs by letters alone, and by few: of two numbers each is an ink of its own."""
    for other, one in known.items():
        alike = key != other and _DIGITS.findall(key) == _DIGITS.findall(other)
        if alike and SequenceMatcher(None, key, other).ratio() >= NEAR:
            return one
    return None
