"""The one file that imports ruamel.yaml: YAML that people wrote, changed in place, with its comments and its order."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WIDTH = 110  # characters, from which on a text is folded
AS_WRITTEN = 100_000  # a width at which none is


def changed(text: str, change: Callable[[Any], Any], width: int = WIDTH) -> str:
    """A YAML text as it is after ``change`` had its hands on the data; what that returns stands for an empty text. The
    text must be sound. Texts of more characters than ``width`` are folded."""
    yaml = _writer(width)
    data = yaml.load(text)
    out = io.StringIO()
    if data is None:  # comments that stand alone are not kept with it
        out.write(text)
    yaml.dump(change({} if data is None else data), out)
    return out.getvalue()


def added(text: str, key: str, entries: Mapping[str, Any]) -> str:
    """A YAML text with entries more at the end of a mapping at its top, each on a line; nothing else is touched. The
    text must be sound, and have the mapping."""
    data = _writer(AS_WRITTEN).load(text)[key]
    new = {name: in_line(value) for name, value in entries.items() if name not in data}
    if not new:
        return text
    if data.fa.flow_style() or not data:
        return changed(text, lambda whole: whole[key].update(new) or whole, AS_WRITTEN)
    line, column = data.lc.key(list(data)[-1])
    lines = text.splitlines(keepends=True)
    end = line + 1
    while end < len(lines) and lines[end].strip() and not lines[end][: column + 1].strip():
        end += 1  # a value of several lines
    out = io.StringIO()
    _writer(AS_WRITTEN).dump(new, out)
    shown = "".join(f"{' ' * column}{one}" for one in out.getvalue().splitlines(keepends=True))
    before = "".join(lines[:end])
    return f"{before}{'' if before.endswith(chr(10)) else chr(10)}{shown}{''.join(lines[end:])}"


def _writer(width: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = width
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


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
