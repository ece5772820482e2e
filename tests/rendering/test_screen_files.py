"""PNG, JPEG, WebP, AVIF and the proof: pixels, colour tag and metadata, read back with Pillow and exiftool."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from rendering_kit import DATE, Press, Rendered, brand

from pressrun.model.rendering import Metadata
from pressrun.model.xmp import xmp_packet

PAGE = """
page: {trim: 301px x 203px}
target: screen
formats: [png, jpeg, webp, avif]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: shape, id: patch, fill: flame, box: {width: 100px, height: 100px}}
  - {type: text, id: words, text: Screen, color: [ink, paper], size: 20px, box: {y: 120px, height: 40px}}
"""
PRINT = """
page: {trim: [30mm, 20mm], bleed: 3mm}
target: print
formats: [proof-png]
layers: [{type: image, id: hero, picture: hero, box: {in: bleed}}]
"""
KINDS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "avif": "AVIF", "proof-png": "PNG"}
TITLE, DESCRIPTION = "Kaffee & “Küche” <neu>", "กาแฟ · قهوة\nzweite Zeile"


@pytest.fixture(scope="module")
def made(press: Press) -> Rendered:
    content: dict[str, Any] = {"slots": {"hero": ["quadrants"]}, "title": TITLE, "description": DESCRIPTION}
    screen, proof = press.render(PAGE, locale="de-DE", **content), press.render(PRINT, locale="de-DE", **content)
    return Rendered({**screen.files, **proof.files}, screen.facts)


@pytest.mark.parametrize("format", KINDS)
def test_kind_and_size(made: Rendered, format: str) -> None:
    with Image.open(io.BytesIO(made.files[format])) as picture:
        assert picture.format == KINDS[format]
        wanted = (round(36 / 25.4 * 220), round(26 / 25.4 * 220)) if format == "proof-png" else (301, 203)
        assert picture.size == wanted
        assert picture.mode == "RGB"


@pytest.mark.parametrize("format", KINDS)
def test_tagged_as_srgb(made: Rendered, format: str) -> None:
    with Image.open(io.BytesIO(made.files[format])) as picture:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "avif"])
def test_the_brands_colour_is_exact_up_to_the_encoding(made: Rendered, format: str) -> None:
    ink = brand().palette["flame"].srgb
    wanted = [int(ink[at : at + 2], 16) for at in (1, 3, 5)]
    assert made.picture(format).getpixel((50, 50)) == pytest.approx(wanted, abs=0 if format == "png" else 8)


def test_formats_show_the_same_page(made: Rendered) -> None:
    png, *others = (numpy.asarray(made.picture(name)).astype(int) for name in ("png", "jpeg", "webp", "avif"))
    assert all(abs(png - other).mean() < 3 for other in others)


def test_quality_is_the_layouts(press: Press) -> None:
    low, high = (
        press.render(f"{PAGE}quality: {quality}\n", slots={"hero": ["ramp"]}, formats=("jpeg",)) for quality in (50, 95)
    )
    assert len(low.files["jpeg"]) < len(high.files["jpeg"])


@pytest.mark.parametrize("format", KINDS)
def test_exiftool_reads_title_description_and_origin(made: Rendered, format: str, tool: Any, tmp_path: Path) -> None:
    path = tmp_path / f"picture.{KINDS[format].lower()}"
    path.write_bytes(made.files[format])
    (told,) = json.loads(tool("exiftool", "-json", "-G1", "-b", path))
    assert told["XMP-dc:Title"] == TITLE
    assert told["XMP-dc:Description"].replace(".", "\n") == DESCRIPTION.replace(".", "\n")
    assert told["XMP-dc:Creator"] == "Testa & Co"
    assert told["XMP-dc:Language"] == "de-DE"
    assert told["XMP-iptcExt:DigitalSourceType"].endswith("/algorithmicMedia")
    assert told["XMP-xmp:CreateDate"].startswith("2027:01:15 08:00:00")
    assert not [key for key in told if "Warning" in key or "Error" in key]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("algorithmicMedia", "algorithmicMedia"),
        ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"),
        ("digitalCapture", "digitalCreation"),
    ],
)
def test_origin_of_a_composite(press: Press, source: str, written: str) -> None:
    files = press.render(PAGE, slots={"hero": ["quadrants"]}, source_type=source, formats=("png",)).files
    assert f"digitalsourcetype/{written}<".encode() in files["png"]


# -------------------------------------------------------------------------------------------------------------- XMP


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200)
def test_the_packet_is_well_formed_whatever_the_data_says(title: str, description: str) -> None:
    packet = xmp_packet(Metadata(title, description, "A & B", "en-GB", "algorithmicMedia", DATE))
    root = ElementTree.fromstring(packet)
    items = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")
    assert any((item.text or "").strip() == _legal(title).strip() for item in items)


def _legal(text: str) -> str:
    """What XML 1.0 can hold at all; line ends are its own."""
    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("nasty", ["bell \x07 and null \x00", "]]> <x>&amp;", "\u202ertl", "\ufffe"])
def test_nasty_titles_reach_every_format(press: Press, nasty: str, tool: Any, tmp_path: Path) -> None:
    screen = press.render(PAGE, slots={"hero": ["ramp"]}, title=nasty, description=nasty)
    paper = press.render(PRINT, slots={"hero": ["ramp"]}, title=nasty, description=nasty, formats=("press-pdf",))
    assert screen.codes == []
    (tmp_path / "page.pdf").write_bytes(paper.files["press-pdf"])
    tool("qpdf", "--check", tmp_path / "page.pdf")


@pytest.mark.parametrize("character", ["&", '"', "ก", "☕"])
def test_no_description_is_too_long_for_a_format(press: Press, character: str) -> None:
    words = character * 70_000
    rendered = press.render(PAGE, slots={"hero": ["ramp"]}, title=words, description=words)
    assert set(rendered.files) == {"png", "jpeg", "webp", "avif"}
