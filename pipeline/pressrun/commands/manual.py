"""`pressrun manual`: the whole of what one can write, as HTML that opens from the disk."""

from __future__ import annotations

from pathlib import Path

import click
import cloup

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell


@cloup.command()
@cloup.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="manual", show_default=True, metavar="DIR",
    help="The folder it is written into.",
)  # fmt: skip
@flags(output=Output, only=("quiet",))
@click.pass_context
def manual(context: click.Context, out: Path, output: Output) -> int:
    """Write the manual: every key, command, word and finding of this very version, and how-tos, as HTML pages.

    Its pictures are set by the program itself; those that are there already stay.
    """
    from pressrun.commands.chapters.book import chapters
    from pressrun.commands.chapters.bound_files import bound
    from pressrun.commands.chapters.examples import examples
    from pressrun.commands.chapters.guides import guides
    from pressrun.commands.chapters.pictures import FOLDER, make_pictures, shots_of_gallery, shots_of_guides
    from pressrun.commands.chapters.screens import screens
    from pressrun.commands.report.progress_display import Console
    from pressrun.deliver import write_file
    from pressrun.model.disk import telling_why

    program = context.find_root().command
    assert isinstance(program, click.Group), "the program is a group of commands"
    some, ways = examples(), guides()
    with telling_why(str(out)):
        out.mkdir(parents=True, exist_ok=True)
    with Console(output.quiet) as console:
        sizes = make_pictures((*shots_of_gallery(some), *shots_of_guides(ways)), out / FOLDER, console)
    (out / FOLDER).mkdir(exist_ok=True)
    for screen in screens():
        write_file(out / FOLDER, screen.picture, screen.file.read_bytes())
    for name, text in bound(chapters(program, ways, some), sizes):
        write_file(out, name, text.encode("utf-8"))
    if not output.quiet:
        tell(f"{out / 'index.html'}: open it in a browser")
    return 0
