"""A journal of any kind, as tests open it."""

from __future__ import annotations

from collections.abc import Callable

from pressrun.model.journal import Journal

Opener = Callable[[], Journal]
