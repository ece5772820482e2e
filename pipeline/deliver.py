"""deliver: finished files under their final names, each there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.stores.folder import FolderStore


def open_run_folder(runs: Path, name: str) -> Path:
    """Make a new folder for a run; where the name is taken, with a number behind it. Raises OSError."""
    for number in range(1, 1000):
        folder = runs / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            continue
    raise FileExistsError(f"{runs / name} and 999 more exist")


def deliver(store: FolderStore, folder: Path, files: Iterable[tuple[str, str]]) -> None:
    """Give objects their names below ``folder``/assets: (digest, path) each."""
    assets = folder / "assets"
    for digest, path in files:
        store.deliver(digest, assets / path, within=folder)


def write_file(folder: Path, name: str, data: bytes) -> None:
    """Write one file of the record beside its place and rename it, so that a reader never sees half of it."""
    beside = folder / f".{name}.part"
    beside.write_bytes(data)
    beside.replace(folder / name)


def point_latest(runs: Path, folder: Path) -> None:
    """Move ``latest`` to a run whose manifest exists; where links cannot be made, a text file names it."""
    beside = runs / f".latest-{os.getpid()}"
    try:
        beside.symlink_to(folder.name, target_is_directory=True)
    except OSError:
        beside.write_text(folder.name + "\n")
    beside.replace(runs / "latest")
