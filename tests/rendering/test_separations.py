"""Plates of a press file: what each ink prints, as another program separates it, and as it is worked out by hand."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any, BinaryIO

import inked_pages as pages
import numpy
import pikepdf
import placed_documents as documents
import pytest
from inked_pages import GROUND, inked_page
from pikepdf import Array, Name
from PIL import Image, ImageFilter
from rendering_kit import PROFILE, Press

from pressrun.graphics.drawn import pdfium
from pressrun.graphics.pixels import set_aside, strips
from pressrun.graphics.pixels.strips import strip_boxes
from pressrun.graphics.separations import plate_pictures
from pressrun.graphics.separations.plates import separated
from pressrun.model.separations import PROCESS, Separations
from pressrun.model.stored_bytes import JoinedBytes

DENSITY = 144
Planes = dict[str, numpy.ndarray]


def by_ghostscript(data: bytes, tool: Any, folder: Path) -> Planes:
    """Plates of the bleed box, in 255ths of ink."""
    (folder / "page.pdf").write_bytes(data)
    options = ("-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-dUseBleedBox", "-dMaxSpots=8")
    tool("gs", *options, f"-r{DENSITY}", f"-sOutputFile={folder / 's.tif'}", folder / "page.pdf")
    plates = {}
    for file in folder.glob("s(*).tif"):
        with Image.open(file) as plate:
            plates[file.name[2:-5]] = 255 - numpy.asarray(plate.convert("L")).astype(int)
    return plates


def is_flat(plane: numpy.ndarray, least: int) -> numpy.ndarray:
    """Where nothing is an edge: which differs by more than that from what is within two pixels of it."""
    picture = Image.fromarray(plane.astype(numpy.uint8), "L")
    highest, lowest = (numpy.asarray(picture.filter(kind(5))) for kind in (ImageFilter.MaxFilter, ImageFilter.MinFilter))
    return highest.astype(int) - lowest <= least


def assert_alike(ours: Separations, theirs: Planes, most: int = 3, edge: int = 12, share: float = 0.0002) -> None:
    """Away from edges all plates are the same to 1 % of ink, and none of either side is missing."""
    assert {ink for ink, plane in theirs.items() if plane.any()} <= set(ours.plates)
    for ink, plate in ours.plates.items():
        own = numpy.asarray(plate).astype(int)
        other = theirs.get(ink, numpy.zeros_like(own))
        height, width = numpy.minimum(own.shape, other.shape)
        own, other = own[:height, :width], other[:height, :width]
        flat = is_flat(own, edge) & is_flat(other, edge)
        assert flat.mean() > 0.5
        assert ((numpy.abs(own - other) > most) & flat).mean() < share, ink  # edges that are as low as that


SQUARE = "20 20 60 60 re f"
UNDER = "0.4 0.3 0.2 0.1 k 0 0 100 100 re f 0 0 0 0 k 60 0 40 40 re f "
IN_GROUP = "0.8 0.1 0 0 k 10 10 60 60 re f /Blue cs 0.7 scn 30 30 60 60 re f"
BLACK_IN_GROUP = "0.8 0.1 0 0 k 10 10 60 60 re f /Over gs 0 0 0 1 k 30 30 60 60 re f"
DRAWN = "q 70 0 0 70 15 15 cm /I Do Q"
CLIPPED = "q 20 20 60 60 re W n /S sh Q"
CMYK_WAY = (Name.DeviceCMYK, [0, 0.2, 0.4, 0.6], [1, 0, 0.8, 0.1])


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.fromarray(pages.samples(), "CMYK").save(out, "JPEG", quality=98, subsampling=0)
    return out.getvalue()


RISING, FLAT = pages.samples()[..., 0].tobytes(), bytes([200]) * pages.PIXELS**2
STEPS = bytes(numpy.repeat(numpy.arange(pages.PIXELS) // 13, pages.PIXELS).astype(numpy.uint8))
CASES: dict[str, tuple[str, dict[str, pages.Named]]] = {
    "plain": ("", {}),
    "black overprints": (f"/Over gs 0 0 0 1 k {SQUARE}", {}),
    "gray overprints": (f"/Over gs 0.5 g {SQUARE}", {}),
    "black overprints in mode 0": (f"/Over0 gs 0 0 0 1 k {SQUARE}", {}),
    "yellow overprints": (f"/Over gs 0 0 1 0 k {SQUARE}", {}),
    "black knocks out again": (f"/Over gs q /Spared gs 0 0 0 1 k {SQUARE} Q", {}),
    "a spot overprints": (f"/Over gs /Blue cs 0.5 scn {SQUARE}", {}),
    "a spot knocks out": (f"/Blue cs 0.5 scn {SQUARE}", {}),
    "all inks": (f"/All cs 0.5 scn {SQUARE}", {}),
    "inks in one object": (f"/Both cs 0.5 0.3 scn {SQUARE}", {}),
    "inks in one object overprint": (f"/Over gs /Both cs 0.5 0.3 scn {SQUARE}", {}),
    "text overprints": ("/Over gs 0 0 0 1 k BT /F 80 Tf 10 20 Td (HI) Tj ET", {}),
    "text in a tint of a spot": ("/Blue cs 0.8 scn BT /F 80 Tf 10 20 Td (HI) Tj ET", {}),
    "half": (f"/Half gs 0.9 0 0 0.3 k {SQUARE}", {}),
    "half of a spot": (f"/Half gs /Blue cs 1 scn {SQUARE}", {}),
    "half of a spot overprints": (f"/Half gs /Over gs /Blue cs 1 scn {SQUARE}", {}),
    "half of black overprints": (f"/Half gs /Over gs 0 0 0 1 k {SQUARE}", {}),
    "a form inherits overprint": ("/Over gs /F Do", {"XObject": pages.form(IN_GROUP, is_group=False)}),
    "a form inherits its colour": ("/Over gs 0 0 0 1 k /F Do", {"XObject": pages.form(SQUARE, is_group=False)}),
    "a colour space that is called I": ("/I cs 1 sc 20 20 60 60 re f", {
        "ColorSpace": lambda pdf: {"/I": pages.indexed(Name.DeviceCMYK, bytes(range(0, 160, 10)), 4)(pdf)}}),
    "a form overprints half": ("/Half gs /Over gs /F Do", {"XObject": pages.form("1 0 0 0 k 20 20 60 60 re f", is_group=False)}),
    "a form mixes": ("/Screen gs /F Do", {"XObject": pages.form(IN_GROUP, is_group=False)}),
    "half a tiling": (f"/Half gs /Pattern cs /P scn {SQUARE}", {"Pattern": pages.tile("0 0.9 0 0.4 k 0 0 6 6 re f", 1)}),
    "letters that are drawn, then half of them": (
        "0 0.9 0 0.3 k BT /Drawn 40 Tf 10 55 Td (AB) Tj ET /Half gs BT /Drawn 40 Tf 10 10 Td (AB) Tj ET", {
        "Font": pages.drawn_letters}),
    "letters that are drawn, set before their colour": (
        "BT /Drawn 40 Tf 0 0.9 0 0.3 k 10 55 Td (AB) Tj 0.9 0 0 0 k /Half gs 0 -45 Td (BA) Tj ET",
        {"Font": pages.drawn_letters}),
    "a group": ("/F Do", {"XObject": pages.form(IN_GROUP)}),
    "half a group": ("/Half gs /F Do", {"XObject": pages.form(IN_GROUP)}),
    "a group multiplied": ("/Multiply gs /F Do", {"XObject": pages.form(IN_GROUP)}),
    "overprint in a group": ("/F Do", {"XObject": pages.form(BLACK_IN_GROUP)}),
    "overprint in half a group": ("/Half gs /F Do", {"XObject": pages.form(BLACK_IN_GROUP)}),
    "overprint in a group multiplied": ("/Multiply gs /F Do", {"XObject": pages.form(BLACK_IN_GROUP)}),
    "a picture": (DRAWN, {"XObject": pages.picture(pages.samples().tobytes(), Name.DeviceCMYK)}),
    "a picture overprints": (f"/Over gs {DRAWN}", {
        "XObject": pages.picture(pages.samples().tobytes(), Name.DeviceCMYK)}),
    "a JPEG of Adobe's kind": (DRAWN, {
        "XObject": pages.picture(jpeg(), Name.DeviceCMYK, Filter=Name.DCTDecode, Decode=Array([1, 0] * 4))}),
    "a gray picture": (DRAWN, {"XObject": pages.picture(RISING, Name.DeviceGray)}),
    "a picture in a spot": (DRAWN, {"XObject": pages.picture(RISING, pages.gold)}),
    "a picture in a spot overprints": (f"/Over gs {DRAWN}", {"XObject": pages.picture(RISING, pages.gold)}),
    "a picture turned over": (DRAWN, {"XObject": pages.picture(RISING, pages.gold, Decode=Array([1, 0]))}),
    "an indexed picture": (DRAWN, {
        "XObject": pages.picture(STEPS, pages.indexed(Name.DeviceCMYK, bytes(range(0, 160, 10)), 4))}),
    "an indexed picture in a spot": (DRAWN, {
        "XObject": pages.picture(STEPS, pages.indexed(pages.gold, bytes([0, 80, 160, 240]), 4))}),
    "a picture with a soft mask": (DRAWN, {
        "XObject": pages.picture(pages.samples().tobytes(), Name.DeviceCMYK, SMask=pages.soft_mask)}),
    "a spot through a soft mask": (DRAWN, {"XObject": pages.picture(FLAT, pages.gold, SMask=pages.soft_mask)}),
    "a spot overprints through a soft mask": (f"/Over gs {DRAWN}", {
        "XObject": pages.picture(FLAT, pages.gold, SMask=pages.soft_mask)}),
    "a stencil": (f"/Blue cs 0.8 scn {DRAWN}", {
        "XObject": pages.picture(b"\xf0" * 7 * 50, lambda pdf: None, BitsPerComponent=1, ImageMask=True)}),
    "a picture within the content": (
        f"q 70 0 0 70 15 15 cm BI /W 4 /H 1 /BPC 8 /CS /CMYK ID {'@P`p' * 4} EI Q", {}),
    "an axial shading": (CLIPPED, {"Shading": pages.shading(*CMYK_WAY)}),
    "a radial shading": (CLIPPED, {"Shading": pages.shading(*CMYK_WAY, radial=True)}),
    "a shading in a spot": (CLIPPED, {"Shading": pages.shading(pages.gold, [0], [1])}),
    "a shading in a spot overprints": (f"/Over gs {CLIPPED}", {"Shading": pages.shading(pages.gold, [0], [1])}),
    "a shading in two inks": (CLIPPED, {"Shading": pages.shading(pages.both, [0, 1], [0.8, 0.1])}),
    "a shading as pattern": (f"/Pattern cs /P scn {SQUARE}", {"Pattern": pages.shading_pattern}),
    "a coloured pattern": (f"/Pattern cs /P scn {SQUARE}", {
        "Pattern": pages.tile("0.9 0 0 0 k 0 0 10 10 re f /Gold cs 0.7 scn 10 10 10 10 re f", 1)}),
    "a pattern that is given its colour": (f"/Given cs 0.3 0 0.6 0 /P scn {SQUARE}", {
        "Pattern": pages.tile("0 0 10 10 re f", 2),
        "ColorSpace": lambda pdf: {"/Given": Array([Name.Pattern, Name.DeviceCMYK])}}),
    "a spot in a masked state": (f"/Masked gs /Blue cs 1 scn {SQUARE}", {"ExtGState": pages.masked_state}),
    "a spot overprints in a masked state": (f"/Over gs /Masked gs /Blue cs 1 scn {SQUARE}", {
        "ExtGState": pages.masked_state}),
    "letters that are drawn": ("0 0.9 0 0 k BT /Drawn 40 Tf 10 30 Td (AB) Tj ET", {"Font": pages.drawn_letters}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_plates_are_those_of_another_program(case: str, tool: Any, tmp_path: Path) -> None:
    content, named = CASES[case]
    data = inked_page(GROUND + content, **named)
    assert_alike(separated(data, PROFILE, DENSITY)[0], by_ghostscript(data, tool, tmp_path))


@pytest.mark.parametrize("mode", pages.MODES)
def test_paper_mixes_with_nothing(mode: str, tool: Any, tmp_path: Path) -> None:
    """A page begins with nothing on it (ISO 32000-1, 11.4.7)."""
    data = inked_page(f"0.4 0.3 0.2 0.1 k 0 0 50 100 re f /{mode} gs 0.2 0.5 0.1 0 k {SQUARE}")
    assert_alike(separated(data, PROFILE, DENSITY)[0], by_ghostscript(data, tool, tmp_path))


@pytest.mark.parametrize("mode", pages.MODES)
@pytest.mark.parametrize("color", ["0.2 0.5 0.1 0 k", "/Gold cs 0.5 scn"])
def test_inks_are_blended_each_by_itself(mode: str, color: str, tool: Any, tmp_path: Path) -> None:
    """And spots with those modes alone that keep white."""
    data = inked_page(f"{UNDER}/{mode} gs {color} {SQUARE}")
    assert_alike(separated(data, PROFILE, DENSITY)[0], by_ghostscript(data, tool, tmp_path))


def middle(data: bytes) -> dict[str, int]:
    """The ink in the middle of a page, in percent."""
    (printed,) = separated(data, PROFILE, 72)
    return {ink: round(plate.getpixel((50, 50)) / 2.55) for ink, plate in printed.plates.items()}  # type: ignore[operator]


def test_what_is_worked_out_by_hand() -> None:
    ground = {"Cyan": 40, "Magenta": 30, "Yellow": 20, "Black": 10}
    for content, expected in (
        (f"/Over gs 0.5 g {SQUARE}", dict.fromkeys(PROCESS, 0) | {"Black": 50}),  # not DeviceCMYK (8.6.7)
        (f"/Over gs 0 0 0 0 k {SQUARE}", ground),
        (f"/Over0 gs 0 0 0 0 k {SQUARE}", dict.fromkeys(PROCESS, 0)),
        ("/Over gs 0 0 0 1 K /Blue cs 0.5 scn 10 w 20 20 60 60 re B", {**ground, "Blue": 50}),
        ("/Over gs 30 w 50 0 m 50 100 l 0 1 0 0 K S", {**ground, "Magenta": 100}),
        (f"/Blue cs 0 scn {SQUARE}", {**dict.fromkeys(PROCESS, 0), "Blue": 0}),
    ):
        data = inked_page("0.4 0.3 0.2 0.1 k 0 0 100 100 re f " + content)
        assert middle(data) == expected, content
    assert middle(inked_page(SQUARE))["Black"] == 100  # what a page begins with


def test_colours_of_light_are_those_that_the_profile_has_for_them() -> None:
    assert sum(middle(inked_page("1 1 1 rg 0 0 100 100 re f")).values()) == 0
    red = middle(inked_page("1 0 0 rg 0 0 100 100 re f"))
    assert red["Magenta"] > 80 < red["Yellow"]
    assert red["Cyan"] < 15
    pixels = numpy.tile(numpy.array([255, 0, 0], numpy.uint8), pages.PIXELS**2).tobytes()
    of_pixels = middle(inked_page(DRAWN, XObject=pages.picture(pixels, Name.DeviceRGB)))
    assert all(abs(of_pixels[ink] - red[ink]) <= 1 for ink in PROCESS)


@pytest.mark.parametrize("name", ["poster.pdf", "turned.pdf", "turned-back.pdf"])
def test_pages_that_others_wrote(name: str, tool: Any, tmp_path: Path) -> None:
    """Turned, and with its bleed box somewhere on a larger page."""
    data = documents.DOCUMENTS[name]()
    assert_alike(separated(data, PROFILE, DENSITY)[0], by_ghostscript(data, tool, tmp_path))


def test_what_is_switched_off_is_on_no_plate() -> None:
    (printed,) = separated(documents.DOCUMENTS["layers.pdf"](), PROFILE, 72)
    most = {ink: plate.getextrema()[1] for ink, plate in printed.plates.items()}
    assert most == {"Cyan": 0, "Magenta": 255, "Yellow": 255, "Black": 0}


OWN = """
page: {trim: 100pt x 100pt, bleed: 5pt}
target: print
formats: [press-pdf]
inks: [cmyk, PANTONE 7579 C]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
"""
LAYERS = {
    "text": "{type: text, text: Small, role: headline, color: ink, size: 11pt, box: {y: 20pt, height: 20pt}}",
    "large text in a spot": "{type: text, text: M, role: headline, color: flame, size: 60pt, box: {height: 80pt}}",
    "a tint": "{type: shape, fill: forest 40%, box: {width: 60pt, height: 60pt}}",
    "a tint of a spot": "{type: shape, fill: flame 40%, box: {width: 60pt, height: 60pt}}",
    "opacity": "{type: shape, fill: forest, opacity: 60%, box: {width: 60pt, height: 60pt}}",
    "multiply": "{type: shape, fill: sky, blend: multiply, box: {width: 60pt, height: 60pt}}",
    "screen": "{type: shape, fill: forest, blend: screen, box: {width: 60pt, height: 60pt}}",
    "overlay": "{type: shape, fill: forest, blend: overlay, box: {width: 60pt, height: 60pt}}",
    "soft-light": "{type: shape, fill: forest, blend: soft-light, box: {width: 60pt, height: 60pt}}",
    "gradient": "{type: shape, fill: {gradient: linear, angle: 45, stops: [flame, sky, forest 50%]}, box: {width: 60pt, height: 60pt}}",
    "pattern": "{type: shape, fill: {pattern: stripes, color: flame, ground: sky, size: 40pt}, box: {height: 60pt}}",
    "soft shadow": "{type: shape, fill: sky, shadow: soft, box: {x: 20pt, y: 20pt, width: 60pt, height: 60pt}}",
    "placed page": "{type: artwork, file: poster.pdf, box: {in: bleed}}",
    "a spot under a picture": "{type: shape, fill: flame, box: {x: 20pt, y: 20pt, width: 60pt, height: 60pt}}\n"
    "  - {type: image, picture: over, box: {y: 60pt, width: 60pt, height: 30pt}}",
    "a tint of a spot, faint, under a picture": "{type: shape, fill: flame 60%, opacity: 50%, box: {height: 60pt}}\n"
    "  - {type: image, picture: over, box: {y: 60pt, width: 60pt, height: 30pt}}",
    "a shade of a spot under a picture": "{type: shade, color: flame, to: left, box: {in: bleed}}\n"
    "  - {type: image, picture: over, box: {y: 60pt, width: 60pt, height: 30pt}}",
    "code": "{type: code, value: x, color: ink, box: {x: 60pt, y: 60pt, width: 40pt, height: 40pt}}",
}


@pytest.mark.parametrize("layer", LAYERS)
def test_our_pages(layer: str, press: Press, tool: Any, tmp_path: Path) -> None:
    made = press.render(f"{OWN}  - {LAYERS[layer]}\n", slots={"hero": ["ramp"], "over": ["gray"]})
    data = made.files["press-pdf"]
    assert_alike(separated(data, PROFILE, DENSITY)[0], by_ghostscript(data, tool, tmp_path), most=4, edge=8)


def test_the_same_file_has_the_same_plates() -> None:
    data = inked_page(GROUND + CASES["overprint in half a group"][0], **CASES["overprint in half a group"][1])
    one, other = (separated(data, PROFILE, DENSITY)[0] for _ in range(2))
    assert {ink: plate.tobytes() for ink, plate in one.plates.items()} == {
        ink: plate.tobytes() for ink, plate in other.plates.items()
    }


@pytest.mark.parametrize("data", [jpeg()[:600], b"no picture"])
def test_pictures_that_are_damaged_leave_the_rest_of_the_page(data: bytes) -> None:
    entries = {"Filter": Name.DCTDecode, "Decode": Array([1, 0] * 4)}
    page = inked_page(f"{GROUND} {DRAWN}", XObject=pages.picture(data, Name.DeviceCMYK, **entries))
    (printed,) = separated(page, PROFILE, 72)
    assert round(printed.plates["Cyan"].getpixel((90, 5)) / 2.55) == 40  # type: ignore[operator]


@pytest.mark.parametrize("case", ["a group multiplied", "a picture with a soft mask", "a radial shading", "in Screen"])
def test_a_large_page_is_drawn_in_strips_as_it_is_as_a_whole(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is isolated, as it would mix with the paper."""
    content, named = CASES.get(case) or (f"/Screen gs 0.2 0.5 0.1 0 k {SQUARE}", {})
    data = inked_page(GROUND + content, **named)
    (whole,) = separated(data, PROFILE, DENSITY)
    monkeypatch.setattr(strips, "WHOLE", 0)
    monkeypatch.setattr(strips, "strip_boxes", functools.partial(strip_boxes, pixels=3_000))
    monkeypatch.setattr(pdfium, "IN_MEMORY", 1)
    (in_strips,) = separated(data, PROFILE, DENSITY)
    planes = [{ink: plate.tobytes() for ink, plate in one.plates.items()} for one in (whole, in_strips)]
    assert planes[0] == planes[1]


