"""Legibility: a text is given the cheapest remedy by which it can be read on its picture, and the manifest says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from legible_pages import WORDS, choice, page, said, sheet_of
from PIL import Image
from rendering_kit import PICTURES, Press, read_layout

from pressrun.model.choice import Choice
from pressrun.model.legible import Legible
from pressrun.model.sheet import GroupMark, LogoMark, ShadeMark, ShapeMark, TextMark
from pressrun.model.task import Made, SheetTask
from pressrun.run.worker import drawn_pages
from pressrun.run.worker.sheet_tasks import make_sheets

TARGETS = [("screen", "png"), ("print", "proof-png")]


def half_and_half() -> Image.Image:
    """Black and white stripes on the left: no ink can be read there; gray on the right."""
    picture = Image.new("RGB", (400, 400), "#777777")
    for x in range(0, 200, 20):
        picture.paste("#000000", (x, 0, x + 10, 400))
        picture.paste("#ffffff", (x + 10, 0, x + 20, 400))
    return picture


def light_at_the_end() -> Image.Image:
    """Dark, but for where the last letter of a text will be."""
    picture = Image.new("RGB", (600, 600), "#101010")
    picture.paste("#ffffff", (242, 0, 300, 600))
    return picture


@pytest.fixture(scope="module", autouse=True)
def striped() -> Iterator[None]:
    PICTURES["half-and-half"] = half_and_half
    yield
    del PICTURES["half-and-half"]



# ------------------------------------------------------------------------------------------------------------- inks


@pytest.mark.parametrize(("target", "format"), TARGETS)
def test_the_first_ink_that_can_be_read_is_taken_or_the_best(press: Press, target: str, format: str) -> None:
    """On light ground the brand's green is readable, and black more so."""

    def chosen(legible: str) -> str:
        layout = page(legible, color="[forest, ink, paper]", target=target, formats=format)
        return choice(press.render(layout, slots={"hero": ["light"]})).chosen

    assert chosen(", legible: true") == "forest"
    assert chosen(said(choose="best")) == "ink"
    assert chosen("") == "ink", "without legible it is the best, as ever"


def test_what_is_asked_for_decides_whether_an_ink_is_readable(press: Press) -> None:
    layout = page(said(contrast=15), color="[forest, ink]")
    found = choice(press.render(layout, slots={"hero": ["light"]}))
    assert (found.chosen, found.asked) == ("ink", 15)
    assert found.tried.keys() == {"forest"}
    assert found.tried["forest"] < 15 <= found.contrast


# -------------------------------------------------------------------------------------------------------- the order


ALL = {"panel": "paper", "shade": "ink", "plate": "ink"}


@pytest.mark.parametrize(("target", "format"), TARGETS)
@pytest.mark.parametrize(
    ("keys", "remedy"),
    [
        (ALL, "a panel in paper"),
        ({"shade": "ink", "plate": "ink"}, "a shade in ink"),
        ({"plate": "ink"}, "a shade of the plate in ink"),
    ],
)
def test_remedies_are_taken_in_their_order(press: Press, keys: dict[str, str], remedy: str, target: str, format: str) -> None:
    layout = page(said(**keys), target=target, formats=format)
    rendered = press.render(layout, slots={"hero": ["half-and-half"]})
    found = choice(rendered)
    assert found.remedy.startswith(remedy)
    assert found.contrast >= 4.5
    assert {"forest", "paper"} <= found.tried.keys(), "what is cheaper was tried"
    assert not {"low-contrast", "unreached-contrast", "invisible-text"} & set(rendered.codes)


def test_no_remedy_is_taken_where_an_ink_does(press: Press) -> None:
    rendered = press.render(page(said(**ALL)), slots={"hero": ["dark"]})
    assert (choice(rendered).chosen, choice(rendered).remedy) == ("paper", "")
    marks = sheet_of(press, page(said(**ALL)), "dark").marks
    assert [type(mark).__name__ for mark in marks] == ["PictureMark", "TextMark"]


def test_a_last_letter_that_is_lost_is_lost_though_the_others_are_read(press: Press) -> None:
    """Of a long text one letter is less than a tenth."""
    PICTURES["light-at-the-end"] = light_at_the_end
    try:
        layout = page(said(panel="ink"), color="paper").replace(WORDS, "Everything on a table").replace("16pt", "12pt")
        rendered = press.render(layout, slots={"hero": ["light-at-the-end"]})
    finally:
        del PICTURES["light-at-the-end"]
    assert choice(rendered).told == "paper on a panel in ink"


