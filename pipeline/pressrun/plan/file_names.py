"""Files of a run that would have one name. Of the names of millions only their hashes are kept; where two are equal, or
could be, all are gone through once more, and those alone looked at."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Job, Row
from pressrun.model.packed_cells import repeated
from pressrun.model.plan import PlannedSheet

_NUMBERED = re.compile(r"(.+)-[1-9]\d*((?:-proof)?\.\w+)")
_OF_SEVERAL = re.compile(r"(.+)-(0*[1-9]\d*)(\.\w+)")
_OF_ROWS = "name more of what differs in save_as: a row set's key, the locale, layout.name or take"
_OF_BOTH = "name the file of many rows by a `save_as` in `one-pdf`, and in the job's what differs in each row"


class FileNames:
    """The names of all files of a run. In the layouts and formats that are ``paged`` each page has a file, with a
    number in its name; so has each document of many rows, where several are called alike. Names that differ in case
    alone are one file on many disks."""

    def __init__(self, job: Job, paged: Collection[tuple[str, str]]) -> None:
        self._job, self._paged = job, paged
        self._said = job.output.one_pdf if job.output else None
        self._divides = bool(self._said and (self._said.chunk or self._said.by))
        self._several: dict[str, int] = {}  # names that several documents of one series have, and how many
        self._hashes, self._documents, self._pages = array("q"), array("q"), array("q")
        self._of_several = array("q")  # what files would be called without a number at the end
        self._shared: dict[str, tuple[str, int, str, str]] = {}  # paths of documents of many rows, each of one layout
        self._clash = False
        self._of_document: dict[tuple[str, int, str, str], tuple[str, str, int]] = {}  # value, name, rows so far
        self._named: Counter[tuple[tuple[str, int, str, str], str]] = Counter()
        self._first_rows: dict[str, str] = {}  # layout → what a document of several rows is called as its first row

    def add(self, sheet: PlannedSheet) -> None:
        """The names of a sheet's files."""
        for format_name, path, merged in sheet.files:
            folded = path.casefold()
            if self._divides and (numbered := _OF_SEVERAL.fullmatch(folded)):
                self._of_several.append(hash(numbered[1] + numbered[3]))
            if merged:
                one = (sheet.layout, sheet.take, sheet.condition, format_name)
                self._clash |= self._shared.setdefault(folded, one) != one
                self._compare(one, sheet.row.stands.document, path)
                continue
            self._hashes.append(hash(folded))
            if not self._paged:
                continue
            if (sheet.layout, format_name) in self._paged:
                self._documents.append(hash(folded))
            if numbered := _NUMBERED.fullmatch(folded):
                self._pages.append(hash(numbered[1] + numbered[2]))

    def _compare(self, series: tuple[str, int, str, str], document: str, path: str) -> None:
        """Note where a row names the document otherwise than the first one in it, which the document is called by."""
        known, first, rows = self._of_document.get(series, (None, "", 0))
        if known != document or (self._said and rows == self._said.chunk):
            first, rows = path, 0
            self._named[series, path] += 1
            if (count := self._named[series, path]) > 1:
                self._several[path.casefold()] = max(count, self._several.get(path.casefold(), 0))
        elif path != first:
            self._first_rows.setdefault(series[0], first)
        self._of_document[series] = document, first, rows + 1

    def of_first_rows(self) -> Iterator[Finding]:
        """What is told of documents that are called by their first row alone. Where each has so many rows, that says
        where it begins."""
        job, said = self._job, self._said
        if said is None or said.chunk is not None:
            return
        names = ["{{ layout.name }}", *([f"{{{{ {said.by} }}}}"] if said.by else [])]
        names += ["{{ take }}"] if any(slot.takes > 1 for slot in job.pictures.values()) else []
        hint = f'write save_as: "{"-".join(names)}" in `one-pdf`, below `output`'
        for layout, path in self._first_rows.items():
            message = f"{path} has many rows in it, and is called as the first of them"
            yield Finding(Severity.WARNING, "named-by-first-row", message, hint=hint, layout=layout)

    def collisions(self, sheets: Callable[[], Iterable[PlannedSheet]]) -> Iterator[Finding]:
        """What is wrong with the names, of ``sheets`` that are asked for again where there may be something."""
        shared = {hash(path) for path in self._shared}
        suspects = repeated(self._hashes) | shared.intersection(self._hashes)
        documents = set(self._documents).intersection(self._pages)
        several = not {hash(path) for path in self._several}.isdisjoint(self._of_several)
        if suspects or documents or several or self._clash:
            yield from self._looked_at(sheets(), suspects, documents)

    def _looked_at(self, sheets: Iterable[PlannedSheet], suspects: set[int], documents: set[int]) -> Iterator[Finding]:
        owners: dict[str, str] = {}
        by_page: dict[str, tuple[Row, str]] = {}
        shared: dict[str, tuple[str, int, str, str]] = {}
        numbered_alike: dict[str, tuple[Row, str, str]] = {}
        for sheet in sheets:
            row = sheet.row
            for format_name, path, merged in sheet.files:
                folded = path.casefold()
                if document := self._numbered_so(folded):
                    numbered_alike[folded] = row, sheet.layout, document
                if merged:
                    one = (sheet.layout, sheet.take, sheet.condition, format_name)
                    if shared.setdefault(folded, one) != one:
                        yield _collision(path, "", row, sheet.layout)
                        break
                    continue
                if folded in owners:
                    unnamed = self._said is not None and self._said.save_as is None
                    yield _collision(path, owners[folded], row, sheet.layout, _OF_BOTH if unnamed else _OF_ROWS)
                    break  # its other formats collide as well
                numbered = _NUMBERED.fullmatch(folded) if documents else None
                if hash(folded) in suspects or (numbered and hash(numbered[1] + numbered[2]) in documents):
                    owners[folded] = row.id
                if hash(folded) in documents and (sheet.layout, format_name) in self._paged:
                    by_page[folded] = row, sheet.layout
        yield from _numbered_alike(by_page, owners)
        yield from _shared_alike(shared, owners)
        yield from _called_as_one_of_several(numbered_alike)

    def _numbered_so(self, path: str) -> str:
        """The name of the documents of which one may have this path once they are numbered, as fewer may come to be
        than are planned; empty, where none has."""
        if not self._several or not (found := _OF_SEVERAL.fullmatch(path)):
            return ""
        count = self._several.get(name := found[1] + found[3], 0)
        return name if int(found[2]) <= count and len(found[2]) <= len(str(count)) else ""


