"""Checks that are kept: one that reads what an earlier one has read finds the same, and need not load anything.

It reads what a run reads (`all_read`), and besides what lies in the campaign's own folder: its journal, its store, and
fonts that were cut for earlier runs. These are told by their sizes and times, so nothing has to be opened; one that was
changed a moment ago may change again unseen, and nothing is kept beside it. Which checks are kept is said in
`settled_runs`. Nothing is imported here that a check is worked out with: that takes as long as all the rest.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct

from pressrun.doors import folder_of, may_fork
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding
from pressrun.model.settings import Settings
from pressrun.run.kept.all_read import AllRead, CannotTell, stamps_of, young_of

RECIPE = 2  # to be raised when a kept check says something else
CHECKS = "checks"  # the folder that they are kept in
STALE_AFTER = 30 * 24 * 3600  # seconds: nobody asks the like of it any more, or it reads something else by now


class AskedCheck(Struct, frozen=True):
    """A check that is asked for: all that it reads, what lies in the campaign's ``own`` folder, and the ``digest`` of
    both."""

    read: AllRead
    own: str
    digest: str

    @classmethod
    def of(cls, job_file: Path, settings: Settings) -> Self | None:
        """None where that cannot be told: also where a store or a journal is elsewhere."""
        read = AllRead.now(job_file, settings)
        own = _in_own_folder(read.root) if read else None
        digests = read.digests_of(own) if read and own else None
        return cls(read, own, digests.of_all()) if read and own and digests else None

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return folder_of(self.read.root) / CHECKS / f"{self.read.name}.json"

    def found(self) -> list[Finding] | None:
        """What a kept check that reads the same has found; None where there is none."""
        try:
            kept = json.loads(self.file.read_bytes())
            if (kept["recipe"], kept["read"]) != (RECIPE, self.digest) or kept["day"] not in ("", self.read.day):
                return None
            return [Finding.from_dict(one) for one in kept["findings"]]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None

    def packed(self, findings: Sequence[Finding], of_today: bool) -> bytes:
        """What is kept of it where these were found, ``of_today`` alone where they depend on the day."""
        day = self.read.day if of_today else ""
        kept = {"recipe": RECIPE, "read": self.digest, "day": day, "findings": [one.to_dict() for one in findings]}
        return json.dumps(kept).encode()

    def sweep(self) -> None:
        """What was kept long ago goes, and what was left half-written. Raises OSError."""
        for old in self.file.parent.iterdir():
            if time.time() - old.lstat().st_mtime > STALE_AFTER:
                old.unlink(missing_ok=True)

    def is_still_so(self) -> bool:
        """Whether nothing was changed since it was asked for."""
        return self.read.is_still_so() and self.own == _in_own_folder(self.read.root)


def _in_own_folder(root: Path) -> str | None:
    """What lies there, and where that is, as findings may say; None where it cannot be told, or a link leads elsewhere:
    a check writes nothing there."""
    folder = folder_of(root)
    try:
        seen = stamps_of(folder, (str(folder / CHECKS),)) if folder.is_dir() else {}
        elsewhere = not may_fork(root) or folder.is_symlink() or (folder / CHECKS).is_symlink()
        return None if elsewhere or young_of(seen) else repr((str(root), seen))
    except (PressrunError, OSError, CannotTell):
        return None
