"""The one file that imports tinycss2: what style sheets and styles of a drawing declare."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import tinycss2
from msgspec import Struct

Style = dict[str, str]


class Rule(Struct, frozen=True):
    """What a style sheet declares for one selector; or a rule by its ``at`` keyword, which is not looked into."""

    selector: str
    style: Style
    at: str = ""


def declarations(css: str) -> Style:
    """``fill:red;font-size:12px`` by its names."""
    return dict(_declared(css))


@functools.lru_cache(maxsize=1000)  # of thousands of shapes most say the same
def _declared(css: str) -> tuple[tuple[str, str], ...]:
    found = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    said = (one for one in found if one.type == "declaration")
    return tuple([(one.lower_name, tinycss2.serialize(one.value).strip()) for one in said])


def rules(css: str) -> Iterator[Rule]:
    """A style sheet's, in their order, one a selector."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule":
            yield Rule("", {}, rule.lower_at_keyword)
        if rule.type == "qualified-rule":
            said = declarations(tinycss2.serialize(rule.content))
            for selector in tinycss2.serialize(rule.prelude).split(","):
                yield Rule(selector.strip(), said)
