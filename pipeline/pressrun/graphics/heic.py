"""The one file that imports pi-heif (the extra `heic`): pictures as telephones keep them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from pressrun.graphics.inks import as_srgb
from pressrun.model.errors import PictureFailed

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
ENDINGS = (".heic", ".heif", ".hif")


def is_heic(data: bytes) -> bool:
    """Whether it is a HEIF file that HEVC has packed, as its first bytes say."""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS and b"avif" not in data[8:40]


def as_png(data: bytes) -> bytes:
    """Its main picture in sRGB, standing upright. Raises PictureFailed where the extra is missing, or it cannot be
    decoded."""
    try:
        import pi_heif
    except ImportError as error:
        hint = "pip install 'pressrun[heic]', or save it as JPEG"
        raise PictureFailed("HEIC pictures need the extra `heic`, which is not installed", hint) from error
    try:
        opened: Any = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        picture = Image.frombytes(opened.mode, opened.size, bytes(opened.data), "raw", opened.mode, opened.stride)
    except Exception as error:  # whatever the decoder raises
        raise PictureFailed(f"the HEIC picture cannot be decoded: {error}", "save it as JPEG") from error
    if profile := opened.info.get("icc_profile"):
        picture.info["icc_profile"] = profile
    out = io.BytesIO()
    as_srgb(picture).save(out, "PNG", compress_level=1)
    return out.getvalue()
