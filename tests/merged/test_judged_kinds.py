"""Of pages that are alike in all that the standard speaks of one is judged; of every other kind there is one, too."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from merged_kit import Mailing

from pressrun.formats.press_pdf import finished_pages

CARD = "templates/layouts/card.yaml"
KINDS = {
    "alike": ("", 1),
    "a tint": ("  - {type: shape, id: one, fill: ink, opacity: 50%, when: person.id == 'p2', "
               "box: {in: safe, height: 4mm}}\n", 2),
    "letters that Typst sets": ("  - {type: text, id: one, text: 'שלום', role: body, color: ink, size: 9pt, "
                                "when: person.id == 'p3', box: {in: safe, height: 4mm}}\n", 2),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_one_page_of_every_kind_is_judged(mailing: Mailing, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    judged: list[int] = []
    plain = finished_pages.kept_to

    def noted(standard: Any, data: bytes, pages: Any) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            judged.append(len(pdf.pages))
        return plain(standard, data, pages)

    monkeypatch.setattr(finished_pages, "kept_to", noted)
    layer, expected = KINDS[kind]
    with (mailing.root / CARD).open("a") as layout:
        layout.write(layer)
    mailing.run()
    assert judged == [expected]
