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

from pressrun.graphics import heic, inks
from pressrun.graphics.coded_colors import WIDE, profile_with
from pressrun.graphics.incoming import head_of, incoming
from pressrun.graphics.photographs import upright
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


def test_a_heic_that_tells_by_numbers_is_told_likewise() -> None:
    """What stands at the beginning of one: nothing here writes the rest."""
    begins = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"
    told = begins + struct.pack(">I", 19) + BOX + struct.pack(">3HB", P2020, PQ, 9, 128)
    assert heic.is_heic(told)
    with pytest.raises(PictureFailed, match="PQ"):
        incoming(told, "IMG_1.hif")
