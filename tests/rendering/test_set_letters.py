"""Texts written letter by letter look as Typst sets them, whatever they are; what only Typst can set is left to it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from typing import Any

import pikepdf
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops
from rendering_kit import Press, case_content, cases, read_layout

from pressrun.graphics.drawn.pdfium import opened, rasterise
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.texts.typst_engine import Typesetter
from pressrun.model.rendering import Overlay
from pressrun.model.sheet import Sheet, TextMark
from pressrun.typeset import set_by_letters

PAGE = "page: {trim: 300pt x 300pt, bleed: 0, safe: 0}\ntarget: print\nformats: [press-pdf]\nlayers:\n"
BOX = "color: ink, box: {x: 20pt, y: 20pt, width: 180pt, height: 200pt}"
WORDS = "AVATAR To Ty. ffi fjord Ünïted, office “word” — œuvre 12–14 état 10 Straße"
WAYS = {
    "a line": "size: [3pt, 14pt]",
    "lines of like length": "size: 20pt, lines: 9",
    "in the middle": "size: 21pt, lines: 9, align: center, anchor: middle",
    "at the end": "size: 17pt, lines: 9, align: end, anchor: bottom",
    "spaced": "size: 13pt, lines: 9, tracking: 0.06",
    "as large as fits": "size: [6pt, 60pt], lines: 4",
    "cut off": "size: 26pt, lines: 2, overflow: ellipsis",
    "lines apart": "size: 12pt, lines: 9, leading: 1.9",
}
BY_TYPST = {
    "from the right": ("he-IL", "קפה טוב, בוקר!"),
    "both ways": ("en-GB", "Coffee קפה now"),
    "letters that are joined": ("ar-AE", "قهوة الربيع"),
    "marks that are moved": ("en-GB", "e\u0323\u0301x\u0304\u0301"),
    "what no font has": ("en-GB", "Coffee \U00010348"),
    "no blank": ("th-TH", "กาแฟ ฤดูใบไม้ผลิ"),
}


class Counted:
    """What a bench tells of lines, and how often it knows them."""

    def __init__(self, press: Press) -> None:
        self._press, self.known, self.unknown = press, 0, 0

    def __call__(self, mark: TextMark) -> object:
        found = self._press.bench.set_lines(mark)
        self.known, self.unknown = self.known + (found is not None), self.unknown + (found is None)
        return found


def pages(overlays: Sequence[Overlay], sheet: Sheet) -> list[Image.Image]:
    size = round(sheet.boxes.bleed.width * 2), round(sheet.boxes.bleed.height * 2)
    return rasterise(shown_pages(overlays, [lambda ink: ink.srgb] * len(overlays)), size)


def only_typst(mark: TextMark) -> None:
    """What tells of no text where its letters stand."""


def look_alike(press: Press, sheets: Sequence[Sheet]) -> Counted:
    lines = Counted(press)
    for sheet in sheets:
        (by_typst,) = set_by_letters([sheet], press.bench, only_typst)
        (by_letters,) = set_by_letters([sheet], press.bench, lines)  # type: ignore[arg-type]
        for one, other in zip(pages([by_typst], sheet), pages([by_letters], sheet), strict=True):
            apart = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
            assert max(most for _, most in apart.getextrema()) <= 40, "no more than the rounding of a smooth edge"
            assert sum(apart.convert("L").histogram()[9:]) < 40
    return lines


def sheet_of(press: Press, options: str, words: str = WORDS, locale: str = "en-GB") -> Sheet:
    layer = f"  - {{type: text, id: t, text: x, {options}, {BOX}}}\n"
    sheet, _ = press.compose(PAGE + layer, layers={"t": {"text": words}}, locale=locale)
    return sheet


@pytest.mark.parametrize("way", WAYS)
def test_a_text_looks_the_same(press: Press, way: str) -> None:
    assert look_alike(press, [sheet_of(press, WAYS[way])]).unknown == 0


@pytest.mark.parametrize("words", ["Ελληνικός Ώρα καφέ", "Кафе Щука Ёлка", "Ế cà phê Ữ", "a\nb\n\nc"])
def test_so_do_letters_of_other_alphabets_and_lines_of_their_own(press: Press, words: str) -> None:
    assert look_alike(press, [sheet_of(press, "size: 18pt, lines: 9", words)]).unknown == 0


@pytest.mark.parametrize("what", BY_TYPST)
def test_what_its_advances_do_not_tell_is_left_to_typst(press: Press, what: str) -> None:
    locale, words = BY_TYPST[what]
    assert look_alike(press, [sheet_of(press, "size: 18pt, lines: 3", words, locale)]).known == 0


def test_all_sheets_of_the_cases_look_the_same(press: Press) -> None:
    sheets = []
    for folder in cases():
        layout = read_layout((folder / "layout.yaml").read_text())
        if layout.target == "print" and not layout.page_list:
            sheet, _ = press.compose(layout, folder.name, **case_content(folder))
            marks = tuple(mark for mark in sheet.marks if isinstance(mark, TextMark) and mark.fit)
            sheets.append(replace(sheet, marks=tuple(replace(one, inks=one.inks[:1], panel=None) for one in marks)))
    lines = look_alike(press, sheets)
    assert lines.known > 10


def test_pages_of_both_ways_are_in_their_order(press: Press) -> None:
    words = ["first page", "קפה", "third page", "טוב"]
    sheets = [sheet_of(press, "size: 18pt", one) for one in words]
    overlays = set_by_letters(sheets, press.bench, press.bench.set_lines)
    together = pages(overlays, sheets[0])
    for sheet, page in zip(sheets, together, strict=True):
        (alone,) = pages(set_by_letters([sheet], press.bench, only_typst), sheet)
        assert sum(ImageChops.difference(page, alone).convert("L").histogram()[9:]) < 40


def test_words_are_read_out_of_the_file_as_they_were_written(press: Press) -> None:
    (overlay,) = set_by_letters([sheet_of(press, "size: 18pt, lines: 9")], press.bench, press.bench.set_lines)
    with opened(shown_pages([overlay], [lambda ink: ink.srgb])) as document:
        read = "".join(glyph.text for glyph in document.glyphs(0))
    assert read == "".join(WORDS.split())


def font_of(press: Press, words: str, of_many: bool) -> tuple[str, bytes, bytes]:
    sheet = sheet_of(press, "size: 18pt", words)
    (overlay,) = set_by_letters([sheet], press.bench, press.bench.set_lines, of_many)
    with pikepdf.new() as pdf:
        assert overlay.letters
        (font,) = overlay.letters.fonts_in(pdf).values()
        descriptor = font.DescendantFonts[0].FontDescriptor
        return str(font.BaseFont), descriptor.FontFile2.read_bytes(), font.ToUnicode.read_bytes()


def test_a_font_is_the_same_in_every_file_of_usual_letters(press: Press) -> None:
    assert font_of(press, "Anna Berg", of_many=True) == font_of(press, "Zoë Quist 94", of_many=True)


def test_a_font_of_a_file_alone_has_no_more_than_its_letters(press: Press) -> None:
    _, of_many, _ = font_of(press, "Anna Berg", of_many=True)
    name, alone, said = font_of(press, "Anna Berg", of_many=False)
    assert f"{len(set('Anna Berg'))} beginbfchar".encode() in said
    assert len(zlib.compress(alone)) < len(zlib.compress(of_many)) / 3
    assert font_of(press, "Anna Berg", of_many=False) == (name, alone, said)


def test_what_holds_for_all_letters_is_said_once(press: Press) -> None:
    (overlay,) = set_by_letters([sheet_of(press, "size: 18pt, lines: 9")], press.bench, press.bench.set_lines)
    with pikepdf.open(io.BytesIO(shown_pages([overlay], [lambda ink: ink.srgb]))) as pdf:
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("TJ") > 3
    assert [operators.count(one) for one in ("rg", "Tf", "BT")] == [1, 1, 1]


def test_of_a_document_typst_sets_the_pages_that_only_it_can(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["first page", "קפה, בוקר!", "third page"]
    pages = [
        f"  - id: p{at}\n    layers:\n      - {{type: text, id: t{at}, text: '{one}', size: 18pt, {BOX}}}\n"
        for at, one in enumerate(words)
    ]
    asked: list[int] = []
    typeset = Typesetter.typeset

    def counted(typesetter: Typesetter, told: Any) -> bytes:
        asked.append(len(told["pages"]))
        return typeset(typesetter, told)

    monkeypatch.setattr(Typesetter, "typeset", counted)
    rendered = press.render(PAGE.replace("layers:", "pages:") + "".join(pages))
    assert asked == [1]
    with opened(rendered.files["press-pdf"]) as document:
        read = ["".join(glyph.text for glyph in document.glyphs(at)) for at in range(3)]
    assert read == ["firstpage", read[1], "thirdpage"]
    assert set("קפהבוקר") <= set(read[1])


def test_texts_above_each_other_are_mixed_as_other_objects_are(press: Press) -> None:
    """All glyphs between BT and ET are a group that knocks out (ISO 32000-1, 9.3.8): each text has its own, so that ink
    of one stays below another that overprints it."""
    texts = [f"  - {{type: text, id: t{at}, text: MMM, size: 11pt, {BOX}}}\n" for at in range(2)]
    sheet, _ = press.compose(PAGE + "".join(texts))
    (overlay,) = set_by_letters([sheet], press.bench, press.bench.set_lines)
    with pikepdf.open(io.BytesIO(shown_pages([overlay], [lambda ink: ink.srgb]))) as pdf:
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(pdf.pages[0])]
    assert [one for one in operators if one in ("BT", "TJ", "ET")] == ["BT", "TJ", "ET"] * 2
