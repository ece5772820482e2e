"""Which marks are painted on the plate, and which are laid over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from pressrun.model.color import Ink
from pressrun.model.geometry import PageBoxes, Rect
from pressrun.model.reach import reach_of
from pressrun.model.sheet import TRANSPARENT, GroupMark, Mark, PictureMark, ShadeMark, ShapeMark, changed


def settled(
    marks: Iterable[Mark], ground: Ink, boxes: PageBoxes, moving: Collection[str] = frozenset()
) -> tuple[Mark, ...]:
    """Marks as they are laid on. Pixels over something live, those of ``moving`` layers (a plate would be another for
    each of their places), and all that is in groups, are lifted off the plate; other pixels are on it, with the
    translucent shapes and those below them. Without any pixels the ground is a live shape, so that a purely vector page
    has its colour right out to the bleed, and what is blended with the paper has something to be blended with: bare
    paper is nothing to a press file, on which every colour stays as it is (ISO 32000, 11.3.6)."""
    live: list[Rect] = []
    found: list[tuple[Mark, bool]] = []  # with whether it is over something live, or live itself
    for mark in marks:
        taken = reach_of(mark) if isinstance(mark, ShapeMark) else mark.rect
        over = not _may_be_pixels(mark) or mark.layer in moving or any(map(taken.meets, live))
        if over:
            live.append(reach_of(mark))
        found.append((mark, over))
    top = max((at for at, (mark, over) in enumerate(found) if not over and _must_be_pixels(mark)), default=-1)
    laid = tuple(_laid(mark, over, at <= top) for at, (mark, over) in enumerate(found))
    if top < 0 and ground.name != TRANSPARENT and (any(ground.cmyk) or any(map(_is_blended, laid))):
        return (ShapeMark("ground", boxes.bleed, "rect", ground, None, 0, 0), *laid)
    return laid


def _is_blended(mark: Mark) -> bool:
    return isinstance(mark, GroupMark) and (mark.blend != "normal" or any(map(_is_blended, mark.marks)))


def _may_be_pixels(mark: Mark) -> bool:
    """What is filled with more than one ink stays live, where each is exact."""
    return isinstance(mark, (PictureMark, ShadeMark)) or (isinstance(mark, ShapeMark) and mark.is_flat)


def _must_be_pixels(mark: Mark) -> bool:
    return isinstance(mark, (PictureMark, ShadeMark)) or (isinstance(mark, ShapeMark) and mark.opacity < 1)


def _laid(mark: Mark, over: bool, below_pixels: bool) -> Mark:
    if isinstance(mark, GroupMark):
        return replace(mark, marks=changed(mark.marks, _lifted))
    if over:
        return _lifted(mark)
    return replace(mark, pixels=True) if isinstance(mark, ShapeMark) and below_pixels else mark


def _lifted(mark: Mark) -> Mark:
    return replace(mark, lifted=True) if isinstance(mark, (PictureMark, ShadeMark)) else mark
