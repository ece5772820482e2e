"""Press files for imposition: those of a job's newest run, of a run that is named, or any PDFs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pikepdf
from msgspec import Struct
from msgspec.structs import replace

from pressrun import doors, registry
from pressrun.language.locale_formats import direction_of
from pressrun.manifest import runs_read
from pressrun.manifest.merged_rows import RECORDS
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.run_record import Asset
from pressrun.readers.suggestion import did_you_mean
from pressrun.run.imposition.sources import SourceFile

PRESS = "press-pdf"  # how formats for the press are called, or begin


class PressFiles(Struct, frozen=True):
    """What is imposed: files in order, and how the slug line tells where they are from. ``two_sided``: all are of a
    run, and have a front and a back. ``findings`` are of files that are not taken, since others have their pages."""

    files: tuple[SourceFile, ...]
    told: str
    two_sided: bool = False
    findings: tuple[Finding, ...] = ()


def press_files(
    wanted: Sequence[str], root: Path | None, layouts: Collection[str] = (), condition: str = ""
) -> PressFiles:
    """The files that are named: PDFs by their paths, runs by folder, name, or the job they are of, of which those of
    ``layouts`` and for a printing ``condition`` are taken. Raises InputError."""
    files: list[SourceFile] = []
    told: list[str] = []
    findings: list[Finding] = []
    two_sided = True
    for name in wanted:
        if name.lower().endswith(".pdf"):
            files.append(replace(_read(Path(name), name), from_right=_is_read_from_right(Path(name))))
            told.append(Path(name).stem)
            two_sided = False
        else:
            record, told_of_run = _run(name, root)
            taken = _of_run(record, layouts, condition)
            files += taken.files
            findings += [*told_of_run, *taken.findings]
            told.append(f"{record.job} {record.run}")
            two_sided = two_sided and taken.two_sided
    return PressFiles(tuple(files), ", ".join(dict.fromkeys(told)), two_sided, tuple(findings))


def delivered_for_press(folder: Path) -> list[Path]:
    """The press files of a run by its folder, in their order. Raises InputError where it is no run's, or has none."""
    if not (folder / runs_read.MANIFEST).is_file():
        message, hint = "is a folder, and none of a finished run", "name its PDFs, or the folder of a run"
        raise InputError([Finding(Severity.ERROR, "no-run", message, Place(folder.as_posix()), hint)])
    record = runs_read.read_run(folder)
    paths = [folder / asset.path for asset in _for_press(record)]
    if not paths:
        raise InputError([_nothing(record, (), "")])
    return paths


def ordered(files: Sequence[SourceFile], said: Mapping[str, int]) -> list[SourceFile]:
    """Files with how many are wanted of each: by row, file name or path; nothing before the number is meant for all.
    Raises InputError for a name that none has."""
    names = {name for file in files for name in _names(file)}
    for name in said:
        if name and name not in names:
            message = f"there is nothing called '{name}' to print {said[name]} of"
            hint = did_you_mean(name, sorted(names))
            raise InputError([Finding(Severity.ERROR, "unknown-value", message, hint=hint)])
    every = said.get("", 1)
    return [
        replace(file, quantity=next((said[name] for name in _names(file) if name in said), every)) for file in files
    ]


def _names(file: SourceFile) -> tuple[str, ...]:
    return tuple(name for name in (file.label, file.name, Path(file.name).name, Path(file.name).stem) if name)


def _run(wanted: str, root: Path | None) -> tuple[RunRecord, list[Finding]]:
    """A run: of a job the newest of all its rows, and what is told of newer ones."""
    path = Path(wanted)
    if path.suffix in (".yaml", ".yml"):
        campaign = (root or doors.find_root(path.parent)).resolve()
        return _newest(campaign, path)
    inside = (path / runs_read.MANIFEST).is_file()
    campaign = (root or doors.find_root(path if inside else Path.cwd())).resolve()
    return runs_read.read_run(runs_read.find_run(campaign, wanted)), []


def _newest(root: Path, job: Path) -> tuple[RunRecord, list[Finding]]:
    """The newest run of all rows of a job, and a note where a newer one is of some alone; that one, and a warning,
    where there is no other. Code: ``run-in-part``."""
    in_part: RunRecord | None = None
    for name in reversed(runs_read.run_names(root)):
        if f"-{job.stem}" not in name or (record := runs_read.read_run(root / "runs" / name)).job != job.stem:
            continue
        if record.only:
            in_part = in_part or record
            continue
        if in_part is None:
            return record, []
        message = f"this is the newest run of all rows; {in_part.run} is newer, and of some alone: {in_part.only}"
        hint = f"pressrun sheet {in_part.run} imposes those"
        return record, [Finding(Severity.NOTE, "run-in-part", message, Place(record.run), hint)]
    if in_part is not None:
        message = f"no run is of all rows of the job; this one is of some alone: {in_part.only}"
        hint = f"pressrun run {job.as_posix()} makes all"
        return in_part, [Finding(Severity.WARNING, "run-in-part", message, Place(in_part.run), hint)]
    missing = "" if job.is_file() else ", and no such file"
    message = f"there is no finished run of {job.as_posix()}{missing}"
    raise InputError([Finding(Severity.ERROR, "no-run", message, hint=f"pressrun run {job.as_posix()}")])


