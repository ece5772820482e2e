"""What is copied from a press file is what was written: joiners that held words together on a line are left out."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from needed import tool
from rendering_kit import Press
from small_layouts import PRINT, TEXT

JOINED, ALONE = "A4-Format, 10–/20 %", "a - b"


@pytest.mark.parametrize("words", [
    f"{JOINED} {ALONE}", f"{ALONE} {JOINED}", "E-Mail", f"<nb>{JOINED}</nb>",
])  # fmt: skip
def test_a_joiner_is_not_copied(press: Press, words: str, tmp_path: Path) -> None:
    layer = TEXT.replace("Some words", f"'{words}'").replace("size: 20pt", "size: 5pt, lines: 2, markup: true")
    file = tmp_path / "a.pdf"
    file.write_bytes(press.render(PRINT + layer).files["press-pdf"])
    copied = tool("pdftotext", file, "-")
    plain = words.replace("<nb>", "").replace("</nb>", "")
    assert "".join(copied.split()) == "".join(plain.split())


@pytest.mark.parametrize("beside", [
    "", "  - {type: text, id: t, text: قهوة من كينيا, color: ink, size: 9pt, box: {y: 40mm, width: 50mm, height: 8mm}}\n",
], ids=["alone", "beside a text that only Typst can set"])  # fmt: skip
def test_digits_are_copied_together_whatever_else_is_on_the_page(press: Press, beside: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    layer = CODE.format(kind="isbn", value="9783161484100", more=", add_on: '17'")
    file.write_bytes(press.render(PRINT + layer + beside).files["press-pdf"])
    groups = {"978-3-16-148410-0", "9", "783161", "484100", "17"}
    assert groups <= set(re.findall("[0-9-]+", tool("pdftotext", file, "-")))
    with pypdfium2.PdfDocument(file) as document:
        assert groups <= set(document[0].get_textpage().get_text_bounded().split())


LISTED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
CODE = "  - {{type: code, id: {kind}, code: {kind}, value: '{value}'{more}, text: true, box: {{width: 50mm, height: 25mm}}}}\n"


@pytest.mark.parametrize(("kind", "value", "more", "copied"), [
    ("ean-13", "4006381333931", "51299", ["4", "006381", "333931", "51299"]),
    ("ean-13", "7117171711178", "", ["7", "117171", "711178"]),
    ("ean-8", "90311017", "", ["9031", "1017"]),
    ("upc-a", "017171177172", "", ["0", "17171", "17717", "2"]),
    ("upc-a", "017171177172", "11", ["0", "17171", "17717", "2", "11"]),
    ("upc-e", "0171171", "11711", ["0", "171171", "2", "11711"]),
    ("isbn", "9783161484100", "17", ["ISBN", "978-3-16-148410-0", "9", "783161", "484100", "17"]),
    ("itf-14", "15400141288763", "", ["1", "54", "00141", "28876", "3"]),
    ("code-128", "Case7.11171", "", ["Case7.11171"]),
    ("code-39", "CASE7-11171", "", ["CASE7-11171"]),
    ("gs1-128", "(01)04006381333931(10)A1171", "", ["(01)04006381333931(10)A1171"]),
])  # fmt: skip
def test_digits_of_codes_are_copied_in_the_groups_that_are_printed(
    press: Press, kind: str, value: str, more: str, copied: list[str], tmp_path: Path
) -> None:
    """Narrow digits among them: each stands in the middle of its bars, those of an add-on far apart."""
    file = tmp_path / "a.pdf"
    layer = CODE.format(kind=kind, value=value, more=more and f", add_on: '{more}'")
    file.write_bytes(press.render(PRINT + layer).files["press-pdf"])
    assert sorted(tool("pdftotext", file, "-").split()) == sorted(copied)
    with pypdfium2.PdfDocument(file) as document:
        assert sorted(document[0].get_textpage().get_text_bounded().split()) == sorted(copied)
    assert sorted(" ".join(strings(file)).split()) == sorted(copied)


def strings(file: Path) -> list[str]:
    """What each operator shows, by its font's map."""
    with pikepdf.open(file) as pdf:
        (page,) = pdf.pages
        said = b"".join(font.ToUnicode.read_bytes() for font in page.resources.Font.values())
        letters = {one[0]: bytes.fromhex(one[1].decode()).decode("utf-16-be") for one in LISTED.findall(said)}
        shown = (operands for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "TJ")
        codes = [[bytes(one).hex().upper().encode() for one in parts if isinstance(one, pikepdf.String)] for (parts,) in shown]
    return ["".join(letters[code[at : at + 4]] for code in one for at in range(0, len(code), 4)) for one in codes]
