"""Numbers as tickets, vouchers and letters bear them: padded, and with the digits by which a misread one is noticed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from pressrun.model.template import ValueFault

_WIDEST = 64


def pad(value: Any, width: Any) -> str:
    """A whole number with zeros in front, so that it has `width` digits: ``0042`` for ``42 | pad(4)``."""
    digits = _digits(value, "pad")
    if not isinstance(width, int) or isinstance(width, bool) or not 1 <= width <= _WIDEST:
        raise ValueFault("wrong-value", f"pad takes a width from 1 to {_WIDEST}, not {width}")
    if len(digits) > width:
        raise ValueFault("wrong-value", f"{digits} has more than {width} digits", "pad it to more")
    return digits.rjust(width, "0")


def luhn(value: Any) -> str:
    """A number with its check digit behind it, as on payment and loyalty cards (ISO/IEC 7812-1, annex B)."""
    digits = _digits(value, "luhn")
    doubled = [sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(doubled) % 10}"


def mod10(value: Any) -> str:
    """A number with its check digit behind it, by weights of 3 and 1 from the right, as in EAN and SSCC (GS1)."""
    digits = _digits(value, "mod10")
    weighted = sum(int(digit) * (3 - at % 2 * 2) for at, digit in enumerate(reversed(digits)))
    return f"{digits}{-weighted % 10}"


def mod97(value: Any) -> str:
    """Digits and letters with two check digits behind them (ISO/IEC 7064, MOD 97-10), as in ISO 11649 and LEI."""
    text = _said(value, "mod97").upper()
    if not text.isascii() or not text.isalnum():
        raise ValueFault("wrong-value", f"mod97 takes digits and letters, not '{text}'", "take spaces and hyphens out")
    left = functools.reduce(_left_of_97, text + "00", 0)
    return f"{text}{98 - left:02}"


def _left_of_97(left: int, sign: str) -> int:
    """What is left of 97 after one more sign: sign by sign, as Python reads no numbers of thousands of digits."""
    number = int(sign, 36)
    return (left * (10 if number < 10 else 100) + number) % 97


def _digits(value: Any, name: str) -> str:
    text = _said(value, name)
    if not text.isascii() or not text.isdigit():
        raise ValueFault("wrong-value", f"{name} takes a whole number, not '{text}'", "take all but its digits out")
    return text


def _said(value: Any, name: str) -> str:
    text = "" if value is None else str(value).strip()
    if not text:
        raise ValueFault("empty-value", f"there is no value for {name} here", "fill the cell, or write an if")
    return text


NUMBERING: Mapping[str, Callable[..., Any]] = {"pad": pad, "luhn": luhn, "mod10": mod10, "mod97": mod97}
