"""Faults planted one by one into a sound file, as somebody would who knows the standards and not our code: every one is
named. What is not is listed, and the list may only get shorter."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String
from planted_faults import PLANTED
from planted_in_files import a_claim
from planted_kit import (
    FONT_FILE,
    SCAN,
    SQUARE,
    TINT,
    both,
    boxes,
    composite,
    device_n,
    drawn,
    drawn_font,
    fax,
    faxed,
    form,
    ground,
    image,
    jpeg,
    keys,
    mesh,
    noise,
    page,
    root,
    scanned,
    separation,
    stream,
    subset,
    truetype,
    words,
)  # fmt: skip
from press_samples import MM, Break, sound

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.readers.press_pdf.rules.every import CODES

GLYPHS = TTFont(FONT_FILE)["maxp"].numGlyphs


def found(path: Path) -> set[str]:
    file = read_press_pdf(path)
    profiles = [load_profile(name) for name in ("sheet-fed", "x4")]
    return {one.code for profile in profiles for one in judge(file, path.name, profile.limits, profile.levels)}


SOUND: dict[str, Break] = {
    "an empty transition": keys(Trans={"Type": Name.Trans}),
    "a claim of PDF/A with an intent for it": both(
        a_claim(part=b"2", conformance=b"B"),
        lambda pdf, one: pdf.Root.OutputIntents.append(Dictionary(S=Name.GTS_PDFA1, OutputConditionIdentifier=String("a"))),
    ),
    "a page as large as programs take": both(boxes(MediaBox=(0, 0, 5079, 154)), boxes(BleedBox=(0, 0, 111, 154))),
    "a page to begin at": lambda pdf, one: pdf.Root.__setitem__("/OpenAction", Array([one.obj, Name.Fit])),
    "a line that is filled too": page("0 0 0 1 k 0 0 0 1 K 1 w 20 20 m 20 60 l B"),
    "glyphs by a table of their own": words(composite(CIDToGIDMap=stream(b"\0\5" * 99)), shown="<0000>"),
    "words that are no operators, where that is allowed": page("BX hugo EX"),
    "states saved and restored": page("q q Q Q"),
    "a usual flatness": page(f"1 i 0 1 0 0 k {SQUARE}"),
    "the last glyph": words(composite(), shown=f"<{GLYPHS - 1:04X}>"),
    "meshes within the limit": both(
        both(mesh(4, (0, 0, 0, 255), (255, 255, 255, 0)), mesh(5, (9, 9, 9, 9), (0, 0, 0, 255))),
        both(mesh(6, (255, 255, 255, 0), *[(0, 0, 0, 0)] * 3), mesh(7, (0,), *[(99,)] * 3, function={**TINT, "C0": [0, 0, 0, 0], "C1": [1, 1, 1, 1]})),
    ),
    "letters that a small program has": words(truetype(data=subset("Words")), shown="(Wo rds\\240)"),
    "letters by a map of symbols": words({key: one for key, one in truetype(data=subset("Words", symbols=True)).items() if key != "Encoding"}),
    "letters by their names": words(truetype(data=subset("Words"), Encoding={"Differences": [1, Name.W, Name.o]}), shown="(\\001\\002)"),
    "blanks in a drawn font": words(drawn_font("1000 0 d0 0 0 0 1 k 0 0 900 900 re f"), shown="(A A)"),
    "a process ink by its name": page(f"/C cs 1 scn {SQUARE}", ColorSpace={"C": separation("Magenta", tint={**TINT, "C1": [0, 1, 0, 0]})}),
    "a spot that sounds like one": page(f"/C cs 1 scn {SQUARE}", ColorSpace={"C": separation("Cyan Deluxe")}),
    "a mixture of inks that are in CMYK": page(f"/C cs 1 1 scn {SQUARE}", ColorSpace={"C": [
        *device_n(["Gold", "Black"], tint="{ 0 0 }"),
        {"Colorants": {"Gold": separation("Gold")}, "Process": {"ColorSpace": Name.DeviceCMYK, "Components": [Name.Black]}}]}),
    "a shading within the limit": page("/S sh", Shading={"S": {
        "ShadingType": 2, "ColorSpace": Name.DeviceCMYK, "Coords": [0, 0, 9, 0], "Extend": [True, True],
        "Function": {**TINT, "C0": [1, 1, 1, 0], "C1": [0, 0, 0, 1]}}}),
    "a slanting band": page("0 0 0 1 k 20 20 m 99 80 l 99.3 80 l 20.3 20 l h f"),
    "letters in two inks of a mixture": both(
        page("", ColorSpace={"C": device_n(["Gold", "Silver", "Black"], tint="{ 0 }")}), words(truetype(), 8, before="/C cs 0.6 0.5 0 scn")),
    "a mask with a curve of its own": page(f"/G gs 0 1 0 0 k {SQUARE}", ExtGState={"G": {"SMask": {
        "S": Name.Luminosity, "TR": TINT, "G": form(f"0.5 g {SQUARE}", Group={"S": Name.Transparency, "CS": Name.DeviceGray})}}}),
    "a stencil as fine as its picture": drawn(image(noise(400, 400), (400, 400), Name.DeviceGray, Mask=image(noise(400, 50), (400, 400), None, 1, ImageMask=True))),
    "a print of the whole bleed": root(ViewerPreferences={"PrintClip": Name.BleedBox, "ViewArea": Name.MediaBox}),
    "a stencil that says 8 bits, turned": drawn(image(noise(400, 400), (1200, 1000), None, 8, ImageMask=True, Decode=[1, 0])),
    "a picture that is all there": drawn(image(noise(400, 400), (400, 400), Name.DeviceGray)),
    "a JPEG that is all there, in ASCII": drawn(image(
        base64.a85encode(jpeg("CMYK", (400, 400), color=(255, 255, 200, 200))), (400, 400), Name.DeviceCMYK, Filter=[Name.ASCII85Decode, Name.DCTDecode])),
    "a JPEG that is all there": drawn(image(jpeg("L", (400, 400)), (400, 400), Name.DeviceGray, Filter=Name.DCTDecode)),
    "an intent that is one": both(page(f"/Perceptual ri 0 1 0 0 k {SQUARE}"), page(f"/G gs {SQUARE}", ExtGState={"G": {"RI": Name.Saturation, "D": [[], 0], "LW": 0.5}})),
    "dashes with gaps of none": page("[2 0] 0 d 0 0 0 1 K 1 w 20 20 m 90 90 l S [] 0 d 20 20 m 90 20 l S"),
    "white words in a picture": both(drawn(image(noise(400, 400), (400, 400), Name.DeviceGray)), words(truetype(), before="1 g")),
    "small white words in a ground of two inks": words(truetype(), 7, before="0.6 0.5 0 0 k 20 20 200 200 re f 0 0 0 0 k"),
    "white words large enough in a ground of four inks": words(truetype(), 8, before="0.6 0.5 0.5 0.5 k 20 20 200 200 re f 0 0 0 0 k"),
    "white words in letters that are outlined": both(ground("q 0 1 0 0 k 0 0 400 40 re f Q"), words(truetype(), before="0 0 0 0 k 0 0 0 1 K 2 Tr 1 w")),
    "white words in a form that came before": both(
        ground("q 0 1 0 0 k 0 0 400 40 re f Q"), page("/A Do 1 0 0 1 0 50 cm /A Do", XObject={"A": form("0 1 1 0 k 0 0 400 40 re f", box=(0, 0, 400, 40))}),
        words(truetype(), before="0 0 0 0 k")),
    "blanks in white": both(ground("q 0 1 0 0 k 0 0 400 40 re f Q"), words(truetype(), shown="(  )", before="0 0 0 0 k")),
    "words beyond a clip": words(truetype(), before="0 0 9 9 re W n 1 0 0 1 2000 0 cm 0 0 0 1 k"),
    "a tint by a program": page(f"/C cs 1 0.5 scn {SQUARE}", ColorSpace={"C": device_n(
        ["Gold", "Black"], tint="{ % gold, then black\n 2 copy gt { exch } { } ifelse pop dup 0.5 mul 0 3 1 roll 0.2 mul 0 0 4 -1 roll }")}),
    "a fax": drawn(faxed(fax(1200), 1200)),
    "a fax without a word of its end": drawn(faxed(fax(1200)[:-4], 1200, EndOfBlock=False)),
    "a scan": drawn(scanned(SCAN, (64, 56)), 1.5),
    "a blend that is one": page(f"/G gs 0 1 0 0 k {SQUARE}", ExtGState={"G": {"BM": [Name.Glow, Name.Multiply]}}),
    "a circle that touches the trim": ground(
        "0 1 0 0 k 0 0 400 500 re f " + f"1 0 0 0 k {3 * MM} 200 m {3 * MM} 227 31 250 58 250 c 86 250 108 227 108 200 c 108 173 86 150 58 150 c 31 150 {3 * MM} 173 {3 * MM} 200 c f"),
}  # fmt: skip


@pytest.mark.parametrize("case", SOUND)
def test_what_is_sound_is_not_named(case: str, tmp_path: Path) -> None:
    assert found(sound(tmp_path / "card.pdf", SOUND[case])) <= {"type3-font"}


def test_nothing_is_named_before_a_fault_is_planted(tmp_path: Path) -> None:
    assert found(sound(tmp_path / "card.pdf")) == set()


@pytest.mark.parametrize("fault", PLANTED)
def test_every_planted_fault_is_named(fault: str, tmp_path: Path) -> None:
    planted, codes = PLANTED[fault]
    named = found(sound(tmp_path / "card.pdf", planted))
    assert named & set(codes.split()), sorted(named)


NAMED_ELSEWHERE = {
    "no-file-id": "rules", "encrypted": "rules", "no-pages": "rules", "transparency": "rules", "font-not-subset": "rules",
    "independent-color": "rules",
    "too-much": "hostile", "objects-missing": "appended", "white-in-bleed": "", "plate-not-known": "plates",
}  # fmt: skip


def test_every_rule_has_a_fault_that_it_names() -> None:
    """Planted here, or where a file says that it is."""
    planted = {code for _, codes in PLANTED.values() for code in codes.split()}
    assert CODES - planted == set(NAMED_ELSEWHERE)
    for code, file in NAMED_ELSEWHERE.items():
        tests = Path(__file__).with_name(f"test_preflight_{file}.py" if file else "test_white_in_bleed.py")
        assert f'"{code}"' in tests.read_text()
