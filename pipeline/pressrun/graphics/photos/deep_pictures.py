"""The one file that imports imagecodecs (the extra `deep`): colours of 16 bits, turned to sRGB before they are rounded.

Pillow would keep the upper eight bits of each without a word, and a dark scan has all of its levels in the lower.
"""

from __future__ import annotations

import io
from typing import Any

import numpy
from PIL import Image, ImageOps

from pressrun.graphics.color.coded_colors import told_profile
from pressrun.graphics.color.inks import srgb_profile
from pressrun.model.errors import PictureFailed

COLORED = ("RGB", "RGBA", "RGBX", "LA", "CMYK")
RELATIVE, BLACK_POINT = 1, 0x2000  # littleCMS's numbers of the intent and of black point compensation


def is_deep(picture: Image.Image) -> bool:
    """Whether a file that was opened, and not yet decoded, has colours of more than eight bits, which Pillow would cut
    off. Grey of 16 bits it reads whole."""
    raw = [part for tile in getattr(picture, "tile", ()) for part in _words(tile[3])]
    return picture.mode in COLORED and any(";16" in part for part in raw)


def _words(told: Any) -> tuple[str, ...]:
    return tuple(part for part in told if isinstance(part, str)) if isinstance(told, tuple) else (str(told),)


def as_png(data: bytes, kind: str, name: str = "the picture") -> bytes:
    """A PNG or TIFF of 16 bits as a PNG of 8, in sRGB and standing upright. Raises PictureFailed where the extra is
    missing, or it cannot be decoded."""
    imagecodecs = codecs_for(name)
    with Image.open(io.BytesIO(data)) as opened:
        profile, exif, mode = told_profile(data, name) or opened.info.get("icc_profile"), opened.getexif(), opened.mode
    if mode == "CMYK":  # which libtiff gives as RGB alone, and only of 8 bits
        raise PictureFailed(f"{name} is CMYK of 16 bits, which is not read", "save it with 8 bits, or in RGB")
    try:
        pixels: Any = imagecodecs.png_decode(data) if kind == "PNG" else imagecodecs.tiff_decode(data)
        count = pixels.shape[-1]
        alpha = pixels[..., 3] if count > 3 else pixels[..., 1] if count == 2 else None
        colors = pixels[..., [0, 0, 0]] if count == 2 else pixels[..., :3]
        if profile:
            colors = imagecodecs.cms_transform(
                numpy.ascontiguousarray(colors), profile, srgb_profile(), colorspace="RGB",
                outcolorspace="RGB", outdtype="uint16", intent=RELATIVE, flags=BLACK_POINT,
            )  # fmt: skip
        image = Image.fromarray(_rounded(colors))
        if alpha is not None:
            image.putalpha(Image.fromarray(_rounded(alpha)))
    except Exception as error:  # whatever the decoders raise
        raise PictureFailed(f"{name} cannot be decoded: {error}", "save it with 8 bits in sRGB") from error
    image.getexif().update(exif)
    out = io.BytesIO()
    ImageOps.exif_transpose(image).save(out, "PNG", compress_level=1)
    return out.getvalue()


def codecs_for(name: str) -> Any:
    """What decodes a picture of this name. Raises PictureFailed where it is not installed."""
    try:
        import imagecodecs
    except ImportError as error:
        hint = "pip install 'pressrun[deep]', or save it with 8 bits in sRGB"
        message = f"{name} has 16 bits a channel, for which the extra `deep` is not installed"
        raise PictureFailed(message, hint) from error
    return imagecodecs


def _rounded(deep: Any) -> Any:
    """16 bits as 8, to the nearest."""
    return ((deep.astype(numpy.uint32) * 255 + 32767) // 65535).astype(numpy.uint8)
