"""What a job asks for, row by row, before anybody's decisions and what is there already are laid on it."""

from __future__ import annotations

from collections.abc import Collection

from pressrun import registry
from pressrun.expand import expand_rows, is_wanted, layers_shown, prompts_for, rows_without_copies, save_path
from pressrun.model.job import Prompt, Row
from pressrun.model.plan import Plan, Shown
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.plan import plan
from pressrun.run.overlays.pictures_gone_by import gone_by_others


def bare_plan(project: Project, settings: Settings, rows: Collection[Row] | None = None) -> Plan:
    """The plan of all rows, or of these."""

    def ask(row: Row, pairs: frozenset[tuple[str, str]]) -> list[Prompt]:
        every = prompts_for(project, row, {slot for slot, _ in pairs})
        return [prompt for prompt in every if (prompt.slot, prompt.master) in pairs]

    def shows(row: Row, layout: str, take: int, drawn_by: str) -> Shown | None:
        layers = layers_shown(project, row, layout, take, drawn_by)
        return None if layers is None else Shown(layers, gone_by_others(project).slots(row))

    planned = plan(
        project.job,
        {name: loaded.layout for name, loaded in project.layouts.items()},
        registry.FORMATS,
        (lambda: expand_rows(project, settings.only)) if rows is None else lambda: rows,
        ask,
        lambda row, layout, take, merged: save_path(project, row, layout, take, merged),
        settings.take,
        lambda row, layout, take: is_wanted(project, row, layout, settings.only, take),
        {name: variant.loaded.layout for name, variant in project.variants.items()},
        project.overridden,
        tuple(project.conditions),
        shows,
    )
    whole = rows is None and settings.only is None
    return planned.with_findings(rows_without_copies(project)) if whole else planned
