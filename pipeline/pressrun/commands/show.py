"""`pressrun show`: a run, or one file of it, explained."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError
from pressrun.model.plain_data import plain
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.manifest.runs_read import RunRecord
    from pressrun.model.run_record import Asset


@cloup.command()
@cloup.argument("wanted", metavar="[RUN|ASSET|PICTURE]", default="latest")
@cloup.option("--tree", is_flag=True, help="Draw where the pictures come from, and what is made of them.")
@cloup.option("--pivot", nargs=2, metavar="DOWN ACROSS", help="Count a run's files by two things: locale layout.")
@cloup.option("--contact-sheet", "part", metavar="FILTER",
              help="Write a contact sheet of these files alone, as one file that goes by mail, and a list to answer "
                   "in: an expression (\"product.sku == 'X'\"), or what the address of a wall says "
                   "(locale=de-DE&finding=any-error).")
@cloup.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Where to write it (default: RUN-part.html here).")
@flags(finished=FinishedRun)
@flags(only=("language",), settings=Settings)
@flags(only=("as_json",), output=Output)
def show(
    wanted: str, tree: bool, pivot: tuple[str, str] | None, part: str | None, target: Path | None,
    finished: FinishedRun, settings: Settings, output: Output,
) -> int:  # fmt: skip
    """Explain a run (its folder, its name, `latest`), a file (its path, its id, or the beginning of one; of the latest
    run that has it), or a picture (the beginning of its key)."""
    from pressrun.commands.report.run_shown import asset_data, asset_explained, run_data, run_explained
    from pressrun.decisions.lineage import family, tree_lines
    from pressrun.doors import opened_journal, store_opener

    try:
        record, asset, root = _find(wanted, finished.name, finished.root)
    except InputError:
        if tree or not _ledger_told(wanted, finished.root, output.as_json):
            raise
        return 0
    if pivot:
        from pressrun.commands.report.pivot import pivot as counted_by
        from pressrun.commands.report.pivot import pivot_text

        counted = counted_by(record, *pivot)
        if output.as_json:
            tell_json(json.dumps(counted, ensure_ascii=False, indent=2))
        else:
            tell(pivot_text(counted, pivot[0]))
        return 0
    if part:
        _write_part(record, root, part, target or Path(f"{record.run}-part.html"), settings, output.as_json)
        return 0
    with opened_journal(root, reading=True) as journal:
        if tree:
            branches = family(record, journal, asset)
            if output.as_json:
                tell_json(json.dumps([plain(branch) for branch in branches], ensure_ascii=False, indent=2))
            else:
                marked = asset.id if asset else None
                tell("\n".join(tree_lines(branches, marked)) or "There are no pictures.")
        elif output.as_json:
            data = asset_data(asset, record, journal) if asset else run_data(record, journal)
            tell_json(json.dumps(data, ensure_ascii=False, indent=2))
        elif asset:
            tell(asset_explained(asset, record, journal, store_opener(root)().address))
        else:
            tell(run_explained(record, journal, root))
    return 0


def _write_part(
    record: RunRecord, root: Path, said: str, target: Path, settings: Settings, as_json: bool
) -> None:
    from pressrun.commands.report.contact_part import write_part
    from pressrun.decisions.selection import fault
    from pressrun.doors import language_of, opened_journal, store_opener

    language = language_of(root, settings)
    with opened_journal(root, reading=True) as journal:
        if journal is None:
            raise fault("no-run", f"there is no finished run in {root / 'runs'}", "run a job first")
        written = write_part(record, root, said, target, journal, store_opener(root)(), language)
    if as_json:
        told = {"path": str(written.path), "answers": str(written.answers)}
        tell_json(json.dumps({**told, "files": written.files, "bytes": written.bytes}))
    else:
        files = "1 file" if written.files == 1 else f"{written.files} files"
        tell(f"{written.path}: {files}, {written.bytes / 1e6:.1f} MB")
        tell(f"{written.answers}: send it along; filled in, `pressrun approve --from` reads it")


def _ledger_told(wanted: str, root: Path | None, as_json: bool) -> bool:
    """What the ledger knows of a run that has no record, or, where no run is finished yet, of all: what was spent all
    the same, and what is on its way. False if there is nothing."""
    from pressrun import doors
    from pressrun.commands.report.ledger_totals import killed_lines, killed_runs
    from pressrun.commands.report.run_shown import run_without_record, run_without_record_data, unfinished_data
    from pressrun.commands.report.unsettled_money import ledger_line, outstanding_lines
    from pressrun.generate.buy.unsettled import outstanding
    from pressrun.manifest import runs_read

    root = (root or doors.find_root(Path.cwd())).resolve()
    with doors.opened_journal(root, reading=True) as journal:
        if journal is None:
            return False
        begun = [run for run in journal.runs() if run.name == Path(wanted).name]
        if begun:
            if as_json:
                data = run_without_record_data(begun[0], journal)
                tell_json(json.dumps(data, ensure_ascii=False, indent=2))
            else:
                tell(run_without_record(begun[0], journal, root))
            return True
        killed = killed_runs(journal)
        if wanted != "latest" or runs_read.run_names(root) or not (journal.attempts() or killed):
            return False
        if as_json:
            tell_json(json.dumps(unfinished_data(journal), ensure_ascii=False, indent=2))
        else:
            lines = outstanding_lines(outstanding(journal), root)
            tell("\n".join(["No run is finished yet.", ledger_line(journal), *lines, *killed_lines(killed)]))
    return True


def _find(wanted: str, run_name: str, root: Path | None) -> tuple[RunRecord, Asset | None, Path]:
    """The run, the asset if one is meant, and the campaign they belong to."""
    from pressrun import doors
    from pressrun.decisions import selection
    from pressrun.manifest import runs_read

    path = Path(wanted)
    if root is None:
        inside = os.path.isdir(path) and os.path.isfile(path / runs_read.MANIFEST)
        run = runs_read.run_of_file(path) if os.path.isfile(path) else None
        root = doors.find_root(run or (path.resolve() if inside else Path.cwd()))
    if wanted != "latest" and (found := selection.asset_by_path(wanted, root)):
        return *found, root
    root = root.resolve()
    folder = runs_read.named_run(root, wanted)
    if folder is not None:
        return runs_read.read_run(folder), None, root
    record = runs_read.read_run(runs_read.find_run(root, run_name))
    try:
        return record, runs_read.find_asset(record, wanted), root
    except InputError as error:
        if run_name != "latest" or any(finding.code == "ambiguous" for finding in error.findings):
            raise
        found = _elsewhere(wanted, root, record)
        if found is None:
            raise
    return *found, root


def _elsewhere(wanted: str, root: Path, latest: RunRecord) -> tuple[RunRecord, Asset] | None:
    """A file that is not in the latest run, in the newest that has it; or the file that shows a picture, by its key."""
    from pressrun import doors
    from pressrun.decisions import selection
    from pressrun.manifest import runs_read

    for name in list(reversed(runs_read.run_names(root)))[: selection.RUNS_SEARCHED]:
        if name != latest.run:
            record = runs_read.read_run(root / "runs" / name)
            with contextlib.suppress(InputError):
                return record, runs_read.find_asset(record, wanted)
    with doors.opened_journal(root, reading=True) as journal:
        if journal is not None and selection.picture_beginning(wanted, journal):
            shown = selection.picture_meant(wanted, root, latest, journal)
            return shown.record, shown.asset
    return None
