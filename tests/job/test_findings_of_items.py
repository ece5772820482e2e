"""What is wrong with one of many rows on a sheet is told at its own line, and like errors of several sheets once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended

Here = Callable[..., Ended]
STOCK = """sku,name,ean,euros
C-1,Chair,4006381333931,249
T-1,Table,4006381333999,
L-1,Lamp,4006381333948,179
"""
LAYOUT = """page: {trim: 120mm x 90mm, bleed: 3mm}
target: print
formats: [press-pdf, proof-png]
layers:
  - type: grid
    id: wall
    columns: 3
    layers:
      - type: stack
        id: card
        repeat: {of: rows, sort: item.product.name}
        layers:
          - {type: text, id: price, role: price, text: "{{ item.product.euros | default('1') }}", size: 9pt, color: ink}
          - {type: code, id: ean, role: price, code: ean-13, value: "{{ item.product.ean }}", box: {height: 20mm}}
"""


JOB = """brand: testa
date: 2027-03-01
rows:
  product: {file: data/stock.csv, key: sku, types: {euros: decimal}, group_by: "'all'"}
  market: {items: [{id: de-DE}, {id: fr-FR}, {id: en-GB}], key: id}
locale: market.id
layouts: [wall]
save_as: "wall-{{ market.id }}"
provider: {type: fpo}
"""


@pytest.fixture
def shelf(fresh: Campaign) -> Campaign:
    files = {"jobs/data/stock.csv": STOCK, "templates/layouts/wall.yaml": LAYOUT, "jobs/wall.yaml": JOB}
    for name, text in files.items():
        (fresh.root / name).write_text(text, "utf-8")
    fresh.job = "jobs/wall.yaml"
    return fresh


def test_it_is_told_at_the_line_of_its_row_in_whatever_order_they_are_shown(shelf: Campaign, here: Here) -> None:
    [told] = [one for one in here(shelf, "check", "--json").json if one["code"] == "code-check-digit"]
    assert (told["place"]["line"], told["layer"]) == (3, "ean#3")
    here(shelf, "run")
    of_files = [one for line in shelf.lines() for one in line["findings"] if one["code"] == "code-check-digit"]
    assert {one["place"]["line"] for one in of_files} == {3}


def test_a_text_that_fails_names_the_item(shelf: Campaign, here: Here) -> None:
    shelf.edit("templates/layouts/wall.yaml", "| default('1')", "| money('EUR')")
    [told] = [one for one in here(shelf, "check", "--json").json if one["code"] == "empty-value"]
    assert told["layer"] == "price#3"


def test_a_run_tells_like_errors_once(shelf: Campaign, here: Here) -> None:
    told = [line for line in here(shelf, "run").out.splitlines() if line.startswith("error:")]
    assert len(told) == 1
    assert "assets/wall-de-DE.pdf: layer ean#3: " in told[0]
    assert "(and likewise in 2 more rows: all/fr-FR, all/en-GB)" in told[0]
