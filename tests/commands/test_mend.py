"""`mend` on files that lack what can be given to them safely, and on files that it must leave alone."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from press_breaks import boxed, root
from press_samples import MM, Break, draw, sound, spots, whole

from pressrun.model.errors import InputError, MissingTool
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile


def told(pressrun: Any, path: Path, to: Path, *options: Any) -> dict[str, Any]:
    [answer] = json.loads(pressrun("mend", path, "--to", to, *options, "--json").stdout)
    return dict(answer)


def drawn(data: bytes) -> list[numpy.ndarray]:
    return [page.render(scale=2).to_numpy() for page in pypdfium2.PdfDocument(data)]


def without(*keys: str) -> Break:
    return lambda pdf, page: [page.obj.__delitem__(key) for key in keys]


def bare(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Nothing is said of the file."""
    for key in ("/OutputIntents", "/Metadata"):
        del pdf.Root[key]
    del pdf.trailer["/Info"]


def info(**said: Any) -> Break:
    return lambda pdf, page: [pdf.docinfo.__setitem__(f"/{key}", value) for key, value in said.items()]


CALIBRATED = Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1])])


def unused(kind: str, name: str, value: Any) -> Break:
    return lambda pdf, page: page.Resources[f"/{kind}"].__setitem__(f"/{name}", value)


def rgb_picture(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Resources.XObject["/Old"] = Stream(
        pdf, bytes(300), Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
    )  # fmt: skip


def rgb_in_a_form(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """As a page that was placed by another program has it: a space in a form within a form, which neither names."""
    below = None
    for _ in range(2):
        form = pdf.make_stream(b"0 1 0 0 k 9 9 20 20 re f" if below is None else b"/Below Do")
        form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 400, 500])
        form["/Resources"] = Dictionary() if below is not None else Dictionary(ColorSpace=Dictionary(Old=CALIBRATED))
        if below is not None:
            form.Resources.XObject = Dictionary(Below=below)
        below = form
    page.Resources.XObject["/Placed"] = below
    page.contents_add(b"/Placed Do")


