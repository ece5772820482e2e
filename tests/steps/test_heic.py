"""HEIC of a real encoder: `heif-enc` of Debian's libheif-examples, as nothing that may go with Pressrun writes it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from needed import tool
from PIL import Image, ImageCms
from steps_kit import numbers

from pressrun.graphics.color import inks
from pressrun.graphics.photos.incoming import head_of, incoming
from pressrun.graphics.photos.outgoing import display_p3_profile
from pressrun.graphics.photos.photo_credits import credit_of
from pressrun.model.errors import PictureFailed

pytestmark = pytest.mark.heavy
COLOR = (170, 120, 90)


def flat(color: Any = COLOR, mode: str = "RGB", size: tuple[int, int] = (65, 47)) -> Image.Image:
    return Image.new(mode, size, color)


@pytest.fixture
def packed(tmp_path: Path) -> Any:
    """Pictures as the bytes of one HEIC."""

    def pack(*pictures: Image.Image, kind: str = "png", **how: Any) -> bytes:
        files = [tmp_path / f"{number}.{kind}" for number in range(len(pictures))]
        for file, picture in zip(files, pictures, strict=True):
            picture.save(file, **how)
        tool("heif-enc", "-q", "95", "-o", tmp_path / "made.heic", *files)
        return (tmp_path / "made.heic").read_bytes()

    return pack


def test_a_heic_is_seen_as_it_was_meant(packed: Any) -> None:
    taken = incoming(data := packed(flat()), "shot.heic")
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert (opened.format, opened.mode, opened.size) == ("PNG", "RGB", (65, 47))
        assert abs(numbers(opened)[8, 12] - COLOR).max() <= 2
    assert (taken.findings, head_of(io.BytesIO(data), "shot.heic").seen) == ((), (65, 47))


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_its_profile_is_heeded(packed: Any, kind: str) -> None:
    p3 = display_p3_profile()
    there = ImageCms.ImageCmsProfile(io.BytesIO(p3))
    made = ImageCms.profileToProfile(flat(), ImageCms.createProfile("sRGB"), there, renderingIntent=1)
    with Image.open(io.BytesIO(incoming(packed(made, kind=kind, icc_profile=p3), "shot.heic").data)) as opened:
        assert abs(numbers(inks.as_srgb(opened))[8, 12] - COLOR).max() <= 3


def test_what_is_transparent_stays_so(packed: Any) -> None:
    data = packed(flat((*COLOR, 128), "RGBA"))
    head = head_of(io.BytesIO(data), "shot.heic")
    assert (head.mode, head.transparent) == ("RGBA", True)
    with Image.open(io.BytesIO(incoming(data, "shot.heic").data)) as opened:
        assert opened.mode == "RGBA"
        assert abs(numbers(opened)[8, 12] - (*COLOR, 128)).max() <= 2


def test_of_several_the_first_is_taken_and_that_is_said(packed: Any) -> None:
    taken = incoming(packed(flat(), flat("blue")), "shot.heic")
    assert [one.code for one in taken.findings] == ["several-pictures"]
    with Image.open(io.BytesIO(taken.data)) as opened:
        assert abs(numbers(opened)[8, 12] - COLOR).max() <= 2


def test_its_photographer_is_read(packed: Any) -> None:
    exif = Image.Exif()
    exif[0x8298] = "Nord"
    assert dict(credit_of(packed(flat(), kind="jpg", exif=exif))) == {"rights": "Nord"}


def test_one_that_breaks_off_is_refused(packed: Any) -> None:
    data = packed(Image.effect_noise((320, 240), 60).convert("RGB"))
    with pytest.raises(PictureFailed, match="decoded"):
        incoming(data[: len(data) // 2], "shot.heic")
