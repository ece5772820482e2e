"""Rows fed one by one, from a web shop or a form: each is a small run of the job, answered before the next is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Literal

from msgspec import Struct
from msgspec.structs import asdict, replace

from pressrun.doors import Doors
from pressrun.generate.buy.request_findings import cap_of
from pressrun.load.fed_rows import with_rows
from pressrun.model.errors import BudgetReached, InputError, PressrunError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.progress import Silence
from pressrun.model.project import Project
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.readers.json_text import AS_WRITTEN
from pressrun.run.begun_runs import sweep_killed
from pressrun.run.job import carry_out, kit_for, kit_of
from pressrun.run.planned_job import open_job, prepare_project

LONGEST_LINE = 4 * 2**20  # bytes; a product is a few hundred


class RowFailed(PressrunError):
    """Something that nobody foresaw happened to one row; the others go on."""

FedStatus = Literal["done", "failed", "wrong", "stopped"]
"""``done``: every file is there. ``failed``: some are not, or have errors. ``wrong``: the row cannot be used.
``stopped``: the budget, a missing tool or the provider ended it."""


class FedRow(Struct, frozen=True):
    """What became of one row: ``files`` as in ``assets.jsonl``, with ``path`` from the current folder; ``exit`` is the
    code that a run of this row alone would end with."""

    line: int
    status: FedStatus
    rows: tuple[str, ...]
    files: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    folder: str | None
    cost_usd: float
    exit: int

    def to_json(self) -> str:
        """One line, without its end."""
        return json.dumps(asdict(self), ensure_ascii=False)


def run_rows(
    job_file: Path | str, rows: Iterable[Mapping[str, Any] | str | bytes], settings: Settings | None = None,
    source: str = "rows",
) -> Iterator[FedRow]:  # fmt: skip
    """Run a job for rows that come one after the other, and answer each when its files are there.

    A row is a mapping, or a line of JSON: by row set of the job the key of one of its rows, or an object of columns
    (see `pressrun.load.fed_rows.with_rows`). A row that is wrong is answered so, and the others go on. The cap
    holds for all rows together. Empty lines are passed over. Raises PressrunError for what is wrong with the job
    itself, and after the answer to a row that found that nothing further can be made.
    """
    project, doors = open_job(Path(job_file), settings or Settings())
    with doors:
        feed = _Feed(project, doors)
        for line, row in enumerate(rows, start=1):
            if isinstance(row, (str, bytes)) and not row.strip():
                continue
            answer, error = feed.answer(row, Place(source, line))
            yield answer
            if error:
                raise error


def bounded_lines(opened: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file or a pipe; of one that is too long to be used no more than shows that is kept."""
    while line := opened.readline(LONGEST_LINE + 2):
        yield line
        while not line.endswith(b"\n") and (line := opened.readline(LONGEST_LINE)):
            pass


class _Feed:
    """One set of doors, one set of workers, one cap."""

    def __init__(self, project: Project, doors: Doors) -> None:
        self.project, self.doors = project, doors
        self.kit = kit_of(project, doors)
        sweep_killed(doors)
        self.left = cap_of(doors.settings.max_cost)

    def answer(self, row: Mapping[str, Any] | str | bytes, place: Place) -> tuple[FedRow, PressrunError | None]:
        """What became of a row, and the error after which no other can be made."""
        line = place.line or 0
        try:
            report = self._run(row if isinstance(row, Mapping) else _parsed(row, place), place)
        except InputError as error:
            found = tuple(_here(finding, place).to_dict() for finding in error.findings)
            return FedRow(line, "wrong", (), (), found, None, 0.0, error.exit_code), None
        except Exception as problem:  # nothing that a row holds may end the feed
            told = problem if isinstance(problem, PressrunError) else _unforeseen(problem)
            finding = Finding(Severity.ERROR, told.code, told.message, place, told.hint)
            status: FedStatus = "stopped" if told.stops_the_run else "failed"
            answer = FedRow(line, status, (), (), (finding.to_dict(),), None, 0.0, told.exit_code)
            return answer, told if told.stops_the_run and not isinstance(told, BudgetReached) else None
        return _answer(report, line), None

    def _run(self, said: Mapping[str, Any], place: Place) -> RunReport:
        doors = self.doors
        if self.left is not None:
            doors.settings = replace(doors.settings, max_cost=float(self.left))
        _require_text(said, place)
        prepared = prepare_project(with_rows(self.project, said, place), doors)
        if (kit := kit_for(prepared, self.kit)) is not self.kit:  # a script that no row had before
            doors.dismiss_workers()
            self.kit = kit
        report = carry_out(prepared, self.kit, Silence())
        if self.left is not None:
            self.left = max(Decimal(0), self.left - doors.journal.spending(report.run).committed)
        return report


def _answer(report: RunReport, line: int) -> FedRow:
    files = []
    for asset in report.assets:
        data = asset.to_dict()
        data["path"] = f"{report.folder}/{asset.path}" if asset.sha256 else None
        files.append({name: data[name] for name in _TOLD})
    findings = tuple(finding.to_dict() for asset in report.assets for finding in asset.findings)
    problems = tuple(Finding(Severity.ERROR, "stopped", told).to_dict() for told in report.problems)
    status: FedStatus = "stopped" if report.problems else "failed" if report.exit else "done"
    return FedRow(
        line, status, tuple(dict.fromkeys(asset.row for asset in report.assets)), tuple(files),
        (*findings, *problems), report.folder, report.cost.spent_usd, report.exit,
    )  # fmt: skip


_TOLD = ("id", "path", "status", "layout", "format", "row", "locale", "take", "size", "media_type", "bytes", "sha256")


def _parsed(row: str | bytes, place: Place) -> Mapping[str, Any]:
    """A line of JSON. Numbers stay as they are written. Raises InputError."""
    if len(row) > LONGEST_LINE:
        raise _wrong(f"the line is longer than {LONGEST_LINE // 2**20} MB", place)
    try:
        text = row.decode("utf-8-sig") if isinstance(row, bytes) else row.removeprefix("\ufeff")
        said = json.loads(text, **AS_WRITTEN)
    except UnicodeDecodeError as error:
        raise _wrong(f"the line is not UTF-8 (byte {error.start + 1})", place) from None
    except json.JSONDecodeError as error:
        at = Place(place.file, place.line, error.colno)
        raise _wrong(f"the line is no JSON: {error.msg[:1].lower()}{error.msg[1:]}", at) from None
    except (ValueError, RecursionError) as error:
        raise _wrong(f"the line cannot be used: {error}", place) from None
    if not isinstance(said, dict):
        raise _wrong("the line is no JSON object", place)
    return said


def _require_text(said: Mapping[str, Any], place: Place) -> None:
    """JSON can escape half of a pair of surrogates, which is no character, and no file can hold. Raises InputError."""
    try:
        json.dumps(said, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        half = ord(error.object[error.start])
        raise _wrong(f"the line has half a character in it (\\u{half:04x})", place) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise _wrong(f"the row cannot be used: {error}", place) from None


def _unforeseen(problem: Exception) -> PressrunError:
    said = str(problem)
    return RowFailed(f"this row could not be made: {type(problem).__name__}{f': {said}' if said else ''}")


def _wrong(message: str, place: Place) -> InputError:
    hint = 'write one object a line, like {"product": {"sku": "A-1", "name": "Mug"}, "region": "de-DE"}'
    return InputError([Finding(Severity.ERROR, "bad-line", message, place, hint)])


def _here(finding: Finding, place: Place) -> Finding:
    return finding if finding.place else replace(finding, place=place)
