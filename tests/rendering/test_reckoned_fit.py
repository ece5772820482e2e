"""Fitted by sums over advances, a text is what Typst makes of it when it measures; and what is set is what was fitted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rendering_kit import Press

from pressrun.compose.reckoned_fit import ReckonedFit
from pressrun.compose.text_fit import TextFitter
from pressrun.graphics.texts.line_breaks import line_ends
from pressrun.graphics.texts.shaped_texts import Shaper
from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed
from pressrun.graphics.typefaces.font_cuts import script_files
from pressrun.graphics.typefaces.fonts import firago_face
from pressrun.layers.text import in_lines
from pressrun.model.sheet import TextMark
from pressrun.run.worker import bench as worker
from pressrun.typeset import typeset

PAGE = """
page: {{trim: 600pt x 600pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, box: {{x: 150pt, y: 150pt, width: {width}pt, height: {height}pt}}, {options}}}]
"""
WORDS = {
    "en-GB": "Ünïted fjord office Quai, œuvre 12–14 well-known 2024-2025 état\u202f! *bold* [x] $1 AVATAR To Ty. “word” it's — "
    "(see) 10% €5 £9.50 50\u00a0% … wow! 3,50 1.299,00\u00a0€ -5 ½ 30°C e.g. ffi Ta. e\u0301te\u0301 A\u030a 10\u00a0000",
    "de-DE": "Donaudampfschifffahrtsgesellschaft Straße „Wort“ Kaffee-Röstung Größe – und Übermut, Äpfel A–Z 3,50\u00a0€",
    "el-GR": "Ελληνικός Ά καφές ΆΪ Ώρα καφέ-μπαρ",
    "vi-VN": "Ế cà phê Ữ sữa ẤM Ở đặc biệt",
    "bg-BG": "Кафе Щука пролет дъга Ёлка",
    "he-IL": "קפה שָׁלוֹם לְךָ טוב, בוקר! (רע)",
    "ar-AE": "قهوة الربيع الطازجة محمّد جافّتان كوفي إلى الأرض (هنا) می\u200cخواهم",
    "hi-IN": "वसंत की ताज़ा कॉफ़ी र्किंग ऊँचाई दूध हिन्दी ₹1,200 टाँगें है।",
    "hy-AM": "Գարուն սուրճ",
    "am-ET": "ሰላም ቡና",
    "ta-IN": "ஸ்ரீ காபி",
    "si-LK": "ස්ත්‍රී කෝපි",
    "gu-IN": "સ્ત્રી કોફી",
}  # fmt: skip
MEASURED = {
    "a script without blanks": ("th-TH", "กาแฟ ฤดูใบไม้ผลิ"),
    "East Asian letters": ("en-GB", "Coffee 東京 now"),
    "phrases": ("ja-JP", "春の新作コーヒー"),
    "two directions": ("ar-AE", "قهوة 48.00 Coffee"),
    "left to right on a page from the right": ("ar-AE", "Coffee now"),
    "an address": ("en-GB", "see https://example.org/a now"),
    "a soft hyphen": ("en-GB", "co\u00adop"),
    "a pictogram": ("en-GB", "Coffee ☕ now"),
    "a hyphen that is repeated on the next line": ("pl-PL", "kawa polsko-czeska"),
    "a blank of no width": ("en-GB", "a\u200bb"),
}
PRICES = ["1.299,00\u00a0€", "£9.50", "$ 3", "12 €", "€ 3,5", "not a price"]
WHOLE = ("spans", "phrases", "size", "lines", "column", "overflow", "shortened")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """A press with fonts that are cut out of variable ones, for the scripts that FiraGO lacks."""
    press = Press(tmp_path_factory.mktemp("scripts"))
    families = ("Armenian", "Ethiopic", "Tamil", "Sinhala", "Gujarati")
    needed = {(f"Noto Sans {name} [scripts]", locale) for name in families for locale in WORDS}
    cuts = script_files(press.brand, needed, firago_face().covers, tmp_path_factory.mktemp("cuts"))
    press.close()
    press.kit = replace(press.kit, fonts=press.kept_fonts((*press.font_files, *cuts)))
    press.bench = worker.Bench(press.kit)
    yield press
    press.close()


def mark_of(press: Press, text: str, width: float, height: float, options: str, locale: str = "en-GB") -> TextMark:
    layout = PAGE.format(width=width, height=height, options=options + ", mirror: false")
    sheet, _ = press.compose(layout, layers={"t": {"text": text}}, locale=locale)
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    return mark


def agrees(fitter: TextFitter, mark: TextMark) -> bool:
    """Whether the mark's fit is reckoned; it is what Typst says then."""
    edges = fitter.edges(mark)
    ours = fitter.reckoned(mark, edges)
    if ours is None:
        return False
    (theirs,) = fitter.measured([(mark, edges)])
    assert {name: getattr(ours, name) for name in WHOLE} == {name: getattr(theirs, name) for name in WHOLE}
    assert (ours.width, ours.height) == pytest.approx((theirs.width, theirs.height), abs=1e-9)
    return True


