"""What each ink prints: all plates of a page in one TIFF, and a map of how much ink lies where."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import PngImagePlugin

from pressrun.graphics.color.inks import srgb_profile
from pressrun.graphics.separations.ink_map import ink_map
from pressrun.graphics.separations.plate_files import plates_tiff
from pressrun.model.format_kind import FormatKind
from pressrun.model.geometry import proof_density
from pressrun.model.iim import iim
from pressrun.model.rendering import Rendering
from pressrun.model.xmp import xmp_packet


def write_separations(rendering: Rendering, size: tuple[int, int]) -> bytes:
    return write_separated_pages([rendering])


def write_separated_pages(renderings: Sequence[Rendering]) -> bytes:
    said = renderings[0].metadata
    printed = [one.printed(proof_density(one.sheet.boxes.bleed)) for one in renderings]
    return plates_tiff(printed, xmp_packet(said), iim(said))


def write_ink_map(rendering: Rendering, size: tuple[int, int]) -> bytes:
    sheet, out = rendering.sheet, io.BytesIO()
    title = f"{rendering.metadata.title or sheet.layout}" + (f" · page {sheet.page}" if sheet.page else "")
    printed = rendering.printed(proof_density(sheet.boxes.bleed)).but_for(rendering.overlay.technical)
    drawn = ink_map(printed, rendering.total_ink, title)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp_packet(rendering.metadata).decode())
    drawn.save(out, "PNG", icc_profile=srgb_profile(), compress_level=4, pnginfo=info)
    return out.getvalue()


_PRINT = frozenset({"print"})
SEPARATIONS = FormatKind(
    "separations", _PRINT, "-plates.tif", "image/tiff", 3, 0.0, write_separations, write_pages=write_separated_pages
)
INK_MAP = FormatKind("ink-map", _PRINT, "-ink.png", "image/png", 4, 0.0, write_ink_map)
