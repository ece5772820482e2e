"""Plants each fault of the table in a copy of the tree, one at a time, and tells which ones no test notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .plants import PLANTS, Plant

ROOT = Path(__file__).parents[2]
SOURCE = "pipeline/pressrun"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".pressrun", "runs", "__pycache__", ".*_cache")
LONGEST = 900  # seconds for the tests of one plant
NOTICED, SURVIVED, MISPLACED, UNTESTED = "noticed", "SURVIVED", "its place is gone", "its tests did not run"
FAILED, PASSED = 1, 0  # of pytest's exit codes


def planted(plant: Plant, tree: Path) -> str:
    """What came of a plant; the tree is as before afterwards."""
    file = tree / SOURCE / plant.file
    text = file.read_text("utf-8") if file.exists() else ""
    if text.count(plant.old) != 1:
        return MISPLACED
    file.write_text(text.replace(plant.old, plant.new), "utf-8")
    try:
        return _outcome(plant.tests, tree)
    finally:
        file.write_text(text, "utf-8")


def _outcome(tests: tuple[str, ...], tree: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(tree / "pipeline"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return NOTICED  # a fault that hangs is seen
    return {FAILED: NOTICED, PASSED: SURVIVED}.get(done.returncode, UNTESTED)


def main(names: list[str]) -> int:
    unknown = set(names) - PLANTS.keys()
    if unknown:
        print(f"no plant is called {', '.join(sorted(unknown))}; there are {', '.join(PLANTS)}")
        return 2
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT, symlinks=True)
        for name in names or PLANTS:
            outcome = planted(PLANTS[name], tree)
            wrong += outcome != NOTICED
            print(f"{name}: {outcome}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