options_of_text = st.fixed_dictionaries(
    {
        "align": st.sampled_from(["start", "center", "end"]),
        "lines": st.integers(1, 9),
        "size": st.tuples(st.sampled_from([6, 7, 12, 20]), st.sampled_from([0, 6, 30, 60.1])).map(lambda s: [s[0], sum(s)]),
        "role": st.sampled_from(["headline", "body", "label"]),
        "overflow": st.sampled_from(["error", "ellipsis"]),
        "balance": st.booleans(),
        "tracking": st.sampled_from([None, -0.03, 0.02, 0.3]),
        "leading": st.sampled_from([None, None, 0.8, 1.4]),
    }
)
boxes = st.tuples(st.sampled_from([20, 45, 90, 160, 250, 431.7]), st.sampled_from([12, 30, 60, 140, 300]))
BETWEEN = [" "] * 6 + ["\n", "\u00a0", "  ", " \n "]


def told(options: dict[str, Any]) -> str:
    sizes = options["size"]
    others = (f"{key}: {str(value).lower()}" for key, value in options.items() if key != "size" and value is not None)
    return ", ".join((f"size: [{sizes[0]}pt, {sizes[1]}pt]", *others))


TRACKED_LINES = {"size": [6, 6], "lines": 1, "role": "headline", "overflow": "error", "tracking": 0.3}


@pytest.mark.parametrize("locale", WORDS)
@example(seed=170639, box=(45, 12), options=TRACKED_LINES)
@example(seed=170640, box=(45, 12), options=TRACKED_LINES)
@given(seed=st.integers(0, 2**32), box=boxes, options=options_of_text)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_script_is_reckoned_as_typst_measures_it(
    scripts: Press, locale: str, seed: int, box: tuple[float, float], options: dict[str, Any]
) -> None:
    chance = random.Random(seed)
    words = [chance.choice(WORDS[locale].split(" ")) for _ in range(chance.choice([1, 2, 3, 5, 8, 14]))]
    text = words[0] + "".join(chance.choice(BETWEEN) + word for word in words[1:])
    agrees(scripts.bench.fitter, mark_of(scripts, text, *box, told(options), locale))


@pytest.mark.parametrize(("locale", "word"), [(locale, word) for locale, said in WORDS.items() for word in said.split()])
def test_hardly_a_word_of_these_scripts_must_be_measured(scripts: Press, locale: str, word: str) -> None:
    text = f"{WORDS[locale].split()[0]} {word}"
    assert agrees(scripts.bench.fitter, mark_of(scripts, text, 60, 60, "size: [6pt, 30pt], lines: 3", locale))


@given(st.sampled_from(PRICES), boxes, options_of_text)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_prices_are_reckoned_too(press: Press, price: str, box: tuple[float, float], options: dict[str, Any]) -> None:
    assert agrees(press.bench.fitter, mark_of(press, price, *box, told(options) + ", figures: price", "de-DE"))


