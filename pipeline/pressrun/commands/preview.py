"""`pressrun preview`: sheets shown at once, as a run would make them, while their layout is being written."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup
from msgspec import Struct

from pressrun.commands.flags import Figure, Output, flags
from pressrun.commands.terminal import tell, tell_json
from pressrun.model.errors import InputError
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.run.looks.preview import Look, Preview, Wanted

FOLDER, PLATES_PPI = "previews", 150.0
ABOUT_THE_JOB = ("only", "take", "provider", "branch")


@cloup.command()
@cloup.argument("job", type=click.Path(path_type=Path))
@cloup.option_group(
    "What is shown",
    cloup.option("--layout", "layouts", multiple=True, metavar="NAME", help="This layout; can be said several times."),
    cloup.option("--row", "rows", multiple=True, metavar="ID",
                 help="This row: its id, or some of its keys, e.g. MUG-1/de-DE; can be said several times."),
    cloup.option("--page", type=click.IntRange(min=1), metavar="N", help="Only this page, of layouts with several."),
    cloup.option("--worst", is_flag=True, help="The rows with the longest texts."),
    cloup.option("--guides", is_flag=True, help="Draw trim, safe area, boxes, baselines and measured contrast."),
    cloup.option("--separations", "plates", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                 help="Write the plates of printed sheets there: a PNG for each ink, all together, and a map."),
    cloup.option("--ppi", type=Figure(min=36, max=1200), default=PLATES_PPI, show_default=True, metavar="N",
                 help="Pixels an inch of the plates."),
    cloup.option("--watch", is_flag=True, help="Do it again whenever a file of the campaign is saved."),
    cloup.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
                 help=f"Where the pictures go (default: {FOLDER}/ beside brands/)."),
)  # fmt: skip
@flags(only=ABOUT_THE_JOB, settings=Settings)
@flags(output=Output)
def preview(
    job: Path, layouts: tuple[str, ...], rows: tuple[str, ...], page: int | None, worst: bool, guides: bool,
    plates: Path | None, ppi: float, watch: bool, out: Path | None, settings: Settings, output: Output,
) -> int:  # fmt: skip
    """Show sheets of JOB at once: a PNG of its first row in each layout, or of the ROWS and LAYOUTS named. Buys nothing
    and keeps nothing; pictures that are not there yet have stand-ins."""
    if rows and worst:
        raise click.UsageError("--worst chooses the rows: leave --row out")
    from pressrun.readers.campaign_root import campaign_root
    from pressrun.run.looks.preview import Preview, Wanted

    root = campaign_root(job)
    wanted = Wanted(layouts, rows, worst, guides, page, ppi if plates else 0.0)
    showing = _Showing(Preview(job, settings), wanted, out or root / FOLDER, plates, output, watch)
    try:
        code = showing.once()
        for _ in _saves(root, job, showing.folder) if watch else ():
            code = showing.once()
    except KeyboardInterrupt:
        if not watch:
            raise
        return 0
    finally:
        showing.preview.close()
    return code


def _saves(root: Path, job: Path, out: Path) -> Iterator[object]:
    from pressrun.readers.saved_files import saves

    folders = [root / name for name in ("brands", "templates") if (root / name).is_dir()]
    left_out = [out.resolve(), root / "runs", root / ".pressrun", root / ".git"]
    return saves([*folders, job.resolve().parent], left_out)


class _Showing(Struct, frozen=True):
    """What is shown, and where."""

    preview: Preview
    wanted: Wanted
    folder: Path
    plates: Path | None
    output: Output
    watch: bool

    def once(self) -> int:
        """Show the sheets as they are now; the answer is the exit code. Wrong input ends nothing that is watched."""
        from pressrun.commands.report.finding_lines import findings_json, findings_text

        begun = time.perf_counter()
        try:
            looks = self.preview.looks(self.wanted)
        except InputError as error:
            if not self.watch:
                raise
            tell(findings_text(error.findings), err=True)
            if self.output.as_json:
                tell_json(findings_json(error.findings))
            return error.exit_code
        paths = [self._written(look) for look in looks]
        folders = [self._plates_written(look) for look in looks]
        if self.output.as_json:
            told = [
                look.to_dict() | {"file": str(path) if path else None} | ({"plates": str(plates)} if plates else {})
                for look, path, plates in zip(looks, paths, folders, strict=True)
            ]
            tell_json(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for look, path, plates in zip(looks, paths, folders, strict=True):
                self._tell(look, path, plates)
            if self.watch and not self.output.quiet:
                tell(f"{time.perf_counter() - begun:.1f} s; waiting for the next save, Ctrl-C ends")
        return 1 if any(finding.is_error for look in looks for finding in look.findings) else 0

    def _tell(self, look: Look, path: Path | None, plates: Path | None) -> None:
        from pressrun.commands.report.finding_lines import findings_text

        if not self.output.quiet:
            stand_in = f"; stand-in for {', '.join(look.stand_ins)}" if look.stand_ins else ""
            tell(f"{path or 'nothing to show'}  {look.layout}, {look.row}{stand_in}")
            if plates:
                inks = [name.removesuffix(".png") for name in look.plates]
                tell(f"{plates}  {', '.join(inks)}")
            elif self.plates and not look.plates:
                tell(f"{look.layout} is not printed: it has no plates")
        if found := [finding for finding in look.findings if finding.is_error or not self.output.quiet]:
            tell(findings_text(found))

    def _written(self, look: Look) -> Path | None:
        data = _guided(look) if look.shown else look.png
        if not data:
            return None
        path = self.folder / f"{look.path}.png"
        _write(path.parent, {path.name: data})
        return path

    def _plates_written(self, look: Look) -> Path | None:
        if not self.plates or not look.plates:
            return None
        folder = self.plates / look.path
        _write(folder, look.plates)
        return folder


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    from pressrun.deliver import write_file
    from pressrun.model.disk import telling_why

    with telling_why(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_file(folder, name, data)


def _guided(look: Look) -> bytes:
    from pressrun.graphics.guides import with_guides

    assert look.shown, "guides were asked for"
    shown, page = look.shown, f" · page {look.page}" if look.page else ""
    drawn = with_guides(shown, look.findings, f"{look.layout} · {look.row}{page}")
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    return out.getvalue()
