"""The filters, functions and methods of templates and expressions, read from the tables in which they are looked up."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2.filters import FILTERS
from msgspec import Struct

from pressrun.language import expression_calls
from pressrun.language.filters import layout_filters, prompt_filters
from pressrun.language.operations import FUNCTIONS
from pressrun.language.sandbox import OTHER_METHODS, TEXT_METHODS, WHOLE_FILTERS, default

_GIVEN = ("environment", "env", "context", "eval_ctx", "get")  # what a filter gets unasked


class Word(Struct, frozen=True):
    """``takes`` is what may be given besides the value itself, ``where`` the kinds of text that know the word."""

    name: str
    takes: str
    where: str
    does: str


def words() -> Mapping[str, tuple[Word, ...]]:
    """Every word under what it is: ``filters`` (``x | upper``), ``functions`` (``len(x)``), ``methods``
    (``x.upper()``)."""
    whole = {**{name: FILTERS[name] for name in WHOLE_FILTERS}, "default": default, "d": default}
    places = {
        "layouts": {**whole, **layout_filters((), frozenset())},
        "prompts": {**whole, **prompt_filters()},
        "expressions": dict.fromkeys(expression_calls.FILTERS),
    }
    known = {**places["prompts"], **places["layouts"]}
    filters = [_word(name, known[name], [place for place in places if name in places[place]]) for name in sorted(known)]
    functions = [_word(name, function, ["expressions"], 0) for name, (function, _, _) in sorted(FUNCTIONS.items())]
    methods = [_word(name, getattr(str, name), [_KINDS["str"]]) for name in sorted(TEXT_METHODS)]
    for kind, names in OTHER_METHODS.items():
        methods += [Word(name, _OTHERS[name][0], _KINDS[kind], _OTHERS[name][1]) for name in sorted(names)]
    return {"filters": tuple(filters), "functions": tuple(functions), "methods": tuple(methods)}


# What Python itself says of these is not for designers, or nothing.
_OTHERS = {
    "isoformat": ("", "The date as tables have it: 2027-03-01"),
    "items": ("", "Its keys, each with its value, to go over in a loop"),
    "keys": ("", "Its keys, to go over in a loop"),
    "values": ("", "Its values, to go over in a loop"),
    "get": ("key, default=None", "The value of a key, or the default where there is no such key"),
    "cycle": ("*values", "One value after the other, and the first again, at each turn of the loop"),
    "changed": ("*values", "Whether these are others than at the turn before"),
}
_KINDS = {
    "str": "of a text",
    "date": "of a date",
    "dict": "of a block in YAML, in templates",
    "LoopContext": "of a loop, in templates",
}


def _word(name: str, function: Callable[..., Any], where: list[str], value: int = 1) -> Word:
    """A word by what its function takes behind the value itself, and the first sentence of what is said of it."""
    said = inspect.getdoc(function) or ""
    if older := re.match(r"S\.\w+\((.*)\) -> .*\n\n", said):  # as Python writes of functions in C
        takes, said = older[1], said[older.end() :]
    else:
        asked = [one for one in inspect.signature(function).parameters.values() if one.name not in _GIVEN]
        takes = ", ".join(map(_parameter, asked[value:]))
    does = " ".join(said.split("\n\n")[0].split()).split(". ")[0].rstrip(".:")
    return Word(name, takes, ", ".join(where), re.sub("`|:func:|[*]{2}", "", does))


def _parameter(one: inspect.Parameter) -> str:
    return str(one.replace(annotation=one.empty))
