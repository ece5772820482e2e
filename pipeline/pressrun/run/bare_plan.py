"""What a job asks for, row by row, before anybody's decisions and what is there already are laid on it."""

from __future__ import annotations

from collections.abc import Collection

from pressrun import registry
from pressrun.expand import expand_rows, is_wanted, prompts_for, save_path, shown_on
from pressrun.model.job import Prompt, Row
from pressrun.model.plan import Plan
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.plan import plan


def bare_plan(project: Project, settings: Settings, rows: Collection[Row] | None = None) -> Plan:
    """The plan of all rows, or of these."""

    def ask(row: Row, pairs: frozenset[tuple[str, str]]) -> list[Prompt]:
        return [prompt for prompt in prompts_for(project, row) if (prompt.slot, prompt.master) in pairs]

    return plan(
        project.job,
        {name: loaded.layout for name, loaded in project.layouts.items()},
        registry.FORMATS,
        (lambda: expand_rows(project, settings.only)) if rows is None else lambda: rows,
        ask,
        lambda row, layout, take: save_path(project, row, layout, take),
        settings.take,
        lambda row, layout, take: is_wanted(project, row, layout, settings.only, take),
        {name: variant.loaded.layout for name, variant in project.variants.items()},
        project.overridden,
        tuple(project.conditions),
        lambda row, layout, take, drawn_by: shown_on(project, row, layout, take, drawn_by),
    )
