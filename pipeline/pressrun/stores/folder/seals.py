"""Whether an object is as it was written, in one `lstat`.

A power cut can leave a file short that was never flushed. So every object is *sealed*: the fraction of a second of its
modification time is computed from its name and its size. Truncating, editing through a delivered link, or swapping a
file breaks the seal; only what has no seal is hashed again. Disks rot without touching either, so the second of that
time says when an object was last read whole: after a month it is, before it is used.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time

SECOND = 1_000_000_000
SEAL_STEP = 100  # nanoseconds: the coarsest clock among file systems that keep fractions (NTFS)
TRUSTED_FOR = 30 * 86400 * SECOND  # after an object was last read whole


def seal(digest: str, size: int, near: int) -> int:
    """The modification time, in nanoseconds, that an object of this name and size has within the second of `near`."""
    number = int.from_bytes(hashlib.sha256(f"{digest} {size}".encode()).digest()[:8])
    return near - near % SECOND + number % (SECOND // SEAL_STEP) * SEAL_STEP


def is_sealed(status: os.stat_result | None, digest: str, size: int | None = None) -> bool:
    """Whether this is a read-only file with the seal of this name and its size, which may have to be ``size``."""
    return (
        status is not None
        and stat.S_ISREG(status.st_mode)
        and not status.st_mode & 0o222
        and (size is None or status.st_size == size)
        and status.st_mtime_ns == seal(digest, status.st_size, status.st_mtime_ns)
    )


def is_trusted(status: os.stat_result | None) -> bool:
    """Whether it was read whole lately."""
    return status is not None and abs(time.time_ns() - status.st_mtime_ns) < TRUSTED_FOR
