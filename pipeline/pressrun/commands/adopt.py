"""`pressrun adopt`: a master retouched by hand stands for a picture. `pressrun choose`: the branch that runs take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from pressrun.commands.carry_on import command_line
from pressrun.commands.flags import FinishedRun, flags
from pressrun.commands.terminal import tell

if TYPE_CHECKING:
    from pressrun.manifest.runs_read import RunRecord


@cloup.command()
@cloup.argument("wanted", metavar="PICTURE|ASSET")
@cloup.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@cloup.option("--undo", is_flag=True, help="Take the retouched picture away again.")
@flags(finished=FinishedRun)
def adopt(wanted: str, file: Path | None, undo: bool, finished: FinishedRun) -> int:
    """Put FILE, a master retouched by hand, in the place of a picture: later runs use it, and nothing overwrites it."""
    from pressrun.decisions import selection
    from pressrun.decisions.hand_retouched import adopt as put_in_place
    from pressrun.decisions.hand_retouched import give_back
    from pressrun.doors import opened_run, store_opener
    from pressrun.graphics.photos.incoming import notes_of

    if (file is None) != undo:
        raise click.UsageError("name a file, or use --undo")
    with opened_run(finished.root, finished.name) as (root, record, journal):
        key = selection.picture_meant(wanted, root, record, journal).key
        if file is None:
            tell(f"picture {give_back(key, journal)[:12]} stands for itself again")
            return 0
        data = file.read_bytes()
        made = put_in_place(key, data, file.name, store_opener(root)(), journal)
    for note in notes_of(data, file.name):
        tell(str(note))
    tell(f"{file.name} is picture {made.key[:12]}, and stands for {key[:12]} from now on")
    _tell_next(record, root, f"to take it away: pressrun {command_line(['adopt', wanted, '--undo'])}")
    return 0


@cloup.command()
@cloup.argument("wanted", metavar="PICTURE|ASSET")
@cloup.argument("branch")
@cloup.option("--all-masters", is_flag=True, help="In every shape that has the branch.")
@flags(finished=FinishedRun)
def choose(wanted: str, branch: str, all_masters: bool, finished: FinishedRun) -> int:
    """Let runs take a picture from BRANCH (`trunk`: as it was first) until another is chosen, or --branch says so."""
    from pressrun.decisions import selection
    from pressrun.decisions.branches import TRUNK
    from pressrun.doors import opened_run
    from pressrun.readers.suggestion import did_you_mean

    with opened_run(finished.root, finished.name) as (root, record, journal):
        shown = selection.picture_meant(wanted, root, record, journal)
        every = selection.siblings(shown) if all_masters else [shown]
        planned = [(journal.branch_of(one.key) or (one.key, TRUNK))[0] for one in every]
        branches = journal.branches()
        having = [one for one in planned if branch == TRUNK or branch in branches.get(one, {})]
        if not having:
            names = [TRUNK, *dict.fromkeys(name for one in planned for name in branches.get(one, {}))]
            hint = did_you_mean(branch, names, "branches")
            raise selection.fault("unknown-branch", f"picture {planned[0][:12]} has no branch '{branch}'", hint)
        for one in having:
            journal.choose(one, branch)
            tell(f"picture {one[:12]} is taken from '{branch}' from now on")
    _tell_next(record, root, "--branch NAME takes another for one run")
    return 0


def _tell_next(record: RunRecord, root: Path, more: str) -> None:
    from pressrun.decisions import selection

    tell(f"Now: pressrun run {selection.job_shown(selection.job_of(record, root), root)} ({more})")
