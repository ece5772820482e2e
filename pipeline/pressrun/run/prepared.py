"""A job that is ready to be carried out."""

from __future__ import annotations

from msgspec import Struct

from pressrun.doors import Doors
from pressrun.model.plan import Plan, PlannedSheet
from pressrun.model.project import Project
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.size_groups import ALONE, SharedSizes


class Prepared(Struct, frozen=True):
    """A job as far as it costs nothing: loaded, expanded and planned. ``grouped`` are all sheets of it, planned or not,
    whose texts share ``sizes`` with others."""

    project: Project
    plan: Plan
    doors: Doors
    files: PlacedFiles
    grouped: tuple[PlannedSheet, ...] = ()
    sizes: SharedSizes = ALONE
