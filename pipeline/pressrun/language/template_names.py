"""What can be told of a template without rendering it: the names it takes from outside, and its faults."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, meta, nodes
from msgspec.structs import replace

from pressrun.language.measured_tree import COMPARED
from pressrun.language.plain_faults import reaches_python
from pressrun.language.sandbox import Sandbox, syntax_fault
from pressrun.model.comparison import Comparison, sides_compared
from pressrun.model.template import TemplateFault, TemplateNames, Use
from pressrun.readers.suggestion import did_you_mean

_OWN_NAMES = frozenset({"super", "self", "loop", "caller", "varargs", "kwargs"})
KEPT = 4096  # texts that were inspected last
_PARTS = (nodes.Getattr, nodes.Getitem)


def inspect(environment: Sandbox, source: str, name: str) -> TemplateNames:
    """What `source` uses; faults of syntax are among the answer's faults."""
    words, trim, markup = frozenset(environment.filters), environment.trim_blocks, bool(environment.autoescape)
    return _inspected(words, trim, markup, source, name)


@functools.lru_cache(maxsize=KEPT)
def _inspected(words: frozenset[str], trim: bool, markup: bool, source: str, name: str) -> TemplateNames:
    """It depends on nothing else, and is asked again whenever a file beside this one was changed."""
    try:
        return _read(_reader(words, trim, markup), source, name)
    except RecursionError:
        fault = TemplateFault("template-too-long", "the template is nested too deeply", template=name, line=1)
        return TemplateNames((), (), frozenset(), (fault,))


@functools.lru_cache(maxsize=8)
def _reader(words: frozenset[str], trim: bool, markup: bool) -> Sandbox:
    """A sandbox in which nothing is rendered, so that only the names of its filters matter."""
    return Sandbox({}, dict.fromkeys(words, str), None, trim, markup)


def _read(environment: Sandbox, source: str, name: str) -> TemplateNames:
    try:
        tree = environment.parse(source, name)
        faults = _unknown_words(environment, tree, name)
        texts = list(_texts_compared(tree, source.splitlines()))  # compiling folds lists into constants
        environment.compile(tree, name, name)
        outside = meta.find_undeclared_variables(tree) - _OWN_NAMES
    except TemplateSyntaxError as error:
        return TemplateNames((), (), frozenset(), (syntax_fault(error, name),))
    lines = source.splitlines()
    uses: list[Use] = []
    asked = frozenset((*_asked(tree), *_with_default(tree)))
    for node, parent, block in _walk(tree, None, ""):
        if isinstance(node, _PARTS):
            attribute = _attribute(node)
            if attribute is not None and attribute.startswith("_"):
                spot = _column(lines, node.lineno, re.escape(attribute))
                message = reaches_python(attribute)
                faults.append(TemplateFault("unsafe-template", message, template=name, line=node.lineno, column=spot))
            elif isinstance(node.node, nodes.Name) and node.node.name in outside:
                use = _use(node.node.name, attribute, node, parent, block, lines)
                uses.append(replace(use, asked=id(node) in asked))
        elif isinstance(node, nodes.Name) and node.name in outside and _is_read_whole(node, parent):
            uses.append(_use(node.name, None, node, parent, block, lines))
    filters = frozenset(node.name for node in tree.find_all(nodes.Filter) if not node.name.startswith("_"))
    others, dynamic = _other_templates(tree, name)
    extended = [node.template for node in tree.find_all(nodes.Extends)]
    bases = tuple(one.value for one in extended if isinstance(one, nodes.Const) and isinstance(one.value, str))
    lent = frozenset(_lent(tree, None))
    compared = tuple([one for one in texts if one.name in outside])
    return TemplateNames(tuple(uses), others, filters, (*faults, *dynamic), bases, lent, compared)


def _unknown_words(environment: Sandbox, tree: nodes.Template, name: str) -> list[TemplateFault]:
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


def _is_read_whole(node: nodes.Name, parent: nodes.Node | None) -> bool:
    return node.ctx == "load" and not (isinstance(parent, _PARTS) and node is parent.node)


def _walk(
    node: nodes.Node, parent: nodes.Node | None, block: str
) -> Iterator[tuple[nodes.Node, nodes.Node | None, str]]:
    """Every node with what it is in, and the innermost block around it."""
    yield node, parent, block
    block = node.name if isinstance(node, nodes.Block) else block
    for child in node.iter_child_nodes():
        yield from _walk(child, node, block)


def _asked(tree: nodes.Node) -> Iterator[int]:
    """The parts that stand where it is asked whether they are there, by their identity: those that a condition names,
    and the same in what is done where it holds; those with something behind an ``or``."""
    conditions: Iterator[nodes.If | nodes.CondExpr | nodes.And | nodes.Or] = tree.find_all(
        (nodes.If, nodes.CondExpr, nodes.And, nodes.Or)
    )
    for node in conditions:
        if isinstance(node, nodes.Or):
            yield from map(id, _truths(node.left))
            continue
        test = node.left if isinstance(node, nodes.And) else node.test
        named = list(_truths(test))
        if not isinstance(node, nodes.And):
            yield from map(id, named)
        wanted = {_part_named(one) for one in named}
        parts = [part for one in _held(node, test) for part in (one, *one.find_all(_PARTS)) if isinstance(part, _PARTS)]
        yield from (id(part) for part in parts if _part_named(part) in wanted)


def _held(node: nodes.If | nodes.CondExpr | nodes.And, test: nodes.Node) -> Iterator[nodes.Node]:
    """What is done where the parts that a condition names are there: where they are asked for by ``not``, otherwise."""
    turned = isinstance(test, nodes.Not) or test.find(nodes.Not) is not None
    if isinstance(node, nodes.And):
        yield node.right
    elif isinstance(node, nodes.CondExpr):
        yield node.expr1
        if turned and node.expr2 is not None:
            yield node.expr2
    else:
        yield from node.body
        if turned:
            yield from (*node.elif_, *node.else_)


