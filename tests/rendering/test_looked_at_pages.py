"""A page for the press is drawn as large as it is checked only when somebody looks at it; its file is opened once."""

from __future__ import annotations

from typing import Any

import pytest
from rendering_kit import Press

from pressrun.graphics.drawn.pdfium import Pages
from pressrun.readers.opened_pdfs import opened_again, opened_first

PAGE = "page: {trim: [80mm, 60mm], bleed: 3mm, safe: 5mm}\ntarget: print\nformats: [press-pdf]\nlayers:\n"
HERO = "  - {type: image, id: hero, picture: hero, box: {in: bleed}}\n"
TEXT = "  - {type: text, id: t, text: Words, size: 12pt, color: ink, box: {y: 30mm, height: 8mm}}\n"
CODE = "  - {type: code, id: c, value: https://a.example/p/1, box: {width: 24mm, height: 24mm}}\n"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How wide the grounds are that pages are drawn on, in pixels."""
    widths: list[int] = []
    over = Pages.over

    def noted(pages: Pages, number: int, *grounds: Any, **said: Any) -> Any:
        widths.extend(ground.size[0] for ground in grounds)
        return over(pages, number, *grounds, **said)

    monkeypatch.setattr(Pages, "over", noted)
    return widths


@pytest.mark.parametrize(("layers", "slots", "times"), [
    (TEXT + CODE, {}, 0),
    (CODE + TEXT.replace("y: 30mm", "y: 24.6mm"), {}, 0),  # its box is near the code, its letters are not
    (TEXT.replace("y: 30mm", "y: 18mm") + CODE, {}, 1),
    (HERO + TEXT, {"hero": ["light"]}, 0),
    (HERO + TEXT, {"hero": ["dark"]}, 1),
], ids=["apart", "near", "on-the-code", "on-light", "on-dark"])  # fmt: skip
def test_it_is_drawn_in_small_and_as_large_as_its_plate_when_a_check_looks_at_it(
    press: Press, drawn: list[int], layers: str, slots: dict[str, list[str]], times: int
) -> None:
    small, *large = sorted(drawn[-2:]) if press.render(PAGE + layers, slots=slots) else []
    assert len(drawn) == 1 + times
    assert all(width > small for width in large)


def test_a_proof_is_a_look_at_it(press: Press, drawn: list[int]) -> None:
    page = PAGE.replace("[press-pdf]", "[press-pdf, proof-png]") + TEXT
    proof = press.render(page).picture("proof-png")
    assert max(drawn) == proof.width
    alone = press.render(page.replace(", proof-png", "")).codes
    assert alone == press.render(page).codes


def test_what_was_read_last_is_not_opened_again(press: Press) -> None:
    data = press.render(PAGE + TEXT).files["press-pdf"]
    other = press.render(PAGE + CODE).files["press-pdf"]
    with opened_first(data) as first, opened_again(data) as again:
        assert again is first
    with opened_again(other) as apart:
        assert apart is not first
        assert len(apart.pages) == 1
    with opened_first(other), opened_again(data) as anew:
        assert anew is not first
