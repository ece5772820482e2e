"""Templates: texts and files, rendered row by row behind a fence.

Templates come from the campaign's author and values from anybody's CSV, so a template sees plain values and records
only: no Python internals, no files, no calls but a few harmless ones, a bounded number of steps and characters. An
undefined name is a fault, never an empty word: a typo in a prompt would cost money.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from jinja2 import (
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
    pass_context,
)
from jinja2.environment import Template as JinjaTemplate
from jinja2.runtime import Context
from markupsafe import Markup

from pressrun.language.allowance import MAX_CHARACTERS
from pressrun.language.markup import of_a_cell, pieces, words_in
from pressrun.language.measured_tree import COMPARED
from pressrun.language.sandbox import Sandbox, printable, runtime_fault, syntax_fault
from pressrun.language.template_names import inspect
from pressrun.model.record import EmptyCell
from pressrun.model.template import TemplateFault, TemplateNames

_WRITING = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Block, nodes.Include, nodes.Import, nodes.FromImport)
_TAG = re.compile(r"\{[{%#]")
_DEFAULTS = frozenset(("default", "d"))


class Template:
    """A compiled template. `constant` is its text where nothing in it depends on a value. ``allowance`` is what its
    rendering uses up, with what it left empty."""

    __slots__ = ("_alone", "_compiled", "_environment", "allowance", "constant")

    def __init__(self, environment: Sandbox, compiled: JinjaTemplate | None, constant: str | None, alone: bool) -> None:
        self._environment, self._compiled, self.constant, self._alone = environment, compiled, constant, alone
        self.allowance = environment.allowance

    @property
    def marks_up(self) -> bool:
        """Whether its words may mark up; then a context of other templates is none for it."""
        return bool(self._environment.autoescape)

    def empty_in(self, text: str) -> list[EmptyCell]:
        """The cells that the text just rendered prints among other words though they are empty."""
        empty, words = self.allowance.empty, words_in(text) if self.marks_up else text
        return empty if empty and words.strip() else []

    def render(self, values: Mapping[str, Any]) -> str:
        """The text for `values`. Raises TemplateFault, which tells the line."""
        return self.render_in(self._environment.context(values))

    def render_in(self, context: Any) -> str:
        """Like :meth:`render`, in a context made once by :meth:`Templates.context` for several templates."""
        compiled = self._compiled
        if compiled is None:
            return self.constant or ""
        environment = self._environment
        environment.allowance.begin()
        try:
            if not self._alone:  # it sets names or has blocks: it must not write into a shared context
                context = compiled.new_context(context.get_all())
            text = "".join(compiled.root_render_func(context))
            if self.marks_up:
                pieces(text)
        except Exception as error:
            raise runtime_fault(error, compiled, environment) from None
        if len(text) > MAX_CHARACTERS:
            message = f"the text grows to {len(text):,} characters; at most {MAX_CHARACTERS:,} are taken"
            raise TemplateFault("template-too-long", message, template=compiled.name or "")
        return text


class Templates:
    """The templates of one purpose: `files` that may include each other, and single texts.

    `filters` are added to Jinja's harmless ones; a filter marked with :func:`needs_context` gets the values first.
    `finalize` sees every printed value and may raise ValueFault. `in_cells` is the markup that values may have in texts
    whose own words mark up (`pressrun.language.markup`); None where nothing does.
    """

    def __init__(
        self,
        files: Mapping[str, str] | None = None,
        *,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        finalize: Callable[[Any], Any] | None = None,
        in_cells: Collection[str] | None = None,
    ) -> None:
        self._files, self._filters = files or {}, filters or {}
        self._are_texts = files is None
        if in_cells is not None:
            finalize = functools.partial(_marked_up, in_cells)
        # Prompts are prose, whose tags stand on lines of their own; in a text from a YAML field every break is meant.
        self._environment = Sandbox(
            self._files, self._filters, finalize, trim=not self._are_texts, markup=in_cells is not None
        )
        self._texts: dict[str, Template] = {}
        self._in_pieces: dict[str, tuple[tuple[str, Template], ...]] = {}
        self.marked_up = functools.cache(self._marked_up)

    def text(self, source: str) -> Template:
        """Compile a text from a YAML field. Raises TemplateFault for wrong syntax."""
        known = self._texts.get(source)
        if known is None:
            known = self._texts[source] = self._compile(source)
        return known

    def pieces(self, source: str, kind: Callable[[frozenset[str], bool], str]) -> tuple[tuple[str, Template], ...]:
        """A text in pieces which rendered one by one make the whole, as long as what is printed is of one ``kind`` by
        its names, and whether these go through filters; none for a text with tags that do more than print. Raises
        TemplateFault for wrong syntax."""
        known = self._in_pieces.get(source)
        if known is None:
            known = self._in_pieces[source] = self._parted(source, kind) if self.text(source).constant is None else ()
        return known

    def _parted(self, source: str, kind: Callable[[frozenset[str], bool], str]) -> tuple[tuple[str, Template], ...]:
        tree = self._environment.parse(_without_tag_lines(source) if self._are_texts else source)
        values = [value for node in tree.body if isinstance(node, nodes.Output) for value in node.nodes]
        if not all(isinstance(node, nodes.Output) for node in tree.body):
            return ()
        together = itertools.groupby(values, lambda value: kind(*_printed(value)))
        return tuple((said, self._piece(list(some))) for said, some in together)

    def _piece(self, values: list[nodes.Expr]) -> Template:
        line = values[0].lineno
        tree = nodes.Template([nodes.Output(values, lineno=line)], lineno=line)
        return Template(self._environment, self._environment.from_string(tree), None, alone=True)

    def _marked_up(self, in_cells: frozenset[str]) -> Templates:
        """The same for texts whose own words may mark up; what they print is escaped, but for what is allowed
        `in_cells`."""
        return Templates(filters=self._filters, in_cells=in_cells)

    def file(self, name: str) -> Template:
        """Compile a file and, when rendering, what it includes. Raises TemplateFault."""
        self._environment.allowance.begin()  # what was rendered last may have been long ago
        try:
            return Template(self._environment, self._environment.get_template(name), None, alone=False)
        except TemplateSyntaxError as error:
            raise syntax_fault(error, name) from None
        except TemplateNotFound as error:
            raise TemplateFault("missing-template", f"there is no template '{error.name}'", template=name) from None

    def context(self, values: Mapping[str, Any]) -> Any:
        """A context for :meth:`Template.render_in`, so that many templates share the making of it."""
        return self._environment.context(values)

    def inspect(self, source: str, name: str) -> TemplateNames:
        """What `source` uses; faults of syntax are among the answer's faults."""
        return inspect(self._environment, source, name)

    def may_say_nothing(self, source: str) -> bool:
        """Whether who wrote it thought of that: by an ``if``, a loop, a ``default``, or ``''`` in place of a value."""
        tree = self._environment.parse(source)
        return (
            any(not isinstance(node, nodes.Output) for node in tree.body)
            or tree.find(nodes.CondExpr) is not None
            or any(one.name in _DEFAULTS for one in tree.find_all(nodes.Filter))
            or any(one.value == "" for one in tree.find_all(nodes.Const))
        )

    def _compile(self, source: str) -> Template:
        if not _TAG.search(source):
            return Template(self._environment, None, source, alone=True)
        environment = self._environment
        known = environment.kept.texts.get(source)
        if known is None:
            try:
                tree = environment.parse(_without_tag_lines(source) if self._are_texts else source)
                known = environment.compile(tree), not any(tree.find(kind) for kind in _WRITING)
            except TemplateSyntaxError as error:
                raise syntax_fault(error, "text") from None
            environment.kept.keep_text(source, *known)
        code, alone = known
        compiled = environment.template_class.from_code(environment, code, environment.make_globals(None))
        return Template(environment, compiled, None, alone)


