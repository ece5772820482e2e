"""A sheet that cannot be made, since a picture of it is missing or cannot be placed or a template of it fails, as far
as it can be judged without that: what else is wrong is told with that, and not when that is mended."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator

from msgspec.structs import replace

from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError, WordsFailed
from pressrun.model.finding import Finding
from pressrun.model.item_list import whole_layer
from pressrun.model.layout import LayerOptions, Layout, layer_name
from pressrun.model.named_files import files_named
from pressrun.model.plan import Plan, PlannedSheet, SlotUse
from pressrun.model.project import Project
from pressrun.plan.needed_pictures import needed_masters
from pressrun.run.files.placed_files import PlacedFiles

_STANDING_IN = PlacedPicture("0" * 64, "image/png", (2**15, 2**15))  # of which no box asks for more than it has


class LackingSheets:
    """The sheets of a plan with what stands for the pictures that they lack."""

    def __init__(self, project: Project, files: PlacedFiles, plan: Plan) -> None:
        self._project, self._files = project, files
        self._masters = functools.cache(self._masters_of)
        self._all_may_lack = any(one.is_error for one in plan.findings)  # what layouts name themselves

    def can_be_judged(self, sheet: PlannedSheet) -> bool:
        """Whether its row is sound, and its words can be filled in."""
        if not sheet.fault:
            return True
        if sheet.row.fault:
            return False
        try:
            self.words(sheet)
        except InputError:
            return False
        return True

    def words(self, sheet: PlannedSheet) -> dict[str, dict[str, str]]:
        """The fields of its layers, without those of which a template fails. Raises InputError."""
        return self._words(sheet)[0]

    def _words(self, sheet: PlannedSheet) -> tuple[dict[str, dict[str, str]], frozenset[str]]:
        """Besides, the layers of which one fails."""
        try:
            return self._files.words.of(sheet), frozenset()
        except WordsFailed as error:
            return error.said, error.failed

    def with_slots(self, sheet: PlannedSheet) -> PlannedSheet:
        """It with the pictures that its layout asks for, of which a sheet with a fault wants none."""
        return replace(sheet, slots=self._masters(sheet.drawn_by)) if sheet.fault else sheet

    def place(self, sheet: PlannedSheet) -> Callable[[str], PlacedPicture]:
        """How the files that it names are placed."""
        place, lacked = self._files.on(sheet), {written for _, written in self._lacked(sheet)}
        return (lambda written: _STANDING_IN if written in lacked else place(written)) if lacked else place

    def judged(self, sheet: PlannedSheet, findings: list[Finding]) -> list[Finding]:
        """Of what was found those that do not depend on the pictures that it lacks."""
        unknown = self._unknown(sheet) if sheet.fault or self._all_may_lack else frozenset()
        return [one for one in findings if whole_layer(one.layer or "") not in unknown]

    def _masters_of(self, drawn_by: str) -> tuple[SlotUse, ...]:
        slots, layouts = self._project.job.pictures, {drawn_by: self._project.drawn_by(drawn_by).layout}
        return tuple(
            SlotUse(slot, name, f"{slot}/{name}", (master := slots[slot].masters[name]).size, master.written_stage)
            for slot, masters in needed_masters(self._project.job, layouts)[drawn_by].items()
            for name in masters
        )

    def _lacked(self, sheet: PlannedSheet) -> list[tuple[str, str]]:
        """The layers that cannot show a file that they name, and that file."""
        if not sheet.fault and not self._all_may_lack:
            return []
        content = self.words(sheet).items()
        named = ((layer, written) for layer, fields in content for written in files_named([fields]))
        return [(layer, written) for layer, written in named if self._files.fault_of(sheet, layer, written)]

    def _unknown(self, sheet: PlannedSheet) -> frozenset[str]:
        """The layers that show what is not there, and those that stand where its shape has them."""
        layout = self._project.drawn_by(sheet.drawn_by).layout
        lacking = {whole_layer(layer) for layer, _ in self._lacked(sheet)}
        if sheet.fault:
            lacking |= set(self._of_library(layout)) | self._words(sheet)[1]
            lacking |= set(_standing(layout, lacking))
        moved = {at for name, at in _placing(layout).items() if name in lacking}
        return frozenset(lacking.union(*(_inside(layout, at) for at in moved)))

    def _of_library(self, layout: Layout) -> Iterator[str]:
        """The layers that show a slot whose pictures exist, in whichever size."""
        for index, options in enumerate(layout.layers):
            slots = [used.name for used in options.references() if used.kind == "picture"]
            if any(not self._project.job.provider_of(slot).READS_PROMPT for slot in slots):
                yield layer_name(options, index)


def _standing(layout: Layout, lacking: Collection[str]) -> Iterator[str]:
    """The layers that stand on one that is lacking."""
    for index, options in enumerate(layout.layers):
        if any(used.kind == "layer" and used.name in lacking for used in options.references()):
            yield layer_name(options, index)


def _placing(layout: Layout) -> dict[str, str]:
    """For each layer whose shape counts in the stack or grid that it is in, the outermost of these."""
    layers = {layer_name(options, index): options for index, options in enumerate(layout.layers)}
    found: dict[str, str] = {}
    for name, options in layers.items():
        if not isinstance(options, LayerOptions):  # a page, which nothing places
            continue
        if options.box.width is not None and options.box.height is not None:
            continue
        around = options.inside
        while around is not None:
            if layers[around].PLACES:
                found[name] = around
            around = layers[around].inside
    return found


def _inside(layout: Layout, group: str) -> set[str]:
    """A group and all that is in it."""
    found = {group}
    for index, options in enumerate(layout.layers):  # what a layer is in comes before it
        if options.inside in found:
            found.add(layer_name(options, index))
    return found
