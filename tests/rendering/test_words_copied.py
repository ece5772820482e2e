"""What is copied from a press file is what was written: joiners that held words together on a line are left out."""

from __future__ import annotations

from pathlib import Path

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


CODE = "  - {{type: code, id: {kind}, code: {kind}, value: '{value}', add_on: '{more}', box: {{width: 50mm, height: 25mm}}}}\n"


@pytest.mark.parametrize(("kind", "value", "more", "copied"), [
    ("ean-13", "4006381333931", "51299", ["4 006381 333931", "51299"]),
    ("ean-13", "7117171711178", "", ["7 117171 711178"]),
    ("ean-8", "90311017", "", ["9031 1017"]),
    ("upc-a", "017171177172", "", ["0 17171 17717 2"]),
    ("upc-e", "0171171", "11711", ["0 171171 2", "11711"]),
    ("isbn", "9783161484100", "17", ["9 783161 484100", "17"]),
])  # fmt: skip
def test_digits_of_codes_are_copied_in_the_groups_that_are_printed(
    press: Press, kind: str, value: str, more: str, copied: list[str], tmp_path: Path
) -> None:
    """Narrow digits among them: each stands alone in the middle of its bars."""
    file = tmp_path / "a.pdf"
    layer = CODE.format(kind=kind, value=value, more=more)
    file.write_bytes(press.render(PRINT + layer).files["press-pdf"])
    read = [group for line in tool("pdftotext", file, "-").splitlines() for group in line.split() if "ISBN" not in line]
    assert sorted(read) == sorted(" ".join(copied).split())
    with pypdfium2.PdfDocument(file) as document:
        other = document[0].get_textpage().get_text_bounded()
    assert copied[0] in other
    assert copied[-1] in (other.replace(" ", "") if more else other), "those of an add-on stand far apart"
