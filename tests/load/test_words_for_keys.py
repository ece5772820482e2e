"""A word that stands for keys (``clip: ellipse``), misspelt: told as what it is, not as a key that nobody wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("clip: elipse", "ellipse"),
        ("clip: {shape: elipse}", "ellipse"),
        ("clip: stars", "star"),
        ("shadow: sof", "soft"),
        ("shadow: {edge: sof}", "soft"),
        ("shadow: contac", "contact"),  # which a picture alone has
    ],
)
def test_a_misspelt_word_brings_the_one_that_was_meant(campaign: Callable[..., Path], written: str, meant: str) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": f"picture: hero, {written}"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("unknown-value", f"did you mean '{meant}'?")


def test_what_stands_in_place_of_keys_brings_them(campaign: Callable[..., Path]) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": "picture: hero, border: flame"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("wrong-type", "its keys: all, top, right, bottom, left")


@pytest.mark.parametrize(
    ("written", "known"),
    [("shadow: xyz", {"soft", "hard", "none", "contact"}), ("clip: xyz", {"rect", "ellipse", "polygon", "star", "arrow", "path"})],
)
def test_a_word_like_none_that_is_known_brings_all_of_them(
    campaign: Callable[..., Path], written: str, known: set[str]
) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": f"picture: hero, {written}"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert finding.hint
    assert set(finding.hint.removeprefix("known: ").split(", ")) == known


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
@pytest.mark.parametrize("key", ["opacity: {}", "rotate: {}", "focus: [{}, 0.5]", "tint: {{color: ink, strength: {}}}"])
def test_a_number_has_an_end(campaign: Callable[..., Path], number: str, key: str) -> None:
    added = f"picture: hero, {key.format(number)}"
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": added}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    assert {one.place.line for one in caught.value.findings if one.place} == {5}


BRAND = "brands/plain/brand.yaml"
CARD = "templates/layouts/social/card.yaml"


@pytest.mark.parametrize(
    ("edits", "code", "place", "hint"),
    [
        ({CARD: {"[jpeg]": "[press-pdf]"}}, "unknown-format", "3:11", "a file for press is of a layout with `target: print`"),
        ({CARD: {"[jpeg]": "[jpg]"}}, "unknown-format", "3:11", "did you mean 'jpeg'?"),
        ({CARD: {"target: screen": "target: print", "[jpeg]": "[jpg]"}}, "unknown-format", "3:11", "proof-png is a picture"),
        ({CARD: {"when: price": "when: $price"}}, "bad-expression", "9:", "without a sign before them: price"),
        ({CARD: {"when: price": "when: price AND price"}}, "bad-expression", "9:70", "write 'and'"),
        ({CARD: {"when: price": "when: \"price ? price : theme\""}}, "bad-expression", "", "write price if price else theme"),
        ({CARD: {"when: price": "when: locale == “de”"}}, "bad-expression", "", "write straight ones"),
        ({CARD: {"when: price": "when: price <> 3"}}, "bad-expression", "", "write !="),
        ({CARD: {"id: price": "id: headline"}}, "duplicate-layer", "9:22", "give each of them a `when`"),
        ({CARD: {"id: price": "id: scene"}}, "duplicate-layer", "9:22", "give one of them another id"),
        ({CARD: {"picture: hero": "picture: hero, width: 3px"}}, "unknown-key", "", "`box: {width: …}`"),
        ({CARD: {"role: headline": "role: headline, colour: ink"}}, "unknown-key", "", "did you mean 'color'?"),
        ({CARD: {"role: headline": "role: headline, font: Inter"}}, "unknown-key", "", "the type is of the `role`"),
        ({CARD: {"when: price": "if: price"}}, "unknown-key", "", "its `when` holds"),
        ({BRAND: {"logos:": "print: {conditions: {coated: {}}}\nlogos:"}}, "unknown-key", "9:9", "are of a job"),
    ],
)  # fmt: skip
def test_what_was_probably_meant_is_told_in_one_line_at_its_place(
    campaign: Callable[..., Path], edits: dict[str, dict[str, str]], code: str, place: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_project(campaign(edits), registry)
    (finding,) = caught.value.findings
    assert finding.code == code
    assert str(finding.place).startswith(f"{next(iter(edits))}:{place}")
    assert hint in (finding.hint or "")


def test_a_hint_names_no_key_that_this_kind_of_layer_has_not(campaign: Callable[..., Path]) -> None:
    with pytest.raises(InputError) as caught:
        load_project(campaign({CARD: {"role: headline": "role: headline, src: a.svg"}}), registry)
    assert [one.hint for one in caught.value.findings] == [None]


def test_two_pages_of_one_id_are_called_pages(campaign: Callable[..., Path]) -> None:
    pages = "pages: [{id: one, layers: []}, {id: one, layers: []}]\nlayers:"
    with pytest.raises(InputError) as caught:
        load_project(campaign({CARD: {"layers:": pages}}), registry)
    (finding,) = caught.value.findings
    assert (finding.code, finding.message.split(";")[0]) == ("duplicate-layer", "two pages have the id 'one'")
    assert finding.place
    assert finding.place.line == 4


@pytest.mark.parametrize(
    ("name", "old", "new", "hint"),
    [
        ("jobs/job.yaml", "{file: data/products.csv", "{csv: data/products.csv", "did you mean 'file'?"),
        ("templates/layouts/social/card.yaml", "page: {trim:", "page: {width:", "both edges stand in 'trim', like trim: 148mm x 105mm"),
    ],
)
def test_usual_words_for_a_key_bring_the_one_that_is_meant(
    campaign: Callable[..., Path], name: str, old: str, new: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_project(campaign({name: {old: new}}), registry)
    assert hint in [finding.hint for finding in caught.value.findings if finding.code == "unknown-key"]


@pytest.mark.parametrize("written", ["stroke_width", "stroke-width", "line_width", "thickness"])
def test_the_width_of_a_stroke_is_meant_by_what_others_call_it(campaign: Callable[..., Path], written: str) -> None:
    rule = f"picture: hero}}\n  - {{type: shape, id: rule, stroke: ink, {written}: 2pt, box: {{in: trim}}"
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": rule}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    assert ("unknown-key", "did you mean 'width'?") in [(one.code, one.hint) for one in caught.value.findings]


@pytest.mark.parametrize(
    ("edits", "hint"),
    [
        ({"copy: {file: data/copy.csv}": "copy: data/copy.csv"}, "write {file: data/copy.csv}"),
        ({"{{ product.sku }}": "{{ product.launch }}{{ product.sku }}", "types: {launch: date}": "types: {}"},
         "change the cell, or write product.launch | default('…') in save_as"),
        ({"prices[product.sku, region.currency].amount": "\"{'K1': 1, 'M1': 2}[product.sku]\""},
         "what is looked up stands in one of `tables`; of few values, write a if … else b"),
    ],
)  # fmt: skip
def test_what_to_write_instead_is_told_and_nothing_that_follows(
    campaign: Callable[..., Path], edits: dict[str, str], hint: str
) -> None:
    empty = {"jobs/data/products.csv": {",2027-01-15": ","}} if "default" in hint else {}
    with pytest.raises(InputError) as caught:
        load_project(campaign({"jobs/job.yaml": edits, **empty}), registry)
    errors = [one for one in caught.value.findings if one.is_error]
    assert [one.hint for one in errors] == [hint]


@pytest.mark.parametrize("pages", [
    "[{id: one, flow: headline}, {id: headline}]", "[{id: one, flow: one, layers: [{type: text, id: one, text: a, size: 9px}]}]",
])  # fmt: skip
def test_a_page_and_a_layer_of_one_id_are_one_fault(campaign: Callable[..., Path], pages: str) -> None:
    with pytest.raises(InputError) as caught:
        load_project(campaign({CARD: {"layers:": f"pages: {pages}\nlayers:"}}), registry)
    (finding,) = caught.value.findings
    assert finding.code == "duplicate-layer"
    assert finding.message.startswith("a page and a layer have the id ")


def test_copy_that_is_not_there_is_told_where_it_is_asked_for(campaign: Callable[..., Path]) -> None:
    with pytest.raises(InputError) as caught:
        load_project(campaign({"jobs/job.yaml": {"copy: {file: data/copy.csv}": "copy:"}}), registry)
    errors = [one for one in caught.value.findings if one.is_error]
    assert errors
    assert all("copy" in one.message for one in errors)


@pytest.mark.parametrize("key", ["rotate: V", "scale: V", "opacity: V", "mirror: V", "flip: V", "box: {width: V}", "shadow: V", "lines: V"])
@pytest.mark.parametrize("value", ["{{ product.angle }}", "product.angle"])
def test_a_key_that_takes_no_value_by_row_names_the_way_round(
    campaign: Callable[..., Path], key: str, value: str
) -> None:
    written = key.replace("V", f'"{value}"')
    with pytest.raises(InputError) as caught:
        load_project(campaign({CARD: {"role: headline": f"{written}, role: headline"}}), registry)
    assert ["each with its `when`" in (one.hint or "") for one in caught.value.findings] == [True]


def test_the_way_round_is_one(campaign: Callable[..., Path]) -> None:
    tall = "{type: text, id: name, text: a, role: headline, size: 9px, rotate: 90, when: product.sku == 'K1'}"
    wide = "{type: text, id: name, text: a, role: headline, size: 9px, when: product.sku != 'K1'}"
    project = load_project(campaign({CARD: {"layers:": f"layers:\n  - {tall}\n  - {wide}"}}), registry)
    assert [one.rotate for one in project.layouts["social/card"].layout.layers[:2]] == [90, 0]
