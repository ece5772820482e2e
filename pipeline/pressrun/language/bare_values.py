"""Numbers and dates that a template prints as tables have them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pressrun.language.locale_dates import date
from pressrun.language.locale_formats import group_sign, number
from pressrun.model.template import Bare

_READ_DECIMALS = 6  # more come of a division, and nobody reads them


def as_read(value: Bare, locale: str) -> str | None:
    """A number with decimals, or a date, as the locale writes it; None where it does so as templates print it bare, but
    for signs between thousands."""
    if isinstance(value, dt.date):
        written = date(value, locale, "short")
        return None if written == value.isoformat() else written
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return None
    exponent = exact.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    same = number(exact, locale, digits).replace(group_sign(locale), "") == str(value)
    return None if same and digits <= _READ_DECIMALS else number(exact, locale, min(digits, 2))
