"""Marks around a page that show where it is cut and folded."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.model.geometry import PageBoxes, Rect

# Crop marks, in points: how far they stand off the bleed, how long and how thick they are (0.25 pt is usual).
MARK_GAP, MARK_LENGTH, MARK_WEIGHT = 2.0, 14.0, 0.25
FOLD_DASH = 2.0  # marks of folds are dashed, so that nobody cuts there
MARGIN = MARK_GAP + MARK_LENGTH + 2  # points around the bleed


def draw_crop_marks(pdf: pikepdf.Pdf, page: pikepdf.Page, boxes: PageBoxes) -> None:
    """Corner marks, and dashed ones where the page is folded, in all inks (/Separation /All), outside the bleed."""
    tint = Stream(pdf, b"{ dup dup dup }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    all_inks = Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])
    if "/ColorSpace" not in page.obj.Resources:
        page.obj.Resources.ColorSpace = Dictionary()
    page.obj.Resources.ColorSpace["/Registration"] = all_inks
    trim, bleed = boxes.trim, boxes.bleed
    edges = [Rect(x, bleed.y, 0.0, bleed.height) for x in (trim.x, trim.right)]
    edges += [Rect(bleed.x, y, bleed.width, 0.0) for y in (trim.y, trim.bottom)]
    lines = [line for edge in edges for line in _beyond(edge, bleed)]
    draw = f"q /Registration CS 1 SCN {MARK_WEIGHT} w {' '.join(lines)} S Q\n"
    folds = [line for fold in boxes.folds for line in _beyond(fold, boxes.bleed)]
    if folds:
        draw += f"q /Registration CS 1 SCN {MARK_WEIGHT} w [{FOLD_DASH} {FOLD_DASH}] 0 d {' '.join(folds)} S Q\n"
    page.contents_add(draw.encode())


def _beyond(line: Rect, bleed: Rect) -> Iterator[str]:
    """The two marks that go on where a line, without a width or without a height, leaves the bleed."""
    before, behind = (-MARK_GAP, -MARK_GAP - MARK_LENGTH), (MARK_GAP, MARK_GAP + MARK_LENGTH)
    if line.width:
        y = bleed.height - line.y
        for start, end in (before, (bleed.width + behind[0], bleed.width + behind[1])):
            yield f"{start:.4f} {y:.4f} m {end:.4f} {y:.4f} l"
    else:
        for start, end in ((bleed.height + behind[0], bleed.height + behind[1]), before):
            yield f"{line.x:.4f} {start:.4f} m {line.x:.4f} {end:.4f} l"
