"""Decisions in a list that went round by mail: ``assets.csv`` with its column ``decision`` filled in."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from pressrun.decisions.selection import Meant, rows_of, runs
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.journal import Journal, Verdict
from pressrun.model.run_record import Asset
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table_file import read_written
from pressrun.readers.written_table import WrittenTable

# Words in a row are easier to read, and to add to, than a list of quoted ones.
YES = frozenset("approve approved accept accepted ok okay yes y true 1 ✓ ✔ ja oui sí freigegeben نعم موافق".split())  # noqa: SIM905  # read as one line
NO = frozenset("reject rejected decline declined no n false 0 ✗ ✘ nein non abgelehnt لا مرفوض".split()) | {"not ok"}  # noqa: SIM905  # read as one line
DOUBTFUL = frozenset("x × ✕ ✖ ☒".split())  # noqa: SIM905  # a box ticked for some, a file crossed out for others
DECISION = ("decision", "verdict", "approval", "approved")
COMMENT = ("comment", "comments", "reason", "note", "notes", "remark", "remarks")


class Mailed(Struct, frozen=True):
    """One decision of the list, with the line it stands on."""

    meant: Meant
    verdict: Verdict
    comment: str
    line: int


class _Line(Struct, frozen=True):
    number: int
    id: str
    path: str
    sha256: str
    verdict: Verdict
    comment: str


def read_list(path: Path, root: Path, record: RunRecord, journal: Journal) -> tuple[list[Mailed], list[Finding]]:
    """The decisions of a list, and warnings. A file that has changed since the list was made is not decided about.

    Files are found by their path (a spreadsheet takes some ids for numbers), else by their id. Lines without a decision
    say nothing. Raises InputError with everything that is wrong with the list.
    """
    file, findings = read_written(path, path.name)
    faults = [finding for finding in findings if finding.is_error]
    if file is None or faults:
        raise InputError(faults or findings)
    lines, faults = _lines(file)
    if faults:
        raise InputError(faults)
    mailed: dict[str, Mailed] = {}
    warnings: list[Finding] = []
    for line, found in _found(lines, root, record):
        place = Place(file.file, line.number)
        if found is None:
            known = [asset.path for asset in record.assets]
            hint = did_you_mean(line.path or line.id, known, "files")
            message = f"there is no file '{line.path or line.id}'"
            faults.append(Finding(Severity.ERROR, "no-asset", message, place, hint))
            continue
        if isinstance(found, str):
            hint = "look at it as it is now, and decide again"
            message = f"{found} is not what was looked at"
            warnings.append(Finding(Severity.WARNING, "changed-since", message, place, hint))
            continue
        for meant in rows_of(found[1], found[0], journal):
            earlier = mailed.get(meant.subject)
            if earlier and earlier.verdict != line.verdict:
                message = f"{meant.told} is approved and rejected: see line {earlier.line}"
                faults.append(Finding(Severity.ERROR, "contradiction", message, place))
            mailed[meant.subject] = Mailed(meant, line.verdict, line.comment, line.number)
    if faults:
        raise InputError(faults)
    return list(mailed.values()), warnings


def _lines(file: WrittenTable) -> tuple[list[_Line], list[Finding]]:
    headers = {header.casefold(): number for number, header in enumerate(file.headers)}
    decision = next((headers[name] for name in DECISION if name in headers), None)
    comment = next((headers[name] for name in COMMENT if name in headers), None)
    place = Place(file.file, file.header_line)
    if decision is None:
        hint = did_you_mean("decision", file.headers, "columns")
        return [], [Finding(Severity.ERROR, "missing-column", "there is no column 'decision'", place, hint)]
    if "path" not in headers and "id" not in headers:
        return [], [Finding(Severity.ERROR, "missing-column", "there is no column 'path' or 'id'", place)]
    found, faults = [], []
    for index, number in enumerate(file.lines):

        def cell(column: int | None, index: int = index) -> str:
            return "" if column is None else file.columns[column][index].strip()

        word = " ".join(cell(decision).casefold().rstrip(".!").split())
        if not word:
            continue
        if word not in YES | NO:
            hint = "write approve or reject, or leave it empty"
            message = f"'{cell(decision)}' {'may mean yes or no' if word in DOUBTFUL else 'is no decision'}"
            faults.append(Finding(Severity.ERROR, "unknown-decision", message, Place(file.file, number), hint))
            continue
        verdict: Verdict = "approve" if word in YES else "reject"
        path = cell(headers.get("path")).removeprefix("'").replace("\\", "/")
        found.append(_Line(number, cell(headers.get("id")), path, cell(headers.get("sha256")), verdict, cell(comment)))
    return found, faults


def _found(
    lines: list[_Line], root: Path, record: RunRecord
) -> list[tuple[_Line, tuple[RunRecord, Asset] | str | None]]:
    """Each line with its file in the run it was listed from, told by its bytes; the path alone, if it has changed."""
    answers: dict[int, tuple[RunRecord, Asset] | str] = {}
    for run in runs(root, record):
        missing = [line for line in lines if not isinstance(answers.get(line.number), tuple)]
        if not missing:
            break
        by_path = {asset.path: asset for asset in run.assets}
        by_path |= {asset.path.removeprefix("assets/"): asset for asset in run.assets}
        by_id = {asset.id: asset for asset in run.assets}
        for line in missing:
            asset = by_path.get(line.path) or by_id.get(line.id)
            if asset is None:
                continue
            if not line.sha256 or line.sha256 == asset.sha256:
                answers[line.number] = (run, asset)
            else:
                answers.setdefault(line.number, asset.path)
    return [(line, answers.get(line.number)) for line in lines]
