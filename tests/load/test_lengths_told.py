"""Lengths in what is said of a layout are in the unit of those who write for its target."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError

CAMPAIGN = Path(__file__).parent / "campaign"
PAGES = {
    "screen": ("page: {trim: 400px x 300px}\ntarget: screen\nformats: [png]", "px", "pt"),
    "print": ("page: {trim: A6}\ntarget: print\nformats: [press-pdf]", "mm", "px"),
}


@pytest.mark.parametrize("target", PAGES)
def test_a_box_without_room(target: str, tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    shutil.copytree(CAMPAIGN, root)
    page, unit, other = PAGES[target]
    layer = "{type: shape, id: s, fill: ink, box: {in: trim, x: 500px, y: 20px}}"
    layouts = sorted((root / "templates/layouts").rglob("*.yaml"))
    assert layouts
    for path in layouts:
        path.write_text(f"{page}\nlayers:\n  - {layer}\n", "utf-8")
    [job] = (root / "jobs").glob("*.yaml")
    with pytest.raises(InputError) as refused:
        load_project(job, registry)
    told = [one.message for one in refused.value.findings if one.code == "empty-box"]
    assert told
    assert all(f" {unit} wide" in message and f" {other}" not in message for message in told)
