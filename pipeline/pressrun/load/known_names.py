"""Names that jobs and layouts use of what is known elsewhere: checks by their levels."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pressrun.load.campaign_reader import Reader
from pressrun.model.conformance import PICTURE_CHECKS
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource


def know_checks(reader: Reader, named: Iterable[str], known: Collection[str], source: YamlSource) -> None:
    """Every check whose level is set exists: of sheets and files, or of pictures."""
    known = (*known, *PICTURE_CHECKS)
    for name in named:
        if name not in known:
            hint = did_you_mean(name, known, "checks")
            reader.error("unknown-check", f"there is no check '{name}'", source.key_place(("checks", name)), hint)
