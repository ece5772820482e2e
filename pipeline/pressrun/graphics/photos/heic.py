"""The one file that imports pi-heif (the extra `heic`): pictures as telephones keep them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from PIL import Image

from pressrun.graphics.color.coded_colors import told_profile
from pressrun.graphics.color.inks import as_srgb
from pressrun.model.errors import PictureFailed

BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
ENDINGS = (".heic", ".heif", ".hif")


def is_heic(data: bytes) -> bool:
    """Whether it is a HEIF file that HEVC has packed, as its first bytes say."""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS and b"avif" not in data[8:40]


def size_and_mode(file: IO[bytes] | Path) -> tuple[tuple[int, int], str]:
    """Width and height of its main picture as it is to be seen, and Pillow's name of what its pixels are in, told by
    what stands before these. Raises as :func:`as_png`."""
    with _decoding():
        opened = _opened(file)
        return opened.size, opened.mode


def as_png(data: bytes) -> bytes:
    """Its main picture in sRGB, standing upright. Raises PictureFailed where the extra is missing, or it cannot be
    decoded."""
    with _decoding():
        opened = _opened(io.BytesIO(data))
        picture = Image.frombytes(opened.mode, opened.size, bytes(opened.data), "raw", opened.mode, opened.stride)
    if profile := opened.info.get("icc_profile") or told_profile(data):
        picture.info["icc_profile"] = profile
    out = io.BytesIO()
    as_srgb(picture).save(out, "PNG", compress_level=1)
    return out.getvalue()


def number_in(data: bytes) -> int:
    """How many pictures it has, besides those that belong to another. Raises as :func:`as_png`."""
    with _decoding():
        return len(_opened(io.BytesIO(data)))


def told_in(data: bytes) -> tuple[bytes, bytes]:
    """What it says of itself: its Exif and its XMP, as far as it has them. Raises as :func:`as_png`."""
    with _decoding():
        info = _opened(io.BytesIO(data)).info
        return info.get("exif") or b"", info.get("xmp") or b""


def _opened(file: IO[bytes] | Path) -> Any:
    try:
        import pi_heif
    except ImportError as error:
        hint = "pip install 'pressrun[heic]', or save it as JPEG"
        raise PictureFailed("HEIC pictures need the extra `heic`, which is not installed", hint) from error
    return pi_heif.open_heif(file, convert_hdr_to_8bit=True)


@contextlib.contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except PictureFailed:
        raise
    except Exception as error:  # whatever the decoder raises
        raise PictureFailed(f"the HEIC picture cannot be decoded: {error}", "save it as JPEG") from error
