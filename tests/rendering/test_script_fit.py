"""Texts in the extras' scripts: fitted by the ink that they have, and broken between phrases or words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image
from rendering_kit import Press, SetText, set_text

from pressrun.graphics.typefaces.font_cuts import script_files
from pressrun.graphics.typefaces.fonts import firago_face
from pressrun.graphics.typefaces.script_fonts import fonts_used
from pressrun.language.locale_formats import han_shapes
from pressrun.language.phrases import phrases
from pressrun.model.sheet import TextMark
from pressrun.run.worker import bench as worker

# A word of each script whose ink reaches far above or below the line.
FAR = {
    "km-KH": "ស្ត្រីប៊្រូ", "my-MM": "နွေဦးကြွေး", "lo-LA": "ບໍ່ມີຊື້", "bn-BD": "স্ট্রীট", "ta-IN": "ஸ்ரீ", "te-IN": "స్త్రీ",
    "kn-IN": "ಸ್ತ್ರೀ", "ml-IN": "സ്ത്രീ", "si-LK": "ස්ත්‍රී", "gu-IN": "સ્ત્રી", "pa-IN": "ਸ੍ਰੀ", "or-IN": "ସ୍ତ୍ରୀ", "am-ET": "ሰላም",
    "hy-AM": "Գարուն", "ja-JP": "曇鷹", "ko-KR": "쁆흘", "zh-Hans-CN": "囊鹰", "zh-Hant-TW": "囊鷹",
}  # fmt: skip
OLD_LINE = 1.55  # em, that a line of any such script took once
PAGE = """
page: {{trim: 600pt x 600pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: x, box: {{x: 150pt, y: 150pt, width: {width}pt, height: {height}pt}}, {options}}}]
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory, kept_fonts: Path) -> Iterator[Press]:
    """A press with the extras' fonts, in the weight of the one role that is set here."""
    press = Press(tmp_path_factory.mktemp("scripts"))
    body = press.brand.model_copy(update={"typography": {"body": press.brand.typography["body"]}})
    elsewhere = firago_face().covers
    needed = {(one, locale) for locale, word in FAR.items() for one in fonts_used([word], han_shapes(locale), elsewhere)}
    cuts = script_files(body, needed, elsewhere, kept_fonts)
    press.close()
    press.kit = replace(press.kit, fonts=press.kept_fonts((*press.font_files, *cuts)))
    press.bench = worker.Bench(press.kit)
    yield press
    press.close()


def fit(press: Press, text: str, locale: str, width: float, height: float, options: str) -> SetText:
    layout = PAGE.format(width=width, height=height, options=options)
    sheet, _ = press.compose(layout, layers={"t": {"text": text}}, locale=locale)
    return set_text(press, sheet)["t"]


@pytest.mark.parametrize("locale", FAR)
def test_ink_stays_in_its_box_and_is_larger_than_a_rule_for_all(locale: str, scripts: Press) -> None:
    made = fit(scripts, FAR[locale], locale, 400, 60, "size: [6pt, 90pt], lines: 1")
    assert not made.fact.overflow
    assert made.fact.size > 60 / OLD_LINE
    assert made.ink is not None
    assert made.ink.y >= 149.5
    assert made.ink.bottom <= 210.5


@pytest.mark.parametrize(
    ("text", "locale"),
    [("스캔하고 주문하기", "ko-KR"), ("春の新作コーヒーがお買い得に", "ja-JP"), ("慢慢享受埃塞俄比亚咖啡", "zh-Hans-CN")],
)
def test_a_phrase_is_set_smaller_before_it_is_broken(text: str, locale: str, scripts: Press) -> None:
    longest = max(phrases(text, han_shapes(locale))[0], key=len)
    made = fit(scripts, text, locale, 100, 400, "size: [5pt, 60pt], lines: 5")
    assert not made.fact.overflow
    assert made.fact.size <= 100 / (len(longest) * 0.86)  # hangul is narrower than its square
    assert made.fact.lines > 1


@pytest.mark.parametrize(("text", "locale"), [("新作コーヒーがお買い得に", "ja-JP"), ("주문하기주문하기", "ko-KR")])
def test_a_phrase_wider_than_its_line_at_the_smallest_may_break(text: str, locale: str, scripts: Press) -> None:
    made = fit(scripts, text, locale, 80, 400, "size: [30pt, 40pt], lines: 6")
    assert not made.fact.overflow
    assert made.fact.lines >= 4


