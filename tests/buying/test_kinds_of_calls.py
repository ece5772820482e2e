"""What makes two calls of one kind: the first of each goes alone."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pressrun.generate.buy.breaker import kind_of
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.providers.openai import OpenAIProvider

BRIEF = Brief("Lab", (), (), "", (), (), "", "", "", (0.5, 0.8))
PLAIN = PictureRequest("a red barn", (1024, 1024), BRIEF)
PROVIDER = OpenAIProvider(type="openai", base_url="http://localhost:1/v1")
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
        ({"options": (("conversation", "new"),)}, False),
    ],
)
def test_whatever_may_fail_or_cost_in_its_own_way_is_a_kind(change: dict[str, Any], alike: bool) -> None:
    assert (kind_of(PROVIDER, replace(PLAIN, **change)) == kind_of(PROVIDER, PLAIN)) is alike


def test_another_server_is_another_kind() -> None:
    other = OpenAIProvider(type="openai", base_url="http://localhost:2/v1")
    assert kind_of(other, PLAIN) != kind_of(PROVIDER, PLAIN)
