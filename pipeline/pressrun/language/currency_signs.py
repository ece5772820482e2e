"""Signs of money that mean one currency wherever they stand."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping

from babel.numbers import get_currency_symbol, list_currencies

_OF_ALL_COUNTRIES = "en_001"  # of which CLDR writes those apart that several countries have: US$, JP¥
_NONE = "XXX"  # no currency (ISO 4217)


@functools.cache
def currencies_by_sign() -> Mapping[str, str]:
    """The currency (ISO 4217) of each such sign: € is EUR; what $ is, nobody can tell."""
    symbols = {get_currency_symbol(code, _OF_ALL_COUNTRIES): code for code in list_currencies() if code != _NONE}
    return {sign: code for sign, code in symbols.items() if len(sign) == 1 and unicodedata.category(sign) == "Sc"}
