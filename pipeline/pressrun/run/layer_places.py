"""Where a layer is written, for what its row cannot mend."""

from __future__ import annotations

from dataclasses import replace

from pressrun.model.finding import Finding
from pressrun.model.layout import layer_name
from pressrun.model.project import Project

OF_THE_LAYOUT = "flow-"  # how the codes of findings begin that tell of a layer's place on its pages


def at_its_layer(finding: Finding, project: Project, drawn_by: str) -> Finding:
    """A finding at the line of the layer that it is of, where that is to blame."""
    if finding.place is not None or not finding.code.startswith(OF_THE_LAYOUT):
        return finding
    loaded = project.drawn_by(drawn_by)
    for index, options in enumerate(loaded.layout.layers):
        if layer_name(options, index) == finding.layer:
            return replace(finding, place=loaded.places.get(("layers", index)))
    return finding
