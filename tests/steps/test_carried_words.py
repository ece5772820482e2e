"""What a picture says of itself is said by the file that `retouch` makes of it, as exiftool reads it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import needed
import pytest
from click.testing import CliRunner
from PIL import Image
from steps_kit import pattern

from pressrun.commands.cli import cli
from pressrun.graphics.photos.carried_words import MOST_OF_A_JPEG, SAYS_NOTHING, carried_words
from pressrun.graphics.photos.photo_credits import credit_of

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 hdrgm:Version="1.0" tiff:Orientation="6" plus:ModelReleaseStatus="http://ns.useplus.org/ldf/vocab/MR-UMR"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture">
<dc:creator><rdf:Seq><rdf:li>山田太郎</rdf:li><rdf:li>Žaneta</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">قهوة أمام جبل</rdf:li></rdf:Alt></dc:description>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Μόνο στο διαδίκτυο &lt;2028</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<plus:ModelReleaseID><rdf:Bag><rdf:li>MR-4711</rdf:li></rdf:Bag></plus:ModelReleaseID>
<tiff:ImageWidth>99</tiff:ImageWidth>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
KINDS = ("png", "jpeg", "webp", "tiff")


def iim(number: int, text: str) -> bytes:
    data = text.encode()
    return bytes((0x1C, 2, number)) + len(data).to_bytes(2, "big") + data


def with_iim_alone() -> bytes:
    out = io.BytesIO()
    pattern().save(out, "JPEG")
    told = b"".join(
        (iim(80, "Anaïs Öberg"), iim(25, "καφές"), iim(25, "コーヒー"), iim(90, "東京"), iim(120, "Ένα φλιτζάνι"))
    )
    told += b"\0" * (len(told) % 2)
    segment = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(told).to_bytes(4, "big") + told
    return out.getvalue()[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + out.getvalue()[2:]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("carried")
    pattern().save(folder / "xmp.jpg", xmp=XMP.encode())
    (folder / "iim.jpg").write_bytes(with_iim_alone())
    names = [str(folder / "xmp.jpg"), str(folder / "iim.jpg")]
    for kind in KINDS:
        asked = ["--steps", "[{type: crop, shape: '1:1'}]", "--as", kind, "--to", str(folder / "out")]
        assert CliRunner().invoke(cli, ["retouch", *names, *asked]).exit_code == 0
    if shutil.which("exiftool") is None:
        needed.absent("exiftool")
    command = ["exiftool", "-json", "-G1", "-struct", str(folder / "out")]
    read = json.loads(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout)
    assert len(read) == 2 * len(KINDS)
    return {Path(one["SourceFile"]).name: one for one in read}


def of(told: dict[str, dict[str, Any]], stem: str) -> list[dict[str, Any]]:
    return [one for name, one in told.items() if name.startswith(stem)]


def test_who_took_it_and_who_agreed_is_carried_into_every_kind_of_file(told: dict[str, dict[str, Any]]) -> None:
    for one in of(told, "xmp"):
        assert one["XMP-dc:Creator"] == ["山田太郎", "Žaneta"], one
        assert one["XMP-dc:Description"] == "قهوة أمام جبل"
        assert one["XMP-xmpRights:UsageTerms"] == "Μόνο στο διαδίκτυο <2028"
        assert one["XMP-plus:ModelReleaseStatus"] == "Unlimited Model Releases"
        assert one["XMP-plus:ModelReleaseID"] == ["MR-4711"]
        assert one["XMP-iptcExt:DigitalSourceType"].endswith("/digitalCapture")
        assert not [key for key in one if "Warning" in key or "Error" in key], one


def test_what_was_true_of_its_pixels_is_not(told: dict[str, dict[str, Any]]) -> None:
    for one in of(told, "xmp"):
        assert not [key for key in one if key.startswith(("XMP-tiff", "XMP-hdrgm"))], one


def test_what_the_older_form_alone_has_is_said_as_xmp(told: dict[str, dict[str, Any]]) -> None:
    for one in of(told, "iim"):
        assert one["XMP-dc:Creator"] == ["Anaïs Öberg"], one
        assert one["XMP-dc:Subject"] == ["καφές", "コーヒー"]
        assert (one["XMP-photoshop:City"], one["XMP-dc:Description"]) == ("東京", "Ένα φλιτζάνι")


def test_of_more_than_a_jpeg_holds_whose_it_is_stays() -> None:
    history = f"<dc:source>{'x' * MOST_OF_A_JPEG}</dc:source>"
    out = io.BytesIO()
    pattern().save(out, "WEBP", xmp=XMP.replace("<dc:creator>", f"{history}<dc:creator>").encode())
    words = carried_words(out.getvalue())
    assert len(words.xmp) < MOST_OF_A_JPEG
    again = io.BytesIO()
    Image.new("RGB", (8, 8)).save(again, "JPEG", xmp=words.xmp)
    assert dict(credit_of(again.getvalue())) == dict(credit_of(out.getvalue()))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xed\0\4"])
def test_what_says_nothing_adds_nothing(data: bytes) -> None:
    out = io.BytesIO()
    pattern().save(out, "PNG")
    assert carried_words(data) == carried_words(out.getvalue()) == SAYS_NOTHING
