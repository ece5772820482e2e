"""Whatever a case composes, its press file as poppler separates it looks as our proof does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image, ImageChops, ImageCms, ImageFilter
from rendering_kit import Press, case_content, cases, read_layout
from test_groups import printed

from pressrun.model.color import Ink
from pressrun.model.geometry import IDENTITY, Matrix, Rect, after, bounds
from pressrun.model.sheet import GroupMark, Mark, ShapeMark

MOST = 3.0  # of the colour difference (CIE 1976), in 99.5 % of the pixels that are no edge
WITHIN = 0.5 + 0.2  # percent of an ink, and half a level of its eight bits
LEAST = 12  # pixels across, of what is looked at
SRGB, LAB = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
AS_LAB = ImageCms.buildTransform(SRGB, LAB, "RGB", "LAB")


def lab(picture: Image.Image) -> numpy.ndarray[Any, Any]:
    seen = ImageCms.applyTransform(picture, AS_LAB)
    assert seen
    light, a, b = (numpy.asarray(band).astype(numpy.float32) for band in seen.split())
    return numpy.stack([light / 2.55, a, b])  # of a and b 128 is none


def apart(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The share of pixels that are further apart than MOST, of those that lie more than two from an edge; and of how
    many of all that is."""
    highest, lowest = one.filter(ImageFilter.MaxFilter(5)), one.filter(ImageFilter.MinFilter(5))
    flat = numpy.asarray(ImageChops.difference(highest, lowest)).max(axis=2) <= 12
    flat[:2] = flat[-2:] = flat[:, :2] = flat[:, -2:] = False  # the page's own
    distance = numpy.sqrt(((lab(one) - lab(other)) ** 2).sum(axis=0))
    return float((distance[flat] > MOST).mean()), float(flat.mean())


def flat_inks(marks: Iterable[Mark], matrix: Matrix = IDENTITY) -> Iterator[tuple[Ink, Rect, bool]]:
    """The inks that shapes are filled with and nothing is mixed into, each with its place, and whether something that
    comes later may lie on it."""
    found: list[tuple[Ink, Rect]] = []
    above: list[tuple[int, Rect]] = []
    for mark in marks:
        if isinstance(mark, GroupMark):
            above.append((len(found), bounds(mark.reach, matrix)))
            if not (mark.is_mixed or mark.clip):
                yield from flat_inks(mark.marks, after(mark.matrix, matrix))
            continue
        place = bounds(mark.rect, matrix)
        above.append((len(found), place))
        if isinstance(mark, ShapeMark) and mark.ink and mark.opacity == 1 and mark.shape in ("rect", "ellipse"):
            found.append((mark.ink, place))
    for at, (ink, place) in enumerate(found):
        yield ink, place, any(number > at and place.meets(other) for number, other in above)


def found_in(page: Image.Image, place: Rect, ink: Ink, scale: float) -> float:
    """The share of a place's pixels that are an ink of the palette within half a percent, in each of the four."""
    box = tuple(round(edge * scale) for edge in (place.x, place.y, place.right, place.bottom))
    pixels = numpy.asarray(page.crop(box)).astype(numpy.float32) / 2.55  # type: ignore[arg-type]
    wanted = numpy.asarray(ink.cmyk, numpy.float32)
    return float((numpy.abs(pixels - wanted).max(axis=2) <= WITHIN).mean())


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_a_case_is_printed_as_it_is_proofed(press: Press, tool: Any, tmp_path: Path, folder: Path) -> None:
    layout = read_layout((folder / "layout.yaml").read_text())
    layout = layout.model_copy(update={"target": "print", "formats": ("press-pdf", "proof-png")})
    made = press.render(layout, **case_content(folder))
    seen = made.picture("proof-png").convert("RGB")
    page = printed(made.files["press-pdf"], tool, tmp_path).convert("RGB").crop((0, 0, *seen.size))  # it rounds up
    share, judged = apart(seen, page)
    assert share < 0.005
    assert judged > 0.4
    with Image.open(next(tmp_path.glob("page*.jpg"))) as plates:
        sheet, _ = press.compose(layout, **case_content(folder))
        scale = plates.width / sheet.boxes.bleed.width
        for ink, place, is_covered in flat_inks(sheet.marks):
            if min(place.width, place.height) * scale >= LEAST:
                assert found_in(plates, place, ink, scale) > (0.0 if is_covered else 0.6), (ink, place)
