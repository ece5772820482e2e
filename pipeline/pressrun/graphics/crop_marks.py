"""Marks around a page that show where it is cut and folded."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.model.geometry import PageBoxes

# Crop marks, in points: how far they stand off the bleed, how long and how thick they are (0.25 pt is usual).
MARK_GAP, MARK_LENGTH, MARK_WEIGHT = 2.0, 14.0, 0.25
FOLD_DASH = 2.0  # marks of folds are dashed, so that nobody cuts there
MARGIN = MARK_GAP + MARK_LENGTH + 2  # points around the bleed


def draw_crop_marks(pdf: pikepdf.Pdf, page: pikepdf.Page, boxes: PageBoxes) -> None:
    """Corner marks, and dashed ones where the page is folded, in all inks (/Separation /All), outside the bleed."""
    height = boxes.bleed.height
    tint = Stream(pdf, b"{ dup dup dup }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    all_inks = Array([Name.Separation, Name.All, Name.DeviceCMYK, pdf.make_indirect(tint)])
    if "/ColorSpace" not in page.obj.Resources:
        page.obj.Resources.ColorSpace = Dictionary()
    page.obj.Resources.ColorSpace["/Registration"] = all_inks
    trim, bleed = boxes.trim, boxes.bleed
    lines = []
    for x in (trim.x, trim.right):
        for start, end in ((height + MARK_GAP, height + MARK_GAP + MARK_LENGTH), (-MARK_GAP, -MARK_GAP - MARK_LENGTH)):
            lines.append(f"{x:.4f} {start:.4f} m {x:.4f} {end:.4f} l")
    for y in (height - trim.y, height - trim.bottom):
        for start, end in (
            (-MARK_GAP, -MARK_GAP - MARK_LENGTH),
            (bleed.width + MARK_GAP, bleed.width + MARK_GAP + MARK_LENGTH),
        ):
            lines.append(f"{start:.4f} {y:.4f} m {end:.4f} {y:.4f} l")
    draw = f"q /Registration CS 1 SCN {MARK_WEIGHT} w {' '.join(lines)} S Q\n"
    ends = ((height + MARK_GAP, height + MARK_GAP + MARK_LENGTH), (-MARK_GAP, -MARK_GAP - MARK_LENGTH))
    folds = [f"{x:.4f} {start:.4f} m {x:.4f} {end:.4f} l" for x in boxes.folds for start, end in ends]
    if folds:
        draw += f"q /Registration CS 1 SCN {MARK_WEIGHT} w [{FOLD_DASH} {FOLD_DASH}] 0 d {' '.join(folds)} S Q\n"
    page.contents_add(draw.encode())
