"""A small campaign that loads without a word, and copies of it with something changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
JOB = "jobs/job.yaml"


def make_campaign(folder: Path, edits: dict[str, dict[str, str]] | None = None, overlay: Path | None = None) -> Path:
    """Copy the campaign to `folder`, with the files of `overlay` over it and texts replaced; the path of its job."""
    shutil.copytree(HERE / "campaign", folder, dirs_exist_ok=True)
    edits = dict(edits or {})
    if overlay is not None:
        ignored = shutil.ignore_patterns("edits.yaml", "expected.txt")
        shutil.copytree(overlay, folder, dirs_exist_ok=True, ignore=ignored)
        if (overlay / "edits.yaml").exists():
            edits.update(yaml.safe_load((overlay / "edits.yaml").read_text(encoding="utf-8")))
    for name, replacements in edits.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in replacements.items():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder / JOB


@pytest.fixture
def campaign(tmp_path: Path) -> Callable[..., Path]:
    """A function from edits ({file: {old: new}}) to the job of a campaign edited so."""
    return lambda edits=None, overlay=None: make_campaign(tmp_path / "campaign", edits, overlay)
