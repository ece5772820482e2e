"""Templates of what stands in a design: names are columns of the table that fills it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pressrun.language.design_names import FreeNames, literal, plain_name
from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.language.vocabulary import RESERVED
from pressrun.model.design import ROWS, Column
from pressrun.model.template import Use

_SAYS_MORE = re.compile(r"[|~\"'=<>\[%]")  # than a name: filters, texts, comparisons
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)


class UnreadableTemplate(ValueError):
    """What stands between braces is neither a name nor an expression."""


class Wording:
    """Of one design; ``columns`` are those that its templates read, with what it shows itself."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, str], Column] = {}
        self._names = FreeNames("_")
        self._inspector = Templates(filters=layout_filters((), frozenset()))

    def template(self, text: str) -> str:
        """A text with ``{{ … }}``: ``{{ title }}`` and ``{{ First name }}`` become columns of the one table,
        ``{{ product.name }}`` of a table of its own."""
        return _TAG.sub(lambda found: self._tag(" ".join(found[0].split())), text)

    def _tag(self, written: str) -> str:
        names = self._inspector.inspect(written, "")
        if names.faults or any(self._is_unknown(use) for use in names.uses):
            if _SAYS_MORE.search(written[2:-2]):
                why = names.faults[0].message if names.faults else "names in it have letters beyond ASCII"
                raise UnreadableTemplate(f"'{written}': {why}")
            return self.column(written[2:-2].strip())
        for use in names.uses:
            if use.name in RESERVED:
                continue
            if use.attribute is None:
                self._add(ROWS, use.name, shown(use.name))
            else:
                self._add(use.name, use.attribute, shown(use.attribute))
        bare = {use.name for use in names.uses if use.attribute is None and use.name not in RESERVED}
        return "".join(_in_sheet(part, bare) for part in _strings_apart(written))

    @staticmethod
    def _is_unknown(use: Use) -> bool:
        return not use.name.isascii() or (use.attribute is not None and not use.attribute.isascii())

    def column(self, name: str, sample: str | None = None) -> str:
        """A column by what people called it, as a template that says it."""
        plain = plain_name(name)
        self._add(ROWS, plain, shown(name) if sample is None else sample)
        return f"{{{{ {ROWS}.{plain} }}}}"

    def own_column(self, name: str, sample: str) -> tuple[str, str]:
        """A column that nothing else reads: its name, and the template."""
        plain = plain_name(name)
        while (ROWS, plain) in self.columns:
            plain = self._names.free(f"{plain_name(name)}_2")
        return plain, self.column(plain, sample)

    def plain(self, text: str) -> str:
        """A text that stays as it is."""
        return literal(text)

    def _add(self, rows: str, name: str, sample: str) -> None:
        self.columns.setdefault((rows, name), Column(rows, name, sample))


def shown(name: str) -> str:
    """What a table has for a name at first: the name as people read it."""
    words = re.sub(r"[_.\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _strings_apart(written: str) -> Iterator[str]:
    yield from re.split(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", written)


def _in_sheet(part: str, bare: set[str]) -> str:
    if not bare or part[:1] in "\"'":
        return part
    names = "|".join(re.escape(name) for name in sorted(bare, key=len, reverse=True))
    return re.sub(rf"(?<![\w.|])(?<!\| )({names})\b(?!\s*[(=](?!=))", rf"{ROWS}.\1", part)
