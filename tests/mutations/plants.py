"""The faults: where each is put, and the tests that should notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plant:
    """In ``file`` (from the package's folder) the text ``old``, which stands there once, becomes ``new``."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


UNEVEN = "tests/rendering/test_uneven_inputs.py"

PLANTS = {
    "contrast-of-the-best-tenth": Plant(
        "model/light.py", "at = ratios.size // 10", "at = ratios.size * 9 // 10", (UNEVEN,)
    ),
    "resolution-of-the-better-direction": Plant(
        "checks/resolution.py", "return min(across, down)", "return max(across, down)", (UNEVEN,)
    ),
    "glyphs-of-the-first-family": Plant(
        "checks/glyphs.py",
        "missing(mark.text, mark.families)",
        "missing(mark.text, mark.families[:1])",
        ("tests/own_files/test_own_fonts.py",),
    ),
    "reused-money-of-the-new-pictures": Plant(
        "run/record.py",
        "if key not in made_pictures",
        "if key in made_pictures",
        ("tests/job/test_mixed_pictures.py::test_what_was_paid_before_is_told_apart_from_what_is_paid_now",),
    ),
    "reused-money-of-all-pictures": Plant(
        "run/record.py",
        " if key not in made_pictures",
        "",
        ("tests/job/test_mixed_pictures.py::test_what_was_paid_before_is_told_apart_from_what_is_paid_now",),
    ),
    "thumbnail-with-the-lower-right-bleed": Plant(
        "export.py",
        "(trim.x, trim.y, trim.right, trim.bottom)",
        "(trim.x, trim.y, sheet.boxes.bleed.right, sheet.boxes.bleed.bottom)",
        (UNEVEN,),
    ),
    "thumbnail-from-the-bleed's-corner": Plant(
        "export.py",
        "(trim.x, trim.y, trim.right, trim.bottom)",
        "(0, 0, trim.width, trim.height)",
        (UNEVEN,),
    ),
}
