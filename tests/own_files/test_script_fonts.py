"""Scripts that a brand's fonts do not cover: set in the extras' fonts as whole runs, and told where those are missing."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools import unicodedata as ucd
from fontTools.ttLib import TTFont
from one_card import Card

from pressrun.checks import glyphs as glyph_check
from pressrun.graphics.typefaces import script_fonts
from pressrun.graphics.typefaces.font_cuts import script_faces
from pressrun.language.locale_formats import han_shapes
from pressrun.model.brand import Brand

WORDS = {"type": "text", "id": "t", "role": "headline", "text": "{{ row.words }}", "size": ["9pt", "24pt"], "lines": 3,
         "box": {"in": "safe"}}  # fmt: skip
PRESS = {"page": {"trim": "120mm x 60mm", "safe": "5mm"}, "target": "print", "formats": ["press-pdf"]}

# A word of each script that the extras bring, in a locale that writes it.
IN_SCRIPTS = {
    "am-ET": "ሰላም", "hy-AM": "Գարուն", "bn-BD": "বসন্ত", "gu-IN": "વસંત", "pa-IN": "ਬਸੰਤ", "kn-IN": "ವಸಂತ", "km-KH": "ស្ត្រី",
    "lo-LA": "ບໍ່ມີ", "ml-IN": "വസന്തം", "my-MM": "နွေဦး", "or-IN": "ବସନ୍ତ", "si-LK": "වසන්තය", "ta-IN": "வசந்தம்",
    "te-IN": "వసంతం",
}  # fmt: skip
HAN = {"ja-JP": "JP", "ko-KR": "KR", "zh-Hans-CN": "SC", "zh-Hant-TW": "TC"}


def press_file(card: Callable[..., Card], words: str, locale: str, **more: Any) -> Card:
    return card(WORDS, rows=[{"id": "a", "words": words}], layout=PRESS, locale=locale, **more)


def fonts_in(made: Card) -> set[str]:
    with pikepdf.open(io.BytesIO(made.made("a.pdf"))) as pdf:
        found = (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one)
        return {str(one.BaseFont).split("+")[-1] for one in found if one.get("/Subtype") != "/Type0"}


@pytest.mark.parametrize("locale", IN_SCRIPTS)
def test_a_script_that_the_brand_lacks_is_set_in_its_own_font(locale: str, card: Callable[..., Card]) -> None:
    word = IN_SCRIPTS[locale]
    made = press_file(card, f"{word} 29 Testa", locale)
    assert made.check().codes == []
    said = made.run()
    assert said.codes == []
    script = ucd.script_name(ucd.script(word[0])).replace(" ", "")
    assert fonts_in(made) == {f"NotoSans{script}-Bold", "FiraGO-Bold"}


@pytest.mark.parametrize("locale", HAN)
def test_han_is_drawn_as_the_locales_readers_do(locale: str, card_of_han: Callable[..., Card]) -> None:
    made = press_file(card_of_han, "骨, 29", locale)
    assert made.run().codes == []
    assert fonts_in(made) == {f"NotoSansCJK{HAN[locale]}-Bold", "FiraGO-Bold"}


@pytest.mark.parametrize(
    ("words", "shapes"),
    [("Sushi 寿司です", "JP"), ("서울 Seoul", "KR"), ("ㄅㄆㄇ 漢", "TC"), ("北京 Beijing", "SC")],
)
def test_without_a_locale_of_its_own_the_text_says_whose_han_it_is(words: str, shapes: str) -> None:
    used = script_fonts.fonts_used([words], han_shapes("en-GB"), frozenset(map(ord, "AaBbSsuhijeoln")))
    assert used == {f"Noto Sans CJK {shapes} [cjk]"}


@pytest.mark.parametrize(
    ("words", "locale"),
    [
        ("春の新作コーヒー、29％オフ！ 「Testa」は￥1,980。 ※写真はイメージです①", "ja-JP"),
        ("“限时”——新品… 𠮷 龘", "zh-Hans-CN"),  # the last ones rarer than everyday characters
        ("신상 커피 29% 할인 뷁", "ko-KR"),
        ("ភ្លៀង 29.90 €", "km-KH"),
    ],
)
def test_words_with_figures_and_signs_fall_back_quietly(words: str, locale: str, card_of_han: Callable[..., Card]) -> None:
    made = press_file(card_of_han, words, locale)
    assert made.check().codes == []
    assert made.run().codes == []


def test_quotes_of_chinese_are_of_its_font_and_those_of_english_are_not(card: Callable[..., Card]) -> None:
    """Else a quote is narrow, and stands at the wrong side of its square."""
    needed = [("Noto Sans CJK SC [cjk]", "zh-CN")]
    (face,) = script_faces(BRAND, needed, frozenset(range(32, 0x2100)), Path("/nowhere"))
    letters = {chr(code) for code in face.covers}
    assert {"“", "”", "春"} <= letters
    assert letters.isdisjoint("’Aa1 -")


PALETTE = {name: {"srgb": "#000000", "cmyk": [0, 0, 0, 100]} for name in ("paper", "ink")}
BRAND = Brand.model_validate({"name": "x", "palette": PALETTE, "typography": {"headline": {}}})


@pytest.mark.parametrize(("words", "extra"), [("春の新作", "cjk"), ("커피", "cjk"), ("ភ្លៀង", "scripts"), ("ሰላም", "scripts")])
def test_where_the_extra_is_missing_one_line_names_it(
    words: str, extra: str, card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_fonts, "installed", lambda extra: None)
    monkeypatch.setattr(glyph_check, "installed", lambda extra: None)
    said = press_file(card, f"{words} {words[::-1]}", "en-GB").run()
    assert said.codes == ["missing-script"]
    assert said.code == 1


def test_letters_that_no_extra_has_are_named_as_ever(card: Callable[..., Card]) -> None:
    assert press_file(card, "ᏣᎳᎩ ✈", "en-GB").run().codes == ["missing-glyph"]


def test_a_brands_own_font_of_a_script_goes_first(card: Callable[..., Card]) -> None:
    with TTFont(Path(str(files("manimgx_fonts"))) / "NotoSansKhmer[wght].ttf") as own:
        for number in (1, 16):
            own["name"].setName("Own Khmer", number, 3, 1, 0x409)
        own["name"].setName("OwnKhmer", 25, 3, 1, 0x409)  # with what PostScript names of its styles begin
        own.save(data := io.BytesIO())
    brand = {"typography": {"headline": {"fallbacks": ["Own Khmer"], "weight": 500}}, "fonts": ["own.ttf"]}
    made = press_file(card, "ភ្លៀង", "km-KH", brand=brand, files={"brands/lab/own.ttf": data.getvalue()})
    assert made.run().codes == []
    assert fonts_in(made) == {"OwnKhmer-Medium"}


def test_the_weights_are_those_of_the_brands_roles(card_of_han: Callable[..., Card]) -> None:
    brand = {"typography": {"headline": {"weight": 300}, "body": {"weight": 900}}}
    made = press_file(card_of_han, "春", "ja-JP", brand=brand)
    assert "missing-script" not in made.run().codes
    assert fonts_in(made) == {"NotoSansCJKJP-Light"}


def test_the_list_of_scripts_is_that_of_the_package() -> None:
    there = {file.name for file in files("manimgx_fonts").iterdir() if file.name.endswith(".ttf")}
    named = {f"NotoSans{name}[wght].ttf" for name in script_fonts.NAMES}
    others = {"NotoSans[wght].ttf", "NotoSans-Italic[wght].ttf", "NotoSansSymbols[wght].ttf", "NotoEmoji[wght].ttf"}
    assert there == named | others


@pytest.mark.parametrize("family", script_fonts.FAMILIES)
def test_each_font_is_where_it_is_said_to_be(family: str) -> None:
    said, file = script_fonts.FAMILIES[family], script_fonts.font_file(family)
    assert file is not None
    with TTFont(file, fontNumber=said.number, lazy=True) as font:
        names = font["name"]
        assert (names.getDebugName(16) or names.getDebugName(1)) == family.split(" [")[0]


SHAPES = HAN | {"zh-HK": "HK", "zh-SG": "SC", "zh-TW": "TC", "zh-Hant": "TC", "zh_MO": "HK", "yue-HK": "HK", "ja": "JP"}


@pytest.mark.parametrize("locale", [*SHAPES, "en-GB", "ar-AE", "th-TH"])
def test_whose_han_a_locale_reads(locale: str) -> None:
    assert han_shapes(locale) == SHAPES.get(locale, "")
