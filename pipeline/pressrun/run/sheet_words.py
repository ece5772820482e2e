"""The words of a run's sheets: rendered once, for the files that they name and for the sheets themselves."""

from __future__ import annotations

from pressrun.expand import layout_content
from pressrun.model.errors import InputError
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.run.sheet_fonts import ScriptsNoted

Fields = dict[str, dict[str, str]]


MOST_KEPT = 10_000  # sheets whose words are remembered: more are rendered again, which is cheaper than keeping them


class SheetWords:
    """The rendered fields of sheets by layer; ``scripts`` notes which script families they need."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._rendered: dict[tuple[str, str, int], Fields | InputError] = {}
        self.scripts = ScriptsNoted()

    def of(self, sheet: PlannedSheet) -> Fields:
        """A sheet's own. Raises InputError with every fault that its layout has for its row, each time."""
        known = sheet.of
        if known not in self._rendered:
            if len(self._rendered) >= MOST_KEPT:
                self._rendered.clear()
            try:
                fields = layout_content(self._project, sheet.row, sheet.layout, sheet.take, sheet.drawn_by)
                self._rendered[known] = fields
                self.scripts.take_in(fields, sheet.row.locale)
            except InputError as error:
                self._rendered[known] = error
        rendered = self._rendered[known]
        if isinstance(rendered, InputError):
            raise rendered
        return rendered
