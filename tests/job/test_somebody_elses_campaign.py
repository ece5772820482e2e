"""A campaign that may be read and not written, and what killed runs left: looked at without a trace, and swept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from job_campaign import HERE, JOB, LONGEST, Campaign, Ended, kill, wait_until

from pressrun.commands import cli
from pressrun.doors import opened_journal

NOBODY = 65534
LOOKS = (
    ("check", JOB), ("plan", JOB), ("plan", "--suggest", JOB), ("show",), ("show", "--tree"), ("show", "BAG/en-GB/post.png"),
    ("ledger",),
)  # fmt: skip


def lock(folder: Path) -> None:
    """Nobody may write; and where we are root, it is somebody else's too."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)


@pytest.fixture
def locked(warm: Campaign) -> Iterator[Campaign]:
    lock(warm.root)
    yield warm
    subprocess.run(["chmod", "-R", "u+w", warm.root], check=True)


# Root may write everywhere, but for what is taken from it here; whoever else runs the tests owns what it may not write.
_NOT_AS_ROOT = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner", "--"]


VISIT = """
import contextlib, io, json, sys
from pressrun.commands import cli
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run_command(arguments)
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


def by_a_visitor(campaign: Campaign, *commands: tuple[str, ...]) -> list[Ended]:
    """These commands, one after the other, by somebody who may not write in the campaign."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere")
    prefix = _NOT_AS_ROOT if os.geteuid() == 0 else []
    done = subprocess.run(
        [*prefix, sys.executable, "-c", VISIT, json.dumps(commands)], cwd=campaign.root, capture_output=True, text=True,
        timeout=LONGEST, env={**os.environ, "PYTHONPATH": str(HERE.parents[1] / "pipeline")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return [Ended(*json.loads(line)) for line in done.stdout.splitlines()]


def test_a_look_at_somebody_elses_campaign(locked: Campaign) -> None:
    before = {path: path.lstat().st_mtime_ns for path in locked.root.rglob("*")}
    *looks, refused = by_a_visitor(locked, *LOOKS, ("run", JOB))
    for look, seen in zip(LOOKS, looks, strict=True):
        assert (look, seen.code, seen.err) == (look, 0, "")
        assert seen.out
    assert refused.code == 2
    assert "Traceback" not in refused.err
    assert {path: path.lstat().st_mtime_ns for path in locked.root.rglob("*")} == before


def test_a_look_while_its_owner_is_at_work(locked: Campaign) -> None:
    """The journal's log is then beside it, which another user cannot share."""
    subprocess.run(["chmod", "-R", "u+w", locked.root], check=True)
    for path in (locked.root, *locked.root.rglob("*")):
        os.chown(path, os.geteuid(), os.getegid(), follow_symlinks=False)
    program = (
        "import sys, time; from pathlib import Path; from pressrun.stores.sqlite import SqliteJournal\n"
        "journal = SqliteJournal(Path('.pressrun/journal.db')); journal.begin_run('20270301-000000-x', 'x', '2027')\n"
        "print('open', flush=True); time.sleep(300)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program], cwd=locked.root, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1] / "pipeline")},
    )  # fmt: skip
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"open\n"
        assert (locked.root / ".pressrun" / "journal.db-wal").stat().st_size
        lock(locked.root)
        (seen,) = by_a_visitor(locked, ("show", "20270301-000000-x"))
        assert (seen.code, seen.err) == (0, "")
        assert "under way" in seen.out
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()  # type: ignore[union-attr]  # it was asked for


@pytest.mark.parametrize("look", [look for look in LOOKS if look[0] != "show"], ids=" ".join)
def test_a_look_makes_nothing_but_what_a_check_keeps(
    fresh: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], look: tuple[str, ...]
) -> None:
    before = fresh.files()
    monkeypatch.chdir(fresh.root)
    assert cli.run_command(list(look)) == 0
    kept = {one for one in fresh.files() - before if one.startswith(".pressrun/checks/")}
    assert len(kept) == (look[0] == "check")
    assert fresh.files() - before - kept <= ({".pressrun", ".pressrun/checks"} if kept else set())


def _has_begun(root: Path) -> bool:
    """Whether a run is in the ledger, as it is once it has its folder."""
    with opened_journal(root, reading=True) as journal:
        return journal is not None and any(journal.runs())


def test_what_a_killed_run_left_is_shown_and_swept_by_the_next(
    fresh: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    process = fresh.start("run", JOB, "--jobs", "1")
    wait_until(lambda: _has_begun(fresh.root), LONGEST)
    kill(process)
    (half,) = [path for path in (fresh.root / "runs").iterdir() if not path.is_symlink()]
    empty = half.with_name("20200101-000000-spring")
    empty.mkdir()
    os.utime(empty, (0, 0))
    monkeypatch.chdir(fresh.root)
    assert cli.run_command(["show"]) == 0
    assert f"killed: {half.name}" in capsys.readouterr().out
    assert cli.run_command(["show", half.name]) == 0
    assert "killed" in capsys.readouterr().out
    report = fresh.run()
    assert [path.name for path in sorted((fresh.root / "runs").iterdir())] == sorted([report.run, "latest"])


def test_nothing_else_is_swept(warm: Campaign) -> None:
    runs = warm.root / "runs"
    own = runs / "my notes"
    own.mkdir()
    old = runs / "20200101-000000-spring"
    shutil.copytree(warm.latest, old)
    kept = runs / "20200101-000001-spring"
    kept.mkdir()
    (kept / "mine.txt").write_text("kept")
    for folder in (own, old, kept):
        os.utime(folder, (0, 0))
    warm.run()
    assert own.is_dir()
    assert (kept / "mine.txt").is_file()
    assert (old / "manifest.json").is_file()


