"""Sheets made together: each is what it is alone, whatever its company, and fails alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from rendering_kit import Press, case_content, cases, read_layout

from pressrun.compose.text_fit import TextFitter
from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed
from pressrun.model.sheet import TextMark
from pressrun.model.task import Failed, Made, SheetTask
from pressrun.run.worker import bench as worker
from pressrun.run.worker.sheet_tasks import make_sheets
from pressrun.typeset import typeset

WORDS = ("Coffee", "Kaffee zum Frühstück", "قهوة الصباح", "กาแฟยามเช้า", "कॉफ़ी", "Кофе", "Áéîõü", "1 234,50 €")
SET_BY_TYPST = (2, 3, 4)  # of which sums do not tell where each letter stands
ONE_GLYPH = ("Caf\u00e9", "Cafe\u0301", "Tee")  # for an é, however it is written
COMPLEX = ("مخيّمك حيث تكون", "تسلّق إلى\u00a0عملك", "حيث لا طريق", "خيمة خفيفة، ليلٌ طويل", "دفءٌ لكل طريق", "مَخيم")
LAYOUT = """
page: {trim: 300px x 200px}
target: screen
formats: [png, jpeg]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: shape, fill: sky, box: {y: 100px, width: 200px, height: 60px}}
  - {type: text, id: t, text: x, size: [8px, 30px], lines: 2, color: [ink, paper], box: {height: 80px}}
  - {type: logo, logo: default, box: {y: 150px, width: 40px, height: 20px}}
"""
PRESS = LAYOUT.replace("screen", "print").replace("[png, jpeg]", "[press-pdf, proof-png]")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    made = Press(tmp_path_factory.mktemp("together"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def tasks(own: Press) -> list[SheetTask]:
    """Sheets on two plates, in two formats each, in several scripts, for screens and for print; and all cases."""
    made = []
    for layout in (LAYOUT, PRESS):
        for text in WORDS:
            content: dict[str, Any] = {"slots": {"hero": [("ramp", "dark")[len(made) % 2]]}}
            made.append(own.task(layout, len(made), layers={"t": {"text": text}}, **content))
    for folder in cases():
        layout_of_case = read_layout((folder / "layout.yaml").read_text())
        made.append(own.task(layout_of_case, len(made), **case_content(folder)))
    for text in ONE_GLYPH:
        made.append(own.task(LAYOUT, len(made), layers={"t": {"text": text}}, slots={"hero": ["ramp"]}))
    for text in COMPLEX:
        made.append(own.task(LAYOUT, len(made), layers={"t": {"text": text}}, slots={"hero": ["ramp"]}, locale="ar-AE"))
    return made


def test_company_of_which_nobody_may_stay_is_made_one_by_one(own: Press, tasks: list[SheetTask]) -> None:
    arabic = tasks[-len(COMPLEX) :]
    bench = worker.Bench(own.kit)
    assert len(digests(make_sheets(bench, tuple(arabic)))) == len(COMPLEX)
    assert bench.locales_set_alone == {"ar-AE"}
    bench.close()


def test_a_glyph_that_stands_for_two_words_is_seen(own: Press) -> None:
    """What is set after another sheet would be laid out in other pieces than it is alone."""
    composed = [own.compose(LAYOUT, layers={"t": {"text": text}}, slots={"hero": ["ramp"]})[0] for text in COMPLEX]
    overlays = typeset(own.bench.fitter.fitted(composed), own.bench)
    assert None in overlays
    for sheet in composed:
        assert None not in typeset(own.bench.fitter.fitted([sheet]), own.bench)


def test_so_is_one_of_those_that_are_set_by_sums(own: Press) -> None:
    composed = [own.compose(LAYOUT, layers={"t": {"text": text}}, slots={"hero": ["ramp"]})[0] for text in ONE_GLYPH]
    overlays = typeset(fitted := own.bench.fitter.fitted(composed), own.bench, own.bench.set_lines)
    assert [one is None for one in overlays] == [False, True, False]
    for sheet in fitted:
        (alone,) = typeset([sheet], own.bench, own.bench.set_lines)
        assert alone
        assert not alone.texts, "Typst sets none of them"


def digests(made: list[Made | Failed]) -> dict[int, list[str]]:
    found = {}
    for one in made:
        assert isinstance(one, Made), one
        found[one.index] = [file.digest for file in one.files]
    return found


def parted(tasks: list[SheetTask], sizes: Callable[[], int]) -> Iterator[tuple[SheetTask, ...]]:
    left = list(tasks)
    while left:
        size = sizes()
        yield tuple(left[:size])
        left = left[size:]


def test_bytes_do_not_depend_on_company(own: Press, tasks: list[SheetTask]) -> None:
    alone = {index: found for task in tasks for index, found in digests(make_sheets(own.bench, (task,))).items()}
    assert len(alone) == len(tasks)
    for seed in range(2):
        chance = random.Random(seed)
        shuffled = chance.sample(tasks, len(tasks))
        bench = worker.Bench(own.kit)
        together = {}
        for chunk in parted(shuffled, lambda chance=chance: chance.randint(1, 32)):
            made = make_sheets(bench, chunk)
            assert [one.index for one in made] == [task.index for task in chunk], "in their order"
            together |= digests(made)
        bench.close()
        assert together == alone


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pages each document had that was set."""
    documents: list[int] = []
    typeset = Typesetter.typeset

    def counting(self: Typesetter, sheets: dict[str, Any]) -> bytes:
        documents.append(len(sheets["pages"]))
        return typeset(self, sheets)

    monkeypatch.setattr(Typesetter, "typeset", counting)
    return documents


