"""How a table is encoded is guessed by the languages of the job; what is left open matters where it is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding
from pressrun.model.project import Project

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


@pytest.mark.parametrize(("name", "remark", "severity"), [("forêt", "plain", "error"), ("plain", "forêt", "note")])
def test_what_is_open_is_an_error_where_it_is_printed(
    campaign: Campaign, name: str, remark: str, severity: str
) -> None:
    job = products(campaign, name, remark, "cp1252", "fr-FR,EUR\npl-PL,PLN\n")
    copy = job.parent / "data/copy.csv"
    copy.write_text(copy.read_text().replace("en-GB", "fr-FR"))
    prices = job.parent / "data/prices.csv"
    prices.write_text(prices.read_text().replace("GBP", "EUR"))
    _, told = found(job)
    (doubt,) = [one for one in told if one.code == "not-utf-8"]
    assert str(doubt.severity) == severity
    assert "'forêt' (cp1252), 'foręt' (cp1250)" in doubt.message
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


def test_no_latin_is_made_of_a_japanese_table(campaign: Campaign) -> None:
    job = products(campaign, "ヨーロッパ", "", "shift_jis", "ja-JP,JPY\n")
    assert {(one.code, str(one.severity)) for one in found(job)[1]} >= {("not-utf-8", "error")}
