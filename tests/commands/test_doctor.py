"""`doctor`: what is there is tried for real, what is missing is told with what to do."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from warm_process import run_warm

from pressrun.commands import doctor_probes
from pressrun.commands.doctor_probes import Probe
from pressrun.commands.starter import write_campaign
from pressrun.graphics.color import inks
from pressrun.graphics.learned import weights
from pressrun.model.journal import Quote
from pressrun.model.learned import Weights
from pressrun.model.run_record import RunReport
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried elsewhere: it takes longer than all other trials."""
    monkeypatch.setattr(doctor_probes, "_workers", lambda: iter(()))


def told(output: str) -> dict[str, dict[str, Any]]:
    return {probe["name"]: probe for probe in json.loads(output)}


def listing(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_here_everything_is_there(process: Process, campaign: tuple[Path, RunReport]) -> None:
    root = campaign[0]
    before = listing(root)
    done = process("doctor", "jobs/first-run.yaml", "--json", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    found = told(done.stdout)
    for name in (
        "python", "typst", "pikepdf", "pillow", "fonts", "brand fonts", "pdfium", "profile", "store", "links",
        "journal", "workers", "keys",
    ):  # fmt: skip
        assert found[name]["verdict"] == "ok", found[name]
    assert "400, 700, 400 italic, 700 italic" in found["fonts"]["said"]
    assert "not needed" in found["keys"]["said"]
    assert listing(root) == before


def test_without_a_campaign_it_works_and_leaves_nothing(process: Process, tmp_path: Path) -> None:
    done = process("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert all(line[0] in "✓!" for line in done.stdout.splitlines())
    assert listing(tmp_path) == set()


def test_a_key_is_never_shown(process: Process, tmp_path: Path) -> None:
    done = process("doctor", "--json", cwd=tmp_path, OPENAI_API_KEY="sk-secret-1234")
    assert told(done.stdout)["keys"] == {"name": "keys", "verdict": "ok", "said": "OPENAI_API_KEY is set", "hint": None}
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.usefixtures("without_workers")
def test_a_key_that_the_job_needs_is_missed(pressrun: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    root = tmp_path / "paid"
    write_campaign(root)
    job = root / "jobs" / "first-run.yaml"
    job.write_text(job.read_text().replace("{type: fpo}", "{type: openai}"))
    result = pressrun("doctor", job, "--json")
    assert result.exit_code == 3
    assert told(result.stdout)["keys"]["verdict"] == "missing"
    (root / ".env").write_text("OPENAI_API_KEY=sk-secret-1234\n")
    result = pressrun("doctor", job, "--json")
    assert result.exit_code == 0
    assert told(result.stdout)["keys"]["verdict"] == "ok"
    assert "secret" not in result.output
    (root / ".env").unlink()
    job.write_text(job.read_text().replace("openai}", "openai, profile: rehearsal, base_url: 'http://localhost:1/v1'}"))
    found = told(pressrun("doctor", job, "--json").stdout)["keys"]
    assert (found["verdict"], found["said"]) == ("ok", "none is needed for openai here")


def test_what_is_under_way_or_in_doubt_is_told(tmp_path: Path) -> None:
    with SqliteJournal(tmp_path / ".pressrun" / "journal.db") as journal:
        assert [str(probe) for probe in doctor_probes._journal(tmp_path)] == ["✓ journal        opens"]
        quotes = [Quote(key * 64, "openai", "gpt-image-2", None, batch="a") for key in "bc"]
        journal.begin_batch("a", {}, quotes)
        journal.update_batch("a", "submitted", "batch_411be5")
        journal.begin_attempts([Quote("d" * 64, "openai", "gpt-image-2", None)])[0]
    batches, doubts = doctor_probes._journal(tmp_path)
    assert (batches.verdict, batches.said) == ("note", "1 batch is under way, with 2 pictures")
    assert "one call was perhaps charged" in doubts.said


WITHOUT = """
import sys
for name in [name for name in sys.modules if name.partition(".")[0] in ("pressrun", {module!r})]:
    del sys.modules[name]
sys.path.insert(0, {broken!r})
from pressrun.commands import cli
cli.main(["doctor", "--json"])
"""


@pytest.mark.parametrize("module", ["typst", "pikepdf", "pypdfium2", "zxingcpp", "PIL", "pymupdf_fonts"])
def test_a_library_that_does_not_load_is_told_and_the_rest_is_tried(module: str, tmp_path: Path) -> None:
    """All of Pressrun is imported anew where one library is broken; the others are as they were."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / f"{module}.py").write_text("raise ImportError('libgone.so: cannot open shared object file')")
    program = WITHOUT.format(module=module, broken=str(broken))
    done = run_warm(["-c", program], cwd=tmp_path, timeout=180)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    found = told(done.stdout)
    name = {"PIL": "pillow", "pymupdf_fonts": "pymupdf-fonts", "zxingcpp": "zxing-cpp"}.get(module, module)
    missing = [probe for probe in json.loads(done.stdout) if probe["verdict"] == "missing"]
    assert any(
        probe["name"] == name and "libgone" in probe["said"] and "pip install" in probe["hint"] for probe in missing
    )
    assert found["store"]["verdict"] == found["workers"]["verdict"] == "ok"


def test_versions_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor_probes.metadata, "requires", lambda name: ["typst==0.14.9", "click>=99", 'pytest>=1; extra == "test"']
    )
    found = {probe.name: probe for probe in doctor_probes._libraries()}
    assert set(found) == {"typst", "click"}
    assert {probe.verdict for probe in found.values()} == {"missing"}
    assert found["typst"].hint == 'pip install "typst==0.14.9"'


def test_where_hard_links_do_not_work_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: Any, **options: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    found = {probe.name: probe for probe in doctor_probes._store(tmp_path)}
    assert (found["store"].verdict, found["links"].verdict) == ("ok", "note")


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: Any, **options: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryDirectory", refused)
    [probe] = doctor_probes._store(tmp_path)
    assert probe.verdict == "missing"
    assert "Read-only" in probe.said


def test_little_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 5e8})())
    [probe] = doctor_probes._disk(tmp_path)
    assert probe.verdict == "note"


def test_a_profile_that_is_none(process: Process, tmp_path: Path) -> None:
    root = tmp_path / "c"
    write_campaign(root, "Plain")
    brand = root / "brands" / "plain" / "brand.yaml"
    brand.write_text(brand.read_text().replace("fogra39-300,", "mine.icc,"))
    done = process("doctor", "jobs/first-run.yaml", cwd=root)
    assert done.returncode == 3
    assert [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert "Traceback" not in done.stderr


def test_a_faulty_job_is_told_and_the_rest_is_tried(process: Process, tmp_path: Path) -> None:
    root = tmp_path / "c"
    write_campaign(root)
    job = root / "jobs" / "first-run.yaml"
    job.write_text(job.read_text().replace("social/square", "social/sqare"))
    done = process("doctor", "jobs/first-run.yaml", cwd=root)
    assert done.returncode == 3
    first, *rest = done.stdout.splitlines()
    assert first.startswith("✗ job")
    assert "pressrun check jobs/first-run.yaml" in first
    assert all(line[0] in "✓!" for line in rest)
    gone = process("doctor", "jobs/gone.yaml", cwd=root)
    assert gone.returncode == 2
    assert len(gone.stderr.splitlines()) == 1


def test_a_probe_is_one_line() -> None:
    assert str(Probe("disk", "note", "1 GB free", "make room")) == "! disk           1 GB free — make room"


@pytest.mark.usefixtures("without_workers")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_doctor_reads_every_object_of_the_store(
    elsewhere: bool, tmp_path: Path, pressrun: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brands").mkdir()
    monkeypatch.chdir(tmp_path)
    store = FolderStore(tmp_path / ("elsewhere" if elsewhere else ".pressrun"))
    if elsewhere:
        monkeypatch.setenv("PRESSRUN_STORE", json.dumps({"type": "folder", "path": str(store.root)}))
    whole, rotten = store.put(b"whole"), store.put(b"rotten")
    path, status = store.path(rotten), store.path(rotten).stat()
    path.chmod(0o644)
    path.write_bytes(b"Rotten")
    path.chmod(status.st_mode)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    result = pressrun("doctor", "--store", "--json")
    assert result.exit_code == 3
    found = [probe for probe in json.loads(result.stdout) if probe["name"] == "objects"]
    assert [rotten in probe["said"] for probe in found] == [True]
    again = json.loads(pressrun("doctor", "--store", "--json").stdout)
    assert [probe["verdict"] for probe in again if probe["name"] == "objects"] == ["ok"]
    assert store.read(whole) == b"whole"


def test_which_weights_are_there_is_told_with_the_line_that_installs_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a package that is there and holds other weights than were tried, that; none is missed where no job asks."""
    (tmp_path / "somebodys").mkdir()
    (tmp_path / "somebodys/seen.onnx").write_bytes(b"network")
    monkeypatch.syspath_prepend(str(tmp_path))
    digest = hashlib.sha256(b"network").hexdigest()
    there = Weights("seen", "somebodys", "seen.onnx", digest, "somebodys==1", "MIT", "json")
    every = (
        there,
        replace(there, sha256="0" * 64),
        replace(there, module="nobodys"),
        replace(there, runtime="no_runs"),
    )
    monkeypatch.setattr(weights, "EVERY", every)
    assert [str(probe) for probe in doctor_probes._learned()] == [
        f"✓ learned        seen sha256:{digest[:12]} (MIT), json",
        f"! learned        the weights seen in somebodys are not those that were tried — {there.install}",
        f"! learned        the weights seen are not installed — {there.install}",
        f"! learned        no_runs is not installed, which runs what is learned — {every[-1].install}",
    ]


@pytest.mark.usefixtures("without_workers")
def test_a_profile_of_ones_own_is_told_with_its_condition_or_without(pressrun: Any, tmp_path: Path) -> None:
    root = tmp_path / "own"
    write_campaign(root)
    job = root / "jobs" / "first-run.yaml"
    brand = root / "brands" / yaml.safe_load(job.read_text("utf-8"))["brand"]
    (brand / "own.icc").write_bytes(inks.load_profile("fogra39-300", Path()).data)
    written = job.read_text("utf-8")
    for said, verdict, word in (
        ("{profile: own.icc}", "note", "condition"),
        ("{profile: own.icc, condition: FOGRA51}", "ok", "FOGRA51"),
    ):
        job.write_text(f"{written}\nprint: {said}\n", "utf-8")
        found = told(pressrun("doctor", job, "--json").stdout)["profile"]
        assert found["verdict"] == verdict
        assert word in found["said"]


@pytest.mark.usefixtures("without_workers")
def test_a_profile_that_goes_one_way_is_a_fault_of_the_campaign_and_not_of_the_installation(
    pressrun: Any, tmp_path: Path
) -> None:
    root = tmp_path / "one-way"
    write_campaign(root)
    job = root / "jobs" / "first-run.yaml"
    brand = root / "brands" / yaml.safe_load(job.read_text("utf-8"))["brand"]
    (brand / "own.icc").write_bytes(inks.load_profile("fogra39-300", Path()).data.replace(b"B2A", b"xxx"))
    job.write_text(job.read_text("utf-8") + "\nprint: {profile: own.icc}\n", "utf-8")
    found = told(pressrun("doctor", job, "--json").stdout)
    assert found["job"]["verdict"] == "missing"
    assert "check" in (found["job"]["hint"] or "") + found["job"]["said"]
