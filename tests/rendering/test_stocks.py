"""Paper that is not white: pages are shown and judged on it, what is printed below in white takes it away, and no press
file has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from rendering_kit import PROFILE, Press

from pressrun.graphics.color.stocks import color_on_stock
from pressrun.model.color import Swatch

KRAFT = "#B08D57"
PALETTE = {
    "below": Swatch(srgb="#00A0E0", cmyk=(100, 0, 0, 0), spot="White", technical="white"),
    "grey": Swatch(srgb="#767676", cmyk=(0, 0, 0, 75)),
    "cream": Swatch(srgb="#FFFFFF", cmyk=(0, 0, 0, 0)),
    "stone": Swatch(srgb="#828282", cmyk=(0, 0, 0, 58)),
}
PAGE = """
page: {trim: 200pt x 100pt}
target: print
STOCKformats: [press-pdf, proof-png]
layers:
WHITE  - {type: shape, fill: sky, box: {x: 100pt, width: 100pt, height: 50pt}}
  - {type: text, id: words, text: Words, color: COLOR, size: 12pt, box: {x: 5pt, y: 60pt, width: 90pt, height: 20pt}}
"""


@pytest.fixture(scope="module")
def packer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    press = Press(tmp_path_factory.mktemp("press"), PALETTE)
    yield press
    press.close()


def page(color: str = "ink", white: str = "", stock: str = f"stock: '{KRAFT}'\n") -> str:
    below = f"  - {{type: shape, fill: below, box: {{{white}}}}}\n" if white else ""
    return PAGE.replace("COLOR", color).replace("WHITE", below).replace("STOCK", stock)


def pixels(press: Press, said: str) -> dict[str, tuple[int, int, int]]:
    picture = press.render(said).picture("proof-png")
    scale = picture.width / 200
    places = {"bare": (20, 20), "sky": (150, 20)}
    return {name: picture.getpixel((round(x * scale), round(y * scale))) for name, (x, y) in places.items()}  # type: ignore[misc]


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 3


def test_proofs_are_on_the_stock_and_inks_let_it_through(packer: Press) -> None:
    plain, kraft = pixels(packer, page(stock="")), pixels(packer, page())
    assert plain["bare"] == (255, 255, 255)
    assert kraft["bare"] == tuple(bytes.fromhex(KRAFT[1:]))
    assert near(kraft["sky"], color_on_stock(plain["sky"], KRAFT))
    assert kraft["sky"] != plain["sky"]


def test_where_white_is_below_there_is_no_stock(packer: Press) -> None:
    plain, over = pixels(packer, page(stock="")), pixels(packer, page(white="x: 100pt, width: 100pt"))
    assert near(over["sky"], plain["sky"])
    assert near(over["bare"], tuple(bytes.fromhex(KRAFT[1:])))  # type: ignore[arg-type]


def test_texts_are_judged_on_it(packer: Press) -> None:
    def told(said: str) -> list[tuple[str, str | None]]:
        found = packer.render(said).facts["findings"]
        return [(one["message"], one["hint"]) for one in found if one["code"] == "low-contrast"]

    assert told(page("grey", stock="")) == []
    ((message, hint),) = told(page("grey"))
    assert f"on {KRAFT}" in message
    assert hint
    assert hint.startswith("print white below it")
    assert told(page("grey", white="width: 100pt")) == []
    assert told(page("cream", white="width: 100pt")) == []  # which is another finding: nobody sees it
    assert told(page("ink")) == []


def test_the_colour_that_stands_out_on_it_is_taken(packer: Press) -> None:
    """A grey by which dark words stand out on white is so dark on brown that what is left bare does."""
    ground = "  - {type: shape, fill: stone, box: {in: bleed}}\n"
    said = page("[cream, ink]").replace("layers:\n", "layers:\n" + ground)
    on_white = said.replace(f"stock: '{KRAFT}'\n", "")
    assert [packer.render(one).choices["words"] for one in (on_white, said)] == ["ink", "cream"]


def test_no_press_file_has_it(packer: Press) -> None:
    files = [packer.render(page(stock=stock)).files["press-pdf"] for stock in ("", f"stock: '{KRAFT}'\n")]
    assert files[0] == files[1]


def test_a_printing_condition_says_it_and_files_depend_on_it(packer: Press) -> None:
    kit = packer.bench.kit
    try:
        packer.bench.kit = replace(kit, presses={"": replace(PROFILE, stock=KRAFT)})
        packer.bench.plates.clear()
        assert pixels(packer, page(stock=""))["bare"] == tuple(bytes.fromhex(KRAFT[1:]))
    finally:
        packer.bench.kit = kit
        packer.bench.plates.clear()
    assert replace(PROFILE, stock=KRAFT).key != PROFILE.key


def words(said: str, white: str = "", **options: object) -> str:
    """A page whose text chooses its colour, or is kept legible."""
    more = "".join(f", {key}: {value}" for key, value in options.items())
    return page(said, white).replace(", size: 12pt", f", size: 12pt{more}")


STONE = "  - {type: shape, fill: stone, box: {in: bleed}}\n"
PLATE = "  - {type: image, picture: hero, box: {in: bleed}}\n"


@pytest.mark.parametrize("kept", [{}, {"legible": "true"}], ids=["chosen", "legible"])
@pytest.mark.parametrize("ground", [STONE, PLATE], ids=["shape", "plate"])
def test_where_white_is_below_the_colour_is_chosen_as_on_white(
    packer: Press, ground: str, kept: dict[str, object]
) -> None:
    """The grey on which dark words stand out where there is white, and white ones on the bare brown."""

    def chosen(white: str, stock: str = KRAFT) -> tuple[str, float]:
        said = words("[cream, ink]", white, **kept).replace("layers:\n", "layers:\n" + ground, 1)
        (choice,) = packer.render(said.replace(KRAFT, stock), slots={"hero": ["gray"]}).facts["choices"]
        return choice["chosen"], choice["contrast"]

    on_paper = chosen("", "#FFFFFF")
    bare, over, beside = chosen(""), chosen("width: 100pt"), chosen("x: 100pt, width: 100pt")
    assert (on_paper[0], bare[0]) == ("ink", "cream")
    assert over == (on_paper[0], pytest.approx(on_paper[1], abs=0.1))
    assert beside == bare


def test_a_panel_over_white_is_as_light_as_on_paper(packer: Press) -> None:
    """Nobody is told of grey words on a panel of bare paper's colour where white is below it; they are where none is."""

    def told(white: str) -> list[str]:
        said = words("grey", white, panel="{color: cream, padding: 2pt}")
        return [one for one in packer.render(said).codes if one == "low-contrast"]

    assert told("in: bleed") == []
    assert told("") == ["low-contrast"]


def test_a_panel_that_makes_legible_is_measured_on_white(packer: Press) -> None:
    def remedy(white: str) -> tuple[str, bool]:
        said = words("grey", white, legible="{panel: cream, contrast: 4}").replace("layers:\n", "layers:\n" + STONE, 1)
        (choice,) = packer.render(said).facts["choices"]
        return choice.get("remedy", ""), choice["contrast"] >= 4

    assert remedy("in: bleed") == ("a panel in cream", True)
    assert remedy("") == ("a panel in cream", False)


def test_a_logo_is_chosen_by_what_is_below_it(packer: Press) -> None:
    said = "  - {type: logo, id: mark, logo: [default, reversed], box: {x: 10pt, y: 10pt, width: 60pt, height: 30pt}}\n"

    def contrast(white: str, stock: str = KRAFT) -> float:
        own = page(white=white).replace(KRAFT, stock) + said
        (choice,) = packer.render(own).facts["choices"]
        return float(choice["contrast"])

    assert contrast("in: bleed") == pytest.approx(contrast("", "#FFFFFF"), abs=0.1)
    assert contrast("") < contrast("in: bleed")
