"""Every kind of file in which a picture comes is seen as it was meant, or refused with what to do."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any

import needed
import numpy
import pi_heif
import pytest
from PIL import Image, ImageCms
from steps_kit import numbers
from unmarked_jpeg import unmarked

from pressrun.graphics.color import inks
from pressrun.graphics.photos import heic
from pressrun.graphics.photos.incoming import incoming
from pressrun.graphics.photos.outgoing import display_p3_profile
from pressrun.graphics.photos.photographs import upright, widely_read
from pressrun.model.errors import PictureFailed

COLOR = (170, 120, 90)
FOGRA = inks.load_profile("fogra39-300", inks.Path())


def flat(color: Any = COLOR, mode: str = "RGB", size: tuple[int, int] = (24, 16)) -> Image.Image:
    return Image.new(mode, size, color)


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def in_space(profile: bytes, mode: str = "RGB") -> Image.Image:
    """The colour, as numbers of a profile."""
    there = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    made = ImageCms.profileToProfile(flat(), ImageCms.createProfile("sRGB"), there, outputMode=mode, renderingIntent=1)
    assert made is not None
    return made


def adobe_rgb() -> bytes:
    """sRGB's profile with the primaries of Adobe RGB (1998), adapted to D50, and its gamma of 563/256."""
    data = bytearray(inks.srgb_profile().replace("sRGB".encode("utf-16-be"), "aRGB".encode("utf-16-be")))
    curve = None
    for number in range(int.from_bytes(data[128:132], "big")):
        entry = 132 + 12 * number
        tag, at = bytes(data[entry : entry + 4]), int.from_bytes(data[entry + 4 : entry + 8], "big")
        primaries = {b"rXYZ": (0.60974, 0.31111, 0.01947), b"gXYZ": (0.20528, 0.62567, 0.06087), b"bXYZ": (0.14919, 0.06322, 0.74457)}
        if tag in primaries:
            data[at + 8 : at + 20] = struct.pack(">3i", *(round(part * 65536) for part in primaries[tag]))
        if tag == b"rTRC":
            curve = at
    assert curve
    data[curve : curve + 16] = b"para" + bytes(8) + struct.pack(">i", 144179)  # one number: a power
    return bytes(data)


def gray_profile(gamma: float) -> bytes:
    """A grey profile of version 2: a white point and a curve."""
    tags = [(b"desc", b"desc\0\0\0\0" + struct.pack(">I", 5) + b"gray\0" + b"\0" * 78), (b"cprt", b"text\0\0\0\0none\0"),
            (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)),
            (b"kTRC", b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)))]  # fmt: skip
    at, index, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags:
        data += b"\0" * (-len(data) % 4)
        index += name + struct.pack(">2I", at + len(body), len(data))
        body += data
    head = struct.pack(">I4xI4s4s4s12x", at + len(body), 0x02400000, b"mntr", b"GRAY", b"XYZ ") + b"acsp"
    return (head + b"\0" * 28 + struct.pack(">3i", 63190, 65536, 54061)).ljust(128, b"\0") + index + body


def deep(profile: bytes | None = None, alpha: bool = False) -> numpy.ndarray:
    """Colours of 16 bits: sRGB, or what a profile has for it."""
    pixel = numpy.array([*(part * 257 for part in COLOR), *([40_000] if alpha else [])], numpy.uint16)
    return numpy.broadcast_to(pixel, (16, 24, len(pixel))).copy()


def codecs() -> Any:
    return needed.package("imagecodecs")


