"""What the operators and functions of expressions do: Python's meaning where it is safe, a clear refusal elsewhere.

Dates compare with ISO text (``season.start >= product.launch``); decimals and fractions mix without losing cents.
Comparing a number with text is refused rather than quietly false: it means that a column was not given a type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any

from pressrun.graphics.typefaces.characters import letters_of
from pressrun.language.allowance import MAX_BITS, MAX_CHARACTERS, MAX_DECIMALS
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.readers.bad_cell import BadCell
from pressrun.readers.written_dates import iso_date

_EMPTY_HINT = "fill the cell in, or ask first whether there is anything: product.was and product.was > product.price"
_DECLARED = ("__struct_fields__", "__dataclass_fields__", "model_fields")  # where kinds of values name theirs
_TYPE_HINT = "give the column a type (types: {column: decimal}), or put the value in quotes"


def is_number(value: Any) -> bool:
    """Whether arithmetic applies; true and false do not count."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def as_date(text: Any) -> date:
    """A date: an ISO date like 2027-03-01, or a date as it is."""
    if isinstance(text, date):
        return text
    try:
        return iso_date(text.strip() if isinstance(text, str) else "")
    except BadCell as fault:
        raise EvaluationError(f"{describe(text)} is not a date", fault.hint_for("column")) from None


def equal(left: Any, right: Any) -> bool:
    """``==``: as in Python, but dates equal their ISO text and decimals the fraction as it is written."""
    if isinstance(left, date) and isinstance(right, str):
        return bool(right.strip()) and left == as_date(right)
    if isinstance(right, date) and isinstance(left, str):
        return bool(left.strip()) and right == as_date(left)
    if is_number(left) and is_number(right):
        left, right = _same_kind(left, right)
        return bool(left == right)
    if (is_number(left) and isinstance(right, str) and right) or (is_number(right) and isinstance(left, str) and left):
        raise EvaluationError(f"{describe(left)} is compared with {describe(right)}", _TYPE_HINT)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    """``<``: numbers, texts, or dates (also as ISO text) with their like; nothing else has an order."""
    left, right = _ordered(left, right)
    return bool(left < right)


def at_most(left: Any, right: Any) -> bool:
    """``<=`` under the rules of :func:`less`."""
    left, right = _ordered(left, right)
    return bool(left <= right)


def contains(container: Any, item: Any) -> bool:
    """``item in container``: an entry of a list, a piece of a text, a key of a table."""
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, list | tuple):
        return any(equal(item, entry) for entry in container)
    if isinstance(container, Lookup):
        return item in container
    raise EvaluationError(f"'in' cannot look for {describe(item)} in {describe(container)}")


def add(left: Any, right: Any) -> Any:
    """Sum of numbers, or texts joined."""
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_CHARACTERS:
            raise EvaluationError("the text gets too long")
        return left + right
    return _arithmetic(left, right, "+", lambda a, b: a + b)


def subtract(left: Any, right: Any) -> Any:
    """Difference of numbers."""
    return _arithmetic(left, right, "-", lambda a, b: a - b)


def multiply(left: Any, right: Any) -> Any:
    """Product of numbers (never a text repeated)."""
    return _arithmetic(left, right, "*", lambda a, b: a * b)


def divide(left: Any, right: Any) -> Any:
    """Quotient of numbers: a fraction for whole numbers, a decimal for decimals."""
    return _arithmetic(left, right, "/", lambda a, b: a / b)


def divide_whole(left: Any, right: Any) -> Any:
    """How many whole times the one holds the other, towards less, of decimals too."""
    return _arithmetic(left, right, "//", _whole_times)


def remainder(left: Any, right: Any) -> Any:
    """What :func:`divide_whole` leaves, with the sign of the divisor."""
    return _arithmetic(left, right, "%", _left_over)


def negative(value: Any) -> Any:
    """The number with its sign turned."""
    return _arithmetic(0, value, "-", lambda _, b: -b)


def positive(value: Any) -> Any:
    """The number itself."""
    return _arithmetic(0, value, "+", lambda _, b: +b)


def member(value: Any, name: str) -> Any:
    """``value.name``: a cell of a row, or a declared field of a value or model; nothing else."""
    if isinstance(value, Mapping):
        try:
            return value[name]
        except KeyError:
            raise EvaluationError(f"there is no column '{name}'") from None
    kind = type(value)
    if any(name in getattr(kind, declared, ()) for declared in _DECLARED):
        return getattr(value, name)
    raise EvaluationError(f"{describe(value)} has no '{name}'")


def entry(value: Any, key: Any) -> Any:
    """``value[key]``: a row of a table (MissingEntry when it has none), or a letter of a text, an entry of a list."""
    return value[key] if isinstance(value, Lookup) else part(value, key)


def part(value: Any, where: Any) -> Any:
    """``value[where]``: a letter as its readers count them, with all its marks, or an entry of a list; counted from 0,
    and below it from the end. With a slice several of them, as many as there are."""
    if isinstance(value, Mapping) and isinstance(where, str):
        message = f"[ ] takes no column of a row: '{where}' is named behind a dot, as in .{where}"
        own = "give the table a line for each (key: [course, language]), or have texts in several languages in `copy`"
        raise EvaluationError(message, own)
    if not isinstance(value, str | list | tuple):
        hint = "make it a text first: (product.year | string)[2:]" if is_number(value) else None
        raise EvaluationError(f"{describe(value)} has no parts; [ ] takes those of tables, texts and lists", hint)
    places = (where.start, where.stop, where.step) if isinstance(where, slice) else (where,)
    if any(type(place) is not int and (place is not None or not isinstance(where, slice)) for place in places):
        raise EvaluationError("[ ] takes whole numbers here, as in [0] or [:3]")
    is_text = isinstance(value, str)
    parts: Sequence[Any] = letters_of(value) if isinstance(value, str) and not value.isascii() else value
    try:
        found = parts[where]
    except IndexError:
        count, what = len(parts), "letters" if is_text else "entries"
        raise EvaluationError(f"there is no [{where}]: {describe(value)} has {count} {what}, from [0] on") from None
    except ValueError:
        raise EvaluationError("a slice goes on by more or less than 0") from None
    return "".join(found) if is_text else found


