"""Whether what lies in a run's folder is what its record says: every file hashed again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pressrun.manifest.runs_read import RunRecord
from pressrun.model.finding import Finding, Place, Severity

FILES = "assets"
LITTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))  # what systems leave in folders that are looked at


class Verified(Struct, frozen=True):
    """``sound`` files are as they were delivered; each finding is of one that is not. ``failed`` were never made."""

    sound: int
    failed: int
    findings: tuple[Finding, ...]


def verify(record: RunRecord) -> Verified:
    """Hash all files of a run. Raises InputError where the record itself cannot be read."""
    expected: dict[str, str] = {}
    failed = 0
    for asset in record.assets:
        if asset.sha256 is None:
            failed += 1
        else:
            expected[asset.path] = asset.sha256
    findings = [found for path, digest in expected.items() if (found := _fault(record.folder / path, path, digest))]
    sound = len(expected) - len(findings)
    findings += [
        Finding(Severity.ERROR, "extra-file", "is not in the run's record", Place(path), "take it out of the delivery")
        for path in _lying_in(record.folder)
        if path not in expected
    ]
    return Verified(sound, failed, tuple(findings))


def _fault(file: Path, path: str, digest: str) -> Finding | None:
    if not os.path.isfile(file):
        return Finding(Severity.ERROR, "lost-file", "is not there", Place(path), "run the job again to have it")
    try:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return Finding(Severity.ERROR, "lost-file", f"cannot be read: {error.strerror or error}", Place(path))
    if found == digest:
        return None
    hint = "it was changed after the run: run the job again to have it as it was"
    message = f"has other bytes than the run delivered ({found[:12]}…)"
    return Finding(Severity.ERROR, "changed-file", message, Place(path), hint)


def _lying_in(folder: Path) -> Iterator[str]:
    """The files below a run's assets, by path from the run, in a fixed order."""
    for below, folders, names in os.walk(folder / FILES):
        folders.sort()
        where = Path(below).relative_to(folder)
        yield from ((where / name).as_posix() for name in sorted(names) if name not in LITTER)
