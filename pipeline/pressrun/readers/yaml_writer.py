"""The one file that imports ruamel.yaml: YAML that people wrote, changed in place, with its comments and its order."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WIDTH = 110  # characters, from which on a text is folded


def changed(text: str, change: Callable[[Any], Any]) -> str:
    """A YAML text as it is after ``change`` had its hands on the data; what that returns stands for an empty text. The
    text must be sound."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = yaml.load(text)
    out = io.StringIO()
    if data is None:  # comments that stand alone are not kept with it
        out.write(text)
    yaml.dump(change({} if data is None else data), out)
    return out.getvalue()


def in_line(value: Any) -> Any:
    """A value with its lists and mappings on the line of their key."""
    if not isinstance(value, (list, dict)):
        return value
    written: CommentedSeq | CommentedMap
    if isinstance(value, list):
        written = CommentedSeq(map(in_line, value))
    else:
        written = CommentedMap({key: in_line(part) for key, part in value.items()})
    written.fa.set_flow_style()
    return written
