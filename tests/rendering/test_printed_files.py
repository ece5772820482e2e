"""Proofs from the inks, plates as files, and maps of the ink: what a run leaves for people who look before it prints."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any

import numpy
import placed_documents as documents
import pytest
from inked_pages import inked_page
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms
from rendering_kit import PROFILE, Press, Rendered

from pressrun.graphics.separations.composite import composite
from pressrun.graphics.separations.ink_map import COLD, HOT, MARGIN, ink_map
from pressrun.graphics.separations.ink_sums import ink_peak, ink_sums
from pressrun.graphics.separations.plate_files import plate_pngs, shown_plates
from pressrun.graphics.separations.plates import separated
from pressrun.model.geometry import Rect, proof_density
from pressrun.model.separations import Separations

PAGE = """
page: {trim: 100pt x 100pt, bleed: 5pt}
target: print
formats: [press-pdf, proof-png, separations, ink-map]
inks: [cmyk, PANTONE 7579 C]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed, height: 60pt}}
  - {type: shape, fill: flame 50%, box: {x: 10pt, y: 70pt, width: 40pt, height: 20pt}}
"""
DENSITY = proof_density(Rect(0, 0, 110, 110))  # of its bleed box, as of the others here


@pytest.fixture(scope="module")
def made(press: Press) -> Rendered:
    return press.render(PAGE, slots={"hero": ["ramp"]})


def tiff_pages(data: bytes) -> dict[str, Image.Image]:
    """The pictures in a TIFF by their page names (tag 285)."""
    found = {}
    with Image.open(io.BytesIO(data)) as file:
        for number in range(file.n_frames):
            file.seek(number)
            found[file.tag_v2[285]] = file.convert("L")
    return found


def test_plates_are_the_pages_of_a_tiff_named_by_their_inks(made: Rendered) -> None:
    plates = tiff_pages(made.files["separations"])
    assert list(plates) == ["Cyan", "Magenta", "Yellow", "Black", "PANTONE 7579 C"]
    (printed,) = separated(made.files["press-pdf"], PROFILE, DENSITY)
    for ink, plate in plates.items():
        assert numpy.array_equal(255 - numpy.asarray(plate), numpy.asarray(printed.plates[ink])), ink
    scale = DENSITY / 72
    on_patch = round(40 * scale), round(85 * scale)  # in the bleed box
    assert [round(100 - plate.getpixel(on_patch) / 2.55) for plate in plates.values()] == [0, 0, 0, 0, 50]  # type: ignore[operator]


def test_plates_of_several_pages_are_in_one_file_and_maps_beside_it(press: Press) -> None:
    layers, pages = PAGE.split("layers:\n"), "pages: [{layers: [LAYERS]}, {layers: [LAYERS]}]\n"
    flat = ", ".join(line.strip()[2:] for line in layers[1].strip().splitlines()[1:])
    document = press.render(layers[0] + pages.replace("LAYERS", flat))
    assert list(tiff_pages(document.files["separations"]))[:6] == [
        "1 Cyan", "1 Magenta", "1 Yellow", "1 Black", "1 PANTONE 7579 C", "2 Cyan"
    ]  # fmt: skip


def absolute(cmyk: tuple[int, int, int, int]) -> tuple[int, int, int]:
    press, srgb = ImageCms.ImageCmsProfile(io.BytesIO(PROFILE.data)), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(press, srgb, "CMYK", "RGB", ImageCms.Intent.ABSOLUTE_COLORIMETRIC)
    shown = ImageCms.applyTransform(Image.new("CMYK", (1, 1), cmyk), transform)
    assert shown
    return shown.getpixel((0, 0))  # type: ignore[return-value]


def test_proofs_show_the_paper_if_they_are_to(press: Press, made: Rendered) -> None:
    kit = press.bench.kit
    try:
        press.bench.kit = replace(kit, presses={"": replace(PROFILE, proof_on_paper=True)})
        on_paper = press.render(PAGE, slots={"hero": ["ramp"]}).picture("proof-png")
    finally:
        press.bench.kit = kit
    on_white = made.picture("proof-png")
    assert on_paper.size == on_white.size
    bare = round(95 * DENSITY / 72), round(75 * DENSITY / 72)
    paper = on_paper.getpixel(bare)
    assert on_white.getpixel(bare) == (255, 255, 255)
    assert numpy.abs(numpy.subtract(paper, absolute((0, 0, 0, 0)))).max() <= 1
    assert max(paper) < 250  # type: ignore[type-var]
    assert press.kit.presses[""].key != replace(PROFILE, proof_on_paper=True).key


def with_spot_over_ground(pdf: Any) -> None:
    """A spot that overprints half of a ground in process inks."""
    only = pdf.pages[0].obj
    tint = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 0.6, 0]))
    space = Array([Name.Separation, Name.Red, Name.DeviceCMYK, pdf.make_indirect(tint)])
    only.Resources = Dictionary(ColorSpace=Dictionary(Red=space), ExtGState=Dictionary(Over=Dictionary(OP=True, op=True)))
    only.Contents = pdf.make_stream(b"0.6 0 0.6 0 k 0 0 500 500 re f /Over gs /Red cs 1 scn 0 0 125 500 re f")


def test_what_overprints_is_seen_through_what_lies_over_it(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the plates print together, and not as PDFium draws it."""
    document = functools.partial(documents.page, lambda canvas: None, with_spot_over_ground)
    monkeypatch.setitem(documents.DOCUMENTS, "spot-over.pdf", document)
    page = PAGE.split("layers:")[0].replace("100pt x 100pt", "200pt x 120pt").replace("5pt", "10pt")
    shown = press.render(page + "layers:\n  - {type: artwork, file: spot-over.pdf, box: {in: bleed}}\n")
    proof = shown.picture("proof-png")
    (printed,) = separated(shown.files["press-pdf"], PROFILE, proof_density(Rect(0, 0, 220, 140)))
    together = composite(printed, PROFILE)
    assert numpy.abs(numpy.asarray(proof).astype(int) - numpy.asarray(together)).max() <= 1
    left, right = (proof.getpixel((proof.width * part // 4, proof.height // 2)) for part in (1, 3))
    alone = printed.looks["Red"][-1]
    assert all(one <= min(other, film) + 1 for one, other, film in zip(left, right, alone, strict=True))  # type: ignore[arg-type]
    assert sum(left) < sum(alone) - 30  # type: ignore[arg-type]  # darker than the spot on white paper


def flat(size: tuple[int, int] = (90, 60), **inks: int) -> Separations:
    plates = {ink: Image.new("L", size, inks.get(ink, 0)) for ink in ("Cyan", "Magenta", "Yellow", "Black")}
    return Separations(plates, 72.0)


def test_a_spot_alone_looks_as_it_says_and_over_others_takes_their_light(tmp_path: Path) -> None:
    printed = replace(flat(), plates={**flat().plates, "Red": Image.new("L", (90, 60), 255)}, looks={"Red": ((255, 255, 255), (200, 30, 40))})
    assert numpy.abs(numpy.subtract(composite(printed, PROFILE).getpixel((5, 5)), (200, 30, 40))).max() <= 1
    over = composite(replace(printed, plates={**flat(Black=255).plates, "Red": printed.plates["Red"]}), PROFILE)
    black = composite(flat(Black=255), PROFILE)
    assert all(one <= other for one, other in zip(over.getpixel((5, 5)), black.getpixel((5, 5)), strict=True))  # type: ignore[arg-type]


def test_most_ink_is_found_where_it_is_an_area_and_not_a_stroke() -> None:
    printed = flat(Cyan=255, Magenta=255)
    printed.plates["Black"].paste(255, (40, 20, 52, 32))  # a square of 12 points
    printed.plates["Yellow"].paste(255, (0, 50, 90, 52))  # a line of two
    peak = ink_peak(printed, 280)
    assert peak.percent == pytest.approx(300, abs=0.5)
    assert (peak.x, peak.y) == (pytest.approx(46, abs=2), pytest.approx(26, abs=2))
    assert 0 < peak.over < 12 * 12 / (90 * 60)
    assert ink_sums(printed).max() == pytest.approx(300)
    assert ink_peak(printed, 300).over == 0
    assert ink_peak(flat(Cyan=255), 300).percent == pytest.approx(100)


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2)])
def test_tiny_pages_have_a_place_too(size: tuple[int, int]) -> None:
    peak = ink_peak(flat(size, Cyan=255), 300)
    assert 0 <= peak.x <= size[0]
    assert 0 <= peak.y <= size[1]
    assert ink_map(flat(size, Cyan=255), 300, "x").width > 300


