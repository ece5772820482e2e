"""Colours of which a file tells by numbers (ITU-T H.273), not by a profile: a PNG's cICP, an AVIF's or HEIC's nclx.

Nothing that decodes for us looks at them: colours of Display P3 would be taken for sRGB's and be too dull, and those
for bright screens be grey, all without a word.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from pressrun.graphics.inks import srgb_profile
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
DISPLAY_P3 = P3_PRIMARIES, "Display P3 ICC"[:13]
WIDE = {9: (P2020_PRIMARIES, "ITU-R BT.2020"), 12: DISPLAY_P3}
NOT_FOR_SCREENS = {8: "linear light", 16: "the curve PQ, for bright screens", 18: "the curve HLG, for bright screens"}
PNG, CHUNK, PIXELS = b"\x89PNG\r\n\x1a\n", b"cICP", b"IDAT"
BOX, PROFILES = b"colrnclx", (b"colrprof", b"colrrICC")
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
    """The same of a file in boxes, whose profile goes before its numbers. The first are those of the picture itself:
    behind them stand those of a gain map."""
    head = data[:HEAD] if data[4:8] == b"ftyp" else b""
    at = head.find(BOX)
    if at < 0 or len(head) < at + 12 or any(profile in head for profile in PROFILES):
        return 0, 0
    primaries, curve = struct.unpack_from(">2H", head, at + len(BOX))
    return primaries, curve
