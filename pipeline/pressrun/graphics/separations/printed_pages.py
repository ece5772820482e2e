"""Pages of anybody's press file as they come off the press, where that is not what a viewer shows: with overprint."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf
from msgspec.structs import replace
from pikepdf import Dictionary
from PIL import Image, ImageCms

from pressrun.graphics.color.inks import PressProfile, press_profile
from pressrun.graphics.pages.operands import BROKEN
from pressrun.graphics.pages.pdf_graph import reached
from pressrun.graphics.pages.placed_pages import embedded_profile, shown_of
from pressrun.graphics.separations.composite import composite
from pressrun.graphics.separations.plates import separated
from pressrun.model.printing_conditions import PrintConditions

AT_ONCE = 8  # pages: the file is read anew for each lot, and the plates of one are in memory


def printed_pages(data: bytes, pages: Iterable[int], longest: int) -> dict[int, Image.Image]:
    """Those of some pages (numbers from 0) that overprint, as their plates print them together by the profile that the
    file is for, or else the usual one; what a viewer shows of them, of so many pixels at most. Pages that cannot be
    taken apart are left out."""
    found: dict[int, Image.Image] = {}
    alike: dict[float, list[int]] = {}  # by their densities
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for number in pages:
                if _overprints(page := pdf.pages[number]):
                    alike.setdefault(_density(page, longest), []).append(number)
        profile = profile_for(data)
    except BROKEN:
        return found
    for density, numbers in alike.items():
        for at in range(0, len(numbers), AT_ONCE):
            some = numbers[at : at + AT_ONCE]
            try:
                printed = separated(data, profile, density, some, shown_of)
                found |= {number: composite(one, profile) for number, one in zip(some, printed, strict=True)}
            except (*BROKEN, OSError):  # of a broken page or profile there is what a viewer makes of it
                continue
    return found


def _overprints(page: pikepdf.Page) -> bool:
    """Whether anything may lie on what is below without sparing it out."""
    named = (one for one in reached(page.resources) if isinstance(one, Dictionary))
    return any(bool(one.get(name, False)) for one in named for name in ("/OP", "/op"))


def _density(page: pikepdf.Page, longest: int) -> float:
    left, bottom, right, top = shown_of(page)
    return longest * 72 / (max(right - left, top - bottom) * float(page.obj.get("/UserUnit", 1)))


def profile_for(data: bytes) -> PressProfile:
    """The profile of the condition that a file is for, if it has one that can be used; else the usual one."""
    usual, own = press_profile(PrintConditions(), Path()), embedded_profile(data)
    if own is None:
        return usual
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(own))
    except (OSError, ImageCms.PyCMSError):
        return usual
    return replace(usual, name="", data=own)
