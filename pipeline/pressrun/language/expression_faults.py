"""What is said of a text that is no expression, or of a part that may not run."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping

from pressrun.language.expression_calls import FILTERS, METHODS, OF_LAYOUTS
from pressrun.language.operations import FUNCTIONS
from pressrun.readers.suggestion import did_you_mean

_ENTRIES = frozenset({"values", "items", "keys", "all"})  # by which other languages give those of a table
_RESERVED = re.compile(rf"\b(?P<whole>[\w.]+[.](?P<part>{'|'.join(keyword.kwlist)}))\b")
_ASSIGNMENT = re.compile(r"(?<![=!<>:])=(?!=)")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_DOLLAR = re.compile(r"[$@#]\{?(?P<name>[^\W\d][\w.]*)\}?")
_IN_CAPITALS = re.compile(r"\b(?:AND|OR|NOT|IN)\b")
_CHOICE = re.compile(r"([^?]+)\?([^:?]+):([^:?]+)")
_ASKED_FOR = re.compile(r"""(?P<whole>[\w.]+)\s*~\s*(?P<piece>'[^']*'|"[^"]*"|[\w.]+)""")
REFUSED: Mapping[type[ast.AST], tuple[str, str | None]] = {
    ast.Lambda: ("functions cannot be defined here", None),
    ast.JoinedStr: ("f-strings are not allowed", "join texts with +"),
    ast.NamedExpr: ("':=' is not allowed", None),
    ast.Dict: ("{ } is not allowed", "what is looked up stands in one of `tables`; of few values, write a if … else b"),
    ast.Set: ("{ } is not allowed", "expressions are written bare, without {{ }}"),
    ast.Slice: ("a slice is alone in its [ ]", "as in product.name[:3]"),
    ast.Starred: ("'*' is not allowed here", None),
    ast.Pow: ("'**' is not allowed", None),
    ast.BitAnd: ("'&' is not allowed", "write 'and'"),
    ast.Is: ("'is' is not allowed", "write == instead"),
    ast.IsNot: ("'is not' is not allowed", "write != instead"),
    ast.ListComp: ("loops are not allowed", None),
    ast.SetComp: ("loops are not allowed", None),
    ast.DictComp: ("loops are not allowed", None),
    ast.GeneratorExp: ("loops are not allowed", None),
}


def unknown_filter(node: ast.expr) -> tuple[str, str | None]:
    """What is wrong with what stands behind a ``|``."""
    name = node.func if isinstance(node, ast.Call) else node
    if not isinstance(name, ast.Name):
        return "this is no filter", "for a choice write 'or'; a filter is a word, as in x | upper"
    if name.id in OF_LAYOUTS:
        hint = "it writes as the row's language does, and belongs to the texts of layouts"
        return f"there is no filter '{name.id}' in expressions", hint
    return f"there is no filter '{name.id}'", did_you_mean(name.id, sorted(FILTERS), "`pressrun explain filters`")


def unknown_method(node: ast.Attribute) -> tuple[str, str | None]:
    """What is wrong with calling a part of something."""
    if node.attr in FUNCTIONS:
        return f"there is no method '{node.attr}'", f"write {node.attr}({ast.unparse(node.value)})"
    if node.attr in _ENTRIES:
        return f"there is no method '{node.attr}'", f"write {ast.unparse(node.value)} alone: it gives all its entries"
    return f"there is no method '{node.attr}'", did_you_mean(node.attr, sorted(METHODS), "`pressrun explain methods`")


def mixed_with_arithmetic(node: ast.BinOp, source: bytes) -> bool:
    """Whether arithmetic stands beside the ``|`` without parentheses: templates would take it otherwise than Python."""
    end, start = node.left.end_col_offset or 0, node.right.col_offset
    left, _, right = source[end:start].partition(b"|")
    open_left = isinstance(node.left, ast.BinOp) and not isinstance(node.left.op, ast.BitOr) and b")" not in left
    return open_left or (isinstance(node.right, ast.BinOp) and b"(" not in right)


def wrong_syntax(source: str) -> tuple[str, str | None]:
    """What was probably meant by a text that Python cannot read."""
    whole, source = source, _TEXT.sub("''", source)
    if any(quote in source for quote in "‘’“”„«»"):
        return "curly quotes are no quotes of expressions", "write straight ones: 'de-DE'"
    if "{{" in source or "{%" in source:
        return "this is a template, not an expression", "expressions are written bare, without {{ }}"
    if "&&" in source or "||" in source:
        return "'&&' and '||' are not words of expressions", "write 'and', 'or'"
    if named := _DOLLAR.search(source):
        name = named["name"]
        hint = f"names are written bare, without a sign before them: {name}; one of `vars` or of a part: ${{{name}}}"
        return f"'{named[0]}' is no name", hint
    if word := _IN_CAPITALS.search(source):
        return f"'{word[0]}' is not a word of expressions", f"write '{word[0].lower()}'"
    if "<>" in source or "===" in source or "!==" in source:
        return "'<>' and '===' do not compare", "write != or =="
    if choice := _CHOICE.fullmatch(whole):
        asked_for, one, other = (part.strip() for part in choice.groups())
        return "'?' is no operator of expressions", f"write {one} if {asked_for} else {other}"
    if asked := _ASKED_FOR.search(whole):
        hint = f"to ask for a piece of a text: {asked['piece']} in {asked['whole']}; + joins texts"
        return "'~' is no operator of expressions", hint
    if reserved := _RESERVED.search(source):
        part = reserved["part"]
        return f"'{part}' is a word of expressions", f"the column '{part}' is called {part}_ here: {reserved['whole']}_"
    if _ASSIGNMENT.search(source):
        return "'=' does not compare", "write == to compare"
    if source.startswith("!") or " !" in source.replace(" !=", ""):
        return "'!' is not a word of expressions", "write 'not'"
    return "this is not an expression", "e.g. product.price < 20 and region.locale in ['de-DE', 'fr-FR']"
