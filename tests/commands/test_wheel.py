"""A wheel has everything in it, also when it is built from a ZIP file, where links are lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import needed

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "pipeline"


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_carries_what_init_writes(tmp_path: Path) -> None:
    if int(version("setuptools").split(".")[0]) < 77:
        needed.absent("setuptools 77")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for name in ("pipeline", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, tmp_path / name, symlinks=True, ignore=ignored)
    for link in [path for path in (tmp_path / "pipeline").rglob("*") if path.is_symlink()]:
        written = os.readlink(link)
        link.unlink()
        link.write_text(written)
    for stale in ("pipeline/__init__.py", "pressrun/cli.py"):  # what builds of older versions left behind
        (tmp_path / "build/lib" / stale).parent.mkdir(parents=True)
        (tmp_path / "build/lib" / stale).touch()
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    done = subprocess.run([sys.executable, "-c", build], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        carried = set(opened.namelist())
    assert {name.partition("/")[0] for name in carried} == {"pressrun", f"{wheel.name.rsplit('-', 3)[0]}.dist-info"}
    starter = "pressrun/commands/starter"
    assert {f"{starter}/templates/{name}" for name in files_below(REPOSITORY / "templates")} <= carried
    assert {f"{starter}/campaign/{name}" for name in files_below(SOURCE / starter / "campaign")} <= carried
    ours = {f"pressrun/{name}" for name in files_below(SOURCE / "pressrun") if "__pycache__" not in name}
    assert ours <= carried
    assert "pressrun/cli.py" not in carried