def _marked_up(in_cells: Collection[str], value: Any) -> Any:
    value = printable(value)
    if in_cells and isinstance(value, str) and not isinstance(value, Markup):
        return Markup(of_a_cell(value, in_cells))
    return value


_TAG_LINE = re.compile(r"^[ \t]*(?:(?:\{%[^{}]*%\}|\{#[^{}]*#\})[ \t]*)+\n", re.MULTILINE)


def _without_tag_lines(source: str) -> str:
    """The source in which a line of nothing but tags leaves no empty line: its break goes into the last tag, so that
    lines are counted as they are written."""

    def moved(match: re.Match[str]) -> str:
        tags = match[0].strip(" \t\n")
        at = len(tags) - (3 if tags[-3] in "-+" else 2)
        return f"{tags[:at]}\n{tags[at:]}"

    return _TAG_LINE.sub(moved, source)


def _printed(value: nodes.Expr) -> tuple[frozenset[str], bool]:
    """The names in what is printed, and whether anything is done to them."""
    every = nodes.Output([value])
    done = every.find_all((nodes.Filter, nodes.Test, nodes.Call))
    does_more = any(not isinstance(one, nodes.Filter) or one.name != COMPARED for one in done)
    return frozenset(name.name for name in every.find_all(nodes.Name)), does_more


def needs_context(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a filter: its first argument is a function from a name to the value that the template has under it."""

    @functools.wraps(function)
    def with_lookup(context: Context, *args: Any, **options: Any) -> Any:
        return function(context.get, *args, **options)

    return pass_context(with_lookup)
