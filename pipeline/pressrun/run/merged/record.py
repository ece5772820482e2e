"""What the record of a run has of files that many rows are in: the file, and which of its pages are of which row."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from pressrun.deliver import add_to_file, finish_file
from pressrun.manifest import asset_id
from pressrun.manifest.merged_rows import RECORDS
from pressrun.model.file_facts import FileFacts, FileSize
from pressrun.model.finding import Finding
from pressrun.model.journal import Result
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.run_record import Asset, AssetPicture
from pressrun.model.task import ReadySheet
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.layer_places import at_its_layer
from pressrun.run.merged.documents import Division, LaidRecord, MergedFile, Series
from pressrun.run.run_facts import located

LINES_AT_ONCE = 500


class _Noted(Struct, frozen=True):
    """What is told of a document, but for what it is called; ``rows`` are so many lines, which begin at ``lines``."""

    named: str
    number: int
    first: ReadySheet
    result: Result | None
    reused: bool
    failed: tuple[tuple[ReadySheet, Finding], ...]
    findings: tuple[Finding, ...]
    pictures: tuple[AssetPicture, ...]
    lines: int
    rows: int


class MergedRecord:
    """The documents of a run. What is known of their rows is put beside as it comes, and written down when all are
    there, since only then it is known what they are called."""

    def __init__(
        self, project: Project, division: Division, pictures: Callable[[PlannedSheet], tuple[AssetPicture, ...]]
    ) -> None:
        self._project, self._division, self._pictures = project, division, pictures
        self._noted: dict[Series, list[_Noted]] = {}
        self._beside = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        self.told: list[dict[str, Any]] = []

    def close(self) -> None:
        """Let go of what was put beside."""
        self._beside.close()

    def add(self, file: MergedFile, records: Iterable[LaidRecord]) -> None:
        """A document with the rows in it."""
        document, begin, rows = file.document, self._beside.tell(), 0
        found: list[Finding] = []
        shown: dict[AssetPicture, None] = {}
        for one in records:
            findings = _findings(self._project, one)
            found += findings
            if not one.is_slip:
                placed = self._pictures(one.ready.sheet)
                shown.update(dict.fromkeys(placed))
                self._beside.write(_line(one, findings, placed))
                rows += 1
        first = _wordless(document.first)
        failed = tuple((_wordless(ready), located(finding, ready.sheet.row)) for ready, finding in file.failed)
        self._noted.setdefault(document.series, []).append(
            _Noted(document.named, document.number, first, file.result, file.reused, failed, tuple(found),
                   tuple(shown), begin, rows)
        )  # fmt: skip

    @property
    def files(self) -> Iterator[tuple[str, str]]:
        """The digest of each document, and its path below ``assets``."""
        for series, one in self._in_order():
            if one.result:
                yield one.result.digest, self._path(series, one)

    def assets(self, folder: Path) -> Iterator[Asset]:
        """An asset for each document, with the findings of all its rows, and one for each row that is in none. Which
        pages are of which row is written into a run's folder, line by line, and ``told`` in short."""
        for series, one in self._in_order():
            path = f"assets/{self._path(series, one)}"
            index = self._written(folder, path, one)
            for ready, finding in one.failed:
                yield self._asset(f"{path} {ready.sheet.row.id}", path, series, ready, (finding,), (), None)
            if one.result is not None:
                yield self._asset(path, path, series, one.first, one.findings, one.pictures, one)
                self.told.append(
                    {"path": path, "layout": series.layout, "format": series.format,
                     "pages": max((last for _, last in index.values()), default=0), "records": len(index),
                     "index": index}
                )  # fmt: skip
        add_to_file(folder, RECORDS, b"")
        finish_file(folder, RECORDS)

    def _in_order(self) -> Iterator[tuple[Series, _Noted]]:
        for series in self._division.series:
            for one in self._noted.get(series, ()):
                yield series, one

    def _path(self, series: Series, one: _Noted) -> str:
        return self._division.path(series, one.named, one.number)

    def _written(self, folder: Path, path: str, one: _Noted) -> dict[str, tuple[int, int]]:
        """Write the lines of a document's rows; their pages, by row."""
        index: dict[str, tuple[int, int]] = {}
        lines: list[bytes] = []
        called = b'{"path":%s,' % _as_json(path)
        self._beside.seek(one.lines)
        for _ in range(one.rows):
            line = self._beside.readline()
            said = json.loads(line)
            first, last = said["pages"]
            index[said["row"]] = first, last
            lines.append(called + line[1:])
            if len(lines) >= LINES_AT_ONCE:
                add_to_file(folder, RECORDS, b"".join(lines))
                lines.clear()
        if lines:
            add_to_file(folder, RECORDS, b"".join(lines))
        return index

    def _asset(
        self, name: str, path: str, series: Series, ready: ReadySheet, findings: tuple[Finding, ...],
        pictures: tuple[AssetPicture, ...], whole: _Noted | None,
    ) -> Asset:  # fmt: skip
        """The file where it is there as a ``whole``, else the row that could not be made."""
        row = ready.sheet.row
        result = whole.result if whole else None
        facts = result.read(FileFacts.from_json) if result else None
        return Asset(
            id=asset_id(self._project.job_name, name),
            path=path,
            sha256=result.digest if result else None,
            bytes=result.size if result else 0,
            media_type=facts.media_type if facts else "",
            size=facts.size if facts else FileSize(None),
            layout=series.layout,
            format=series.format,
            row="" if whole else row.id,
            keys={} if whole else row.keys,
            sources=(),
            locale=row.locale,
            theme=row.theme,
            take=series.take,
            pictures=pictures,
            text=(),
            choices=(),
            findings=findings,
            status="failed" if whole is None else "reused" if whole.reused else "made",
            thumb=facts.thumb if facts else None,
            condition=series.condition,
        )


def _wordless(ready: ReadySheet) -> ReadySheet:
    return replace(ready, content=None)


def _findings(project: Project, one: LaidRecord) -> list[Finding]:
    sheet, facts = one.ready.sheet, one.facts
    found = at_levels(facts.findings, check_levels(project, sheet.layout)) if facts.findings else []
    found += [] if one.is_slip else sheet.row.findings
    return [located(at_its_layer(finding, project, sheet), sheet.row) for finding in found]


def _line(one: LaidRecord, findings: Sequence[Finding], pictures: Sequence[AssetPicture]) -> bytes:
    """A row in its file, as ``assets.jsonl`` has one that has files of its own, but for the file's path."""
    sheet = one.ready.sheet
    row = sheet.row
    said = {
        "row": row.id, "layout": sheet.layout, "take": sheet.take,
        "pages": [one.first, one.last], "copies": one.copies,
        "serial": row.values["serial"], "keys": row.keys,
        "sources": [{"rows": name, "file": path, "line": line} for name, path, line in row.sources],
        "pictures": sorted({picture.key for picture in pictures if picture.shown}), "says": one.ready.says,
        "text": [text.to_json() for text in one.facts.text],
        "codes": [asdict(code) for code in one.facts.codes or ()],
        "findings": [finding.to_dict() for finding in findings],
    }  # fmt: skip
    if unshown := sorted({picture.key for picture in pictures if not picture.shown}):
        said["unshown"] = unshown
    return _as_json(said) + b"\n"


def _as_json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
