from __future__ import annotations

from pathlib import Path

import pytest
from merged_kit import Mailing


@pytest.fixture
def mailing(tmp_path: Path) -> Mailing:
    """A campaign of six people on cards."""
    return Mailing.new(tmp_path / "post")
