"""Filters and methods in expressions: those of templates, from the same sandbox and within the same allowance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined

from pressrun.language.filters import FOR_ALL, layout_filters
from pressrun.language.lookup import EvaluationError, Lookup
from pressrun.language.operations import describe
from pressrun.language.sandbox import OTHER_METHODS, TEXT_METHODS, WHOLE_FILTERS, Sandbox
from pressrun.model.template import ValueFault

FILTERS = frozenset({*WHOLE_FILTERS, *FOR_ALL})
"""The filters of expressions: those that need to know nothing of the row's language."""

METHODS = TEXT_METHODS | OTHER_METHODS["date"]
OF_LAYOUTS = frozenset(layout_filters((), frozenset())) - FILTERS
"""Filters that write for people, as the row's language does, which is known where texts are set."""


class Calls:
    """What one expression calls; each evaluation begins anew with the whole allowance."""

    def __init__(self) -> None:
        self._sandbox = Sandbox({}, FOR_ALL, None, trim=False)
        self._context = self._sandbox.context({})

    def begin(self) -> None:
        self._sandbox.allowance.begin()

    def filter(self, name: str, value: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """``value | name(…)``. What another filter may still go on with is left as it is: see :meth:`settled`."""
        for one in (value, *args, *options.values()):
            if isinstance(one, Lookup):
                raise EvaluationError(f"{describe(one)} can only be looked up with [ ]")
        return self._told(name, lambda: self._sandbox.call_filter(name, value, args, options, self._context))

    def method(self, name: str, value: Any, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """``value.name(…)`` of a text or a date."""
        if not isinstance(value, (str, date)):
            raise EvaluationError(f".{name}() does not work on {describe(value)}")
        sandbox = self._sandbox
        return self._told(
            name, lambda: sandbox.call(self._context, sandbox.getattr(value, name), *args, **options)
        )  # fmt: skip

    def settled(self, value: Any) -> Any:
        """A value that can be kept: lists of any kind as tuples; what is not there is a fault, also inside of them."""
        return self._told("the value", lambda: _settled(self._sandbox.allowance.weighed(value)))

    def _told(self, name: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except ValueFault as fault:
            raise EvaluationError(fault.message, fault.hint) from None
        except SecurityError:
            raise EvaluationError(f"'{name}' reaches into Python, which expressions may not") from None
        except Exception as error:  # of values that the filter was not made for
            said = str(error).removesuffix(".")
            raise EvaluationError(f"{name}: {said[:1].lower()}{said[1:]}" if said else f"{name} fails") from None


def _settled(value: Any) -> Any:
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    return tuple(map(_settled, value)) if isinstance(value, (list, tuple, Iterator)) else value
