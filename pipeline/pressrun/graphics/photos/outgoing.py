"""A picture as a file for others: its kind, and the colour space in which it is written."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

from pressrun.graphics.color.coded_colors import DISPLAY_P3, profile_with
from pressrun.graphics.color.inks import as_srgb, srgb_profile
from pressrun.graphics.photos.carried_words import SAYS_NOTHING, CarriedWords
from pressrun.graphics.photos.photo_xmp import PNG_KEY, XMP_TAG

OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 95, "subsampling": 0},
    "webp": {"lossless": True},
    "tiff": {"compression": "tiff_lzw"},
}


def display_p3_profile() -> bytes:
    """A profile of Display P3."""
    return profile_with(*DISPLAY_P3)


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
