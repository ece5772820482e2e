"""What is printed on: sheets by name or by their edges, and rolls."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pressrun.model.geometry import Length, parse_length
from pressrun.model.page_sizes import page_sizes, parse_page_size, size_called
from pressrun.model.shipped_facts import shipped_facts

LONGEST = 14_400.0  # points: no page of a PDF without units of its own is longer (ISO 32000-1, annex C)
_ROLL = re.compile(r"\s*(.+?)\s+x\s+roll\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stock:
    """``height`` is None for a roll."""

    name: str
    width: Length
    height: Length | None

    @property
    def is_roll(self) -> bool:
        return self.height is None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points; of a roll, how long it may be at most."""
        return self.width.points(0), LONGEST if self.height is None else self.height.points(0)


@functools.cache
def stocks() -> Mapping[str, str]:
    """The edges of papers that are no page sizes, by name."""
    found: dict[str, str] = shipped_facts("pressrun.run.imposition", "stocks.yaml")
    return found


def parse_stock(value: Any) -> Stock:
    """A stock by its name, ``WIDTH x HEIGHT``, or ``WIDTH x roll``. Raises PydanticCustomError, ValueError."""
    if isinstance(value, Stock):
        return value
    if not isinstance(value, str):
        return Stock("", *parse_page_size(value))
    known = {name.casefold(): said for name, said in stocks().items()}
    said = known.get(value.strip().casefold(), value)
    if roll := _ROLL.fullmatch(said):
        return Stock(value, parse_length(roll[1]), None)
    if size_called(said) is None and " x " not in said.casefold():
        context = {"name": value, "word": value, "among": [*stocks(), *page_sizes()]}
        raise PydanticCustomError("unknown_value", "there is no stock '{name}'", context)
    return Stock(value, *parse_page_size(said))


StockField = Annotated[Stock, BeforeValidator(parse_stock), WithJsonSchema({"type": "string"})]
