"""The words of a run's sheets: rendered once, for the files that they name and for the sheets themselves."""

from __future__ import annotations

from pressrun.expand import layout_content, row_texts
from pressrun.language.vocabulary import SERIAL
from pressrun.model.errors import InputError, WordsFailed
from pressrun.model.finding import Finding
from pressrun.model.job import Row
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.run.words.noted_words import NotedWords, UnchangedWords
from pressrun.run.words.sheet_fonts import ScriptsNoted

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


class SheetWords:
    """The rendered fields of sheets by layer; ``scripts`` notes which script families they need. ``beside`` are the
    rows of the run that nobody looks at."""

    def __init__(self, project: Project, beside: UnchangedWords | None = None) -> None:
        self._project, self._beside = project, beside
        self._rendered: dict[tuple[str, str, int], Fields | InputError] = {}
        self._noted = NotedWords()
        self.scripts = ScriptsNoted()

    def texts_of_rows(self) -> TextsOfRows:
        """What is looked at of rows whose sheets nobody asks for."""
        return TextsOfRows(self._project, self.scripts)

    @property
    def noted(self) -> NotedWords:
        """What is odd about the words of the sheets so far, and of the rows beside. Raises OtherNotes."""
        return self._noted if self._beside is None else self._noted.along_with(self._beside)

    def told(self) -> list[Finding]:
        """That as findings: one for each column that a layer prints, which counts its rows."""
        return self.noted.told()

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
                    self._noted.add(one, sheet.row.values[SERIAL])
                self._rendered[known] = fields
                self.scripts.take_in(fields, sheet.row.locale)
            except InputError as error:
                self._rendered[known] = error
                if isinstance(error, WordsFailed):
                    self.scripts.take_in(error.said, sheet.row.locale)
        rendered = self._rendered[known]
        if isinstance(rendered, InputError):
            raise rendered
        return rendered