def _of_run(record: RunRecord, layouts: Collection[str], condition: str) -> PressFiles:
    """Its press files in the order of its rows."""
    found: list[SourceFile] = []
    pages: set[int] = set()
    merged = _rows_of_pages(record)
    wanted = [
        asset for asset in _for_press(record)
        if (not layouts or asset.layout in layouts) and (not condition or asset.condition == condition)
    ]  # fmt: skip
    taken, findings = _each_page_once(wanted, record)
    for asset in taken:
        errors = tuple(dict.fromkeys(one.message for one in asset.findings if one.is_error))
        from_right = bool(asset.locale) and direction_of(asset.locale) == "rtl"
        file = replace(_read(record.folder / asset.path, asset.path), told=errors, from_right=from_right)
        if asset.path in merged:
            rows, of_row = merged[asset.path]
            found.append(replace(file, rows=rows, documents=of_row))
            pages |= set(of_row)
        else:
            found.append(replace(file, label=asset.row, documents=(asset.size.pages,)))
            pages.add(asset.size.pages)
    if not found:
        raise InputError([_nothing(record, layouts, condition)])
    return PressFiles(tuple(found), record.run, pages == {2}, tuple(findings))


def _each_page_once(assets: Sequence[Asset], record: RunRecord) -> tuple[list[Asset], list[Finding]]:
    """Of files with the same pages those that are imposed, and what is told of the others: of a row's in several
    formats the one with transparency; and documents of many rows in place of those that each of them has."""
    formats: dict[str, str] = {}  # that are imposed, by the name that a file has in all its formats
    together = {(asset.layout, asset.take, asset.condition) for asset in assets if not asset.row}
    for asset in assets:
        name = _name_of(asset)
        formats[name] = PRESS if asset.format == PRESS else formats.get(name, asset.format)
    taken: list[Asset] = []
    left: dict[str, int] = {}
    for asset in assets:
        series = asset.layout, asset.take, asset.condition
        if asset.format != (better := formats[_name_of(asset)]):
            why = f"in {asset.format}, as {better} has the same pages"
        elif asset.row and series in together:
            why = "of one row each, as the file of all rows has the same pages"
        else:
            taken.append(asset)
            continue
        left[why] = left.get(why, 0) + 1
    place, hint = Place(record.run), "to impose them, name the files instead of the run"
    told = (f"left off {count} file{'' if count == 1 else 's'} {why}" for why, count in left.items())
    return taken, [Finding(Severity.NOTE, "pages-twice", message, place, hint) for message in told]


def _name_of(asset: Asset) -> str:
    return asset.path.removesuffix(registry.FORMATS[asset.format].suffix)


def _for_press(record: RunRecord) -> Iterator[Asset]:
    return (one for one in record.assets if one.format.startswith(PRESS) and one.status != "failed")


def _rows_of_pages(record: RunRecord) -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
    """Of files that many rows are in, by path: the row of each page, and how many pages each copy of a row has."""
    found: dict[str, tuple[list[str], list[int]]] = {}
    file = record.folder / RECORDS
    for said in _lines(file) if file.is_file() else ():
        rows, of_row = found.setdefault(said["path"], ([], []))
        first, last = said["pages"]
        rows += [""] * (last - len(rows))
        rows[first - 1 : last] = [said["row"]] * (last - first + 1)
        copies = max(1, said["copies"])
        of_row += [(last - first + 1) // copies] * copies
    return {path: (tuple(rows), tuple(of_row)) for path, (rows, of_row) in found.items()}


def _lines(file: Path) -> Iterator[Any]:
    with file.open("rb") as lines:
        yield from map(json.loads, lines)


def _nothing(record: RunRecord, layouts: Collection[str], condition: str) -> Finding:
    conditions = sorted({asset.condition for asset in _for_press(record)} - {""})
    if condition and condition not in conditions:
        message = f"{record.run} has no press files for {condition}"
        hint = did_you_mean(condition, conditions, "conditions") if conditions else "its job has one condition alone"
        return Finding(Severity.ERROR, "no-press-files", message, Place("--condition"), hint)
    having = sorted({asset.layout for asset in _for_press(record)})
    if layouts and having:
        hint = did_you_mean(next(iter(layouts)), having, "layouts with press files")
        return Finding(Severity.ERROR, "no-press-files", f"{record.run} has no press files of these layouts", hint=hint)
    hint = "add press-pdf to the formats of its layouts"
    return Finding(Severity.ERROR, "no-press-files", f"{record.run} has no press files", hint=hint)


def _is_read_from_right(path: Path) -> bool:
    """Whether a PDF says so (ISO 32000-2, table 147); False of one that cannot be read, which is told later."""
    try:
        with pikepdf.open(path) as pdf:
            preferences = pdf.Root.get("/ViewerPreferences")
            return isinstance(preferences, pikepdf.Dictionary) and preferences.get("/Direction") == "/R2L"
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError, ValueError):
        return False


def _read(path: Path, name: str) -> SourceFile:
    file = SourceFile(name, path)
    file.opened().close()
    return file