def marks(*, off: float = 0.0, bleed_too: bool = False, ink: str = "0 0 0 1") -> Break:
    """A card of 85 x 55 mm on a page of 111 x 154 mm, with crop marks; the first is ``off`` by mm."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for key in ("/TrimBox", "/BleedBox"):
            del page.obj[key]
        lines = []
        for around in (0, 3) if bleed_too else (0,):
            for x in (13 - around, 98 + around):
                for start, end in ((44, 39), (113, 118)):
                    shifted = x + (off if not lines else 0)
                    lines.append((shifted, start, shifted, end))
            for y in (50 - around, 105 + around):
                for start, end in ((7, 2), (104, 109)):
                    lines.append((start, y, end, y))
        path = " ".join(f"{a * MM:.4f} {b * MM:.4f} m {c * MM:.4f} {d * MM:.4f} l S" for a, b, c, d in lines)
        page.contents_add(f"q 0.25 w {ink} K {path} Q".encode())

    return add


def every_page(*breaks: Break) -> Break:
    return lambda pdf, page: [one(pdf, each) for each in pdf.pages for one in breaks]


REPAIRED: dict[str, tuple[Break, set[str]]] = {
    "nothing said": (bare, {"no-output-intent", "no-standard", "no-metadata", "trapped-unknown"}),
    "no intent": (lambda pdf, page: pdf.Root.__delitem__("/OutputIntents"), {"no-output-intent"}),
    "Trapped as text": (info(Trapped=String("False")), {"trapped-unknown"}),
    "Trapped not known": (info(Trapped=Name.Unknown), {"trapped-unknown"}),
    "another title in Info": (info(Title=String("Another card")), {"metadata-differs"}),
    "broken XMP": (lambda pdf, page: pdf.Root.Metadata.write(b"<x:xmpmeta"), {"no-metadata"}),
    "no ids in XMP": (
        lambda pdf, page: pdf.Root.Metadata.write(
            pdf.Root.Metadata.read_bytes().replace(b"<xmpMM:DocumentID>uuid:1</xmpMM:DocumentID>", b"")
        ),
        {"no-document-id"},
    ),
    "crop marks": (marks(), {"no-trim-box"}),
    "crop marks off by less than a tenth": (marks(off=0.09), {"no-trim-box"}),
    "crop and bleed marks": (marks(bleed_too=True), {"no-trim-box"}),
    "a page of A6 with bleed": (without("/TrimBox", "/BleedBox"), {"no-trim-box"}),
    "no TrimBox in its bleed": (without("/TrimBox"), {"no-trim-box"}),
    "an ArtBox like the TrimBox": (boxed(ArtBox=(3, 3, 108, 151)), {"two-trims"}),
    "a BleedBox beyond the page": (boxed(BleedBox=(-1, 0, 111, 154)), {"box-nesting"}),
    "a print cut at the trim": (root(ViewerPreferences=Dictionary(PrintClip=Name.TrimBox, ViewArea=Name.BleedBox)), {"print-area"}),
    "two spellings": (spots("PANTONE 185 C", "Pantone 185 C"), {"spot-spelled-twice"}),
    "an RGB space that nobody uses": (unused("ColorSpace", "Old", CALIBRATED), {"unused-resources"}),
    "an RGB space that nobody uses, in a form": (rgb_in_a_form, {"unused-resources"}),
    "an RGB picture that nobody draws": (rgb_picture, {"unused-resources"}),
}  # fmt: skip


@pytest.mark.parametrize("case", REPAIRED)
def test_what_is_safe_is_repaired_listed_and_looks_as_before(case: str, tmp_path: Path, pressrun: Any) -> None:
    broken, codes = REPAIRED[case]
    path = sound(tmp_path / "card.pdf", broken)
    before = path.read_bytes()
    answer = told(pressrun, path, tmp_path / "out")
    assert {one["code"] for one in answer["repairs"]} == codes
    after = Path(answer["written"]).read_bytes()
    assert path.read_bytes() == before
    assert all((one == other).all() for one, other in zip(drawn(before), drawn(after), strict=True))
    x4 = load_profile("x4")
    left = judge(read_press_pdf(after), "card.pdf", x4.limits, x4.levels)
    assert not codes & {one.code for one in left}
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("spelled", [("PANTONE185C", "PANTONE 185 C"), ("PANTONE 185 C", "PANTONE185C"), ("PANTONE  185_C", "PANTONE 185 C")])
def test_of_spellings_the_one_with_its_words_apart_is_kept(spelled: tuple[str, str], tmp_path: Path, pressrun: Any) -> None:
    answer = told(pressrun, sound(tmp_path / "card.pdf", spots(*spelled)), tmp_path / "out")
    assert read_press_pdf(Path(answer["written"])).spots == ("PANTONE 185 C",)


@pytest.mark.parametrize("bleed_too", [False, True])
def test_crop_marks_become_the_boxes_that_they_mean(bleed_too: bool, tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", marks(bleed_too=bleed_too))
    answer = told(pressrun, path, tmp_path / "out")
    boxes = read_press_pdf(Path(answer["written"])).pages[0].boxes
    assert boxes.trim == pytest.approx([edge * MM for edge in (13, 50, 98, 105)], abs=0.01)
    assert boxes.bleed == pytest.approx([edge * MM for edge in (10, 47, 101, 108)], abs=0.01)


def test_marks_that_mean_no_rectangle_make_no_box(tmp_path: Path, pressrun: Any) -> None:
    answer = told(pressrun, sound(tmp_path / "card.pdf", marks(off=0.12)), tmp_path / "out")
    assert answer["written"] is None
    assert not answer["repairs"]
    assert "left-as-it-is" in {one["code"] for one in answer["findings"]}


def test_marks_in_all_four_inks_are_no_artwork(tmp_path: Path, pressrun: Any) -> None:
    answer = told(pressrun, sound(tmp_path / "card.pdf", marks(ink="1 1 1 1"), bare), tmp_path / "out")
    assert {"no-trim-box", "no-output-intent", "no-standard"} <= {one["code"] for one in answer["repairs"]}
    assert not {"total-ink", "small-in-several-inks"} & {one["code"] for one in answer["findings"]}


def test_where_marks_mean_no_rectangle_a_size_that_is_said_does(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", marks(off=1))
    answer = told(pressrun, path, tmp_path / "out", "--size", "85x55")
    boxes = read_press_pdf(Path(answer["written"])).pages[0].boxes
    assert boxes.trim == pytest.approx([edge * MM for edge in (13, 49.5, 98, 104.5)], abs=0.01)
    assert boxes.bleed == pytest.approx([edge * MM for edge in (10, 46.5, 101, 107.5)], abs=0.01)


@pytest.mark.parametrize(("size", "made"), [("100x140", True), ("112x140", False)])
def test_a_size_that_is_said_is_the_cut_in_the_middle(size: str, made: bool, tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", without("/TrimBox", "/BleedBox"), boxed(MediaBox=(0, 0, 111, 153)))
    answer = told(pressrun, path, tmp_path / "out", "--size", size)
    assert [one["code"] for one in answer["repairs"]] == ["no-trim-box"] * made
    if made:
        trim = read_press_pdf(Path(answer["written"])).pages[0].boxes.trim
        assert trim == pytest.approx([edge * MM for edge in (5.5, 6.5, 105.5, 146.5)], abs=0.01)


def test_spots_that_look_different_are_not_merged(tmp_path: Path, pressrun: Any) -> None:
    def other_tone(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ColorSpace["/S1"][3] = Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[0] * 4, C1=[0, 1, 0.8, 0])

    path = sound(tmp_path / "card.pdf", spots("PANTONE 185 C", "Pantone 185 C"), other_tone)
    answer = told(pressrun, path, tmp_path / "out")
    assert answer["written"] is None
    assert "left-as-it-is" in {one["code"] for one in answer["findings"]}


def test_a_merged_spot_makes_one_plate(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", spots("PANTONE 185 C", "Pantone 185 C"))
    answer = told(pressrun, path, tmp_path / "out")
    assert len(read_press_pdf(Path(answer["written"])).spots) == 1


NOT_X4: dict[str, Break] = {
    "RGB": draw("1 0 0 rg 10 20 30 40 re f"),
    "a script": lambda pdf, page: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript, JS=String("1"))),
    "white that overprints": lambda pdf, page: (
        page.Resources.__setitem__("/ExtGState", Dictionary(W=Dictionary(OP=True, op=True))),
        page.contents_add(b"/W gs 0 0 0 0 k 30 30 50 50 re f"),
    ),
    "inks that are too much over each other": lambda pdf, page: (
        page.Resources.__setitem__("/ExtGState", Dictionary(K=Dictionary(OP=True, op=True, OPM=1))),
        page.contents_add(b"0.9 0.9 0.7 0 k 30 30 50 50 re f /K gs 0 0 0 1 k 30 30 50 50 re f"),
    ),
}


@pytest.mark.parametrize("case", NOT_X4)
def test_what_does_not_keep_the_standard_is_not_said_to(case: str, tmp_path: Path, pressrun: Any) -> None:
    answer = told(pressrun, sound(tmp_path / "card.pdf", bare, NOT_X4[case]), tmp_path / "out")
    assert {one["code"] for one in answer["repairs"]} == {"no-metadata", "trapped-unknown"}
    assert "left-as-it-is" in {one["code"] for one in answer["findings"]}


def test_no_condition_is_said_where_none_is_wanted(tmp_path: Path, pressrun: Any) -> None:
    answer = told(pressrun, sound(tmp_path / "card.pdf", bare), tmp_path / "out", "--condition", "none")
    assert not {one["code"] for one in answer["repairs"]} & {"no-output-intent", "no-standard"}


def test_a_condition_has_the_name_that_it_is_registered_by_too(tmp_path: Path, pressrun: Any) -> None:
    source, out = sound(tmp_path / "card.pdf", bare), tmp_path / "out"
    told(pressrun, source, out, "--condition", "FOGRA29")
    with pikepdf.open(out / "card.pdf") as pdf:
        assert str(pdf.Root.OutputIntents[0].OutputConditionIdentifier) == "FOGRA29"
    refused = pressrun("mend", source, "--to", tmp_path / "other", "--condition", "FOGRA51").exception
    assert isinstance(refused, MissingTool)
    assert "PSOcoated_v3.icc" in str(refused.hint)


def doubled(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """A form that is drawn a million times by twenty, each of which draws the next one twice."""
    below = None
    for _ in range(21):
        form = pdf.make_stream(b"0 1 0 0 k 1 1 5 5 re f" if below is None else b"/B Do q 1 0 0 1 9 0 cm /B Do Q")
        form["/Subtype"], form["/BBox"] = Name.Form, Array([0, 0, 400, 500])
        form["/Resources"] = Dictionary(XObject=Dictionary(B=below) if below is not None else Dictionary())
        below = form
    page.Resources.XObject["/A"] = below
    page.contents_add(b"/A Do")


def signed(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    pdf.Root["/AcroForm"] = Dictionary(SigFlags=3, Fields=[])


UNTOUCHED = {
    "signed": {"breaks": (signed, bare)},
    "drawn a million times": {"breaks": (doubled, bare)},
    "encrypted": {"breaks": (bare,), "encryption": pikepdf.Encryption(owner="owner", user="")},
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_what_a_repair_would_break_is_left_alone(case: str, tmp_path: Path, pressrun: Any) -> None:
    said = dict(UNTOUCHED[case])
    path = sound(tmp_path / "card.pdf", *said.pop("breaks"), **said)
    done = pressrun("mend", path, "--to", tmp_path / "out", "--json")
    [answer] = json.loads(done.stdout)
    assert (done.exit_code, answer["written"], answer["findings"][0]["code"]) == (1, None, "not-mended")
    assert not (tmp_path / "out").exists()


def test_a_sound_file_is_not_written_again(tmp_path: Path, pressrun: Any) -> None:
    done = pressrun("mend", sound(tmp_path / "card.pdf"), "--to", tmp_path / "out")
    assert done.exit_code == 0
    assert not (tmp_path / "out").exists()


def test_mending_again_finds_nothing_and_the_same_file_gives_the_same_bytes(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", bare, marks())
    os.utime(path, (1_800_000_000, 1_800_000_000))
    first, second = (Path(told(pressrun, path, tmp_path / name)["written"]) for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
    assert told(pressrun, first, tmp_path / "three")["repairs"] == []


def test_the_source_is_never_overwritten(tmp_path: Path, pressrun: Any) -> None:
    path = sound(tmp_path / "card.pdf", bare)
    (tmp_path / "link.pdf").hardlink_to(path)
    before = path.read_bytes()
    for target in (path, tmp_path, tmp_path / "link.pdf"):
        done = pressrun("mend", path, "--to", target)
        assert isinstance(done.exception, InputError)
        assert done.exception.findings[0].code == "would-overwrite-source"
    assert path.read_bytes() == before


def test_two_files_of_one_name_need_two_folders(tmp_path: Path, pressrun: Any) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        sound(tmp_path / folder / "card.pdf", bare)
    done = pressrun("mend", tmp_path / "one/card.pdf", tmp_path / "two/card.pdf", "--to", tmp_path / "out")
    assert isinstance(done.exception, InputError)
    assert done.exception.findings[0].code == "two-files-one-name"
    assert not (tmp_path / "out").exists()


def test_two_files_do_not_go_into_one(tmp_path: Path, pressrun: Any) -> None:
    paths = [sound(tmp_path / name, bare) for name in ("one.pdf", "two.pdf")]
    done = pressrun("mend", *paths, "--to", tmp_path / "both.pdf")
    assert isinstance(done.exception, InputError)
    assert done.exception.findings[0].code == "two-files-one-name"
    assert not (tmp_path / "both.pdf").exists()


def test_what_is_no_pdf_is_told_beside_what_is_mended(tmp_path: Path, pressrun: Any) -> None:
    (tmp_path / "none.pdf").write_bytes(b"a letter")
    path = sound(tmp_path / "card.pdf", bare)
    done = pressrun("mend", tmp_path / "none.pdf", tmp_path / "gone.pdf", path, "--to", tmp_path / "out", "--json")
    assert done.exit_code == 2
    answers = json.loads(done.stdout)
    assert [one["findings"][0]["code"] for one in answers[:2]] == ["not-a-pdf", "cannot-read"]
    assert Path(answers[2]["written"]).exists()


def test_every_page_is_mended_and_said_once(tmp_path: Path, pressrun: Any) -> None:
    path = tmp_path / "cards.pdf"
    path.write_bytes(whole(every_page(marks()), pages=3))
    answer = told(pressrun, path, tmp_path / "out")
    assert [(one["code"], one["pages"]) for one in answer["repairs"]] == [("no-trim-box", [1, 2, 3])]


def test_the_size_of_a_page_in_larger_units_is_its_own(tmp_path: Path, pressrun: Any) -> None:
    def doubled(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj["/UserUnit"] = 2
        page.obj["/MediaBox"] = Array([0, 0, 55.5 * MM, 77 * MM])

    answer = told(pressrun, sound(tmp_path / "card.pdf", without("/TrimBox", "/BleedBox"), doubled), tmp_path / "out")
    assert [one["code"] for one in answer["repairs"]] == ["no-trim-box"]
    boxes = read_press_pdf(Path(answer["written"])).pages[0].boxes
    assert boxes.trim == pytest.approx([edge * MM for edge in (3, 3, 108, 151)], abs=0.01)
