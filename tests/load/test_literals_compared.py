"""A text that is compared with a column, and is a slip of one that stands there: what it decides would be left out
without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.finding import Finding, Severity

Campaign = Callable[..., Path]
CARD, HERO = "templates/layouts/social/card.yaml", "templates/prompts/hero.j2"
MATERIAL = "did you mean 'stoneware'?"


@pytest.fixture
def told(campaign: Campaign) -> Callable[..., list[Finding]]:
    """What is told of the campaign's slips, with edits."""

    def load(edits: dict[str, dict[str, str]] | None = None, said: str = "stoneware") -> list[Finding]:
        written = {"jobs/data/products.csv": {"clay": said}, **(edits or {})}
        return [one for one in load_project(campaign(written), registry).notes if one.code == "unmatched-text"]

    return load


@pytest.mark.parametrize(
    "condition",
    [
        "product.material == 'stnoeware'", "'stnoeware' == product.material", "product.material != 'stnoeware'",
        "product.material in ['stnoeware', 'steel']", "price and (product.material not in ('steel', 'stnoeware'))",
        "product.material == 'Stoneware'", "product.material == 'stone-ware'",
    ],
)  # fmt: skip
def test_a_layer_that_is_never_there_is_told(told: Callable[..., list[Finding]], condition: str) -> None:
    line = f'  - {{type: text, id: price, text: "{{{{ price | money }}}}", when: "{condition}", size: 20px}}'
    (finding,) = told({CARD: {"when: price": f'when: "{condition}"'}})
    (written,) = [one for one in ("'stnoeware'", "'Stoneware'", "'stone-ware'") if one in condition]
    place = f"{CARD}:9:{line.index(written) + 1}"
    assert (finding.severity, str(finding.place), finding.hint) == (Severity.WARNING, place, MATERIAL)
    assert finding.message == f"no row of jobs/data/products.csv has {written} in 'material', which is asked here"


WRITTEN = {
    "the job's where": {"jobs/job.yaml": {"where: season.start": "where: product.material != 'stnoeware' and season.start"}},
    "a value": {"jobs/job.yaml": {"values:\n": "values:\n  is_clay: product.material == 'stnoeware'\n"}},
    "a table that is looked up": {
        "jobs/data/prices.csv": {"M1,GBP": "stoneware,GBP"},
        "jobs/job.yaml": {"values:\n": "values:\n  is_clay: prices['K1', 'GBP'].sku == 'stnoeware'\n"},
    },
    "the where of a table": {"jobs/job.yaml": {"key: sku, types": "key: sku, where: material != 'stnoeware', types"}},
    "a template of a text": {CARD: {"{{ copy.headline }}": "{% if product.material == 'stnoeware' %}x{% endif %}y"}},
    "a part of it by its name": {CARD: {"{{ copy.headline }}": "{{ 'x' if product['material'] in ['stnoeware'] else 'y' }}"}},
}  # fmt: skip


@pytest.mark.parametrize("where", WRITTEN)
def test_it_is_told_wherever_a_condition_is_written(told: Callable[..., list[Finding]], where: str) -> None:
    (finding,) = told(WRITTEN[where])
    assert finding.hint == MATERIAL
    assert finding.place is not None
    assert finding.place.line


def test_an_override_and_the_items_of_a_list_are_asked_likewise(
    told: Callable[..., list[Finding]], tmp_path: Path
) -> None:
    (tmp_path / "campaign/jobs").mkdir(parents=True)
    over = "overrides: [{when: product.material == 'stnoeware', change: {price: {size: 18px}}}]\n"
    (tmp_path / "campaign/jobs/over.yaml").write_text(over)
    repeat = "repeat: {of: prices, as: one, where: one.currency == 'EURO'}, when: \"one.sku == 'stnoeware'\""
    edits = {
        "jobs/job.yaml": {"layouts: [": "overrides: over.yaml\nlayouts: ["},
        "jobs/data/prices.csv": {"M1,GBP": "stoneware,GBP"},
        CARD: {"when: price": repeat},
    }
    found = told(edits)
    assert [one.place.file for one in found if one.place] == ["jobs/over.yaml", CARD]
    assert {one.hint for one in found} == {MATERIAL}


@pytest.mark.parametrize(
    ("literal", "said"),
    [
        ("stoneware", "stoneware"), ("porcelain", "stoneware"), ("", "stoneware"), ("male", "female"), ("paid", "unpaid"),
        ("sale-2", "sale-1"), ("A-1024", "A-1023"), ("XXL", "XL"), ("red", "green"), ("de-CH", "de-DE"),
        ("Montag", "Sonntag"), ("Juni", "Juli"), ("left", "right"), ("winter", "midwinter"),
    ],
)  # fmt: skip
def test_a_text_of_its_own_that_no_row_has_is_let_be(
    told: Callable[..., list[Finding]], literal: str, said: str
) -> None:
    assert told({CARD: {"when: price": f"when: \"product.material == '{literal}'\""}}, said) == []


def test_a_column_of_more_texts_than_anybody_chooses_from_is_let_be(told: Callable[..., list[Finding]]) -> None:
    many = "".join(f"K{at},Mug,word{at}x,packshots/mug.svg,2027-01-15\n" for at in range(2, 1100))
    edits = {"jobs/data/products.csv": {"clay": "stoneware", "M1,": many + "M1,"}}
    job = {CARD: {"when: price": "when: \"product.material == 'stnoeware'\""}, "jobs/data/copy.csv": {}}
    assert told({**job, **edits}) == []
