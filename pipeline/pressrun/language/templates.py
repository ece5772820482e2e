"""Jinja, fenced in: the one file that imports it.

Templates come from the campaign's author and values from anybody's CSV, so a template sees plain values and records
only: no Python internals, no files, no calls but a few harmless ones, a bounded number of steps. An undefined name is a
fault, never an empty word: a typo in a prompt would cost money.
"""

from __future__ import annotations

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
    meta,
    nodes,
    pass_context,
)
from jinja2.environment import Template as JinjaTemplate
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from pressrun.model.copy_book import CopyView
from pressrun.model.record import Record
from pressrun.model.template import TemplateFault, TemplateNames, Use, ValueFault
from pressrun.readers.suggestion import did_you_mean

MAX_STEPS = 20_000  # rounds of loops and calls in one rendering
MAX_RANGE = 1_000
MAX_CHARACTERS = 100_000

_FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "join",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "trim", "truncate", "unique",
    "upper", "wordcount",
)  # fmt: skip
_TEXT_METHODS = frozenset({
    "capitalize", "casefold", "count", "endswith", "find", "index", "isalpha", "isdecimal", "isdigit", "islower",
    "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "rfind", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
})  # fmt: skip
_OTHER_METHODS = frozenset({"items", "keys", "values", "get", "isoformat", "cycle", "changed"})
_OWN_NAMES = frozenset({"super", "self", "loop", "caller", "varargs", "kwargs"})
_WRITING = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Block, nodes.Include, nodes.Import, nodes.FromImport)
_PARTS = (nodes.Getattr, nodes.Getitem)
_TAG = re.compile(r"\{[{%#]")


class Template:
    """A compiled template. `constant` is its text where nothing in it depends on a value."""

    __slots__ = ("_alone", "_compiled", "_environment", "constant")

    def __init__(self, environment: _Fenced, compiled: JinjaTemplate | None, constant: str | None, alone: bool) -> None:
        self._environment, self._compiled, self.constant, self._alone = environment, compiled, constant, alone

    def render(self, values: Mapping[str, Any]) -> str:
        """The text for `values`. Raises TemplateFault, which tells the line."""
        return self.render_in(self._environment.context(values))

    def render_in(self, context: Any) -> str:
        """Like :meth:`render`, in a context made once by :meth:`Templates.context` for several templates."""
        compiled = self._compiled
        if compiled is None:
            return self.constant or ""
        environment = self._environment
        environment.steps = 0
        try:
            if not self._alone:  # it sets names or has blocks: it must not write into a shared context
                context = compiled.new_context(context.get_all())
            text = "".join(compiled.root_render_func(context))
        except Exception as error:
            raise _runtime_fault(error, compiled, environment) from None
        if len(text) > MAX_CHARACTERS:
            message = f"the text grows to {len(text):,} characters; at most {MAX_CHARACTERS:,} are taken"
            raise TemplateFault("template-too-long", message, template=compiled.name or "")
        return text


class Templates:
    """The templates of one purpose: `files` that may include each other, and single texts.

    `filters` are added to Jinja's harmless ones; a filter marked with :func:`needs_context` gets the values first.
    `finalize` sees every printed value and may raise ValueFault.
    """

    def __init__(
        self,
        files: Mapping[str, str] | None = None,
        *,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        finalize: Callable[[Any], Any] | None = None,
    ) -> None:
        self._files = files or {}
        self._environment = _Fenced(self._files, filters or {}, finalize)
        self._texts: dict[str, Template] = {}

    def text(self, source: str) -> Template:
        """Compile a text from a YAML field. Raises TemplateFault for wrong syntax."""
        known = self._texts.get(source)
        if known is None:
            known = self._texts[source] = self._compile(source)
        return known

    def file(self, name: str) -> Template:
        """Compile a file and, when rendering, what it includes. Raises TemplateFault."""
        try:
            return Template(self._environment, self._environment.get_template(name), None, alone=False)
        except TemplateSyntaxError as error:
            raise _syntax_fault(error, name) from None
        except TemplateNotFound as error:
            raise TemplateFault("missing-template", f"there is no template '{error.name}'", template=name) from None

    def context(self, values: Mapping[str, Any]) -> Any:
        """A context for :meth:`Template.render_in`, so that many templates share the making of it."""
        return self._environment.context(values)

    def inspect(self, source: str, name: str) -> TemplateNames:
        """What `source` uses; faults of syntax are among the answer's faults."""
        return _inspect(self._environment, source, name)

    def _compile(self, source: str) -> Template:
        if not _TAG.search(source):
            return Template(self._environment, None, source, alone=True)
        try:
            tree = self._environment.parse(source)
            compiled = self._environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise _syntax_fault(error, "text") from None
        return Template(self._environment, compiled, None, alone=not any(tree.find(kind) for kind in _WRITING))