def lab() -> bytes:
    made = ImageCms.profileToProfile(flat(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB")
    assert made is not None
    return saved(made, "TIFF")


def heic_written() -> bytes:
    """Of a file that is not decoded: what stands at its beginning."""
    return struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"


SEEN: dict[str, tuple[Callable[[], bytes], int]] = {
    "png": (lambda: saved(flat(), "PNG"), 0),
    "jpeg": (lambda: saved(flat(), "JPEG", quality=95), 2),
    "webp": (lambda: saved(flat(), "WEBP", lossless=True), 0),
    "avif": (lambda: saved(flat(), "AVIF", quality=100), 3),
    "tiff": (lambda: saved(flat(), "TIFF"), 0),
    "bmp": (lambda: saved(flat(), "BMP"), 0),
    "palette": (lambda: saved(flat().quantize(4), "PNG"), 1),
    "display-p3": (lambda: saved(in_space(display_p3_profile()), "PNG", icc_profile=display_p3_profile()), 2),
    "adobe-rgb": (lambda: saved(in_space(adobe_rgb()), "PNG", icc_profile=adobe_rgb()), 2),
    "display-p3-tiff": (lambda: saved(in_space(display_p3_profile()), "TIFF", icc_profile=display_p3_profile()), 2),
    "adobe-rgb-avif": (lambda: saved(in_space(adobe_rgb()), "AVIF", quality=100, icc_profile=adobe_rgb()), 3),
    "cmyk-tiff": (lambda: saved(in_space(FOGRA.data, "CMYK"), "TIFF", icc_profile=FOGRA.data), 9),
    "cmyk-jpeg": (lambda: saved(in_space(FOGRA.data, "CMYK"), "JPEG", quality=98, icc_profile=FOGRA.data), 8),
    "cmyk-alone": (lambda: saved(in_space(FOGRA.data, "CMYK"), "TIFF", icc_profile=b""), 9),
    "cmyk-jpeg-alone": (lambda: saved(in_space(FOGRA.data, "CMYK"), "JPEG", quality=98, icc_profile=b""), 8),
    "cmyk-jpeg-unmarked": (lambda: unmarked(in_space(FOGRA.data, "CMYK"), icc_profile=FOGRA.data), 8),
    "lab": (lab, 3),
}
DEEP: dict[str, Callable[[], bytes]] = {
    "deep-png": lambda: codecs().png_encode(deep()),
    "deep-tiff": lambda: codecs().tiff_encode(deep(), photometric="rgb"),
    "deep-alpha": lambda: codecs().png_encode(deep(alpha=True)),
}
ALL = [*SEEN, *(pytest.param(kind, marks=pytest.mark.heavy) for kind in DEEP)]


@pytest.mark.parametrize("kind", ALL)
def test_a_picture_is_seen_as_it_was_meant(kind: str) -> None:
    write, by = SEEN[kind] if kind in SEEN else (DEEP[kind], 0)
    data = write()
    taken = incoming(data, f"shot.{kind}")
    with Image.open(io.BytesIO(taken.data)) as opened:
        seen = numbers(inks.as_srgb(opened).convert("RGB"))[8, 12]
        assert opened.info.get("icc_profile", FOGRA.data) == FOGRA.data or taken.data == data, "a profile that is made has the time in it"
    assert abs(seen - COLOR).max() <= by
    code = {"alone": "no-profile", "unmarked": "unmarked-inks"}.get(kind.rpartition("-")[2])
    assert [one.code for one in taken.findings] == ([code] if code else [])


@pytest.mark.parametrize(("gamma", "wanted"), [(1.0, 188), (2.2, 128), (1.8, 145)])
@pytest.mark.parametrize("mode", ["L", "LA"])
def test_grey_has_a_profile_too(gamma: float, wanted: int, mode: str) -> None:
    picture = flat(128, "L").convert(mode)
    with Image.open(io.BytesIO(saved(picture, "PNG", icc_profile=gray_profile(gamma)))) as opened:
        assert abs(numbers(inks.as_srgb(opened).convert("RGB"))[8, 12] - wanted).max() <= 2


def dark() -> bytes:
    """256 steps within the six darkest levels of eight bits."""
    levels = numpy.broadcast_to(numpy.arange(256, dtype=numpy.uint16)[None, :, None] * 6, (4, 256, 3))
    return bytes(codecs().png_encode(levels.copy()))


@pytest.mark.heavy
def test_dark_levels_of_16_bits_are_rounded_and_not_cut_off() -> None:
    with Image.open(io.BytesIO(incoming(dark(), "scan.png").data)) as opened:
        assert (numbers(opened)[0, :, 0] == numpy.rint(numpy.arange(256) * 6 / 257)).all()


@pytest.mark.heavy
@pytest.mark.parametrize("write", [dark, DEEP["deep-tiff"]])
@pytest.mark.parametrize("read", [lambda data: incoming(data, "x"), upright, lambda data: upright(widely_read(data))])
def test_without_the_extra_16_bits_are_refused_and_never_cut_off(
    write: Callable[[], bytes], read: Callable[[bytes], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = write()  # it takes its codecs when they are first asked for
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with pytest.raises(PictureFailed, match="16 bits") as told:
        read(written)
    assert "pressrun[deep]" in (told.value.hint or "")


def test_without_the_extra_heic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert heic.is_heic(heic_written())
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(PictureFailed, match="HEIC") as told:
        incoming(heic_written(), "shot.heic")
    assert "pressrun[heic]" in (told.value.hint or "")


def test_heic_is_decoded_by_its_own_library(monkeypatch: pytest.MonkeyPatch) -> None:
    class Opened:
        mode, size, stride, data, info = "RGB", (2, 1), 8, bytes((*COLOR, *COLOR, 0, 0)), {"icc_profile": None}

    monkeypatch.setattr(pi_heif, "open_heif", lambda file, **how: Opened())
    with Image.open(io.BytesIO(incoming(heic_written(), "shot.heic").data)) as opened:
        assert opened.getpixel((1, 0)) == COLOR
    monkeypatch.undo()
    with pytest.raises(PictureFailed, match="decoded"):
        incoming(heic_written(), "shot.heic")


@pytest.mark.parametrize("turn", [1, 6])
def test_inks_that_nobody_calls_turned_over_are_taken_as_they_stand(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    data = unmarked(flat((0, 200, 160, 20), "CMYK"), exif=exif, icc_profile=FOGRA.data)
    with Image.open(io.BytesIO(upright(data))) as marked, Image.open(io.BytesIO(data)) as opened:
        assert "adobe" in marked.info
        assert marked.info["icc_profile"] == FOGRA.data
        assert marked.size == ((24, 16) if turn == 1 else (16, 24))
        assert abs(numbers(marked)[8, 8] - (0, 200, 160, 20)).max() <= 3
        assert abs(numbers(inks.as_srgb(marked))[8, 8] - numbers(inks.as_srgb(opened))[8, 8]).max() <= 4


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_a_picture_stands_upright(kind: str, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    taken = incoming(saved(flat(), kind, exif=exif), "shot")
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert opened.size == ((24, 16) if turn < 5 else (16, 24))


@pytest.mark.parametrize(("kind", "how", "by"), [("WEBP", {"lossless": True}, 0), ("JPEG", {"quality": 95, "subsampling": 0}, 1)])
def test_what_is_turned_upright_is_as_sharp(kind: str, how: dict[str, Any], by: float) -> None:
    """As far as it is written anew: a photograph's noise would be gone in a WebP of the usual quality."""
    exif = Image.Exif()
    exif[0x0112] = 3
    noise = Image.effect_noise((64, 48), 60).convert("RGB")
    with Image.open(io.BytesIO(saved(noise, kind, exif=exif, **how))) as stored:
        wanted = numbers(stored)[::-1, ::-1]
    with Image.open(io.BytesIO(incoming(saved(noise, kind, exif=exif, **how), "shot").data)) as opened:
        assert abs(numbers(opened) - wanted).mean() <= by


def several(kind: str) -> bytes:
    return saved(flat(), kind, save_all=True, append_images=[flat("blue")])


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "GIF", "PNG", "MPO"])
def test_of_several_pictures_the_first_is_taken_and_that_is_said(kind: str) -> None:
    taken = incoming(several(kind), "shot")
    assert [one.code for one in taken.findings] == ["several-pictures"]
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert abs(numbers(inks.as_srgb(opened).convert("RGB"))[8, 12] - COLOR).max() <= 4


def test_a_gain_map_is_left_out_and_that_is_said() -> None:
    xmp = b'<x xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"/>'
    taken = incoming(saved(flat(), "JPEG", xmp=xmp), "shot.jpg")
    assert [one.code for one in taken.findings] == ["gain-map"]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_which_profile_was_taken_for_inks_without_one_is_said(kind: str) -> None:
    [told] = incoming(saved(flat((0, 80, 60, 10), "CMYK"), kind), "shot").findings
    assert (told.code, told.is_error) == ("no-profile", False)
    assert "fogra39-300" in told.message
    assert not incoming(saved(in_space(FOGRA.data, "CMYK"), kind, icc_profile=FOGRA.data), "shot").findings


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("PNG", "shot.jpg", "shot.jpg is PNG, not JPEG"),
        ("JPEG", "shot.PNG", "shot.PNG is JPEG, not PNG"),
        ("JPEG", "shot.heic", "shot.heic is JPEG, not HEIC"),
        ("JPEG", "shot.jpeg", ""),
        ("TIFF", "shot.tif", ""),
        ("PNG", "shot", ""),
        ("PNG", "shot.old", ""),
    ],
)
def test_a_file_of_another_kind_than_its_name_says_is_told(kind: str, name: str, said: str) -> None:
    told = incoming(saved(flat(), kind), name).findings
    assert [one.code for one in told] == (["wrong-ending"] if said else [])
    assert all(said in one.message for one in told)


def dng() -> bytes:
    from PIL import TiffImagePlugin

    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\x01\x04\x00\x00"
    return saved(flat(), "TIFF", tiffinfo=tags)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("shot.NEF", b"MM\0*" + bytes(40)),
        ("shot.cr2", b"II*\0\x10\0\0\0CR\x02\0" + bytes(20)),
        ("renamed.tif", b"II*\0\x10\0\0\0CR\x02\0" + bytes(20)),
        ("renamed.jpg", struct.pack(">I", 24) + b"ftypcrx " + bytes(20)),
        ("shot.raf", b"FUJIFILMCCD-RAW 0201"),
        ("renamed.dat", b"FUJIFILMCCD-RAW 0201"),
        ("shot.rw2", b"IIU\0" + bytes(20)),
        ("renamed.tiff", dng()),
    ],
)
def test_camera_raw_is_to_be_developed_first(name: str, data: bytes) -> None:
    with pytest.raises(PictureFailed, match="camera raw") as told:
        incoming(data, name)
    assert "develop" in (told.value.hint or "")


