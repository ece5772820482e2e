"""Plates as files, for people to look at: black where an ink is printed."""

from __future__ import annotations

import io
import re
from itertools import count
from typing import Any

from PIL import Image, ImageOps, TiffImagePlugin, TiffTags

from pressrun.graphics.color.inks import PressProfile, srgb_profile
from pressrun.graphics.separations.composite import composite
from pressrun.graphics.separations.ink_map import ink_map
from pressrun.model.geometry import SCREEN_DENSITY
from pressrun.model.separations import Separations

PAGE_NAME = 285  # of a picture in a TIFF (TIFF 6.0, section 12)
XMP, IIM = 700, 33723  # XMP specification, part 3; TIFF's "IPTC" of libraries
_TAKEN = frozenset({"composite", "ink-map"})


def shown_plates(
    printed: Separations, technical: frozenset[str], profile: PressProfile, title: str
) -> dict[str, bytes]:
    """Files that show what a page prints, by name: each plate, all of them together as the profile has it, and where
    how much ink lies; the last two without what is ``technical``, which is no colour."""
    colors = printed.but_for(technical)
    return {
        **plate_pngs(printed),
        "composite.png": _png(composite(colors, profile), printed.density, icc_profile=srgb_profile()),
        "ink-map.png": _png(ink_map(colors, profile.total_ink, title), SCREEN_DENSITY),
    }


def plate_pngs(printed: Separations) -> dict[str, bytes]:
    """A PNG for each plate, by a file name made of its ink's."""
    files: dict[str, bytes] = {}
    for ink, plate in printed.plates.items():
        name = plain = re.sub(r"[^\w.]+", "-", ink.lower()).strip("-.") or "ink"
        numbers = count(2)
        while f"{name}.png" in files or name in _TAKEN:  # spots whose names differ in signs alone
            name = f"{plain}-{next(numbers)}"
        files[f"{name}.png"] = _png(ImageOps.invert(plate), printed.density)
    return files


def plates_tiff(pages: list[Separations], xmp: bytes = b"", iim: bytes = b"") -> bytes:
    """All plates of some pages in one TIFF, each named by its ink; with what the file says of itself."""
    pictures: list[Image.Image] = []
    for number, printed in enumerate(pages, start=1):
        for ink, plate in printed.plates.items():
            picture = ImageOps.invert(plate)
            tags = TiffImagePlugin.ImageFileDirectory_v2()
            tags[PAGE_NAME] = f"{number} {ink}" if len(pages) > 1 else ink
            if xmp and not pictures:
                tags.tagtype[XMP], tags[XMP] = TiffTags.BYTE, xmp
                tags.tagtype[IIM], tags[IIM] = TiffTags.UNDEFINED, iim
            picture.encoderinfo = {"tiffinfo": tags, "dpi": (printed.density, printed.density)}
            pictures.append(picture)
    out = io.BytesIO()
    first, *others = pictures
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", **first.encoderinfo)
    return out.getvalue()


def _png(picture: Image.Image, density: float, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(density, density), compress_level=4, **options)
    return out.getvalue()