PHRASES = {
    ("「朝」――それは珈琲――静かな時間", "JP"): [["「朝」", "――それは", "珈琲――静かな", "時間"]],
    ("春の新作コーヒーがお買い得に", "JP"): [["春の", "新作コーヒーが", "お買い得に"]],
    ("봄을 천천히\n내리다", "KR"): [["봄을", " ", "천천히"], ["내리다"]],
    ("コーヒーっていいな（笑）", "JP"): [["コーヒーって", "いいな", "（笑）"]],
    ("Guji Dawn 新上市", "SC"): [["Guji", " ", "Dawn", " ", "新", "上市"]],
    ("每一杯都是職人手沖的堅持", "TC"): [["每", "一", "杯", "都", "是", "職人", "手沖的", "堅持"]],
    ("全场 ￥1,280 起", "SC"): [["全场", " ", "￥1,280", " ", "起"]],
    ("Spring", "JP"): [],
    ("Spring", "KR"): [],
    ("春の新作", ""): [],
}


@pytest.mark.parametrize(("text", "shapes"), PHRASES)
def test_phrases_are_where_a_reader_takes_breath(text: str, shapes: str) -> None:
    assert [list(line) for line in phrases(text, shapes)] == PHRASES[text, shapes]


SENTENCES = {
    "JP": "価格は税込です。数量限定、なくなり次第終了します。「Guji Dawn」（250g）は29％オフ！すっきりとしたコーヒーっていいですね…",
    "SC": "价格含税，数量有限，售完即止。“古吉晨曦”（250克）七折！图片仅供参考……",
    "TC": "售價含稅，數量有限，售完為止。「古吉晨曦」（250公克）七折！圖片僅供參考……",
}


@pytest.mark.parametrize("shapes", SENTENCES)
def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one(shapes: str) -> None:
    text = SENTENCES[shapes]
    (line,) = phrases(text, shapes)
    assert "".join(line) == text
    assert len(line) > 5
    assert not any(piece[0] in "。、，」）！”…ーっ％" for piece in line)
    assert not any(piece[-1] in "「（“" for piece in line)


# Beside each other what JIS X 4051 and JLREQ tell apart: opening and closing signs, middle dots, full stops, dashes,
# small kana, and figures and Latin letters beside kana and ideographs.
SPACED = {
    "ja-JP": "税込。在庫（5月9日）終了、価格は30 ml・「Guji」です。『新作』：Aラインが10％オフ！",
    "zh-Hans-CN": "含税。库存（5月9日）售完，“Guji”咖啡·250克：“新品”上市，30 ml仅10元！",
    "zh-Hant-TW": "含稅。庫存（5月9日）售完，「Guji」咖啡·250克：『新品』上市，30 ml僅10元！",
    "ko-KR": "세금 포함. 재고(5월 9일) 소진, “Guji” 커피·250g: 30 ml는 10원!",
}
ONE_SIZE = "size: 8pt, lines: {lines}, balance: false, markup: true"
MANY = 40  # lines, of a text that is no headline: its phrases may break


def taken(press: Press, text: str, locale: str, width: float, lines: int) -> float:
    """The width in points, once the text is set where typesetting fails if it takes another one."""
    options = ONE_SIZE.format(lines=lines)
    layout = PAGE.format(width=width, height=400, options=options).replace("x: 150pt", "x: 10pt")
    sheet, _ = press.compose(layout, layers={"t": {"text": text}}, locale=locale)
    set_text(press, sheet)
    (fit,) = (mark.fit for mark in sheet.marks if isinstance(mark, TextMark))
    assert fit
    assert not fit.overflow
    return fit.extent.width


@pytest.mark.parametrize("locale", SPACED)
def test_signs_and_letters_are_spaced_alike_where_phrases_are_kept(locale: str, scripts: Press) -> None:
    text = SPACED[locale]
    assert taken(scripts, text, locale, 580, 5) == pytest.approx(taken(scripts, text, locale, 580, MANY), abs=1e-6)


