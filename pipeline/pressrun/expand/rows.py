"""Row sets multiplied and walked together, with values, locale and theme worked out for each combination."""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from pressrun.expand.compiled import Compiled
from pressrun.expand.record_order import in_order, names_of
from pressrun.expand.row_groups import shared_row
from pressrun.language import locale_formats
from pressrun.language.expression import Expression, compile_expression
from pressrun.language.lookup import EvaluationError, MissingEntry
from pressrun.language.vocabulary import SERIAL
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import GROUP
from pressrun.model.job import Row
from pressrun.model.made_when_asked import MadeWhenAsked, lazy_product
from pressrun.model.packed_cells import in_order_of, is_long
from pressrun.model.project import Rows
from pressrun.model.record import Record
from pressrun.readers.suggestion import did_you_mean

_Part = tuple[str, Record, str, tuple[str, str, int | None]]
_Group = tuple[tuple[str, ...], list[tuple[_Part, ...]]]


def combinations(parts: Compiled, only: Expression | None = None) -> Iterator[Row]:
    """Every row that ``where`` and `only` let through, in the order of ``expand`` and the files, the last set fastest.

    A row whose values cannot be worked out comes with its findings: an error where it cannot be made, a warning where
    a table has no entry for it.
    """
    asked = _of_rows(only)
    for row in in_order(parts, _Every(parts)):
        try:
            if asked is None or asked.test(names_of(parts, row)):
                yield row
        except EvaluationError as error:
            fault = Finding(Severity.ERROR, "bad-value", error.message, row.place, error.hint, row=row.id)
            yield replace(row, findings=(*row.findings, fault))


class _Every:
    """Every row that ``where`` lets through, by its number among all combinations; or those with certain numbers."""

    def __init__(self, parts: Compiled) -> None:
        project = parts.project
        axes = project.job.expand or tuple(project.job.rows)
        together = [(axis,) if isinstance(axis, str) else axis for axis in axes]
        sets = [[project.row_sets[name] for name in names] for names in together]
        self._working = _Working(parts)
        self._grouped = any(one.groups for some in sets for one in some)
        self._axes: list[Sequence[Any]] = [self._axis(some) for some in sets]

    def __call__(self, numbers: Iterable[int] | None = None) -> Iterator[tuple[int, Row]]:
        product = enumerate(lazy_product([axis.__iter__ for axis in self._axes]))
        every = product if numbers is None else map(self._chosen, numbers)
        for number, chosen in every:
            row = self._of_groups(chosen) if self._grouped else self._row(chosen)
            if row is not None:
                yield number, row

    def _axis(self, sets: list[Rows]) -> Sequence[Any]:
        made: Sequence[Any] = _Bundles(sets)
        if self._grouped:
            made = _Groups(sets) if any(one.groups for one in sets) else _Alone(sets)
        return made if is_long(len(sets[0])) else list(made)

    def _chosen(self, number: int) -> tuple[int, tuple[Any, ...]]:
        """The combination with a number: the last axis is the fastest."""
        rest, chosen = number, []
        for axis in reversed(self._axes):
            rest, at = divmod(rest, len(axis))
            chosen.append(axis[at])
        return number, tuple(reversed(chosen))

    def _row(self, bundles: Iterable[tuple[_Part, ...]]) -> Row | None:
        return self._working.row([part for bundle in bundles for part in bundle])

    def _of_groups(self, chosen: Sequence[_Group]) -> Row | None:
        """A row for the members of groups that ``where`` lets through."""
        every = (self._row(bundles) for bundles in itertools.product(*(bundles for _, bundles in chosen)))
        members = [row for row in every if row is not None]
        return shared_row(members, tuple(key for keys, _ in chosen for key in keys)) if members else None


_OF_SHEETS = frozenset(("layout", "take"))  # names that a row does not have yet


