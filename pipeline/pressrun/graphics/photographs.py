"""Pictures that cameras and people make: which way up they are seen."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

ORIENTATION, UPRIGHT = 0x0112, 1  # Exif's tag, and its word for a picture that is stored as it is to be seen


def seen_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as it is to be seen: a camera may have stored it lying on its side."""
    return picture.size if _turn(picture) < 5 else (picture.height, picture.width)


def upright(data: bytes) -> bytes:
    """The same bytes; of a picture that is stored lying down or mirrored, a copy that is not, as sharp."""
    with Image.open(io.BytesIO(data)) as opened:
        if _turn(opened) == UPRIGHT:
            return data
        turned = ImageOps.exif_transpose(opened)
        out = io.BytesIO()
        kept = {"icc_profile": opened.info["icc_profile"]} if opened.info.get("icc_profile") else {}
        quality = {"quality": 95, "subsampling": 0} if opened.format == "JPEG" else {}
        turned.save(out, opened.format, exif=turned.getexif(), **kept, **quality)
    return out.getvalue()


def _turn(picture: Image.Image) -> int:
    turn = int(picture.getexif().get(ORIENTATION, UPRIGHT))
    return turn if turn in range(2, 9) else UPRIGHT
