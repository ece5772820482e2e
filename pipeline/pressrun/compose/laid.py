"""How a layer's marks are laid on the page: turned, cut out, translucent, mixed, with its shadow."""

from __future__ import annotations

from pressrun.graphics.outlines import figure
from pressrun.model.composition import Composing
from pressrun.model.geometry import after, turned_about, turned_over
from pressrun.model.layout import LayerOptions
from pressrun.model.shadow import Shadow
from pressrun.model.sheet import GroupMark, Mark


def laid(options: LayerOptions, marks: tuple[Mark, ...], composing: Composing) -> tuple[Mark, ...]:
    """Marks as they are laid on: in a group, if anything is to be done to them. They turn about the middle of the
    layer's box, the other way round where the page is mirrored."""
    opacity = 1.0 if options.FADES and options.clip is None else options.opacity
    stands = options.rotate == 0 and options.flip is None
    cast = options.shadow.cast(composing) if isinstance(options.shadow, Shadow) else None
    is_plain = options.clip is None and opacity == 1 and options.blend == "normal" and cast is None
    if not marks or (stands and is_plain):
        return marks
    rect, is_mirrored = composing.rect(options), composing.mirrored(options)
    clip = figure(options.clip, rect, is_mirrored) if options.clip else ""
    turn = -options.rotate if is_mirrored else options.rotate
    middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    across, down = options.flip in ("horizontal", "both"), options.flip in ("vertical", "both")
    matrix = after(turned_over(*middle, across=across, down=down), turned_about(*middle, turn))
    return (GroupMark(composing.layer, rect, marks, matrix, clip, opacity, options.blend, cast),)
