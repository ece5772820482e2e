"""`pressrun override`: something on one sheet changed by hand, for as long as nobody takes it back."""

from __future__ import annotations

import shlex
from typing import Any

import cloup

from pressrun.commands.flags import FinishedRun, Read, flags
from pressrun.commands.terminal import tell


def setting(text: str) -> tuple[str, tuple[str, ...], Any]:
    """See `pressrun.run.edits.override_written.setting_of`."""
    from pressrun.run.edits.override_written import setting_of

    return setting_of(text)


@cloup.command()
@cloup.argument("wanted", metavar="FILE")
@cloup.option("--set", "settings", multiple=True, required=True, type=Read(setting), metavar="LAYER.KEY=VALUE",
              help="What it has instead, e.g. headline.text=Hello, headline.shift='[4mm, 0mm]', logo.hidden=true.")
@cloup.option("--note", default="", help="Why, for whoever reads it later.")
@flags(finished=FinishedRun)
def override(
    wanted: str, settings: tuple[tuple[str, tuple[str, ...], Any], ...], note: str, finished: FinishedRun
) -> int:  # fmt: skip
    """Change something on the sheet of FILE (its path, its id, or the beginning of one) alone. It is written into the
    job's `overrides`, never into the layout, and kept whatever is made again."""
    from pressrun.decisions import selection
    from pressrun.doors import opened_run
    from pressrun.manifest.runs_read import find_asset
    from pressrun.run.edits.override_written import SheetNamed, write_override
    from pressrun.run.overlays.overridden_sheets import pictures_told

    with opened_run(finished.root, finished.name) as (root, record, _):
        named = selection.asset_named(wanted, root, record)
        record, asset = named or (record, find_asset(record, wanted))
        job = selection.job_of(record, root)
    pictures = pictures_told((picture.slot, picture.key) for picture in asset.pictures)
    sheet = SheetNamed(asset.row, asset.layout, asset.take, pictures)
    path = write_override(job, sheet, list(settings), note)
    changed = ", ".join(".".join((layer, *keys)) for layer, keys, _ in settings)
    tell(f"{path.relative_to(root)}: {changed} of {asset.row}, {asset.layout}")
    tell(f"Now: pressrun run {shlex.quote(selection.job_shown(job, root))} (or preview it)")
    return 0
