"""export: plate and overlay become the bytes of each format."""

from __future__ import annotations

import functools
import io
import math
from dataclasses import dataclass

from PIL import Image, TiffImagePlugin

from pressrun.graphics import inks
from pressrun.graphics.inks import PressProfile
from pressrun.graphics.pdfium import Ground, drawn_over, rasterise
from pressrun.graphics.repaint import shown_pages
from pressrun.model.color import Ink
from pressrun.model.inspection import WrittenFile
from pressrun.model.rendering import FormatKind, Metadata, Overlay, Rendering
from pressrun.model.sheet import Choice, Sheet

THUMB = 320  # longest edge in pixels
ENOUGH = 0.8  # of it, where a page comes to that many pixels by whole steps: resampling takes three times as long


@dataclass(frozen=True, slots=True)
class View:
    """The bleed box as sRGB, with its text and without; ``cutout`` is the page as RGBA, where it has no ground."""

    page: Image.Image
    textless: Image.Image
    cutout: Image.Image | None = None


def on_paper(plate: Image.Image, sheet: Sheet) -> Ground:
    """A plate as people see it: a cut-out on paper."""
    if plate.mode != "RGBA":
        return Ground(plate)
    paper = Image.new("RGBA", plate.size, sheet.ground.rgb)
    return Ground(Image.alpha_composite(paper, plate).convert("RGB"))


def look(ink: Ink, target: str, profile: PressProfile) -> str:
    """The colour (#RRGGBB) that an ink has on a screen, or as the profile says that it looks on paper."""
    return ink.srgb if target == "screen" else inks.proof_color(ink.cmyk, profile)


def view(overlay: Overlay, sheet: Sheet, ground: Ground, cutout: Image.Image | None, profile: PressProfile) -> View:
    """Lay the overlay over the plate as sRGB, at the plate's own size: its inks as a screen shows them, or as the
    profile says that they look on paper."""
    looks = {marker: look(ink, sheet.target, profile) for marker, ink in overlay.inks.items()}
    shown = shown_pages(overlay.pdf, looks, overlay.live_ground)
    page, textless = (*drawn_over(ground, shown), ground.picture)[:2]
    if cutout is not None:
        cutout = Image.alpha_composite(cutout, rasterise(shown, cutout.size)[0])
    return View(page, textless, cutout)


def export(
    kinds: list[FormatKind],
    sheet: Sheet,
    overlay: Overlay,
    choices: tuple[Choice, ...],
    metadata: Metadata,
    seen: View,
    plate_jpeg: bytes | None,
    profile: PressProfile,
    quality: int,
    crop_marks: bool,
) -> list[WrittenFile]:
    """Write a rendered sheet in every format asked for; each picture is drawn once however many formats share it."""

    @functools.cache
    def page(size: tuple[int, int]) -> Image.Image:
        picture = seen.cutout or seen.page
        return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)

    rendering = Rendering(
        sheet=sheet,
        overlay=overlay,
        choices=choices,
        metadata=metadata,
        quality=quality,
        crop_marks=crop_marks,
        page=page,
        plate_jpeg=plate_jpeg,
        profile=profile.data,
        condition=profile.condition,
        condition_name=profile.description,
    )
    return [
        WrittenFile(kind.name, kind.media_type, kind.write(rendering, size), size)
        for kind in kinds
        for size in (kind.pixels(sheet.boxes.bleed),)
    ]


def thumbnail(seen: View, sheet: Sheet) -> bytes:
    """A small JPEG of the trimmed page for the contact sheet."""
    picture, trim = seen.page, sheet.boxes.trim
    across, down = picture.width / sheet.boxes.bleed.width, picture.height / sheet.boxes.bleed.height
    edges = zip((trim.x, trim.y, trim.right, trim.bottom), (across, down, across, down), strict=True)
    left, top, right, bottom = (round(edge * scale) for edge, scale in edges)
    longest = max(right - left, bottom - top)
    step = math.ceil(longest / THUMB)
    if longest < ENOUGH * THUMB * step:
        step = max(1, longest // THUMB)
    picture = picture.reduce(step, (left, top, right, bottom))
    picture.thumbnail((THUMB, THUMB), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def encode_plate(plate: Image.Image, quality: int = 92) -> bytes:
    """A CMYK plate as the press file's JPEG (4:4:4, no profile); an sRGB one lossless, for the store: LZW over the
    differences of neighbours is as small as the fastest PNG, and takes half its time both ways."""
    out = io.BytesIO()
    if plate.mode == "CMYK":
        plate.save(out, "JPEG", quality=quality, subsampling=0)
    else:
        plate.save(out, "TIFF", compression="tiff_lzw", tiffinfo={TiffImagePlugin.PREDICTOR: 2})
    return out.getvalue()


def proof_of(plate: Image.Image, size: tuple[int, int], profile: PressProfile) -> Image.Image:
    """A CMYK plate reduced to ``size`` and shown through the profile."""
    return inks.to_srgb(plate.resize(size, Image.Resampling.BOX), profile)
