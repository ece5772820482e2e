"""Pages of PDFs placed as they are: where they stand, what comes along, and what is told of them."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import placed_documents as documents
import pytest
from PIL import Image
from rendering_kit import PROFILE, Press, Rendered
from reportlab.lib.colors import CMYKColorSep
from test_groups import differing
from test_groups import printed as printed_picture

from pressrun.checks.placed_pages import ON_SCREENS
from pressrun.graphics.guides import KINDS
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import GroupMark, ungrouped
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.run.files.pdf_pages import Locked, NoPages, pages_of

PAGE = """
page: {trim: TRIM, bleed: 10pt}
target: print
inks: INKS
formats: [press-pdf, proof-png]
layers:
"""
ALONE = "  - {type: artwork, id: art, file: FILE, box: {in: bleed}}\n"


def layout(layers: str, trim: str = "200pt x 120pt", inks: str = "[cmyk]") -> str:
    return PAGE.replace("TRIM", trim).replace("INKS", inks) + layers


def separations(data: bytes, tool: Any, folder: Path) -> dict[str, numpy.ndarray]:
    """The plates of a page's bleed box as Ghostscript separates them, by ink; empty ones left out."""
    folder.mkdir()
    (folder / "page.pdf").write_bytes(data)
    options = ("-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r72", "-dUseBleedBox", "-dMaxSpots=8")
    tool("gs", *options, f"-sOutputFile={folder / 'plate.tif'}", folder / "page.pdf")
    plates = {}
    for file in sorted(folder.glob("plate(*).tif")):
        with Image.open(file) as plate:
            pixels = numpy.asarray(plate.convert("L"))
        if pixels.min() < 255:
            plates[file.name[6:-5]] = pixels
    return plates


@pytest.mark.parametrize(
    ("name", "trim"),
    [("poster.pdf", "200pt x 120pt"), ("turned-back.pdf", "120pt x 200pt"), ("doubled.pdf", "400pt x 240pt")],
)
def test_alone_its_separations_are_those_of_the_original(
    press: Press, tool: Any, tmp_path: Path, name: str, trim: str
) -> None:
    page = layout(ALONE.replace("FILE", name), trim)
    if name == "doubled.pdf":
        page = page.replace("bleed: 10pt", "bleed: 20pt")
    made = press.render(page)
    ours = separations(made.files["press-pdf"], tool, tmp_path / "ours")
    theirs = separations(documents.DOCUMENTS[name](), tool, tmp_path / "theirs")
    assert ours.keys() == theirs.keys()
    assert len(theirs) >= 2
    for ink, plate in theirs.items():
        off = numpy.abs(ours[ink].astype(int) - plate).max(initial=0)
        assert off <= 1, ink


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("box: {in: bleed}", (0, 0, 220, 140)),
        ("box: {in: trim}", (0, 0, 220, 140)),
        ("by: trim, box: {in: bleed}", (-11, -7, 242, 154)),
        ("by: bleed, box: {in: trim, width: 110pt, height: 70pt}", (10, 10, 110, 70)),
        ("fit: actual, align: start, anchor: top, box: {in: trim, x: 5pt, width: 50pt}", (5, 0, 220, 140)),
        ("align: end, anchor: bottom, box: {in: trim, width: 100pt}", (5, 65, 110, 70)),
    ],
)
def test_its_trim_or_bleed_is_laid_into_the_box(press: Press, keys: str, expected: tuple[float, ...]) -> None:
    page = layout(f"  - {{type: artwork, file: poster.pdf, {keys}}}\n")
    ((mark,), findings) = (press.compose(page)[0].marks[-1:], press.compose(page)[1])
    assert isinstance(mark, PageMark)
    assert not findings
    rect = mark.rect
    assert (rect.x, rect.y, rect.width, rect.height) == pytest.approx(expected, abs=0.01)


def of_page(made: Rendered) -> Any:
    return pikepdf.open(io.BytesIO(made.files["press-pdf"]))


def test_it_is_a_form_with_what_it_had(press: Press) -> None:
    """As far as its bleed box; its font, its overprint, its spot."""
    made = press.render(layout(ALONE.replace("FILE", "poster.pdf")))
    with of_page(made) as pdf:
        (form,) = pdf.pages[0].obj.Resources.XObject.values()
        assert [float(edge) for edge in form.BBox] == [15, 15, 235, 155]
        assert any("/op" in state for state in form.Resources.ExtGState.values())
        assert "/Group" not in pdf.pages[0].obj
    facts = read_press_pdf(made.files["press-pdf"]).pages[0]
    assert [(font.embedded, "Fraunces" in font.name) for font in facts.fonts] == [(True, True)]
    assert made.codes == ["unlisted-spot"]


