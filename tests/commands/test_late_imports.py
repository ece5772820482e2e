"""What is heavy is imported where it is needed: not to say what a command can, nor to run a job from CSV."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "pyarrow", "sqlalchemy", "python_calamine", "xlrd", "biip", "coloraide")
SCRIPT = """
import sys
from pressrun.commands.cli import run_command
if __name__ == "__main__":
    code = run_command(sys.argv[1:])
    print("IMPORTED", [name for name in {heavy} if name in sys.modules])
    sys.exit(code)
"""


@pytest.fixture
def job_campaign_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parents[1] / "job" / "campaign", tmp_path / "campaign"))


@pytest.mark.parametrize("arguments", [["--help"], ["check", "jobs/spring.yaml"], ["run", "jobs/spring.yaml", "--quiet"]])
def test_no_table_of_csv_costs_the_import_of_others(
    job_campaign_copy: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    command = [sys.executable, "-c", SCRIPT.format(heavy=HEAVY), *arguments]
    done = subprocess.run(command, cwd=job_campaign_copy, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "IMPORTED []" in done.stdout


NOT_NAMED = (
    "pressrun.layers.table", "pressrun.layers.grid", "pressrun.steps.grain", "pressrun.providers.openai",
    "pressrun.executors.dask", "pressrun.stores.postgres", "pressrun.stores.cloud", "pressrun.designs.svg",
)  # fmt: skip


def test_no_entry_of_an_open_set_is_imported_that_a_job_does_not_name(job_campaign_copy: Path) -> None:
    script = SCRIPT.format(heavy=NOT_NAMED)
    command = [sys.executable, "-c", script, "check", "jobs/spring.yaml"]
    done = subprocess.run(command, cwd=job_campaign_copy, capture_output=True, text=True, timeout=120)
    assert "IMPORTED []" in done.stdout, done.stdout + done.stderr


def test_a_check_imports_nothing_that_files_are_made_with(job_campaign_copy: Path) -> None:
    made_with = ("pressrun.run.worker.bench", "pressrun.run.job", "pressrun.export", "pypdfium2", "pikepdf")
    command = [sys.executable, "-c", SCRIPT.format(heavy=made_with), "check", "jobs/spring.yaml"]
    done = subprocess.run(command, cwd=job_campaign_copy, capture_output=True, text=True, timeout=120)
    assert "IMPORTED []" in done.stdout, done.stdout + done.stderr


def test_help_imports_nothing_that_is_slow() -> None:
    script = SCRIPT.format(heavy=("pydantic", "numpy", "PIL", "jinja2", "typst", "pikepdf", "yaml", "starlette"))
    done = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True, timeout=120)
    assert "IMPORTED []" in done.stdout, done.stdout + done.stderr


def test_the_process_that_delivers_imports_only_that() -> None:
    script = "import sys, pressrun.deliver; from pressrun.stores.folder import FolderStore; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False", done.stdout + done.stderr
