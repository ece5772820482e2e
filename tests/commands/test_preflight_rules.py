"""Every rule of `preflight`, on a file that keeps it and one that breaks it: both sides of every limit."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from planted_faults import PLANTED
from press_breaks import (
    FIELD,
    LAYERS,
    NOTHING,
    SELF_ACTING,
    TRUETYPE,
    annotated,
    bookmark,
    boxed,
    clipped,
    device_n,
    drawn_letter,
    font,
    form,
    ground,
    icc,
    info,
    intent,
    jpeg,
    launch,
    masked,
    packed_by_lzw,
    paged,
    pages_of,
    profile,
    reclassed,
    ring_of_actions,
    root,
    script,
    separation,
    sfnt,
    shaded,
    spaced,
    state,
    tiled,
    with_mask,
    without,
    xmp,
    xobject,
)
from press_samples import MM, PROFILE, Break, draw, flat, picture, spots, whole

from pressrun.graphics.color import inks
from pressrun.model.finding import Severity
from pressrun.readers.press_pdf import paths
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.preflight import Judged, judged
from pressrun.readers.press_pdf.profiles.profile import load_profile
from pressrun.readers.press_pdf.rules.every import CODES

STRICT = load_profile("x4")
ALL_ON = {"transparency": Severity.ERROR, "independent-color": Severity.ERROR, "font-not-subset": Severity.NOTE}


def found(*breaks: Break, limits: PressLimits | None = None, **saving: Any) -> list[Judged]:
    file = read_press_pdf(whole(*breaks, **saving))
    return judged(file, "a.pdf", limits or STRICT.limits, {**STRICT.levels, **ALL_ON})


def codes(*breaks: Break, **options: Any) -> set[str]:
    return {one.finding.code for one in found(*breaks, **options)}


# ------------------------------------------------------------------------ what breaks each rule, and what just keeps it

SPOT = separation("Gold", Name.DeviceCMYK, 4)
RGB_SPOT = separation("Gold", Name.DeviceRGB, 3)
WHITE = "0 0 0 0 k 10 10 50 50 re f"
PATTERNED = Array([Name.Indexed, Name.DeviceRGB, 0, String(b"\x00\x00\x00")])
BREAKS: dict[str, dict[str, Break]] = {
    "no-output-intent": {"none": lambda pdf, page: pdf.Root.__delitem__("/OutputIntents")},
    "wrong-output-intent": {
        "RGB": intent(DestOutputProfile=profile(inks.srgb_profile(), 3)), "broken": intent(DestOutputProfile=profile(b"no")),
        "of a scanner": intent(DestOutputProfile=profile(reclassed(b"scnr"))),
        "of another number of inks": intent(DestOutputProfile=profile(PROFILE.data, 3)),
        "neither profile nor registry": intent(DestOutputProfile=None),
    },
    "several-output-intents": {"two": lambda pdf, page: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])},
    "no-condition-name": {"none": intent(OutputConditionIdentifier=None), "blank": intent(OutputConditionIdentifier=String(" "))},
    "no-standard": {"none": lambda pdf, page: (xmp(b"PDF/X-4", b"")(pdf, page), pdf.docinfo.__delitem__("/GTS_PDFXVersion"))},
    "standards-disagree": {"X-1a and X-4": info(GTS_PDFXVersion=String("PDF/X-1a:2001"))},
    "metadata-differs": {"title": info(Title=String("A poster")), "date": info(CreationDate=String("D:20270302093000Z"))},
    "no-metadata": {"none": lambda pdf, page: pdf.Root.__delitem__("/Metadata"), "no XML": xmp(b"<rdf:RDF", b"<<rdf:RDF")},
    "trapped-unknown": {
        "text": info(Trapped=String("False")), "unknown": info(Trapped=Name.Unknown),
        "not said": lambda pdf, page: pdf.docinfo.__delitem__("/Trapped"),
    },
    "no-title-or-dates": {"no date": xmp(b"xmp:ModifyDate", b"xmp:Modified")},
    "no-document-id": {"no version": xmp(b"<xmpMM:VersionID>1</xmpMM:VersionID>", b"")},
    "javascript": {
        "on opening": root(OpenAction=script()), "on an event of the page": paged(AA=Dictionary(O=script())),
        "behind others in a ring": root(OpenAction=ring_of_actions), "by name": root(Names=Dictionary(
            JavaScript=Dictionary(Kids=Array([Dictionary(Names=Array([String("a"), script()]))])))),
        "in a field's field": root(AcroForm=FIELD), "in a bookmark": root(Outlines=bookmark(script())),
        "in an annotation": annotated("Screen", A=script()), "in an annotation outside": annotated("Link", (-90, 0, -80, 9), A=script()),
    },
    "action": {"a program": root(OpenAction=launch()), "on an event": paged(AA=Dictionary(O=launch()))},
    "attachment": {
        "by name": root(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), Dictionary()])))),
        "associated": root(AF=Array([Dictionary(UF=String("a.xml"))])), "as a note": annotated("FileAttachment"),
    },
    "form-fields": {"fields": root(AcroForm=FIELD), "XFA": root(AcroForm=Dictionary(XFA=String("a"), Fields=NOTHING))},
    "layers": {"one": root(OCProperties=LAYERS)},
    "automatic-layers": {"by event": root(OCProperties=SELF_ACTING)},
    "damaged": {"resources that are a name": paged(Resources=Name.No), "annotations that are a name": paged(Annots=Name.No)},
    "lzw": {"undrawn": packed_by_lzw},
    "external-stream": {"a picture": xobject(F=String("a.tif"))},
    "preseparated": {"a plate": paged(SeparationInfo=Dictionary(DeviceColorant=Name.Cyan))},
    "presentation": {"steps": paged(PresSteps=Dictionary())},
    "postscript": {
        "a form": form("0 g", Subtype2=Name.PS), "an object": form("0 g", PS=String("showpage")),
    },
    "opi": {"a picture": xobject(OPI=Dictionary())},
    "reference": {"a form": form("0 g", Ref=Dictionary(F=String("a.pdf"), Page=0))},
    "alternate-pictures": {"a picture": xobject(Alternates=Array([]))},
    "broken-page": {
        "operands of words": draw("(what) w"), "nothing to draw": draw("/Nothing Do"), "an end within a word": draw("0 g (wor"),
        "an end within numbers": draw("0 g 1 2"), "a box of words": paged(TrimBox=Array([Name.A, 1, 2, 3])),
    },
    "key-of-wrong-type": {
        "contents": paged(Contents=7),
        "a group": paged(Group=Name.Group), "a matrix": form("0 g", Matrix=Array([1, 2])), "a line's width": state(LW=Name.Thin),
        "an overprint": state(OP=7), "names": root(Names=7), "intents": root(OutputIntents=Dictionary()), "XMP": root(Metadata=7),
        "a form": root(AcroForm=Array([])), "layers": root(OCProperties=7), "a picture's width": xobject(Width=Name.Wide),
        "a soft mask": xobject(SMask=Name.Soft), "a turn": paged(Rotate=Name.Left),
    },
    "empty-page": {"no content": without("/Contents"), "nothing painted": paged(Contents=lambda pdf: pdf.make_stream(b"1 0 0 rg"))},
    "no-trim-box": {"none": without("/TrimBox")},
    "two-trims": {"both": boxed(ArtBox=(3, 3, 108, 151))},
    "box-nesting": {
        "trim out of the bleed": boxed(BleedBox=(3.1, 0, 111, 154)), "bleed out of the media": boxed(BleedBox=(-1, 0, 111, 154)),
    },
    "box-empty": {"trim": boxed(TrimBox=(50, 50, 50, 90)), "bleed": boxed(BleedBox=(3, 3, 3, 3))},
    "user-unit": {"ten": paged(UserUnit=10)},
    "crop-box": {"to the trim": boxed(CropBox=(3, 3, 108, 151)), "by half a millimetre": boxed(CropBox=(0.5, 0, 111, 154))},
    "bleed": {"none": boxed(TrimBox=(0, 3, 108, 151)), "a tenth too little": boxed(TrimBox=(2.9, 3, 108, 151))},
    "bleed-not-filled": {
        "artwork to the trim": paged(Contents=lambda pdf: pdf.make_stream(ground(3, 3, 108, 151))),
        "artwork a millimetre beyond": paged(Contents=lambda pdf: pdf.make_stream(ground(2, 2, 109, 152))),
        "at one side": paged(Contents=lambda pdf: pdf.make_stream(ground(0, 0, 108, 154))),
        "clipped to the trim": paged(Contents=lambda pdf: pdf.make_stream(clipped(3, 3, 108, 151) + ground(0, 0, 111, 154))),
    },
    "annotation": {"a link": annotated("Link"), "half in the bleed": annotated("Text", (-50, 50, 5, 60))},
    "rgb": {
        "fill": draw("1 0 0 rg 9 9 9 9 re f"), "stroke": draw("1 0 0 RG 9 9 m 90 90 l S"), "form": form("1 0 0 rg 9 9 9 9 re f"),
        "tiling": tiled("1 0 0 rg 0 0 9 9 re f"), "shading": shaded(Name.DeviceRGB), "shading pattern": shaded(Name.DeviceRGB, pattern=True),
        "soft mask": masked("1 0 0 rg 0 0 9 9 re f"), "appearance": annotated("Stamp", (50, 50, 90, 60), "1 0 0 rg 0 0 90 90 re f"),
        "inline picture": draw("q 10 0 0 10 5 5 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q"),
        "palette": picture(flat(600, 600, 0)[:, :, 0], PATTERNED), "picture": picture(flat(600, 600, 9, 9, 9), Name.DeviceRGB),
        "calibrated": spaced(Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))]), values="1 0 0"),
        "by a default": lambda pdf, page: (spaced(Array([Name.CalRGB, Dictionary()]), "0 g")(pdf, page),
            page.Resources.ColorSpace.__setitem__("/DefaultGray", page.Resources.ColorSpace.X), draw("0 g 9 9 9 9 re f")(pdf, page)),
        "drawn letter": drawn_letter("1000 0 d0 1 0 0 rg 0 0 900 900 re f"),
    },
    "managed-rgb": {
        "fill": spaced(icc(3), values="1 0 0"), "lab": spaced(Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))]), values="50 9 9"),
        "picture": lambda pdf, page: picture(flat(600, 600, 9, 9, 9), icc(3)(pdf))(pdf, page),
    },
    "icc-cmyk": {"fill": spaced(icc(4, PROFILE.data), values="0 0 0 1")},
    "independent-color": {"gray": spaced(Array([Name.CalGray, Dictionary(WhitePoint=Array([1, 1, 1]))])),
                          "Lab of a spot": spaced(separation("Gold", Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))]), 3))},
    "unknown-color-space": {
        "no such name": draw("/RGBB cs 1 0 0 scn 9 9 9 9 re f"), "five channels": spaced(icc(5), values="0 0 0 0 1"),
        "an inline name elsewhere": draw("/CMYK cs 0 0 0 1 scn 9 9 9 9 re f"), "a broken spot": spaced(Array([Name.Separation, Name.Gold])),
    },
    "spot-alternate": {"RGB": spaced(RGB_SPOT), "DeviceN": spaced(device_n(["Gold"], Name.DeviceRGB, 3))},
    "rgb-group": {
        "of a page": paged(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)), "of a form": form("0 g", group=Name.DeviceRGB),
    },
    "transparency": {"opacity": state(ca=0.5), "of strokes": state(CA=0.5), "blend": state(BM=Name.Multiply), "mask": with_mask(600),
                     "one blend of several": state(BM=Array([Name.Multiply, Name.Normal])), "soft mask": masked("0 g")},
    "transfer-curve": {"TR": state(TR=Dictionary()), "TR2": state(TR2=Name.Identity)},
    "halftone": {"a type 6": state(HT=Dictionary(HalftoneType=6)), "a named one": state(HT=Dictionary(HalftoneType=1, HalftoneName=String("a"))),
                 "its place": state(HTP=Array([0, 0]))},
    "black-generation": {"BG": state(BG=Dictionary()), "BG2": state(BG2=Dictionary()), "UCR": state(UCR=Dictionary()), "UCR2": state(UCR2=Dictionary())},
    "flatness": {"FL": state(FL=3)},
    "total-ink": {"a fill": draw("1 1 1 0.03 k 9 9 9 9 re f"), "a stroke": draw("1 1 1 0.5 K 2 w 9 9 m 90 9 l S"),
                  "a mark and artwork": draw("1 1 1 1 K 1 w -50 50 m -40 50 l S 50 50 m 60 50 l S"), "half in the bleed": draw("1 1 1 1 K 1 w -50 50 m 60 50 l S"),
                  "artwork after many marks": draw("1 1 1 1 K 1 w " + "".join(f"-50 {at} m -40 {at} l S " for at in range(60)) + "50 50 m 60 50 l S"),
                  "inks of a device": spaced(device_n(["Cyan", "Magenta", "Yellow", "Gold"]), values="0.9 0.9 0.9 0.9"),
                  "a picture": picture(flat(600, 600, 200, 200, 200, 200), Name.DeviceCMYK)},
    "white-overprint": {"CMYK": state(WHITE, op=True), "gray": state("1 g 9 9 9 9 re f", op=True),
                        "a spot": lambda pdf, page: (spaced(SPOT, "0 g")(pdf, page), state("/X cs 0 scn 9 9 9 9 re f", OP=True)(pdf, page)),
                        "strokes": state("0 0 0 0 K 2 w 9 9 m 90 9 l S", OP=True), "text": lambda pdf, page: (state("0 g", op=True)(pdf, page), font(before="0 0 0 0 k")(pdf, page))},
    "black-knocks-out": {"on a ground": font(size=11.9), "gray": font(size=8, before="0 g")},
    "no-ink": {"none": spaced(separation("None", Name.DeviceCMYK, 4))},
    "registration-color": {"a fill": spaced(separation("All", Name.DeviceCMYK, 4)), "half in the bleed": spaced(separation("All", Name.DeviceCMYK, 4), "/X cs 1 scn -50 50 60 9 re f"),
                           "a line among marks": spaced(separation("All", Name.DeviceCMYK, 4), "/X CS 1 SCN -50 50 m -40 50 l 50 50 m 60 50 l S")},
    "spot-spelled-twice": {"letters": spots("PANTONE 185 C", "Pantone 185 C")},
    "spot-defined-twice": {"tints": lambda pdf, page: (
        spaced(SPOT)(pdf, page), page.Resources.ColorSpace.__setitem__("/Y", Array([Name.Separation, Name.Gold, Name.DeviceCMYK, Dictionary(
            FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 1, 0]))])), draw("/Y cs 1 scn 9 9 9 9 re f")(pdf, page))},
    "font-not-embedded": {"none": lambda pdf, page: (font()(pdf, page), page.Resources.Font.F1.FontDescriptor.__delitem__("/FontFile2"))},
    "font-not-subset": {"whole": lambda pdf, page: (font()(pdf, page), page.Resources.Font.F1.__setitem__("/BaseFont", Name.Sample))},
    "font-broken": {"no font": font(program=b"what"), "no outlines": font(program=sfnt(b"head")), "cut off": font(program=sfnt(b"glyf", b"loca", ends=1)),
                    "empty": font(program=b""), "cut in its list": font(program=TRUETYPE[:20])},
    "undefined-glyph": {"by number": font(b"\0\1\0\0", Subtype=Name.Type0, Encoding=Name("/Identity-H")),
                        "by name": font(b"AB", Encoding=Dictionary(Differences=Array([65, Name.A, Name("/.notdef")])))},
    "small-text": {"4.98 pt": font(size=4.98)},
    "thin-line": {"0.12 pt": draw("0 0 0 1 K 0.12 w 9 9 m 90 90 l S"), "none": draw("0 0 0 1 K 0 w 9 9 m 90 90 l S"), "scaled": draw("0 0 0 1 K 0.1 0 0 0.1 0 0 cm 1 w 9 9 m 900 900 l S"),
                  "filled": draw("0 0 0 1 k 9 9 90 0.1 re f"), "filled, by lines": draw("0 0 0 1 k 9 9 m 99 9 l 99 9.1 l 9 9.1 l f")},
    "small-in-several-inks": {"text": font(size=11.9, before="0.6 0.5 0.5 1 k"), "line": draw("0.6 0.5 0.5 0.2 K 0.98 w 9 9 m 90 90 l S")},
    "resolution": {"a soft mask": with_mask(100), "a picture": picture(flat(200, 200, 9, 9, 9, 9), Name.DeviceCMYK)},
    "ink-not-measured": {"stretched": xobject(Decode=Array([0, 0.5] * 4))},
    "jpeg-artefacts": {"quality 38": jpeg(38)},
}  # fmt: skip


KEPT: dict[str, dict[str, Break]] = {
    "no-output-intent": {}, "several-output-intents": {},
    "wrong-output-intent": {"a registered one": lambda pdf, page: intent(DestOutputProfile=None, RegistryName=String("http://www.color.org"))(pdf, page)},
    "metadata-differs": {"another time zone": info(CreationDate=String("D:20270301103000+01'00'"))},
    "trapped-unknown": {"true": lambda pdf, page: (info(Trapped=Name("/True"))(pdf, page), xmp(b'Trapped="False"', b'Trapped="True"')(pdf, page))},
    "javascript": {"a bookmark that leads": root(Outlines=bookmark(Dictionary(S=Name.GoTo, D=Array([])))) },
    "action": {"an opening that leads": root(OpenAction=Dictionary(S=Name.GoTo))},
    "crop-box": {"the bleed": boxed(CropBox=(0, 0, 111, 154))},
    "bleed": {"a hair too little": boxed(TrimBox=(2.98, 3, 108, 151))},
    "bleed-not-filled": {
        "a strip beside": paged(Contents=lambda pdf: pdf.make_stream(ground(3, 0, 108, 154) + ground(0, 0, 3, 154) + ground(108, 0, 111, 154))),
        "white to the trim": draw(f"0 0 0 0 k {3 * MM} {3 * MM} {105 * MM} {148 * MM} re f"),
        "inside the trim": paged(Contents=lambda pdf: pdf.make_stream(ground(5, 5, 106, 149))),
    },
    "annotation": {"a mark": annotated("PrinterMark"), "outside": annotated("Text", (-50, 50, -5, 60))},
    "rgb": {"only set": draw("1 0 0 rg"), "with a default": lambda pdf, page: (spaced(icc(3), "0 g")(pdf, page),
        page.Resources.ColorSpace.__setitem__("/DefaultRGB", page.Resources.ColorSpace.X), draw("1 0 0 rg 9 9 9 9 re f")(pdf, page))},
    "unknown-color-space": {"a resource by an inline name": lambda pdf, page: (
        page.Resources.ColorSpace.__setitem__("/RGB", SPOT(pdf)), draw("/RGB cs 1 scn 9 9 9 9 re f")(pdf, page))},
    "spot-alternate": {"CMYK": spaced(SPOT), "Lab": spaced(separation("Gold", Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))]), 3))},
    "independent-color": {"a spot in CMYK": spaced(SPOT), "gray": draw("0.5 g 9 9 9 9 re f")},
    "rgb-group": {"CMYK": form("0 g", group=Name.DeviceCMYK)},
    "transparency": {"none": state(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"))},
    "transfer-curve": {"identity": state(TR=Name.Identity), "default": state(TR2=Name.Default)},
    "halftone": {"a plain one": state(HT=Dictionary(HalftoneType=1)), "default": state(HT=Name.Default)},
    "total-ink": {"300 %": draw("1 1 1 0 k 9 9 9 9 re f"), "a mark": draw("1 1 1 1 K 1 w -50 50 m -40 50 l S"),
                  "marks all around": draw("1 1 1 1 K 1 w -50 50 m -40 50 l 350 50 m 360 50 l S"), "inks of a device": spaced(device_n(["Cyan", "Gold"]), values="1 1")},
    "white-overprint": {"tint": state("0 0 0 0.01 k 9 9 9 9 re f", op=True), "knocked out": state(WHITE, op=False)},
    "black-knocks-out": {"12 pt": font(), "overprinted": lambda pdf, page: (state("0 g", op=True)(pdf, page), font(size=8)(pdf, page)),
                         "on white": lambda pdf, page: (draw("0 0 0 0 k 0 0 300 300 re f")(pdf, page), font(size=8)(pdf, page))},
    "registration-color": {"a mark": spaced(separation("All", Name.DeviceCMYK, 4), "/X cs 1 scn -50 50 9 9 re f"),
                           "marks all around": spaced(separation("All", Name.DeviceCMYK, 4), "/X CS 1 SCN -50 50 m -40 50 l 350 50 m 360 50 l S")},
    "spot-defined-twice": {"once": lambda pdf, page: (spaced(SPOT)(pdf, page), page.Resources.ColorSpace.__setitem__("/Y", page.Resources.ColorSpace.X), draw("/Y cs 1 scn 9 9 9 9 re f")(pdf, page))},
    "font-not-subset": {"letters that are used": font(), "letters that are drawings": drawn_letter("1000 0 d0 0 g 0 0 500 500 re f")},
    "font-broken": {"sound": font()},
    "undefined-glyph": {"by number": font(b"\0\1\1\0\0\2", Subtype=Name.Type0, Encoding=Name("/Identity-H")),
                        "by name": font(b"A", Encoding=Dictionary(Differences=Array([65, Name.A, Name("/.notdef")])))},
    "small-text": {"5 pt": font(size=5), "4.995 pt": font(size=4.995)},
    "thin-line": {"0.125 pt": draw("0 0 0 1 K 0.125 w 9 9 m 90 90 l S"), "filled": draw("0 0 0 1 k 9 9 90 0.13 re f"), "hidden": draw("q 9 9 1 1 re W n 0 0 0 1 K 0.05 w 50 50 m 90 90 l S Q"),
                  "a dot": draw("0 0 0 1 k 9 9 0.1 0.1 re f")},
    "resolution": {"a soft mask": with_mask(600)},
    "jpeg-artefacts": {"quality 42": jpeg(42)},
    "small-in-several-inks": {"text": font(before="0.6 0.5 0.5 1 k"), "line": draw("0.6 0.5 0.5 0.2 K 1 w 9 9 m 90 90 l S"),
                              "marks all around": draw("0.6 0.5 0.5 0.2 K 0.25 w -50 50 m -40 50 l 350 50 m 360 50 l S")},
}  # fmt: skip
# Told by what is no break of a page: how files are saved, or several pages.
ELSEWHERE = {"encrypted", "no-pages", "too-much", "no-file-id", "standard-not-kept", "page-sizes", "page-rotation", "plate-not-known",
             "white-in-bleed", "objects-missing"}  # fmt: skip


def cases(table: dict[str, dict[str, Break]]) -> list[Any]:
    return [pytest.param(code, broken, id=f"{code}: {name}") for code, named in table.items() for name, broken in named.items()]


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert set(BREAKS) | ELSEWHERE | {code for _, codes in PLANTED.values() for code in codes.split()} == CODES


def test_the_sound_file_breaks_none() -> None:
    assert codes() == set()


@pytest.mark.parametrize(("code", "broken"), cases(BREAKS))
def test_what_breaks_a_rule_is_found(code: str, broken: Break) -> None:
    assert code in codes(broken)


@pytest.mark.parametrize(("code", "kept"), cases(KEPT))
def test_what_just_keeps_it_is_not(code: str, kept: Break) -> None:
    assert code not in codes(kept)


def test_a_file_without_an_identifier() -> None:
    data = whole().replace(b"/ID [", b"/NO [")
    assert [one.finding.code for one in judged(read_press_pdf(data), "a.pdf", levels=STRICT.levels)] == ["no-file-id"]


@pytest.mark.parametrize(("claim", "version", "kept"), [
    ("PDF/X-4", "1.6", True), ("PDF/X-4", "1.7", False), ("PDF/X-1a:2003", "1.4", True), ("PDF/X-1a:2003", "1.5", False),
])  # fmt: skip
def test_a_standard_ends_at_a_version(claim: str, version: str, kept: bool) -> None:
    told = codes(info(GTS_PDFXVersion=String(claim)), xmp(b"PDF/X-4", claim.encode()), force_version=version)
    assert ("standard-not-kept" not in told) == kept


def test_pages_are_compared_with_each_other() -> None:
    large = Array([0, 0, 120 * MM, 154 * MM])
    assert codes(pages_of({}, {"TrimBox": large, "MediaBox": large, "BleedBox": large}), pages=2) >= {"page-sizes"}
    assert codes(pages_of({}, {"Rotate": 90}), pages=2) == {"page-rotation"}
    assert codes(pages_of({"Rotate": 90}, {"Rotate": 450}), pages=2) == set()


def placed(*breaks: Break, code: str, **options: Any) -> list[tuple[int, list[float]]]:
    """Where a code was found: the pages, and rectangles in whole points."""
    [one] = [one for one in found(*breaks, **options) if one.finding.code == code]
    return [(page, [round(edge) for edge in at]) for page, at in one.places]


PLACES: dict[str, tuple[str, Break, list[int]]] = {
    "a fill": ("rgb", draw("1 0 0 rg 10 20 30 40 re f"), [10, 20, 40, 60]),
    "a fill that is moved and scaled": ("rgb", draw("q 2 0 0 2 5 5 cm 1 0 0 rg 10 20 30 40 re f Q"), [25, 45, 85, 125]),
    "a fill that is clipped": ("rgb", draw("q 0 0 20 30 re W n 1 0 0 rg 10 20 30 40 re f Q"), [10, 20, 20, 30]),
    "a fill in a form": ("rgb", form("1 0 0 rg 10 20 30 40 re f", "q 1 0 0 1 50 50 cm /F Do Q"), [60, 70, 90, 110]),
    "a line": ("thin-line", draw("0 0 0 1 K 0.1 w 10 20 m 90 20 l S"), [10, 20, 90, 20]),
    "text": ("small-text", font(b"AAAA", size=4), [40, 39, 48, 43]),
    "a picture": ("resolution", picture(flat(200, 200, 9, 9, 9, 9), Name.DeviceCMYK), [20, 20, 162, 162]),
    "an annotation": ("annotation", annotated("Link"), [50, 50, 90, 60]),
    "an edge": ("bleed-not-filled", paged(Contents=lambda pdf: pdf.make_stream(ground(0, 0, 108, 154))), [306, 9, 315, 428]),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_finding_says_where(name: str) -> None:
    code, broken, at = PLACES[name]
    assert placed(broken, code=code) == [(1, at)]


def test_a_finding_on_several_pages_says_where_on_each() -> None:
    def everywhere(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for other in pdf.pages:
            draw("1 0 0 rg 10 20 30 40 re f")(pdf, other)

    assert placed(everywhere, code="rgb", pages=3) == [(number, [10, 20, 40, 60]) for number in (1, 2, 3)]


@pytest.mark.parametrize("cell", ["q /Over gs Q q /Out gs {} Q", "/Over gs /Out gs {}", "/Out gs q /Over gs Q {}", "/Over gs q /Out gs Q {}"])
def test_a_state_that_a_table_sets_in_each_cell_is_looked_at_once(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Any] = []
    monkeypatch.setattr(paths, "look_at_state", lambda level, settings: looked.append(settings))

    def table(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ExtGState = Dictionary(Over=Dictionary(op=True), Out=Dictionary(op=False))
        page.contents_add((f"{cell.format(WHITE)} " * 20).encode())

    assert ("white-overprint" in codes(table)) == (cell == "/Over gs q /Out gs Q {}")
    assert [bool(one["/op"]) for one in looked] in ([True, False], [False, True])


def test_the_same_file_gives_the_same_words() -> None:
    data = whole(*(named for code in ("rgb", "total-ink", "broken-page") for named in list(BREAKS[code].values())[:2]))
    told = [[str(one.finding) for one in judged(read_press_pdf(data), "a.pdf")] for _ in range(3)]
    assert told[0] == told[1] == told[2] != []


@pytest.mark.parametrize(("top", "words"), [(151, "ends at the trim (top)"), (153.5, "ends before the 3 mm of bleed do (top)")])
def test_how_far_artwork_goes_is_said_as_it_is(top: float, words: str) -> None:
    messages = [one.finding.message for one in found(paged(Contents=lambda pdf: pdf.make_stream(ground(0, 0, 111, top))))]
    assert any(words in message for message in messages), messages
