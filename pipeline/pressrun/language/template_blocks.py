"""The blocks of a template as they are written, so that the words of one can be changed where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_CODE = re.compile(
    r"\{#.*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)  # fmt: skip
_BLOCK = re.compile(r"\{%[-+]?\s*(?:block\s+(\w+)\b.*|endblock\b.*)%\}", re.DOTALL)
_EXTENDS = re.compile(r"\{%[-+]?\s*extends\s+[\"']([^\"']+)[\"']\s*[-+]?%\}")
_BEGINS = re.compile(r"\{[{%#]|\{\s*\Z")  # the last with what follows the words
_CLOSES = re.compile(r"\{[{%#]?|[%#}]?\}")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in a block: from ``begin`` to ``end`` in its source; ``title`` is what is before it on its line."""

    begin: int
    end: int
    title: str


def blocks_of(source: str) -> Mapping[str, Block]:
    """The blocks of a template by name, in the order in which they begin."""
    open_ones: list[tuple[str, int, int]] = []
    found: dict[str, Block] = {}
    for code in _CODE.finditer(source):
        tag = _BLOCK.fullmatch(code[0])
        if tag and tag[1]:
            open_ones.append((tag[1], code.start(), code.end()))
        elif tag and open_ones:
            name, at, begin = open_ones.pop()
            before = source[:at].rpartition("\n")[2].strip()
            found[name] = Block(begin, code.start(), before.removesuffix(":"))
    return dict(sorted(found.items(), key=lambda one: one[1].begin))


def extended_by(source: str) -> str:
    """The template that this one extends; empty where it extends none."""
    found = _EXTENDS.search(source)
    return found[1] if found else ""


def with_block(source: str, name: str, text: str) -> str:
    """The template with this in a block, which is added to it where it has it from another."""
    block = blocks_of(source).get(name)
    if block is None:
        return f"{source.rstrip()}\n{{% block {name} %}}{text}{{% endblock %}}\n"
    return source[: block.begin] + text + source[block.end :]


def code_added(before: str, after: str) -> list[str]:
    """Expressions and tags that a text has and another had not; words that only look like the beginning of one, too."""
    added = Counter(_CODE.findall(after)) - Counter(_CODE.findall(before))
    return [*added, *_BEGINS.findall(_CODE.sub("", after))]


def literal(text: str) -> str:
    """A text as a template that says just that."""
    return _CLOSES.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)
