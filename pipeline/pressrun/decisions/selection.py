"""Which sheets and pictures people mean: by file, by picture, or by an expression over the rows."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun import registry
from pressrun.decisions.branches import EDIT
from pressrun.decisions.latest_decisions import (
    UNSHOWN,
    Decisions,
    StandingDecision,
    sheet_content,
    sheet_subject,
    unshown_content,
)
from pressrun.expand import expand_rows, is_wanted, prompts_for
from pressrun.load import load_project
from pressrun.manifest.merged_rows import merged_rows
from pressrun.manifest.runs_read import RunRecord, find_asset, job_file_among, read_run, run_names, run_of_file
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Journal, Result
from pressrun.model.picture import PictureRequest
from pressrun.model.project import Project
from pressrun.model.run_record import Asset, AssetPicture

RUNS_SEARCHED = 50
_KEY = re.compile(r"[0-9a-f]{6,64}")


class Meant(Struct, frozen=True):
    """What a decision can be about; ``told`` is its name for people, ``unshown`` the contents of the pictures that a
    sheet was had with, and does not show (see :func:`pressrun.decisions.latest_decisions.decisions_on`)."""

    subject: str
    content: str
    told: str
    unshown: tuple[str, ...] = ()


def fault(code: str, message: str, hint: str | None = None) -> InputError:
    """The error of something that people wrote on the command line."""
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])


def runs(root: Path, first: RunRecord) -> Iterator[RunRecord]:
    """The run that is meant, then the campaign's other ones of the same job, the newest first."""
    yield first
    for name in list(reversed(run_names(root)))[:RUNS_SEARCHED]:
        if name != first.run:
            record = read_run(root / "runs" / name)
            if record.job == first.job:
                yield record


def job_of(record: RunRecord, root: Path) -> Path:
    """The job file of a run. Raises InputError where it is gone."""
    return job_file_among(record.inputs, record.job, record.run, root)


def job_shown(job_file: Path, root: Path) -> str:
    """A job file as it is written on the command line, from the campaign's folder."""
    return str(job_file.relative_to(root) if job_file.is_relative_to(root) else job_file)


def project_of(record: RunRecord, root: Path) -> Project:
    """A run's job with all that it names, as it is now."""
    return load_project(job_of(record, root), registry)


def sheet_of(asset: Asset, record: RunRecord, journal: Journal) -> Meant:
    """The sheet that a file is a format of, as it was in that run."""
    subject = sheet_subject(record.job, asset.row, asset.layout, asset.take)
    shown, unshown = ([one.key for one in asset.pictures if one.shown is seen] for seen in (True, False))
    return _meant(subject, shown, unshown, asset.says or "", journal.lookup([*shown, *unshown]))


def _meant(
    subject: str, shown: Iterable[str], unshown: Iterable[str], says: str, found: Mapping[str, Result]
) -> Meant:  # fmt: skip
    content = sheet_content((found[key].digest if key in found else "" for key in shown), says)
    beside = tuple(unshown_content(found[key].digest) for key in unshown if key in found)
    return Meant(subject, content, told_of(subject), beside)


def rows_of(asset: Asset, record: RunRecord, journal: Journal) -> list[Meant]:
    """The sheets of the rows that are in a file together, each with its own pictures; a file of one row is its own."""
    if asset.row or asset.status == "failed":
        return [sheet_of(asset, record, journal)]
    rows = list(merged_rows(record.folder, asset.path))
    found = journal.lookup({key for row in rows for key in (*row.pictures, *row.unshown)})
    return [
        _meant(
            sheet_subject(record.job, row.row, row.layout, row.take), row.pictures, row.unshown, row.says, found
        )
        for row in rows
    ]  # fmt: skip


def told_of(subject: str, content: str = "") -> str:
    """What a decision is about as people read it."""
    if content.endswith(f".{UNSHOWN}"):
        return f"what others go by, with {told_of(subject)}"
    if not subject.startswith("["):
        return f"picture {subject[:12]}"
    _, row, layout, take = json.loads(subject)
    return f"{row} {layout}" + (f" take {take}" if take != 1 else "")


def named(wanted: Iterable[str], root: Path, record: RunRecord, journal: Journal) -> list[Meant]:
    """Sheets by a file's path or id, pictures by the beginning of their key. Raises InputError."""
    found: dict[Meant, None] = {}
    for one in wanted:
        found |= dict.fromkeys(_named(one, root, record, journal))
    return list(found)


def _named(wanted: str, root: Path, record: RunRecord, journal: Journal) -> list[Meant]:
    asset = asset_named(wanted, root, record)
    if asset is not None:
        return rows_of(asset[1], asset[0], journal)
    key = picture_beginning(wanted, journal)
    if key is None:
        find_asset(record, wanted)  # says what is wrong with the name
        raise AssertionError(wanted)
    return [Meant(key, journal.lookup([key])[key].digest, told_of(key))]


def asset_named(wanted: str, root: Path, record: RunRecord) -> tuple[RunRecord, Asset] | None:
    """The file of this name: its path names its run, of whatever job; any other name is looked for in the run that is
    meant and in earlier ones of its job. None if there is none."""
    if (by_path := asset_by_path(wanted, root)) is not None:
        return by_path
    for one in runs(root, record):
        try:
            return one, find_asset(one, wanted)
        except InputError as error:
            if any(finding.code == "ambiguous" for finding in error.findings):
                raise
    return None


