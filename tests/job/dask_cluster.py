"""A Dask cluster whose machines are folders: each program has its own, and another HOME."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import needed
from job_campaign import wait_until


@dataclass(frozen=True)
class Cluster:
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: dict[str, subprocess.Popen[bytes]]


def served(command: str, home: Path, packages: Path | None = None) -> subprocess.Popen[bytes]:
    """A program of Dask's in a folder of its own, with another HOME; what is in ``packages`` hides what is ours."""
    home.mkdir()
    module, *arguments = command.split()
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"],
        cwd=home, env=os.environ | {"HOME": str(home), "TMPDIR": str(home)} | ({"PYTHONPATH": str(packages)} if packages else {}),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextlib.contextmanager
def cluster_of_two(folder: Path) -> Iterator[Cluster]:
    """A scheduler and two workers, which share no folder."""
    with cluster_of(folder, machine0=None, machine1=None) as cluster:
        yield cluster


@contextlib.contextmanager
def cluster_of(folder: Path, **packages: Path | None) -> Iterator[Cluster]:
    """A scheduler and workers by name, each with packages that hide what is ours."""
    needed.package("distributed")
    noted = folder / "scheduler.json"
    scheduler = served(f"dask_scheduler --host 127.0.0.1 --port 0 --scheduler-file {noted}", folder / "scheduler")
    workers: dict[str, subprocess.Popen[bytes]] = {}
    try:
        assert wait_until(noted.exists, 60)
        address = json.loads(noted.read_text())["address"]
        for name, hiding in packages.items():
            workers[name] = served(f"dask_worker {address} --no-nanny --nthreads 1 --name {name}", folder / name, hiding)
        yield Cluster(address, scheduler, workers)
    finally:
        for program in (scheduler, *workers.values()):
            program.kill()
            program.wait()
