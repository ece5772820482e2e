"""What is said of names that the program's tables only list: the facts of ``descriptions.yaml`` beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("descriptions.yaml")


@cache
def descriptions() -> dict[str, dict[Any, Any]]:
    """By the kind of name, then by the name."""
    said: dict[str, dict[Any, Any]] = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return said


def described(kind: str, name: str) -> str:
    """What is said of a name; nothing of one that another package added."""
    return str(descriptions()[kind].get(name, ""))
