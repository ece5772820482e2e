"""Every name that an expression or a template reads, checked against what is there, and kept: what no one reads is a
column that can be left out of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from pressrun.language.expression import Expression, compile_expression
from pressrun.language.markup import MarkupFault, check_template
from pressrun.language.vocabulary import Thing, Vocabulary
from pressrun.load.campaign_reader import Reader, lines_at
from pressrun.load.literals_compared import CellsSaid, in_line
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.template import TemplateFault, TemplateNames


class Uses:
    """Checks and remembers: ``read`` has, for each name, the attributes read of it; None stands for all of them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.read: dict[str, set[str | None]] = {}
        self._cells = CellsSaid()

    def keep(self, name: str, attribute: str | None) -> None:
        self.read.setdefault(name, set()).add(attribute)

    def expression(self, text: str, place: Place, vocabulary: Vocabulary) -> Expression | None:
        """Compile a bare expression whose text begins at `place`, and check its names; None if it has faults."""
        expression, findings = compile_expression(text, place)
        self.reader.add(findings)
        if expression is None:
            return None
        pairs = self._pairs(expression)
        hints = vocabulary.meant_by_minus(pairs)
        faults = [
            _hinted(vocabulary.fault(*pair, _in_line(place, text, *pair)), hints.get(pair)) for pair in pairs
        ]
        for name in expression.tables:
            thing = vocabulary.things.get(name)
            if thing is not None and thing.kind not in _LOOKED_UP:
                faults.append(_not_a_table(name, thing, _in_line(place, text, name, None)))
        found = [fault for fault in faults if fault is not None]
        self.reader.add(found)
        for one, finding in self._cells.unmatched(expression.compared, vocabulary):
            self.reader.add([replace(finding, place=in_line(place, one))])
        return None if found else expression

    def _pairs(self, expression: Expression) -> list[tuple[str, str | None]]:
        pairs: list[tuple[str, str | None]] = [*sorted(expression.columns)]
        having = {name for name, _ in expression.columns} | expression.tables
        pairs += [(name, None) for name in sorted(expression.names - having)]
        pairs += [(name, None) for name in sorted(expression.tables - {name for name, _ in expression.columns})]
        for name, attribute in pairs:
            self.keep(name, attribute)
        return pairs

    def template(
        self, inspection: TemplateNames, place: Place, vocabulary: Vocabulary,
        lent: frozenset[tuple[str, str]] = frozenset(),
    ) -> bool:  # fmt: skip
        """Check what an inspected template reads; `place` is where its text begins, ``lent`` what the templates that it
        extends give to its sections. Whether all is well."""
        before = len(self.reader.findings)
        for fault in inspection.faults:
            self.fault(fault, place)
        hints = vocabulary.meant_by_minus((use.name, use.attribute) for use in inspection.uses)
        for use in inspection.uses:
            if use.name not in vocabulary.things and inspection.gives(use, lent):
                continue
            spot = lines_at(place, use.line, use.column)
            self.keep(use.name, use.attribute)
            finding = _hinted(vocabulary.fault(use.name, use.attribute, spot), hints.get((use.name, use.attribute)))
            if finding is not None and not (use.guarded and use.attribute is not None):
                self.reader.add([finding])
        is_sound = len(self.reader.findings) == before
        for one, unmatched in self._cells.unmatched(inspection.compared, vocabulary):
            self.reader.add([replace(unmatched, place=lines_at(place, one.line, one.column))])
        return is_sound

    def markup(self, text: str, place: Place) -> bool:
        """Check the markup of a text that begins at `place`, as far as its template tells. Whether all is well."""
        try:
            check_template(text)
        except MarkupFault as fault:
            line = text.count("\n", 0, fault.at) + 1
            column = fault.at - text.rfind("\n", 0, fault.at)
            spot = lines_at(place, line, column)
            self.reader.error(fault.code, fault.message, spot, fault.hint)
            return False
        return True

    def fault(self, fault: TemplateFault, place: Place) -> None:
        self.reader.error(fault.code, fault.message, lines_at(place, fault.line, fault.column), fault.hint)

    def unused(self, name: str, columns: Iterable[str], needed: Iterable[str]) -> list[str]:
        """The columns of a table that nobody reads."""
        read = self.read.get(name, set())
        if None in read and name != "theme":
            return []
        return [column for column in columns if column not in read and column not in set(needed)]


def _in_line(place: Place, text: str, name: str, attribute: str | None) -> Place:
    """Where in the expression a name stands."""
    if place.column is None:
        return place
    pattern = rf"\b{re.escape(name)}\b"
    if attribute is not None:
        pattern = rf"{pattern}(?:\[[^\]]*\])?\s*\.\s*{re.escape(attribute)}\b"
    match = re.search(pattern, text)
    return Place(place.file, place.line, place.column + match.start()) if match else place


_LOOKED_UP = frozenset({"table", "value", "item", "text"})  # and what may be a text or a list, which have parts


def _not_a_table(name: str, thing: Thing, place: Place) -> Finding:
    hint = f"write {name}.column" if thing.kind == "rows" else "only entries of `tables` can"
    return Finding(Severity.ERROR, "not-a-table", f"'{name}' cannot be looked up with [ ]", place, hint)


def absent_sets(vocabulary: Vocabulary, names: Iterable[str]) -> Vocabulary:
    """The same vocabulary, which explains that these row sets are not expanded."""
    why: Mapping[str, str] = dict.fromkeys(names, "this row set is not in `expand`")
    return replace(vocabulary, absent={**vocabulary.absent, **why})


def _hinted(finding: Finding | None, hint: str | None) -> Finding | None:
    return replace(finding, hint=hint) if finding and hint else finding
