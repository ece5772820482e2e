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


@pytest.fixture
def card_of_han(card: Callable[..., Card], kept_fonts: Path) -> Callable[..., Card]:
    """The same, for words whose fonts are large: they are cut once for all such cards, and in one weight."""

    def make(*layers: dict[str, Any], **campaign: Any) -> Card:
        made = card(*layers, **{"brand": {"typography": {"headline": {"weight": 700}}}, **campaign})
        kept_fonts.mkdir(exist_ok=True)
        (made.root / ".pressrun").mkdir()
        (made.root / ".pressrun" / "fonts").symlink_to(kept_fonts)
        return made

    return make
