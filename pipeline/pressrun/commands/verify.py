"""`pressrun verify`: whether the files of a run are still those that it delivered."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cloup

from pressrun.commands.flags import FinishedRun, Output, flags
from pressrun.commands.terminal import tell, tell_json


@cloup.command()
@cloup.argument("wanted", metavar="[RUN]", default="latest")
@flags(only=("root",), finished=FinishedRun)
@flags(output=Output)
def verify(wanted: str, finished: FinishedRun, output: Output) -> int:
    """Hash every file of a run (its folder, its name, `latest`) again, and compare it with the run's record. Exit 1 if
    one was changed, is missing, or is there without having been delivered."""
    from pressrun import doors
    from pressrun.commands.report.finding_lines import findings_text
    from pressrun.manifest import runs_read
    from pressrun.manifest.verified import verify

    folder = Path(wanted)  # a delivery may have left its campaign
    if not os.path.isfile(folder / runs_read.MANIFEST):
        root = (finished.root or doors.find_root(Path.cwd())).resolve()
        folder = runs_read.find_run(root, wanted)
    record = runs_read.read_run(folder)
    found = verify(record)
    if output.as_json:
        told = [one.to_dict() for one in found.findings]
        answer = {"run": record.run, "sound": found.sound, "failed": found.failed, "findings": told}
        tell_json(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        if found.findings:
            tell(findings_text(found.findings), err=True)
        if not output.quiet:
            files = "file is" if found.sound == 1 else "files are"
            beside = f"; {found.failed} could not be made" if found.failed else ""
            tell(f"{record.run}: {found.sound} {files} as delivered{beside}.")
    return 1 if found.findings else 0
