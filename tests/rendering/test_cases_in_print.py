"""Whatever a case composes, its press file as poppler separates it looks as our proof does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image, ImageChops, ImageCms, ImageFilter
from rendering_kit import Press, case_content, cases, read_layout
from test_groups import printed

MOST = 3.0  # of the colour difference (CIE 1976), in 99.5 % of the pixels that are no edge
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
