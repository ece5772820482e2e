"""A column is read in one way: of two that a job writes, the last one held without a word."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pressrun.model.tables import LookupTable, RowSet

WAYS: dict[str, Any] = {"decimals": "de-DE", "booleans": {"yes": ["ja"]}, "split": ","}


@pytest.mark.parametrize("model", [RowSet, LookupTable])
@pytest.mark.parametrize(("one", "other"), [("decimals", "booleans"), ("decimals", "split"), ("booleans", "split")])
def test_a_column_under_two_of_them_is_an_error(model: type[RowSet | LookupTable], one: str, other: str) -> None:
    def read(second: str) -> None:
        model.model_validate({"file": "a.csv", "key": "sku", one: {"a": WAYS[one]}, other: {second: WAYS[other]}})

    read("b")
    with pytest.raises(ValidationError, match=f"'a' stands under both {one} and {other}: a column is read in one way"):
        read("a")
