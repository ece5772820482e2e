"""What is learned, where it is installed."""

from __future__ import annotations

from collections.abc import Callable

import needed
import pytest

from pressrun.graphics.learned import weights as installed
from pressrun.model.learned import Weights


@pytest.fixture
def weights() -> Callable[..., None]:
    """Skips where weights are not installed, for tests that are marked `heavy`."""

    def wanted(*weights: Weights) -> None:
        for one in weights:
            if lack := installed.lack_of(one):
                needed.absent(": ".join(lack), needed.HEAVY)

    return wanted
