"""What makes two calls of one kind: the first of each goes alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pressrun.generate.buy.breaker import kind_of
from pressrun.model.picture import Brief, PictureRequest, Reference

BRIEF = Brief("Lab", (), (), "", (), (), "", "", "", (0.5, 0.8))
PLAIN = PictureRequest("a red barn", (1024, 1024), BRIEF)
PICTURE = Reference("0" * 64, "a.png", "image/png")


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"prompt": "a blue barn"}, True),
        ({"take": 2}, True),
        ({"model": "other"}, False),
        ({"quality": "high"}, False),
        ({"references": (PICTURE,)}, False),
        ({"mask": PICTURE}, False),
        ({"background": "transparent"}, False),
    ],
)
def test_whatever_may_fail_or_cost_in_its_own_way_is_a_kind(change: dict[str, Any], alike: bool) -> None:
    assert (kind_of(replace(PLAIN, **change)) == kind_of(PLAIN)) is alike
