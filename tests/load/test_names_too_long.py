"""A name that is too long for any disk is a file that is not there, wherever it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.commands import cli
from pressrun.load import load_project
from pressrun.model.errors import InputError

GOOD = Path(__file__).parent / "campaign"
NAMED = {  # what stands in which file, and is made long
    "brand": ("jobs/job.yaml", "brand: plain", "brand: {}"),
    "a row set": ("jobs/job.yaml", "data/products.csv", "data/{}.csv"),
    "a lookup": ("jobs/job.yaml", "data/prices.csv", "data/{}.csv"),
    "copy": ("jobs/job.yaml", "data/copy.csv", "{}/copy.csv"),
    "a prompt": ("jobs/job.yaml", "prompt: hero.j2", "prompt: {}.j2"),
    "an included prompt": ("templates/prompts/hero.j2", "base.j2", "{}.j2"),
    "a layout": ("jobs/job.yaml", "social/card", "social/{}"),
    "pictures at hand": ("jobs/job.yaml", "provider: {type: fpo}", "provider: {{type: fpo}}\nexisting: {}.csv"),
    "a library": ("jobs/job.yaml", "provider: {type: fpo}", "provider: {{type: library, folder: {}}}"),
    "a logo": ("brands/plain/brand.yaml", "logo.svg", "{}.svg"),
}
LONG = {"of plain letters": "n" * 300, "of accented letters": "é" * 300, "longer than a path": "n/" * 3000 + "n"}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
@pytest.mark.parametrize(("file", "old", "new"), NAMED.values(), ids=NAMED)
def test_it_is_told_in_a_campaign(file: str, old: str, new: str, name: str, tmp_path: Path) -> None:
    root = tmp_path / "campaign"
    shutil.copytree(GOOD, root)
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new.format(name)), "utf-8")
    with pytest.raises(InputError) as told:
        load_project(root / "jobs/job.yaml", registry)
    assert all(finding.place for finding in told.value.findings)


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
@pytest.mark.parametrize(
    "command",
    ["check {}", "plan {}.yaml", "run jobs/job.yaml --out {}", "show {}", "approve {}", "explain {}", "preflight {}.pdf"],
)
def test_it_is_told_on_the_command_line(
    command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(GOOD, tmp_path / "campaign")
    monkeypatch.chdir(tmp_path / "campaign")
    assert cli.run_command([word.format(name) for word in command.split()]) in (1, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
