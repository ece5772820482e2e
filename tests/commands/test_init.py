"""`init`: a campaign that works at once, for any brand, or nothing at all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressrun import registry
from pressrun.commands import starter
from pressrun.commands.starter import brand_id, logos, write_campaign
from pressrun.load import load_project
from pressrun.model.disk import CannotWrite
from pressrun.model.errors import InputError
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.planned_job import prepare

REPOSITORY = Path(__file__).parents[2]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_runs_without_an_error(campaign: tuple[Path, RunReport]) -> None:
    root, report = campaign
    assert (report.exit, report.counts.made, report.counts.failed) == (0, 16, 0)
    assert report.found["error"] == 0
    codes = {finding.code for asset in report.assets for finding in asset.findings}
    assert codes == {"stand-in-picture"}
    assert (root / "runs" / "latest" / "contact-sheet.html").is_file()


def test_its_templates_are_the_repositorys_but_for_layouts_made_of_a_brands_designs(tmp_path: Path) -> None:
    write_campaign(tmp_path)
    own = files(REPOSITORY / "templates")
    imported = {path.removesuffix(".import.json") for path in own if path.endswith(".import.json")}
    gone = {f"{name}{ending}" for name in imported for ending in (".yaml", ".import.json")}
    assert imported
    assert files(tmp_path / "templates") == {path: data for path, data in own.items() if path not in gone}


def test_every_layout_works_with_the_starter(campaign: tuple[Path, RunReport], tmp_path: Path) -> None:
    root = tmp_path / "all"
    write_campaign(root)
    job = root / "jobs" / "first-run.yaml"
    every = sorted(
        path.relative_to(root / "templates" / "layouts")
        for path in (root / "templates/layouts").rglob("*.yaml")
        if "uses" not in path.parts  # those speak of the rows of a job of their own
    )
    listed = "".join(f"  - {path.with_suffix('').as_posix()}\n" for path in every)
    head, _, rest = job.read_text().partition("layouts:\n")
    job.write_text(f"{head}layouts:\n{listed}save_as:{rest.partition('save_as:')[2]}")
    with prepare(job, Settings(inline=True)).doors:
        pass


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Ørsted & Söhne", "orsted-sohne"), ("مقهى", "brand"), ('"; rm -rf / #', "rm-rf"), ("a: b", "a-b"),
        ("true", "brand-true"), ("1e5", "brand-1e5"),
        ("Łódź\tGroße Æon", "lodz-grosse-aeon"), ("../../etc", "etc"), ("{{ brand }}", "brand"),
    ],
)  # fmt: skip
def test_any_name_makes_a_sound_campaign(name: str, ident: str, tmp_path: Path) -> None:
    assert brand_id(name) == ident
    root = tmp_path / "campaign"
    write_campaign(root, name)
    project = load_project(root / "jobs" / "first-run.yaml", registry)
    assert project.brand.name == " ".join(name.split())
    assert project.brand_id == ident
    assert [path.name for path in (root / "brands").iterdir()] == [ident]


def test_logos_carry_the_name_where_it_can_be_drawn() -> None:
    drawn = logos("Plain")
    assert set(drawn) == {"logo.svg", "logo-reversed.svg", "logo-mark.svg", "logo-mark-reversed.svg"}
    assert len(drawn["logo.svg"]) > len(drawn["logo-mark.svg"])
    for name in ("مقهى", "山"):  # needs shaping; not in the font
        assert logos(name)["logo.svg"] == logos(name)["logo-mark.svg"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "bell\x07", "line\u202eback"])
def test_names_that_cannot_be(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_campaign(tmp_path / "new", name)
    assert [finding.code for finding in caught.value.findings] == ["bad-name"]
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError) as caught:
        write_campaign(tmp_path)
    assert [finding.code for finding in caught.value.findings] == ["folder-not-empty"]
    assert files(tmp_path) == {"notes.txt": b"mine"}
    with pytest.raises(InputError):
        write_campaign(tmp_path / "notes.txt")


def test_an_empty_folder_a_clone_and_a_deep_path_will_do(tmp_path: Path) -> None:
    (tmp_path / "empty" / ".git").mkdir(parents=True)
    (tmp_path / "empty" / ".git" / "HEAD").write_text("ref")
    before = (tmp_path / "empty").stat().st_ino
    written = write_campaign(tmp_path / "empty")
    assert (tmp_path / "empty").stat().st_ino == before
    assert set(files(tmp_path / "empty")) == {*written, ".git/HEAD"}
    write_campaign(tmp_path / "a" / "b" / "c")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c"]


@pytest.mark.parametrize("there", [True, False])
def test_nothing_half_written_is_left(there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "new"
    if there:
        target.mkdir()
    calls = 0
    rename = Path.rename

    def failing(path: Path, to: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == (3 if there else 1):
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(starter.Path, "rename", failing)
    with pytest.raises(CannotWrite):
        write_campaign(target)
    assert files(tmp_path) == {}
    assert [path.name for path in tmp_path.iterdir()] == (["new"] if there else [])


def test_as_a_process(process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    done = process("init", "first", "--brand", "Nord & Süd", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cd first && pressrun run jobs/first-run.yaml" in done.stdout
    assert process("check", "first/jobs/first-run.yaml", cwd=tmp_path).returncode == 0
    again = process("init", "first", cwd=tmp_path)
    assert again.returncode == 2
    assert len(again.stderr.splitlines()) == 1
    assert "not empty" in again.stderr
    assert process("init").returncode == 2


def test_the_readme_names_only_what_is_there(campaign: tuple[Path, RunReport]) -> None:
    import re

    root = campaign[0]
    for path in re.findall(r"`([a-z][a-z./-]+/[a-z./-]*)`", (root / "README.md").read_text()):
        assert (root / path).exists(), path


def test_pressrun_init_says_what_to_do(pressrun: Any, tmp_path: Path) -> None:
    result = pressrun("init", tmp_path / "x y")
    assert result.exit_code == 0
    assert "cd '" in result.output
