"""Files of many rows that a library has: none is made again that has the rows it would have now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun.load.campaign_reader import capped
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import ExistingAsset
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.task import ReadySheet
from pressrun.run.merged.documents import Division, MergedDocument
from pressrun.run.merged.slip_sheets import NoSlips
from pressrun.run.sheet_content import unmade

TOLD = 3  # rows that a message names


class LeftOut(Struct, frozen=True):
    """The sheets without the documents that exist, how many those are, and what is told of those that do not."""

    sheets: list[PlannedSheet]
    count: int
    notes: list[Finding]


def without_documents(sheets: Sequence[PlannedSheet], assets: Iterable[ExistingAsset], project: Project) -> LeftOut:
    """Leave out what these ``assets`` have, each a file of a layout and no row: one is the only document in its layout,
    format and take, or that which it is called as. What is in it, its bookmarks tell; a file without any is believed.
    The others keep the names that they have among all."""
    lines = [asset for asset in assets if not asset.row and not asset.keys]
    if not lines or project.job.output is None:
        return LeftOut(list(sheets), 0, [])
    division = Division(project, NoSlips())
    documents = [one for sheet in sheets for one in division.full(ReadySheet(sheet, None, unmade(sheet), None))]
    documents += division.rest()
    counts = Counter(one.series for one in documents)
    called: dict[tuple[int, str], str] = {}
    notes: list[Finding] = []
    count = 0
    for document in documents:
        path = division.path(document.series, document.named, document.number)
        found = [line for line in lines if _speaks_of(line, document, path, counts[document.series] == 1)]
        others = [_otherwise(line, document, path, project) for line in found]
        if None in others:
            count += 1
        else:
            notes += [one for one in others if one]
            called.update(((id(one.sheet), document.format), path) for one in document.sheets)
    left = []
    for sheet in sheets:
        files = tuple(
            file._replace(path=called[id(sheet), file.format]) if file.merged else file
            for file in sheet.files
            if not file.merged or (id(sheet), file.format) in called
        )
        if files or not sheet.files:
            left.append(replace(sheet, files=files))
    return LeftOut(left, count, capped(notes))


def _speaks_of(line: ExistingAsset, document: MergedDocument, path: str, alone: bool) -> bool:
    return (
        line.layout == document.layout
        and line.format in ("", document.format)
        and line.take in (0, document.series.take)
        and (alone or f"/{line.path}".endswith(f"/{path}"))
    )


def _otherwise(line: ExistingAsset, document: MergedDocument, path: str, project: Project) -> Finding | None:
    """What is told of a file that has other rows than the document would have; nothing where it has the same."""
    rows = [one.sheet.row.id for one in document.sheets if not one.sheet.fault]
    from pressrun.graphics.merged.merged_rows import rows_in

    inside = rows_in(project.root / line.path)
    if not inside or inside == set(rows):
        return None
    if lacking := [row for row in rows if row not in inside]:
        says = f"lacks {_counted(lacking)}"
    else:
        says = f"has {_counted(sorted(inside.difference(rows)))} more than there are now"
    return Finding(Severity.NOTE, "existing", f"{path} is made again: {line.path} {says}", line.place)


def _counted(rows: Sequence[str]) -> str:
    names = ", ".join(rows[:TOLD]) + (" …" if len(rows) > TOLD else "")
    return f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} ({names})"
