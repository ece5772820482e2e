"""What a plan counts is what a run then makes: files, pages, and the plates that sheets share."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable

import pytest
from job_campaign import Campaign, Ended
from PIL import Image

BADGE = """
page: {trim: [40mm, 60mm], bleed: 2mm, safe: 2mm}
target: print
formats: [press-pdf]
resolution: {floor: 40, target: 50}
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: text, id: name, text: "{{ product.name }}", role: price, size: [6pt, 12pt], lines: 2,
     box: {y: 0mm, height: 14mm}}
  - {type: image, id: badge, file: data/badge.png, BADGE
     box: {x: 5mm, y: 4mm, width: 8mm, height: 8mm}}
"""


@pytest.mark.parametrize("turned", ["", "rotate: 12,"])
def test_the_plates_of_a_plan_are_those_that_are_painted(
    fresh: Campaign, here: Callable[..., Ended], turned: str
) -> None:
    (fresh.root / "templates/layouts/badge.yaml").write_text(BADGE.replace("BADGE", turned), "utf-8")
    Image.new("RGB", (300, 300), "#884422").save(fresh.root / "jobs/data/badge.png")
    fresh.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [post, card, badge]")
    planned = here(fresh, "plan", "--json")
    assert planned.code == 0, planned.out
    told = planned.json
    assert f"{told['plates']}  plates, each painted once" in here(fresh, "plan").out
    fresh.run()
    with contextlib.closing(sqlite3.connect(fresh.root / ".pressrun" / "journal.db")) as journal:
        painted = journal.execute("SELECT count(*) FROM results WHERE kind IN ('plate', 'piece')").fetchone()
    assert told["plates"] == painted[0] > 0
