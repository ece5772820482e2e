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


def served(command: str, home: Path) -> subprocess.Popen[bytes]:
    """A program of Dask's in a folder of its own, with another HOME."""
    home.mkdir()
    module, *arguments = command.split()
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"],
        cwd=home, env=os.environ | {"HOME": str(home), "TMPDIR": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextlib.contextmanager
def cluster_of_two(folder: Path) -> Iterator[Cluster]:
    """A scheduler and two workers, which share no folder."""
    needed.package("distributed")
    noted = folder / "scheduler.json"
    scheduler = served(f"dask_scheduler --host 127.0.0.1 --port 0 --scheduler-file {noted}", folder / "scheduler")
    programs = [scheduler]
    try:
        assert wait_until(noted.exists, 60)
        address = json.loads(noted.read_text())["address"]
        for number in range(2):
            programs.append(served(f"dask_worker {address} --no-nanny --nthreads 1", folder / f"machine{number}"))
        yield Cluster(address, scheduler)
    finally:
        for program in programs:
            program.kill()
            program.wait()
