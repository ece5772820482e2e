"""However a campaign came to be what it is, a run of it is the same: the store, kept runs and carried rows leave no trace.

Edits at random are made one after the other, some taken back; after each, the campaign with a history and a fresh copy
are run. More of them: ``PRESSRUN_EDITS=200 pytest tests/job/test_random_edits.py``.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from job_campaign import Campaign
from test_carried_rows import long_runs

from pressrun.model.errors import InputError

__all__ = ["long_runs"]  # also the record of these few files is carried over, whole or by its rows

SEEDS = int(os.environ.get("PRESSRUN_EDITS", "2"))
EDITS = 5
AUTHORED = ("brands", "jobs", "templates")
TEXTS = (
    "", "Mug", "Großer Becher mit Deckel und Henkel", " Tin", "Tin ", '5" mug', "it's", "10 - 20 %", "東京 モーニング",
    "صباح الخير", "A\u00a0B", "a & b", "<b>x</b>", "Two  blanks", "x" * 40, "{{ x }}", "12,90",
)  # fmt: skip
PRICES = ("11.50", "12.9", "12.90", "7", "0", "", "1234567.89", "12,9O")
NEW = {
    "products.csv": ["NEW", "A new one", "a shelf", "packshots/tin.svg"],
    "prices.csv": ["NEW", "EUR", "3.10"],
    "regions.csv": ["fr-FR", "EUR"],
}
CARD, POST, BRAND, SPRING = (
    "templates/layouts/card.yaml", "templates/layouts/post.yaml", "brands/testa/brand.yaml", "jobs/spring.yaml",
)  # fmt: skip
TURNS = (
    (CARD, "y: 21mm", "y: 21.5mm"), (CARD, "9pt]}", "9pt], fit_group: all}"), (CARD, "press-pdf, proof-png", "press-pdf"),
    (POST, "[8px, 14px]", "[6px, 12px]"), (POST, "[png]", "[png, jpeg]"), (POST, "lines: 2}", "lines: 2, fit_group: heads}"),
    (BRAND, "[0, 79, 88, 2]", "[0, 70, 88, 2]"), (BRAND, "#EBD7B9", "#EBD7B0"), (BRAND, "terms: [warm]", "terms: [cold]"),
    (SPRING, "[post, card]", "[card, post]"), (SPRING, "2027-03-01", "2027-03-02"),
    (SPRING, "expand: [product, region]", "expand: [region, product]"), (SPRING, "[{type: tone}]", "[{type: grain}]"),
    (SPRING, "sku}", "sku, sort: product.name}"), (SPRING, "theme: calm", "theme: calm\nwhere: product.sku != 'TIN'"),
    ("templates/prompts/scene.j2", "a place for", "a spot for"), ("brands/testa/logo.svg", 'r="9"', 'r="8"'),
)  # fmt: skip


def of_a_table(chance: random.Random, root: Path, change: Callable[[str, list[str], list[list[str]]], None]) -> None:
    path = root / "jobs/data" / chance.choice(("copy.csv", "products.csv", "prices.csv", "regions.csv"))
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    change(path.name, header, rows)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    path.write_text(written.getvalue(), "utf-8")


def edit(chance: random.Random, root: Path) -> None:
    """One edit, as people make them: a cell, a row, the order, or a line of the brand, a layout or the job."""

    def a_cell(name: str, header: list[str], rows: list[list[str]]) -> None:
        columns = {"copy.csv": (2, 3), "products.csv": (1, 2), "prices.csv": (2,)}.get(name)
        if columns:
            chance.choice(rows)[chance.choice(columns)] = chance.choice(PRICES if name == "prices.csv" else TEXTS)

    def another_row(name: str, header: list[str], rows: list[list[str]]) -> None:
        if name in NEW and NEW[name] not in rows:
            rows.insert(chance.randint(0, len(rows)), NEW[name])
        elif len(rows) > 1:
            rows.pop(chance.randrange(len(rows)))

    def another_order(name: str, header: list[str], rows: list[list[str]]) -> None:
        chance.shuffle(rows)

    kind = chance.choice((a_cell, a_cell, a_cell, another_row, another_order, None, None))
    if kind:
        return of_a_table(chance, root, kind)
    file, old, new = chance.choice(TURNS)
    text = (root / file).read_text("utf-8")
    (root / file).write_text(text.replace(new, old) if new in text else text.replace(old, new, 1), "utf-8")
    return None


def authored(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for part in AUTHORED for path in (root / part).rglob("*.*")}


def outcome(campaign: Campaign) -> Any:
    """All that a run says and makes, but for when, and whether a file was there already."""
    try:
        campaign.run()
    except InputError as error:
        return sorted(map(str, error.findings))
    lines = campaign.lines()
    for line in lines:
        del line["status"]
        for picture in line["pictures"]:
            del picture["reused"]
    manifest = campaign.manifest()
    told = {name: manifest[name] for name in ("inputs", "findings", "checks", "overrides", "notes", "exit")}
    return lines, campaign.assets(), told, manifest["counts"]["planned"], manifest["counts"]["failed"]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_history_leaves_no_trace(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    edited = Campaign.new(tmp_path / "edited")
    outcome(edited)
    before = [authored(edited.root)]
    for number in range(EDITS):
        if chance.random() < 0.2:
            for path, content in chance.choice(before).items():
                (edited.root / path).write_bytes(content)
        else:
            edit(chance, edited.root)
        before.append(authored(edited.root))
        fresh = tmp_path / f"fresh-{number}"
        for part in AUTHORED:
            shutil.copytree(edited.root / part, fresh / part)
        found, wanted = outcome(edited), outcome(Campaign(fresh))
        assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)
        shutil.rmtree(fresh)
