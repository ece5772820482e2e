"""Cells that begin or end with blanks are told, once a column that something reads, and may be read without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project

ROWS = "product: {file: data/products.csv, key: sku, types: {launch: date}}"
PRODUCTS = "jobs/data/products.csv"
CARD = "templates/layouts/social/card.yaml"


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({"Kettle": "Kettle ", "Mug": " Mug"}, "'Kettle ' of 'name' begins or ends with a blank, and is printed and compared so (1 more cell likewise)"),
        ({"Mug": f'"Mug that {"stands " * 5}\n"'}, "'… stands stands stands stands \\n' of 'name' begins or ends with a blank, and is printed and compared so"),
        ({"K1": " K1 ", "2027-01-15": "2027-01-15 "}, ""),  # are read without
    ],
)  # fmt: skip
def test_cells_with_blanks_at_their_ends(campaign: Callable[..., Path], edits: dict[str, str], told: str) -> None:
    plain = {CARD: {"{{ copy.headline }}": "{{ product.name }}"}}
    notes = load_project(campaign({**plain, PRODUCTS: edits}), registry).notes
    found = [(one.severity, str(one.place), one.message) for one in notes if one.code == "blank-ends"]
    line = 2 if "Kettle" in edits else 3
    assert found == ([("note", f"{PRODUCTS}:{line}", told)] if told else [])


def test_a_table_is_read_without_them(campaign: Callable[..., Path]) -> None:
    trim = {ROWS: ROWS.replace("key: sku", "key: sku, trim: true")}
    edits = {PRODUCTS: {"Kettle": '" Kettle  of\n steel "'}, "jobs/job.yaml": trim, CARD: {"{{ copy.headline }}": "{{ product.name }}"}}
    project = load_project(campaign(edits), registry)
    assert [record["name"] for record in project.row_sets["product"]] == ["Kettle of\n steel", "Mug"]
    assert "blank-ends" not in [one.code for one in project.notes]
