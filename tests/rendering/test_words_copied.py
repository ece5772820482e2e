"""What is copied from a press file is what was written: joiners that held words together on a line are left out."""

from __future__ import annotations

from pathlib import Path

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
