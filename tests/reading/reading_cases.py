"""Cases: a folder with an input, the options it is read with, and the findings it must bring, one a line.

A line is ``severity code line:column`` and, where the hint matters, the hint; ``-`` is no line or no column, and
``job:fill`` for a finding that belongs to an option in the job, not to the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pressrun.model.finding import Finding

CASES = Path(__file__).parent / "cases"


def folders(kind: str) -> list[Path]:
    return sorted(folder for folder in (CASES / kind).iterdir() if folder.is_dir())


def options(folder: Path) -> dict[str, Any]:
    path = folder / "options.json"
    return json.loads(path.read_text()) if path.exists() else {}


def expected(folder: Path) -> list[str]:
    return (folder / "expected.txt").read_text().splitlines()


def told(findings: Iterable[Finding], like: list[str]) -> list[str]:
    """The findings as lines; a hint only where the line expected in its stead has one."""
    lines = []
    for number, finding in enumerate(findings):
        line = f"{finding.severity} {finding.code} {_spot(finding)}"
        if number < len(like) and like[number] != line and finding.hint:
            with_hint = f"{line} {finding.hint}"
            line = with_hint if like[number].startswith(line + " ") else line
        lines.append(line)
    return lines


def _spot(finding: Finding) -> str:
    place = finding.place
    assert place is not None, finding
    if place.file.startswith("job:"):
        return place.file
    return f"{place.line}:{place.column or '-'}" if place.line else "-"
