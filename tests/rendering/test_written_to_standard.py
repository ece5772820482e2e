"""A press PDF is read again when it is written, by our own strict profile: one that is not what it says is not
delivered, and the finding names the rule."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from rendering_kit import Press
from test_press_pdf import PAGES

from pressrun.graphics.color import inks
from pressrun.graphics.pages.large_streams import LargeStreams
from pressrun.model.finding import Severity
from pressrun.model.task import Made, SheetTask
from pressrun.readers.press_pdf.standard import standard_faults
from pressrun.run.worker.sheet_tasks import make_sheets

PAGE = PAGES["page"] + "inks: [cmyk, PANTONE 7579 C]\n"
SCREEN = """
page: {trim: [200px, 100px]}
target: screen
formats: [png]
layers: [{type: text, text: Hi, size: 20px}]
"""
Damage = Callable[[pikepdf.Pdf], None]


def page_of(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[0].obj


def text_fonts(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, Dictionary) and "/DescendantFonts" in one]


def intent_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def intent_twice(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


def profile_of_screens(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.write(inks.srgb_profile())


def condition_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents[0]["/OutputConditionIdentifier"]


def claim_gone(pdf: pikepdf.Pdf) -> None:
    stream = pdf.Root.Metadata
    stream.write(stream.read_bytes().replace(b"GTS_PDFXVersion", b"GTS_Another"))
    del pdf.trailer.Info["/GTS_PDFXVersion"]


def metadata_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


def metadata_differs(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Title = String("Another")


def trapped_gone(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer.Info["/Trapped"]
    stream = pdf.Root.Metadata
    stream.write(stream.read_bytes().replace(b"pdf:Trapped", b"pdf:Other"))


def trim_gone(pdf: pikepdf.Pdf) -> None:
    del page_of(pdf)["/TrimBox"]


def trim_beyond_bleed(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).TrimBox = Array([-5, -5, 900, 900])


def art_box_too(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).ArtBox = page_of(pdf).TrimBox


def draws_in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"1 0 0 rg 0 0 10 10 re f")


def plate_in_rgb(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).Resources.XObject.Plate.ColorSpace = Name.DeviceRGB


def plate_managed(pdf: pikepdf.Pdf) -> None:
    profile = Stream(pdf, pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes(), N=4)
    page_of(pdf).Resources.XObject.Plate.ColorSpace = Array([Name.ICCBased, pdf.make_indirect(profile)])


def blends_in_rgb(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def curve_on_the_plate(pdf: pikepdf.Pdf) -> None:
    curve = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=2)
    page_of(pdf).Resources["/ExtGState"] = Dictionary(T=Dictionary(Type=Name.ExtGState, TR=curve))
    pdf.pages[0].contents_add(b"/T gs 0 0 10 10 re f")


def halftone(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).Resources["/ExtGState"] = Dictionary(T=Dictionary(Type=Name.ExtGState, HTP=Array([0, 0])))
    pdf.pages[0].contents_add(b"/T gs 0 0 10 10 re f")


def font_left_out(pdf: pikepdf.Pdf) -> None:
    for font in text_fonts(pdf):
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]


def font_cut_off(pdf: pikepdf.Pdf) -> None:
    for font in text_fonts(pdf):
        program = font.DescendantFonts[0].FontDescriptor.FontFile2
        program.write(program.read_bytes()[:400])


def note_on_the_page(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([50, 50, 90, 90]))])


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"words"


def form_fields(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("name")))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def postscript(pdf: pikepdf.Pdf) -> None:
    page_of(pdf).Resources.XObject["/PS"] = pdf.make_indirect(Stream(pdf, b"showpage", Subtype=Name.PS))
    pdf.pages[0].contents_add(b"/PS Do")


def content_cut_off(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"q 1 0 0 cm /Plate Do Q")


DAMAGES: dict[Damage, str] = {
    intent_gone: "no-output-intent",
    intent_twice: "several-output-intents",
    profile_of_screens: "wrong-output-intent",
    condition_gone: "no-condition-name",
    claim_gone: "no-standard",
    metadata_gone: "no-metadata",
    metadata_differs: "metadata-differs",
    trapped_gone: "trapped-unknown",
    trim_gone: "no-trim-box",
    trim_beyond_bleed: "box-nesting",
    art_box_too: "two-trims",
    draws_in_rgb: "rgb",
    plate_in_rgb: "rgb",
    plate_managed: "icc-cmyk",
    blends_in_rgb: "rgb-group",
    curve_on_the_plate: "transfer-curve",
    halftone: "halftone",
    font_left_out: "font-not-embedded",
    font_cut_off: "font-broken",
    note_on_the_page: "annotation",
    script: "javascript",
    attachment: "attachment",
    form_fields: "form-fields",
    postscript: "postscript",
    content_cut_off: "broken-page",
}


def damaged(data: bytes, damage: Damage) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        damage(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True, fix_metadata_version=False)
        return out.getvalue()


def break_writer(monkeypatch: pytest.MonkeyPatch, damage: Damage) -> None:
    """From now on the writer does it wrong."""
    sound = LargeStreams.laid_in

    def laid_in(self: Any, written: bytes, identifier: bytes) -> bytes:
        return damaged(sound(self, written, identifier), damage)

    monkeypatch.setattr(LargeStreams, "laid_in", laid_in)


def task(press: Press, index: int, layout: str = PAGE) -> SheetTask:
    return press.task(layout, index, slots={"hero": ["ramp"]}, title="T", description="d")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_file_that_the_writer_gets_wrong_is_not_delivered_and_the_rule_is_told(
    press: Press, monkeypatch: pytest.MonkeyPatch, damage: Damage
) -> None:
    break_writer(monkeypatch, damage)
    asked = task(press, 0)
    made = press.make(asked)
    assert isinstance(made, Made)
    [(key, finding)] = made.refused
    assert {file.key for file in asked.files} - {file.key for file in made.files} == {key}
    assert key.endswith("press-pdf")
    assert (finding.code, finding.severity) == ("below-standard", Severity.ERROR)
    assert f"[{DAMAGES[damage]}]" in finding.message
    assert finding.layout
    assert finding.row


def test_sheets_beside_it_are_made(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of three is wrong: its press PDF alone is refused, and those that write none do not mind."""
    tasks = (task(press, 0), press.task(SCREEN, 1), press.task(PAGES["vectors"], 2))

    def only_over_plates(pdf: pikepdf.Pdf) -> None:
        if "/Plate" in page_of(pdf).Resources.get("/XObject", {}):
            font_left_out(pdf)

    break_writer(monkeypatch, only_over_plates)
    wrong, on_screen, plain = make_sheets(press.bench, tasks)
    assert isinstance(wrong, Made)
    assert [key.endswith("press-pdf") for key, _ in wrong.refused] == [True]
    for other in (on_screen, plain):
        assert isinstance(other, Made)
        assert not other.refused


@pytest.mark.parametrize("layout", PAGES)
def test_what_is_sound_keeps_to_its_standard(press: Press, layout: str) -> None:
    made = press.make(task(press, 0, PAGES[layout]))
    assert isinstance(made, Made)
    assert standard_faults(press.store.read(made.files[0].digest), "x4") == []


def test_what_is_merely_not_good_is_no_matter_of_the_standard(press: Press) -> None:
    """A picture of few pixels is told by its own check, and delivered."""
    made = press.make(task(press, 0))
    assert isinstance(made, Made)
    assert "resolution" not in {one.code for one in standard_faults(press.store.read(made.files[0].digest), "x4")}


def test_of_a_long_document_pages_are_read_from_first_to_last(press: Press) -> None:
    data = press.render(PAGE, slots={"hero": ["ramp"]}, title="T", description="d").files["press-pdf"]

    def many(pdf: pikepdf.Pdf) -> None:
        for _ in range(150):
            pdf.pages.append(pdf.pages[0])
        pdf.pages[-1].contents_add(b"1 0 0 rg 0 0 10 10 re f")

    assert {one.code for one in standard_faults(damaged(data, many), "x4")} == {"rgb"}
