"""What a library has already: a CSV of files by layout, and of pictures by slot, with the rows they are for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pressrun.language.locale_formats import is_locale, locale_code
from pressrun.load.campaign_reader import Reader, capped, names_in
from pressrun.load.table_options import table_format
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.format_kind import FormatKind
from pressrun.model.job import ExistingAsset, Job
from pressrun.model.layout import Layout
from pressrun.model.project import Campaign, OutsideCampaign, Rows
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table import Table, read_table
from pressrun.readers.table_file import read_written

PATHS = ("path", "picture", "file")
COLUMNS = (*PATHS, "row", "locale", "layout", "format", "slot", "master", "take", "status")


def read_existing(
    reader: Reader, campaign: Campaign, job: Job, layouts: Mapping[str, Layout], formats: Mapping[str, FormatKind],
    row_sets: Mapping[str, Rows], asked_at: Place,
) -> tuple[ExistingAsset, ...]:  # fmt: skip
    """The lines of the job's ``existing`` that can be used; those that cannot are findings, each at its line.

    ``path`` (or ``picture``) is looked up beside the table, beside the job, and in the brand's folder. Columns that are
    no row sets and have no meaning here are passed over, so that a library's own export, or the ``assets.csv`` of a
    run, can be given as it is. A line without a row is of a file that many are in, where the job makes such files.
    """
    assert job.existing is not None
    written = job.existing.file
    try:
        path = campaign.find(written)
    except OutsideCampaign as outside:
        reader.error("outside-campaign", str(outside), asked_at)
        return ()
    if path is None:
        _, findings = read_written(campaign.job_folder / written, written, asked_at=asked_at)
        reader.add(findings)
        return ()
    reader.remember(path)
    raw, findings = read_written(path, reader.shown(path), table_format(job.existing))
    reader.add(findings)
    if raw is None:
        return ()
    table, findings = read_table(raw, types={"take": "integer"} if "take" in raw.headers else {})
    reader.add(findings)
    if table is None or any(finding.is_error for finding in findings):
        return ()
    return _Lines(reader, campaign, job, layouts, formats, row_sets, path, table).read()


class _Lines:
    def __init__(
        self, reader: Reader, campaign: Campaign, job: Job, layouts: Mapping[str, Layout],
        formats: Mapping[str, FormatKind], row_sets: Mapping[str, Rows], path: Path, table: Table,
    ) -> None:  # fmt: skip
        self.reader, self.campaign, self.job, self.layouts, self.formats = reader, campaign, job, layouts, formats
        self.folder, self.table = path.parent, table
        self.path_column = next((name for name in PATHS if name in table.columns), None)
        self.sets = [name for name in table.columns if name in row_sets]
        self.known = {name: frozenset(row_sets[name].sheet_keys) for name in self.sets}
        self.elsewhere = frozenset(names_in(campaign.root / "templates" / "layouts", ".yaml"))
        self.faults: list[Finding] = []

    def read(self) -> tuple[ExistingAsset, ...]:
        place = Place(self.table.file, 1)
        if self.path_column is None:
            hint = did_you_mean("path", self.table.columns, "columns")
            self.reader.error("missing-column", f"{self.table.file} has no column 'path'", place, hint)
            return ()
        if not {"layout", "slot"} & set(self.table.columns):
            message = f"{self.table.file} has neither a column 'layout' nor 'slot': nothing says what its files are"
            self.reader.error("missing-column", message, place, "layout for finished files, slot for pictures")
            return ()
        found = [asset for index, row in enumerate(self.table.rows()) if (asset := self._line(row, index))]
        by_code: dict[str, list[Finding]] = {}
        for fault in self.faults:
            by_code.setdefault(fault.code, []).append(fault)
        for faults in by_code.values():
            self.reader.add(capped(faults))
        return tuple(found)

    def _line(self, row: Mapping[str, Any], index: int) -> ExistingAsset | None:
        place = self.table.place(index)
        words = {name: str(row.get(name) or "").strip() for name in COLUMNS if name != "take"}
        if words["status"] == "failed":
            return None  # of a run's assets.csv: there is no file
        before = len(self.faults)
        keys = tuple((name, str(row[name]).strip()) for name in self.sets if str(row[name]).strip())
        layout, slot = words["layout"], words["slot"]
        if bool(layout) == bool(slot):
            message = "the line names both a layout and a slot" if layout else "the line names neither layout nor slot"
            self._error("wrong-line", message, place, "a layout for a finished file, a slot for a picture")
        elif words["locale"] and not is_locale(words["locale"]):
            self._error("unknown-locale", f"'{words['locale']}' is no locale", place, "write it like de-DE")
        elif slot:
            self._check_slot(slot, words["master"], place)
        elif not self._is_of_this_job(layout, words["format"], place):
            return None
        elif not keys and not words["row"] and not self._is_of_many_rows(layout, words["format"]):
            self._error("wrong-line", "nothing says which row this file is of", place, "fill in its keys")
        for name, key in keys:
            if key not in self.known[name]:
                self._warn("unknown-row", f"there is no {name} '{key}'", place, did_you_mean(key, self.known[name]))
        path = self._file(words[self.path_column or "path"], place)
        if path is None or any(fault.is_error for fault in self.faults[before:]):
            return None
        locale = locale_code(words["locale"]) if words["locale"] else ""
        return ExistingAsset(
            place, path, keys, words["row"], locale, layout, words["format"], slot, words["master"],
            int(row.get("take") or 0),
        )  # fmt: skip

    def _is_of_this_job(self, layout: str, format: str, place: Place) -> bool:
        if layout not in self.layouts:
            if layout not in self.elsewhere:  # else it is one of another job, which a library has as well
                hint = did_you_mean(layout, self.layouts, "layouts")
                self._warn("unknown-layout", f"there is no layout '{layout}'", place, hint)
            return False
        formats = self.layouts[layout].formats
        if format and format not in formats:
            self._warn("unknown-format", f"{layout} has no format '{format}'", place, did_you_mean(format, formats))
            return False
        return True

    def _is_of_many_rows(self, layout: str, format: str) -> bool:
        """Whether the job puts many rows into a file of this layout (and format; empty: of one of its formats)."""
        formats = (format,) if format else self.layouts[layout].formats
        return any(True in self.job.puts_out(self.formats[one]) for one in formats)

    def _check_slot(self, slot: str, master: str, place: Place) -> None:
        slots = self.job.pictures
        if slot not in slots:
            hint = did_you_mean(slot, slots, "slots")
            self._error("unknown-picture", f"the job has no picture slot '{slot}'", place, hint)
        elif master and master not in slots[slot].masters:
            hint = did_you_mean(master, slots[slot].masters, "masters")
            self._error("unknown-master", f"'{slot}' has no master '{master}'", place, hint)

    def _file(self, written: str, place: Place) -> str | None:
        """The file's path from the campaign's folder; None, with a finding, if there is none."""
        if not written:
            self._error("missing-file", "the line names no file", place, "fill in the path")
            return None
        try:
            path: Path | None = self.campaign.find(written)
        except OutsideCampaign as outside:
            self._error("outside-campaign", str(outside), place)
            return None
        beside = (self.folder / written).resolve()
        if beside.is_relative_to(self.campaign.root) and os.path.isfile(beside):
            path = beside
        if path is None:
            names = sorted(one.name for one in beside.parent.iterdir()) if os.path.isdir(beside.parent) else []
            hint = did_you_mean(beside.name, names, "files there") if names else "its folder is not there either"
            self._error("missing-file", f"there is no file '{written}'", place, hint)
            return None
        return path.relative_to(self.campaign.root).as_posix()

    def _error(self, code: str, message: str, place: Place, hint: str | None = None) -> None:
        self.faults.append(Finding(Severity.ERROR, code, message, place, hint))

    def _warn(self, code: str, message: str, place: Place, hint: str | None) -> None:
        self.faults.append(Finding(Severity.WARNING, code, message, place, hint))
