"""Pictures among words come from files that a layout or a row names, as those of layers do."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from job_campaign import Campaign, Ended

MENU = """
page: {trim: [60mm, 40mm], bleed: 2mm, safe: 2mm}
target: print
formats: [press-pdf, proof-png]
layers:
  - LAYER
"""
TEXT = """{type: text, id: dish, markup: true, role: price, size: [6pt, 12pt], lines: 3, box: {height: 20mm},
     text: "{{ product.sku }} <picture icons/{{ product.sku | lower }}.svg 1.2/> fresh"}"""
TABLE = """{type: table, id: dishes, rows: "['a', 'b']", markup: true, role: price, size: 8pt, box: {height: 20mm},
     columns: [{text: "{{ item }}"}, {text: "{{ product.sku }} <picture icons/{{ product.sku | lower }}.svg/>"}]}"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="#E4572E"/></svg>'


@pytest.fixture
def menu(fresh: Campaign, request: pytest.FixtureRequest) -> Campaign:
    (fresh.root / "templates/layouts/menu.yaml").write_text(MENU.replace("LAYER", request.param), "utf-8")
    fresh.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [menu]")
    (fresh.root / "jobs/icons").mkdir()
    for sku in ("mug", "tin", "bag"):
        (fresh.root / f"jobs/icons/{sku}.svg").write_text(ICON)
    return fresh


@pytest.mark.parametrize("menu", [TEXT, TABLE], ids=["text", "table"], indirect=True)
def test_each_row_has_its_own(menu: Campaign) -> None:
    assert menu.run().counts.failed == 0
    with pikepdf.open(menu.latest / "assets/MUG/en-GB/menu.pdf") as pdf:
        forms = [one for one in pdf.pages[0].Resources.XObject.values() if one.Subtype == "/Form"]
        assert any(b" k" in form.read_bytes() for form in forms)
    before = {line["path"]: line["sha256"] for line in menu.lines()}
    menu.edit("jobs/icons/tin.svg", "circle", "ellipse rx='2'")
    menu.run()
    changed = {line["path"] for line in menu.lines() if before[line["path"]] != line["sha256"]}
    assert changed == {path for path in before if "/TIN/" in path}


@pytest.mark.parametrize("menu", [TEXT, TABLE], ids=["text", "table"], indirect=True)
def test_one_that_is_not_there_fails_its_row_alone(menu: Campaign, here: Callable[..., Ended]) -> None:
    (menu.root / "jobs/icons/tin.svg").unlink()
    found = here(menu, "check", "--json").json
    errors = {(one["code"], one["row"], one["layer"]) for one in found if one["severity"] == "error"}
    assert {code for code, _, _ in errors} == {"missing-picture"}
    assert {row.partition("/")[0] for _, row, _ in errors} == {"TIN"}
    assert {asset.path.split("/")[1] for asset in menu.run().assets if asset.status == "made"} == {"MUG", "BAG"}
