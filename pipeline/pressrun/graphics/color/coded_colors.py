"""Colours of which a file tells by numbers (ITU-T H.273), not by a profile: a PNG's cICP, an AVIF's or HEIC's nclx.

Nothing that decodes for us looks at them: colours of Display P3 would be taken for sRGB's and be too dull, and those
for bright screens be grey, all without a word.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from pressrun.graphics.color.inks import srgb_profile
from pressrun.graphics.iso_boxes import iso_boxes
from pressrun.model.errors import PictureFailed

Primaries = Mapping[bytes, tuple[int, int, int]]

# Primaries adapted to D50, in 65536ths.
P3_PRIMARIES: Primaries = {  # of Display P3: SMPTE EG 432-1; ICC.1:2022, annex E
    b"rXYZ": (33758, 15808, -69),
    b"gXYZ": (19135, 45368, 2745),
    b"bXYZ": (10296, 4360, 51384),
}
P2020_PRIMARIES: Primaries = {  # ITU-R BT.2020, by Bradford's matrix
    b"rXYZ": (44137, 18287, -127),
    b"gXYZ": (10857, 44259, 1965),
    b"bXYZ": (8195, 2989, 52222),
}
DISPLAY_P3 = P3_PRIMARIES, "Display P3 IC"
WIDE = {9: (P2020_PRIMARIES, "ITU-R BT.2020"), 12: DISPLAY_P3}
NOT_FOR_SCREENS = {8: "linear light", 16: "the curve PQ, for bright screens", 18: "the curve HLG, for bright screens"}
PNG, CHUNK, PIXELS = b"\x89PNG\r\n\x1a\n", b"cICP", b"IDAT"
COLORS, NUMBERS, PROFILES = b"colr", b"nclx", (b"prof", b"rICC")
HEAD = 65_536  # bytes in which a file tells of its colours
_NAMED = "sRGB built-in"


def told_profile(data: bytes, name: str = "the picture") -> bytes | None:
    """The profile of the colours that a file tells of by numbers, where they are not sRGB's, and no profile of its own
    goes before them. Raises PictureFailed where they are not as ordinary screens show them."""
    primaries, curve = _png(data) if data.startswith(PNG) else _boxed(data)
    if curve in NOT_FOR_SCREENS:
        message = f"{name} has its colours in {NOT_FOR_SCREENS[curve]}"
        raise PictureFailed(message, "save it for ordinary screens (SDR, sRGB or Display P3)")
    return profile_with(*WIDE[primaries]) if primaries in WIDE else None


def profile_with(primaries: Primaries, name: str) -> bytes:
    """sRGB's own profile, and so its curve, with other primaries and another ``name`` of 13 letters, as many as its own
    has."""
    data = bytearray(srgb_profile())
    for number in range(int.from_bytes(data[128:132], "big")):
        entry = 132 + 12 * number
        tag, at = bytes(data[entry : entry + 4]), int.from_bytes(data[entry + 4 : entry + 8], "big")
        if tag in primaries:
            data[at + 8 : at + 20] = struct.pack(">3i", *primaries[tag])
    return bytes(data).replace(_NAMED.encode("utf-16-be"), name.encode("utf-16-be"))


def _png(data: bytes) -> tuple[int, int]:
    """Primaries and curve as its chunk says, which goes before its profile (PNG, third edition, 4.3); else zeros."""
    at = len(PNG)
    while at + 12 <= len(data) and data[at + 4 : at + 8] != PIXELS:
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == CHUNK and length == 4:
            return data[at + 8], data[at + 9]
        at += 12 + length
    return 0, 0


def _boxed(data: bytes) -> tuple[int, int]:
    """The same of a file in boxes (ISO/IEC 23008-12), whose profile goes before its numbers."""
    told = _colors_of_picture(data[:HEAD]) if data[4:8] == b"ftyp" else []
    numbers = next((one[4:8] for one in told if one.startswith(NUMBERS)), b"")
    if len(numbers) < 4 or any(one.startswith(PROFILES) for one in told):
        return 0, 0
    primaries, curve = struct.unpack(">2H", numbers)
    return primaries, curve


def _colors_of_picture(data: bytes) -> list[bytes]:
    """What is told of the colours of the main picture: those of others, as of a gain map, may stand before it. Where a
    picture of tiles leaves it to them, what is told first."""
    meta = b"".join(body[4:] for kind, body in _boxes(data) if kind == b"meta")
    main: bytes = b""
    properties: list[tuple[bytes, bytes]] = []
    belonging: dict[int, list[int]] = {}
    for kind, body in _boxes(meta):
        if kind == b"pitm":
            main = body[4:]
        elif kind == b"iprp":
            for part, inside in _boxes(body):
                if part == b"ipco":
                    properties = list(_boxes(inside))
                elif part == b"ipma":
                    belonging |= _belonging(inside)
    wanted = [at - 1 for at in belonging.get(int.from_bytes(main), ()) if 0 < at <= len(properties)]
    own = [properties[at][1] for at in wanted if properties[at][0] == COLORS]
    return own or [body for kind, body in properties if kind == COLORS][:1]


def _belonging(data: bytes) -> dict[int, list[int]]:
    """Which properties, counted from 1, each picture has."""
    wide, large = 4 if data[:1] > b"\0" else 2, 2 if data[3:4] > b"\0" and data[3] & 1 else 1
    found: dict[int, list[int]] = {}
    at = 8
    while at + wide < len(data):
        first, count = at + wide + 1, data[at + wide]
        read = (data[first + large * one : first + large * (one + 1)] for one in range(count))
        essential = 1 << (8 * large - 1)
        found[int.from_bytes(data[at : at + wide])] = [int.from_bytes(one) & ~essential for one in read]
        at = first + large * count
    return found


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind of each box, and what is in it, as far as it is there."""
    return ((kind, data[begins:end]) for kind, begins, end in iso_boxes(data))
