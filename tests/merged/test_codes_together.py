"""Codes of a merged file are drawn together and read again; what lies on one is noticed as on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from merged_kit import Mailing
from PIL import Image, ImageChops

from pressrun.export import gray_part
from pressrun.graphics.codes.barcodes import Pixels
from pressrun.run.worker import codes_read, codes_together

CARD = "templates/layouts/card.yaml"
ON_IT = "box: {in: safe, x: 70mm, y: 82mm, width: 14mm, height: 20mm}"
OTHERS = {
    "shape": f"  - {{type: shape, id: patch, fill: paper, when: person.id == 'a2', {ON_IT}}}\n",
    "text": "  - {type: text, id: patch, text: MMMM, role: headline, color: paper, size: 40pt, lines: 3,"
            f" when: person.id == 'a2', {ON_IT}}}\n",
    "picture": f"  - {{type: image, id: patch, picture: art, when: person.id == 'a2', {ON_IT}}}\n",
}  # fmt: skip


def counted(function: Callable[..., Any], into: list[object]) -> Callable[..., Any]:
    def called(*args: Any, **more: Any) -> Any:
        into.append(made := function(*args, **more))
        return made

    return called


def test_no_page_is_drawn_for_codes_that_stand_free(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    read: list[Any] = []
    monkeypatch.setattr(codes_read.export_stage, "gray_part", counted(gray_part, drawn))
    monkeypatch.setattr(codes_together, "reading", counted(codes_together.reading, read))
    ran = mailing.run()
    assert not drawn
    assert [found for (found,) in read] == [code["value"] for one in ran.records for code in one["codes"]]


@pytest.mark.parametrize("over", OTHERS)
def test_what_lies_on_the_code_of_one_row_is_noticed(mailing: Mailing, over: str) -> None:
    rows = [line.partition(",")[0] for line in (mailing.root / "jobs/people.csv").read_text().splitlines()[1:]]
    with (mailing.root / CARD).open("a") as layout:
        layout.write(OTHERS[over].replace("a2", rows[1]))
    assert [row for code, row in mailing.run().codes if code == "code-unreadable"] == [rows[1]]


def test_together_they_look_as_they_do_alone(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    together: list[Image.Image] = []
    alone: list[Image.Image] = []

    def seen(pixels: Pixels, kind: str, **more: Any) -> tuple[str, ...]:
        together.append(Image.fromarray(pixels))
        return ()  # so that each is looked at alone, too

    def drawn(*args: Any) -> Image.Image:
        alone.append(gray_part(*args))
        return alone[-1]

    monkeypatch.setattr(codes_read, "SHARP", 100.0)  # as finely as it is looked at alone
    monkeypatch.setattr(codes_together, "reading", seen)
    monkeypatch.setattr(codes_read.export_stage, "gray_part", drawn)
    mailing.run()
    assert len(together) == len(alone) == 6
    for one, other in zip(together, alone, strict=True):
        difference = ImageChops.difference(one, other).getextrema()
        assert one.size == other.size
        assert difference[1] <= 3, "they are the same, but for the rounding of a gray"