def _texts_compared(tree: nodes.Template, lines: list[str]) -> Iterator[Comparison]:
    """Each text that is written out, with the cell that it is to be."""
    for node in tree.find_all(nodes.Filter):
        if node.name != COMPARED:
            continue
        following = (
            (sign.value if isinstance(sign, nodes.Const) else "", side, _listed(side))
            for sign, side in zip(node.args[::2], node.args[1::2], strict=True)
        )
        for cell, text in sides_compared(node.node, following):
            if isinstance(text, nodes.Const) and isinstance(text.value, str) and (named := _cell_named(cell)):
                spot = _column(lines, text.lineno, rf"['\"]{re.escape(text.value)}['\"]")
                yield Comparison(*named, text.value, text.lineno, spot)


def _listed(node: nodes.Expr) -> list[nodes.Expr]:
    """What is in a list that is written out, which is measured by a filter."""
    inside = node.node if isinstance(node, nodes.Filter) else node
    return inside.items if isinstance(inside, nodes.Tuple | nodes.List) else []


def _cell_named(node: nodes.Node | None) -> tuple[str, str | None] | None:
    if isinstance(node, _PARTS):
        attribute = _attribute(node)
        return (node.node.name, attribute) if isinstance(node.node, nodes.Name) and attribute else None
    return (node.name, None) if isinstance(node, nodes.Name) else None


def _truths(test: nodes.Node) -> Iterator[nodes.Getattr | nodes.Getitem]:
    """The parts of which a condition asks nothing but whether they are there."""
    if isinstance(test, nodes.Getattr | nodes.Getitem):
        yield test
    elif isinstance(test, nodes.And | nodes.Or | nodes.Not):
        for one in test.iter_child_nodes():
            yield from _truths(one)
    elif isinstance(test, nodes.Test) and test.name in ("defined", "undefined", "none"):
        yield from _truths(test.node)


def _with_default(tree: nodes.Node) -> Iterator[int]:
    """The parts that a ``| default`` stands for where they are not there, by their identity."""
    for node in tree.find_all(nodes.Filter):
        if node.name in ("default", "d") and node.node is not None:
            yield from map(id, _ends(node.node))


def _ends(node: nodes.Node) -> Iterator[nodes.Node]:
    """What an expression may come to."""
    if isinstance(node, nodes.Or | nodes.And):
        yield from _ends(node.right)
    elif isinstance(node, nodes.CondExpr):
        for one in (node.expr1, node.expr2):
            yield from _ends(one) if one is not None else ()
    else:
        yield node


def _part_named(part: nodes.Getattr | nodes.Getitem) -> tuple[str, str | None] | int:
    return (part.node.name, _attribute(part)) if isinstance(part.node, nodes.Name) else id(part)


def _lent(node: nodes.Node, around: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    """The names that blocks are given, each with the block: what is set outside of loops and blocks all know (there is
    nothing ``around``), and what is set in a loop around it one that is ``scoped``."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            names = around if child.scoped and around else frozenset()
            yield from ((child.name, one) for one in names)
            yield from _lent(child, names)
        elif isinstance(child, nodes.For | nodes.With):
            yield from _lent(child, (around or frozenset()) | frozenset(_set_in(child)))
        elif isinstance(child, nodes.If):
            yield from _lent(child, around)
        elif around is None:
            yield from (("", one) for one in _set_in(child))


def _set_in(node: nodes.Node) -> Iterator[str]:
    """The names that a statement sets where it stands."""
    if isinstance(node, nodes.Macro):
        yield node.name
    elif isinstance(node, nodes.Import):
        yield node.target
    elif isinstance(node, nodes.FromImport):
        yield from (one if isinstance(one, str) else one[1] for one in node.names)
    elif isinstance(node, nodes.Assign | nodes.AssignBlock | nodes.For | nodes.With):
        yield from (one.name for one in node.find_all(nodes.Name) if one.ctx in ("store", "param"))


def _attribute(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    return None


def _use(
    name: str, attribute: str | None, node: nodes.Node, parent: nodes.Node | None, block: str, lines: list[str]
) -> Use:  # fmt: skip
    guarded = (isinstance(parent, nodes.Filter) and parent.name in ("default", "d") and node is parent.node) or (
        isinstance(parent, nodes.Test) and parent.name in ("defined", "undefined")
    )
    written = re.escape(name)
    if attribute is not None:
        written += rf"\s*(?:\.|\[\s*['\"])\s*{re.escape(attribute)}"
    spot = _column(lines, node.lineno, rf"\b{written}\b")
    return Use(name, attribute, node.lineno, spot, guarded, isinstance(parent, nodes.Output), block)


def _column(lines: list[str], line: int, pattern: str) -> int | None:
    match = re.search(pattern, lines[line - 1]) if 0 < line <= len(lines) else None
    return match.start() + 1 if match else None


def _other_templates(tree: nodes.Template, name: str) -> tuple[tuple[tuple[str, int], ...], tuple[TemplateFault, ...]]:
    found: list[tuple[str, int]] = []
    faults: list[TemplateFault] = []
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]  # Include, Extends
        if isinstance(target, nodes.Const) and isinstance(target.value, str):
            found.append((target.value, node.lineno))
        else:
            message, hint = "a template is named by a plain text", "write its name in quotes, choose with {% if %}"
            faults.append(TemplateFault("dynamic-include", message, template=name, line=node.lineno, hint=hint))
    return tuple(found), tuple(faults)
