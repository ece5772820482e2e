"""Of many rows all layouts are looked at at once; what is found is what a look at each sheet finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from job_campaign import Campaign

from pressrun import plan, registry
from pressrun.load import load_project
from pressrun.model.settings import Settings
from pressrun.run.files.placed_files import PlacedFiles
from pressrun.run.overlays.bare_plan import bare_plan
from pressrun.run.words.sheet_words import SheetWords

LAYOUT = """
page: {{trim: 80px x 80px}}
target: screen
formats: [png]
layers:
  - {{type: text, id: a, text: "{{{{ product.name }}}}", role: headline, color: ink, size: 8px, box: {{in: trim, height: 20%}}}}
  - {{type: text, id: b, text: "{text}", when: "{when}", role: headline, color: ink, size: 8px, box: {{in: trim, y: 40%, height: 20%}}}}
  - {{type: image, id: c, file: {file}, box: {{in: trim, y: 80%, height: 20%}}}}
"""
PLAIN = ("{{ product.sku }}", "product.sku != 'MUG'", "packshots/mug.svg")
CASES = [
    PLAIN,
    ("مرحبا {{ product.sku }}", "product.sku != 'MUG'", "packshots/mug.svg"),
    ("नमस्ते", "product.sku == 'nobody'", "packshots/mug.svg"),
    ("珈琲", "product.sku == 'nobody'", "packshots/mug.svg"),  # for which a font of its own is wanted
    ("珈琲", "product.sku == 'MUG'", "packshots/mug.svg"),
    ("{{ 1 / (product.sku != 'TIN') }}", "product.sku != 'MUG'", "packshots/mug.svg"),
    ("{{ 1 / (product.sku != 'TIN') }}", "product.sku != 'TIN'", "packshots/mug.svg"),
    ("x", "1 / (product.sku != 'TIN')", "packshots/mug.svg"),
    ("x", "product.name", "packshots/nobody.svg"),
    ("x", "product.name", "\"{{ 'packshots/mug.svg' if product.sku == 'MUG' else 'no.svg' }}\""),
    ("{{ layout.name }}", "product.name", "packshots/mug.svg"),
]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    made = Campaign.new(tmp_path_factory.mktemp("rows") / "campaign")
    made.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [post, one, two]")
    return made


@pytest.mark.parametrize(("text", "when", "file"), CASES)
def test_rows_are_found_as_their_sheets_would_be(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, text: str, when: str, file: str
) -> None:
    layouts = campaign.root / "templates/layouts"
    (layouts / "one.yaml").write_text(LAYOUT.format(text=text, when=when, file=file))
    words, when, file = PLAIN
    (layouts / "two.yaml").write_text(LAYOUT.format(text=words, when=when, file=file))
    found = []
    for kept in (10_000, 2):
        monkeypatch.setattr(plan, "MOST_KEPT", kept)
        found.append(_found(campaign.root / "jobs/spring.yaml"))
    assert found[0] == found[1]


def _found(job: Path) -> tuple[Any, ...]:
    project = load_project(job, registry)
    words = SheetWords(project)
    files = PlacedFiles(project, None, words)  # type: ignore[arg-type]  # nothing is kept
    marked = files.marked(bare_plan(project, Settings()))
    return words.scripts.families, marked.findings, marked.of_rows, [(sheet.of, sheet.fault) for sheet in marked.sheets]