def gigantic() -> bytes:
    data = bytearray(saved(flat(), "PNG"))
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said", "hint"),
    [
        (b"", "is empty", "save or send it again"),
        (saved(flat(), "TIFF", tiffinfo={339: (3, 3, 3)}), "floating point", "save it with 8 or 16 bits"),
    ],
)
def test_why_nothing_opens_a_file_is_told(data: bytes, said: str, hint: str) -> None:
    with pytest.raises(PictureFailed, match=said) as told:
        incoming(data, "shot.tif")
    assert told.value.hint == hint


def inks_of_16_bits() -> bytes:
    """A TIFF of one white pixel, by hand: the libraries write none."""
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 4, 8), (259, 3, 1, 1), (262, 3, 1, 5), (273, 4, 1, 16), (277, 3, 1, 4),
            (278, 3, 1, 1), (279, 4, 1, 8)]  # fmt: skip
    entries = b"".join(struct.pack("<HHI", tag, kind, count) + struct.pack("<I", value) for tag, kind, count, value in tags)
    bits = struct.pack("<4H", 16, 16, 16, 16)
    return b"II*\0" + struct.pack("<I", 24) + bits + bytes(8) + struct.pack("<H", len(tags)) + entries + bytes(4)


@pytest.mark.heavy
def test_inks_of_16_bits_are_refused_with_what_to_do() -> None:
    needed.package("imagecodecs")
    with pytest.raises(PictureFailed, match="is CMYK of 16 bits") as told:
        incoming(inks_of_16_bits(), "scan.tif")
    assert told.value.hint == "save it with 8 bits, or in RGB"


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", saved(flat(), "PNG")[:60], gigantic(), b"\0" * 5000])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureFailed):
        incoming(data, "shot.png")


@pytest.mark.parametrize("kind", ["AVIF", "WEBP", "GIF", "TIFF", "PNG", "JPEG", "BMP"])
@pytest.mark.parametrize("part", [2 / 3, 0.1])
def test_what_breaks_off_is_told_as_that_and_not_as_another_kind(kind: str, part: float) -> None:
    whole = saved(Image.effect_noise((64, 64), 80).convert("RGB"), kind)
    with pytest.raises(PictureFailed) as failed:
        incoming(whole[: int(len(whole) * part)], "photo")
    assert "photo cannot be decoded" in failed.value.message
    assert failed.value.hint == "save or send it again"
