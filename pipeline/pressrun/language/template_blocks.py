"""The blocks of a template as they are written, so that the words of one can be changed where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

_CODE = re.compile(
    r"\{#.*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)  # fmt: skip
_BLOCK = re.compile(r"\{%[-+]?\s*(?:block\s+(\w+)\b.*|endblock\b.*)%\}", re.DOTALL)
_EXTENDS = re.compile(r"\{%[-+]?\s*extends\s+[\"']([^\"']+)[\"']\s*[-+]?%\}")
_BEGINS = re.compile(r"\{[{%#]|\{\s*\Z")  # the last with what follows the words
_TEST = r"\(\w+\.\w+ ~ ''\) == \"(?:[^\"\\]|\\.)*\""  # as `Alternatives` has it
_ALONE = re.compile(rf"\{{% if ({_TEST}(?: and {_TEST})*) %\}}")
_OPENS, _ENDS = re.compile(r"\{%[-+]?\s*(?:if|for)\b"), re.compile(r"\{%[-+]?\s*end(?:if|for)\b")
_ELSE = re.compile(r"\{%[-+]?\s*else\b")
_CLOSES = re.compile(r"\{[{%#]?|[%#}]?\}")


class Block(Struct, frozen=True):
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


class Alternatives(Struct, frozen=True):
    """What a block says: for all (``others``), and what it says instead under conditions that are each about the keys
    of rows alone, ``(product.sku ~ '') == "X-1"``: those of single pictures."""

    own: Mapping[str, str]
    others: str

    @classmethod
    def of(cls, source: str) -> Alternatives:
        own: dict[str, str] = {}
        while parts := _alternative(source):
            own.setdefault(parts[0], parts[1])
            source = parts[2]
        return cls(own, source)

    def written(self) -> str:
        source = self.others
        for condition, text in reversed(list(self.own.items())):
            source = f"{{% if {condition} %}}{text}{{% else %}}{source}{{% endif %}}"
        return source


def _alternative(source: str) -> tuple[str, str, str] | None:
    """The first condition of a text, what it says under it, and otherwise; None where it is not parted so."""
    begins = _ALONE.match(source)
    if begins is None:
        return None
    depth, other = 0, None
    for code in _CODE.finditer(source, begins.end()):
        if _ELSE.match(code[0]) and not depth:
            other = code
        elif _ENDS.match(code[0]):
            depth -= 1
            if depth < 0 and (other is None or code.end() < len(source)):
                return None
            if depth < 0 and other:
                return begins[1], source[begins.end() : other.start()], source[other.end() : code.start()]
        else:
            depth += bool(_OPENS.match(code[0]))
    return None


def code_added(before: str, after: str) -> list[str]:
    """Expressions and tags that a text has and another had not; words that only look like the beginning of one, too."""
    added = Counter(_CODE.findall(after)) - Counter(_CODE.findall(before))
    return [*added, *_BEGINS.findall(_CODE.sub("", after))]


def literal(text: str) -> str:
    """A text as a template that says just that."""
    return _CLOSES.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)
