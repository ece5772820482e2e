"""Names of countries, as CLDR has them."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from pressrun.language.locale_formats import locale_code

UNKNOWN = "ZZ"  # in CLDR, and in what shops hand out


@lru_cache(maxsize=4096)
def country_name(letters: str, locale: str) -> str:
    """A country's name in a language, from its two letters (ISO 3166-1). Raises ValueError for others."""
    named = Locale.parse(locale_code(locale), sep="-").territories
    if len(letters) != 2 or letters == UNKNOWN or letters not in named:
        raise ValueError(f"{letters} is no country by its two letters")
    return str(named[letters])
