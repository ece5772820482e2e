"""The signs of templates mean what they mean in expressions: 0.2 is a fifth in both, and a date its ISO text."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2.runtime import Undefined

from pressrun.language.lookup import EvaluationError
from pressrun.language.operations import ARITHMETIC, COMPARISONS
from pressrun.model.template import ValueFault

_TESTS = {
    "==": "==", "eq": "==", "equalto": "==", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "lessthan": "<", "<=": "<=",
    "le": "<=", ">": ">", "gt": ">", "greaterthan": ">", ">=": ">=", "ge": ">=", "in": "in",
}  # fmt: skip


def compared(left: Any, *links: Any) -> bool:
    """Whether all `links` hold, which are signs, each with what stands behind it. Raises ValueFault for what cannot be
    compared, UndefinedError for what is not there."""
    for sign, right in zip(links[::2], links[1::2], strict=True):
        for side in (left, right):
            if isinstance(side, Undefined):
                side._fail_with_undefined_error()
        if not _holds(sign, left, right):
            return False
        left = right
    return True


def _holds(sign: str, left: Any, right: Any) -> bool:
    if sign in ("in", "not in") and not isinstance(right, (str, list, tuple)):  # what loops give, and rows
        return bool((left in right) is (sign == "in"))
    with told():
        return COMPARISONS[sign](left, right)


def _tested(sign: str, left: Any, right: Any) -> bool:
    return compared(left, sign, right)


def reckoned(sign: str, left: Any, right: Any) -> Any:
    """Two numbers put together by ``+ - * / // %``. Raises ValueFault."""
    with told():
        return ARITHMETIC[sign](left, right)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """What expressions refuse, templates refuse in the same words."""
    try:
        yield
    except EvaluationError as error:
        raise ValueFault("wrong-value", error.message, error.hint) from None


COMPARING: Mapping[str, Callable[[Any, Any], bool]] = {
    name: functools.partial(_tested, sign) for name, sign in _TESTS.items()
}
"""Jinja's tests that compare."""
