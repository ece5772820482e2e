"""Faults of what pages draw: colour, ink, letters, lines and pictures, in the corners where they hide."""

from __future__ import annotations

import base64

from pikepdf import Array, Name, String
from planted_kit import (
    FONT_FILE,
    RGB_TINT,
    SCAN,
    SQUARE,
    SRGB,
    TINT,
    Break,
    Made,
    annotation,
    both,
    composite,
    device_n,
    drawn,
    drawn_font,
    fax,
    faxed,
    form,
    ground,
    icc,
    image,
    jpeg,
    jpx,
    keys,
    mesh,
    noise,
    packed,
    page,
    scanned,
    separation,
    stream,
    subset,
    truetype,
    words,
)  # fmt: skip

RED = f"1 0 0 rg {SQUARE}"
LAB = [Name.Lab, {"WhitePoint": [0.96, 1, 0.82], "Range": [-128, 127, -128, 127]}]
CAL = [Name.CalRGB, {"WhitePoint": [0.95, 1, 1.09]}]
RED_GROUP = {"S": Name.Transparency, "CS": Name.DeviceRGB}
INLINE = "30 0 0 30 20 20 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI"


def tiled(content: str, kind: int = 1, **resources: Made):
    return stream(content, Type=Name.Pattern, PatternType=1, PaintType=kind, TilingType=1, BBox=[0, 0, 20, 20], XStep=20,
                  YStep=20, Resources=resources)  # fmt: skip


def fading(space: Made, first: list[float], last: list[float], **more: Made) -> dict[str, Made]:
    return {"ShadingType": 2, "ColorSpace": space, "Coords": [0, 0, 100, 0], "Extend": [True, True],
            "Function": {**TINT, "C0": first, "C1": last}, **more}  # fmt: skip


def in_pattern(pattern: Made, extra: str = "") -> Break:
    return page(f"/Pattern cs /P scn {SQUARE}{extra}", Pattern={"P": pattern})


def with_state(content: str = f"0 1 0 0 k {SQUARE}", **state: Made) -> Break:
    return page(f"/G gs {content}", ExtGState={"G": state})


def colored(space: Made, values: str = "1 0 0") -> Break:
    return page(f"/C cs {values} sc {SQUARE}", ColorSpace={"C": space})


def palette(base: Made, entry: bytes) -> list[Made]:
    return [Name.Indexed, base, 1, String(entry * 2)]


