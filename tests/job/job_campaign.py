"""A small campaign on disk, and what a test does with it: edit files, run it, read its last run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from warm_process import WarmProcess, needs_real_start

from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.job import run_job

HERE = Path(__file__).parent
JOB = "jobs/spring.yaml"
Process = subprocess.Popen[str] | WarmProcess
LONGEST = 120  # seconds that any command may take on a busy machine


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)

    @property
    def found(self) -> list[str]:
        """The findings on standard output, as ``severity code file:line:column``."""
        return [told(finding) for finding in self.json]


def told(finding: Mapping[str, Any]) -> str:
    place = finding.get("place") or {}
    where = ":".join(str(place[part]) for part in ("file", "line", "column") if part in place)
    return f"{finding['severity']} {finding['code']} {where}".rstrip()


@dataclass
class Campaign:
    """A campaign's folder; ``job`` is relative to it."""

    root: Path
    job: str = JOB
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new(cls, root: Path) -> Campaign:
        shutil.copytree(HERE / "campaign", root)
        return cls(root)

    def copy(self, root: Path) -> Campaign:
        """A copy with its store and runs; times are kept, which the store's seals need."""
        shutil.copytree(self.root, root, symlinks=True)
        return Campaign(root, self.job)

    def overlay(self, case: Path) -> None:
        """Lay a case's files over the campaign, and make its edits (``edits.yaml``: {file: {old: new}})."""
        shutil.copytree(
            case, self.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("edits.yaml", "expected.txt")
        )
        edits = case / "edits.yaml"
        for name, replacements in (yaml.safe_load(edits.read_text("utf-8")) if edits.exists() else {}).items():
            for old, new in replacements.items():
                self.edit(name, old, new)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    # ------------------------------------------------------------------------------------------------- doing

    def start(self, *arguments: str, **environment: str) -> Process:
        """The real command in a process group of its own, in the campaign's folder."""
        env = {**os.environ, **self.environment, **environment}
        pipes: dict[str, Any] = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        if not needs_real_start(env):
            return WarmProcess(["-m", "pressrun", *arguments], cwd=self.root, env=env, **pipes)
        env = {"PYTHONPATH": str(HERE.parents[1] / "pipeline"), **env}
        command = [sys.executable, "-m", "pressrun", *arguments]
        return subprocess.Popen(command, cwd=self.root, env=env, text=True, encoding="utf-8", **pipes)

    def command(self, *arguments: str, **environment: str) -> Ended:
        """Run a command on the job to its end: ``command("run", "--json")``."""
        name, *rest = arguments
        return ended(self.start(name, self.job, *rest, **environment))

    def run(self, **settings: Any) -> RunReport:
        """Run the job as a library call, in this process."""
        return run_job(self.root / self.job, Settings(inline=True, **settings))

    # ----------------------------------------------------------------------------------------------- reading

    @property
    def latest(self) -> Path:
        return self.root / "runs" / "latest"

    def lines(self, run: Path | None = None) -> list[dict[str, Any]]:
        """The lines of ``assets.jsonl``."""
        return [json.loads(line) for line in ((run or self.latest) / "assets.jsonl").read_text("utf-8").splitlines()]

    def manifest(self, run: Path | None = None) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(((run or self.latest) / "manifest.json").read_text("utf-8"))
        return data

    def assets(self, run: Path | None = None) -> dict[str, str]:
        """SHA-256 by path of every file that lies under ``assets``."""
        return digests((run or self.latest) / "assets")

    def files(self) -> set[str]:
        """Everything in the campaign's folder, by path from there."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*")}


def by_status(report: RunReport, status: str) -> set[str]:
    return {asset.path.removeprefix("assets/") for asset in report.assets if asset.status == status}


def ended(process: Process) -> Ended:
    try:
        out, err = process.communicate(timeout=LONGEST)
    except BaseException:
        kill(process)
        raise
    return Ended(process.returncode, out, err)


def kill(process: Process) -> None:
    """SIGKILL to the command alone: its workers must notice by themselves."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def members(group: int) -> list[int]:
    """Processes of a process group that are alive (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = entry.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(of_group) == group and state not in "ZX":
            found.append(int(entry.parent.name))
    return found


def wait_until(condition: Any, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)  # to look through all processes takes a while itself
    return bool(condition())
