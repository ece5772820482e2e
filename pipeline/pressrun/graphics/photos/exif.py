"""Exif 2.32 for delivered pictures: what libraries read there first, in UTF-8 as the Metadata Working Group asks."""

from __future__ import annotations

import functools

from PIL import ExifTags, Image

from pressrun.model.rendering import Metadata

MOST = 2000  # bytes of a text, as IIM allows its description


def exif_of(metadata: Metadata) -> bytes:
    """Description, artist and copyright, as far as they are known; they say what the XMP beside them says."""
    return _written(metadata.description, metadata.creator, metadata.particulars.rights)


@functools.lru_cache(maxsize=64)  # most sheets say the same of themselves
def _written(description: str, artist: str, rights: str) -> bytes:
    said = {
        ExifTags.Base.ImageDescription: description,
        ExifTags.Base.Artist: artist,
        ExifTags.Base.Copyright: rights,
    }
    exif = Image.Exif()
    for tag, text in said.items():
        if text:
            exif[tag] = text.encode()[:MOST].decode("utf-8", "ignore").encode()
    return exif.tobytes() if len(exif) else b""