def needs_context(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a filter: its first argument is a function from a name to the value that the template has under it."""

    def with_lookup(context: Context, *args: Any, **options: Any) -> Any:
        return function(context.get, *args, **options)

    return pass_context(with_lookup)


def printable(value: Any) -> Any:
    """What ``{{ … }}`` may print: texts, numbers and dates; no value that is not there, no whole row or list."""
    if isinstance(value, (str, int, float, Decimal, dt.date, Undefined)):
        return value
    if value is None:
        raise ValueFault("empty-value", "the value is empty here", "give the layer a `when`, or write | default")
    if isinstance(value, (list, tuple)):
        raise ValueFault("not-text", "this is a list, not a text", "write | join(', ')")
    raise ValueFault("not-text", "this is no text", "name one of its columns" if isinstance(value, Record) else None)


class _Fenced(ImmutableSandboxedEnvironment):
    """The sandbox, without everything that a text does not need."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(
        self, files: Mapping[str, str], filters: Mapping[str, Callable[..., Any]], finalize: Callable[[Any], Any] | None
    ) -> None:
        loader = FunctionLoader(lambda name: (files[name], name, None) if name in files else None)
        super().__init__(
            loader=loader, undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True,
            auto_reload=False, cache_size=-1, finalize=finalize or printable,
        )  # fmt: skip
        self.files, self.steps = files, 0
        harmless = {name: self.filters[name] for name in _FILTERS}
        self.filters.clear()
        self.filters.update(harmless | dict(filters) | {"_bounded": self._bounded})
        self.globals.clear()
        self.globals.update({"range": _short_range, "namespace": Namespace})

    def context(self, values: Mapping[str, Any]) -> Context:
        return Context(self, {**self.globals, **values}, "text", {})

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise ValueFault("template-too-long", f"the template takes more than {MAX_STEPS:,} steps")

    def _bounded(self, items: Iterable[Any]) -> Iterable[Any]:
        if isinstance(items, Undefined):
            return items
        if isinstance(items, (str, list, tuple, dict, range)) and self.steps + len(items) <= MAX_STEPS:
            self.steps += len(items)
            return items  # keeps its length, which `loop` asks for
        return self._counted(items)

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.step()
            yield item

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_bounded", [], [], None, None, lineno=loop.lineno)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Record and not attribute.startswith("_"):
            header = obj._header
            position = header.index.get(attribute)
            if position is not None:
                return obj._cells[position]
            return self.undefined(f"there is no '{attribute}' in {header.file}")
        if type(obj) is CopyView and not attribute.startswith("_"):
            text = obj._find(attribute)
            return self.undefined(f"there is no copy '{attribute}' for this row") if text is None else text
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        if obj is _short_range or obj is Namespace or isinstance(obj, (Macro, BlockReference, LoopContext)):
            return True
        owner = getattr(obj, "__self__", None)
        name = getattr(obj, "__name__", "")
        if isinstance(owner, str):
            return name in _TEXT_METHODS
        return name in _OTHER_METHODS and type(owner).__name__ in ("dict", "date", "LoopContext")

    def call(self, context: Context, obj: Any, *args: Any, **options: Any) -> Any:
        self.step()
        if isinstance(obj, Undefined):
            return obj()
        return super().call(context, obj, *args, **options)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or any(isinstance(side, (str, list, tuple, bytes)) for side in (left, right)):
            raise SecurityError(f"'{operator}' is for numbers here")
        return super().call_binop(context, operator, left, right)


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise ValueFault("template-too-long", f"range() over {len(numbers):,} numbers; at most {MAX_RANGE:,} are taken")
    return numbers


def _syntax_fault(error: TemplateSyntaxError, name: str) -> TemplateFault:
    message = (error.message or "wrong template syntax").removesuffix(".")
    if unclosed := re.search(r"block that needs to be closed is '(\w+)'", message):
        message = f"{{% {unclosed[1]} %}} is never closed"
    message = message[:1].lower() + message[1:]
    return TemplateFault("template-syntax", message, template=error.name or name, line=error.lineno)


def _runtime_fault(error: Exception, compiled: JinjaTemplate, environment: _Fenced) -> TemplateFault:
    name, line = compiled.name or "", None
    try:
        environment.handle_exception()  # rewrites the traceback to lines of the template
    except Exception as rewritten:
        for frame, number in _frames(rewritten):
            file = frame.f_code.co_filename
            if file == "<template>" or file in environment.files:
                name, line = ("" if file == "<template>" else file), number
    code, message, hint = "template-error", str(error), None
    if isinstance(error, TemplateFault):
        return error
    if isinstance(error, ValueFault):
        code, hint = error.code, error.hint
    elif isinstance(error, SecurityError):
        code, message = "unsafe-template", _plain_security(message)
    elif isinstance(error, UndefinedError):
        code, message = "undefined", message.removesuffix(".")
    elif isinstance(error, RecursionError):
        code, message = "template-loop", "the template calls itself without end"
    elif isinstance(error, TemplateSyntaxError):
        return _syntax_fault(error, name)
    elif isinstance(error, TemplateNotFound):
        code, message = "missing-template", f"there is no template '{error.name}'"
    elif not isinstance(error, TemplateRuntimeError):
        message = f"{message[:1].lower()}{message[1:]}" if message else type(error).__name__
    return TemplateFault(code, message, template=name, line=line, hint=hint)


