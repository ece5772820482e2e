"""Shops with a server of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_shop import Shop


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Any]:
    """Opens shops with a server of the given options; all is closed when the test ends."""
    shops: list[Shop] = []

    def begin(**options: Any) -> Shop:
        shops.append(Shop(tmp_path / f"shop{len(shops)}", options))
        return shops[-1]

    yield begin
    for shop in shops:
        shop.close()
