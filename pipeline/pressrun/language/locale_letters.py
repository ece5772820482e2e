"""The letters of a language, as CLDR's words in it show them: Babel leaves out the lists of letters themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from babel import Locale

from pressrun.language.locale_formats import locale_code, script_of

_WORDS = (
    "languages", "territories", "scripts", "months", "days", "quarters", "eras", "date_fields", "unit_display_names",
    "currency_names", "meta_zones", "time_zones",
)  # fmt: skip


def letters_of(locales: Iterable[str]) -> frozenset[str]:
    """Letters and marks beyond ASCII, casefolded, that are used in any of the locales."""
    return frozenset().union(*(_letters(locale_code(one).split("-")[0]) for one in locales))


def scripts_of(locales: Iterable[str]) -> frozenset[str]:
    """The codes of the scripts that the locales are written in."""
    return frozenset(map(script_of, locales))


@lru_cache(maxsize=256)
def _letters(language: str) -> frozenset[str]:
    data = Locale.parse(language)._data
    found = {letter for name in _WORDS if name in data for text in _texts(data[name]) for letter in text.casefold()}
    return frozenset(one for one in found if not one.isascii() and unicodedata.category(one)[0] in "LM")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield unicodedata.normalize("NFC", value)
    elif hasattr(value, "values"):
        for one in value.values():
            yield from _texts(one)