COLOR: dict[str, tuple[Break, str]] = {
    "RGB": (page(RED), "rgb"),
    "RGB of a stroke": (page("0 0 1 RG 4 w 20 20 m 90 90 l S"), "rgb"),
    "RGB of words": (words(truetype(), before="0 0 1 rg"), "rgb"),
    "RGB by cs": (page(f"/DeviceRGB cs 1 0 0 sc {SQUARE}"), "rgb"),
    "RGB in forms in forms": (page("/A Do", XObject={"A": form("/B Do", Resources={"XObject": {"B": form(RED)}})}), "rgb"),
    "RGB in a form with its page's colours": (page("/A Do", XObject={"A": form(f"/C cs 1 0 0 sc {SQUARE}")}, ColorSpace={"C": CAL}), "rgb"),
    "RGB in a tiling": (in_pattern(tiled("1 0 0 rg 0 0 9 9 re f")), "rgb"),
    "RGB in a form in a tiling": (in_pattern(tiled("/A Do", XObject={"A": form(RED)})), "rgb"),
    "RGB in a tiling in a form in a tiling": (
        in_pattern(tiled("/A Do", XObject={"A": form(f"/Pattern cs /Q scn {SQUARE}", Resources={
            "Pattern": {"Q": tiled("1 0 0 rg 0 0 9 9 re f")}})})), "rgb"),
    "RGB in an uncoloured tiling": (
        page(f"/C cs 1 0 0 /P scn {SQUARE}", ColorSpace={"C": [Name.Pattern, Name.DeviceRGB]}, Pattern={"P": tiled("0 0 9 9 re f", 2)}), "rgb"),
    "RGB in a tiling for a stroke": (
        page("/Pattern CS /P SCN 9 w 20 20 m 90 90 l S", Pattern={"P": tiled("1 0 0 rg 0 0 9 9 re f")}), "rgb"),
    "RGB of a shading": (page("/S sh", Shading={"S": fading(Name.DeviceRGB, [1, 0, 0], [0, 0, 1])}), "rgb"),
    "RGB of a shading as a pattern": (
        in_pattern({"PatternType": 2, "Shading": fading(Name.DeviceRGB, [1, 0, 0], [0, 0, 1])}), "rgb"),
    "RGB of a mesh": (
        page("/S sh", Shading={"S": stream(b"\0" * 60, ShadingType=4, ColorSpace=Name.DeviceRGB, BitsPerCoordinate=8,
                                           BitsPerComponent=8, BitsPerFlag=8, Decode=[0, 1] * 5)}), "rgb"),
    "RGB in a soft mask": (with_state(SMask={"S": Name.Luminosity, "G": form(RED, Group={"S": Name.Transparency, "CS": Name.DeviceCMYK})}), "rgb"),
    "RGB in the soft mask of a shading as a pattern": (
        in_pattern({"PatternType": 2, "ExtGState": {"SMask": {"S": Name.Luminosity, "G": form(RED, Group={"S": Name.Transparency, "CS": Name.DeviceCMYK})}},
                    "Shading": fading(Name.DeviceCMYK, [1, 0, 0, 0], [0, 1, 0, 0])}), "rgb"),
    "a soft mask blended in RGB": (with_state(SMask={"S": Name.Luminosity, "G": form("0.5 g 0 0 99 99 re f", Group=RED_GROUP)}), "rgb-group"),
    "RGB of a stamp": (annotation("Stamp", AP={"N": form(RED)}), "rgb"),
    "RGB of a field that is on": (
        annotation("Stamp", AS=Name.On, AP={"N": {"On": form(RED), "Off": form("")}}), "rgb"),
    "RGB inline": (page(INLINE), "rgb"),
    "RGB inline in a drawn letter": (words(drawn_font(f"1000 0 d0 q 900 0 0 900 0 0 cm {INLINE.split('cm ')[1]} Q"), shown="(A)"), "rgb"),
    "RGB of a drawn letter": (words(drawn_font("1000 0 d0 1 0 0 rg 0 0 900 900 re f"), shown="(A)"), "rgb"),
    "an inline picture in a named space": (page(INLINE.replace("/RGB", "/C"), ColorSpace={"C": CAL}), "rgb"),
    "an RGB picture": (drawn(image(noise(60, 60, 3), (60, 60), Name.DeviceRGB)), "rgb"),
    "a palette of RGB": (drawn(image(b"\0" * 400, (20, 20), palette(Name.DeviceRGB, b"abc"))), "rgb"),
    "a palette of Lab": (drawn(image(b"\0" * 400, (20, 20), palette(LAB, b"abc"))), "managed-rgb"),
    "a palette of managed RGB": (drawn(image(b"\0" * 400, (20, 20), palette(icc(), b"abc"))), "managed-rgb"),
    "JPEG 2000 in its own RGB": (drawn(image(jpx("RGB", (300, 300)), (300, 300), None, Filter=Name.JPXDecode)), "rgb managed-rgb"),
    "a stencil in RGB": (page("1 0 0 rg 50 0 0 50 20 20 cm /Im Do", XObject={"Im": stream(b"\xff" * 40000, Subtype=Name.Image, Width=400, Height=800, ImageMask=True, BitsPerComponent=1)}), "rgb"),
    "an RGB picture that has no colours but by JPEG": (drawn(image(jpeg("RGB", (400, 400)), (400, 400), None, Filter=Name.DCTDecode)), "unknown-color-space rgb"),
    "an RGB alternate of a picture": (drawn(image(noise(400, 400, 4), (400, 400), Name.DeviceCMYK, Alternates=[{"Image": image(b"\0" * 12, (2, 2), Name.DeviceRGB)}])), "alternate-pictures"),
    "a spot's alternate in RGB": (colored(separation("Gold", Name.DeviceRGB, RGB_TINT), "1"), "spot-alternate"),
    "a mixture's alternate in RGB": (colored(device_n(["Gold", "Black"], Name.DeviceRGB, "{ pop 0 0 }", 3), "1 1"), "spot-alternate"),
    "an inner spot's alternate in RGB": (
        colored([*device_n(["Gold", "Black"], tint="{ 0 0 }"), {"Colorants": {"Gold": separation("Gold", Name.DeviceRGB, RGB_TINT)}}], "1 1"), "spot-alternate"),
    "a mixture's process in RGB": (
        colored([*device_n(["Red", "Green", "Blue"], tint="{ 0 }"), {"Subtype": Name.NChannel, "Process": {"ColorSpace": Name.DeviceRGB, "Components": [Name.Red, Name.Green, Name.Blue]}}], "1 1 1"), "spot-alternate rgb"),
    "calibrated RGB": (colored(CAL), "rgb"),
    "Lab": (colored(LAB, "50 9 9"), "managed-rgb"),
    "managed RGB": (colored(icc()), "managed-rgb"),
    "managed RGB that stands for RGB": (page(RED, ColorSpace={"DefaultRGB": icc()}), "managed-rgb"),
    "managed CMYK": (colored(icc(b"x", 4), "1 0 0 0"), "icc-cmyk"),
    "managed CMYK that stands for CMYK": (page(f"1 0 0 0 k {SQUARE}", ColorSpace={"DefaultCMYK": icc(b"x", 4)}), "icc-cmyk"),
    "a profile of two inks": (colored(icc(n=2), "1 0"), "unknown-color-space"),
    "a profile of RGB that says CMYK": (colored(icc(SRGB, 4), "1 0 0 0"), "icc-cmyk broken-profile"),
    "a profile that cannot be read": (colored(icc(b"nothing at all"), "1 0 0"), "broken-profile"),
    "RGB under the name of CMYK": (page(f"/CMYK cs 1 0 0 sc {SQUARE}", ColorSpace={"CMYK": CAL}), "rgb"),
    "RGB under the name /G": (page(f"/G cs 1 0 0 sc {SQUARE}", ColorSpace={"G": icc()}), "managed-rgb"),
    "a page blended in RGB": (keys(Group=RED_GROUP), "rgb-group"),
    "a form blended in RGB": (page("/A Do", XObject={"A": form(f"0 1 0 0 k {SQUARE}", Group=RED_GROUP)}), "rgb-group"),
    "a form blended in managed RGB": (page("/A Do", XObject={"A": form(f"0 1 0 0 k {SQUARE}", Group={"S": Name.Transparency, "CS": icc()})}), "rgb-group"),
    "RGB in a layer that is off": (
        both(page(f"/OC /L BDC {RED} EMC", Properties={"L": {"Type": Name.OCG, "Name": String("a")}})), "rgb"),
    "a space within itself": (colored([Name.Indexed, [Name.Indexed, Name.DeviceRGB, 1, String("abcabc")], 1, String("ab")], "1"), "unknown-color-space rgb"),
}  # fmt: skip

