"""`pressrun publish`: the files of a run in a bucket, under their names."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

import cloup

from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity


@cloup.command()
@cloup.argument("wanted", metavar="[RUN]", default="latest")
@cloup.option("--to", "place", required=True, envvar="PRESSRUN_PUBLISH", metavar="URL",
              help="The bucket and the folder in it, or JSON as PRESSRUN_STORE has it. [env: PRESSRUN_PUBLISH]")
@flags(only=("root",), finished=FinishedRun)
@flags(output=Output)
def publish(wanted: str, place: str, finished: FinishedRun, output: Output) -> int:
    """Put the files of a run (its name, `latest`) into a bucket, for shops and websites that fetch them from there:
    s3://, gs:// or az://. Each has its media type and how long it may be kept; the manifest comes last.

    What the campaign's store has in the same bucket is copied there. What is there already is left as it is.
    """
    from pressrun import doors, registry
    from pressrun.manifest.recorded_assets import ASSETS
    from pressrun.manifest.runs_read import MANIFEST, find_run, read_run
    from pressrun.model.store import PublishedFile
    from pressrun.readers.entry_named import named_in

    options = named_in({"--to": place}, "--to", registry.STORES, "cloud")
    root = (finished.root or doors.find_root(Path.cwd())).resolve()
    record = read_run(find_run(root, wanted))
    publisher = options.publisher(doors.store_options(root))
    if publisher is None:
        message, hint = "nobody serves files from there", "name a bucket: s3://bucket/folder, gs://… or az://…"
        raise InputError([Finding(Severity.ERROR, "bad-setting", f"--to: {message}", hint=hint)])
    files = (PublishedFile(one.path, one.sha256) for one in record.assets if one.sha256 is not None)
    beside = _beside_assets(record.folder, (ASSETS, MANIFEST))
    done = publisher.publish(record.folder, files, [*beside, ASSETS, MANIFEST])
    total = done.copied + done.sent + done.there
    if output.as_json:
        told = {"run": record.run, "to": publisher.address, "files": total}
        tell_json(json.dumps(told | {"copied": done.copied, "sent": done.sent, "there": done.there}, indent=2))
    elif not output.quiet:
        ways = {"copied in the bucket": done.copied, "sent": done.sent, "there already": done.there}
        how = ", ".join(f"{count} {way}" for way, count in ways.items() if count)
        tell(f"{record.run}: {total} files at {publisher.address} ({how or 'none'})")
    return 0


def _beside_assets(folder: Path, records: Collection[str]) -> Iterator[str]:
    """What a run has beside its files, such as the contact sheet, whatever that consists of."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name.partition("/")[0] != "assets" and name not in records:
            yield name