def _numbered_alike(by_page: Mapping[str, tuple[Row, str]], owners: Mapping[str, str]) -> Iterator[Finding]:
    """What is called as a page of a document may be."""
    for path, owner in owners.items() if by_page else ():
        numbered = _NUMBERED.fullmatch(path)
        if numbered and path not in by_page and (document := by_page.get(numbered[1] + numbered[2])):
            yield _collision(path, owner, *document)


def _shared_alike(shared: Mapping[str, tuple[str, int, str, str]], owners: Mapping[str, str]) -> Iterator[Finding]:
    """Documents of many rows that are called as the file of one is."""
    for path in sorted(shared.keys() & owners.keys()):
        message = f"{path} would be a file of the row {owners[path]}, and one that many rows are in"
        hint = "write a `save_as` in `one-pdf`, below `output`, that names another file"
        yield Finding(Severity.ERROR, "same-file", message, hint=hint, layout=shared[path][0], row=owners[path])


def _called_as_one_of_several(files: Mapping[str, tuple[Row, str, str]]) -> Iterator[Finding]:
    """Files that are called as one of several documents may be, which are numbered where they have one name."""
    for path, (row, layout, document) in files.items():
        message = f"{path} would be a file of the row {row.id}, and one of several with many rows, {document} by name"
        hint = "write a `save_as` in `one-pdf`, below `output`, that names other files"
        yield Finding(Severity.ERROR, "same-file", message, row.place, hint, layout, row=row.id)


def _collision(path: str, owner: str, row: Row, layout: str, hint: str = _OF_ROWS) -> Finding:
    other = "the same row" if owner == row.id else f"the row {owner}" if owner else "another layout or take"
    return Finding(
        Severity.ERROR,
        "same-file",
        f"{row.id} in {layout} would write {path}, as would {other}",
        row.place,
        hint=hint,
        layout=layout,
        row=row.id,
    )
