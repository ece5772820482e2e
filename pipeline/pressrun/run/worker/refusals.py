"""What a format refuses to write of a sheet, whose other files are none the worse for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pressrun.model.errors import BelowStandard, TextInTransparency
from pressrun.model.finding import Finding, Severity
from pressrun.model.task import FileTask, SheetTask

T = TypeVar("T")


def refusal(problem: BelowStandard | TextInTransparency, task: SheetTask) -> Finding:
    """Why a file cannot be."""
    layer, page = problem.hidden[0] if isinstance(problem, TextInTransparency) else (None, None)
    return Finding(
        Severity.ERROR, problem.code, problem.message, hint=problem.hint, layout=task.content.layout, layer=layer,
        row=task.row, page=page,
    )  # fmt: skip


def well_written(
    task: SheetTask, files: Sequence[FileTask], write: Callable[[FileTask], T]
) -> tuple[list[tuple[FileTask, T]], list[tuple[str, Finding]]]:
    """The files that can be written, and by their keys why others cannot. Raises BelowStandard and TextInTransparency
    of a sheet's only file."""
    written: list[tuple[FileTask, T]] = []
    refused: list[tuple[str, Finding]] = []
    for file in files:
        try:
            written.append((file, write(file)))
        except (BelowStandard, TextInTransparency) as problem:
            if len(task.files) == 1:
                raise
            refused.append((file.key, refusal(problem, task)))
    return written, refused
