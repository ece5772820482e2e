"""`pressrun picture`: the master of a file, taken out of the store to be looked at, retouched or enlarged."""

from __future__ import annotations

import contextlib
import os
import shlex
from pathlib import Path

import click
import cloup

from pressrun.commands.flags import FinishedRun, flags
from pressrun.commands.terminal import tell
from pressrun.model.errors import InputError

ENDINGS = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg"), "image/webp": (".webp",)}


@cloup.command()
@cloup.argument("wanted", metavar="PICTURE|ASSET")
@cloup.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@cloup.option("--force", is_flag=True, help="Write over a file that is there.")
@flags(finished=FinishedRun)
def picture(wanted: str, file: Path, force: bool, finished: FinishedRun) -> int:
    """Write the picture on a delivered file (or one by the beginning of its key) to FILE, as it came from its maker:
    to look at, to retouch or enlarge, and to put back with `adopt`."""
    from pressrun.decisions import selection
    from pressrun.doors import opened_run, store_opener
    from pressrun.generate.exact_product import product_kept
    from pressrun.model.sound_results import stored

    with opened_run(finished.root, finished.name) as (root, record, journal):
        shown = selection.picture_meant(wanted, root, record, journal)
        store = store_opener(root)()
        made = stored(journal, store, [shown.key]).get(shown.key)
        with contextlib.suppress(InputError):  # the job may no longer ask for it
            request = selection.request_behind(shown, selection.project_of(shown.record, root))
            root_key, _ = journal.branch_of(shown.key) or (shown.key, "")
            made = product_kept(made, request, store, journal) if made and shown.key == root_key else made
        if made is None:
            raise selection.fault(
                "lost-picture", f"the picture {shown.key[:12]} is not in the store", "run its job again"
            )
        endings = ENDINGS.get(made.pixels.media_type, ())
        if endings and file.suffix.lower() not in endings:
            right = file.with_suffix(endings[0])
            raise selection.fault(
                "picture-kind", f"the picture is {made.pixels.media_type}", f"name the file {right}"
            )
        if os.path.exists(file) and not force:
            raise selection.fault("file-exists", f"there is a file {file}", "name another, or use --force")
        try:
            file.write_bytes(store.read(made.digest))
        except OSError as error:
            raise selection.fault("unwritable-file", f"{file} cannot be written: {error.strerror}") from error
    size = "{} x {} px".format(*made.pixels.size)
    tell(f"{file}: {shown.picture.slot}/{shown.picture.master}, picture {shown.key[:12]}, {size}")
    tell(f"Retouched, it goes back with: pressrun {shlex.join(['adopt', wanted, str(file)])}")
    return 0
