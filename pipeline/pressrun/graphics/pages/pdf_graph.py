"""What is reached from an object of a PDF: dictionaries, arrays and streams, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Stream

UPWARDS = frozenset({"/Parent", "/P", "/StructParent", "/Prev"})  # which lead out of what was asked for
NAMED = frozenset(
    {"/CharProcs", "/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject"}
)
"""Where keys are names that somebody chose, who may have chosen one of those."""
SPACES = frozenset({"/Separation", "/DeviceN", "/Indexed", "/Pattern", "/ICCBased"})


def reached(root: Any, seen: set[tuple[int, int]] | None = None, but: frozenset[str] = frozenset()) -> Iterator[Any]:
    """All containers below an object, itself included, but what hangs under the keys ``but``, and what was ``seen``."""
    seen = set() if seen is None else seen
    below, nowhere = UPWARDS | but, frozenset[str]()
    waiting: list[tuple[Any, frozenset[str]]] = [(root, below)]
    while waiting:
        one, passed_by = waiting.pop()
        if not isinstance(one, (Array, Dictionary, Stream)):
            continue
        if one.objgen[0]:
            if one.objgen in seen:
                continue
            seen.add(one.objgen)
        yield one
        if isinstance(one, Array):
            waiting += [(value, below) for value in one]
        else:
            waiting += [
                (value, nowhere if key in NAMED else below) for key, value in one.items() if key not in passed_by
            ]


def color_spaces(root: Any) -> Iterator[Any]:
    """The colour spaces below an object that are written as arrays."""
    for one in reached(root):
        if isinstance(one, Array) and len(one) > 1 and str(one[0]) in SPACES:
            yield one


def contents(root: Any, but: frozenset[str] = frozenset()) -> Iterator[tuple[Stream, Any]]:
    """Every content stream below an object, with its resources: of pages that have one stream each, of forms,
    patterns, and drawn letters; not what hangs under the keys ``but``."""
    for one in reached(root, but=but):
        if isinstance(one, Array):
            continue
        if isinstance(one, Stream):
            if one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1:
                yield one, _own_resources(one)
        elif one.get("/Type") == "/Page":
            if isinstance(one.get("/Contents"), Stream):
                yield one.Contents, _own_resources(one)
        elif one.get("/Subtype") == "/Type3":
            letters, resources = one.get("/CharProcs"), _own_resources(one)
            drawn = letters.values() if isinstance(letters, Dictionary) else ()
            yield from ((letter, resources) for letter in drawn if isinstance(letter, Stream))


def _own_resources(one: Any) -> Any:
    if not isinstance(one.get("/Resources"), Dictionary):
        one.Resources = Dictionary()
    return one.Resources
