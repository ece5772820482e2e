"""What is learned, where it is installed."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from pressrun.graphics.learned import weights as installed
from pressrun.model.learned import Weights


@pytest.fixture
def weights() -> Callable[..., None]:
    """Skips where weights are not installed, unless PRESSRUN_REQUIRE_TOOLS=1."""

    def needed(*wanted: Weights) -> None:
        for one in wanted:
            if lack := installed.lack_of(one):
                if os.environ.get("PRESSRUN_REQUIRE_TOOLS") == "1":
                    pytest.fail(f"{lack[0]}, which PRESSRUN_REQUIRE_TOOLS=1 asks for: {lack[1]}")
                pytest.skip(lack[0])

    return needed
