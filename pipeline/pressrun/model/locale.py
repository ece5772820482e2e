"""What of a locale's code other parts go by: codes are in the spelling of `language.locale_formats.locale_code`."""

from __future__ import annotations

import functools


@functools.lru_cache(maxsize=1024)  # each row's copy is asked for in its locale
def from_general(locale: str) -> tuple[str, ...]:
    """The locale after all that it is a case of: ``zh``, ``zh-Hant``, ``zh-Hant-TW``."""
    parts = locale.split("-")
    return tuple("-".join(parts[:count]) for count in range(1, len(parts) + 1))
