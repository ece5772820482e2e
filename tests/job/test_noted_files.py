"""What is left out of files is told of some rows and what was kept of the others as it would be told of all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pressrun.model.finding import Finding, Severity
from pressrun.run.words.noted_files import NotedFiles, OtherNotes

NAMED = st.lists(st.sampled_from(["a.svg", "b.svg", ""]), min_size=1, max_size=6)


def noted(files: list[str], rows: list[int]) -> NotedFiles:
    found = NotedFiles()
    for row in rows:
        if file := files[row - 1]:
            found.add(Finding(Severity.WARNING, "svg-unheeded", f"{file} is odd", row=str(row)), row)
    return found


@given(NAMED, st.dictionaries(st.integers(1, 6), st.sampled_from(["a.svg", "b.svg", ""])))
def test_what_is_told_as_before_is_what_all_rows_tell(files: list[str], changes: dict[int, str]) -> None:
    rows = list(range(1, len(files) + 1))
    changed = [row for row in rows if row in changes]
    before, now = noted(files, rows), [changes.get(row, files[row - 1]) for row in rows]
    kept = NotedFiles.of(list(before.values())).without(changed)
    try:
        carried = noted(now, changed).along_with(kept)
    except OtherNotes:
        return
    whole = noted(now, rows)
    if list(carried.told()) == list(before.told()):
        assert list(whole.values()) == list(carried.values())
    elif now == files:
        raise AssertionError("nothing has changed")
