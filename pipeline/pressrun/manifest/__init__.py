"""manifest: the run's record, from which every delivered file can be explained."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import to_json

from pressrun.model.finding import Finding, Severity
from pressrun.model.run_record import Asset

CSV_COLUMNS = (
    "id",
    "path",
    "status",
    "layout",
    "format",
    "locale",
    "row",
    "theme",
    "take",
    "bytes",
    "sha256",
    "errors",
    "warnings",
    "worst_finding",
    "decision",
    "comment",  # empty: for those who look the files over
)


def asset_id(job: str, path: str) -> str:
    """A short name for an asset that stays the same from run to run: twelve hex digits."""
    return hashlib.sha256(f"{job}\0{path}".encode()).hexdigest()[:12]


def asset_line(asset: Asset) -> bytes:
    """The line of an asset. Prompts make it long: Python's own writer takes five times as long for it."""
    return to_json(asset.to_dict()) + b"\n"


def log_jsonl(failures: Iterable[Finding]) -> bytes:
    """For who mends the program: what failed, and where it was."""
    lines = (json.dumps({**one.to_dict(), "trace": one.trace}, ensure_ascii=False) for one in failures)
    return "".join(f"{line}\n" for line in lines).encode()


def assets_csv_header() -> bytes:
    """The first line of the table, behind a byte order mark, which is how Excel knows UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerow(CSV_COLUMNS)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def assets_csv(assets: Iterable[Asset]) -> bytes:
    """The same for a spreadsheet: the lines behind `assets_csv_header`."""
    out = io.StringIO()
    writer = csv.writer(out)
    for asset in assets:
        severities = [finding.severity for finding in asset.findings]
        worst = max(asset.findings, key=lambda finding: finding.severity.rank, default=None)
        writer.writerow(
            [
                plain_cell(value)
                for value in (
                    asset.id,
                    asset.path,
                    asset.status,
                    asset.layout,
                    asset.format,
                    asset.locale,
                    asset.row,
                    asset.theme,
                    asset.take,
                    asset.bytes,
                    asset.sha256 or "",
                    severities.count(Severity.ERROR),
                    severities.count(Severity.WARNING),
                    worst.code if worst else "",
                    asset.decision or "",
                    "",
                )
            ]
        )
    return out.getvalue().encode()


def plain_cell(value: Any) -> Any:
    """A spreadsheet runs a cell that begins like a formula: data from a CSV must not become one."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def manifest_json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def count_findings(findings: Iterable[Finding]) -> dict[str, int]:
    counts = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        counts[finding.severity] += 1
    return counts