def asset_by_path(wanted: str, root: Path) -> tuple[RunRecord, Asset] | None:
    """A file of the campaign by its path, from here or from the campaign's folder, with the run it lies in; None if
    there is none. Raises InputError where the run has no record, or does not know the file."""
    for path in (Path(wanted), root / wanted):
        folder = run_of_file(path) if os.path.isfile(path) else None
        if folder is not None and folder.resolve().parent == root.resolve() / "runs":
            record = read_run(folder)
            return record, find_asset(record, str(path))
    return None


def picture_beginning(wanted: str, journal: Journal) -> str | None:
    """The picture whose key begins so; None if there is none. Raises InputError where there are several."""
    if not _KEY.fullmatch(wanted):
        return None
    keys = journal.pictures_beginning(wanted)
    if len(keys) > 1:
        raise fault("ambiguous", f"'{wanted}' begins {len(keys)} pictures", ", ".join(key[:16] for key in keys))
    return keys[0] if keys else None


def satisfying(expression: str, root: Path, record: RunRecord, journal: Journal) -> list[Meant]:
    """The sheets of a run, and those left out of it as rejected, whose row (layout, take) satisfies an expression.

    Raises InputError.
    """
    project = project_of(record, root)
    rows = {row.id: row for row in expand_rows(project)}
    candidates: dict[tuple[str, str, int], Meant] = {}
    for asset in record.assets:
        for meant in rows_of(asset, record, journal):
            _, row_id, layout, take = json.loads(meant.subject)
            candidates.setdefault((row_id, layout, take), meant)
    for word in rejected(journal, record.job):
        _, row_id, layout, take = json.loads(word.decision.subject)
        meant = Meant(word.decision.subject, word.decision.content, told_of(word.decision.subject))
        candidates.setdefault((row_id, layout, take), meant)
    found = [
        meant
        for (row_id, layout, take), meant in candidates.items()
        if row_id in rows
        and layout in project.layouts
        and is_wanted(project, rows[row_id], layout, expression, take, "--where")
    ]
    if not found:
        raise fault("nothing-meant", f"no file of the run {record.run} satisfies {expression}")
    return found


def rejected(journal: Journal, job: str) -> list[StandingDecision]:
    """The sheets of a job that stand rejected."""
    words = Decisions(journal, job, {}).everything()
    return [
        word
        for word in words
        if not word.is_approval
        and word.decision.subject.startswith("[")
        and json.loads(word.decision.subject)[0] == job
    ]


class Shown(Struct, frozen=True):
    """A picture with the file and run it was found on: that is where its row and prompt are known from."""

    record: RunRecord
    asset: Asset
    picture: AssetPicture
    key: str


def picture_meant(wanted: str, root: Path, record: RunRecord, journal: Journal) -> Shown:
    """The one picture that a file shows, or that has a key beginning so. Raises InputError."""
    found = asset_named(wanted, root, record)
    if found is not None:
        where, asset = found
        pictures = {picture.key: picture for picture in asset.pictures_shown}
        if len(pictures) == 1:
            [picture] = pictures.values()
            return Shown(where, asset, picture, picture.key)
        listed = ", ".join(f"{one.key[:12]} ({one.slot}/{one.master})" for one in pictures.values())
        if pictures:
            raise fault("ambiguous", f"{asset.path} shows {len(pictures)} pictures", f"name one of them: {listed}")
        raise fault("no-picture", f"{asset.path} shows no picture")
    key = picture_beginning(wanted, journal)
    if key is None:
        raise fault("no-picture", f"there is no file and no picture '{wanted}'", "pressrun show --tree lists them")
    family = _family(key, journal)
    for one in runs(root, record):
        for asset in one.assets:
            for picture in asset.pictures:
                if picture.key in family:
                    return Shown(one, asset, picture, key)
    raise fault("no-picture", f"the picture {key[:12]} is on no file of {record.job}", "name its run with --run")


def _family(key: str, journal: Journal) -> set[str]:
    """A picture, all it was made from, and all made from it for the same place."""
    found, todo = {key}, [key]
    while todo:
        one = todo.pop()
        near = {descent.parent for descent in journal.parents(one) if descent.kind != EDIT}
        near |= {descent.child for descent in journal.children(one) if descent.kind != EDIT}
        todo += near - found
        found |= near
    return found


def request_behind(shown: Shown, project: Project) -> PictureRequest:
    """What the job asks for where a picture is placed: its trunk's request, as the job is now. Raises InputError."""
    asset, picture = shown.asset, shown.picture
    row = next((row for row in expand_rows(project) if row.id == asset.row), None)
    for prompt in prompts_for(project, row, {picture.slot}) if row else ():
        if prompt.master == picture.master:
            return replace(prompt.request, take=picture.take)
    message = f"the job no longer asks for {picture.slot}/{picture.master} of {asset.row}"
    raise fault("no-picture", message, "run it again, and name the picture it makes now")


def siblings(shown: Shown) -> list[Shown]:
    """The picture, and those of the same rows, slot and take in the other masters."""
    of = shown.picture
    rows = {asset.row for asset in shown.record.assets if any(one.key == of.key for one in asset.pictures)}
    found = {(of.slot, of.master): shown}
    for asset in shown.record.assets:
        for one in asset.pictures if asset.row in rows else ():
            if one.slot == of.slot and one.take == of.take:
                found.setdefault((one.slot, one.master), Shown(shown.record, asset, one, one.key))
    return list(found.values())
