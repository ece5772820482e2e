"""A brand's own fonts: letters they lack, weights they have not, and however they are named and packed."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from one_card import Card

from pressrun.graphics.typefaces import fonts
from pressrun.graphics.typefaces.fonts import FaceSet, FontFace
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.planned_job import prepare

WORDS = {"type": "text", "id": "t", "role": "headline", "text": "{{ row.words }}", "size": "20pt", "lines": 3,
         "box": {"in": "safe"}}  # fmt: skip


@pytest.fixture(scope="session")
def firago(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fonts.firago_files(tmp_path_factory.mktemp("firago"))[0]


def font(source: Path, letters: str, names: dict[int, str], change: Callable[[TTFont], Any] | None = None) -> bytes:
    """FiraGO with these letters alone, under other names (by their number in the name table)."""
    opened = TTFont(io.BytesIO(_with_letters(source, letters)))
    opened["name"].names = [entry for entry in opened["name"].names if entry.nameID not in (1, 2, 16, 17)]
    for number, name in names.items():
        opened["name"].setName(name, number, 3, 1, 0x409)
    if change:
        change(opened)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


@functools.cache
def _with_letters(source: Path, letters: str) -> bytes:
    opened, out = TTFont(source), io.BytesIO()
    options = Options()
    options.layout_features, options.notdef_outline = [], True
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(opened)
    opened.save(out)
    return out.getvalue()


BASIC = "".join(map(chr, range(32, 127)))


def brand(family: str, *files: str, **role: Any) -> dict[str, Any]:
    return {"typography": {"headline": {"family": family, **role}}, "fonts": list(files)}


def one_font(card: Callable[..., Card], data: bytes, words: str, **role: Any) -> Card:
    rows = [{"id": "a", "words": words}]
    return card(WORDS, rows=rows, brand=brand("Testa", "own.ttf", **role), files={"brands/lab/own.ttf": data})


MIXED = {
    "an accent in a word": "Château",
    "a capital that is not in the font": "ÉTÉ",
    "an apostrophe in a word": "L’Eveque",
    "a currency sign at its figure": "€29",
    "a sign of another script at its figure": "Coffee 30٪",
}
WHOLE = {
    "all of it is there": "Chateau d'If 29.90",
    "a word in Greek": "Coffee καφές now",
    "a word in Arabic with figures": "Coffee قهوة29 now",
    "a word in Thai and one in Hindi": "กาแฟ कॉफ़ी",
    "a letter of another script": "ΔE of Ωmega",
    "a sign at its figure among letters of its script": "قهوة 30٪",
    "a pictogram": "Now\u2708",
    "a dash between words": "Haru\u2015\u2015Natsu \u201414\u2014",
    "leaders behind a word": "Brew\u2026 \u2026now",
    "joiners and blanks": "Cof\u200dfee\u00a0now\u202fhere",
}


@pytest.mark.parametrize("name", [*MIXED, *WHOLE])
def test_a_word_is_set_in_one_family_or_told(name: str, card: Callable[..., Card], firago: Path) -> None:
    data = font(firago, BASIC, {1: "Testa"})
    said = one_font(card, data, (MIXED | WHOLE)[name], weight=400).run()
    assert ("word-in-two-fonts" in said.codes) is (name in MIXED)
    assert ("missing-glyph" in said.codes) is (name == "a pictogram")  # all else is in the fallback


@pytest.mark.parametrize(
    ("text", "first"), [("قهوة 30٪", ("Whole",)), ("Coffee 30٪", ()), ("30٪", ()), ("قهوة 30%", ()), ("قهوة 30% ٪", ())]
)
def test_a_number_has_the_family_that_has_its_sign_where_no_letter_needs_another(text: str, first: tuple[str, ...]) -> None:
    def face(family: str, letters: str) -> FontFace:
        return FontFace(Path(family), family, 400, False, frozenset(map(ord, letters)))

    faces = FaceSet([face("Latin", "Cofe0123%"), face("Letters", "قهوة"), face("Whole", "Cofe0123%٪قهوة")])
    assert faces.fallbacks(text, ("Latin", "Letters", "Whole"), "") == first


def test_the_letters_that_are_lacking_are_named(card: Callable[..., Card], firago: Path) -> None:
    said = one_font(card, font(firago, BASIC, {1: "Testa"}), "Château L’Évêque", weight=400).run()
    messages: Iterable[str] = (message for code, message in said.findings if code == "word-in-two-fonts")
    first, second = messages
    assert "â (U+00E2)" in first
    assert all(letter in second for letter in ("’ (U+2019)", "É (U+00C9)", "ê (U+00EA)"))


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ({"family": "FiraGO", "weight": 400}, []),
        ({"family": "FiraGO", "weight": 700}, []),
        ({"family": "FiraGO", "weight": 600}, ["missing-weight"]),
        ({"family": "Testa", "weight": 400}, []),
        ({"family": "Testa", "weight": 900}, ["missing-weight"]),
    ],
)
def test_a_weight_that_a_family_has_not_is_told(
    role: dict[str, Any], told: list[str], card: Callable[..., Card], firago: Path
) -> None:
    files = {"brands/lab/own.ttf": font(firago, BASIC, {1: "Testa"})}
    words = [{"id": "a", "words": "Hi"}]
    whole = card(WORDS, rows=words, brand={"typography": {"headline": role}, "fonts": ["own.ttf"]}, files=files)
    assert whole.check().codes == told
    plain = {"headline": {"weight": 400}}
    locales = {"en": {"typography": {"headline": role}}}
    by_language = card(
        WORDS, rows=words, brand={"typography": plain, "fonts": ["own.ttf"], "locales": locales}, files=files
    )
    assert by_language.check().codes == told


@pytest.mark.parametrize(("words", "fits"), [("Coffee", True), ("Coffee that is too long for a card " * 9, False)])
def test_check_knows_whether_a_text_fits(words: str, fits: bool, card: Callable[..., Card], firago: Path) -> None:
    made = one_font(card, font(firago, BASIC, {1: "Testa"}), words, weight=400)
    prepared = prepare(made.root / "jobs" / "job.yaml", Settings(inline=True))
    with prepared.doors:
        found = [finding.code for finding in dry_findings(prepared)]
    assert ("text-overflow" in found) is not fits
    assert list(made.root.glob("**/cut-*")) == []
