"""`show`: a run and its files explained from what was recorded."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pressrun.commands.report.unsettled_money import _commands
from pressrun.doors import find_root
from pressrun.manifest import asset_line
from pressrun.manifest.runs_read import find_asset, find_run, read_run
from pressrun.model.choice import Choice
from pressrun.model.errors import InputError
from pressrun.model.journal import Descent, Quote, Settlement
from pressrun.model.picture import PictureMade
from pressrun.model.provenance import Pixels, Provenance, SourceType
from pressrun.model.run_record import Asset, RunReport
from pressrun.stores.sqlite import SqliteJournal

Ran = tuple[Path, RunReport]


@pytest.fixture
def here(campaign: Ran, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(campaign[0] / "jobs" / "data")
    return campaign[0]


@pytest.fixture
def copied(campaign: Ran, tmp_path: Path) -> Path:
    """The campaign with its record and journal, for a test to change."""
    for name in ("runs", ".pressrun", "brands", "jobs"):
        shutil.copytree(campaign[0] / name, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("objects"))
    return tmp_path


def asset_of(report: RunReport, layout: str, kind: str) -> Asset:
    return next(asset for asset in report.assets if asset.layout == layout and asset.format == kind)


def test_the_latest_run_is_told_from_anywhere_in_the_campaign(pressrun: Any, here: Path, campaign: Ran) -> None:
    report = campaign[1]
    for arguments in (
        [],
        ["latest"],
        [report.run],
        [report.run[:12]],
        [str(here / "runs" / report.run)],
        ["--root", here],
    ):
        result = pressrun("show", *arguments)
        assert result.exit_code == 0, result.exception
        assert result.output.startswith(f"{report.run}: first-run")
    assert "16 files: 16 made, 0 reused, 0 failed" in result.output
    assert "stand-in-picture" in result.output


def test_a_run_for_machines_says_what_the_manifest_says(pressrun: Any, here: Path, campaign: Ran) -> None:
    data = json.loads(pressrun("show", "--json").stdout)
    manifest = json.loads((here / "runs" / "latest" / "manifest.json").read_text())
    for name in ("run", "job", "brand", "counts", "cost", "exit", "findings"):
        assert data[name] == manifest[name]
    assert data["failed"] == data["perhaps_charged"] == data["calls"] == []


def test_a_file_is_found_by_id_path_and_beginning(here: Path, campaign: Ran) -> None:
    report = campaign[1]
    record = read_run(find_run(here, "latest"))
    wanted = asset_of(report, "social/story", "jpeg")
    short = wanted.path.removeprefix("assets/")
    absolute = str(here / "runs" / "latest" / wanted.path)
    for name in (wanted.id, wanted.id[:8], wanted.path, short, short[:-2], absolute):
        assert find_asset(record, name).id == wanted.id


def test_a_record_that_is_read_and_written_again_is_the_same(here: Path) -> None:
    folder = find_run(here, "latest")
    assert b"".join(map(asset_line, read_run(folder).assets)) == (folder / "assets.jsonl").read_bytes()


def test_a_text_that_is_kept_readable_says_what_was_done_for_it_and_why(
    pressrun: Any, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copied)
    folder = find_run(copied, "latest")
    first, *others = read_run(folder).assets
    chosen = Choice("headline", "paper", 4.61, 4.5, "a shade in ink of 45 %", {"primary": 1.2, "paper": 2.87})
    first = replace(first, choices=(chosen, Choice("logo", "reversed", 9.1)))
    (folder / "assets.jsonl").write_bytes(b"".join(map(asset_line, (first, *others))))
    assert read_run(folder).assets[0].choices == first.choices
    shown = pressrun("show", first.path).output
    assert "headline   paper on a shade in ink of 45 % (contrast 4.61:1 of 4.5:1 asked for" in shown
    assert "primary 1.2:1, paper 2.87:1" in shown
    assert "logo       reversed (contrast 9.1:1)" in shown


def test_a_file_says_what_its_codes_hold_and_sizes_in_its_own_units(
    pressrun: Any, here: Path, campaign: Ran
) -> None:
    report = campaign[1]
    for asset in report.assets:
        shown = pressrun("show", asset.path).output
        for code in asset.codes:
            assert repr(code.value) in shown
            assert f"{code.id}/1" not in shown, "the words of a code are told with it, not digit by digit"
        for text in asset.text:
            size = text.size_pt * (1 if asset.size.trim_mm else 96 / 72)
            assert f"{size:.4g} {'pt' if asset.size.trim_mm else 'px'}" in shown
        for finding in asset.findings:
            assert (f"{finding.layer}: " if finding.layer else finding.code) in shown
    assert any(asset.codes for asset in report.assets)
    assert any(finding.layer for asset in report.assets for finding in asset.findings)


def test_a_file_is_explained_back_to_its_rows_and_prompt(pressrun: Any, here: Path, campaign: Ran) -> None:
    flyer = asset_of(campaign[1], "print/a5-flyer", "press-pdf")
    result = pressrun("show", flyer.id)
    assert result.exit_code == 0
    for piece in (
        flyer.path,
        "jobs/data/products.csv:",
        flyer.pictures[0].key,
        flyer.sha256,
        "Subject: ",
        "[stand-in-picture]",
    ):
        assert str(piece) in result.output
    for text in flyer.text:
        assert text.text in result.output
    data = json.loads(pressrun("show", flyer.id, "--json").stdout)
    assert data["pictures"][0]["prompt"] == flyer.pictures[0].prompt
    assert data["pictures"][0]["facts"]["media_type"] == "image/png"


def test_the_file_itself_says_which_run_is_meant(
    pressrun: Any, campaign: Ran, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)  # in no campaign at all
    file = campaign[0] / "runs" / "latest" / asset_of(campaign[1], "social/square", "jpeg").path
    assert pressrun("show", file).exit_code == 0
    monkeypatch.chdir(campaign[0] / "jobs")  # by its path from the campaign's folder, as other commands take it
    assert pressrun("show", file.relative_to(campaign[0])).exit_code == 0


def test_the_tree_draws_pictures_and_the_files_they_are_on(pressrun: Any, here: Path, campaign: Ran) -> None:
    square = asset_of(campaign[1], "social/square", "jpeg")
    lines = pressrun("show", square.id, "--tree").output.splitlines()
    assert lines[0].startswith(f"picture {square.pictures[0].key[:12]}")
    [marked] = [line for line in lines if "this file" in line]
    assert square.path in marked
    on_it = [asset for asset in campaign[1].assets if asset.pictures[0].key == square.pictures[0].key]
    assert len(lines) == 1 + len(on_it)
    whole = pressrun("show", "--tree").output
    assert sum(line.startswith("picture ") for line in whole.splitlines()) == 4


def test_the_tree_knows_forks_of_forks(pressrun: Any, copied: Path, campaign: Ran) -> None:
    square = asset_of(campaign[1], "social/square", "jpeg")
    parent, fork, twig = square.pictures[0].key, "f" * 64, "e" * 64
    with SqliteJournal(copied / ".pressrun" / "journal.db") as journal:
        drawn = Provenance(Pixels("image/png", (8, 8)), SourceType.TRAINED, "openai", "gpt-image-2", 1, 0.04, "low")
        journal.record([PictureMade(fork, "a" * 64, 1, drawn).result()])
        journal.descend([Descent(fork, parent, "fork", "make it snow"), Descent(twig, fork, "fork", "at night")])
    lines = pressrun("show", square.id, "--tree", "--root", copied).output.splitlines()
    assert any(line.startswith("└─ picture ffffffffffff  fork: make it snow, gpt-image-2") for line in lines)
    assert lines[-1].startswith("   └─ picture eeeeeeeeeeee  fork: at night")
    data = json.loads(pressrun("show", square.id, "--tree", "--json", "--root", copied).stdout)
    assert data[0]["key"] == parent


def test_what_was_perhaps_charged_is_told_with_the_way_on(pressrun: Any, copied: Path, campaign: Ran) -> None:
    journal = SqliteJournal(copied / ".pressrun" / "journal.db")
    journal.begin_attempts([Quote("b" * 64, "openai", "gpt-image-2", Decimal("0.041"), {"slot": "hero"}, run="elsewhere")])
    journal.begin_attempts([Quote("c" * 64, "openai", "gpt-image-2", None, run=campaign[1].run)])
    assert "perhaps charged" not in pressrun("show", "--root", copied).output  # it is under way
    journal.close()
    output = pressrun("show", "--root", copied).output
    assert "perhaps charged" in output
    assert "quoted $0.041, picture bbbbbbbbbbbb: hero" in output
    assert "no price known, picture cccccccccccc" in output
    assert "pressrun run jobs/first-run.yaml --retry-unknown" in output
    data = json.loads(pressrun("show", "--json", "--root", copied).stdout)
    assert [attempt["quoted_usd"] for attempt in data["perhaps_charged"]] == ["0.041", None]


def test_batches_under_way_are_told_with_the_way_on(pressrun: Any, copied: Path, campaign: Ran) -> None:
    with SqliteJournal(copied / ".pressrun" / "journal.db") as journal:
        quotes = [
            Quote(key * 64, "openai", "gpt-image-2", Decimal("0.02"), run=campaign[1].run, batch="a") for key in "bc"
        ]
        journal.begin_batch("a", {"address": "https://example.com/v1"}, quotes)
        journal.update_batch("a", "submitted", "batch_411be5")
        journal.begin_batch("d", {}, [Quote("d" * 64, "openai", "gpt-image-2", None, batch="d")])
    output = pressrun("show", "--root", copied).output
    assert "batch_411be5: 2 pictures, quoted $0.04" in output
    assert "d (its handing in was cut short: the next run looks whether it arrived): 1 picture, no price" in output
    assert "to collect what is done: pressrun run jobs/first-run.yaml --lane batch" in output
    data = json.loads(pressrun("show", "--json", "--root", copied).stdout)
    assert [(one["remote"], one["pictures"], one["quoted_usd"]) for one in data["open_batches"]] == [
        ("batch_411be5", 2, "0.04"), (None, 1, None),
    ]  # fmt: skip
    with SqliteJournal(copied / ".pressrun" / "journal.db") as journal:
        journal.end_batch("a", "settled", [Settlement(one.id, "charged", 0.01) for one in journal.open_attempts()][:2])
        journal.end_batch("d", "lost")
    output = pressrun("show", "--root", copied).output
    assert "under way" not in output
    assert "perhaps charged: 1 asked for" in output, "what was in a batch that got lost"


def test_before_any_run_is_finished_the_ledger_is_told(pressrun: Any, copied: Path, campaign: Ran) -> None:
    shutil.rmtree(copied / "runs")
    assert codes(pressrun("show", "--root", copied)) == ["no-run"], "nothing was ever asked for"
    with SqliteJournal(copied / ".pressrun" / "journal.db") as journal:
        first = journal.begin_attempts([Quote(
            "b" * 64, "openai", "gpt-image-2", Decimal("0.05"), run="20270301-100000-first-run"
        )])[0]
        journal.begin_attempts([Quote("c" * 64, "openai", "gpt-image-2", Decimal("0.05"), run="20270301-100000-first-run")])
        journal.finish_attempts([Settlement(first, "charged", Decimal("0.0412"))])
        attempts = journal.attempts()
    output = pressrun("show", "--root", copied).output
    assert "No run is finished yet." in output
    assert "1 picture charged, $0.04" in output
    assert "pressrun run jobs/first-run.yaml --retry-unknown" in output
    assert "jobs/first-run.yaml" in "".join(_commands([replace(one, run=f"{one.run}-2") for one in attempts], copied))
    assert json.loads(pressrun("show", "--json", "--root", copied).stdout)["spent_usd"] == "0.0412"
    assert codes(pressrun("show", "gone", "--root", copied)) == ["no-run"]


def test_quote_and_bill_are_compared(pressrun: Any, copied: Path, campaign: Ran) -> None:
    with SqliteJournal(copied / ".pressrun" / "journal.db") as journal:
        number = journal.begin_attempts([Quote("b" * 64, "openai", "gpt-image-2", Decimal("0.05"), run=campaign[1].run)])[0]
        journal.finish_attempts([Settlement(number, "charged", Decimal("0.0412"))])
    assert "1 charged; quoted $0.05 for those charged, billed $0.0412" in pressrun("show", "--root", copied).output


def test_failed_rows_are_told_with_their_place(pressrun: Any, copied: Path, campaign: Ran) -> None:
    folder = copied / "runs" / campaign[1].run
    lines = (folder / "assets.jsonl").read_text().splitlines()
    first = json.loads(lines[0])
    fault = {
        "severity": "error",
        "code": "picture-failed",
        "message": "it was refused",
        "place": {"file": "p.csv", "line": 7},
    }
    lines[0] = json.dumps({**first, "status": "failed", "sha256": None, "findings": [fault], "added_later": 1})
    (folder / "assets.jsonl").write_text("\n".join(lines))
    output = pressrun("show", "--root", copied).output
    assert f"{first['path']}: p.csv:7: it was refused" in output
    assert "picture-failed" in output


def test_looking_makes_no_store(copied: Path, pressrun: Any) -> None:
    shutil.rmtree(copied / ".pressrun")
    assert pressrun("show", "--root", copied).exit_code == 0
    assert pressrun("show", "--tree", "--root", copied).exit_code == 0
    assert not (copied / ".pressrun").exists()


def codes(result: Any) -> list[str]:
    assert isinstance(result.exception, InputError), result.output
    assert result.exception.exit_code == 2
    return [finding.code for finding in result.exception.findings]


def test_mistakes_are_told(pressrun: Any, copied: Path, campaign: Ran, tmp_path_factory: Any, monkeypatch: Any) -> None:
    assert codes(pressrun("show", "nonsense", "--root", copied)) == ["no-asset"]
    assert codes(pressrun("show", "assets/MUG", "--root", copied)) == ["ambiguous"]
    assert codes(pressrun("show", campaign[1].assets[0].id, "--run", "gone", "--root", copied)) == ["no-run"]
    unfinished = copied / "runs" / "20270101-000000-killed"
    unfinished.mkdir()
    assert codes(pressrun("show", unfinished.name, "--root", copied)) == ["unfinished-run"]
    (copied / "runs" / campaign[1].run / "manifest.json").write_text('{"run": "x"}')
    assert codes(pressrun("show", "--root", copied)) == ["damaged-record"]
    shutil.rmtree(copied / "runs")
    assert codes(pressrun("show", "--root", copied)) == ["no-run"]
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    assert codes(pressrun("show")) == ["no-campaign"]


def test_latest_may_be_a_text_file(copied: Path, campaign: Ran) -> None:
    (copied / "runs" / "latest").unlink()
    (copied / "runs" / "latest").write_text(campaign[1].run + "\n")
    assert find_run(copied, "latest").name == campaign[1].run
    (copied / "runs" / "latest").unlink()
    assert find_run(copied, "latest").name == campaign[1].run
    assert find_root(copied / "runs" / campaign[1].run) == copied


def test_as_a_process(process: Callable[..., subprocess.CompletedProcess[str]], campaign: Ran, tmp_path: Path) -> None:
    done = process("show", cwd=campaign[0])
    assert (done.returncode, done.stderr) == (0, "")
    lost = process("show", cwd=tmp_path)
    assert lost.returncode == 2
    assert len(lost.stderr.splitlines()) == 1
    assert "--root" in lost.stderr
