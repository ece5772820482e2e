"""What names of fonts say: family, weight and slope, as PostScript, CSS and drawing programs write them."""

from __future__ import annotations

import re

from pressrun.model.design import TypeNamed

_WEIGHTS = {
    "thin": 100, "hairline": 100, "extralight": 200, "ultralight": 200, "light": 300, "book": 400, "regular": 400,
    "roman": 400, "normal": 400, "medium": 500, "semibold": 600, "demibold": 600, "demi": 600, "bold": 700,
    "extrabold": 800, "ultrabold": 800, "heavy": 800, "black": 900,
}  # fmt: skip
_SLOPES = ("italic", "oblique", "slanted", "kursiv")
_STYLE = re.compile(rf"(?:{'|'.join(sorted((*_WEIGHTS, *_SLOPES), key=len, reverse=True))}|mt|ps)", re.I)
_SUBSET = re.compile(r"[A-Z]{6}\+")
_MAKERS = re.compile(r"(?:PS)?(?:MT)?$")  # of Monotype's names: ArialMT, TimesNewRomanPSMT


def type_named(name: str, travels: bool = False) -> TypeNamed:
    """The type that a PostScript name means (``ABCDEF+FiraSans-SemiBoldItalic``, ``Arial,Bold``)."""
    family, dash, style = re.sub(_SUBSET, "", name).replace(",", "-").partition("-")
    words = [word.lower() for word in _STYLE.findall(style)]
    if dash and not words:  # a dash that is of the family
        family = f"{family}-{style}"
    weights = [_WEIGHTS[word] for word in words if word in _WEIGHTS]
    italic = any(word in _SLOPES for word in words)
    plain = _MAKERS.sub("", family).replace("_", " ").strip()
    spaced = plain if " " in plain else re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain)  # or it has its blanks
    return TypeNamed(spaced or name, weights[0] if weights else 400, italic, travels)


def weight_named(written: str) -> int:
    """A weight as CSS writes it; 400 where nobody can tell."""
    plain = written.strip().lower()
    if plain.isdigit():
        return min(900, max(100, int(plain)))
    return _WEIGHTS.get(plain.replace("-", "").replace(" ", ""), 400)


def family_key(family: str) -> str:
    """What spellings of one family have in common: ``Fira Sans``, ``FiraSans``."""
    return re.sub(r"[\W_]", "", family).casefold()
