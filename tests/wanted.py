"""Tools and extras that some tests need."""

from __future__ import annotations

import os

import pytest


def wanted(what: str, is_there: bool) -> None:
    """Skips where a tool or an extra is not there, unless PRESSRUN_REQUIRE_TOOLS=1."""
    if not is_there:
        if os.environ.get("PRESSRUN_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{what} is required by PRESSRUN_REQUIRE_TOOLS=1")
        pytest.skip(f"{what} is not here")