def describe(value: Any) -> str:
    """A value as findings name it."""
    if value is None or value == "":
        return "nothing (an empty cell)"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:39] + '…'}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if is_number(value):
        return f"the number {value}"
    if isinstance(value, Lookup):
        return f"the table '{value.name}'"
    return "a list" if isinstance(value, list | tuple) else "a row" if isinstance(value, Mapping) else "this value"


def _ordered(left: Any, right: Any) -> tuple[Any, Any]:
    if is_number(left) and is_number(right):
        return _same_kind(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if any(value is None or value == "" for value in (left, right)):
        raise EvaluationError(f"{describe(left)} and {describe(right)} have no order", _EMPTY_HINT)
    if isinstance(left, date) or isinstance(right, date):
        return as_date(left), as_date(right)
    untyped = (isinstance(left, str) and left and is_number(right)) or (
        isinstance(right, str) and right and is_number(left)
    )
    hint = _TYPE_HINT if untyped else None
    raise EvaluationError(f"{describe(left)} and {describe(right)} have no order", hint)


def _same_kind(left: Any, right: Any) -> tuple[Any, Any]:
    # 0.1 in an expression means a tenth, as written; Decimal(0.1) would be its binary neighbour.
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(repr(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(repr(left)), right
    return left, right


def _arithmetic(left: Any, right: Any, sign: str, work: Callable[[Any, Any], Any]) -> Any:
    if not (is_number(left) and is_number(right)):
        odd = right if is_number(left) else left
        hint = _TYPE_HINT if isinstance(odd, str) and odd else None
        raise EvaluationError(f"'{sign}' does not work on {describe(left)} and {describe(right)}", hint)
    left, right = _same_kind(left, right)
    try:
        result = work(left, right)
        if isinstance(result, int) and result.bit_length() > MAX_BITS:
            raise OverflowError
        return result
    except ZeroDivisionError:
        raise EvaluationError("division by zero") from None
    except ArithmeticError:  # also decimal's own signals
        raise EvaluationError("a number gets too large") from None


def _whole_times(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) or isinstance(right, Decimal):  # whose own // goes towards zero
        return (Decimal(left) / right).to_integral_value(ROUND_FLOOR)
    return left // right


def _left_over(left: Any, right: Any) -> Any:
    return left - right * _whole_times(left, right) if Decimal in (type(left), type(right)) else left % right


def _length(value: Any) -> int:
    """Characters of a text, or entries of a list."""
    if isinstance(value, str | list | tuple):
        return len(value)
    raise EvaluationError(f"len() does not work on {describe(value)}")


def _lower(value: Any) -> str:
    """The text in small letters."""
    return _text("lower", value).lower()


def _upper(value: Any) -> str:
    """The text in capitals."""
    return _text("upper", value).upper()


def _text(function: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise EvaluationError(f"{function}() does not work on {describe(value)}")


def _round(value: Any, places: Any = None) -> Any:
    """The number with so many places; halves go up, as shops round."""
    fits = places is None or (is_number(places) and isinstance(places, int) and 0 <= places <= MAX_DECIMALS)
    if not is_number(value) or not fits:
        raise EvaluationError(f"round() takes a number and 0 to {MAX_DECIMALS} places")
    try:
        return int(rounded(value, 0)) if places is None else rounded(value, places)
    except (ArithmeticError, ValueError):
        raise EvaluationError(f"{describe(value)} cannot be rounded") from None


def rounded(value: Any, places: int) -> Any:
    """A number of its kind with so many places; halves go away from zero, of fractions as they are written: 2.675 is
    2.68, though the float is a little less. Raises ArithmeticError for what has too many digits."""
    if isinstance(value, int) and places >= 0:
        return value
    if not isinstance(value, Decimal):
        is_whole = not isfinite(value) or abs(value) >= 2**53
        return value if is_whole else type(value)(rounded(Decimal(repr(value)), places))
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _smallest(*values: Any) -> Any:
    """The smallest of several values, or of a list."""
    return _extreme("min", values, less)


def _largest(*values: Any) -> Any:
    """The largest of several values, or of a list."""
    return _extreme("max", values, lambda a, b: less(b, a))


def _extreme(name: str, values: Sequence[Any], before: Callable[[Any, Any], bool]) -> Any:
    if len(values) == 1 and isinstance(values[0], list | tuple):
        values = values[0]
    if not values:
        raise EvaluationError(f"{name}() needs at least one value")
    best = values[0]
    for value in values[1:]:
        if before(value, best):
            best = value
    return best


FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    "len": (_length, 1, 1),
    "lower": (_lower, 1, 1),
    "upper": (_upper, 1, 1),
    "round": (_round, 1, 2),
    "min": (_smallest, 1, 20),
    "max": (_largest, 1, 20),
    "date": (as_date, 1, 1),
}
"""The functions of expressions, with the fewest and the most arguments each takes."""

ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "//": divide_whole,
    "%": remainder,
}
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": less,
    "<=": at_most,
    ">": lambda a, b: less(b, a),
    ">=": lambda a, b: at_most(b, a),
    "in": lambda a, b: contains(b, a),
    "not in": lambda a, b: not contains(b, a),
}
"""What the signs of expressions and templates mean."""
