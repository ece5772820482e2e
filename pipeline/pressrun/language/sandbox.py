"""Jinja's sandbox, without everything that a text does not need, and within an :class:`Allowance`.

Nothing is worked out while a template is compiled: a text of constants alone may be as large as any other, and its
faults are told at their lines when it is rendered.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    filters,
    nodes,
    pass_context,
    pass_environment,
    pass_eval_context,
)
from jinja2.environment import Template as JinjaTemplate
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup, escape

from pressrun.language.allowance import MAX_CHARACTERS, MAX_DECIMALS, MAX_RANGE, Allowance, calculated, too_long, weight
from pressrun.language.filtered_operands import tell_filtered_operands
from pressrun.language.kept_code import kept_code
from pressrun.language.measured_tree import COMPARED, MeasuredTree
from pressrun.language.operations import is_number, part, rounded
from pressrun.language.plain_faults import plain_lack, plain_security
from pressrun.language.template_operators import COMPARING, compared, reckoned, told
from pressrun.model.copy_book import CopyView
from pressrun.model.record import LEFT_EMPTY, EmptyCell, Record
from pressrun.model.template import Bare, TemplateFault, ValueFault
from pressrun.readers.suggestion import did_you_mean

MAX_SOURCE = 200_000  # characters of one template
MAX_TAGS = 5_000

WHOLE_FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "join",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "trim", "truncate", "unique",
    "upper", "wordcount",
)  # fmt: skip
TEXT_METHODS = frozenset({
    "capitalize", "casefold", "count", "endswith", "find", "index", "isalpha", "isdecimal", "isdigit", "islower",
    "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rfind", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
})  # fmt: skip
OTHER_METHODS: Mapping[str, frozenset[str]] = {
    "dict": frozenset({"items", "keys", "values", "get"}),
    "date": frozenset({"isoformat"}),
    "LoopContext": frozenset({"cycle", "changed"}),
}
"""What else may be called, by the name of its class."""
_TAG = re.compile(r"\{[{%#]")
_LONG_NUMBER = re.compile(r"[0-9_]{4000}")


class NoText(StrictUndefined):
    """A key of the copy that has no words for a row: it may be asked whether there are any, and nothing else."""

    def __bool__(self) -> bool:  # type: ignore[override]  # a strict one never answers
        return False


class _Lacks(UndefinedError):
    """A row has no such column: ``hint`` is the nearest that it has."""

    hint: str | None = None


def _lacking(row: Record, name: str) -> Any:
    """What makes the error of a column that is not there; the nearest is looked for once somebody needs it."""

    def raised(message: str) -> _Lacks:
        error = _Lacks(message)
        error.hint = did_you_mean(name, list(row), "columns")
        return error

    return raised


class _TooLong(TemplateSyntaxError):
    """More than can be compiled."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, without everything that a text does not need."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def __init__(
        self, files: Mapping[str, str], filters: Mapping[str, Callable[..., Any]],
        finalize: Callable[[Any], Any] | None, trim: bool, markup: bool = False,
    ) -> None:  # fmt: skip
        loader = FunctionLoader(lambda name: (files[name], name, None) if name in files else None)
        printed = finalize or printable

        @pass_context  # which also keeps Jinja from printing constants while it compiles
        def finalized(context: Context, value: Any) -> Any:
            said = printed(value)
            if type(said) is str and len(said) < MAX_CHARACTERS:
                self.allowance.spend(len(said) + 1)
                return said
            if type(value) is EmptyCell:
                self.allowance.empty.append(value)
            elif isinstance(said, Bare):
                self.allowance.bare.append(said)
            self.allowance.spend(weight(said))
            return said

        super().__init__(
            loader=loader, optimized=False, undefined=StrictUndefined, autoescape=markup, trim_blocks=trim,
            lstrip_blocks=trim, auto_reload=False, cache_size=-1, finalize=finalized,
        )  # fmt: skip
        self.files, self.allowance = files, Allowance()
        harmless = {**{name: self.filters[name] for name in WHOLE_FILTERS}, **_MEASURING, **filters}
        self.filters.clear()
        self.filters.update({name: self.allowance.filter(function) for name, function in harmless.items()})
        self.filters.update(
            _bounded=self._bounded, _weighed=self.allowance.weighed, _concat=self._concat, _sliced=self._sliced,
            **{COMPARED: compared},
        )  # fmt: skip
        self.tests.update(COMPARING)
        self.bytecode_cache = self.kept = kept_code(self.filters, trim, markup)
        self.globals.clear()
        self.globals.update({"range": _short_range, "namespace": Namespace})

    def context(self, values: Mapping[str, Any]) -> Context:
        return Context(self, {**self.globals, **values}, "text", {})

    def _bounded(self, items: Any, literal: int) -> Any:
        return items if isinstance(items, Undefined) else self.allowance.bounded(items, literal)

    def _concat(self, items: list[Any]) -> str:
        self.allowance.step()
        self.allowance.allow(weight(items))
        return markup_join(items)

    def _sliced(self, value: Any, *places: Any) -> Any:
        if isinstance(value, Undefined):
            return value
        self.allowance.step()
        found = _part_of(value, slice(*places))
        self.allowance.spend(weight(found))
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MAX_SOURCE:
            raise _TooLong(f"the template is longer than {MAX_SOURCE:,} characters", 1, name)
        tags = [match.start() for match in _TAG.finditer(source)]
        if len(tags) > MAX_TAGS:
            line = source.count("\n", 0, tags[MAX_TAGS]) + 1
            raise _TooLong(f"the template has more than {MAX_TAGS:,} tags", line, name)
        with _compiling(source, name):
            parsed = super()._parse(source, name, filename)
            if "|" in source:
                tell_filtered_operands(self._tokenize(source, name))
            tree: nodes.Template = MeasuredTree().visit(parsed)
        return tree

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        with _compiling("", name):
            return super()._generate(source, name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> Any:
        with _compiling("", filename):
            return super()._compile(source, filename)

    def _load_template(self, name: str, globals: Any) -> JinjaTemplate:
        self.allowance.step()
        self.allowance.spend(len(self.files.get(name, "")))
        return super()._load_template(name, globals)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Record and not attribute.startswith("_"):
            header = obj._header
            position = header.index.get(attribute)
            if position is not None:
                cell = obj._cells[position]
                is_empty = type(cell) is str and not cell
                return EmptyCell(attribute, header.file, obj._line) if is_empty else cell
            return self.undefined(f"there is no '{attribute}' in {header.file}", exc=_lacking(obj, attribute))
        if type(obj) is CopyView and not attribute.startswith("_"):
            text = obj._find(attribute)
            if text is not None:
                return text
            lacking = NoText if attribute in obj else self.undefined
            return lacking(f"there is no copy '{attribute}' for this row")
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, str) and type(argument) is int:
            try:
                return _part_of(obj, argument)
            except ValueFault as fault:
                return self.undefined(str(fault))
        if type(obj) is Record and isinstance(argument, str) and not argument.startswith("_"):
            if argument in obj._header.index:
                return self.getattr(obj, argument)
            return self.undefined(f"a row has no column '{argument}'", exc=_lacking(obj, argument))
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        if obj is _short_range or obj is Namespace or isinstance(obj, (Macro, BlockReference, LoopContext)):
            return True
        owner = getattr(obj, "__self__", None)
        name = getattr(obj, "__name__", "")
        if isinstance(owner, str):
            return name in TEXT_METHODS
        return name in OTHER_METHODS.get(type(owner).__name__, ())

    def call(self, context: Context, obj: Any, *args: Any, **options: Any) -> Any:
        self.allowance.step()
        if isinstance(obj, Undefined):
            return obj()
        result = super().call(context, obj, *args, **options)
        self.allowance.spend(weight(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        many = any(isinstance(side, (str, list, tuple, bytes)) for side in (left, right))
        if operator == "**" or (operator != "+" and many):
            raise SecurityError(f"'{operator}' is for numbers here")
        if is_number(left) and is_number(right):
            return reckoned(operator, left, right)
        return calculated(self.binop_table[operator], left, right, self.allowance)


def _part_of(value: Any, where: Any) -> Any:
    """By letters, as expressions have it."""
    if isinstance(value, Markup) and ("<" in value or "&" in value):
        raise ValueFault("wrong-value", "text that is marked up has no parts", "cut it before it is marked up")
    with told():
        return part(value, where)


@contextlib.contextmanager
def _compiling(source: str, name: str | None) -> Iterator[None]:
    """What Python cannot take of a template is the template's fault."""
    try:
        yield
    except TemplateSyntaxError as error:
        error.name = error.name or name
        raise
    except (RecursionError, MemoryError, SyntaxError):
        raise _TooLong("the template is nested too deeply", 1, name) from None
    except (ValueError, OverflowError):
        number = _LONG_NUMBER.search(source)
        line = source.count("\n", 0, number.start()) + 1 if number else 1
        raise _TooLong("a number is too long to be read", line, name) from None


def _joined(eval_ctx: Any, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    environment: Sandbox = eval_ctx.environment
    items = list(environment.allowance.bounded(value))
    if attribute is not None:
        items = list(map(filters.make_attrgetter(environment, attribute), items))
    environment.allowance.allow(weight(items) + len(str(d)) * len(items))
    if any(isinstance(item, Markup) for item in items):
        return escape(d).join(items)
    return str(d).join(map(str, items))


def _replaced(eval_ctx: Any, s: str, old: str, new: str, count: int | None = None) -> str:
    text = s if isinstance(s, Markup) else str(s)  # which stays marked up
    old, new = str(old), str(new)
    times = text.count(old) if count is None or count < 0 else min(text.count(old), count)
    environment: Sandbox = eval_ctx.environment
    environment.allowance.allow(len(text) + times * max(0, len(new) - len(old)))
    return text.replace(old, new, times)


def _rounded(value: Any, precision: int = 0, method: Any = "common") -> Any:
    if not isinstance(precision, int) or abs(precision) > MAX_DECIMALS:
        raise ValueFault("wrong-value", f"round takes -{MAX_DECIMALS} to {MAX_DECIMALS} decimal places")
    if method == "common" and isinstance(value, Decimal | float) and not isinstance(value, bool):
        return rounded(value, precision)
    return filters.do_round(value, precision, method)


def _batched(value: Iterable[Any], linecount: int, fill_with: Any = None) -> Iterator[list[Any]]:
    return filters.do_batch(value, _few(linecount), fill_with)


def _sliced(value: Iterable[Any], slices: int, fill_with: Any = None) -> Iterator[list[Any]]:
    return filters.sync_do_slice(list(value), _few(slices), fill_with)


@pass_environment
def _summed(environment: Sandbox, iterable: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
    if isinstance(start, (list, tuple)):
        raise ValueFault("wrong-value", "sum is for numbers")
    return filters.sync_do_sum(environment, iterable, attribute, start)


def default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    """The value, or the default where it is missing or its cell is empty; `boolean`: also where it is 0 or false."""
    is_missing = isinstance(value, Undefined) or value is None or (isinstance(value, str) and not value)
    if is_missing or (boolean and not value):
        return LEFT_EMPTY if isinstance(default_value, str) and not default_value else default_value
    return value


def _few(count: Any) -> int:
    if not isinstance(count, int) or not 0 < count <= MAX_RANGE:
        raise ValueFault("template-too-long", f"this takes a number from 1 to {MAX_RANGE:,}")
    return count


_MEASURING: Mapping[str, Callable[..., Any]] = {
    "join": pass_eval_context(_joined), "replace": pass_eval_context(_replaced), "round": _rounded, "batch": _batched,
    "slice": _sliced, "sum": _summed, "default": default, "d": default,
}  # fmt: skip


def printable(value: Any) -> Any:
    """What ``{{ … }}`` may print: texts, numbers and dates; no value that is not there, no whole row or list."""
    if type(value) is str or isinstance(value, (str, int, float, Decimal, dt.date, Undefined)):
        return value
    if value is None:
        raise ValueFault("empty-value", "the value is empty here", "write | default('…'), or give the layer a `when`")
    if isinstance(value, (list, tuple)):
        raise ValueFault("not-text", "this is a list, not a text", "write | join(', ')")
    raise ValueFault("not-text", "this is no text", "name one of its columns" if isinstance(value, Record) else None)


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        too_long(f"range() over {len(numbers):,} numbers; at most {MAX_RANGE:,} are taken")
    return numbers


def syntax_fault(error: TemplateSyntaxError, name: str) -> TemplateFault:
    message = (error.message or "wrong template syntax").removesuffix(".")
    if unclosed := re.search(r"block that needs to be closed is '(\w+)'", message):
        message = f"{{% {unclosed[1]} %}} is never closed"
    message = message[:1].lower() + message[1:]
    code = "template-too-long" if isinstance(error, _TooLong) else "template-syntax"
    return TemplateFault(code, message, template=error.name or name, line=error.lineno)


def runtime_fault(error: Exception, compiled: JinjaTemplate, environment: Sandbox) -> TemplateFault:
    name, line = compiled.name or "", None
    try:
        environment.handle_exception()  # rewrites the traceback to lines of the template
    except Exception as rewritten:
        for frame, number in _frames(rewritten):
            file = frame.f_code.co_filename
            if file == "<template>" or file in environment.files:
                name, line = ("" if file == "<template>" else file), number
    code, message, hint, cell = "template-error", str(error), None, None
    if isinstance(error, TemplateFault):
        return error
    if isinstance(error, ValueFault):
        code, hint, cell = error.code, error.hint, error.cell
    elif isinstance(error, SecurityError):
        code, message = "unsafe-template", plain_security(message)
    elif isinstance(error, UndefinedError):
        code = "undefined"
        message, hint = plain_lack(message.removesuffix("."))
        hint = error.hint if isinstance(error, _Lacks) else hint
    elif isinstance(error, RecursionError):
        code, message = "template-loop", "the template calls itself without end"
    elif isinstance(error, TemplateSyntaxError):
        return syntax_fault(error, name)
    elif isinstance(error, TemplateNotFound):
        code, message = "missing-template", f"there is no template '{error.name}'"
    elif not isinstance(error, TemplateRuntimeError):
        message = f"{message[:1].lower()}{message[1:]}" if message else type(error).__name__
    return TemplateFault(code, message, template=name, line=line, hint=hint, cell=cell)


def _frames(error: BaseException) -> Iterator[tuple[Any, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