def test_names_do_not_clash_and_what_is_shared_is_there_once(press: Press) -> None:
    """Two pages of two documents, and one of them twice, all of whose resources have the same names."""
    layers = "".join(
        f"  - {{type: artwork, file: {name}, box: {{in: trim, x: {x}pt, width: 60pt}}}}\n"
        for x, name in enumerate(("poster.pdf", "turned.pdf", "poster.pdf"))
    )
    made = press.render(layout(layers))
    with of_page(made) as pdf:
        forms = pdf.pages[0].obj.Resources.XObject
        assert len(forms) == 2
        pictures = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        assert len(pictures) == 2
        assert pdf.pages[0].Contents.read_bytes().count(b" Do") == 3


def test_a_page_is_found_by_its_number(press: Press) -> None:
    second = ALONE.replace("FILE", "second.pdf").replace("id: art", "page: 2")
    (mark,) = press.compose(layout(second))[0].marks
    assert isinstance(mark, PageMark)
    assert (mark.number, len(mark.spots)) == (2, 1)
    for number in ("3", "0", "two"):
        sheet, findings = press.compose(layout(second.replace("page: 2", "id: art")), layers={"art": {"page": number}})
        assert [finding.code for finding in findings] == ["no-such-page"]
        assert not sheet.marks
    assert "1 to 2" in str(findings[0])


def test_layers_that_are_off_stay_behind(press: Press) -> None:
    made = press.render(layout(ALONE.replace("FILE", "layers.pdf")))
    seen = made.picture("proof-png")

    def at(x: float, y: float) -> tuple[int, ...]:
        return seen.getpixel((round((x + 10) * seen.width / 220), round((130 - y) * seen.width / 220)))  # type: ignore[return-value]

    yellow, magenta = at(120, 50), at(120, 100)
    assert yellow[2] < 80 < yellow[1]
    assert magenta[1] < 80 < magenta[2], "what a hidden layer sets goes on being set"
    assert {at(x, y) for x, y in ((170, 50), (50, 50), (40, 90))} == {(255, 255, 255)}
    with of_page(made) as pdf:
        (form,) = pdf.pages[0].obj.Resources.XObject.values()
        assert b"/OC" not in form.read_bytes()
        assert "/OCProperties" not in pdf.Root
        assert not [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/OCG"]


@pytest.mark.parametrize("fields", [True, False])
def test_what_a_field_shows_comes_along_if_it_is_asked_for(press: Press, fields: bool) -> None:
    drawn = layout(ALONE.replace("FILE", "form.pdf").replace("id: art", f"id: art, fields: {str(fields).lower()}"))
    made = press.render(drawn)
    low = made.picture("proof-png").convert("L").getextrema()[0]
    assert isinstance(low, int)
    assert (low < 128) == fields
    with of_page(made) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0].obj


def test_its_spots_are_the_sheets_own(press: Press) -> None:
    """Whatever spelling it has for them: one name, and one definition, in the whole file."""
    spot = press.brand.palette["flame"].spot
    assert spot

    def other_spelling(canvas: Any) -> None:
        canvas.setFillColor(documents.CMYKColorSep(0.5, 0, 0.5, 0, spotName=spot.upper().replace(" ", "")))
        canvas.rect(0, 0, 100, 50, stroke=0, fill=1)

    documents.DOCUMENTS["spelled.pdf"] = lambda: documents.page(other_spelling)
    own = "  - {type: shape, fill: flame, box: {y: 60pt, width: 50pt, height: 20pt}}\n"
    made = press.render(layout(ALONE.replace("FILE", "spelled.pdf") + own, inks=f"[cmyk, {spot}]"))
    assert "spot-alternate-differs" in made.codes
    file = read_press_pdf(made.files["press-pdf"])
    assert file.spots == (spot,)
    with of_page(made) as pdf:
        spaces = [one for one in pdf.objects if isinstance(one, pikepdf.Array) and one and one[0] == "/Separation"]
        (form,) = [one for one in pdf.pages[0].obj.Resources.XObject.values() if "/Resources" in one]
        spaces += [*form.Resources.ColorSpace.values(), *pdf.pages[0].obj.Resources.ColorSpace.values()]
        assert {(str(space[1]), space[3].unparse(resolved=True)) for space in spaces if space[0] == "/Separation"} == {
            (f"/{spot}", spaces[-1][3].unparse(resolved=True))
        }


def test_it_may_be_turned_cut_out_and_faint(press: Press, tool: Any, tmp_path: Path) -> None:
    page = layout(
        "  - {type: artwork, id: art, file: poster.pdf, rotate: 20, opacity: 0.5, clip: ellipse, box: {in: trim}}\n"
    )
    (group,) = press.compose(page)[0].marks
    assert isinstance(group, GroupMark)
    made = press.render(page)
    seen, printed = made.picture("proof-png"), printed_picture(made.files["press-pdf"], tool, tmp_path)
    assert seen.getpixel((2, 2)) == (255, 255, 255)
    assert differing(seen, printed, 8) < 0.005
    with of_page(made) as pdf:
        (form,) = pdf.pages[0].obj.Resources.XObject.values()
        assert form.Group.CS == "/DeviceCMYK"
        assert form.Resources.XObject


