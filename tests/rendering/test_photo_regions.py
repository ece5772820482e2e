"""The region that a photograph marks as what is to be seen, in its own XMP."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from rendering_kit import Press

from pressrun.graphics.photos.photo_regions import focus_of
from pressrun.graphics.photos.photographs import verified
from pressrun.model.composition import PlacedPicture
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.model.provenance import Provenance
from pressrun.model.sheet import PictureMark
from pressrun.providers.library import LibraryProvider

NO_BRIEF = Brief("", (), (), "", (), (), "", "", "", (0.5, 0.5))
MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
HEAD = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:m="{MWG}" xmlns:a="http://ns.adobe.com/xmp/sType/Area#" xmlns:i="{IPTC}">"""
TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta>"


def photograph(xmp: str, kind: str = "JPEG", size: tuple[int, int] = (400, 200), turn: int = 1) -> bytes:
    picture, out = Image.new("RGB", size, "gray"), io.BytesIO()
    exif = picture.getexif()
    exif[0x0112] = turn
    packet = (HEAD + xmp + TAIL).encode()
    if kind == "PNG":
        written = PngImagePlugin.PngInfo()
        written.add_itxt("XML:com.adobe.xmp", packet.decode())
        picture.save(out, kind, pnginfo=written)
    elif kind == "TIFF":
        picture.save(out, kind, tiffinfo={700: packet})
    else:
        picture.save(out, kind, xmp=packet, exif=exif)
    return out.getvalue()


def mwg(*regions: tuple[str, float, float, float, float]) -> str:
    items = "".join(
        f'<rdf:li m:Type="{kind}"><m:Area a:x="{x}" a:y="{y}" a:w="{w}" a:h="{h}" a:unit="normalized"/></rdf:li>'
        for kind, x, y, w, h in regions
    )
    return f'<m:Regions rdf:parseType="Resource"><m:RegionList><rdf:Bag>{items}</rdf:Bag></m:RegionList></m:Regions>'


def iptc(**boundary: object) -> str:
    said = "".join(f"<i:rb{name}>{value}</i:rb{name}>" for name, value in boundary.items())
    edge = f'<i:RegionBoundary rdf:parseType="Resource">{said}</i:RegionBoundary>'
    return f'<i:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource">{edge}</rdf:li></rdf:Bag></i:ImageRegion>'


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_one_region_is_the_focus(kind: str) -> None:
    assert focus_of(photograph(mwg(("Face", 0.2, 0.3, 0.1, 0.1)), kind)) == pytest.approx((0.2, 0.3))


@pytest.mark.parametrize(
    ("xmp", "expected"),
    [
        (mwg(("Face", 0.1, 0.5, 0.2, 0.2), ("Face", 0.7, 0.5, 0.2, 0.4)), (0.4, 0.5)),  # all faces stay in sight
        (mwg(("Face", 0.1, 0.1, 0.2, 0.2), ("Focus", 0.8, 0.6, 0.1, 0.1)), (0.8, 0.6)),  # what the camera focused on
        (iptc(Shape="rectangle", Unit="relative", X=0.5, Y=0.1, W=0.2, H=0.4), (0.6, 0.3)),
        (iptc(Shape="rectangle", Unit="pixel", X=200, Y=20, W=80, H=80), (0.6, 0.3)),
        (iptc(Shape="circle", Unit="relative", X=0.25, Y=0.75, Rx=0.1), (0.25, 0.75)),
        (mwg(), None),
        (mwg(("Face", 7, 0.1, 0.2, 0.2)), None),
        ("<m:Regions/>", None),
    ],
)
def test_regions(xmp: str, expected: tuple[float, float] | None) -> None:
    found = focus_of(photograph(xmp))
    assert found == (pytest.approx(expected) if expected else None)


@pytest.mark.parametrize(
    ("turn", "expected"),
    [(1, (0.2, 0.3)), (3, (0.8, 0.7)), (6, (0.7, 0.2)), (8, (0.3, 0.8)), (2, (0.8, 0.3)), (5, (0.3, 0.2))],
)
def test_a_region_turns_with_its_picture(turn: int, expected: tuple[float, float]) -> None:
    assert focus_of(photograph(mwg(("Face", 0.2, 0.3, 0.1, 0.1)), turn=turn)) == pytest.approx(expected)


def test_what_cannot_be_read_is_no_focus() -> None:
    for xmp in ("<", '<!DOCTYPE x [<!ENTITY a "b">]>', mwg(("Face", float("nan"), 0.1, 0.1, 0.1))):
        assert focus_of(photograph(xmp)) is None
    out = io.BytesIO()
    Image.new("L", (4, 4)).save(out, "PNG")
    assert focus_of(out.getvalue()) is None


