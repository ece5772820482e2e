"""What an object is called in a bucket."""

from __future__ import annotations

import re

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(said: str) -> bool:
    """Whether it is a SHA-256 in lower-case hex."""
    return _DIGEST.fullmatch(said) is not None


def object_name(digest: str) -> str:
    """Below the store's own folder. Raises ValueError."""
    if not is_digest(digest):
        raise ValueError(f"not a SHA-256 in hex: {digest!r}")
    return f"objects/{digest[:2]}/{digest[2:]}"
