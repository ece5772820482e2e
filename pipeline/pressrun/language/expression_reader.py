"""Reads an expression: Python's tree of it becomes closures, node by node, and whatever is not on the list is a finding
at its place."""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from pressrun.language import operations
from pressrun.language.expression_calls import FILTERS, METHODS, Calls
from pressrun.language.expression_faults import (
    REFUSED,
    mixed_with_arithmetic,
    unknown_filter,
    unknown_method,
    wrong_syntax,
)
from pressrun.language.lookup import EvaluationError
from pressrun.language.operations import FUNCTIONS
from pressrun.model.comparison import Comparison, sides_compared
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.composed_text import composed
from pressrun.readers.suggestion import did_you_mean

Values = Mapping[str, Any]
Closure = Callable[[Values], Any]

MAX_LENGTH = 1000
MAX_DEPTH = 40
_MAX_DIGITS = 30
_HALF = re.compile("[\ud800-\udfff]")
_CONSTANTS = {"true": True, "false": False, "none": None, "null": None}
_SIGNS: Mapping[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operations.negative,
    ast.UAdd: operations.positive,
}


def _NOTHING(values: Values) -> None: ...


class _Refused(Exception):
    """A part that may not run; its finding is already written down."""


class ExpressionReader:
    """Closures from a syntax tree, and what the expression reads."""

    def __init__(self, text: str, place: Place | None) -> None:
        self.text = text = composed(text)
        self.place = place
        self.findings: list[Finding] = []
        self.names: set[str] = set()
        self.columns: set[tuple[str, str]] = set()
        self.tables: set[str] = set()
        self.compared: list[Comparison] = []
        self.calls: Calls | None = None
        self._too_deep = False
        # Folded YAML may bring line breaks; a blank in their stead keeps every offset.
        self._line = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
        self._indent = len(self._line) - len(self._line.lstrip(" "))

    def compiled(self) -> Closure | None:
        source = self._line.strip(" ")
        if not source:
            self._note("bad-expression", "the expression is empty", 0, None)
            return None
        if len(source) > MAX_LENGTH:
            self._note("unsafe-expression", f"the expression is longer than {MAX_LENGTH} characters", 0, None)
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's advice on style is not for the author of a job
                tree = ast.parse(source, mode="eval")
        except SyntaxError as error:
            offset = min(max((error.offset or 1) - 1, 0), len(source))
            message, hint = wrong_syntax(source)
            self._note("bad-expression", message, offset + self._indent, hint)
            return None
        except (ValueError, MemoryError, RecursionError):
            self._note("unsafe-expression", "the expression cannot be read", 0, None)
            return None
        try:
            return self._closure(tree.body, 0)
        except _Refused:
            return None

    def _note(self, code: str, message: str, offset: int, hint: str | None) -> None:
        place = self.place
        if place is not None and place.column is not None:
            place = Place(place.file, place.line, place.column + offset)
        self.findings.append(Finding(Severity.ERROR, code, message, place, hint))

    def _refuse(self, node: ast.AST, message: str, hint: str | None = None) -> NoReturn:
        self._note("unsafe-expression", message, self._offset(node), hint)
        raise _Refused

    def _offset(self, node: ast.AST) -> int:
        """The letters of the text before a node; ast counts bytes."""
        source = self._line.strip(" ").encode()
        return len(source[: getattr(node, "col_offset", 0)].decode("utf-8", "ignore")) + self._indent

    def _all(self, nodes: list[ast.expr], depth: int) -> list[Closure]:
        """Compile every node, so that each one's fault is found, before giving up."""
        made: list[Closure] = []
        for node in nodes:
            try:
                made.append(self._closure(node, depth))
            except _Refused:
                continue
        if len(made) != len(nodes):
            raise _Refused
        return made

    def _closure(self, node: ast.expr, depth: int) -> Closure:
        if depth > MAX_DEPTH:
            if self._too_deep:
                raise _Refused  # said already
            self._too_deep = True
            self._refuse(node, f"the expression is nested deeper than {MAX_DEPTH} levels")
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node, depth)
            case ast.Subscript():
                return self._subscript(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.Compare():
                return self._compare(node, depth)
            case ast.BoolOp():
                return (
                    _all_hold(self._all(node.values, depth + 1))
                    if isinstance(node.op, ast.And)
                    else _one_holds(self._all(node.values, depth + 1))
                )
            case ast.BinOp():
                return self._binary(node, depth)
            case ast.UnaryOp():
                return self._unary(node, depth)
            case ast.IfExp():
                test, then, other = self._all([node.test, node.body, node.orelse], depth + 1)
                return lambda values: then(values) if test(values) else other(values)
            case ast.Tuple() | ast.List():
                parts = tuple(self._all(node.elts, depth + 1))
                return lambda values: tuple(part(values) for part in parts)
        message, hint = REFUSED.get(type(node), ("this is not allowed in an expression", None))
        self._refuse(node, message, hint)

    def _constant(self, node: ast.Constant) -> Closure:
        value = node.value
        if isinstance(value, bytes | complex) or value is ...:
            self._refuse(node, "only texts, numbers, true, false and none can be written out")
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_MAX_DIGITS:
            self._refuse(node, "the number is too large")
        if isinstance(value, str) and _HALF.search(value):
            self._refuse(node, "there is half a character in this text")
        return lambda values: value

    def _name(self, node: ast.Name) -> Closure:
        name = node.id
        if name in _CONSTANTS:
            constant = _CONSTANTS[name]
            return lambda values: constant
        if name.startswith("_"):
            self._refuse(node, f"'{name}' is not allowed: names do not begin with '_'")
        self.names.add(name)
        return operator.itemgetter(name)

    def _attribute(self, node: ast.Attribute, depth: int) -> Closure:
        attribute = node.attr
        if attribute.startswith("_"):
            self._refuse(node, f"'.{attribute}' is not allowed: columns do not begin with '_'")
        owner = node.value
        if isinstance(owner, ast.Name) and owner.id not in _CONSTANTS:
            self.columns.add((owner.id, attribute))
        elif isinstance(owner, ast.Subscript) and isinstance(owner.value, ast.Name):
            self.columns.add((owner.value.id, attribute))
        elif not isinstance(owner, ast.Attribute | ast.Subscript):
            self._refuse(node, f"'.{attribute}' is not allowed here: only rows have columns")
        of = self._closure(owner, depth + 1)
        shown = ast.unparse(owner)

        def read(values: Values) -> Any:
            value = of(values)
            if type(value) is dict and attribute in value:
                return value[attribute]
            try:
                return operations.member(value, attribute)
            except EvaluationError:
                columns = list(value) if isinstance(value, Mapping) else []
                raise EvaluationError(
                    f"'{shown}' has no '{attribute}'", did_you_mean(attribute, map(str, columns), "columns")
                ) from None

        return read

    def _subscript(self, node: ast.Subscript, depth: int) -> Closure:
        if isinstance(node.slice, ast.Slice):
            return self._slice(node.value, node.slice, depth)
        if not isinstance(node.value, ast.Name):
            of, at = self._all([node.value, node.slice], depth + 1)
            return lambda values: operations.part(of(values), at(values))
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        table, *parts = self._all([node.value, *inside], depth + 1)
        self.tables.add(node.value.id)
        if len(parts) == 1:
            only = parts[0]
            return lambda values: operations.entry(table(values), only(values))
        return lambda values: operations.entry(table(values), tuple(part(values) for part in parts))

    def _slice(self, owner: ast.expr, places: ast.Slice, depth: int) -> Closure:
        said = [(name, getattr(places, name)) for name in ("lower", "upper", "step")]
        given = [node for _, node in said if node is not None]
        of, *found = self._all([owner, *given], depth + 1)
        closures = iter(found)
        lower, upper, step = (_NOTHING if node is None else next(closures) for _, node in said)
        return lambda values: operations.part(of(values), slice(lower(values), upper(values), step(values)))

    def _call(self, node: ast.Call, depth: int) -> Closure:
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, depth)
        if not isinstance(node.func, ast.Name):
            self._refuse(node, "only functions can be called", f"functions: {', '.join(FUNCTIONS)}")
        name = node.func.id
        if name not in FUNCTIONS:
            self._refuse(node, f"there is no function '{name}'", did_you_mean(name, FUNCTIONS, "functions"))
        function, fewest, most = FUNCTIONS[name]
        if node.keywords:
            self._refuse(node, f"{name}() takes no named arguments")
        if not fewest <= len(node.args) <= most:
            count = str(fewest) if fewest == most else f"{fewest} to {most}"
            self._refuse(node, f"{name}() takes {count} value{'' if most == 1 else 's'}")
        arguments = tuple(self._all(node.args, depth + 1))
        if len(arguments) == 1:
            only = arguments[0]
            return lambda values: function(only(values))
        return lambda values: function(*[argument(values) for argument in arguments])

    def _method(self, node: ast.Call, method: ast.Attribute, depth: int) -> Closure:
        name = method.attr
        if name not in METHODS:
            self._refuse(node, *unknown_method(method))
        of = self._closure(method.value, depth + 1)
        calls, given = self._within_allowance(), self._arguments(node, depth)
        return lambda values: calls.settled(calls.method(name, of(values), *given(values)))

    def _filter(self, node: ast.BinOp, depth: int) -> Closure:
        unsettled = self._unsettled(node, depth)
        calls = self._within_allowance()
        return lambda values: calls.settled(unsettled(values))

    def _unsettled(self, node: ast.expr, depth: int) -> Closure:
        """Filters one after the other, of which a later one may take what an earlier one has not found."""
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.BitOr):
            return self._closure(node, depth)
        if depth > MAX_DEPTH:
            return self._closure(node, depth)  # says so
        if mixed_with_arithmetic(node, self._line.strip(" ").encode()):
            hint = "write (a + b) | f, or a + (b | f)"
            self._refuse(node, "beside arithmetic, a filter needs parentheses", hint)
        right = node.right
        word = right.func if isinstance(right, ast.Call) else right
        if not isinstance(word, ast.Name) or word.id not in FILTERS:
            self._refuse(node, *unknown_filter(right))
        name, of = word.id, self._unsettled(node.left, depth + 1)
        calls, given = self._within_allowance(), self._arguments(right, depth)
        return lambda values: calls.filter(name, of(values), *given(values))

    def _within_allowance(self) -> Calls:
        self.calls = self.calls or Calls()
        return self.calls

    def _arguments(self, node: ast.expr, depth: int) -> Callable[[Values], tuple[list[Any], dict[str, Any]]]:
        """What a call gives, by place and by name; a filter's bare name gives nothing."""
        if not isinstance(node, ast.Call):
            return lambda values: ([], {})
        named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        if len(named) != len(node.keywords):
            self._refuse(node, "'**' is not allowed")
        closures = self._all([*node.args, *named.values()], depth + 1)
        by_place, by_name = closures[: len(node.args)], dict(zip(named, closures[len(node.args) :], strict=True))
        return lambda values: (
            [argument(values) for argument in by_place],
            {name: argument(values) for name, argument in by_name.items()},
        )

    def _compare(self, node: ast.Compare, depth: int) -> Closure:
        for sign in node.ops:
            if type(sign) not in _SIGNS:
                self._refuse(node, *REFUSED[type(sign)])
        first, *others = self._all([node.left, *node.comparators], depth + 1)
        self.compared += self._texts_compared(node)
        if len(others) == 1:
            compare, second = operations.COMPARISONS[_SIGNS[type(node.ops[0])]], others[0]
            return lambda values: compare(first(values), second(values))
        signs = (operations.COMPARISONS[_SIGNS[type(sign)]] for sign in node.ops)
        links = tuple(zip(signs, others, strict=True))

        def chained(values: Values) -> bool:
            left = first(values)
            for compare, other in links:
                right = other(values)
                if not compare(left, right):
                    return False
                left = right
            return True

        return chained

    def _texts_compared(self, node: ast.Compare) -> Iterator[Comparison]:
        """Each text that is written out, with the cell that it is to be."""
        following = (
            (_SIGNS[type(sign)], side, side.elts if isinstance(side, ast.Tuple | ast.List) else ())
            for sign, side in zip(node.ops, node.comparators, strict=True)
        )
        for cell, text in sides_compared(node.left, following):
            whose = cell.value if isinstance(cell, ast.Attribute) else cell
            whose = whose.value if isinstance(whose, ast.Subscript) and whose is not cell else whose
            if isinstance(whose, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
                attribute = cell.attr if isinstance(cell, ast.Attribute) else None
                yield Comparison(whose.id, attribute, text.value, 1, self._offset(text) + 1)

    def _binary(self, node: ast.BinOp, depth: int) -> Closure:
        if isinstance(node.op, ast.BitOr):
            return self._filter(node, depth)
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            self._refuse(node, *REFUSED.get(type(node.op), ("this operator is not allowed", "there are + - * / // %")))
        work = operations.ARITHMETIC[sign]
        left, right = self._all([node.left, node.right], depth + 1)
        return lambda values: work(left(values), right(values))

    def _unary(self, node: ast.UnaryOp, depth: int) -> Closure:
        work = _UNARY.get(type(node.op))
        if work is None:
            self._refuse(node, "'~' is not allowed", "write 'not'")
        of = self._closure(node.operand, depth + 1)
        return lambda values: work(of(values))


def _all_hold(parts: list[Closure]) -> Closure:
    def run(values: Values) -> Any:
        value: Any = True
        for part in parts:
            value = part(values)
            if not value:
                break
        return value

    return run


def _one_holds(parts: list[Closure]) -> Closure:
    def run(values: Values) -> Any:
        value: Any = False
        for part in parts:
            value = part(values)
            if value:
                break
        return value

    return run
