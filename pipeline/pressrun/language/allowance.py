"""What one rendering may use up: steps, characters and time, so that a short template cannot fill memory or days.

Every value that grows is measured before it is made where that can be told (joining, replacing), else when it is made
of parts that were measured.
"""

from __future__ import annotations

import functools
import time
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from pressrun.model.record import EmptyCell, LeftEmpty
from pressrun.model.template import Bare, ValueFault

MAX_STEPS = 20_000  # rounds of loops, calls and filters in one rendering
MAX_RANGE = 1_000
MAX_CHARACTERS = 100_000  # of one value
MAX_WORK = 4_000_000  # characters of all values that a rendering makes on its way
MAX_BITS = 4_000  # of a whole number: more digits than Python would write out
MAX_DECIMALS = 12  # more places would only be a way to use up memory
SECONDS = 10.0  # far more than steps and characters take anywhere: a last fence

_METHODS = (types.BuiltinMethodType, types.MethodType)
_OTHER = 20  # characters that anything else may come to


class Allowance:
    """What is left to the rendering at hand; ``empty`` are the cells that it printed though nothing is in them, and
    ``bare`` the numbers and dates that it printed as they are."""

    def __init__(self) -> None:
        self.steps = self.characters = 0
        self.empty: list[EmptyCell] = []
        self.bare: list[Bare] = []
        self._until = float("inf")

    def begin(self) -> None:
        """For the next rendering."""
        self.steps = self.characters = 0
        if self.empty:
            self.empty = []
        if self.bare:
            self.bare = []
        self._until = time.monotonic() + SECONDS

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > MAX_STEPS:
            too_long(f"the template takes more than {MAX_STEPS:,} steps")
        if time.monotonic() > self._until:
            too_long(f"the template takes more than {SECONDS:g} seconds")

    def allow(self, characters: int) -> None:
        """Before a value of so many characters is made."""
        if characters > MAX_CHARACTERS:
            too_long(f"a value grows to {characters:,} characters here; at most {MAX_CHARACTERS:,} are taken")
        self.spend(characters)

    def spend(self, characters: int) -> None:
        """For characters that were made, in many small parts."""
        self.characters += characters
        if self.characters > MAX_WORK:
            too_long(f"the template works on more than {MAX_WORK:,} characters")

    def weighed(self, value: Any) -> Any:
        """A value of measured parts, measured itself."""
        self.allow(weight(value))
        return value

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items, each of which is a step."""
        for item in items:
            self.step()
            yield item

    def bounded(self, items: Any, literal: int = 0) -> Any:
        """What a loop goes over, whose body has so many characters of its own; it ends with the steps that are left."""
        if isinstance(items, (str, list, tuple, dict, range)) and self.steps + len(items) <= MAX_STEPS:
            self.step(len(items))
            self.spend(len(items) * literal)
            return items  # keeps its length, which `loop` asks for
        return self._counted_with(items, literal) if isinstance(items, Iterable) else items

    def _counted_with(self, items: Iterable[Any], literal: int) -> Iterator[Any]:
        for item in items:
            self.step()
            self.spend(literal)
            yield item

    def filter(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that takes nothing too large, and whose result is measured."""
        value_at = int(hasattr(function, "jinja_pass_arg"))  # behind the context that such a filter is given

        @functools.wraps(function)
        def measured(*args: Any, **options: Any) -> Any:
            self.step()
            for value in (*args, *options.values()):
                if isinstance(value, (str, list, tuple, dict, int, *_METHODS)):
                    weight(value)
            try:
                result = function(*args, **options)
            except ValueFault as fault:
                if fault.code != "empty-value" or type(args[value_at]) is not LeftEmpty:
                    raise
                result = ""
            if isinstance(result, Iterator):  # of which a text would show where it lies in memory
                result = list(self.counted(result))
            self.spend(weight(result))
            if isinstance(result, str) and not result and function.__name__ != "default":
                # Nothing in capitals is the same empty cell.
                return next((one for one in args if type(one) is EmptyCell), result)
            return result

        return measured


def weight(value: Any) -> int:
    """About how many characters a value is as text, lists in lists each time that they are in one. Raises ValueFault
    where that is more than may be."""
    if type(value) is str and len(value) < MAX_CHARACTERS:  # most are
        return len(value) + 1
    total, rest = 0, [value]
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            total += len(one) + 1
        elif isinstance(one, (list, tuple)):
            total += len(one) + 1
            rest.extend(one[:MAX_CHARACTERS])
        elif isinstance(one, dict):
            total += len(one) + 1
            rest.extend((*one.keys(), *one.values()))
        elif isinstance(one, _METHODS):
            raise ValueFault("not-text", f"'{one.__name__}' is not called", f"write {one.__name__}()")
        else:
            total += _OTHER
            if isinstance(one, int):
                require_short(one)
        if total > 2 * MAX_CHARACTERS:
            too_long(f"a value grows to more than {MAX_CHARACTERS:,} characters here")
    return total


def require_short(number: Any) -> Any:
    """The number. Raises ValueFault for a whole number that nobody could read."""
    if isinstance(number, int) and number.bit_length() > MAX_BITS:
        too_long("a number gets too large here")
    return number


def calculated(operator: Callable[[Any, Any], Any], left: Any, right: Any, allowance: Allowance) -> Any:
    """``left`` and ``right`` put together by an operator. Raises ValueFault for what gets too large."""
    if isinstance(left, (str, list, tuple)) and isinstance(right, (str, list, tuple)):
        allowance.allow(weight(left) + weight(right))
        return operator(left, right)
    require_short(left)
    require_short(right)
    return require_short(operator(left, right))


def too_long(message: str) -> NoReturn:
    raise ValueFault("template-too-long", message)