def only_expression(parts: Compiled, text: str, said_in: str = "--only") -> Expression:
    """Compile a condition that stands in a flag. Raises InputError for a fault, or a name that rows do not have."""
    expression, findings = compile_expression(text, Place(said_in, 1, 1))
    if expression is None:
        raise InputError(findings)
    project = parts.project
    known = {*parts.expanded, *project.job.values, *project.tables, *_OF_SHEETS, *([GROUP] if parts.is_grouped else ()),
             "theme", "locale", "date", "copy", SERIAL}  # fmt: skip
    faults = [
        Finding(Severity.ERROR, "unknown-name", f"there is no '{name}'", expression.place, did_you_mean(name, known))
        for name in sorted(expression.names - known)
    ]
    if "layout" in expression.names and not any(name == "layout" for name, _ in expression.columns):
        message = "a layout is no text: it has an id, and a name"
        written = "write layout.id == 'social/square', or layout.name == 'square'"
        faults.append(Finding(Severity.ERROR, "unknown-name", message, expression.place, written))
    for name, column in sorted(expression.columns):
        rows = project.row_sets.get(name)
        if rows is not None and column not in rows.columns and name != "theme":
            hint = did_you_mean(column, rows.columns, "columns")
            message = f"{rows.file} has no column '{column}'"
            faults.append(Finding(Severity.ERROR, "unknown-column", message, expression.place, hint))
    if faults:
        raise InputError(faults)
    return expression


class _Bundles(MadeWhenAsked[tuple[_Part, ...]]):
    """What one axis runs through: the records of one set, or of several side by side."""

    __slots__ = ("_sets",)

    def __init__(self, sets: list[Rows]) -> None:
        assert len({len(one) for one in sets}) == 1, "load has told of row sets of which one is longer"
        self._sets = sets

    def __len__(self) -> int:
        return len(self._sets[0])

    def _at(self, index: int) -> tuple[_Part, ...]:
        return tuple([_part(one.name, one.records[index], one.keys[index]) for one in self._sets])

    def __iter__(self) -> Iterator[tuple[_Part, ...]]:
        for some in zip(*(one.keyed() for one in self._sets), strict=True):
            yield tuple([_part(one.name, *keyed) for one, keyed in zip(self._sets, some, strict=True)])


def _part(name: str, record: Record, key: str) -> _Part:
    return name, record, key, (name, record._header.file, record._line)


