"""Retouching steps as a job and its brand write them: recipes by name, palette colours, files, what a step lacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from pressrun.graphics.learned import detection
from pressrun.load.brand import LoadedBrand
from pressrun.load.campaign_reader import Reader
from pressrun.load.conformance import check_conformance
from pressrun.model.finding import Place
from pressrun.model.job import Job
from pressrun.model.project import Campaign, OutsideCampaign
from pressrun.model.step import StepOptions
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import KeyPath, YamlSource

RECIPE = "recipe"
Steps = tuple[StepOptions, ...]
Placed = tuple[StepOptions, Place]
Find = Callable[[str], Path | None]


def with_steps(
    reader: Reader, campaign: Campaign, job: Job, source: YamlSource, loaded: LoadedBrand | None
) -> tuple[Job, Mapping[str, Path], Mapping[str, tuple[Place, ...]]]:
    """The job with the steps of recipes in place of their names, the files that steps name, and where the steps of
    each slot are written. What is wrong with any of them, used or not, is told at its place."""
    lists = StepLists(reader, loaded.brand.palette if loaded else None, campaign.find)
    if loaded is not None:
        lists.add_recipes(loaded.brand.recipes, loaded.source)
    lists.add_recipes(job.recipes, source)
    check_conformance(reader, job, source, loaded)
    slots, places = {}, {}
    for name, slot in job.pictures.items():
        placed = lists.resolved(slot.steps, source, ("pictures", name, "steps"))
        places[name] = tuple(place for _, place in placed)
        detect = slot.detect if slot.detect is not None else loaded.brand.detect if loaded else ()
        if lack := detection.lack_of(detect):
            place = source.place(("pictures", name) if slot.detect is None else ("pictures", name, "detect"))
            reader.error("detector-lacks", f"detect: {lack[0]}", place, lack[1])
        slots[name] = slot.model_copy(update={"steps": tuple(step for step, _ in placed), "detect": detect})
    return job.model_copy(update={"pictures": slots}), lists.files, places


class StepLists(Struct):
    """Lists of steps, read one after the other; a recipe may name others. ``palette`` is None where a brand cannot
    be read to tell what it has."""

    reader: Reader
    palette: Collection[str] | None
    find: Find
    files: dict[str, Path] = field(default_factory=dict)
    _recipes: dict[str, tuple[Steps, YamlSource]] = field(default_factory=dict)
    _unread: set[str] = field(default_factory=set)
    _told: set[tuple[str, str, KeyPath]] = field(default_factory=set)

    def add_recipes(self, recipes: Mapping[str, Steps], source: YamlSource) -> None:
        """Recipes by name; those that come later stand in place of those before. One that is written and not among
        them has faults, which are told already."""
        written = source.data.get("recipes") if isinstance(source.data, Mapping) else None
        self._unread |= (written.keys() if isinstance(written, Mapping) else set()) - recipes.keys()
        for name, steps in recipes.items():
            self._recipes[name] = steps, source
        for name, steps in recipes.items():
            self.resolved(steps, source, ("recipes", name), (name,))

    def resolved(
        self, steps: Sequence[StepOptions], source: YamlSource, path: KeyPath, within: tuple[str, ...] = ()
    ) -> tuple[Placed, ...]:  # fmt: skip
        """Steps with those of recipes in place of their names, each with the place where it is written."""
        every: list[Placed] = []
        for index, step in enumerate(steps):
            if step.type == RECIPE:
                every += self._recipe(step, source, (*path, index), within)
            else:
                self._look_at(step, source, (*path, index))
                every.append((step, source.place((*path, index))))
        return tuple(every)

    def _recipe(
        self, step: StepOptions, source: YamlSource, path: KeyPath, within: tuple[str, ...]
    ) -> tuple[Placed, ...]:  # fmt: skip
        name = str(getattr(step, "name", ""))
        if name in within:
            way = " → ".join((*within, name))
            self._error("recipe-circle", f"recipes name each other in a circle: {way}", source, path, "leave one out")
            return ()
        if name not in self._recipes:
            if name in self._unread or self.palette is None:
                return ()
            hint = did_you_mean(name, self._recipes, "recipes") or f"a step is written with its type: {{type: {name}}}"
            self._error("unknown-recipe", f"there is no recipe '{name}'", source, path, hint)
            return ()
        steps, written = self._recipes[name]
        return self.resolved(steps, written, ("recipes", name), (*within, name))

    def _look_at(self, step: StepOptions, source: YamlSource, path: KeyPath) -> None:
        for color in step.references():
            if self.palette is not None and color.name not in self.palette:
                hint = did_you_mean(color.name, self.palette, "palette") if self.palette else "name a brand that has it"
                message = f"the palette has no '{color.name}'"
                self._error("unknown-color", message, source, (*path, *color.path), hint)
        for file in step.files():
            self._take(step, file.name, source, (*path, *file.path))
        if lack := step.lack():
            self._error("step-lacks", f"{step.type}: {lack[0]}", source, path, lack[1])

    def _take(self, step: StepOptions, name: str, source: YamlSource, path: KeyPath) -> None:
        try:
            file = self.find(name)
        except OutsideCampaign as outside:
            self._error("outside-campaign", str(outside), source, path, "name a file beside the job or in the brand")
            return
        if file is None:
            self._error("missing-file", f"there is no file '{name}'", source, path, "paths are from the job's folder")
            return
        self.reader.remember(file)
        self.files[name] = file
        try:
            fault = step.file_fault(file.read_bytes())
        except OSError as error:
            fault = error.strerror or str(error)
        if fault:
            self._error("step-file", f"'{name}' cannot be used: {fault}", source, path, None)

    def _error(self, code: str, message: str, source: YamlSource, path: KeyPath, hint: str | None) -> None:
        if (code, source.file, path) not in self._told:
            self._told.add((code, source.file, path))
            self.reader.error(code, message, source.place(path), hint)