STATE: dict[str, tuple[Break, str]] = {
    "a transfer curve": (with_state(TR={**TINT, "C0": [0], "C1": [1]}), "transfer-curve"),
    "transfer curves by ink": (with_state(TR=[Name.Identity] * 4), "transfer-curve"),
    "a newer transfer curve": (with_state(TR2=Name.Identity), "transfer-curve"),
    "a halftone": (with_state(HT={"HalftoneType": 1, "Frequency": 60, "Angle": 45, "SpotFunction": Name.Round, "HalftoneName": String("a")}), "halftone"),
    "a place of halftones": (with_state(HTP=[0, 0]), "halftone"),
    "black generation": (with_state(BG=TINT), "black-generation"),
    "undercolour removal": (with_state(UCR=TINT), "black-generation"),
    "a flatness": (with_state(FL=50), "flatness"),
    "a flatness by operator": (page(f"90 i 0 1 0 0 k {SQUARE}"), "flatness"),
    "a transfer curve in a form": (page("/A Do", XObject={"A": form(f"/G gs {SQUARE}", Resources={"ExtGState": {"G": {"TR": TINT}}})}), "transfer-curve"),
    "a transfer curve of a shading's pattern": (
        in_pattern({"PatternType": 2, "ExtGState": {"TR": TINT}, "Shading": fading(Name.DeviceCMYK, [1, 0, 0, 0], [0, 1, 0, 0])}), "transfer-curve"),
    "a blend that is none": (with_state(BM=Name.Glow), "unknown-blend-mode"),
    "an intent that is none": (page(f"/Vivid ri 0 1 0 0 k {SQUARE}"), "wrong-setting"),
    "an intent that is none, by its state": (with_state(RI=Name.Vivid), "wrong-setting"),
    "an intent that is none, of a picture": (drawn(image(noise(400, 400), (400, 400), Name.DeviceGray, Intent=Name.Vivid)), "wrong-setting"),
    "dashes of no length": (page("[0 0] 0 d 0 0 0 1 K 1 w 20 20 m 90 90 l S"), "wrong-setting"),
    "dashes below none": (page("[3 -1] 0 d 0 0 0 1 K 1 w 20 20 m 90 90 l S"), "wrong-setting"),
    "dashes of no length by their state": (with_state(D=[[0], 0]), "wrong-setting"),
    "a width below none": (page("-1 w 0 0 0 1 K 20 20 m 90 90 l S"), "wrong-setting"),
    "a form without a box": (page("/A Do", XObject={"A": stream(SQUARE, Type=Name.XObject, Subtype=Name.Form)}), "broken-page"),
    "a tiling without a step": (in_pattern(stream("0 0 9 9 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 20, 20], Resources={})), "broken-page"),
    "a tiling without a box": (in_pattern(stream("0 0 9 9 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, XStep=20, YStep=20, Resources={})), "broken-page"),
    "opacity as text": (with_state(ca=String("0.5")), "key-of-wrong-type"),
}  # fmt: skip

INK: dict[str, tuple[Break, str]] = {
    "too much ink": (page(f"1 1 0.5 0.6 k {SQUARE}"), "total-ink"),
    "too much ink of a stroke": (page("1 1 0.5 0.6 K 9 w 20 20 m 90 90 l S"), "total-ink"),
    "too much ink in a tiling": (in_pattern(tiled("1 1 1 1 k 0 0 9 9 re f")), "total-ink"),
    "too much ink in an uncoloured tiling": (
        page(f"/C cs 1 1 1 1 /P scn {SQUARE}", ColorSpace={"C": [Name.Pattern, Name.DeviceCMYK]}, Pattern={"P": tiled("0 0 9 9 re f", 2)}), "total-ink"),
    "too much ink of a shading": (page("/S sh", Shading={"S": fading(Name.DeviceCMYK, [1, 1, 1, 1], [0, 0, 0, 0])}), "total-ink"),
    "too much ink at the corner of a triangle": (mesh(4, (0, 0, 0, 0), (255, 255, 255, 255), (0, 0, 0, 0)), "total-ink"),
    "too much ink at the corner of a lattice": (mesh(5, (0, 0, 0, 0), (0, 0, 0, 0), (255, 255, 255, 40), (0, 0, 0, 0)), "total-ink"),
    "too much ink at the corner of a patch": (mesh(6, (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (255, 255, 255, 255)), "total-ink"),
    "too much ink of a tensor's function": (mesh(7, (0,), (99,), (150,), (255,), function={**TINT, "C0": [0, 0, 0, 0], "C1": [1, 1, 1, 1]}), "total-ink"),
    "a mesh whose ink nobody knows": (mesh(4, (0, 0, 0, 0), bits=40), "ink-not-measured"),
    "too much ink in the middle of a shading": (
        page("/S sh", Shading={"S": {**fading(Name.DeviceCMYK, [0] * 4, [0] * 4), "Function": {
            "FunctionType": 3, "Domain": [0, 1], "Bounds": [0.5], "Encode": [0, 1, 0, 1],
            "Functions": [{**TINT, "C1": [1, 1, 1, 0.5]}, {**TINT, "C0": [1, 1, 1, 0.5], "C1": [0] * 4}]}}}), "total-ink"),
    "too much ink of a mixture": (colored(device_n(["Cyan", "Magenta", "Yellow", "Gold"], tint="{ pop pop pop pop 0 0 0 1 }"), "1 1 1 1"), "total-ink"),
    "too much ink of a picture": (drawn(image(b"\xff\xf0\xf0\xf0" * 90000, (300, 300), Name.DeviceCMYK)), "total-ink"),
    "too much ink of an inline picture": (page("30 0 0 30 20 20 cm BI /W 1 /H 1 /BPC 8 /CS /CMYK /D [1 0 1 0 1 0 1 0] ID !!!! EI"), "total-ink"),
    "too much ink of a palette": (drawn(image(b"\0" * 90000, (300, 300), palette(Name.DeviceCMYK, b"\xff" * 4))), "total-ink"),
    "too much ink of a drawn letter": (words(drawn_font("1000 0 d0 1 1 1 1 k 0 0 900 900 re f"), shown="(A)"), "total-ink"),
    "too much ink of a stamp": (annotation("Stamp", AP={"N": form(f"1 1 1 1 k {SQUARE}")}), "total-ink"),
    "white by gray that overprints": (with_state(f"1 g {SQUARE}", OP=True, op=True), "white-overprint"),
    "white by CMYK that overprints": (with_state(f"0 0 0 0 k {SQUARE}", op=True), "white-overprint"),
    "white by a spot that overprints": (both(with_state(f"/C cs 0 scn {SQUARE}", op=True), page("", ColorSpace={"C": separation("Gold")})), "white-overprint"),
    "white by a mixture that overprints": (both(with_state(f"/C cs 0 0 scn {SQUARE}", op=True), page("", ColorSpace={"C": device_n(["Gold", "Black"], tint="{ 0 0 }")})), "white-overprint"),
    "a white stroke that overprints": (with_state("0 0 0 0 K 9 w 20 20 m 90 90 l S", OP=True), "white-overprint"),
    "white words that overprint": (both(with_state("", OP=True), words(truetype(), before="/G gs 0 0 0 0 k")), "white-overprint"),
    "white in a form that is drawn overprinting": (both(page("/G gs /A Do", ExtGState={"G": {"OP": True, "op": True}}, XObject={"A": form(f"0 0 0 0 k {SQUARE}")})), "white-overprint"),
    "black words that knock out": (words(truetype(), 9, before="1 0 0 0 k 0 0 300 300 re f 0 0 0 1 k"), "black-knocks-out"),
    "small words in four inks": (words(truetype(), 8, before="0.6 0.5 0.5 0.9 k"), "small-in-several-inks"),
    "small words in four inks by a palette of none": (words(truetype(), 8, before="0.3 0.3 0.3 0 k"), "small-in-several-inks"),
    "small words in a mixture of four inks": (both(page("", ColorSpace={"C": device_n(["Cyan", "Magenta", "Yellow", "Black"], tint="{ }")}), words(truetype(), 8, before="/C cs 0.6 0.5 0.5 0.5 scn")), "small-in-several-inks"),
    "small words in three spots": (both(page("", ColorSpace={"C": device_n(["Gold", "Silver", "Black"], tint="{ 0 }")}), words(truetype(), 8, before="/C cs 0.6 0.5 0.5 scn")), "small-in-several-inks"),
    "small words in a gradient of four inks": (both(page("", Pattern={"P": {"PatternType": 2, "Shading": fading(Name.DeviceCMYK, [0, 1, 0, 0], [0.6, 0.5, 0.5, 0.4])}}), words(truetype(), 8, before="/Pattern cs /P scn")), "small-in-several-inks"),
    "artwork in all inks": (colored(separation("All"), "1"), "registration-color"),
    "artwork in all inks inside a form": (page("/A Do", XObject={"A": form(f"/C cs 1 scn {SQUARE}", Resources={"ColorSpace": {"C": separation("All")}})}), "registration-color"),
    "words in all inks": (both(page("", ColorSpace={"C": separation("All")}), words(truetype(), before="/C cs 1 scn")), "registration-color"),
    "a spot defined twice": (
        page(f"/C cs 1 scn {SQUARE} /D cs 1 scn 90 90 30 30 re f", ColorSpace={"C": separation("Gold"), "D": separation("Gold", tint={**TINT, "C1": [0, 0, 1, 0]})}), "spot-defined-twice"),
    "a spot spelled twice": (page(f"/C cs 1 scn {SQUARE} /D cs 1 scn 90 90 30 30 re f", ColorSpace={"C": separation("PANTONE 185 C"), "D": separation("Pantone 185 CVC")}), "spot-spelled-twice"),
    "a process ink as a spot": (colored(separation("Magenta", tint={**TINT, "C1": [1, 0, 0, 0]}), "1"), "process-named-spot"),
    "a spot named like a process ink": (colored(separation("black"), "1"), "process-named-spot spot-spelled-twice"),
}  # fmt: skip

FINE: dict[str, tuple[Break, str]] = {
    "a font that is not there": (words({"Subtype": Name.Type1, "BaseFont": Name.Helvetica}), "font-not-embedded"),
    "a TrueType font that is not there": (words({"Subtype": Name.TrueType, "BaseFont": Name.Arial, "FontDescriptor": {"FontName": Name.Arial}}), "font-not-embedded"),
    "a composite font that is not there": (words({"Subtype": Name.Type0, "BaseFont": Name.Han, "Encoding": Name("/UniGB-UCS2-H"), "DescendantFonts": [{"Subtype": Name.CIDFontType0, "BaseFont": Name.Han}]}, shown="<0041>"), "font-not-embedded"),
    "a font that is not there in a tiling": (in_pattern(tiled("BT /F 9 Tf (a) Tj ET", Font={"F": {"Subtype": Name.Type1, "BaseFont": Name.Helvetica}})), "font-not-embedded"),
    "an empty font": (words(truetype(data=b"")), "font-broken"),
    "a font that is none": (words(truetype(data=b"hello" * 99)), "font-broken"),
    "a font that breaks off": (words(truetype(data=FONT_FILE.read_bytes()[:9000])), "font-broken"),
    "a font without outlines": (words(truetype(data=b"\0\1\0\0" + b"\0" * 8)), "font-broken"),
    "a font under the key of another kind": (words(truetype("FontFile3")), "font-broken"),
    "a glyph that is none": (words(composite(), shown="<00000001>"), "undefined-glyph"),
    "a glyph beyond the last": (words(composite(), shown="<FFF0>"), "undefined-glyph"),
    "a letter that the encoding has not": (words(truetype(Encoding={"BaseEncoding": Name.WinAnsiEncoding, "Differences": [87, Name("/.notdef")]})), "undefined-glyph"),
    "a letter that the program has not": (words(truetype(data=subset("Wor"))), "undefined-glyph"),
    "a letter by name that the program has not": (words(truetype(data=subset("Wods"), Encoding={"BaseEncoding": Name.WinAnsiEncoding, "Differences": [111, Name("/eacute")]})), "undefined-glyph"),
    "a drawn font without its letter": (words(drawn_font("1000 0 d0 0 0 9 9 re f"), shown="(B)"), "undefined-glyph"),
    "a drawn font": (words(drawn_font("1000 0 d0 0 0 0 1 k 0 0 900 900 re f"), shown="(A)"), "type3-font"),
    "small words": (words(truetype(), 4.9), "small-text"),
    "words made small": (words(truetype(), 14, before="0.3 0 0 0.3 0 0 cm 0 0 0 1 k"), "small-text"),
    "words in a font that nothing has": (page("BT /None 9 Tf 50 50 Td (a) Tj ET"), "broken-page"),
    "a hairline": (page("0.1 w 0 0 0 1 K 20 20 m 90 90 l S"), "thin-line"),
    "the thinnest line of the device": (page("0 w 0 0 0 1 K 20 20 m 90 90 l S"), "thin-line"),
    "a line made thin": (page("0.1 0 0 0.1 0 0 cm 1 w 0 0 0 1 K 20 20 m 900 900 l S"), "thin-line"),
    "a line thin by its state": (with_state("0 0 0 1 K 20 20 m 90 90 l S", LW=0.05), "thin-line"),
    "letters as hairlines": (words(truetype(), before="0 0 0 1 K 0.05 w 1 Tr"), "thin-line"),
    "a tint of three inks for four": (page(f"/C cs 1 scn {SQUARE}", ColorSpace={"C": separation("Gold", tint={"FunctionType": 2, "Domain": [0, 1], "N": 1, "C0": [0, 0, 0], "C1": [0, 1, 1]})}), "unknown-color-space"),
    "small white words in a ground of four inks": (words(truetype(), 7, before="0.6 0.5 0.5 0.5 k 20 20 200 200 re f 0 0 0 0 k"), "small-in-several-inks"),
    "small light words in a ground of three inks": (words(truetype(), 7, before="0.6 0.5 0.5 0 k 20 20 200 200 re f 0 0 0.1 0 k"), "small-in-several-inks"),
    "white words on paper": (both(ground("q 0 1 0 0 k 0 0 400 40 re f Q"), words(truetype(), before="0 0 0 0 k")), "no-ink"),
    "white words on a white ground": (both(ground("q 1 g 0 0 400 500 re f Q"), words(truetype(), before="1 g")), "no-ink"),
    "words that are wholly transparent": (both(with_state("", ca=0), words(truetype(), before="/G gs 0 0 0 1 k")), "no-ink"),
    "words beyond the page": (words(truetype(), before="1 0 0 1 2000 0 cm 0 0 0 1 k"), "off-page"),
    "a tint by a program without its end": (colored(separation("Gold", tint=stream("{ dup 0 exch", FunctionType=4, Domain=[0, 1], Range=[0, 1] * 4)), "1"), "broken-tint"),
    "a tint by words that are none": (colored(device_n(["Gold", "Black"], tint="{ pop 0 0 gold }"), "1 1"), "broken-tint"),
    "a tint that takes what is not there": (colored(device_n(["Gold", "Black"], tint="{ pop pop pop 0 0 0 0 }"), "1 1"), "broken-tint"),
    "a tint that answers too little": (colored(device_n(["Gold", "Black"], tint="{ pop 0 }"), "1 1"), "broken-tint"),
    "artwork in no ink": (page(f"/C cs 1 scn {SQUARE}", ColorSpace={"C": separation("None")}), "no-ink"),
    "a picture of three bits": (drawn(image(noise(400, 400), (400, 400), Name.DeviceGray, 3)), "damaged-picture"),
    "a Decode array for other colours": (drawn(image(noise(400, 400), (400, 400), Name.DeviceGray, Decode=[0, 1] * 4)), "damaged-picture"),
    "a palette that ends early": (drawn(image(bytes(400 * 400), (400, 400), [Name.Indexed, Name.DeviceCMYK, 255, String("abcd" * 9)])), "damaged-picture"),
    "a filled hairline": (page("0 0 0 1 k 20 20 90 0.1 re f"), "thin-line"),
    "a filled hairline by lines": (page("0 0 0 1 k 20 20 m 99 20 l 99 20.1 l 20 20.1 l h f"), "thin-line"),
    "a slanting filled hairline": (page("0 0 0 1 k 20 20 m 99 80 l 99.1 80 l 20.1 20 l h f"), "thin-line"),
    "a thin line in several inks": (page("0.5 w 0.6 0.6 0.6 0.6 K 20 20 m 90 90 l S"), "small-in-several-inks"),
}  # fmt: skip


def inked(size: int, millimetres: float = 30, **more: Made) -> Break:
    return drawn(image(packed(noise(size, size, 4)), (size, size), Name.DeviceCMYK, Filter=Name.FlateDecode, **more), millimetres)


PICTURES: dict[str, tuple[Break, str]] = {
    "a coarse picture": (inked(170), "resolution"),
    "a picture a bit coarse": (inked(240), "resolution"),
    "coarse line art": (drawn(image(b"\x5a" * 25 * 200, (200, 200), Name.DeviceGray, 1)), "resolution"),
    "a coarse stencil": (page("0 0 0 1 k 85 0 0 85 20 20 cm /Im Do", XObject={"Im": stream(b"\x5a" * 5000, Subtype=Name.Image, Width=200, Height=200, ImageMask=True, BitsPerComponent=1)}), "resolution"),
    "a picture coarse one way": (page("300 0 0 30 20 20 cm /Im Do", XObject={"Im": image(noise(300, 300, 4), (300, 300), Name.DeviceCMYK)}), "resolution"),
    "a picture enlarged by forms": (page("4 0 0 4 0 0 cm /A Do", XObject={"A": form("30 0 0 30 5 5 cm /Im Do", Resources={"XObject": {"Im": image(noise(150, 150, 4), (150, 150), Name.DeviceCMYK)}})}), "resolution"),
    "a coarse soft mask": (inked(400, SMask=image(b"\x7f" * 900, (30, 30), Name.DeviceGray)), "resolution"),
    "too much ink of a JPEG in ASCII": (drawn(image(base64.a85encode(jpeg("CMYK", (400, 400), color=(0, 0, 0, 0)), adobe=True)[2:], (400, 400), Name.DeviceCMYK, Filter=[Name.ASCII85Decode, Name.DCTDecode])), "total-ink"),
    "a JPEG in ASCII that breaks off": (drawn(image(jpeg("L", (400, 400))[:2000].hex().encode() + b">", (400, 400), Name.DeviceGray, Filter=[Name.ASCIIHexDecode, Name.DCTDecode])), "damaged-picture"),
    "too much ink of a JPEG packed again": (drawn(image(packed(jpeg("CMYK", (400, 400), color=(0, 0, 0, 0))), (400, 400), Name.DeviceCMYK, Filter=[Name.FlateDecode, Name.DCTDecode])), "total-ink"),
    "a soft mask in colours": (inked(400, SMask=image(noise(400, 400, 3), (400, 400), Name.DeviceRGB)), "damaged-picture"),
    "a coarse stencil of a picture": (inked(400, Mask=image(noise(40, 5), (40, 40), None, 1, ImageMask=True)), "resolution"),
    "a picture packed in nothing that PDF knows": (drawn(image(noise(400, 400), (400, 400), Name.DeviceGray, Filter=Name.Foo)), "damaged-picture"),
    "a picture without an area": (page("40 0 0 0 20 20 cm /Im Do", XObject={"Im": image(noise(400, 400), (400, 400), Name.DeviceGray)}), "damaged-picture"),
    "a picture squeezed to a line": (page("40 40 40 40 20 20 cm /Im Do", XObject={"Im": image(noise(400, 400), (400, 400), Name.DeviceGray)}), "damaged-picture"),
    "a fax that breaks off": (drawn(faxed(fax(800)[:900], 800)), "damaged-picture"),
    "a fax of noise": (drawn(faxed(noise(900), 800)), "damaged-picture"),
    "a fax of other columns": (drawn(faxed(fax(800), 800, Columns=1728)), "damaged-picture"),
    "a scan that breaks off": (drawn(scanned(SCAN[:-9], (64, 56))), "damaged-picture"),
    "a scan of other sides": (drawn(scanned(SCAN, (64, 64))), "damaged-picture"),
    "a scan of noise": (drawn(scanned(noise(900), (64, 56))), "damaged-picture"),
    "a coarse picture in a tiling": (in_pattern(tiled("20 0 0 20 0 0 cm /Im Do", XObject={"Im": image(noise(25, 25, 4), (25, 25), Name.DeviceCMYK)})), "resolution"),
    "a coarse inline picture": (page("90 0 0 90 20 20 cm BI /W 20 /H 20 /BPC 8 /CS /G ID " + "abcd" * 100 + " EI"), "resolution"),
    "a JPEG with blocks": (drawn(image(jpeg("CMYK", (400, 400), 15), (400, 400), Name.DeviceCMYK, Filter=Name.DCTDecode)), "jpeg-artefacts"),
    "a JPEG that breaks off": (drawn(image(jpeg("CMYK", (400, 400))[:2000], (400, 400), Name.DeviceCMYK, Filter=Name.DCTDecode)), "damaged-picture ink-not-measured"),
    "a picture whose data end early": (drawn(image(noise(90, 90, 4), (400, 400), Name.DeviceCMYK)), "damaged-picture ink-not-measured"),
    "a gray picture whose data end early": (drawn(image(noise(90, 90), (400, 400), Name.DeviceGray)), "damaged-picture ink-not-measured"),
    "a JPEG of other colours than it says": (drawn(image(jpeg("RGB", (400, 400)), (400, 400), Name.DeviceCMYK, Filter=Name.DCTDecode)), "damaged-picture ink-not-measured"),
    "a picture without a size": (drawn(image(b"", (0, 0), Name.DeviceCMYK)), "damaged-picture broken-page"),
    "a picture without colours": (drawn(image(noise(400, 400), (400, 400), None)), "unknown-color-space"),
    "OPI of a picture": (inked(400, OPI={"2.0": {"F": String("a.tif")}}), "opi"),
    "a picture's data in another file": (inked(400, F=String("a.raw")), "external-stream"),
    "a mask that is a list of text": (inked(400, SMask=Array([1])), "key-of-wrong-type"),
}  # fmt: skip
PLANTED = {**COLOR, **STATE, **INK, **FINE, **PICTURES}
