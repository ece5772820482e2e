"""Lines of Thai texts end behind words, which a dictionary tells: no letter of one shows where it ends."""

from __future__ import annotations

import needed
import pytest
from rendering_kit import Press

from pressrun.language import phrases as phrases_of
from pressrun.language.phrases import THAI, parted, phrases
from pressrun.language.thai_words import WordList, thai_words
from pressrun.model.sheet import TextMark

PAGE = """
page: {{trim: 600pt x 600pt}}
target: screen
formats: [png]
layers:
  - {{type: text, id: t, text: x, lines: 9, size: 20pt, role: body, box: {{x: 5pt, y: 5pt, width: {width}pt, height: 500pt}}}}
"""
WORDS = {
    "ดู|แผนที่|ร้านกาแฟ|ใกล้|คุณ": "ดู|แผนที่|ร้านกาแฟ|ใกล้|คุณ",
    "เอสเปรสโซ่| |คาปูชิโน่": "เอสเปรสโซ่| |คาปูชิโน่",
    "ชุด|พิเศษ|ๆ|ลด|20|%": "ชุด|พิเศษๆ|ลด|20%",
    "ราคา| |1,290| |(|รวม| |VAT|)": "ราคา| |1,290| |(รวม| |VAT)",
    "Espresso|กาแฟ": "Espresso|กาแฟ",
    "บิว|\u2060|ดอย|ช้าง": "บิว\u2060ดอย|ช้าง",
}


@pytest.mark.parametrize("parted", WORDS)
def test_no_line_begins_or_ends_with_a_sign_that_belongs_to_a_word(
    parted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever words the dictionary has."""
    known = [word for word in parted.split("|") if not word.isspace()]

    def words(part: str) -> list[str]:
        found: list[str] = []
        while part:
            found.append(next(word for word in known if part.startswith(word)))
            part = part.removeprefix(found[-1])
        return found

    monkeypatch.setattr(phrases_of, "thai_words", words)
    assert phrases(parted.replace("|", ""), THAI) == (tuple(WORDS[parted].split("|")),)


def test_without_the_dictionary_nothing_is_kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressrun.language.thai_words._tokenizer", lambda: None)
    assert phrases("ดูแผนที่", THAI) == ()
    assert phrases("Brew", THAI) == ()  # nor in what has no Thai, with or without it


@pytest.mark.heavy
def test_the_dictionary_knows_words_of_trade() -> None:
    needed.package("pythainlp")
    assert thai_words("เมล็ดกาแฟอาราบิก้า") == ["เมล็ด", "กาแฟ", "อาราบิก้า"]


@pytest.mark.heavy
def test_a_list_of_words_finds_what_the_packages_trie_finds() -> None:
    needed.package("pythainlp")
    from pythainlp.corpus import thai_words as known_words
    from pythainlp.util import Trie

    words = sorted(known_words())
    mine, theirs = WordList(words), Trie(words)
    assert len(mine) == len(theirs)
    text = "".join(words[::97]) + "".join(letter * 2 for letter in "กะาเๆ 1a") + "ก"
    assert [mine.prefixes(text, at) for at in range(len(text) + 1)] == [
        theirs.prefixes(text, at) for at in range(len(text) + 1)
    ]


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("ร้านกาแฟ", ["ร้าน", "กาแฟ"]), ("(ร้านกาแฟๆ)", ["(ร้าน", "กาแฟๆ)"]), ("กาแฟ", ["กาแฟ"]),
        ("ร้านค้าขาย", ["ร้าน", "ค้าขาย"]), ("ดอยช้าง", ["ด", "อ", "ย", "ช้า", "ง"]), ("20%", ["20%"]),
    ],
)  # fmt: skip
def test_a_word_is_parted_into_words_and_one_that_is_not_known_between_letters(
    phrase: str, parts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if phrase == "ดอยช้าง":
        needed.package("pythainlp")
    words = WordList(["ร้าน", "กาแฟ", "ร้านกาแฟ", "ค้า", "ขาย", "ค้าขาย", "ร้านค้า", "ร้านค้าขาย", "กา"])
    monkeypatch.setattr("pressrun.language.thai_words._word_list", lambda: words)
    assert parted(phrase) == parts


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (120, "ดู|แผนที่|ร้านกาแฟ|ใกล้|คุณ|เทศกาล|ดนตรี"), (90, "ดู|แผนที่|ร้านกาแฟ|ใกล้|คุณ|เทศกาล|ดนตรี"),
        (60, "ดู|แผนที่|ร้าน|กาแฟ|ใกล้|คุณ|เทศ|กาล|ดนตรี"), (30, ""),
    ],
)  # fmt: skip
def test_words_are_kept_whole_as_far_as_a_line_holds_them(press: Press, width: int, kept: str) -> None:
    """A word that is wider than a line is parted alone, into the words that it is of."""
    needed.package("pythainlp")
    text = "ดูแผนที่ร้านกาแฟใกล้คุณเทศกาลดนตรี"
    sheet, _ = press.compose(PAGE.format(width=width), layers={"t": {"text": text}}, locale="th-TH")
    (mark,) = (mark for mark in sheet.marks if isinstance(mark, TextMark))
    assert mark.fit is not None
    assert mark.fit.phrases == ((tuple(kept.split("|")),) if kept else ())
    assert mark.fit.lines > 1
    assert mark.fit.overflow == (not kept)
