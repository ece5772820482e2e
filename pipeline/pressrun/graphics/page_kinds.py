"""Pages that are alike in all that standards of print speak of."""

from __future__ import annotations

from collections.abc import Hashable

from pressrun.model.rendering import Group, Rendering, Vectors, unfolded


def kind_of(rendering: Rendering, fonts: Hashable) -> Hashable:
    """What decides whether a page is what the standard asks for. Pages of which only words and forms differ are alike:
    one of them is judged for all. ``fonts`` are those of its texts."""
    overlay = rendering.overlay
    drawn: set[Hashable] = set()
    for one in unfolded(part for level in overlay.levels for part in (*level.under, *level.segments)):
        drawn.add(type(one).__name__)
        if isinstance(one, Vectors):
            drawn |= {(repr(path.fill), repr(path.stroke), one.opacity, one.cover is None) for path in one.paths}
        elif isinstance(one, Group):
            drawn.add((one.opacity, one.blend))
    pieces = {(piece.jpeg is None, piece.alpha is None, bool(piece.spots)) for piece in overlay.pieces.values()}
    has_plate = rendering.plate_jpeg is not None
    flat = rendering.flat
    pixels = flat and (flat.is_jpeg, flat.spots)
    return (
        rendering.sheet.boxes, rendering.crop_marks, has_plate, len(rendering.plate_spots), frozenset(drawn),
        fonts, pixels, frozenset(pieces), frozenset(overlay.inks.values()), frozenset(overlay.documents),
    )  # fmt: skip
