"""`pressrun conform`: how well the pictures of a run keep to their brand."""

from __future__ import annotations

import json
from pathlib import Path

import cloup

from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity


@cloup.command()
@cloup.argument("wanted", metavar="[RUN]", default="latest")
@flags(only=("root",), finished=FinishedRun)
@flags(only=("as_json",), output=Output)
def conform(wanted: str, finished: FinishedRun, output: Output) -> int:
    """Print how every picture of a run (its folder, its name, `latest`) was measured, the worst first. Exit 1 if one
    that is shown is not as the brand asks under `conformance`."""
    from pressrun import doors
    from pressrun.commands.report.conformance_table import conformance_table, worst_first
    from pressrun.manifest import runs_read

    root = (finished.root or doors.find_root(Path.cwd())).resolve()
    record = runs_read.read_run(runs_read.find_run(root, wanted))
    pictures = record.conformance
    if pictures is None:
        message = f"the pictures of the run {record.run} were not measured"
        hint = "write `conformance:` in the brand or the job, and run it again: no picture is paid for twice"
        raise InputError([Finding(Severity.ERROR, "not-measured", message, hint=hint)])
    if output.as_json:
        tell_json(json.dumps(worst_first(pictures), ensure_ascii=False, indent=2))
    else:
        tell(conformance_table(pictures) if pictures else "There are no pictures.")
    return 1 if any(one["findings"] for one in pictures if one["chosen"]) else 0
