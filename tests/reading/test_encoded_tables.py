"""Encodings of tables: no letter is wrong without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressrun.language.locale_letters import letters_of, scripts_of
from pressrun.model.finding import Place
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat

TEXTS = {
    "de": "Grüße aus Köln: für Männer und Mädchen, weiß und groß, Übermut",
    "fr": "Forêt d'été, crème brûlée, à la française, cœur de bœuf, naïve",
    "es": "Año nuevo, corazón, ¿qué tal?, niños y niñas, pingüino",
    "pl": "Zażółć gęślą jaźń, łódka, świeży chleb, dźwięk",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy, čerstvý chléb",
    "hu": "Árvíztűrő tükörfúrógép, őszi gyümölcs",
    "tr": "Güneşli İstanbul, çay ve şeker, ığdır, Ağustos",
    "ru": "Свежий хлеб каждое утро, Осень, жёлтый",
    "el": "Φρέσκο ψωμί κάθε πρωί, Ελλάδα, ωραίος",
    "he": "לחם טרי כל בוקר",
    "lt": "Šviežia duona kiekvieną rytą, ąžuolas, ėjo, žuvis",
    "th": "ขนมปังสดทุกเช้า",
}
ENCODINGS = {
    "de": ["cp1252", "mac_roman", "cp1250", "cp850"], "fr": ["cp1252", "mac_roman"], "es": ["cp1252", "mac_roman"],
    "pl": ["cp1250", "iso8859_2", "mac_latin2", "cp852"], "cs": ["cp1250", "iso8859_2"], "hu": ["cp1250", "iso8859_2"],
    "tr": ["cp1254", "mac_turkish"], "ru": ["cp1251", "koi8-r", "mac_cyrillic", "cp866"], "el": ["cp1253", "mac_greek"],
    "he": ["cp1255"], "lt": ["cp1257"], "th": ["cp874"],
}  # fmt: skip


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize("known", ["own", "others", "none"])
@pytest.mark.parametrize(
    ("language", "encoding"), [(name, one) for name, encodings in ENCODINGS.items() for one in encodings]
)
def test_no_letter_is_wrong_without_a_word(tmp_path: Path, language: str, encoding: str, known: str, rows: int) -> None:
    """Read as it was written, or told: an error shows a word in several ways, a warning those in which it is read."""
    text = TEXTS[language]
    words = text.replace(",", " ").split()
    lines = ["sku;cell", *(f"S{at};{' '.join(words[at % len(words) :])}" for at in range(rows))]
    (tmp_path / "t.csv").write_bytes("\n".join(lines).encode(encoding))
    locales = {"own": [language], "others": ["de-DE", "fr-FR", "pl-PL"], "none": []}[known]
    how = TableFormat(letters=lambda: letters_of(locales))
    table, findings = read_written(tmp_path / "t.csv", "t.csv", how)
    assert table is not None
    assert [one.code for one in findings] == ["guessed-encoding", "delimiter"]
    truth = [line.partition(";")[2] for line in lines[1:]]
    if known == "own":
        assert table.columns[1] == truth
        assert table.faults == {}
    elif table.columns[1] != truth:
        wrong = {word for cell in table.columns[1] for word in cell.split()} - {*words}
        told = findings[0].message + "".join(one.message for one in table.faults.get(1, ()))
        letters = {letter for word in wrong for letter in word if not letter.isascii()} - {*text}
        assert letters <= {*told}
        assert any(word in told for word in wrong)
    said, findings = read_written(tmp_path / "t.csv", "t.csv", TableFormat(encoding=encoding))
    assert said is not None
    assert said.columns[1] == truth
    assert [one.code for one in findings] == ["delimiter"]


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize("eastern", ["ja-JP", "ko-KR", "zh-CN", "zh-TW"])
@pytest.mark.parametrize(
    ("language", "encoding"), [(name, one) for name, encodings in ENCODINGS.items() for one in encodings]
)
def test_beside_an_eastern_language_no_letter_is_wrong_without_a_word(
    tmp_path: Path, language: str, encoding: str, eastern: str, rows: int
) -> None:
    words = TEXTS[language].replace(",", " ").split()
    lines = ["sku;cell", *(f"S{at};{' '.join(words[at % len(words) :])}" for at in range(rows))]
    (tmp_path / "t.csv").write_bytes("\n".join(lines).encode(encoding))
    for locales in ([eastern], [eastern, language]):
        how = TableFormat(
            letters=lambda known=locales: letters_of(known), scripts=lambda known=locales: scripts_of(known)
        )
        table, findings = read_written(tmp_path / "t.csv", "t.csv", how)
        if table is None:
            assert [one.code for one in findings] == ["not-utf-8"]
            assert "like `encoding: cp1252`" in (findings[0].hint or "")
            continue
        if table.columns[1] != [line.partition(";")[2] for line in lines[1:]]:
            told = "".join(one.message for one in (*findings, *table.faults.get(1, ())))
            wrong = {word for cell in table.columns[1] for word in cell.split()} - {*words}
            assert any(word in told for word in wrong), told
        assert findings[0].code == "guessed-encoding"


def test_letters_that_both_have_are_an_error_at_the_cell_and_signs_are_none(tmp_path: Path) -> None:
    how = TableFormat(letters=lambda: letters_of(["fr-FR", "pl-PL"]))
    text = "sku,size,cell,plain\nA,\u2013 5 \u20ac,x,y\nB,,for\xeat,z\n"
    (tmp_path / "t.csv").write_bytes(text.encode("cp1252"))
    table, findings = read_written(tmp_path / "t.csv", "t.csv", how)
    assert table is not None
    assert [one.code for one in findings] == ["guessed-encoding"]
    ((number, (fault,)),) = [(at, told) for at, told in table.faults.items() if at == 2]
    assert (number, fault.code, fault.place) == (2, "not-utf-8", Place("t.csv", 3, 4))
    assert "'forêt' (cp1252), 'foręt' (cp1250)" in fault.message
    assert "encoding: cp1252" in (fault.hint or "")
