"""Campaigns to expand: the small one of the load tests, edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.project import Project

SMALL = Path(__file__).parents[1] / "load" / "campaign"


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """A function from edits ({file: {old: new}}) and further files to the loaded project of a campaign edited so."""

    def make(edits: dict[str, dict[str, str]] | None = None, files: dict[str, str] | None = None) -> Project:
        folder = tmp_path / f"campaign-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(SMALL, folder)
        for name, text in (files or {}).items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, replacements in (edits or {}).items():
            text = (folder / name).read_text(encoding="utf-8")
            for old, new in replacements.items():
                assert old in text, f"{name} has no {old!r}"
                text = text.replace(old, new)
            (folder / name).write_text(text, encoding="utf-8")
        return load_project(folder / "jobs/job.yaml", registry)

    return make
