"""What a run is told by when it is looked up: a byte of anything that it may read makes it another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from job_campaign import Campaign

from pressrun.model.settings import Settings
from pressrun.run.kept import all_read
from pressrun.run.kept.all_read import AllRead

JOURNAL = "nothing decided"


@pytest.fixture(scope="module")
def unrun(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return Campaign.new(tmp_path_factory.mktemp("unrun") / "campaign")


def read_of(campaign: Campaign, settings: Settings | None = None, journal: str = JOURNAL) -> str:
    read = AllRead.now(campaign.root / campaign.job, settings or Settings())
    assert read
    return f"{read.name} {read.digests(journal).of_all()}"


def _one_byte(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def _moved_away(path: Path) -> None:
    path.symlink_to(path.rename(path.parents[4] / path.name))


def _everything(campaign: Campaign) -> Iterator[tuple[str, Callable[[pytest.MonkeyPatch], object]]]:
    root = campaign.root
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and inside.parts[0] not in ("runs", ".pressrun"):
            yield f"a byte of {inside}", lambda _, path=path: _one_byte(path)
    yield "a file more", lambda _: (root / "jobs/packshots.txt").write_text("")
    yield "a file less", lambda _: (root / "brands/testa/packshots/tin.svg").unlink()
    yield "another name", lambda _: (root / "jobs/data/copy.csv").rename(root / "jobs/data/texts.csv")
    yield (
        "a folder that hides a file",
        lambda _: shutil.copytree(root / "brands/testa/packshots", root / "jobs/packshots"),
    )
    yield "a link to the same bytes elsewhere", lambda _: _moved_away(root / "brands/testa/packshots/tin.svg")
    yield ".env", lambda _: (root / ".env").write_text("SHOP=1")
    yield "a variable", lambda patch: patch.setenv("PRESSRUN_EXECUTOR", "threads")
    yield "a seller's address", lambda patch: patch.setenv("OPENAI_BASE_URL", "https://pictures.example/v1")
    yield "another program", lambda patch: patch.setattr(all_read, "_program", lambda: "newer")
    yield "where runs go", lambda _: (root / "runs").rename(root / "old") and (root / "runs").symlink_to(root / "old")


def test_any_byte_counts(unrun: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    monkeypatch.setattr(all_read, "_program", lambda: "the same")
    before = read_of(unrun)
    names = [name for name, _ in _everything(unrun)]
    assert len(names) > 20
    for number, name in enumerate(names):
        root = tmp_path / str(number)
        shutil.copytree(unrun.root, root, ignore=shutil.ignore_patterns("runs", ".pressrun"))
        (root / "runs").mkdir()
        campaign = Campaign(root)
        assert read_of(campaign) == before
        with pytest.MonkeyPatch.context() as patch:
            dict(_everything(campaign))[name](patch)
            assert read_of(campaign) != before, name
    (config / "pressrun").mkdir(parents=True)
    (config / "pressrun/config.yaml").write_text("allow_hosts: [pictures.example]")
    assert read_of(unrun) != before


def test_the_program_is_told_by_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pressrun"
    package.mkdir()
    for name in ("__init__.py", "fit.typ"):
        (package / name).write_text("1")
    monkeypatch.setattr(all_read, "PACKAGE", package)
    before = all_read._program()
    assert all_read._program() == before
    (package / "fit.typ").write_text("2")
    changed = all_read._program()
    assert changed != before
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "ink-1.0.dist-info").mkdir()
    assert all_read._program() != changed


@pytest.mark.parametrize(
    "said",
    [
        {"only": "region.locale == 'de-DE'"}, {"take": 2}, {"provider": "fpo"}, {"quality": "low"}, {"branch": "b"},
        {"approved_only": True}, {"final": True}, {"max_cost": 1.0}, {"out": Path("/elsewhere")},
    ],
)  # fmt: skip
def test_what_the_command_says_counts(unrun: Campaign, said: dict[str, object]) -> None:
    assert read_of(unrun, Settings(**said)) != read_of(unrun)  # type: ignore[arg-type]


def test_how_the_machine_is_used_does_not_count(unrun: Campaign) -> None:
    machine = Settings(jobs=3, verbose=True, inline=True, sheets_at_once=7)
    assert read_of(unrun, machine) == read_of(unrun)
