"""How a layer's marks are laid on the page: turned, cut out, translucent, mixed, with its shadow."""

from __future__ import annotations

from pressrun.graphics.paths.outlines import figure
from pressrun.model.composition import Composing
from pressrun.model.geometry import Matrix, Rect, after, turned_about, turned_over
from pressrun.model.layout import LayerOptions
from pressrun.model.shadow import Shadow
from pressrun.model.sheet import GroupMark, Mark


def stands(options: LayerOptions) -> bool:
    """Whether nothing is to be done to a layer's marks."""
    turns = options.rotate != 0 or options.flip is not None or options.scale != 1
    plain = options.clip is None and options.blend == "normal" and not isinstance(options.shadow, Shadow)
    return plain and not turns and _opacity(options) == 1


def _opacity(options: LayerOptions) -> float:
    return 1.0 if options.FADES and options.clip is None else options.opacity


def laid(options: LayerOptions, marks: tuple[Mark, ...], rect: Rect, composing: Composing) -> tuple[Mark, ...]:
    """Marks as they are laid on: in a group, if anything is to be done to them. They turn about the middle of the
    layer's ``rect``, the other way round where the page is mirrored."""
    if not marks:
        return marks
    is_mirrored = composing.mirrored(options)
    clip = figure(options.clip, rect, is_mirrored) if options.clip else ""
    turn = -options.rotate if is_mirrored else options.rotate
    middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    across, down = options.flip in ("horizontal", "both"), options.flip in ("vertical", "both")
    matrix = after(turned_over(*middle, across=across, down=down), turned_about(*middle, turn))
    if options.scale != 1:
        matrix = after(_scaled_about(*middle, options.scale), matrix)
    cast = options.shadow.cast(composing) if isinstance(options.shadow, Shadow) else None
    return (GroupMark(composing.layer, rect, marks, matrix, clip, _opacity(options), options.blend, cast),)


def _scaled_about(x: float, y: float, factor: float) -> Matrix:
    return factor, 0.0, 0.0, factor, x - factor * x, y - factor * y
