"""Pixels: PNG, JPEG, WebP and AVIF for screens, the PNG proof of a printed page. Tagged sRGB, encoded once."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, PngImagePlugin

from pressrun.graphics.color import inks
from pressrun.graphics.photos.exif import exif_of
from pressrun.graphics.pixels.quick_png import CLOSER, density_chunk, exif_chunk, profile_chunk, quick_png
from pressrun.graphics.pixels.repeated_rows import RepeatedRows
from pressrun.model.format_kind import FormatKind
from pressrun.model.geometry import PROOF_DENSITY, SCREEN_DENSITY, proof_density
from pressrun.model.iim import app13
from pressrun.model.rendering import Metadata, Rendering
from pressrun.model.xmp import packet_within, xmp_packet

_last_jpeg = RepeatedRows()  # sheets that share a plate come one after the other
MOST_XMP = 65_502  # bytes of a packet, which one segment of a JPEG has to hold


def _encode(picture: Image.Image, kind: str, metadata: Metadata, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **_tagged(metadata), **options)
    return out.getvalue()


def _tagged(metadata: Metadata) -> dict[str, bytes]:
    """Colour profile and Exif, as Pillow takes them."""
    exif = exif_of(metadata)
    return {"icc_profile": inks.srgb_profile(), **({"exif": exif} if exif else {})}


def write_jpeg(rendering: Rendering, size: tuple[int, int]) -> bytes:
    quality, metadata = rendering.quality, rendering.metadata
    return _last_jpeg.jpeg(
        rendering.pixels(size),
        size,
        quality,
        is_fine=quality >= 90,
        dpi=(96, 96),
        extra=app13(metadata),
        xmp=packet_within(metadata, MOST_XMP),
        **_tagged(metadata),
    )


def write_png(rendering: Rendering, size: tuple[int, int]) -> bytes:
    info, density = _png_info(rendering.metadata), (SCREEN_DENSITY, SCREEN_DENSITY)
    return _encode(rendering.page(size), "PNG", rendering.metadata, pnginfo=info, dpi=density, compress_level=4)


def write_proof(rendering: Rendering, size: tuple[int, int]) -> bytes:
    told = [
        profile_chunk(inks.srgb_profile()),
        *((kind, data) for kind, data, *_ in _png_info(rendering.metadata).chunks),
        density_chunk(proof_density(rendering.sheet.boxes.bleed)),
    ]
    if exif := exif_of(rendering.metadata):
        told.append(exif_chunk(exif))
    return quick_png(rendering.proof(size), CLOSER, told)


def _png_info(metadata: Metadata) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", metadata.title)
    info.add_itxt("Description", metadata.description)
    info.add_itxt("XML:com.adobe.xmp", xmp_packet(metadata).decode())
    return info


def write_webp(rendering: Rendering, size: tuple[int, int]) -> bytes:
    told = rendering.metadata
    return _encode(rendering.page(size), "WEBP", told, quality=rendering.quality, method=2, xmp=xmp_packet(told))


def write_avif(rendering: Rendering, size: tuple[int, int]) -> bytes:
    # One thread: what is written does not depend on the machine, and the workers have all cores already.
    told = rendering.metadata
    page, xmp = rendering.page(size), xmp_packet(told)
    return _encode(page, "AVIF", told, quality=rendering.quality, speed=8, max_threads=1, xmp=xmp)


_SCREEN = frozenset({"screen"})
# The longest edges: what libjpeg writes; RFC 9649, 2.6; and what readers of AVIF (libavif) open.
JPEG = FormatKind("jpeg", _SCREEN, ".jpg", "image/jpeg", 4, SCREEN_DENSITY, write_jpeg, longest_edge=65_500)
PNG = FormatKind("png", _SCREEN, ".png", "image/png", 3, SCREEN_DENSITY, write_png, transparent=True)
WEBP = FormatKind("webp", _SCREEN, ".webp", "image/webp", 3, SCREEN_DENSITY, write_webp, True, 16_383)
AVIF = FormatKind("avif", _SCREEN, ".avif", "image/avif", 3, SCREEN_DENSITY, write_avif, True, 32_768)
PROOF_PNG = FormatKind(
    "proof-png", frozenset({"print"}), "-proof.png", "image/png", 7, PROOF_DENSITY, write_proof, proofs=True
)