def _frames(error: BaseException) -> Iterator[tuple[Any, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _reaches(attribute: str) -> str:
    return f"'{attribute}' reaches into Python, which templates may not"


def _plain_security(message: str) -> str:
    if attribute := re.search(r"access to attribute '([^']*)'", message):
        return _reaches(attribute[1])
    if "is not safely callable" in message:
        return "this cannot be called from a template"
    return message


def _inspect(environment: _Fenced, source: str, name: str) -> TemplateNames:
    try:
        tree = environment.parse(source, name)
        faults = _unknown_words(environment, tree, name)
        outside = meta.find_undeclared_variables(tree) - _OWN_NAMES
        environment.compile(tree, name, name)
    except TemplateSyntaxError as error:
        return TemplateNames((), (), frozenset(), (_syntax_fault(error, name),))
    lines = source.splitlines()
    uses: list[Use] = []
    for node, parent in _walk(tree, None):
        if isinstance(node, _PARTS):
            attribute = _attribute(node)
            if attribute is not None and attribute.startswith("_"):
                spot = _column(lines, node.lineno, re.escape(attribute))
                faults.append(
                    TemplateFault("unsafe-template", _reaches(attribute), template=name, line=node.lineno, column=spot)
                )
            elif isinstance(node.node, nodes.Name) and node.node.name in outside:
                uses.append(_use(node.node.name, attribute, node, parent, lines))
        elif isinstance(node, nodes.Name) and node.name in outside and not _has_parts_read(node, parent):
            uses.append(_use(node.name, None, node, parent, lines))
    filters = frozenset(node.name for node in tree.find_all(nodes.Filter)) - {"_bounded"}
    others, dynamic = _other_templates(tree, name)
    return TemplateNames(tuple(uses), others, filters, (*faults, *dynamic))


def _unknown_words(environment: _Fenced, tree: nodes.Template, name: str) -> list[TemplateFault]:
    """Faults for unknown filters and tests, which are then taken out of the tree, so that the rest can be read."""
    faults: list[TemplateFault] = []
    known: Mapping[type[Any], tuple[str, str, Iterable[str], str]] = {
        nodes.Filter: ("unknown-filter", "filter", environment.filters, "string"),
        nodes.Test: ("unknown-test", "test", environment.tests, "defined"),
    }
    for node in [*tree.find_all(nodes.Filter), *tree.find_all(nodes.Test)]:
        code, kind, words, harmless = known[type(node)]
        if node.name not in words:
            hint = did_you_mean(node.name, [word for word in words if word.isalpha()])
            message = f"there is no {kind} '{node.name}'"
            faults.append(TemplateFault(code, message, template=name, line=node.lineno, hint=hint))
            node.name = harmless
    return faults


def _has_parts_read(node: nodes.Name, parent: nodes.Node | None) -> bool:
    return isinstance(parent, _PARTS) and node is parent.node


def _walk(node: nodes.Node, parent: nodes.Node | None) -> Iterator[tuple[nodes.Node, nodes.Node | None]]:
    yield node, parent
    for child in node.iter_child_nodes():
        yield from _walk(child, node)


def _attribute(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    return None


def _use(name: str, attribute: str | None, node: nodes.Node, parent: nodes.Node | None, lines: list[str]) -> Use:
    guarded = (isinstance(parent, nodes.Filter) and parent.name in ("default", "d") and node is parent.node) or (
        isinstance(parent, nodes.Test) and parent.name in ("defined", "undefined")
    )
    written = re.escape(name)
    if attribute is not None:
        written += rf"\s*(?:\.|\[\s*['\"])\s*{re.escape(attribute)}"
    spot = _column(lines, node.lineno, rf"\b{written}\b")
    return Use(name, attribute, node.lineno, spot, guarded, isinstance(parent, nodes.Output))


def _column(lines: list[str], line: int, pattern: str) -> int | None:
    match = re.search(pattern, lines[line - 1]) if 0 < line <= len(lines) else None
    return match.start() + 1 if match else None


def _other_templates(tree: nodes.Template, name: str) -> tuple[tuple[tuple[str, int], ...], tuple[TemplateFault, ...]]:
    found: list[tuple[str, int]] = []
    faults: list[TemplateFault] = []
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]
        if isinstance(target, nodes.Const) and isinstance(target.value, str):
            found.append((target.value, node.lineno))
        else:
            message, hint = "a template is named by a plain text", "write its name in quotes, choose with {% if %}"
            faults.append(TemplateFault("dynamic-include", message, template=name, line=node.lineno, hint=hint))
    return tuple(found), tuple(faults)
