"""Texts of a series that are set much smaller than their siblings, though they share no size by a group."""

from __future__ import annotations

import statistics
from array import array
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import type_told
from pressrun.model.item_list import repeated_layer
from pressrun.model.layout import layer_name
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.sheet import Sheet, TextMark, ungrouped
from pressrun.run.check_levels import at_levels, check_levels

SERIES = 3  # texts of which a half can be told from one
LEAST = 0.5  # of the size that half of them have


class _Series(Struct):
    """The sizes of a layer's texts (points), and the smallest of them with what it says and its row."""

    sizes: array[float] = field(default_factory=lambda: array("f"))
    smallest: tuple[float, str, str, Place | None] | None = None


class SmallTexts:
    """Takes in sheets as they are fitted. Of their texts only the sizes are kept."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._series: dict[tuple[str, str], _Series] = {}
        self._sharing = {
            name: {layer_name(layer, at) for at, layer in enumerate(loaded.layout.layers) if layer.size_group}
            for name, loaded in project.drawn.items()
        }

    def add(self, planned: PlannedSheet, sheet: Sheet) -> None:
        """The texts of a sheet that have a size by themselves."""
        for mark in ungrouped(sheet.marks):
            if not isinstance(mark, TextMark) or mark.fit is None:
                continue
            layer = repeated_layer(mark.layer)
            if layer in self._sharing[planned.drawn_by]:
                continue
            series = self._series.setdefault((planned.layout, layer), _Series())
            series.sizes.append(mark.fit.size)
            if series.smallest is None or mark.fit.size < series.smallest[0]:
                series.smallest = mark.fit.size, mark.text, planned.row.id, planned.row.place

    def findings(self) -> Iterator[Finding]:
        """What is told of each series of which one text is set below a share of what half of them have."""
        for (layout, layer), series in self._series.items():
            if series.smallest is None or len(series.sizes) < SERIES:
                continue
            half = statistics.median(series.sizes)
            size, text, row, place = series.smallest
            if size < LEAST * half:
                yield from self._told(layout, layer, (size, half), text, row, place)

    def _told(
        self, layout: str, layer: str, sizes: tuple[float, float], text: str, row: str, place: Place | None
    ) -> Iterable[Finding]:
        target = self._project.drawn_by(layout).layout.target
        size, half = (type_told(points, target) for points in sizes)
        message = f"{text!r} is set at {size}: half of the texts of '{layer}' are at {half} or more"
        hint = "shorten this text, or give it more room or lines; with a `fit_group` all would share one size"
        found = Finding(
            Severity.NOTE, "text-set-small", message, place, hint, layout=layout, layer=layer, row=row, check="text-fit"
        )
        return at_levels([found], check_levels(self._project, layout))
