"""What to do about a picture that is not there. Apart from other suggestions, which are imported before any job is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pressrun.model.project import PUT_IT, Campaign
from pressrun.readers.suggestion import closest


def picture_hint(campaign: Campaign, name: str) -> str:
    """What to do about a picture that the campaign does not have: where it may lie, else the name that was meant."""
    hint = campaign.hint(name)
    return (_like_files(campaign.folders, name) or hint) if hint == PUT_IT else hint


def _like_files(folders: Iterable[Path], name: str) -> str | None:
    """A file in one of these folders, or the one below that is named, with a name like its own."""
    for folder in folders:
        parent = (folder / name).parent
        if os.path.isdir(parent):  # which one too long for the disk is not
            names = sorted(entry.name for entry in parent.iterdir() if entry.is_file())
            if match := closest(name.rsplit("/", 1)[-1], names):
                return f"did you mean '{match}'?"
    return None