@given(st.text(" -–—,.!?:;/()[]{}\"'“”„«»‘’…%$€09aBÉ\u0301\u00a0אש\n", min_size=2, max_size=12))
@example("a -b")
@example("x ( y")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_end_where_typst_ends_them_or_typst_is_asked(press: Press, text: str) -> None:
    """In a column that holds hardly a letter every place where a line may end is one where it does."""
    if in_lines(text):
        agrees(press.bench.fitter, mark_of(press, text, 3, 300, "size: 10pt, lines: 20"))


@pytest.mark.parametrize("why", MEASURED)
def test_what_sums_do_not_tell_is_measured(press: Press, why: str) -> None:
    locale, text = MEASURED[why]
    mark = mark_of(press, text, 60, 90, "size: [6pt, 30pt], lines: 4", locale)
    assert not agrees(press.bench.fitter, mark)
    assert mark.fit is not None
    assert mark.fit.lines >= 1


def test_a_cut_behind_a_line_break_is_that_of_typst(press: Press) -> None:
    mark = mark_of(press, "und\nKaffee-Röstung", 45, 300, "size: 9pt, lines: 4, overflow: ellipsis, tracking: 0.3", "de-DE")
    assert agrees(press.bench.fitter, mark)
    assert mark.fit
    assert mark.fit.spans[0].text == "und\nKaffe…"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "AVATAR MWMWMW To Ty illililillil MWMWMWMW, état WOMWMMWMWM"),
        ("he", "קפה לך טוב, בוקר של שלום"),
        ("ar", "قهوة الربيع الطازجة كوفي إلى الأرض"),
    ],
)
@pytest.mark.parametrize("tracking", [0.1, 0.0, -0.5])
def test_a_line_ends_before_the_first_word_that_is_too_much(
    scripts: Press, language: str, text: str, tracking: float
) -> None:
    """Of letters that lie over each other a longer line may take less room than a shorter one."""
    mark = replace(mark_of(scripts, "x", 60, 300, "size: 10pt, lines: 20"), tracking=tracking, language=language)
    shaper = Shaper(scripts.bench.typesetter.font_files)
    shaped = shaper.shaped(mark, (replace(mark.spans[0], text=text),))
    places = [at + 1 for at, character in enumerate(text) if character == " "] + [len(text)]
    for column in (0.3, 1.2, 3.0, 4.5, 7.0, 11.0, 40.0):
        start, ends = 0, list[int]()
        if shaped.measure(0, len(text), len(text))[0] <= column:
            start, ends = len(text), [len(text)]
        while start < len(text):
            further = [place for place in places if place > start]
            takes = [shaped.measure(start, len(text[:place].rstrip()), place)[0] for place in further]
            too_wide = next((at for at, width in enumerate(takes) if width > column), len(further))
            start = further[max(0, too_wide - 1)]
            ends.append(start)
        lines = ReckonedFit(mark, (0.7, 0.2), shaper).lines(shaped, 1, column)
        assert [line.end for line in lines] == ends


