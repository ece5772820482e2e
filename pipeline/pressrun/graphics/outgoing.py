"""A picture as a file for others: its kind, and the colour space in which it is written."""

from __future__ import annotations

import functools
import io
import struct
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

from pressrun.graphics.carried_words import SAYS_NOTHING, CarriedWords
from pressrun.graphics.inks import as_srgb, srgb_profile
from pressrun.graphics.photo_xmp import PNG_KEY, XMP_TAG

# The primaries of Display P3, adapted to D50 (SMPTE EG 432-1; ICC.1:2022, annex E), in 65536ths.
P3_PRIMARIES = {
    b"rXYZ": (33758, 15808, -69),
    b"gXYZ": (19135, 45368, 2745),
    b"bXYZ": (10296, 4360, 51384),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 95, "subsampling": 0},
    "webp": {"lossless": True},
    "tiff": {"compression": "tiff_lzw"},
}
_NAMED = "sRGB built-in", "Display P3 ICC"[:13]


@functools.lru_cache(maxsize=1)
def display_p3_profile() -> bytes:
    """A profile of Display P3: sRGB's own, which has the same curve, with other primaries and another name."""
    data = bytearray(srgb_profile())
    for number in range(int.from_bytes(data[128:132], "big")):
        entry = 132 + 12 * number
        tag, at = bytes(data[entry : entry + 4]), int.from_bytes(data[entry + 4 : entry + 8], "big")
        if tag in P3_PRIMARIES:
            data[at + 8 : at + 20] = struct.pack(">3i", *P3_PRIMARIES[tag])
    before, after = (name.encode("utf-16-be") for name in _NAMED)
    return bytes(data).replace(before, after)


def written_as(
    picture: bytes, kind: str, profile: str, words: CarriedWords = SAYS_NOTHING
) -> tuple[bytes, tuple[int, int]]:
    """An encoded picture, of whatever profile, as a file of a ``kind`` (png, jpeg, webp, tiff) in the ``profile`` that
    it then has, which says ``words`` of itself; and its size. What is transparent is white in a JPEG."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = as_srgb(opened)
    if kind == "jpeg" and image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    embedded = srgb_profile()
    if profile == "display-p3":
        embedded = display_p3_profile()
        image = _in_p3(image)
    out = io.BytesIO()
    image.save(out, kind.upper(), icc_profile=embedded, **OPTIONS.get(kind, {}), **_told(kind, words))
    return out.getvalue(), image.size


def _told(kind: str, words: CarriedWords) -> dict[str, Any]:
    """Pillow's options for it."""
    told: dict[str, Any] = {"exif": words.exif} if words.exif else {}
    if words.xmp and kind == "png":
        told["pnginfo"] = info = PngImagePlugin.PngInfo()
        info.add_itxt(PNG_KEY, words.xmp.decode())
    elif words.xmp and kind == "tiff":
        told["tiffinfo"] = {XMP_TAG: words.xmp}
    elif words.xmp:
        told["xmp"] = words.xmp
    return told


def _in_p3(image: Image.Image) -> Image.Image:
    there = ImageCms.ImageCmsProfile(io.BytesIO(display_p3_profile()))
    turned = ImageCms.profileToProfile(
        image.convert("RGB"), ImageCms.createProfile("sRGB"), there, ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    assert turned is not None
    if image.mode == "RGBA":
        turned.putalpha(image.getchannel("A"))
    return turned
