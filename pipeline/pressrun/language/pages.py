"""What layouts may say of the page that something stands on, which is known once all pages are counted: after the texts
of a row have been rendered.

In texts a character for private use stands for each figure until then. A condition is kept as an expression of the page
alone, with what is known of the row put in.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from pressrun.language.expression import Expression, compile_expression
from pressrun.language.locale_formats import number as locale_number
from pressrun.language.lookup import EvaluationError
from pressrun.model.record import Record
from pressrun.model.template import ValueFault

PAGE = "page"
LATER = "page_when"  # in a layer's content: the condition that its page has to satisfy
_IN_TEXTS = ("number", "total", "first", "last")
PAGE_FIELDS = (*_IN_TEXTS, "id", "turn", "is_left", "is_right", "is_recto", "is_verso", "is_first", "is_last")
_FIRST_STAND_IN = 0x10FFF0  # of the last private plane
_STAND_INS = {name: chr(_FIRST_STAND_IN + at) for at, name in enumerate(_IN_TEXTS)}
_ANY = re.compile(f"[{''.join(_STAND_INS.values())}]")
_NOTHING = {ord(character): "" for character in _STAND_INS.values()}


_AS_THEY_ARE = (
    "print it without a filter, it has the language's own digits; what only some pages show is a layer of its own with "
    "`when: page.number > 1`"
)


class _Later(str):
    """A text that is not known yet: it can be printed, and nothing else."""

    __slots__ = ()

    def _refuse(self, *_: object) -> NoReturn:
        message = "pages are counted after texts are written, which cannot ask for them"
        raise ValueFault("not-counted-yet", message, _AS_THEY_ARE)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse
    __add__ = __mul__ = __mod__ = _refuse
    __hash__ = str.__hash__


IN_TEMPLATES = Record._of({name: _Later(one) for name, one in _STAND_INS.items()}, "what texts know of a page")


class PageFacts(Struct, frozen=True):
    """A page of a document: ``number`` from 1 among ``total``; it is one of the layout's by its ``id``, for the
    ``turn``-th time. ``first`` and ``last`` are the entries that begin and end what goes on over it."""

    id: str
    number: int
    total: int
    turn: int
    from_right: bool
    first: str = ""
    last: str = ""

    @property
    def is_left(self) -> bool:
        """Where it lies in an open book: the first is a right one, or a left one in a book that is read from right to
        left."""
        return (self.number % 2 == 0) != self.from_right

    def holds(self, condition: str | None) -> bool:
        """Whether a condition that was kept for later holds. Raises EvaluationError."""
        if condition is None:
            return True
        return _kept(condition).test({PAGE: self._names})

    @property
    def _names(self) -> dict[str, Any]:
        return {
            "id": self.id, "number": self.number, "total": self.total, "turn": self.turn, "first": self.first,
            "last": self.last, "is_left": self.is_left, "is_right": not self.is_left,
            "is_recto": self.number % 2 == 1, "is_verso": self.number % 2 == 0,
            "is_first": self.number == 1, "is_last": self.number == self.total,
        }  # fmt: skip

    def with_entries(self, first: str, last: str) -> PageFacts:
        """With what is on it: the first entry that is named, and the last."""
        return replace(self, first=self.first or first, last=last or self.last)

    def written(self, texts: Mapping[str, str], locale: str) -> Mapping[str, str]:
        """Texts with the figures of this page, in the digits of a locale."""
        said = {
            "number": locale_number(Decimal(self.number), locale), "total": locale_number(Decimal(self.total), locale),
            "first": self.first, "last": self.last,
        }  # fmt: skip
        table = {ord(_STAND_INS[name]): text for name, text in said.items()}
        return {name: text.translate(table) for name, text in texts.items()}


def tells_of_page(text: str) -> bool:
    """Whether a rendered text has figures that wait for its page."""
    return not text.isascii() and _ANY.search(text) is not None


def without_figures(text: str) -> str:
    """A text as it is told where no page is meant."""
    return text.translate(_NOTHING)


def with_any_figures(text: str, locale: str) -> str:
    """A text with all characters that figures may have, to find fonts by."""
    if not _ANY.search(text):
        return text
    return without_figures(text) + locale_number(Decimal(1234567890), locale)


def asks_for_page(expression: Expression) -> bool:
    return PAGE in expression.names


def tells_total(content: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether anything in a document's content hangs on how many pages it has."""
    of_total = {(PAGE, "total"), (PAGE, "is_last")}
    return any(
        bool(of_total & _kept(text).columns) if name == LATER else _STAND_INS["total"] in text
        for fields in content.values()
        for name, text in fields.items()
    )


def for_later(expression: Expression, values: Mapping[str, Any]) -> bool | str:
    """A condition with what is known of the row: whether it holds, or what is left of it to ask of the page. Raises
    EvaluationError."""
    rest = _Rest(expression.text, values).of(ast.parse(expression.text.strip(), mode="eval").body)
    return bool(rest.value) if isinstance(rest, ast.Constant) else ast.unparse(rest)


class _Rest:
    """Puts in what is known, from the outside in: what decides alone keeps the rest from being asked."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self._text, self._values = text, values

    def of(self, node: ast.expr) -> ast.expr:
        """A condition."""
        if not _names_page(node):
            return ast.Constant(bool(self._value(node)))
        if isinstance(node, ast.BoolOp):
            decides = isinstance(node.op, ast.Or)
            kept: list[ast.expr] = []
            for one in map(self.of, node.values):
                if not isinstance(one, ast.Constant):
                    kept.append(one)
                elif bool(one.value) is decides:
                    return one
            return kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept) if kept else ast.Constant(not decides)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            one = self.of(node.operand)
            return ast.Constant(not one.value) if isinstance(one, ast.Constant) else ast.UnaryOp(node.op, one)
        return self._filled(node)

    def _filled(self, node: ast.expr) -> ast.expr:
        """What compares or reckons with something of the page."""
        if not _names_page(node):
            return self._literal(self._value(node))
        if isinstance(node, ast.Compare):
            return ast.Compare(self._filled(node.left), node.ops, [self._filled(one) for one in node.comparators])
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
            return ast.BinOp(self._filled(node.left), node.op, self._filled(node.right))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return node
        told = f"{self._text}: what the page is asked is too much in one; it can be compared, and reckoned with"
        raise EvaluationError(told, "write it with and, or, not, and comparisons such as page.number > 1")

    def _literal(self, value: Any) -> ast.expr:
        if isinstance(value, Decimal):
            value = int(value) if value == value.to_integral_value() else float(value)
        if value is None or isinstance(value, (str, int, float, bool)):
            return ast.Constant(value if value is not None else False)
        if isinstance(value, (list, tuple)):
            return ast.Tuple([self._literal(one) for one in value], ast.Load())
        raise EvaluationError(f"{self._text}: a page can be compared with numbers and texts alone", None)

    def _value(self, node: ast.expr) -> Any:
        return _kept(ast.unparse(node)).evaluate(self._values)


def _names_page(node: ast.expr) -> bool:
    return any(isinstance(one, ast.Name) and one.id == PAGE for one in ast.walk(node))


@functools.lru_cache(maxsize=256)
def _kept(text: str) -> Expression:
    expression, findings = compile_expression(text)
    if expression is None:
        raise EvaluationError(findings[0].message, findings[0].hint)
    return expression
