"""A round: inputs given to a reader in a process of its own, which may die of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Found:
    """An input that went wrong, and what its reader's process said last."""

    reader: str
    number: int
    what: str


def _started(arguments: list[str]) -> subprocess.Popen[str]:
    """Python with these arguments, at the top of the repository."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}, errors="replace",
    )  # fmt: skip


def found_by(reader: str, first: int, count: int, start: Callable[[list[str]], Any] = _started) -> Iterator[Found]:
    """What goes wrong with `count` inputs of a reader, from the number `first` on."""
    at, end = first, first + count
    while at < end:
        process = start(["-m", "tests.fuzz.child", reader, str(at), str(end - at)])
        said, died = process.communicate()
        for line in said.splitlines():
            told = json.loads(line)
            at = told["number"] + 1
            if "what" in told:
                yield Found(reader, told["number"], told["what"])
        if not said:
            raise RuntimeError(f"the process for {reader} did not start:\n{died}")
        if process.returncode:
            yield Found(reader, at, f"the process ended with {process.returncode}:\n{died[-4000:]}")
            at += 1
