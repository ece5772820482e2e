"""The environment, and what ``.env`` in the campaign's folder adds to it: where keys come from, and go no further."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")


def read_environment(root: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The process' environment over the lines of ``root/.env``; a missing or unreadable file adds nothing."""
    try:
        text = (root / ".env").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = ""
    return {**parse_dotenv(text), **(os.environ if environment is None else environment)}


def parse_dotenv(text: str) -> dict[str, str]:
    """``NAME=value`` lines; ``export``, quotes and comments as shells have them, and nothing else: no substitution."""
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            found[match[1]] = _value(match[2])
    return found


def _value(written: str) -> str:
    quote = written[:1]
    if quote in ("'", '"') and (end := written.find(quote, 1)) > 0:
        return written[1:end]
    return re.split(r"\s#", written, maxsplit=1)[0].strip() if not written.startswith("#") else ""
