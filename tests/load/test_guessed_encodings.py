"""How a table is encoded is guessed by the languages of the job; what is left open matters where it is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.language.locale_letters import scripts_of
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.project import Project
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import TableFormat

Campaign = Callable[..., Path]
PRODUCTS = "sku,name,material,packshot,launch,remark\nK1,{},steel,packshots/kettle.svg,2027-01-15,{}\n"


def found(job: Path) -> tuple[Project | None, list[Finding]]:
    try:
        project = load_project(job, registry)
    except InputError as error:
        return None, [one for one in error.findings if one.code in ("not-utf-8", "guessed-encoding")]
    return project, [one for one in project.notes if one.code in ("not-utf-8", "guessed-encoding")]


def products(
    campaign: Campaign, name: str, remark: str, encoding: str, regions: str = "en-GB,GBP\npl-PL,PLN\n"
) -> Path:
    job = campaign({"jobs/data/copy.csv": {"de-DE": "pl-PL"}, "jobs/data/prices.csv": {"EUR": "PLN"}})
    (job.parent / "data/products.csv").write_bytes(PRODUCTS.format(name, remark).encode(encoding))
    (job.parent / "data/regions.csv").write_bytes(("locale,currency\n" + regions).encode(encoding))
    return job


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2", "mac_latin2"])
def test_the_encoding_is_that_whose_letters_the_locales_have(campaign: Campaign, encoding: str) -> None:
    project, told = found(products(campaign, "Łódka źle", "gęś", encoding))
    assert project is not None, told
    assert project.row_sets["product"].records[0].name == "Łódka źle"
    assert [(one.code, one.message) for one in told] == [
        ("guessed-encoding", f"the text is not UTF-8, and is read as {encoding}: 'gęś', 'Łódka', 'źle'")
    ]


@pytest.mark.parametrize(("name", "remark", "severity"), [("forêt", "plain", "error"), ("plain", "forêt", "warning")])
def test_what_is_open_is_an_error_where_it_is_printed_and_told_once(
    campaign: Campaign, name: str, remark: str, severity: str
) -> None:
    job = products(campaign, name, remark, "cp1252", "fr-FR,EUR\npl-PL,PLN\n")
    copy = job.parent / "data/copy.csv"
    copy.write_text(copy.read_text().replace("en-GB", "fr-FR"))
    prices = job.parent / "data/prices.csv"
    prices.write_text(prices.read_text().replace("GBP", "EUR"))
    _, told = found(job)
    (doubt,) = told  # one cause, one message
    assert str(doubt.severity) == severity
    assert ("'forêt' (cp1252), 'foręt' (cp1250)" if severity == "error" else "as cp1252: 'forêt'") in doubt.message
    assert "encoding: cp1252" in (doubt.hint or "")
    said = job.read_text().replace("products.csv,", "products.csv, encoding: cp1252,")
    job.write_text(said)
    assert found(job)[1] == []


def test_the_table_that_names_the_locales_is_read_by_them(campaign: Campaign) -> None:
    job = products(campaign, "Kettle", "", "cp1250", "pl-PL,PLN,Łódź źle\nen-GB,GBP,\n")
    regions = job.parent / "data/regions.csv"
    regions.write_bytes(regions.read_bytes().replace(b"currency\n", b"currency,town\n"))
    project, (told,) = found(job)
    assert project is not None
    assert project.row_sets["region"].records[0].town == "Łódź źle"
    assert "cp1250" in told.message


def test_texts_are_read_by_the_locales_of_their_columns(campaign: Campaign) -> None:
    job = campaign()
    copy = job.parent / "data/copy.csv"
    lines = copy.read_text().splitlines()
    lines[0] += ",lt-LT"
    lines[1:] = [f'{line},"Šviežia ėjo ąžuolas"' for line in lines[1:]]
    copy.write_bytes("\n".join(lines).encode("cp1257"))
    project, (told,) = found(job)
    assert project is not None
    assert "is read as cp1257" in told.message


def test_a_capital_within_a_word_is_no_way_to_read_it(campaign: Campaign) -> None:
    job = products(campaign, "Mêg", "", "cp1252", "en-GB,GBP\n")
    (doubt,) = [one for one in found(job)[1] if one.code == "not-utf-8"]
    assert "'Mêg' (cp1252)" in doubt.message
    assert "MÍg" not in doubt.message


@pytest.mark.parametrize("name", ["L’Oréal", "l’Est", "Côte d’Ivoire"])
def test_a_letter_after_an_apostrophe_is_a_capital_as_any(campaign: Campaign, name: str) -> None:
    job = products(campaign, name, "", "cp1252", "fr-FR,EUR\n")
    _, told = found(job)
    assert any(f"'{name.split()[-1]}'" in one.message for one in told), told
    assert not any("líEst" in one.message and one.code == "guessed-encoding" for one in told)


EASTERN = {  # locale: words, as many as a small table has, and the encodings that people save them in
    "ja-JP": ("手作りマグカップ 北海道産の牛乳 ヨーロッパ風 表示 ｶﾞﾗｽ", "cp932 shift_jis euc_jp"),
    "ko-KR": ("수제머그컵 신선한우유 유럽풍주전자 똠방각하", "cp949"),
    "zh-CN": ("手工陶瓷杯 新鲜牛奶 欧洲风格的茶壶 咖啡滤杯", "gb18030 gbk"),
    "zh-TW": ("手工陶瓷杯 新鮮牛奶 歐洲風格的茶壺 功夫茶具", "big5 cp950 gb18030"),
}


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize(
    ("locale", "encoding"), [(locale, name) for locale, (_, names) in EASTERN.items() for name in names.split()]
)
def test_chinese_japanese_and_korean_are_read_by_the_letters_in_common_use(
    campaign: Campaign, locale: str, encoding: str, rows: int
) -> None:
    words = EASTERN[locale][0].split()
    for regions in (f"{locale},EUR\n", f"{locale},EUR\nde-DE,EUR\npl-PL,PLN\n"):
        job = products(campaign, words[0], "", encoding, regions)
        file = job.parent / "data/products.csv"
        lines = [f"K{at},{words[at % len(words)]},steel,packshots/kettle.svg,2027-01-15," for at in range(1, rows + 1)]
        file.write_bytes("\n".join(["sku,name,material,packshot,launch,remark", *lines]).encode(encoding))
        _, told = found(job)
        (one,) = [one for one in told if one.place and one.place.file == "jobs/data/products.csv"]
        assert (one.code, str(one.severity)) == ("guessed-encoding", "warning")
        assert words[1] in one.message
        table, _ = read_written(file, "t.csv", TableFormat(scripts=lambda: scripts_of([locale, "de-DE", "pl-PL"])))
        assert table is not None
        assert table.columns[1] == [words[at % len(words)] for at in range(1, rows + 1)]


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize(
    "words", ["珈琲 檸檬 薔薇", "ｶﾞﾗｽ ﾏｸﾞｶｯﾌﾟ", "Tｼｬﾂ 珈琲豆", "USBｹｰﾌﾞﾙ ｺｰﾋｰ", "髙島屋 﨑陽軒", "｢ﾊﾞﾗ｣ 薔薇"]
)
def test_japanese_of_rarer_letters_is_read_where_it_can_be_nothing_else(
    campaign: Campaign, words: str, rows: int
) -> None:
    some = words.split()
    for regions in ("ja-JP,JPY\n", "ja-JP,JPY\nde-DE,EUR\npl-PL,PLN\n"):
        job = products(campaign, some[0], "", "cp932", regions)
        file = job.parent / "data/products.csv"
        lines = [f"K{at},{some[at % len(some)]},steel,packshots/kettle.svg,2027-01-15," for at in range(1, rows + 1)]
        file.write_bytes("\n".join(["sku,name,material,packshot,launch,remark", *lines]).encode("cp932"))
        (one,) = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
        assert (one.code, str(one.severity)) == ("guessed-encoding", "warning")
        assert "is read as cp932" in one.message
        assert all(word in one.message for word in some)


@pytest.mark.parametrize("name", ["Käse", "Grüße", "élève", "él", "ÉTÉ", "50°", "naïf", "«été»", "Öl", "½"])
def test_no_letter_of_japanese_is_made_of_one_of_latin(campaign: Campaign, name: str) -> None:
    job = products(campaign, name, "", "cp1252", "ja-JP,JPY\n")
    told = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
    assert not any(f"read as {one}" in fault.message for fault in told for one in ("cp932", "euc_jp")), told


def test_rare_words_that_two_encodings_have_are_asked_for(campaign: Campaign) -> None:
    job = products(campaign, "珈琲", "", "cp932", "ja-JP,JPY\n")
    (one,) = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
    assert (one.code, str(one.severity)) == ("not-utf-8", "error")
    assert "'珈琲' (cp932)" in one.message
    assert "(euc_jp)" in one.message


def test_what_two_languages_read_otherwise_is_asked_for(campaign: Campaign) -> None:
    job = products(campaign, "수제 머그컵", "", "cp949", "ko-KR,EUR\nzh-CN,EUR\n")
    (one,) = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
    assert (one.code, str(one.severity)) == ("not-utf-8", "error")
    assert "'수제' (cp949)" in one.message
    assert "(gb18030)" in one.message


def test_no_japanese_is_made_of_a_latin_table(campaign: Campaign) -> None:
    job = products(campaign, "Käse für Grüße", "forêt", "cp1252", "ja-JP,JPY\nde-DE,EUR\n")
    (one,) = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
    assert "Käse" in one.message


@pytest.mark.parametrize(
    ("locale", "encoding", "name", "word"),
    [
        ("ja-JP", "cp932", "手作りマグカップ".encode("cp932") + b"\xfa\x58", "手作りマグカップ㈱"),
        ("ja-JP", "cp932", "手作りマグカップ".encode("cp932") + b"\xfa\x4b", "手作りマグカップⅡ"),
        ("zh-TW", "cp950", b"\xa2\xcc" + "人茶具歐洲風格".encode("cp950"), "十人茶具歐洲風格"),
    ],
)
def test_a_letter_that_has_two_forms_in_bytes_is_found(
    campaign: Campaign, locale: str, encoding: str, name: bytes, word: str
) -> None:
    job = products(campaign, "NAME", "", "ascii", f"{locale},EUR\n")
    file = job.parent / "data/products.csv"
    file.write_bytes(file.read_bytes().replace(b"NAME", name))
    (one,) = [one for one in found(job)[1] if one.place and one.place.file == "jobs/data/products.csv"]
    assert one.code == "guessed-encoding", one
    assert f"read as {encoding}: '{word}'" in one.message
    assert one.place is not None
    assert (one.place.line, one.place.column) == (2, 4)