def test_exiftool_writes_what_is_read(tool: Any, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    Image.new("RGB", (400, 200)).save(file)
    region = "{AppliedToDimensions={W=400,H=200,Unit=pixel},RegionList=[{Area={X=0.3,Y=0.4,W=0.1,H=0.1,Unit=normalized},Type=Face}]}"
    tool("exiftool", "-q", "-overwrite_original", f"-XMP-mwg-rs:RegionInfo={region}", file)
    assert focus_of(file.read_bytes()) == pytest.approx((0.3, 0.4))
    boundary = "{RegionBoundary={RbShape=rectangle,RbUnit=relative,RbX=0.6,RbY=0.5,RbW=0.2,RbH=0.2}}"
    tool("exiftool", "-q", "-overwrite_original", "-XMP-mwg-rs:all=", f"-XMP-iptcExt:ImageRegion={boundary}", file)
    assert focus_of(file.read_bytes()) == pytest.approx((0.7, 0.6))


@pytest.mark.parametrize(
    ("focus", "stage", "region", "left"),
    [
        ("", None, (0.0, 0.5), 0.0),
        ("", None, None, 0.25),
        ("", (0.9, 0.5), (0.0, 0.5), 0.5),
        ("focus: [100%, 50%], ", None, (0.0, 0.5), 0.5),
    ],
    ids=["its own", "the middle", "a stage before it", "the layout's"],
)
def test_what_stays_in_sight(
    press: Press, monkeypatch: pytest.MonkeyPatch, focus: str,
    stage: tuple[float, float] | None, region: tuple[float, float] | None, left: float,
) -> None:  # fmt: skip
    page = f"page: {{trim: 100pt x 100pt}}\ntarget: screen\nformats: [png]\nlayers:\n  - {{type: image, {focus}file: a.png}}\n"
    placed = PlacedPicture("0" * 64, "image/png", (400, 200), stage, region=region)
    monkeypatch.setattr(press, "placed", lambda name: placed)
    (mark,) = press.compose(page)[0].marks
    assert isinstance(mark, PictureMark)
    assert mark.crop[0] == pytest.approx(left)


@pytest.mark.parametrize(
    ("subject", "detector", "top"),
    [
        ((0.2, 0.1, 0.6, 0.9), "saliency", 0.1),
        ((0.2, 0.7, 0.6, 1.0), "saliency", 0.7),
        ((0.2, 0.1, 0.6, 0.9), "faces", 0.375),
        ((0.2, 0.4, 0.6, 0.6), "saliency", 0.375),
    ],
    ids=["the top of one that is too high", "at the foot of the picture", "the middle of faces", "the middle of what fits in"],
)
def test_what_detectors_found_stays_in_sight(
    press: Press, monkeypatch: pytest.MonkeyPatch, subject: Any, detector: Any, top: float
) -> None:
    """A person's head is at the top of what stands out: it is not what is cut off."""
    page = "page: {trim: 200pt x 100pt}\ntarget: screen\nformats: [png]\nlayers:\n  - {type: image, file: a.png}\n"
    placed = PlacedPicture("0" * 64, "image/png", (400, 800), subject=subject, detector=detector)
    monkeypatch.setattr(press, "placed", lambda name: placed)
    (mark,) = press.compose(page)[0].marks
    assert isinstance(mark, PictureMark)
    assert mark.crop[1] == pytest.approx(top)


def test_a_photograph_of_the_library_keeps_what_it_marks(tmp_path: Path) -> None:
    """Its own copy in the store is turned upright, and has lost its metadata."""
    marked, plain = (photograph(mwg(*faces), turn=6) for faces in ([("Face", 0.2, 0.3, 0.1, 0.1)], []))
    digests = {hashlib.sha256(data).hexdigest(): data for data in (marked, plain)}
    regions = []
    for digest in digests:
        request = PictureRequest("", (64, 64), NO_BRIEF, references=(Reference(digest, "p.jpg", "image/jpeg"),))
        made = LibraryProvider().generate(request, digests.__getitem__)
        told = Provenance(verified(made.data), made.source_type, "library", "", 1, 0.0, said=made.said).to_json()
        regions.append(Provenance.from_json(told).region)
        assert focus_of(made.data) in (None, regions[-1])
    assert regions[0] == pytest.approx(focus_of(marked), abs=1e-4)
    assert regions[1] is None
