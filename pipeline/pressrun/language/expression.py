"""Bare expressions for `where`, `when`, `values` and `locale`: a small, safe part of Python's grammar.

``season.start >= product.launch and prices[product.sku, region.currency].amount < 20``

Python's own parser reads the text; a list of allowed nodes turns it into closures, and all else is a finding at its
place. Nothing can be reached that is not data: attributes are cells of rows, calls are a handful of pure functions and
the filters and methods of templates, and there is neither power nor repetition that a short text could blow up with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pressrun.language.expression_calls import Calls
from pressrun.language.expression_reader import Closure, ExpressionReader, Values
from pressrun.language.lookup import EvaluationError, MissingEntry
from pressrun.model.comparison import Comparison
from pressrun.model.finding import Finding, Place

_MOST = 2_000  # expressions kept, for when a campaign is read again


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Picklable: it travels as its text.

    `names` are the names it starts from (row sets, tables, values), `columns` the pairs (name, attribute) it reads,
    so ``prices[product.sku].amount`` reads ``("product", "sku")`` and ``("prices", "amount")``; `tables` are the names
    it looks up with [ ]. `compared` are the texts that it compares with any of these.
    """

    text: str
    place: Place | None
    names: frozenset[str]
    columns: frozenset[tuple[str, str]]
    tables: frozenset[str]
    _run: Closure = field(repr=False, compare=False)
    _calls: Calls | None = field(default=None, repr=False, compare=False)
    compared: tuple[Comparison, ...] = field(default=(), repr=False, compare=False)

    def evaluate(self, values: Values) -> Any:
        """The value for these `values` by name: rows are mappings (or models), tables are `Lookup`s.

        Raises MissingEntry when a table has no such row, EvaluationError when the values do not go together.
        """
        if self._calls:
            self._calls.begin()
        try:
            return self._run(values)
        except MissingEntry:
            raise
        except EvaluationError as error:
            raise EvaluationError(f"{self.text}: {error.message}", error.hint) from None
        except KeyError as error:
            raise EvaluationError(f"{self.text}: there is no {error}") from None
        except (ArithmeticError, ValueError, TypeError, RecursionError):  # of values that nobody thought of
            raise EvaluationError(f"{self.text}: its values do not go together") from None

    def test(self, values: Values) -> bool:
        """Whether it holds: '', nothing, 0 and an empty list do not."""
        return bool(self.evaluate(values))

    def __reduce__(self) -> tuple[Any, ...]:
        return _compiled_again, (self.text, self.place)


_KEPT: dict[tuple[str, Place | None], Expression] = {}


def compile_expression(text: str, place: Place | None = None) -> tuple[Expression | None, list[Finding]]:
    """Compile `text`; None and every fault in it (``bad-expression``, ``unsafe-expression``) when it may not run.

    `place` is where the text begins; if it has a column, faults are told at their own column.
    """
    if (kept := _KEPT.get((text, place))) is not None:
        return kept, []
    reader = ExpressionReader(text, place)
    run = reader.compiled()
    if run is None or reader.findings:
        return None, reader.findings
    names, columns, tables = frozenset(reader.names), frozenset(reader.columns), frozenset(reader.tables)
    expression = Expression(reader.text, place, names, columns, tables, run, reader.calls, tuple(reader.compared))
    if reader.calls is None:  # what calls counts as it goes, and is not for two at a time
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        _KEPT[text, place] = expression
    return expression, []


def _compiled_again(text: str, place: Place | None) -> Expression:
    expression, findings = compile_expression(text, place)
    if expression is None:
        raise ValueError(str(findings[0]))
    return expression
