"""Pictures as they come, from cameras, people and servers: what they are, and which way up they are seen."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from pressrun.graphics.color.coded_colors import told_profile
from pressrun.graphics.color.inks import as_meant, as_srgb, is_of_other_profile, is_unmarked
from pressrun.graphics.photos import deep_pictures, heic
from pressrun.model.errors import PictureFailed
from pressrun.model.job import MOST_PIXELS
from pressrun.model.provenance import Pixels

# Pillow's names of the kinds that are taken. MPO is a JPEG as cameras and telephones write it, with a depth map, a gain
# map or a second view behind the picture itself.
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp", "TIFF": "image/tiff"}
READERS = ("PNG", "JPEG", "WEBP", "TIFF")  # Pillow's own, that open them: the one for JPEG finds out what is an MPO
READ = (*READERS, "AVIF", "GIF", "BMP")  # the kinds that Pillow reads for us
WIDELY_READ = ("PNG", "JPEG", "MPO", "WEBP")  # by servers and browsers
WITHOUT_WHITE = ("I", "F")  # Pillow's modes of grey with 32 bits: measurements, of which nothing says what is white
_AS_SHARP: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True, "method": 0}
}  # fmt: skip
CAME_BACK, AGAIN = "the picture that came back", "save or send it again"
ORIENTATION, UPRIGHT = 0x0112, 1  # Exif's tag, and its word for a picture that is stored as it is to be seen


def verified(data: bytes, name: str = "") -> Pixels:
    """What a picture is, told from its bytes and decoded to the end: that in a file of this name, or one that came back
    from a provider. Raises PictureFailed."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            kind, size = picture.format or "", picture.size
            if size[0] * size[1] > MOST_PIXELS:
                raise ValueError(f"{size[0]} x {size[1]} pixels are too many")
            picture.load()
    except UnidentifiedImageError as error:  # its text names an address in memory
        raise PictureFailed(f"{name or CAME_BACK} is no picture", AGAIN if name else None) from error
    except Exception as error:  # Pillow's decoders raise many kinds
        raise PictureFailed(f"{name or CAME_BACK} cannot be decoded: {error}", AGAIN if name else None) from error
    if kind not in KINDS or kind == "TIFF":
        raise PictureFailed(f"{name or CAME_BACK} is {kind or 'of no known kind'}, not PNG, JPEG or WebP")
    return Pixels(KINDS[kind], size)


def seen_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as it is to be seen: a camera may have stored it lying on its side. Told by what stands before
    its pixels: for what stands behind them, Pillow would decode a PNG."""
    told = picture.format != "PNG" or "exif" in picture.info
    return picture.size if not told or turn_of(picture) < 5 else (picture.height, picture.width)


def upright(data: bytes) -> bytes:
    """The same bytes; of a picture that is stored lying down or mirrored, a copy that is not, as sharp; of a JPEG in
    inks without Adobe's marker, one that has it; of one with colours of 16 bits, one of 8; of one whose wide colours
    are told by numbers, one in sRGB. Raises PictureFailed as :func:`widely_read`, and where that takes an extra that
    is not installed."""
    if told_profile(data):
        return widely_read(data)
    with Image.open(io.BytesIO(data)) as opened:
        if deep_pictures.is_deep(opened):
            return deep_pictures.as_png(data, opened.format or "")
        if turn_of(opened) == UPRIGHT and not is_unmarked(opened):
            return data
        turned = ImageOps.exif_transpose(as_meant(opened))
        out = io.BytesIO()
        kept = {"icc_profile": opened.info["icc_profile"]} if opened.info.get("icc_profile") else {}
        kind = "JPEG" if opened.format == "MPO" else opened.format
        turned.save(out, kind, exif=turned.getexif(), **kept, **_AS_SHARP.get(kind or "", {}))
    return out.getvalue()


def widely_read(data: bytes) -> bytes:
    """The same bytes; of a kind that not every server and browser reads, or reads whole, or whose wide colours are told
    by numbers, the first picture as a PNG in sRGB. Raises what Pillow does, as :func:`upright`, and PictureFailed for
    colours for bright screens, and for HEIC where its extra is missing."""
    if heic.is_heic(data):
        return heic.as_png(data)
    told = told_profile(data)
    with Image.open(io.BytesIO(data), formats=READ) as opened:
        if opened.format in WIDELY_READ and not told:
            return data
        if deep_pictures.is_deep(opened):
            return deep_pictures.as_png(data, opened.format or "")
        if told:
            opened.info["icc_profile"] = told
        out = io.BytesIO()
        as_srgb(ImageOps.exif_transpose(opened)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def in_light(data: bytes) -> bytes:
    """The same bytes; of a JPEG in inks one in sRGB, as large and turned as it was: what looks at it may take inks for
    anything. Raises what Pillow does."""
    with Image.open(io.BytesIO(data), formats=READ) as opened:
        if opened.mode != "CMYK":
            return data
        out = io.BytesIO()
        as_srgb(opened).save(out, "JPEG", quality=95, subsampling=0, exif=opened.getexif())
    return out.getvalue()


def in_srgb(data: bytes) -> bytes:
    """The same bytes; of a picture in inks or of another profile's colours one in sRGB, as large and turned as it was:
    models take every number for sRGB's. JPEGs stay JPEGs, others become PNGs. Raises what Pillow does."""
    with Image.open(io.BytesIO(data), formats=READ) as opened:
        if opened.mode != "CMYK" and not is_of_other_profile(opened):
            return data
        out = io.BytesIO()
        exif, seen = opened.getexif(), as_srgb(opened)
        if opened.format in ("JPEG", "MPO"):
            seen.save(out, "JPEG", quality=95, subsampling=0, exif=exif)
        else:
            seen.save(out, "PNG", compress_level=1, exif=exif)
    return out.getvalue()


def is_opaque(data: bytes) -> bool:
    """Whether it has no alpha channel and no transparent colour, as what stands before its pixels says: these are not
    decoded. Raises what Pillow does."""
    with Image.open(io.BytesIO(data), formats=READERS) as opened:
        return not opened.has_transparency_data


def turn_of(picture: Image.Image) -> int:
    """How it is stored, by Exif's number of it."""
    turn = int(picture.getexif().get(ORIENTATION, UPRIGHT))
    return turn if turn in range(2, 9) else UPRIGHT