def test_what_is_drawn_is_set_together_and_what_keeps_its_vectors_alone(
    own: Press, tasks: list[SheetTask], counted: list[int]
) -> None:
    make_sheets(own.bench, tuple(tasks[: len(WORDS)]))
    assert counted[0] == len(SET_BY_TYPST)
    assert set(counted[1:]) <= {1}, "and those again in which its company shows"
    counted.clear()
    make_sheets(own.bench, tuple(tasks[len(WORDS) : 2 * len(WORDS)]))
    assert set(counted) == {1}, "those of which sums do not tell where each letter stands"


def test_together_are_no_more_sheets_than_their_plates(own: Press, counted: list[int]) -> None:
    pages = [LAYOUT.replace("300px", f"{300 + index}px") for index in range(worker.PLATES_KEPT + 2)]
    arabic: dict[str, Any] = {"slots": {"hero": ["ramp"]}, "layers": {"t": {"text": WORDS[2]}}}
    made = make_sheets(own.bench, tuple(own.task(page, index, **arabic) for index, page in enumerate(pages)))
    assert len(digests(made)) == len(pages)
    assert counted == [worker.PLATES_KEPT, 2]


@pytest.mark.parametrize("at", SET_BY_TYPST)
def test_a_sheet_that_cannot_be_set_fails_alone(
    own: Press, tasks: list[SheetTask], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """As where a font's tables mean one thing to what fits a text and another to what sets it."""
    fit = TextFitter.fit

    def wrong(mark: TextMark) -> TextMark:
        if mark.text != WORDS[at] or mark.fit is None:
            return mark
        extent = replace(mark.fit.extent, width=mark.fit.extent.width + 1)
        return replace(mark, fit=replace(mark.fit, extent=extent))

    def fit_wrongly(self: TextFitter, marks: Sequence[TextMark]) -> list[TextMark]:
        return [wrong(mark) for mark in fit(self, marks)]

    monkeypatch.setattr(TextFitter, "fit", fit_wrongly)
    made = make_sheets(own.bench, tuple(tasks[: len(WORDS)]))
    (failed,) = (one for one in made if isinstance(one, Failed))
    assert failed.index == at
    assert (failed.finding.code, failed.finding.layout) == ("sheet-failed", f"layout-{at}")
    assert "t" in failed.finding.message
    assert len(made) == len(WORDS)


def test_a_text_that_cannot_be_fitted_fails_its_sheet_alone(
    own: Press, tasks: list[SheetTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = TextFitter.fit

    def fit_unless(self: TextFitter, marks: Sequence[TextMark]) -> list[TextMark]:
        if any(mark.text == WORDS[2] for mark in marks):
            raise TypesettingFailed("a font that cannot be read")
        return fit(self, marks)

    monkeypatch.setattr(TextFitter, "fit", fit_unless)
    made = make_sheets(own.bench, tuple(tasks[: len(WORDS)]))
    assert [one.index for one in made if isinstance(one, Failed)] == [2]
