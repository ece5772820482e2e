"""`preflight` on our own press files, and on files that are wrong in one way each."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from press_samples import MM, Break, draw, flat, jpeg_picture, picture, sound, spots, text

from pressrun.model.finding import Severity
from pressrun.model.run_record import RunReport
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
from pressrun.readers.press_pdf.preflight import PressLimits, judge


def codes(path: Path, limits: PressLimits | None = None, *, least: Severity = Severity.WARNING) -> dict[str, str]:
    """The codes found, with their severity."""
    limits = limits or PressLimits()
    findings = judge(read_press_pdf(path, limits.total_ink), path.name, limits)
    return {finding.code: finding.severity.value for finding in findings if finding.severity >= least}


def test_a_sound_file_has_nothing_wrong(tmp_path: Path) -> None:
    assert codes(sound(tmp_path / "sound.pdf"), least=Severity.NOTE) == {}


def test_our_own_press_files_pass(campaign: tuple[Path, RunReport]) -> None:
    root, report = campaign
    files = [root / "runs" / report.run / asset.path for asset in report.assets if asset.format == "press-pdf"]
    assert len(files) == 4
    for path in files:
        read = read_press_pdf(path)
        assert not [finding for finding in judge(read, path.name) if finding.severity > Severity.NOTE]
        page = read.pages[0]
        assert page.boxes.bleed_widths() == pytest.approx((3 * MM,) * 4, abs=0.01)
        assert [space.label for space in page.spaces] == ["DeviceCMYK"]
        assert all(font.embedded for font in page.fonts)
        assert [round(image.ppi) for image in page.images] == [300]
        assert 100 < (page.images[0].max_ink or 0) <= 302


def without(*keys: str) -> Break:
    def remove(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for key in keys:
            del page.obj[key]

    return remove


def boxed(**boxes: tuple[float, float, float, float]) -> Break:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for name, edges in boxes.items():
            page.obj["/" + name] = Array([edge * MM for edge in edges])

    return change


def form_fields(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("name"))]))


def no_intent(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    del pdf.Root.OutputIntents


def rgb_intent(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    from pressrun.graphics.color import inks

    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_indirect(Stream(pdf, inks.srgb_profile(), N=3))


def link(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 90, 60]))])


def scripted(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('print me')"))


def white_over(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Resources.ExtGState = Dictionary(Over=Dictionary(op=True))
    page.contents_add(b"/Over gs 0 0 0 0 k 10 10 50 50 re f")


def icc_rgb(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    from pressrun.graphics.color import inks

    page.Resources.ColorSpace.Screen = Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, inks.srgb_profile(), N=3))])
    page.contents_add(b"/Screen cs 1 0 0 sc 10 10 50 50 re f")


def inside_a_form(content: str) -> Break:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        inner = Stream(pdf, content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100]))
        outer = Stream(
            pdf, b"/Inner Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100]),
            Resources=Dictionary(XObject=Dictionary(Inner=pdf.make_indirect(inner))),
        )  # fmt: skip
        page.Resources.XObject.Outer = outer
        page.contents_add(b"/Outer Do")

    return add


def drawn_letter(content: str) -> Break:
    """A word in a Type 3 font of one letter, ten points wide."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=65, LastChar=65,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([1000]),
            CharProcs=Dictionary(A=Stream(pdf, content.encode())),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name.A])),
        )  # fmt: skip
        page.Resources.Font = Dictionary(Drawn=pdf.make_indirect(font))
        page.contents_add(b"BT /Drawn 10 Tf 20 20 Td (AA) Tj ET")

    return add


