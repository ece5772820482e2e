"""What a text layer says of how it is kept readable, resolved."""

from __future__ import annotations

from pressrun.model.composition import Composing
from pressrun.model.legible import Edge, Legible, LegiblePlateShade, LegibleShade
from pressrun.model.remedies import PanelRemedy, Remedies, ShadeRemedy

OTHER_SIDE: dict[Edge, Edge] = {"left": "right", "right": "left"}
FINEST = 0.05  # by which the strengths of a live shade differ


def remedies(said: Legible, composing: Composing, is_mirrored: bool, has_panel: bool) -> Remedies:
    """With what the brand says of all its texts: but for one on a panel of its own, which needs no other ground."""
    legible = said.over(composing.brand.legible)
    if has_panel:
        return Remedies(legible.contrast, legible.choose == "first")
    own = legible.panel
    panel = PanelRemedy(composing.ink(own.color), own.padding, own.radius) if own else None
    shades = tuple(_shade(shade, composing, is_mirrored) for shade in (legible.shade, legible.plate) if shade)
    return Remedies(legible.contrast, legible.choose == "first", panel, shades, legible.together)


def _shade(said: LegibleShade | LegiblePlateShade, composing: Composing, is_mirrored: bool) -> ShadeRemedy:
    on_plate = isinstance(said, LegiblePlateShade)
    towards = OTHER_SIDE.get(said.to, said.to) if said.to and is_mirrored else said.to
    strengths = said.steps if isinstance(said, LegiblePlateShade) else _finely(said.strength)
    return ShadeRemedy(composing.ink(said.color), towards, strengths, on_plate)


def _finely(most: float) -> tuple[float, ...]:
    """Strengths up to the most."""
    count = int(most / FINEST + 1e-9)
    steps = [round(FINEST * (number + 1), 2) for number in range(count)]
    return tuple(dict.fromkeys((*steps[2:], most)))  # less than a seventh is no remedy
