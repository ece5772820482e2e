"""The words of a run's sheets: rendered once, for the files that they name and for the sheets themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from pressrun.expand import layout_content, row_texts
from pressrun.model.errors import InputError
from pressrun.model.finding import ROWS_NAMED, Finding, by_cause
from pressrun.model.item_list import REPEATED
from pressrun.model.job import Row
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.run.sheet_fonts import ScriptsNoted

Fields = dict[str, dict[str, str]]


MOST_KEPT = 10_000  # sheets whose words are remembered: more are rendered again, which is cheaper than keeping them


class TextsOfRows:
    """The texts of a row in all of the ``layouts`` that say the same on each of its sheets, which place these files."""

    def __init__(self, project: Project, scripts: ScriptsNoted) -> None:
        self._row_texts, self._scripts = row_texts(project), scripts
        self.layouts = self._row_texts.layouts

    def are_sound(self, row: Row) -> bool:
        """Whether a look at its sheets would find nothing; then its scripts are noted."""
        texts = self._row_texts.texts(row) if self.layouts else None
        if texts is None:
            return False
        self._scripts.take_in_texts(texts, row.locale)
        return True


class _EmptyColumn:
    """The first rows of those whose cell is empty, and how many more there are."""

    def __init__(self) -> None:
        self._first: list[Finding] = []
        self._last_row: str | None = None
        self._more = 0

    def take_in(self, one: Finding) -> None:
        if one.row == self._last_row:
            return
        self._last_row = one.row
        if len(self._first) <= ROWS_NAMED:
            self._first.append(one)
        else:
            self._more += 1

    def told(self) -> list[Finding]:
        *first, last = self._first
        return [*first, replace(last, further_rows=self._more)]


class SheetWords:
    """The rendered fields of sheets by layer; ``scripts`` notes which script families they need."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._rendered: dict[tuple[str, str, int], Fields | InputError] = {}
        self._empty: dict[tuple[str, ...], _EmptyColumn] = {}
        self.scripts = ScriptsNoted()

    def texts_of_rows(self) -> TextsOfRows:
        """What is looked at of rows whose sheets nobody asks for."""
        return TextsOfRows(self._project, self.scripts)

    def empty_cells(self) -> list[Finding]:
        """Cells that are printed among other words though they are empty, of the sheets so far: one for each column
        that a layer prints, which counts its rows."""
        return by_cause(chain.from_iterable(one.told() for one in self._empty.values()))

    def _of_column(self, one: Finding) -> _EmptyColumn:
        layer, file = (one.layer or "").partition(REPEATED)[0], one.place.file if one.place else ""
        return self._empty.setdefault((one.layout or "", layer, file, one.subject), _EmptyColumn())

    def of(self, sheet: PlannedSheet) -> Fields:
        """A sheet's own. Raises InputError with every fault that its layout has for its row, each time."""
        known = sheet.of
        if known not in self._rendered:
            if len(self._rendered) >= MOST_KEPT:
                self._rendered.clear()
            noted: list[Finding] = []
            try:
                fields = layout_content(self._project, sheet.row, sheet.layout, sheet.take, sheet.drawn_by, noted)
                for one in noted:
                    self._of_column(one).take_in(one)
                self._rendered[known] = fields
                self.scripts.take_in(fields, sheet.row.locale)
            except InputError as error:
                self._rendered[known] = error
        rendered = self._rendered[known]
        if isinstance(rendered, InputError):
            raise rendered
        return rendered