@given(seed=st.integers(0, 2**32), width=st.floats(15, 250), least=st.floats(3, 9), tracking=st.sampled_from([0, 0.3, -0.5]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_may_take_one_line_has_the_size_that_its_lines_say(
    press: Press, seed: int, width: float, least: float, tracking: float
) -> None:
    """That a text is too wide for its one line is told without breaking it."""
    chance = random.Random(seed)
    text = "".join(chance.choice([*"aWlTo.12", " ", "  ", "-", "\u00a0", "– "]) for _ in range(chance.randint(1, 40)))
    mark = replace(mark_of(press, "x", width, 40, "size: [3pt, 30pt], lines: 1"), tracking=tracking, size_min=least)
    mark = replace(mark, spans=(replace(mark.spans[0], text=text),))
    assume(line_ends(text, mark.language) is not None)
    shaper = Shaper(press.bench.typesetter.font_files)
    told, broken = (ReckonedFit(mark, (0.7, 0.2), shaper) for _ in range(2))
    assert told.is_line
    broken.is_line = False
    assert told.made() == broken.made()


def test_a_text_is_shaped_and_measured_once(press: Press) -> None:
    asked: list[str] = []
    fitter = TextFitter(
        Shaper(press.bench.typesetter.font_files),
        lambda texts: asked.extend(text["spans"][0]["text"] for text in texts) or press.bench.typesetter.fit(texts),
    )
    mark = replace(mark_of(press, "กาแฟ", 60, 90, "size: 12pt", "th-TH"), fit=None)
    aside = replace(mark, layer="other", rect=replace(mark.rect, x=10.0))
    fits = [one.fit for one in (*fitter.fit([mark]), *fitter.fit([aside, mark]))][:2]
    assert asked == ["กาแฟ"]
    assert fits[0]
    assert fits[1]
    assert fits[0].extent.x - fits[1].extent.x == mark.rect.x - 10


@pytest.fixture(scope="module")
def mixed(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextFitter]:
    """A family that has few letters, and no accents, before FiraGO."""
    opened = TTFont(press.font_files[1])
    subsetter = Subsetter(Options(notdef_outline=True))
    subsetter.populate(text="Coffe tmia29.-")
    subsetter.subset(opened)
    opened["name"].names = [entry for entry in opened["name"].names if entry.nameID not in (1, 2, 16, 17)]
    opened["name"].setName("Testa", 1, 3, 1, 0x409)
    file = tmp_path_factory.mktemp("testa") / "testa.ttf"
    opened.save(file)
    typesetter = Typesetter((*press.font_files, file))
    yield TextFitter(Shaper(typesetter.font_files), typesetter.fit)
    typesetter.close()


@pytest.mark.parametrize(
    "text",
    [
        "Coffee time", "Coffée\u0301 tïme", "Coffe\u0301e", "Cof\u200dfee", "Château 29", "€29.29 - 9 Ωm", "xyz qvk", "mΔtm",
        "Coffee 𓀀 tom", "f\u0302i fi\u0302", "i\u0307ffi", "Ελλάδα cott",
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", [25, 60, 300])
@pytest.mark.parametrize("tracking", [0.0, 0.1])
def test_words_out_of_several_fonts(press: Press, mixed: TextFitter, text: str, width: float, tracking: float) -> None:
    mark = mark_of(press, text, width, 80, f"size: [6pt, 40pt], lines: 3, tracking: {tracking}")
    families = ("Testa", *mark.families)
    reckoned = agrees(mixed, replace(mark, families=families))
    assert reckoned or "\u200d" in text or "𓀀" in text


def test_a_text_that_is_set_otherwise_than_fitted_is_a_fault_that_names_it(press: Press) -> None:
    layout = PAGE.format(width=200, height=40, options="size: 12pt")
    sheet, _ = press.compose(layout, layers={"t": {"text": "Some words"}})
    (mark,) = sheet.marks
    assert isinstance(mark, TextMark)
    assert mark.fit
    for wrong in (
        replace(mark.fit, extent=replace(mark.fit.extent, width=mark.fit.extent.width + 0.01)),
        replace(mark.fit, column=replace(mark.fit.column, width=30.0)),
        replace(mark.fit, size=12.25),
    ):
        other = replace(sheet, marks=(replace(mark, fit=wrong),))
        with pytest.raises(TypesettingFailed, match=r"of t is set otherwise"):
            typeset([other], press.bench)


def test_where_lines_may_end() -> None:
    """By UAX #14, as far as it is certain."""
    assert line_ends("one two-three 12–14", "en") == (4, 8, 14, 17, 19)
    assert line_ends("one\n two", "en") == (4, 5, 8)
    assert line_ends("it’s 3,50 €!", "en") == (5, 10, 12)
    assert line_ends("a b", "en") == (2, 3)
    assert line_ends("กาแฟ", "th") is None
