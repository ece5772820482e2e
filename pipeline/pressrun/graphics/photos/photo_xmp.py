"""The XMP that a picture file carries, read with caution: it comes from anywhere."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from PIL import Image, TiffImagePlugin

MOST_BYTES = 4_000_000
XMP_TAG, PNG_KEY = 700, "XML:com.adobe.xmp"  # where TIFF and PNG have it


def xmp_of(picture: Image.Image) -> ElementTree.Element | None:
    """Its packet; None where it has none, or none that can be read."""
    packet = picture.info.get("xmp") or picture.info.get(PNG_KEY)
    if packet is None and isinstance(picture, TiffImagePlugin.TiffImageFile):
        packet = picture.tag_v2.get(XMP_TAG)
    return xmp_in(packet)


def xmp_in(packet: bytes | str | None) -> ElementTree.Element | None:
    """A packet read; None of one that cannot be."""
    if not packet or len(packet) > MOST_BYTES:
        return None
    text = packet if isinstance(packet, bytes) else str(packet).encode()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        return None
    try:
        return ElementTree.fromstring(text.strip(b"\0 \r\n"))
    except (ElementTree.ParseError, ValueError):
        return None