# ---------------------------------------------------------------------------------------------------------- findings


def unembedded(canvas: Any) -> None:
    canvas.setFillColor(documents.CMYKColor(0, 0, 0, 1))
    canvas.drawString(10, 10, "Not embedded")


def blended_in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB)


def screened(pdf: pikepdf.Pdf) -> None:
    halftone = pikepdf.Dictionary(HalftoneType=1, HalftoneName=pikepdf.String("own"), Frequency=60, Angle=45)
    for state in pdf.pages[0].obj.Resources.ExtGState.values():
        state.HT = halftone


def packed_by_lzw(pdf: pikepdf.Pdf) -> None:
    inline = b"BI /W 3 /H 3 /BPC 8 /CS /G /F /LZW ID \x80\x0b\x60\x50\x22\x0c\x0c\x85\x01 EI"
    pdf.pages[0].contents_add(b"q 50 0 0 50 20 20 cm " + inline + b" Q")


def broken_off(pdf: pikepdf.Pdf) -> None:
    (picture,) = pdf.pages[0].obj.Resources.XObject.values()
    picture.write(b"its first bytes")


def with_intent(pdf: pikepdf.Pdf) -> None:
    intent = pikepdf.Dictionary(Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFX)
    intent.OutputConditionIdentifier = pikepdf.String("CGATS TR 006")
    intent.RegistryName = pikepdf.String("http://www.color.org")
    pdf.Root.OutputIntents = pikepdf.Array([intent])


def encrypted(password: str) -> bytes:
    with pikepdf.open(io.BytesIO(documents.DOCUMENTS["poster.pdf"]())) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: documents.page(documents.rgb), "rgb"),
        (lambda: documents.page(documents.poster, blended_in_rgb), "rgb-group"),
        (lambda: documents.page(documents.poster, screened), "halftone"),
        (lambda: documents.page(unembedded), "font-not-embedded"),
        (lambda: documents.page(documents.poster, packed_by_lzw), "lzw"),
        (lambda: documents.page(documents.poster, broken_off), "damaged-picture"),
        (lambda: documents.page(documents.poster, with_intent), "other-output-intent"),
        (lambda: encrypted(""), "encrypted"),
    ],
    ids=["rgb", "group", "halftone", "fonts", "lzw", "picture", "condition", "encrypted"],
)
def test_what_is_wrong_with_a_page_is_told(press: Press, data: Any, code: str) -> None:
    documents.DOCUMENTS["faulty.pdf"] = data
    made = press.render(layout(ALONE.replace("FILE", "faulty.pdf")))
    told = [finding for finding in made.facts["findings"] if finding["code"] == code]
    assert len(told) == 1
    assert told[0]["message"].startswith("faulty.pdf, page 1: ")
    assert told[0]["hint"]
    assert told[0]["check"] == "placed-pages"
    on_screen = layout(ALONE.replace("FILE", "faulty.pdf")).replace("bleed: 10pt", "bleed: 0")
    on_screen = on_screen.replace("target: print", "target: screen").replace("[press-pdf, proof-png]", "[png]")
    assert (code in press.render(on_screen).codes) == (code in ON_SCREENS)


def test_a_file_with_a_faulty_page_does_not_say_that_it_is_sound(press: Press) -> None:
    group = functools.partial(documents.page, documents.poster, blended_in_rgb)
    rgb = functools.partial(documents.page, documents.rgb)
    for data, standard in ((rgb, ""), (group, ""), (documents.DOCUMENTS["poster.pdf"], "PDF/X-4")):
        documents.DOCUMENTS["faulty.pdf"] = data
        made = press.render(layout(ALONE.replace("FILE", "faulty.pdf")))
        assert read_press_pdf(made.files["press-pdf"]).standard == standard


def test_what_cannot_be_opened_is_told() -> None:
    with pytest.raises(Locked):
        pages_of(encrypted("secret"), PROFILE)
    with pytest.raises(NoPages):
        pages_of(b"%PDF-1.7 and nothing else", PROFILE)


@pytest.mark.parametrize("edge", ["soft", "hard"])
def test_it_casts_a_shadow_and_is_named_among_guides(press: Press, edge: str) -> None:
    page = layout(
        f"  - {{type: artwork, id: art, file: poster.pdf, shadow: {edge}, box: {{x: 20pt, y: 20pt, width: 90pt, height: 60pt}}}}\n"
    )
    sheet, _ = press.compose(page)
    assert all(type(mark) in KINDS for mark in ungrouped(sheet.marks))
    assert press.render(page).codes == ["unlisted-spot"]


