"""`pressrun retouch`: steps done to pictures that belong to no job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.settings import Settings


@cloup.command()
@cloup.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@cloup.option("--steps", "written", required=True, metavar="FILE|STEPS",
              help="A YAML file of steps, or the steps themselves: '[{type: crop, shape: 1:1}]', or the name of a "
                   "recipe of the brand.")  # fmt: skip
@cloup.option("--brand", metavar="NAME|DIR",
              help="The brand whose palette and recipes steps name: a folder, or one of the campaign's `brands/`.")
@cloup.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Where the pictures are put, under their own names.")  # fmt: skip
@cloup.option("--as", "kind", type=click.Choice(["png", "jpeg", "webp", "tiff"]), default="png", show_default=True,
              help="The kind of file that is written; JPEG has no transparency.")
@cloup.option("--profile", type=click.Choice(["srgb", "display-p3"]), default="srgb", show_default=True,
              help="The colour space of what is written.")
@cloup.option("--force", is_flag=True, help="Write over files that are there.")
@flags(only={"jobs", "as_json", "quiet"}, settings=Settings, output=Output)
def retouch(
    files: tuple[Path, ...], written: str, brand: str | None, folder: Path, kind: str, profile: str, force: bool,
    settings: Settings, output: Output,
) -> int:  # fmt: skip
    """Retouch pictures: whatever the `steps` of a job do, done to any FILE. The originals stay as they are; who took
    them, what they show and what they may be used for goes with them. Exit 1 if a picture could not be retouched; the
    others are."""
    from pressrun.commands.report.finding_lines import findings_text
    from pressrun.run.loose_pictures import Wanted, read_steps, retouched_files

    steps = read_steps(written, brand)
    if steps.notes and not output.quiet:
        tell(findings_text(steps.notes), err=True)
    wanted = Wanted(steps, folder, kind, profile, force)
    answers: list[dict[str, Any]] = []
    exit_code = 0
    for file, done in zip(files, retouched_files(files, wanted, settings), strict=True):
        errors = [finding for finding in done.findings if finding.is_error]
        exit_code = 1 if errors else exit_code
        size = list(done.size) if done.size else None
        path = done.path.as_posix() if done.path else None
        findings = [finding.to_dict() for finding in done.findings]
        answers.append({"file": file.as_posix(), "written": path, "size": size, "findings": findings})
        told = errors if output.quiet else done.findings
        if told:
            tell(findings_text(told), err=True)
        if done.path and done.size and not output.quiet and not output.as_json:
            tell("{}: {} x {} px".format(done.path.as_posix(), *done.size))
    if output.as_json:
        tell_json(json.dumps(answers, ensure_ascii=False, indent=2))
    return exit_code
