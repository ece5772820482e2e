"""Memory of large pictures, which a process has for as long as it holds them, and no longer."""

from __future__ import annotations

import ctypes
import functools
import sys

_MMAP_THRESHOLD = -3  # malloc.h of glibc
_LARGE = 6 << 20  # bytes: less than a strip of pixels, and more than those of an advertisement


@functools.cache
def give_back_at_once() -> None:
    """From now on: glibc would keep what up to 32 MB was let go of, for what comes next, and a poster's strips and
    plates leave holes in that which nothing fits into. It was a third of what a poster takes."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
