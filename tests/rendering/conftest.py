"""One press for all rendering tests, and the outside tools that read its files back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import needed
import pytest
from rendering_kit import Press


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    made = Press(tmp_path_factory.mktemp("press"))
    yield made
    made.close()


Tool = Callable[..., str]


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Runs an outside tool and answers what it prints."""
    return needed.tool
