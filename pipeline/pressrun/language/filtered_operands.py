"""A filter of a template takes what stands right before it: of ``weight * 2.2 | round`` the 2.2, which nobody means.

In the tree of a template parentheses are gone, so its tokens are read: who has put them meant what is written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from jinja2 import TemplateSyntaxError
from jinja2.lexer import Token
from msgspec import Struct, field

_CALCULATING = frozenset({"add", "div", "floordiv", "mod", "mul", "sub"})
_ROUNDING = "round"  # where others make a number of a text, before it can be calculated with
_OPENING, _CLOSING = frozenset({"lbrace", "lbracket", "lparen"}), frozenset({"rbrace", "rbracket", "rparen"})
_EDGES = frozenset({"block_begin", "block_end", "variable_begin", "variable_end"})
_PARTING = frozenset({"assign", "colon", "comma", "eq", "gt", "gteq", "lt", "lteq", "ne", "tilde"})
_PARTING_WORDS = frozenset({"else", "if", "in", "is", "not"})
_CHOOSING = frozenset({"and", "or"})


class _Operand(Struct):
    """What has been read since the last sign on this level, and that sign."""

    sign: str = ""
    tokens: list[Token] = field(default_factory=list)
    piped: bool = False


def tell_filtered_operands(tokens: Iterable[Token]) -> None:
    """Raises TemplateSyntaxError where a filter takes one side of a sum alone: a number that stands there, or, to round
    it, any value."""
    levels = [_Operand()]
    for token, follows in _pairs(tokens):
        operand = levels[-1]
        if token.type in _EDGES:
            levels = [_Operand()]
        elif token.type in _OPENING:
            operand.tokens.append(token)
            levels.append(_Operand())
        elif token.type in _CLOSING and len(levels) > 1:
            levels.pop()
            levels[-1].tokens.append(token)
        elif token.type == "pipe":
            if operand.sign and not operand.piped:
                _tell(operand, follows)
            operand.piped = True
        elif token.type in _CALCULATING and operand.tokens:  # else it is a number's own
            levels[-1] = _Operand(token.type)
        elif token.type == "name" and token.value in _CHOOSING:
            levels[-1] = _Operand(token.value)
        elif token.type in _PARTING or (token.type == "name" and token.value in _PARTING_WORDS):
            levels[-1] = _Operand()
        else:
            operand.tokens.append(token)


def _tell(operand: _Operand, follows: Token) -> None:
    kinds = [token.type for token in operand.tokens]
    is_number, is_in_parentheses = kinds in (["integer"], ["float"]), kinds[:1] == ["lparen"]
    is_rounded = operand.sign in _CALCULATING and follows.value == _ROUNDING and not is_in_parentheses
    if is_number or is_rounded:
        taken = "".join(str(token.value) for token in operand.tokens)
        said = taken if {*kinds} <= {"name", "dot", "integer", "float"} else "the last value"
        message = f"`| {follows.value}` takes {said} alone here: put parentheses around all that it shall take"
        raise TemplateSyntaxError(message, follows.lineno)


def _pairs(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    read = [token for token in tokens if token.type != "data"]
    return itertools.pairwise([*read, Token(0, "eof", "")])