def spelled(*names: str) -> Callable[[], bytes]:
    """A page that is painted in spots of these names, one beside the other."""

    def draw(canvas: Any) -> None:
        for at, name in enumerate(names):
            canvas.setFillColor(CMYKColorSep(1, 0.72, 0, 0.06, spotName=name))
            canvas.rect(10 + 40 * at, 10, 30, 30, stroke=0, fill=1)

    return functools.partial(documents.page, draw)


@pytest.mark.parametrize(
    ("inks", "first", "second", "used"),
    [
        ("[cmyk]", ["Reflex Blue", "REFLEX BLUE C"], [], "Reflex Blue"),
        ("[cmyk]", ["Reflex Blue C"], ["reflex blue"], "Reflex Blue C"),
        ("[cmyk, PANTONE 7579 C]", ["Pantone 7579C"], [], "PANTONE 7579 C"),
    ],
)
def test_spots_of_two_spellings_are_one_plate_and_told(
    press: Press, inks: str, first: list[str], second: list[str], used: str
) -> None:
    documents.DOCUMENTS["one.pdf"], documents.DOCUMENTS["other.pdf"] = spelled(*first), spelled(*(second or first))
    layers = "".join(f"  - {{type: artwork, file: {name}, box: {{in: bleed}}}}\n" for name in ("one.pdf", "other.pdf"))
    made = press.render(layout(layers, inks=inks))
    said = [told["message"] for told in made.facts["findings"] if told["code"] == "spot-spelled-twice"]
    assert said
    assert all(message.endswith(f"both are printed on one plate, called '{used}'") for message in said)
    assert list(read_press_pdf(made.files["press-pdf"]).spots) == [used]


def test_black_that_two_pages_define_in_two_ways_is_one_ink(press: Press) -> None:
    """A press prints it with its own ink, whatever a page says that it looks like: the file keeps to PDF/X-4."""

    def defined(*cmyk: float) -> Callable[[pikepdf.Pdf], None]:
        def change(pdf: pikepdf.Pdf) -> None:
            tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=list(cmyk), N=1)
            space = pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name.Black, pikepdf.Name.DeviceCMYK, tint])
            pdf.pages[0].obj.Resources.ColorSpace = pikepdf.Dictionary({"/K": space})
            pdf.pages[0].contents_add(b"/K cs 1 scn 0 0 90 90 re f")

        return change

    documents.DOCUMENTS["one.pdf"] = functools.partial(documents.page, lambda _: None, defined(0, 0, 0, 1))
    documents.DOCUMENTS["other.pdf"] = functools.partial(documents.page, lambda _: None, defined(1, 0, 0, 1))
    layers = "".join(f"  - {{type: artwork, file: {name}, box: {{in: bleed}}}}\n" for name in ("one.pdf", "other.pdf"))
    made = press.render(layout(layers))
    assert read_press_pdf(made.files["press-pdf"]).standard == "PDF/X-4"


def fine_print(canvas: Any) -> None:
    canvas.setFillColorCMYK(0.8, 0.5, 0.7, 0.5)
    canvas.setFont(documents._font(), 8)
    canvas.drawString(20, 40, "Small")
    canvas.setStrokeColorCMYK(0, 0, 0, 1)
    canvas.setLineWidth(0.2)
    canvas.line(20, 20, 120, 20)


FINE = {
    "200pt x 120pt": {"small-in-several-inks"},
    "320pt x 192pt": set(),
    "100pt x 60pt": {"small-in-several-inks", "small-text", "thin-line"},
}


@pytest.mark.parametrize("trim", FINE)
def test_what_is_fine_on_a_page_is_told_in_the_size_that_it_is_placed_in(press: Press, trim: str) -> None:
    documents.DOCUMENTS["fine.pdf"] = lambda: documents.page(fine_print)
    made = press.render(layout(ALONE.replace("FILE", "fine.pdf").replace("bleed", "trim"), trim))
    fine = {"small-in-several-inks", "small-text", "thin-line"}
    assert set(made.codes) & fine == FINE[trim]
    assert all("fine.pdf, page 1" in one["message"] for one in made.facts["findings"] if one["code"] in fine)


def stamped(pdf: pikepdf.Pdf) -> None:
    look = pdf.make_stream(b"0 0 0 1 k 0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    stamp = pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp, Rect=[40, 40, 60, 60], F=4, AP=pikepdf.Dictionary(N=look))
    pdf.pages[0].obj.Annots = pikepdf.Array([stamp])


def test_a_stamp_that_is_not_placed_with_its_page_is_told(press: Press) -> None:
    documents.DOCUMENTS["stamped.pdf"] = lambda: documents.page(documents.poster, stamped)
    assert "annotation-left-out" in press.render(layout(ALONE.replace("FILE", "stamped.pdf"))).codes
