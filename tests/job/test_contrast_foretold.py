"""`check` tells of texts that cannot be read on the one colour that they stand on, in the words of a run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended

Here = Callable[..., Ended]
LAYOUT = """page: {trim: 120mm x 90mm, bleed: 3mm}
target: print
formats: [press-pdf, proof-png]
ground: paper
layers:
  - {type: image, id: photo, file: packshots/mug.svg, box: {x: 80mm, width: 40mm, height: 40mm}}
  - {type: shape, id: band, fill: sand, box: {in: bleed, y: 50mm, height: 20mm}}
  - {type: shape, id: fade, fill: {gradient: linear, stops: [paper, sand]}, box: {in: bleed, y: 70mm, height: 20mm}}
  - {type: text, id: on-page, text: Pale, role: price, color: sand, size: 9pt, box: {width: 30mm, height: 6mm}}
  - {type: text, id: on-shape, text: Light, role: price, color: paper, size: 9pt, box: {y: 56mm, width: 30mm, height: 6mm}}
  - {type: text, id: on-panel, text: Light, role: price, color: paper, size: 9pt, panel: {color: sand, padding: 2mm}, box: {y: 12mm, width: 30mm, height: 6mm}}
  - {type: text, id: one-of-two, text: Dark, role: price, color: [sand, ink], size: 9pt, box: {y: 20mm, width: 30mm, height: 6mm}}
  - {type: text, id: on-edge, text: Light, role: price, color: paper, size: 9pt, box: {y: 45.5mm, x: 40mm, width: 30mm, height: 6mm}}
  - {type: text, id: unseen, text: Light, role: price, color: sand, size: 9pt, panel: {color: sand, padding: 2mm}, box: {y: 30mm, width: 30mm, height: 6mm}}
  - {type: text, id: on-fade, text: Light, role: price, color: paper, size: 9pt, box: {y: 75mm, width: 30mm, height: 6mm}}
"""
JOB = """brand: testa
date: 2027-03-01
rows: {one: {items: [{id: a}], key: id}}
locale: de-DE
layouts: [flat]
save_as: flat
provider: {type: fpo}
"""


@pytest.fixture
def flat(fresh: Campaign) -> Campaign:
    (fresh.root / "jobs/flat.yaml").write_text(JOB, "utf-8")
    (fresh.root / "templates/layouts/flat.yaml").write_text(LAYOUT, "utf-8")
    fresh.job = "jobs/flat.yaml"
    return fresh


def weak(findings: list[dict[str, str]]) -> dict[str, tuple[str, str, str]]:
    return {
        one["layer"]: (one["severity"], one["message"], one.get("hint", ""))
        for one in findings
        if one["code"] in {"low-contrast", "invisible-text"}
    }


def test_it_says_what_the_run_will_say_where_the_ground_is_one_colour(flat: Campaign, here: Here) -> None:
    foretold = weak(here(flat, "check", "--json").json)
    assert sorted(foretold) == ["on-page", "on-panel", "on-shape", "unseen"]
    here(flat, "run")
    found = weak([one for line in flat.lines() for one in line["findings"]])
    assert sorted(found) == ["on-edge", "on-fade", "on-page", "on-panel", "on-shape", "unseen"]
    assert foretold == {layer: found[layer] for layer in foretold}


def test_a_level_holds_for_what_is_foretold(flat: Campaign, here: Here) -> None:
    flat.edit("templates/layouts/flat.yaml", "layers:", "checks: {contrast: {level: 'off', because: x}}\nlayers:")
    assert not weak(here(flat, "check", "--json").json)
