"""Faults of what a file says of itself, of what stands beside its pages, and of their boxes: each with the code that
names it, or several that do."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from planted_kit import (
    Break,
    annotation,
    both,
    boxes,
    form,
    gone,
    ground,
    icc,
    info,
    intent,
    keys,
    page,
    profile,
    root,
    script,
    separation,
    stream,
    xmp,
)  # fmt: skip
from press_samples import MM

GROUND = "0.2 0.1 0 0 k 0 0 400 500 re f "
X4 = b'pdfxid:GTS_PDFXVersion="PDF/X-4"'
CLEAR = {"ExtGState": {"T": {"ca": 0.5}}}


def claims(name: str, *more: Break) -> Break:
    """XMP and Info say that it is this standard."""
    return both(xmp((b"PDF/X-4", name.encode())), info(GTS_PDFXVersion=String(name)), *more)


def a_claim(**said: bytes) -> Break:
    names = b" ".join(b'pdfaid:%s="%s"' % (key.encode(), value) for key, value in said.items())
    return xmp((b"pdf:Trapped", b'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" ' + names + b" pdf:Trapped"))


IDENTIFICATION: dict[str, tuple[Break, str]] = {
    "no output intent": (lambda pdf, one: pdf.Root.__delitem__("/OutputIntents"), "no-output-intent"),
    "an output intent of PDF/A alone": (intent(S=Name.GTS_PDFA1), "no-output-intent"),
    "an RGB profile": (profile("RGB", n=3), "wrong-output-intent"),
    "a scanner's profile": (profile("CMYK", b"scnr"), "wrong-output-intent"),
    "a display's profile": (profile("CMYK", b"mntr"), "wrong-output-intent"),
    "a profile of other N": (profile("CMYK", n=3), "wrong-output-intent"),
    "a profile that is none": (profile("CMYK", data=b"no profile"), "wrong-output-intent"),
    "a profile that breaks off": (profile("RGB", data=b"\0" * 200), "wrong-output-intent"),
    "neither profile nor registry": (intent("DestOutputProfile"), "wrong-output-intent"),
    "a profile as text": (intent(DestOutputProfile=String("FOGRA39")), "key-of-wrong-type wrong-output-intent"),
    "no identifier": (intent("OutputConditionIdentifier"), "no-condition-name"),
    "an empty identifier": (intent(OutputConditionIdentifier=String(" ")), "no-condition-name"),
    "intents that are no list": (root(OutputIntents={"S": Name.GTS_PDFX}), "key-of-wrong-type"),
    "two output intents": (lambda pdf, one: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0]), "several-output-intents"),
    "an output intent of a page": (keys(OutputIntents=[{"S": Name.GTS_PDFX, "OutputConditionIdentifier": String("FOGRA29")}]), "several-output-intents"),
    "no claim": (both(xmp((X4, b"")), lambda pdf, one: pdf.docinfo.__delitem__("/GTS_PDFXVersion")), "no-standard"),
    "two claims": (info(GTS_PDFXVersion=String("PDF/X-1a:2003")), "standards-disagree"),
    "a claim that no standard is": (claims("PDF/X-9"), "unknown-standard"),
    "X-1a in a later version": (claims("PDF/X-1a:2001"), "standard-not-kept"),
    "X-1a with transparency": (claims("PDF/X-1a:2003", page("/T gs 20 20 50 50 re f", **CLEAR)), "standard-not-kept"),
    "X-1a with managed RGB": (claims("PDF/X-1a:2003", page("/C cs 1 0 0 sc 20 20 50 50 re f", ColorSpace={"C": icc()})), "standard-not-kept managed-rgb"),
    "X-3 with transparency": (claims("PDF/X-3:2003", page("/T gs 20 20 50 50 re f", **CLEAR)), "standard-not-kept"),
    "PDF/A-1 with transparency": (both(a_claim(part=b"1", conformance=b"B"), page("/T gs 20 20 50 50 re f", **CLEAR)), "standard-not-kept"),
    "PDF/A without an intent for it": (a_claim(part=b"2", conformance=b"B"), "standard-not-kept"),
    "titles that differ": (info(Title=String("Another")), "metadata-differs"),
    "dates that differ": (info(ModDate=String("D:20290101000000Z")), "metadata-differs"),
    "Trapped that differs": (info(Trapped=Name("/True")), "metadata-differs"),
    "Trapped not known": (info(Trapped=Name.Unknown), "trapped-unknown"),
    "Trapped as text": (info(Trapped=String("False")), "trapped-unknown"),
    "no date of its making": (xmp((b"xmp:CreateDate", b"xmp:MadeDate")), "no-title-or-dates"),
    "X-1a without a date in Info": (claims("PDF/X-1a:2003", lambda pdf, one: pdf.docinfo.__delitem__("/CreationDate")), "no-title-or-dates"),
    "no document id": (xmp((b"<xmpMM:DocumentID>uuid:1</xmpMM:DocumentID>", b"")), "no-document-id"),
    "XMP that is no XML": (lambda pdf, one: pdf.Root.Metadata.write(b"<x:xmpmeta"), "no-metadata"),
    "metadata as text": (root(Metadata=String("A card")), "key-of-wrong-type no-metadata"),
    "no metadata": (lambda pdf, one: pdf.Root.__delitem__("/Metadata"), "no-metadata"),
}  # fmt: skip


def on_its_side(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
    """The page hangs from a part of the tree that is turned."""
    top = pdf.Root.Pages
    part = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=top, Kids=[one.obj], Count=1, Rotate=90))
    top.Kids = Array([*(kid for kid in top.Kids if kid.objgen != one.obj.objgen), part])
    one.obj.Parent = part


def field(**values: object) -> Break:
    return root(AcroForm={"Fields": [{"FT": Name.Tx, "T": String("name"), **values}]})


def bookmark(**values: object) -> Break:
    return root(Outlines={"First": {"Title": String("One"), **values}})


def names(kind: str, *entries: object) -> Break:
    return root(Names={kind: {"Names": list(entries)}})


FILESPEC = {"Type": Name.Filespec, "F": String("a.txt"), "EF": {"F": stream("words", Type=Name.EmbeddedFile)}}
LAUNCH = {"S": Name.Launch, "F": String("a.exe")}

STRUCTURE: dict[str, tuple[Break, str]] = {
    "a script by name": (names("JavaScript", String("one"), script()), "javascript"),
    "a script on opening": (root(OpenAction=script()), "javascript"),
    "a script in a stream": (root(OpenAction={"S": Name.JavaScript, "JS": stream("app.alert(1)")}), "javascript"),
    "a script when the file closes": (root(AA={"WC": script()}), "javascript"),
    "a script on a page": (keys(AA={"O": script()}), "javascript"),
    "a script behind a link": (annotation("Link", A={"S": Name.GoTo, "Next": [{"S": Name.GoTo, "Next": script()}]}), "javascript"),
    "a script in a field's child": (field(Kids=[{"AA": {"K": script()}}]), "javascript"),
    "a script in a bookmark": (bookmark(A={"S": Name.URI, "Next": script()}), "javascript"),
    "a script in a rendition": (annotation("Screen", A={"S": Name.Rendition, "JS": String("1")}), "javascript"),
    "a program is started": (annotation("Link", A=LAUNCH), "action"),
    "a bookmark starts a program": (bookmark(A=LAUNCH), "action"),
    "another file is opened": (root(OpenAction={"S": Name.GoToR, "F": String("b.pdf"), "D": [0, Name.Fit]}), "action"),
    "layers are switched": (annotation("Link", A={"S": Name.SetOCGState, "State": []}), "action"),
    "a form is sent": (field(A={"S": Name.SubmitForm, "F": String("http://a")}), "action"),
    "a page turns itself": (keys(Dur=5, Trans={"S": Name.Wipe}), "presentation"),
    "LZW": (keys(Contents=stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Name.LZWDecode)), "lzw"),
    "LZW under another filter": (page("", XObject={"A": stream(b"800B6050220C0C8501>", Filter=[Name.ASCIIHexDecode, Name.LZWDecode])}), "lzw"),
    "LZW of an inline picture": (page("30 0 0 30 20 20 cm BI /W 1 /H 1 /BPC 8 /CS /CMYK /F /LZW ID \x80\x0b\x60\x50 EI"), "lzw"),
    "OPI of a form": (page("/A Do", XObject={"A": form(GROUND, OPI={"1.3": {"F": String("a.tif")}})}), "opi"),
    "PostScript": (page("/A Do", XObject={"A": stream("showpage", Type=Name.XObject, Subtype=Name.PS)}), "postscript"),
    "PostScript as a form": (page("/A Do", XObject={"A": form("", Subtype2=Name.PS)}), "postscript"),
    "a stream in another file": (page("/A Do", XObject={"A": form("", F=String("a.bin"))}), "external-stream"),
    "a page of another file": (page("/A Do", XObject={"A": form(GROUND, Ref={"F": String("b.pdf"), "Page": 0})}), "reference"),
    "an attachment": (names("EmbeddedFiles", String("a.txt"), FILESPEC), "attachment"),
    "an associated file": (root(AF=[FILESPEC]), "attachment"),
    "an associated file of a page": (keys(AF=[FILESPEC]), "attachment"),
    "an attachment on the page": (annotation("FileAttachment", FS=FILESPEC), "attachment"),
    "a portfolio": (root(Collection={"View": Name.D}), "attachment"),
    "a form field": (field(), "form-fields"),
    "an XFA form": (root(AcroForm={"XFA": stream("<xdp/>")}), "form-fields"),
    "a page that is a plate": (keys(SeparationInfo={"DeviceColorant": Name.Cyan}), "preseparated"),
    "layers that switch themselves": (root(OCProperties={"OCGs": [], "D": {"AS": [{"Event": Name.Print}]}}), "automatic-layers"),
    "layers": (root(OCProperties={"OCGs": [{"Type": Name.OCG, "Name": String("de")}], "D": {}}), "layers"),
    "a presentation": (keys(PresSteps={"Type": Name.NavNode}), "presentation"),
}  # fmt: skip


def inherited_trim(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
    """A TrimBox that hangs from the tree, where no page takes it from."""
    one.obj.Parent["/TrimBox"] = one.obj.TrimBox
    del one.obj["/TrimBox"]


def second(change: Break) -> Break:
    """Another page, which is otherwise."""

    def add(pdf: pikepdf.Pdf, one: pikepdf.Page) -> None:
        pdf.pages.append(one)
        change(pdf, pdf.pages[-1])

    return add


WHOLE = (0, 0, 111, 154)
TRIM = f"{3 * MM} {3 * MM} {105 * MM} {148 * MM} re"
FLAT = f"0.2 0.1 0 0 k {TRIM} f"

BOXES: dict[str, tuple[Break, str]] = {
    "no TrimBox": (gone("TrimBox"), "no-trim-box"),
    "a TrimBox of the tree": (inherited_trim, "no-trim-box"),
    "TrimBox and ArtBox": (boxes(ArtBox=(3, 3, 108, 151)), "two-trims"),
    "a TrimBox out of the page": (boxes(TrimBox=(3, 3, 112, 151)), "box-nesting"),
    "a BleedBox out of the page": (boxes(BleedBox=(-1, 0, 111, 154)), "box-nesting"),
    "a TrimBox out of the BleedBox": (boxes(BleedBox=(5, 5, 106, 149)), "box-nesting"),
    "a CropBox within the bleed": (boxes(CropBox=(2, 2, 109, 152)), "crop-box"),
    "a TrimBox without area": (boxes(TrimBox=(3, 3, 3, 151)), "box-empty"),
    "a TrimBox of three numbers": (keys(TrimBox=[3, 3, 300]), "broken-page key-of-wrong-type"),
    "a TrimBox of words": (keys(TrimBox=[String("a")] * 4), "broken-page key-of-wrong-type"),
    "no MediaBox": (gone("MediaBox"), "broken-page damaged"),
    "a UserUnit": (keys(UserUnit=2), "user-unit"),
    "no bleed": (both(boxes(MediaBox=(3, 3, 108, 151)), gone("BleedBox")), "bleed"),
    "too little bleed": (boxes(BleedBox=(0.2, 0, 111, 154)), "bleed"),
    "too little bleed at one side": (boxes(MediaBox=(0, 0, 109, 154), BleedBox=(0, 0, 109, 154)), "bleed"),
    "bleed that nothing fills": (ground(FLAT), "bleed-not-filled"),
    "bleed that is filled by white": (ground("0 0 0 0 k 0 0 400 500 re f " + FLAT), "bleed-not-filled"),
    "bleed filled for a millimetre": (ground(f"0.2 0.1 0 0 k {2 * MM} {2 * MM} {107 * MM} {150 * MM} re f"), "bleed-not-filled"),
    "a form that ends at the trim": (both(ground("/A Do"), page("", XObject={"A": form(GROUND, box=(3 * MM, 3 * MM, 108 * MM, 151 * MM))})), "bleed-not-filled"),
    "a clip that ends at the trim": (ground(f"{TRIM} W n {GROUND}"), "bleed-not-filled"),
    "a shading that ends at the trim": (
        both(ground(f"{TRIM} W n /S sh"), page("", Shading={"S": {
            "ShadingType": 2, "ColorSpace": Name.DeviceCMYK, "Coords": [0, 0, 300, 0], "Extend": [True, True],
            "Function": {"FunctionType": 2, "N": 1, "Domain": [0, 1], "C0": [0, 0.5, 0, 0], "C1": [1, 0, 0, 0]}}})),
        "bleed-not-filled",
    ),
    "a triangle that ends at the trim": (
        ground(f"0 1 0 0 k {3 * MM} {30 * MM} m {60 * MM} {50 * MM} l {3 * MM} {70 * MM} l h f"), "bleed-not-filled",
    ),
    "pages of two sizes": (second(boxes(TrimBox=(3, 3, 100, 151))), "page-sizes"),
    "a page on its side": (second(keys(Rotate=90)), "page-rotation"),
    "a page on its side by its tree": (second(on_its_side), "page-rotation"),
    "a print cut at the trim": (root(ViewerPreferences={"PrintClip": Name.TrimBox}), "print-area"),
    "a turn that is none": (keys(Rotate=45), "page-rotation"),
    "a page too large for any program": (boxes(MediaBox=(0, 0, 5100, 154)), "page-too-large"),
    "an empty page": (ground(""), "empty-page"),
    "a page with white alone": (ground("0 0 0 0 k 0 0 400 500 re f"), "empty-page"),
    "a page with a white picture within its content": (
        ground("400 0 0 500 0 0 cm BI /W 10 /H 2 /BPC 1 /CS /G /D [1 0] ID \0\0\0\0 EI"), "empty-page"),
    "a page with a white picture of inks": (
        ground("400 0 0 500 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /CMYK ID \0\0\0\0 EI"), "empty-page"),
    "a page with nothing in sight": (ground(f"0 0 1 1 re W n {GROUND}"), "empty-page"),
    "a link on the page": (annotation("Link"), "annotation"),
    "a note on the page": (annotation("Text"), "annotation"),
    "a stamp on the page": (annotation("Stamp", AP={"N": form("0 1 0 0 k 0 0 50 50 re f", box=(0, 0, 50, 50))}), "annotation"),
    "a film on the page": (annotation("Movie"), "annotation"),
    "annotations that are no list": (keys(Annots=Dictionary(A=1)), "key-of-wrong-type damaged"),
    "resources that are a list": (keys(Resources=Array([1])), "key-of-wrong-type damaged"),
    "content as text": (keys(Contents=String("f")), "key-of-wrong-type"),
    "a turn as a name": (keys(Rotate=Name.Left), "key-of-wrong-type"),
    "a unit as text": (keys(UserUnit=String("2")), "key-of-wrong-type"),
    "a group as a number": (keys(Group=7), "key-of-wrong-type"),
    "fonts as a list": (both(page("BT /F 9 Tf (a) Tj ET"), lambda pdf, one: one.Resources.__setitem__("/Font", Array([1]))), "key-of-wrong-type"),
    "a form's matrix of four": (page("/A Do", XObject={"A": form(GROUND, matrix=(1, 0, 0, 1))}), "key-of-wrong-type"),
    "a spot's space that is a number": (page("/C cs 1 sc 20 20 30 30 re f", ColorSpace={"C": 7}), "unknown-color-space"),
    "a spot without a tint": (page("/C cs 1 sc 20 20 30 30 re f", ColorSpace={"C": separation("Gold")[:3]}), "unknown-color-space"),
    "a name that nothing has": (page("/None cs 1 sc 20 20 30 30 re f"), "unknown-color-space"),
    "a drawing that nothing has": (page("/None Do"), "broken-page"),
    "a word that is no operator": (page("0 0 10 10 re hugo"), "broken-page"),
    "a stroke without numbers": (page("1 0 0 k 20 20 30 30 re f"), "broken-page"),
    "a state that is saved and never restored": (page("q q"), "unbalanced-state"),
    "a string that never ends": (page("BT (Words Tj ET"), "broken-page damaged"),
    "a state that is never restored": (page("Q Q Q"), "unbalanced-state"),
}  # fmt: skip
PLANTED = {**IDENTIFICATION, **STRUCTURE, **BOXES}
