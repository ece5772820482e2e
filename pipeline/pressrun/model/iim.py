"""The IPTC's older metadata (IIM 4.2), which many libraries still read from JPEG and TIFF: in UTF-8, cut to the lengths
that it allows, with the digest by which readers see that it says the same as the XMP beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from pressrun.model.rendering import Metadata

_UTF8 = b"\x1b%G"  # ISO 2022's announcement of it, in dataset 1:90
_IIM, _DIGEST = 0x0404, 0x0425  # resources of Photoshop's block: the metadata, and the MD5 of them
PHOTOSHOP = b"Photoshop 3.0\0"
MOST_KEYWORDS = 200


def iim(metadata: Metadata) -> bytes:
    """The datasets of a file, as TIFF has them in its tag 33723."""
    record = b"".join(_dataset(2, number, text, most) for number, text, most in _said(metadata) if text)
    return _raw(1, 90, _UTF8) + _raw(2, 0, b"\0\4") + record


def app13(metadata: Metadata) -> bytes:
    """The segment that JPEG has them in."""
    data = iim(metadata)
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    block = PHOTOSHOP + _resource(_IIM, data) + _resource(_DIGEST, digest)
    return b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block


def _said(metadata: Metadata) -> Iterator[tuple[int, str, int]]:
    """Each dataset of record 2: its number, text and length in bytes at most."""
    more, date = metadata.particulars, dt.datetime.fromtimestamp(metadata.date, dt.UTC)
    yield 5, metadata.title, 64
    yield from ((25, word, 64) for word in more.keywords[:MOST_KEYWORDS])
    yield 55, f"{date:%Y%m%d}", 8
    yield 60, f"{date:%H%M%S}+0000", 11
    yield 80, metadata.creator, 32
    yield 90, more.city, 32
    yield 92, more.sublocation, 32
    yield 95, more.region, 32
    yield 100, more.country_code, 3
    yield 101, more.country, 64
    yield 110, more.credit, 32
    yield 116, more.rights, 128
    yield 120, metadata.description, 2000


def _dataset(record: int, number: int, text: str, most: int) -> bytes:
    return _raw(record, number, text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore").encode())


def _raw(record: int, number: int, data: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(data).to_bytes(2, "big") + data


def _resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
