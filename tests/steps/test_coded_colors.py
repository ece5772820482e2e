"""Colours of which a file tells by numbers are seen as they were meant, or refused: no decoder of ours looks at them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from needed import package
from PIL import Image, ImageCms
from steps_kit import numbers

from pressrun.graphics.color import inks
from pressrun.graphics.color.coded_colors import WIDE, profile_with, told_profile
from pressrun.graphics.photos import heic
from pressrun.graphics.photos.incoming import head_of, incoming
from pressrun.graphics.photos.photographs import upright
from pressrun.model.errors import PictureFailed

COLOR = (170, 120, 90)
P2020, P3, PQ, HLG, SRGB = 9, 12, 16, 18, 13
BOX = b"colrnclx"


def of(primaries: int) -> Image.Image:
    """The colour as the numbers of these primaries, with no profile in it."""
    if primaries not in WIDE:
        return Image.new("RGB", (24, 16), COLOR)
    there = ImageCms.ImageCmsProfile(io.BytesIO(profile_with(*WIDE[primaries])))
    flat = Image.new("RGB", (24, 16), COLOR)
    made = ImageCms.profileToProfile(flat, ImageCms.createProfile("sRGB"), there, renderingIntent=1)
    assert made is not None
    return Image.frombytes("RGB", made.size, made.tobytes())


def marked(png: bytes, primaries: int, curve: int) -> bytes:
    chunk = b"cICP" + bytes((primaries, curve, 0, 1))
    return png[:33] + struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]


def png(primaries: int, curve: int, profile: bytes = b"") -> bytes:
    out = io.BytesIO()
    of(primaries).save(out, "PNG", icc_profile=profile)
    return marked(out.getvalue(), primaries, curve)


def avif(primaries: int, curve: int) -> bytes:
    out = io.BytesIO()
    of(primaries).save(out, "AVIF", quality=100)
    data = bytearray(out.getvalue())
    at = data.index(BOX) + len(BOX)
    data[at : at + 4] = struct.pack(">2H", primaries, curve)
    return bytes(data)


def deep(primaries: int, curve: int) -> bytes:
    pixels = numpy.asarray(of(primaries)).astype(numpy.uint16) * 257
    return marked(bytes(package("imagecodecs").png_encode(pixels)), primaries, curve)


KINDS: list[Callable[[int, int], bytes]] = [png, avif]


@pytest.mark.parametrize("primaries", [1, P2020, P3])
@pytest.mark.parametrize("write", [*KINDS, pytest.param(deep, marks=pytest.mark.heavy)])
def test_wide_colours_are_seen_as_they_were_meant(write: Callable[[int, int], bytes], primaries: int) -> None:
    data = write(primaries, SRGB)
    for taken in (incoming(data, "shot").data, upright(data)):
        with Image.open(io.BytesIO(taken)) as opened:
            seen = numbers(inks.as_srgb(opened).convert("RGB"))[8, 12]
        assert abs(seen - COLOR).max() <= 3


def test_what_is_told_of_sRGB_keeps_its_bytes() -> None:
    assert incoming(data := png(1, SRGB), "shot.png").data == data


def test_numbers_go_before_the_profile_of_a_png() -> None:
    with Image.open(io.BytesIO(incoming(png(P3, SRGB, inks.srgb_profile()), "shot.png").data)) as opened:
        assert abs(numbers(inks.as_srgb(opened))[8, 12] - COLOR).max() <= 2


@pytest.mark.parametrize(("curve", "said"), [(PQ, "PQ"), (HLG, "HLG"), (8, "linear")])
@pytest.mark.parametrize("write", KINDS)
def test_colours_for_bright_screens_are_refused(write: Callable[[int, int], bytes], curve: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "shot"
    file.write_bytes(data := write(P2020, curve))
    looks = (lambda: incoming(data, "shot"), lambda: head_of(file, "shot"), lambda: upright(data))
    for look in looks:
        with pytest.raises(PictureFailed, match=said) as told:
            look()
        assert "SDR" in (told.value.hint or "")


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def numbered(primaries: int, curve: int) -> bytes:
    return box(b"colr", b"nclx", struct.pack(">3HB", primaries, curve, 9, 128))


def heic_of(main: int, *colors: bytes, version: int = 0) -> bytes:
    """What stands at the beginning of one, of so many pictures with a size and colours each, or none, counted from 1;
    nothing here writes the rest."""
    size = box(b"ispe", bytes(4), struct.pack(">2I", 24, 16))
    properties = [size, *(one for one in colors if one)]
    wide, index = ">I" if version else ">H", ">H" if version else ">B"
    entries = b""
    for number, one in enumerate(colors, 1):
        belong = [1, *([properties.index(one) + 1] if one else [])]
        essential = 1 << (15 if version else 7)
        read = b"".join(struct.pack(index, at | essential) for at in belong)
        entries += struct.pack(wide, number) + bytes([len(belong)]) + read
    flags = bytes([version, 0, 0, version])
    owned = box(b"ipma", flags, struct.pack(">I", len(colors)), entries)
    chosen = box(b"pitm", bytes([version, 0, 0, 0]), struct.pack(wide, main))
    begins = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    return begins + box(b"meta", bytes(4), chosen, box(b"iprp", box(b"ipco", *properties), owned))


def test_a_heic_that_tells_by_numbers_is_told_likewise() -> None:
    told = heic_of(1, numbered(P2020, PQ))
    assert heic.is_heic(told)
    with pytest.raises(PictureFailed, match="PQ"):
        incoming(told, "IMG_1.hif")


@pytest.mark.parametrize("version", [0, 1])
def test_the_colours_of_a_gain_map_are_not_those_of_its_picture(version: int) -> None:
    bright, wide = numbered(P2020, PQ), numbered(P3, SRGB)
    profile = box(b"colr", b"prof", inks.srgb_profile())
    p3 = profile_with(*WIDE[P3])
    assert told_profile(heic_of(2, bright, wide, version=version)) == p3
    assert told_profile(heic_of(1, wide, bright, version=version)) == p3
    assert told_profile(heic_of(2, profile, wide, version=version)) == p3
    assert told_profile(heic_of(1, profile, bright, version=version)) is None
    with pytest.raises(PictureFailed, match="PQ"):
        told_profile(heic_of(2, wide, bright, version=version))


def test_a_picture_of_tiles_has_the_colours_of_these() -> None:
    assert told_profile(heic_of(2, numbered(P3, SRGB), b"")) == profile_with(*WIDE[P3])


def test_what_breaks_off_tells_nothing_of_its_colours() -> None:
    whole = heic_of(1, numbered(P3, SRGB), numbered(P2020, PQ))
    assert all(told_profile(whole[:end]) in (None, profile_with(*WIDE[P3])) for end in range(12, len(whole)))
