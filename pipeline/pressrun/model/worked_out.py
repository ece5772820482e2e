"""Values that work something out of themselves, once."""

from __future__ import annotations


class WorksOut:
    """A base for slotted values that have a `functools.cached_property`, which needs a place for what it keeps. That is
    no part of the value: it is neither compared, nor copied, nor sent to workers."""

    __slots__ = ("__dict__",)