def test_a_live_shade_is_no_stronger_than_it_has_to_be(press: Press) -> None:
    found = choice(press.render(page(said(shade="ink"), color="paper"), slots={"hero": ["half-and-half"]}))
    strength = float(found.remedy.split()[-2])
    less = choice(press.render(page(said(shade=f"{{color: ink, strength: {strength - 5}%}}"), color="paper"),
                               slots={"hero": ["half-and-half"]}))  # fmt: skip
    assert found.contrast >= 4.5 > less.contrast


def test_a_shade_lies_under_its_text_and_goes_to_the_edge(press: Press) -> None:
    layout = page(said(shade="{color: ink, strength: 90%}"), color="paper")
    picture = press.render(layout, slots={"hero": ["white"]}).picture("png")
    column = [picture.getpixel((picture.width - 3, y * picture.height // 300))[0] for y in (20, 150, 199, 299)]
    assert column[0] == 255, "far from the text the picture is as it was"
    assert column[0] > column[1] > column[2], "it fades in before it"
    assert column[2] - column[3] <= 8, "and is even below"


def test_a_panel_is_as_large_as_the_words_and_below_texts_that_it_meets(press: Press) -> None:
    layout = page(said(panel="{color: paper, padding: 200%}")).replace(
        "  - {type: text, id: words",
        "  - {type: text, id: above, text: Over, color: paper, size: 16pt, box: {in: safe, y: 170pt, height: 30pt}}\n"
        "  - {type: text, id: words",
    )
    marks = sheet_of(press, layout, "half-and-half").marks
    assert [mark.layer for mark in marks] == ["hero", "words panel", "above", "words"]
    panel, words = marks[1], marks[3]
    assert isinstance(words, TextMark)
    assert words.fit
    assert panel.rect.width == pytest.approx(words.fit.extent.width + 64)


def test_texts_together_have_one_remedy(press: Press) -> None:
    both = said(panel="paper", together="offer")
    layout = page(both, more="").replace("width: 130pt", "width: 260pt") + (
        f"  - {{type: text, id: more, text: More, color: [forest, paper], size: 16pt, "
        f"box: {{in: safe, x: 180pt, y: 240pt, height: 30pt}}{both}}}\n"
    )
    marks = sheet_of(press, layout, "half-and-half").marks
    (panel,) = (mark for mark in marks if isinstance(mark, ShapeMark))
    texts = [mark for mark in marks if isinstance(mark, TextMark)]
    assert all(text.fit and panel.rect.contains(text.fit.extent) for text in texts)
    assert [text.inks[0].name for text in texts] == ["forest", "forest"]


# ------------------------------------------------------------------------------------------------ when nothing does


@pytest.mark.parametrize(
    ("color", "severity", "best"),
    [("sky", "error", "sky"), ("forest", "warning", "forest on a panel in paper")],
)
def test_a_contrast_that_nothing_reaches_is_told(press: Press, color: str, severity: str, best: str) -> None:
    """By the check `legibility`, which a layout may set a level for, as for others."""
    layout = page(said(contrast=20, panel="paper"), color=color)
    rendered = press.render(layout, slots={"hero": ["half-and-half"]})
    (finding,) = (one for one in rendered.facts["findings"] if one["code"] == "unreached-contrast")
    assert (finding["layer"], finding["severity"]) == ("words", severity)
    assert finding["message"].startswith(f"nothing reaches 20:1 here; {best}, which does most")
    assert "low-contrast" not in rendered.codes, "one thing is told once"
    assert not choice(rendered).is_reached


# ------------------------------------------------------------------------------------------------------- the plates


def test_plates_with_a_shade_are_shared_by_languages_and_their_key_has_the_step(press: Press) -> None:
    def shaded(words: str, locale: str, steps: str) -> tuple[str, float]:
        layout = page(said(plate=f"{{color: ink, steps: {steps}}}"), color="paper")
        sheet = sheet_of(press, layout, "half-and-half", locale=locale, layers={"words": {"text": words}})
        (shade,) = (mark for mark in sheet.marks if isinstance(mark, ShadeMark))
        return press.bench.plate_key(sheet), shade.strength

    one, other, german = (shaded(words, locale, "[50%, 75%]") for words, locale in
                          [("Words", "en-GB"), ("More", "en-GB"), ("Worte", "de-DE")])  # fmt: skip
    assert one == other == german
    stronger = shaded("Words", "en-GB", "[90%]")
    assert stronger[1] == 0.9
    assert stronger[0] != one[0]


def test_the_weakest_step_that_does_is_taken(press: Press) -> None:
    layout = page(said(plate="{color: ink, steps: [10%, 70%, 95%]}"), color="paper")
    (shade,) = (m for m in sheet_of(press, layout, "half-and-half").marks if isinstance(m, ShadeMark))
    assert shade.strength == 0.7


def test_files_without_transparency_have_no_live_shade(press: Press) -> None:
    layout = page(said(shade="ink", plate="ink"), color="paper", target="print", formats="press-pdf-x1a")
    assert choice(press.render(layout, slots={"hero": ["half-and-half"]})).remedy.startswith("a shade of the plate")
    flat = layout.replace("target: print", "target: print\nflatten: true")
    assert choice(press.render(flat, slots={"hero": ["half-and-half"]})).remedy.startswith("a shade in ink")


@pytest.mark.parametrize("keys", [{"shade": "ink"}, {"plate": "ink"}, {"panel": "paper"}])
def test_press_file_and_proof_show_the_same_whatever_is_made_first(press: Press, keys: dict[str, str]) -> None:
    layout = page(said(**keys), target="print", formats="press-pdf, proof-png")
    facts = [
        press.rendered(press.make(press.task(layout, formats=formats, slots={"hero": ["half-and-half"]}))).facts["choices"]
        for formats in (("press-pdf",), ("proof-png",), ("press-pdf", "proof-png"))
    ]
    assert facts[0] == facts[1] == facts[2]


# -------------------------------------------------------------------------------------------- wherever a text stands


def test_a_text_turned_in_a_group_is_measured_and_helped_where_it_is(press: Press) -> None:
    """The striped half is on the left: a group turned by 180 degrees puts the text there."""
    layout = f"""
page: {{trim: 300pt x 300pt}}
target: screen
formats: [png]
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - type: group
    id: turned
    rotate: 180
    box: {{in: trim}}
    layers:
      - {{type: text, id: words, text: {WORDS}, color: paper, size: 16pt, align: end, box: {{y: 60pt, height: 30pt}}{said(panel="forest")}}}
"""
    rendered = press.render(layout, slots={"hero": ["half-and-half"]})
    assert choice(rendered).remedy == "a panel in forest"
    (group,) = (m for m in sheet_of(press, layout, "half-and-half").marks if isinstance(m, GroupMark))
    assert [mark.layer for mark in group.marks] == ["words panel", "words"]
    upright = press.render(layout.replace("rotate: 180", "rotate: 0"), slots={"hero": ["half-and-half"]})
    assert choice(upright).remedy == "a panel in forest"  # 4.5:1 is more than paper has on #777777
    assert press.render(layout.replace("legible: {", "legible: {contrast: 4, ").replace("rotate: 180", "rotate: 0"),
                        slots={"hero": ["half-and-half"]}).facts["choices"][0]["remedy"] == ""  # fmt: skip


def test_a_picture_in_the_same_group_is_shaded_within_it(press: Press) -> None:
    layout = f"""
page: {{trim: 300pt x 300pt}}
target: screen
formats: [png]
layers:
  - type: group
    id: card
    rotate: 10
    clip: {{shape: rect, radius: 20pt}}
    box: {{x: 50pt, y: 50pt, width: 200pt, height: 200pt}}
    layers:
      - {{type: image, id: hero, picture: hero, box: {{}}}}
      - {{type: text, id: words, text: {WORDS}, color: paper, size: 16pt, box: {{x: 10pt, y: 150pt, height: 30pt}}{said(shade="ink", plate="ink")}}}
"""
    rendered = press.render(layout, slots={"hero": ["half-and-half"]})
    assert choice(rendered).remedy.startswith("a shade in ink")
    (group,) = sheet_of(press, layout, "half-and-half").marks[-1:]
    assert isinstance(group, GroupMark)
    assert [mark.layer for mark in group.marks] == ["hero", "hero shade", "words"]
    picture = rendered.picture("png")
    assert picture.getpixel((5, 5)) == (255, 255, 255), "nothing is shaded but the picture"


def test_a_text_in_a_stack_is_helped_and_mirrored_pages_have_the_shade_on_the_other_side(press: Press) -> None:
    def layout(to: str) -> str:
        return f"""
page: {{trim: 300pt x 300pt}}
target: screen
formats: [png]
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - type: stack
    id: copy
    box: {{x: 10pt, y: 40pt, width: 120pt, height: 200pt}}
    layers:
      - {{type: text, id: first, text: Above, color: ink, size: 16pt, box: {{height: 30pt}}}}
      - {{type: text, id: words, text: {WORDS}, color: paper, size: 16pt, box: {{height: 30pt}}{said(shade=f"{{color: ink, to: {to}}}")}}}
"""

    def shade(locale: str) -> ShapeMark:
        sheet = sheet_of(press, layout("left"), "white", locale=locale)
        (found,) = (mark for mark in sheet.marks if isinstance(mark, ShapeMark))
        return found

    english, arabic = shade("en-GB"), shade("ar")
    assert (english.rect.x, round(arabic.rect.right, 2)) == (0, 300)
    assert english.rect.width == pytest.approx(arabic.rect.width, abs=0.1)


def test_what_is_done_for_one_text_is_seen_by_those_before_it(press: Press) -> None:
    """The dark text is readable on white until the shade of the one below comes: then it takes its other ink."""
    layout = page(said(shade="ink"), color="paper").replace(
        "  - {type: text, id: words",
        "  - {type: text, id: above, text: Over, color: [forest, paper], size: 30pt, legible: true, "
        "box: {in: safe, y: 240pt, height: 40pt}}\n  - {type: text, id: words",
    )
    rendered = press.render(layout, slots={"hero": ["white"]})
    assert (choice(rendered, "words").chosen, choice(rendered, "above").chosen) == ("paper", "paper")


def test_the_logo_is_chosen_on_the_ground_with_its_shade(press: Press) -> None:
    layout = page(said(plate="{color: ink, steps: [90%]}"), color="paper") + (
        "  - {type: logo, id: mark, logo: [default, reversed], box: {x: 20pt, y: 255pt, width: 80pt, height: 30pt}}\n"
    )
    rendered = press.render(layout, slots={"hero": ["white"]})
    assert rendered.choices["mark"] == "reversed"
    (mark,) = (m for m in sheet_of(press, layout, "white").marks if isinstance(m, LogoMark))
    assert len(mark.candidates) == 1


# ---------------------------------------------------------------------------------------------------- what a brand says


def test_what_a_layout_does_not_say_is_as_the_brand_says(tmp_path: Path) -> None:
    house = Legible.model_validate({"panel": {"color": "paper", "padding": "50%"}, "choose": "best", "contrast": 7})
    press = Press(tmp_path, legible=house)

    def found(legible: str) -> Choice:
        return choice(press.render(page(legible), slots={"hero": ["half-and-half"]}))

    assert (found(", legible: true").asked, found(", legible: true").remedy) == (7, "a panel in paper")
    assert (found(said(panel="forest")).chosen, found(said(panel="forest")).asked) == ("paper", 7)
    on_its_own = page(", legible: true, panel: forest")
    assert choice(press.render(on_its_own, slots={"hero": ["half-and-half"]})).remedy == ""
    plain = choice(press.render(page(""), slots={"hero": ["dark"]}))
    assert plain.asked is None, "nothing of it where no layout asks"
    press.close()


# ---------------------------------------------------------------------------------------------- in whatever company


def test_other_rows_of_the_run_change_nothing(press: Press) -> None:
    """Sheets of light, dark and striped pictures together, in both orders, and each alone."""
    layout = read_layout(page(said(shade="ink", plate="{color: ink, steps: [50%, 80%]}"), color="[forest, paper]"))
    tasks = [press.task(layout, index, slots={"hero": [name]}) for index, name in enumerate(("light", "half-and-half", "dark"))]

    def made(*some: SheetTask) -> dict[int, Any]:
        found = make_sheets(press.bench, some)
        assert all(isinstance(one, Made) for one in found), found
        return {one.index: (one.files[0].digest, one.files[0].facts.choices) for one in found if isinstance(one, Made)}

    alone = {index: one for task in tasks for index, one in made(task).items()}
    assert made(*tasks) == made(*reversed(tasks)) == alone
    assert len({choices[0].told for _, choices in alone.values()}) == 3


def test_pages_of_a_document_are_each_settled(press: Press) -> None:
    text = f"{{type: text, text: {WORDS}, color: [forest, paper], size: 16pt, box: {{in: safe, y: 200pt, height: 30pt}}"
    layout = f"""
page: {{trim: 300pt x 300pt, safe: 12pt}}
target: print
formats: [press-pdf]
pages:
  - layers:
      - {{type: image, picture: hero, box: {{in: bleed}}}}
      - {text}, id: one, legible: {{plate: ink}}}}
  - layers:
      - {text}, id: two, legible: {{plate: ink}}}}
"""
    rendered = press.render(layout, slots={"hero": ["half-and-half"]})
    assert choice(rendered, "one").remedy.startswith("a shade of the plate")
    assert (choice(rendered, "two").chosen, choice(rendered, "two").remedy) == ("forest", "")


# ---------------------------------------------------------------------------------------------------- what it costs


def test_sheets_without_it_are_settled_as_before(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("nothing is to be kept readable here")

    monkeypatch.setattr(drawn_pages, "legible", never)
    plain = press.render(page(""), slots={"hero": ["dark"]})
    assert plain.facts["choices"][0].keys() == {"layer", "chosen", "contrast"}


def test_a_plate_that_no_text_needs_shaded_is_the_one_without(press: Press) -> None:
    def key(legible: str) -> str:
        return press.bench.plate_key(sheet_of(press, page(legible, color="paper"), "dark"))

    assert key(said(plate="ink")) == key("")