def test_large_pictures_lie_in_a_file_until_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also beside data that looks like what stands for one until then."""
    looks_like_it = b"/Length 9 >>\nstream\n\0large 99\0".ljust(len(RISING), b"\0")

    def both(pdf: pikepdf.Pdf) -> dict[str, Any]:
        other = pages.picture(looks_like_it, Name.DeviceGray)(pdf)["/I"]
        return {**pages.picture(pages.samples().tobytes(), Name.DeviceCMYK, SMask=pages.soft_mask)(pdf), "/J": other}

    data = inked_page(f"{GROUND} {DRAWN} {DRAWN} {DRAWN.replace('/I', '/J').replace('15 15', '60 60')}", XObject=both)
    (held,) = separated(data, PROFILE, DENSITY)
    for module in (plate_pictures, set_aside):
        monkeypatch.setattr(module, "HELD", 100)
    monkeypatch.setattr(set_aside, "KEPT", 10)
    laid: list[JoinedBytes] = []
    write = JoinedBytes.write

    def counted(joined: JoinedBytes, out: BinaryIO) -> None:
        laid.append(joined)
        write(joined, out)

    monkeypatch.setattr(JoinedBytes, "write", counted)
    (in_a_file,) = separated(data, PROFILE, DENSITY)
    assert laid
    planes = [{ink: plate.tobytes() for ink, plate in one.plates.items()} for one in (held, in_a_file)]
    assert planes[0] == planes[1]
