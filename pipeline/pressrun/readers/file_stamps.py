"""Whether files are still what they were when they were read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Stamps = frozenset[tuple[str, int, int]]  # path, time of the last change in nanoseconds, bytes


def stamps(folders: Iterable[Path], files: Iterable[Path] = ()) -> Stamps:
    """Of every file in these folders and those below them, and of these files: the same as before, if nothing was
    saved, added or taken away since. What is hidden is passed over."""
    seen = {(path, said.st_mtime_ns, said.st_size) for folder in folders for path, said in _files_below(folder)}
    for path in files:
        try:
            said = path.stat()
        except OSError:
            continue
        seen.add((str(path), said.st_mtime_ns, said.st_size))
    return frozenset(seen)


def _files_below(folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    yield from _files_below(entry.path)
                else:
                    yield entry.path, entry.stat()
    except OSError:
        return  # gone meanwhile, which is another stamp
