"""A campaign of one card for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from one_card import Card


@pytest.fixture
def card(tmp_path: Path) -> Callable[..., Card]:
    """A campaign of one card; see :class:`Card`."""

    def make(*layers: dict[str, Any], **campaign: Any) -> Card:
        return Card(tmp_path / "campaign", layers, **campaign)

    return make
