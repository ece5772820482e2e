"""Whose a photograph is: read from XMP, IIM and Exif as exiftool writes them, in the encodings that people have."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, ClassVar

import pi_heif
import pytest
from PIL import Image

from pressrun.graphics.photos.photo_credits import LONGEST, credit_of
from pressrun.model.file_metadata import Particulars
from pressrun.model.iim import app13
from pressrun.model.rendering import Metadata
from pressrun.model.xmp import packet_within, xmp_packet

WORDS = ("Žaneta Öberg", "山田太郎", "أحمد", "Anaïs 🎞")


def saved(path: Path, **said: Any) -> Path:
    Image.new("RGB", (16, 16), "gray").save(path, **said)
    return path


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_what_exiftool_writes_as_xmp(tool: Any, tmp_path: Path, ending: str) -> None:
    file = saved(tmp_path / f"photo.{ending}")
    said = [f"-XMP-dc:Creator={word}" for word in WORDS]
    said += ["-XMP-plus:ModelReleaseStatus#=MR-LMR", "-XMP-iptcExt:PersonInImage=Ola", "-XMP-xmpRights:UsageTerms=2 years"]
    tool("exiftool", "-q", "-overwrite_original", *said, file)
    found = dict(credit_of(file.read_bytes()))
    assert found["creator"].split("\n") == list(WORDS)
    assert found["usage-terms"] == "2 years"
    assert found["person"] == "Ola"
    assert found["model-release"].endswith("MR-LMR")


@pytest.mark.parametrize("charset", ["UTF8", "Latin"])
def test_what_exiftool_writes_as_iim_and_exif(tool: Any, tmp_path: Path, charset: str) -> None:
    file = saved(tmp_path / "photo.jpg")
    coded = ["-CodedCharacterSet=UTF8"] if charset == "UTF8" else []
    tool("exiftool", "-q", "-overwrite_original", *coded, "-IPTC:By-line=Anaïs Öberg", "-EXIF:Copyright=© Nord", file)
    assert dict(credit_of(file.read_bytes())) == {"creator": "Anaïs Öberg", "rights": "© Nord"}


def test_a_heic_keeps_what_it_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    exif, heic = Image.Exif(), b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    exif[0x8298] = "Nord"
    packet = xmp_packet(Metadata("", "", "Žaneta Öberg", "en", "", 0))

    class Opened:
        """What the library for HEIC tells of a file."""

        info: ClassVar[dict[str, Any]] = {"exif": b"Exif\0\0" + exif.tobytes(), "xmp": packet}

    monkeypatch.setattr(pi_heif, "open_heif", lambda file, **how: Opened())
    assert dict(credit_of(heic)) == {"creator": "Žaneta Öberg", "rights": "Nord"}
    Opened.info = {}
    assert credit_of(heic) == ()
    monkeypatch.undo()
    assert credit_of(heic) == (), "one that breaks off says nothing"


def test_hostile_and_empty_files_say_nothing() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY e "eeee">]><x/>'
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", xmp=entity)
    assert credit_of(out.getvalue()) == credit_of(b"") == credit_of(b"\xff\xd8\xff\xed\0\4") == ()
    long = xmp_packet(Metadata("", "", "x" * 10_000, "en", "", 0))
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", xmp=long)
    assert len(dict(credit_of(out.getvalue()))["creator"]) == LONGEST


def test_too_much_is_shortened_to_what_a_jpeg_holds(tool: Any, tmp_path: Path) -> None:
    many = Particulars(alt_text="&" * 3000, keywords=tuple(f"{n} {'語' * 60}" for n in range(500)))
    said = Metadata("<" * 3000, "&" * 3000, "Testa", "ja", "", 0, many)
    assert len(xmp_packet(said)) > 65_502
    file = saved(tmp_path / "photo.jpg", xmp=packet_within(said, 65_502), extra=app13(said))
    told = tool("exiftool", "-s3", "-validate", "-warning", "-a", "-IPTC:CodedCharacterSet", file)
    assert "UTF8" in told
    assert "Error" not in told
