"""What the record of a run has of files that many rows are in: the file, and which of its pages are of which row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pressrun.deliver import add_to_file, finish_file
from pressrun.manifest import asset_id
from pressrun.manifest.merged_rows import RECORDS
from pressrun.model.file_facts import FileFacts, FileSize, shallow
from pressrun.model.finding import Finding
from pressrun.model.plan import PlannedSheet
from pressrun.model.run_record import Asset, AssetPicture
from pressrun.model.task import ReadySheet
from pressrun.run.check_levels import at_levels, check_levels
from pressrun.run.layer_places import at_its_layer
from pressrun.run.merged_documents import LaidRecord, MergedFile
from pressrun.run.run_facts import RunFacts, located

LINES_AT_ONCE = 500


class MergedRecord:
    """The documents of a run. ``records`` answers the rows that are in one."""

    def __init__(self, files: Sequence[MergedFile], records: Callable[[MergedFile], Iterator[LaidRecord]]) -> None:
        self._files, self._records = files, records
        self.told: list[dict[str, Any]] = []

    def assets(
        self, run: RunFacts, pictures: Callable[[PlannedSheet], tuple[AssetPicture, ...]]
    ) -> Iterator[Asset]:
        """An asset for each document, with the findings of all its rows, and one for each row that is in none. Which
        pages are of which row is written beside, line by line, and ``told`` in short."""
        lines: list[bytes] = []
        for file in self._files:
            document = file.document
            found: list[Finding] = []
            shown: dict[AssetPicture, None] = {}
            index: dict[str, tuple[int, int]] = {}
            for one in self._records(file):
                row = one.ready.sheet.row
                findings = _findings(run, one)
                found += findings
                if not one.is_slip:
                    index[row.id] = one.first, one.last
                    placed = pictures(one.ready.sheet)
                    shown.update(dict.fromkeys(placed))
                    lines.append(_line(file, one, findings, placed))
                if len(lines) >= LINES_AT_ONCE:
                    add_to_file(run.folder, RECORDS, b"".join(lines))
                    lines.clear()
            for ready, finding in file.failed:
                yield _asset(run, file, ready, (located(finding, ready.sheet.row),), (), None)
            if file.result is not None:
                first = next(document.parts[0].records.__iter__())
                yield _asset(run, file, first, tuple(found), tuple(shown), file.result.read(FileFacts.from_json))
                self.told.append(
                    {"path": f"assets/{document.path}", "layout": document.layout, "format": document.format,
                     "pages": max((last for _, last in index.values()), default=0), "records": len(index),
                     "index": index}
                )  # fmt: skip
        if self._files:
            add_to_file(run.folder, RECORDS, b"".join(lines))
            finish_file(run.folder, RECORDS)


def _findings(run: RunFacts, one: LaidRecord) -> list[Finding]:
    sheet, facts = one.ready.sheet, one.facts
    found = at_levels(facts.findings, check_levels(run.project, sheet.layout)) if facts.findings else []
    found += [] if one.is_slip else sheet.row.findings
    return [located(at_its_layer(finding, run.project, sheet.drawn_by), sheet.row) for finding in found]


def _line(
    file: MergedFile, one: LaidRecord, findings: Sequence[Finding], pictures: Sequence[AssetPicture]
) -> bytes:
    """A row in its file, as ``assets.jsonl`` has one that has files of its own."""
    row = one.ready.sheet.row
    said = {
        "path": f"assets/{file.document.path}", "row": row.id,
        "layout": file.document.layout, "take": file.document.take,
        "pages": [one.first, one.last], "copies": one.copies,
        "serial": row.values["serial"], "keys": row.keys,
        "sources": [{"rows": name, "file": path, "line": line} for name, path, line in row.sources],
        "pictures": sorted({picture.key for picture in pictures}), "says": one.ready.says,
        "text": [text.to_json() for text in one.facts.text],
        "codes": [shallow(code) for code in one.facts.codes or ()],
        "findings": [finding.to_dict() for finding in findings],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _asset(
    run: RunFacts, file: MergedFile, ready: ReadySheet, findings: tuple[Finding, ...],
    pictures: tuple[AssetPicture, ...], facts: FileFacts | None,
) -> Asset:  # fmt: skip
    """The file where there are ``facts`` of it, else the row that could not be made."""
    document, sheet, row = file.document, ready.sheet, ready.sheet.row
    path = f"assets/{document.path}"
    whole = facts is not None
    return Asset(
        id=asset_id(run.project.job_name, path if whole else f"{path} {row.id}"),
        path=path,
        sha256=file.result.digest if whole and file.result else None,
        bytes=file.result.size if whole and file.result else 0,
        media_type=facts.media_type if facts else "",
        size=facts.size if facts else FileSize(None),
        layout=sheet.layout,
        format=document.format,
        row="" if whole else row.id,
        keys={} if whole else row.keys,
        sources=(),
        locale=row.locale,
        theme=row.theme,
        take=sheet.take,
        pictures=pictures,
        text=(),
        choices=(),
        findings=findings,
        status="failed" if not whole else "reused" if file.reused else "made",
        thumb=facts.thumb if facts else None,
        condition=sheet.condition,
    )
