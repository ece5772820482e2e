"""The words of a run's sheets: rendered once, for the files that they name and for the sheets themselves."""

from __future__ import annotations

from pressrun.expand import layout_content
from pressrun.model.errors import InputError
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project

Fields = dict[str, dict[str, str]]


class SheetWords:
    """The rendered fields of sheets by layer."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._rendered: dict[tuple[str, str, int], Fields | InputError] = {}

    def of(self, sheet: PlannedSheet) -> Fields:
        """A sheet's own. Raises InputError with every fault that its layout has for its row, each time."""
        known = (sheet.row.id, sheet.layout, sheet.take)
        if known not in self._rendered:
            try:
                self._rendered[known] = layout_content(
                    self._project, sheet.row, sheet.layout, sheet.take, sheet.drawn_by
                )
            except InputError as error:
                self._rendered[known] = error
        rendered = self._rendered[known]
        if isinstance(rendered, InputError):
            raise rendered
        return rendered