def test_a_map_has_cold_colours_to_the_limit_and_hot_ones_beyond() -> None:
    printed = flat((450, 300), Cyan=255, Magenta=255)
    for ink in ("Yellow", "Black"):
        printed.plates[ink].paste(255, (300, 0, 450, 300))
    drawn = ink_map(printed, 300, "A page")
    times = 2  # of a page of 450 pixels
    within, beyond = (drawn.getpixel((MARGIN + times * x, MARGIN + times * 280)) for x in (100, 440))
    assert numpy.abs(numpy.subtract(beyond, HOT[-1])).max() <= 1
    assert within[2] > within[0]  # type: ignore[index]
    assert within not in COLD
    marked = drawn.crop((MARGIN + times * 300, MARGIN, MARGIN + times * 450, MARGIN + times * 300)).getcolors(10_000)
    assert marked
    assert len(marked) > 2  # the cross and its figure


def test_single_pixels_and_strokes_over_the_limit_are_no_areas_on_the_map_either() -> None:
    """Grain of pictures at the limit lies a little over it, which its words do not call over."""
    printed = flat((450, 300), Cyan=255, Magenta=255, Yellow=204)
    dots = numpy.indices((300, 450)).sum(axis=0) % 3 == 0
    printed.plates["Black"].paste(Image.fromarray(dots.astype(numpy.uint8) * 51))
    assert ink_peak(printed, 280).over == 0
    assert (ink_sums(printed) > 281).mean() > 0.1
    drawn = numpy.asarray(ink_map(printed, 280, "A page"))[MARGIN : MARGIN + 600, MARGIN : MARGIN + 900]
    assert (drawn[..., 0] <= drawn[..., 2]).all()
    printed.plates["Black"].paste(51, (100, 100, 140, 140))
    drawn = numpy.asarray(ink_map(printed, 280, "A page"))[MARGIN : MARGIN + 600, MARGIN : MARGIN + 900]
    hot = numpy.argwhere((drawn[..., 0] > 200) & (drawn[..., 1] > 120) & (drawn[..., 2] < 100)) // 2
    assert (hot.min(axis=0).tolist(), hot.max(axis=0).tolist()) == ([101, 101], [138, 138])  # within the line around it