BROKEN: dict[str, tuple[Break, dict[str, str]]] = {
    "rgb colour": (draw("1 0 0 rg 10 10 50 50 re f"), {"rgb": "error"}),
    "rgb picture": (picture(flat(600, 600, 200, 30, 30), Name.DeviceRGB), {"rgb": "error"}),
    "rgb in a form in a form": (inside_a_form("0 1 0 RG 2 w 0 0 m 50 50 l S"), {"rgb": "error"}),
    "rgb in a drawn letter": (drawn_letter("1000 0 d0 1 0 0 rg 0 0 900 900 re f"), {"rgb": "error"}),
    "rgb inline picture": (
        draw("q 10 0 0 10 5 5 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q"), {"rgb": "error"},
    ),
    "rgb with a profile": (icc_rgb, {"managed-rgb": "warning"}),
    "no trim box": (without("/TrimBox"), {"no-trim-box": "error"}),
    "trim out of the bleed": (boxed(BleedBox=(5, 3, 108, 151)), {"box-nesting": "error", "bleed": "error"}),
    "bleed out of the media": (boxed(BleedBox=(-3, 0, 111, 154)), {"box-nesting": "error"}),
    "no bleed": (boxed(TrimBox=(0, 0, 111, 154)), {"bleed": "error"}),
    "too little bleed": (boxed(TrimBox=(2, 3, 108, 151)), {"bleed": "error"}),
    "cropped bleed": (boxed(CropBox=(3, 3, 108, 151)), {"crop-box": "warning"}),
    "a box of words": (
        lambda pdf, page: page.obj.__setitem__("/TrimBox", Array([Name.A, 1, 2, 3])), {"broken-page": "error"},
    ),
    "font not embedded": (text(12), {"font-not-embedded": "error"}),
    "small text": (text(4), {"font-not-embedded": "error", "small-text": "warning"}),
    "few pixels": (picture(flat(200, 200, 9, 9, 9, 9), Name.DeviceCMYK), {"resolution": "error"}),
    "rather few pixels": (picture(flat(400, 400, 9, 9, 9, 9), Name.DeviceCMYK), {"resolution": "warning"}),
    "heavy colour": (draw("1 1 1 0.5 k 10 10 50 50 re f"), {"total-ink": "error"}),
    "heavy picture": (picture(flat(600, 600, 230, 230, 230, 230), Name.DeviceCMYK), {"total-ink": "error"}),
    "heavy jpeg": (jpeg_picture((90, 90, 90, 60), decode=True), {"total-ink": "error"}),
    "jpeg told the wrong way round": (jpeg_picture((5, 5, 5, 0), decode=False), {"total-ink": "error"}),
    "white overprint": (white_over, {"white-overprint": "error"}),
    "hairline": (draw("0 0 0 1 K 0.1 w 0 0 m 50 50 l S"), {"thin-line": "warning"}),
    "a thin line of four inks": (draw("0.6 0.5 0.5 0.2 K 0.5 w 0 0 m 50 50 l S"), {"small-in-several-inks": "warning"}),
    "a thin line of black with blue": (draw("0.6 0 0 1 K 0.5 w 0 0 m 50 50 l S"), {"small-in-several-inks": "warning"}),
    "small text of four inks": (
        text(6, ink="0.6 0.5 0.5 1"), {"font-not-embedded": "error", "small-in-several-inks": "warning"},
    ),
    "small outlined text of four inks": (
        text(6, mode=1, ink="0.6 0.5 0.5 1"), {"font-not-embedded": "error", "small-in-several-inks": "warning"},
    ),
    **{
        f"{first} beside {second}": (spots(first, second), {"spot-spelled-twice": "warning"})
        for first, second in (
            ("PANTONE 185 C", "Pantone 185 C"), ("PANTONE 185 C", "PANTONE 185 U"), ("PANTONE 185 C", "PANTONE 185C "),
            ("PANTONE 185 CVC", "PMS 185"), ("Gold", "GOLD"),
        )
    },
    "no output intent": (no_intent, {"no-output-intent": "error"}),
    "rgb output intent": (rgb_intent, {"wrong-output-intent": "error"}),
    "annotation": (link, {"annotation": "error"}),
    "script": (scripted, {"javascript": "error"}),
    "form fields": (form_fields, {"form-fields": "error"}),
    "unknown operands": (draw("(what) w 0 0 m 9 9 l S"), {"broken-page": "error"}),
    "a picture that is not there": (draw("/Nothing Do"), {"broken-page": "error"}),
    "a page that ends within a word": (draw("0 g (wor"), {"broken-page": "error", "damaged": "warning"}),
    "a form that ends within a word": (inside_a_form("0 g (wor"), {"broken-page": "error", "damaged": "warning"}),
    "a form that ends within a list": (inside_a_form("0 g [1 2"), {"broken-page": "error", "damaged": "warning"}),
    "a drawn letter that ends within a number": (drawn_letter("1000 0 d0 1 0"), {"broken-page": "error"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_found_and_no_other(name: str, tmp_path: Path) -> None:
    broken, expected = BROKEN[name]
    assert codes(sound(tmp_path / "broken.pdf", broken)) == expected


HARMLESS: dict[str, Break] = {
    "set, but never painted": draw("1 0 0 rg 0 0 0 1 k"),
    "invisible text": text(12, mode=3),
    "a flat tint as a picture": picture(flat(1, 1, 9, 9, 9, 9), Name.DeviceCMYK),
    "enough pixels": picture(flat(600, 600, 200, 200, 200, 20), Name.DeviceCMYK),
    "a drawn letter": drawn_letter("1000 0 d0 0 1 0 0 k 0 0 900 900 re f"),
    "text of two inks": draw("0.6 0 0.5 0 K 0.5 w 0 0 m 50 50 l S"),
    "two spot inks": spots("PANTONE 185 C", "PANTONE 186 C"),
    "a thick line of four inks": draw("0.6 0.5 0.5 0.2 K 2 w 0 0 m 50 50 l S"),
    "a light jpeg": jpeg_picture((70, 60, 60, 90), decode=True),
    "gray": draw("0.5 g 10 10 50 50 re f 0.2 G 1 w 0 0 m 20 20 l S"),
    "a printer's mark": lambda pdf, page: page.obj.__setitem__(
        "/Annots", Array([Dictionary(Subtype=Name.PrinterMark, Rect=Array([50, 50, 90, 60]))])
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_not_complained_about(name: str, tmp_path: Path) -> None:
    assert codes(sound(tmp_path / "fine.pdf", HARMLESS[name])) == {}


def test_encrypted_files(tmp_path: Path) -> None:
    opens = sound(tmp_path / "opens.pdf", encryption=pikepdf.Encryption(owner="secret", user=""))
    assert codes(opens) == {"encrypted": "error"}
    locked = sound(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="secret", user="word"))
    assert codes(locked) == {"encrypted": "error"}


def test_limits_are_the_users(tmp_path: Path) -> None:
    path = sound(tmp_path / "light.pdf", draw("0.9 0.9 0.9 0 k 10 10 50 50 re f"))
    assert codes(path, PressLimits(total_ink=240)) == {"total-ink": "error"}
    assert codes(path, PressLimits(total_ink=280)) == {}
    assert codes(path, PressLimits(bleed=5)) == {"bleed": "error"}
    unbled = sound(tmp_path / "unbled.pdf", boxed(TrimBox=(0, 0, 111, 154)))
    assert codes(unbled, PressLimits(bleed=0)) == {}


def test_ink_is_measured_in_area_not_in_noise(tmp_path: Path) -> None:
    pixels = flat(600, 600, 180, 180, 180, 60)
    pixels[::40, ::40] = 255  # single pixels
    assert codes(sound(tmp_path / "noise.pdf", picture(pixels, Name.DeviceCMYK))) == {}
    pixels[100:140, 100:140] = 255  # three millimetres
    assert codes(sound(tmp_path / "patch.pdf", picture(pixels, Name.DeviceCMYK))) == {"total-ink": "error"}


def test_palettes_are_measured_too(tmp_path: Path) -> None:
    def add(ink: int) -> Break:
        table = bytes([0, 0, 0, 0, ink, ink, ink, ink])

        def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
            space = Array([Name.Indexed, Name.DeviceCMYK, 1, pdf.make_indirect(Stream(pdf, table))])
            picture(flat(600, 600, 1)[:, :, 0], space)(pdf, page)

        return change

    assert codes(sound(tmp_path / "heavy.pdf", add(240))) == {"total-ink": "error"}
    assert codes(sound(tmp_path / "light.pdf", add(120))) == {}


def test_spots_are_named(tmp_path: Path) -> None:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        tint = pdf.make_indirect(
            Stream(pdf, b"{ 0 exch dup 0 }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
        )
        page.Resources.ColorSpace.Spot = Array([Name.Separation, Name("/PANTONE 7579 C"), Name.DeviceCMYK, tint])
        page.contents_add(b"/Spot cs 1 scn 10 10 50 50 re f")

    path = sound(tmp_path / "spot.pdf", add)
    assert read_press_pdf(path).spots == ("PANTONE 7579 C",)
    assert codes(path) == {}


def test_what_is_wrong_on_several_pages_is_said_once(tmp_path: Path) -> None:
    def everywhere(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        for number in (0, 1, 2, 4):
            pdf.pages[number].contents_add(b"1 0 0 rg 10 10 50 50 re f")

    path = sound(tmp_path / "many.pdf", everywhere, pages=6)
    [finding] = judge(read_press_pdf(path), path.name)
    assert finding.message.startswith("pages 1–3, 5: ")


def test_a_ring_of_forms_ends(tmp_path: Path) -> None:
    def ring(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        form = pdf.make_indirect(
            Stream(pdf, b"/Again Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        )
        form.Resources = Dictionary(XObject=Dictionary(Again=form))
        page.Resources.XObject.Again = form
        page.contents_add(b"/Again Do")

    assert codes(sound(tmp_path / "ring.pdf", ring)) == {"broken-page": "error"}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\n", b"\x89PNG", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>"])
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_press_pdf(data)


def test_a_truncated_file_is_no_traceback(tmp_path: Path) -> None:
    whole = sound(tmp_path / "whole.pdf", text(12)).read_bytes()
    for part in range(20, len(whole), max(1, len(whole) // 40)):
        with contextlib.suppress(Unreadable):
            judge(read_press_pdf(whole[:part]), "part.pdf")


def test_the_command_says_it_and_ends_with_the_right_code(pressrun: Any, tmp_path: Path) -> None:
    fine, bad = sound(tmp_path / "fine.pdf"), sound(tmp_path / "bad.pdf", draw("1 0 0 rg 0 0 9 9 re f"))
    assert pressrun("preflight", fine).exit_code == 0
    assert pressrun("preflight", fine, "--total-ink", "300", "--bleed", "5").exit_code == 1
    result = pressrun("preflight", fine, bad)
    assert result.exit_code == 1
    assert "[rgb]" in result.output
    data = json.loads(pressrun("preflight", fine, bad, "--json").stdout)
    assert [len(file["findings"]) for file in data] == [0, 1]
    assert data[0]["pages"][0]["boxes_mm"]["trim"] == [3.0, 3.0, 108.0, 151.0]
    assert pressrun("preflight", fine, "--quiet").output == ""


@pytest.mark.parametrize("kept", [2.96, 2.9, 1.0])
def test_a_bleed_that_is_a_hair_too_small_is_told_so_that_one_sees_it(kept: float, tmp_path: Path) -> None:
    path = sound(tmp_path / "page.pdf", boxed(TrimBox=(kept, 3, 108, 151)))
    [bleed] = [one for one in judge(read_press_pdf(path), path.name) if one.code == "bleed"]
    assert f"{kept:.1f} mm, 3 mm" in bleed.message or f"{kept:.2f} mm, 3 mm" in bleed.message
    assert " 3.0 mm" not in bleed.message


def test_what_was_repaired_is_told_without_our_names_for_it(tmp_path: Path) -> None:
    path = sound(tmp_path / "odd.pdf")
    path.write_bytes(path.read_bytes().replace(b"startxref\n", b"startxref\n9"))
    [damaged] = [one for one in judge(read_press_pdf(path), path.name) if one.code == "damaged"]
    assert "0x" not in damaged.message


def test_files_that_cannot_be_read(process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    (tmp_path / "words.pdf").write_text("no pdf")
    fine = sound(tmp_path / "fine.pdf")
    done = process("preflight", "gone.pdf", "words.pdf", fine, cwd=tmp_path)
    assert done.returncode == 2
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == ["gone.pdf", "words.pdf"]
    assert "fine.pdf: 1 page" in done.stdout
    assert process("preflight").returncode == 2
