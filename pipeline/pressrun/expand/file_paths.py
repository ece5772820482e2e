"""The paths of files by the template of a job. Of most templates only a name or two tell layouts apart: what a template
prints of its row is worked out once a row, and what it prints of its layout once a layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pressrun.language.file_names import checked_path
from pressrun.language.templates import Template, Templates
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Row
from pressrun.model.template import TemplateFault, ValueFault

_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)
_OF_SHEETS = frozenset(("layout", "take"))
_OF_LAYOUTS = _OF_SHEETS | {"brand", "date"}
_ROW, _LAYOUT, _SHEET = "row", "layout", "sheet"
Names = Callable[[], Mapping[str, Any]]
Said = tuple[str | None, ...]


class FilePaths:
    def __init__(self, templates: Templates, source: str) -> None:
        self._templates = templates
        self._whole: Template = templates.text(source)
        self._pieces = templates.pieces(source, _kind)
        self._kinds = {kind for kind, _ in self._pieces}
        self._row: tuple[Row | None, Said] = None, ()
        self._layouts: dict[tuple[str, int], Said] = {}

    def path(self, row: Row, layout: str, take: int, names: Names) -> str:
        """Raises TemplateFault and ValueFault."""
        if self._pieces:
            try:
                return self._joined(row, layout, take, names)
            except (TemplateFault, ValueFault):
                pass  # the whole tells it, with its line
        return self._whole.render(names())

    def _joined(self, row: Row, layout: str, take: int, names: Names) -> str:
        known, said = self._row
        if known is not row:
            said = self._said(_ROW, names)
            self._row = row, said
        every = [said]
        if _LAYOUT in self._kinds:
            if (of_layout := self._layouts.get((layout, take))) is None:
                of_layout = self._layouts[layout, take] = self._said(_LAYOUT, names)
            every.append(of_layout)
        if _SHEET in self._kinds:
            every.append(self._said(_SHEET, names))
        return "".join([text for some in zip(*every, strict=True) for text in some if text])

    def _said(self, kind: str, names: Names) -> Said:
        context = self._templates.context(names())
        return tuple([template.render_in(context) if one == kind else None for one, template in self._pieces])


def _kind(names: frozenset[str], does_more: bool) -> str:
    """Of what a value is. Filters may ask the row for its locale."""
    if not names & _OF_SHEETS:
        return _ROW
    return _LAYOUT if names <= _OF_LAYOUTS and not does_more else _SHEET


def unfit_name(fault: ValueFault, save_as: str, place: Place | None, row: Row, layout: str) -> Finding:
    """What is told of a name that files cannot have: at the ``place`` of its template if no data could mend it, else
    where the row names it."""
    told_of = _fault_of_template(save_as) or fault
    place = _source_of(row, fault.message) if told_of is fault else place
    return Finding(Severity.ERROR, told_of.code, told_of.message, place, told_of.hint, layout, row=row.id)


def _fault_of_template(save_as: str) -> ValueFault | None:
    try:
        checked_path(_TAG.sub("", _PRINTED.sub("…", save_as)))
    except ValueFault as fault:
        return fault
    return None


def _source_of(row: Row, said: str) -> Place | None:
    """The line of the row set whose key is named in what was `said`, else of the row's first."""
    for (_, file, line), key in zip(row.sources, row.key_values, strict=True):
        if key and f"'{key}" in said:
            return Place(file, line)
    return row.place