def test_maps_and_plates_are_the_same_each_time(press: Press, made: Rendered) -> None:
    again = press.render(PAGE, slots={"hero": ["ramp"]})
    assert all(again.files[kind] == made.files[kind] for kind in ("separations", "ink-map", "proof-png"))


def test_spots_whose_names_differ_in_signs_alone_have_files_of_their_own() -> None:
    plate = Image.new("L", (4, 4))
    printed = Separations({"Cyan": plate, "Red 1": plate, "Red/1": plate, "Composite": plate}, 72.0)
    assert list(plate_pngs(printed)) == ["cyan.png", "red-1.png", "red-1-2.png", "composite-2.png"]


def test_what_is_technical_has_a_plate_and_no_colour() -> None:
    printed = flat(Cyan=255, Magenta=128)
    die = replace(printed, plates={**printed.plates, "Die": Image.new("L", (90, 60), 255)}, looks={"Die": ((0, 0, 0),)})
    plain = shown_plates(printed, frozenset(), PROFILE, "A page")
    shown = shown_plates(die, frozenset({"Die"}), PROFILE, "A page")
    assert shown.keys() - plain.keys() == {"die.png"}
    assert all(shown[name] == data for name, data in plain.items())


def test_a_page_that_draws_itself_ends() -> None:
    def rings(pdf: Any) -> dict[str, Any]:
        made = pdf.make_stream(b"0 1 0 0 k 0 0 50 50 re f /F Do", Type=Name.XObject, Subtype=Name.Form)
        made.BBox, made.Resources = Array([0, 0, 100, 100]), Dictionary()
        made.Resources.XObject = Dictionary(F=made)
        return {"/F": made}

    (printed,) = separated(inked_page("/F Do", XObject=rings), PROFILE, 72)
    assert printed.plates["Magenta"].getpixel((10, 90)) == 255


MULTIPLIED = """
page: {trim: 100pt x 100pt, bleed: 5pt}
target: print
formats: [press-pdf]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed, height: 60pt}}
  - {type: shape, id: veil, fill: forest, blend: BLEND, box: {x: 10pt, y: 10pt, width: 40pt, height: 40pt}}
"""


@pytest.mark.parametrize(("blend", "many"), [("normal", 0), ("screen", 0), ("multiply", 1)])
def test_what_layers_have_together_is_judged(press: Press, blend: str, many: int) -> None:
    """And told with the layer that adds to what lies below, how much it is, and where (the check total-ink)."""
    shown = press.render(MULTIPLIED.replace("BLEND", blend), slots={"hero": ["dark"]})
    found = [one for one in shown.facts["findings"] if one["code"] == "ink-over-limit"]
    assert len(found) == many
    for one in found:
        (printed,) = separated(shown.files["press-pdf"], PROFILE, DENSITY)
        peak = ink_peak(printed, 300)
        assert one["layer"] == "veil"
        assert f"{peak.percent:.0f} %" in one["message"]
        assert 15 < peak.x < 55
        assert 15 < peak.y < 55
