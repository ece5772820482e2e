from __future__ import annotations

from pathlib import Path

import pytest
from merged_kit import Mailing

from pressrun.run.merged import batches


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailing:
    """A campaign of six people on cards, which are made together, whatever keys they have."""
    monkeypatch.setattr(batches, "TOGETHER", 1 << 40)
    return Mailing.new(tmp_path / "post")
