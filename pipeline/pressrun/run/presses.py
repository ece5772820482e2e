"""The presses that a job prints by."""

from __future__ import annotations

from pressrun.graphics.color.inks import PressProfile, press_profile
from pressrun.model.project import Project


def presses_of(project: Project) -> dict[str, PressProfile]:
    """The profiles of a job's printing conditions by their names; the first has the empty name, too: it is whatever is
    not made for one of them."""
    presses = {name: press_profile(said, project.brand_folder) for name, said in project.conditions.items()}
    return {"": next(iter(presses.values())), **presses}