@pytest.mark.parametrize("locale", SPACED)
def test_each_line_of_phrases_is_spaced_as_it_stands(locale: str, scripts: Press) -> None:
    (pieces,) = phrases(SPACED[locale], han_shapes(locale))
    starts = [at for at in range(len(pieces)) if at == 0 or not pieces[at].isspace()]
    for width in (120, 170):
        found = taken(scripts, SPACED[locale], locale, width, 6)
        first, best = 0, 0.0
        while first < len(pieces):
            lines = [(end, "".join(pieces[first:end]).strip()) for end in (*starts, len(pieces)) if end > first]
            fitting = [(end, wide) for end, line in lines if (wide := taken(scripts, line, locale, 580, MANY)) <= width]
            first, wide = fitting[-1]
            best = max(best, wide)
        assert found == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("lines", [5, MANY])
@pytest.mark.parametrize(
    ("pair", "is_parted"),
    [
        ("は5", True), ("5個", True), ("肌A", True), ("Éを", True), ("ーB", True), ("30%オフ", False), ("数%", False), ("Ａの", False), ("第Ⅳ", False),
        ("約$", False), ("&肌", False), ("5㍑", False), ("5・", False),
    ],
)  # fmt: skip
def test_only_letters_and_figures_are_parted_from_ideographs(pair: str, is_parted: bool, lines: int, scripts: Press) -> None:
    wide = "ＡⅣ"  # which another font draws where no ideograph is
    alone = sum(8.0 if letter in wide else taken(scripts, letter, "ja-JP", 580, MANY) for letter in pair)
    assert taken(scripts, pair, "ja-JP", 580, lines) == pytest.approx(alone + (2 if is_parted else 0), abs=0.001)


def test_no_line_ends_before_a_sign_that_is_not_parted(scripts: Press) -> None:
    text = "肌肌肌肌肌数%引き"
    assert taken(scripts, text, "ja-JP", 6 * 8 + 1, MANY) == pytest.approx(5 * 8, abs=0.001)


@pytest.mark.parametrize("text", ["春、肌がめざめる。30%オフ", "春、肌がめざめる。<b>30%オフ</b>", "春、<b>肌がめ</b>ざめる。30%オフ"])
def test_phrases_are_kept_whatever_is_marked_in_them(text: str, scripts: Press) -> None:
    line = 7.5 * 8  # as wide as 春、肌がめざめ
    assert 4 * 8 < taken(scripts, text, "ja-JP", line, 5) < 5.5 * 8


@pytest.mark.parametrize(("text", "locale"), [("夜――静", "ja-JP"), ("夜——静", "zh-Hans-CN")])
def test_two_dashes_are_one_line_of_two_squares(text: str, locale: str, scripts: Press) -> None:
    widths = [taken(scripts, one, locale, 580, 1) for one in (text, text.replace(text[1:3], ""))]
    layout = PAGE.format(width=400, height=100, options="size: 60pt, lines: 1, color: ink")
    png = scripts.render(layout, layers={"t": {"text": text[1:3]}}, locale=locale).files["png"]
    ink = np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 128
    columns = np.flatnonzero(ink.any(axis=0))
    assert widths[0] - widths[1] == pytest.approx(2 * 8)
    (mark,) = scripts.compose(layout, layers={"t": {"text": text}}, locale=locale)[0].marks
    assert isinstance(mark, TextMark)
    assert scripts.bench.fitter.natural(mark).widths == pytest.approx([4 * 60])  # as a cell of a table
    assert len(columns) == columns[-1] - columns[0] + 1  # no gap
    assert 1.9 < len(columns) / ink.shape[1] * 600 / 60 < 2.0


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("特別価格 ￥1,280", "特別価格 ¥1,280"), ("1,280￥から", "1,280¥から"), ("￥１，２８０", "￥１，２８０"), ("￦ 500", "₩ 500"),
        ("単位は￥", "単位は￥"),
    ],
)  # fmt: skip
def test_a_currency_sign_is_as_wide_as_its_figures(said: str, found: str, scripts: Press) -> None:
    for options in ("", ", markup: true"):
        layout = PAGE.format(width=400, height=60, options=f"size: 20pt, lines: 1{options}")
        sheet, _ = scripts.compose(layout, layers={"t": {"text": said}}, locale="ja-JP")
        (mark,) = sheet.marks
        assert isinstance(mark, TextMark)
        assert mark.text == found
