"""Facts that come along, in YAML files of ours."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML has it


def shipped_facts(package: str, name: str) -> Any:
    """What a file beside the modules of a package says."""
    return yaml.load((files(package) / name).read_text("utf-8"), _LOADER)
