"""Where a layer is written, for what its row cannot mend, and which row of a group it is there for."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.expand import row_of_layer
from pressrun.model.finding import Finding, Place
from pressrun.model.item_list import REPEATED, repeated_layer
from pressrun.model.layout import layer_name
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project

OF_THE_LAYOUT = "flow-"  # how the codes of findings begin that tell of a layer's place on its pages
SAID_BY = {
    "bad-focus": "focus",
    "code-bars-too-narrow": "bar_width_reduction",
    "no-such-element": "without",
    "no-such-page": "page",
    "no-such-spot": "steps",
    "no-technical-ink": "steps",
    "unknown-picture-kind": "file",
}  # the field of a layer that says what a finding tells of


def at_its_layer(finding: Finding, project: Project, sheet: PlannedSheet) -> Finding:
    """A finding at the line of the layer that it is of, or of its field, where that is to blame; else at that of the
    row of a group that the layer is there for, if it is one of many."""
    field = SAID_BY.get(finding.code)
    if finding.place is not None:
        return finding
    if not (field or finding.code.startswith(OF_THE_LAYOUT)):
        place = place_of_item(project, sheet, finding.layer or "")
        return replace(finding, place=place) if place else finding
    loaded = project.drawn_by(sheet.drawn_by)
    for index, options in enumerate(loaded.layout.layers):
        if layer_name(options, index) != repeated_layer(finding.layer or ""):
            continue
        said = getattr(options, field, None) if field else None
        if field and (said is None or (isinstance(said, str) and "{" in said)):  # its row says it
            continue
        at = loaded.places.get(("layers", index, field)) if field else None
        return replace(finding, place=at or loaded.places.get(("layers", index)))
    return finding


def place_of_item(project: Project, sheet: PlannedSheet, layer: str) -> Place | None:
    """The line of the row of a group that a repeated layer is there for; None of any other layer."""
    if REPEATED not in layer or not sheet.row.members:
        return None
    row = row_of_layer(project, sheet.row, sheet.layout, sheet.take, sheet.drawn_by, layer.partition("/")[0])
    return row.place if row is not sheet.row else None
