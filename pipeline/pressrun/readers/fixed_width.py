"""Tables whose columns are so many characters wide, as old systems print them."""

from __future__ import annotations

from array import array
from itertools import accumulate, pairwise
from pathlib import Path

from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.composed_text import composed
from pressrun.readers.text_encodings import decoded_text, with_doubts
from pressrun.readers.written_table import TableFormat, WrittenTable, capped


def read_fixed_width(
    path: Path, file: str, how: TableFormat, *, asked_at: Place | None = None
) -> tuple[WrittenTable | None, list[Finding]]:
    """Read lines in columns of these ``widths`` (characters); blanks around a cell are of the column. Codes: those of
    `decoded_text`, ``empty-file``, ``line-too-long``."""
    read, findings = decoded_text(path, file, how, asked_at=asked_at)
    if read is None:
        return None, findings
    text, encoded = read
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    numbered = [(number, line) for number, line in numbered if how.header is None or number >= how.header]
    if not numbered:
        return None, [*findings, Finding(Severity.ERROR, "empty-file", "there is no row in it", Place(file))]
    edges = list(accumulate(how.widths, initial=0))
    long = [number for number, line in numbered if line[edges[-1] :].strip()]

    def told(number: int) -> Finding:
        message = f"the line is longer than the {edges[-1]} characters of its columns"
        return Finding(Severity.ERROR, "line-too-long", message, Place(file, number), "correct `widths`, or the line")

    findings += capped(long, told, lambda number: Place(file, number), "lines like this")
    cells = [[composed(line[first:end].strip()) for first, end in pairwise(edges)] for _, line in numbered]
    columns = tuple([row[at] for row in cells[1:]] for at in range(len(how.widths)))
    lines = array("Q", [number for number, _ in numbered[1:]])
    return with_doubts(WrittenTable(file, numbered[0][0], tuple(cells[0]), columns, lines), encoded), findings
