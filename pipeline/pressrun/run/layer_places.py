"""Where a layer is written, for what its row cannot mend."""

from __future__ import annotations

from dataclasses import replace

from pressrun.model.finding import Finding
from pressrun.model.item_list import repeated_layer
from pressrun.model.layout import layer_name
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


def at_its_layer(finding: Finding, project: Project, drawn_by: str) -> Finding:
    """A finding at the line of the layer that it is of, or of its field, where that is to blame."""
    field = SAID_BY.get(finding.code)
    if finding.place is not None or not (field or finding.code.startswith(OF_THE_LAYOUT)):
        return finding
    loaded = project.drawn_by(drawn_by)
    for index, options in enumerate(loaded.layout.layers):
        if layer_name(options, index) != repeated_layer(finding.layer or ""):
            continue
        said = getattr(options, field, None) if field else None
        if field and (said is None or (isinstance(said, str) and "{" in said)):  # its row says it
            continue
        at = loaded.places.get(("layers", index, field)) if field else None
        return replace(finding, place=at or loaded.places.get(("layers", index)))
    return finding