class _Groups(MadeWhenAsked[_Group]):
    """What one axis runs through, together where rows share their sheets, with the keys that these have. A set that
    walks beside one with groups goes into them, under their key where its own are several."""

    __slots__ = ("_bundles", "_ends", "_members", "_sets")

    def __init__(self, sets: list[Rows]) -> None:
        self._sets, self._bundles = sets, _Bundles(sets)
        numbers: dict[tuple[str, ...], int] = {}
        marks = zip(*(one.groups for one in sets if one.groups), strict=True)
        of_rows = array("I", [numbers.setdefault(mark, len(numbers)) for mark in marks])
        self._members = in_order_of(of_rows)
        counts = Counter(of_rows)
        self._ends = array("I", itertools.accumulate((counts[number] for number in range(len(numbers))), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _at(self, index: int) -> _Group:
        members = self._members[self._ends[index] : self._ends[index + 1]]
        bundles = [self._bundles[row] for row in members]
        return tuple(self._keys(bundles, members[0])), bundles

    def _keys(self, bundles: list[tuple[_Part, ...]], first: int) -> Iterator[str]:
        """What a group's sheets have as the key of each set."""
        for at, one in enumerate(self._sets):
            keys = {bundle[at][2] for bundle in bundles}
            marks = (some.groups[first] for some in self._sets if some.groups)
            yield one.groups[first] if one.groups else keys.pop() if len(keys) == 1 else "+".join(marks)


class _Alone(MadeWhenAsked[_Group]):
    """What an axis without groups runs through beside one that has them."""

    __slots__ = ("_bundles",)

    def __init__(self, sets: list[Rows]) -> None:
        self._bundles = _Bundles(sets)

    def __len__(self) -> int:
        return len(self._bundles)

    def _at(self, index: int) -> _Group:
        bundle = self._bundles[index]
        return tuple(part[2] for part in bundle), [bundle]


def _of_rows(only: Expression | None) -> Expression | None:
    """A condition that rows can be asked; None of one that speaks of sheets."""
    return None if only is None or only.names & _OF_SHEETS else only


class _Working:
    """Works out one row after the other; remembers what repeats."""

    def __init__(self, parts: Compiled) -> None:
        self.parts = parts
        self.date = parts.project.job.date
        self.themes = frozenset(parts.project.brand.themes)
        self._missing: dict[tuple[str, Any], Finding] = {}

    def row(self, chosen: list[_Part]) -> Row | None:
        parts = self.parts
        keys = tuple(part[2] for part in chosen)
        row_id = "/".join(keys)
        values: dict[str, Any] = {part[0]: part[1] for part in chosen}
        names = dict(values)
        names.update(parts.tables, date=self.date)
        findings: list[Finding] = []
        for name, expression in parts.values:
            values[name] = names[name] = self._value(name, expression, names, chosen, row_id, findings)
        locale = self._text(parts.locale, names, chosen, row_id, findings, "locale")
        if locale_formats.is_locale(locale):
            locale = locale_formats.locale_code(locale)
        elif locale:
            findings.append(
                self._error("unknown-locale", f"'{locale}' is no locale", None, chosen, row_id, parts.locale)
            )
        theme = self._text(parts.theme, names, chosen, row_id, findings, "theme")
        if theme and theme not in self.themes:
            hint = did_you_mean(theme, self.themes, "themes")
            findings.append(
                self._error("unknown-theme", f"the brand has no theme '{theme}'", hint, chosen, row_id, parts.theme)
            )
        own = values.get("theme")
        values["theme"] = parts.theme_record(theme, own if isinstance(own, Record) else None)
        if parts.where is not None:
            names.update(theme=values["theme"], locale=locale)
            try:
                if not parts.where.test(names):
                    return None
            except EvaluationError as error:
                findings.append(self._error("bad-value", error.message, error.hint, chosen, row_id, parts.where))
        sources = tuple(part[3] for part in chosen)
        return Row(row_id, locale, theme, values, sources, keys, tuple(findings))

    def _value(
        self, name: str, expression: Expression, names: dict[str, Any], chosen: list[_Part], row_id: str,
        findings: list[Finding],
    ) -> Any:  # fmt: skip
        try:
            return expression.evaluate(names)
        except MissingEntry as missing:
            key = (name, (missing.table, missing.key))
            if key not in self._missing:
                table = self.parts.project.tables[missing.table]
                message = f"{table.file} has no entry for {', '.join(map(str, missing.key))}"
                hint = f"add it there, or '{name}' stays empty for this row"
                place = self._place(chosen, expression)
                self._missing[key] = Finding(Severity.WARNING, "missing-entry", message, place, hint)
            findings.append(self._missing[key])
        except EvaluationError as error:
            findings.append(self._error("bad-value", error.message, error.hint, chosen, row_id, expression))
        return None

    def _text(
        self, source: str | Expression, names: dict[str, Any], chosen: list[_Part], row_id: str,
        findings: list[Finding], what: str,
    ) -> str:  # fmt: skip
        if isinstance(source, str):
            return source
        try:
            value = source.evaluate(names)
        except EvaluationError as error:
            findings.append(self._error("bad-value", error.message, error.hint, chosen, row_id, source))
            return ""
        if isinstance(value, Record) and "id" in value:  # `theme: theme` where the row set is called so
            value = value["id"]
        if not isinstance(value, str) or not (value or what == "theme"):
            message = f"the {what} is {'empty' if value in ('', None) else 'not a text'}"
            code = "empty-theme" if what == "theme" else "empty-locale"
            findings.append(self._error(code, message, None, chosen, row_id, source))
            return ""
        return value

    def _error(
        self, code: str, message: str, hint: str | None, chosen: list[_Part], row_id: str, source: str | Expression
    ) -> Finding:
        return Finding(Severity.ERROR, code, message, self._place(chosen, source), hint, row=row_id)

    def _place(self, chosen: list[_Part], source: str | Expression) -> Place:
        """The line of the first row set that the expression reads, which is where the odd cell is."""
        names = source.names if isinstance(source, Expression) else frozenset()
        _, file, line = next((part[3] for part in chosen if part[0] in names), chosen[0][3])
        return Place(file, line)
