"""Outside tools that read sheets back."""

from __future__ import annotations

from collections.abc import Callable

import needed
import pytest

Tool = Callable[..., str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs an outside tool and answers what it prints."""
    return needed.tool
