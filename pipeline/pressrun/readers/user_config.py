"""The user's own configuration, outside every campaign: what no campaign may allow itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from pressrun.model.authored import Authored
from pressrun.model.errors import InputError
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import read_yaml


class UserConfig(Authored):
    """What this user allows every campaign, outside of all of them: ``config.yaml``."""

    allow_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that prompts, pictures and keys may be sent to, beside the providers' own."
    )
    allow_keys: tuple[str, ...] = Field(
        default=(), description="Variables that may be sent as a key, beside those that are named like one."
    )


def config_path(environment: Mapping[str, str] | None = None) -> Path:
    """``$XDG_CONFIG_HOME/pressrun/config.yaml``, by default below ``~/.config``."""
    said = (os.environ if environment is None else environment).get("XDG_CONFIG_HOME", "")
    folder = Path(said) if os.path.isabs(said) else Path(os.path.expanduser("~/.config"))
    return folder / "pressrun" / "config.yaml"


def read_user_config(path: Path | None = None) -> UserConfig:
    """What the user allows; nothing where there is no file. Raises InputError."""
    path = path or config_path()
    try:
        if not path.exists():
            return UserConfig()
    except OSError:
        return UserConfig()
    source, findings = read_yaml(path)
    if source is None:
        raise InputError(findings)
    if source.data is None:
        return UserConfig()
    config, faults = validate(UserConfig, source)
    if config is None or findings:
        raise InputError([*findings, *faults])
    return config
