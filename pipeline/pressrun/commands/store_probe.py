"""Every object of a campaign's store, read whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pressrun.commands.doctor_probes import Probe
from pressrun.doors import store_opener
from pressrun.model.disk import CannotRead
from pressrun.stores.folder import FolderStore


def read_store(root: Path) -> Iterator[Probe]:
    """What is damaged is moved aside, so that it is made again."""
    store, whole, damaged = store_opener(root)(), 0, []
    if not isinstance(store, FolderStore):
        yield Probe("objects", "note", "only a folder can be read whole from here", "ask what keeps the store")
        return
    try:
        for digest in digests_of(store.root / "objects"):
            if store.is_whole(digest):
                whole += 1
            else:
                damaged.append(digest)
    except CannotRead as error:
        yield Probe("objects", "missing", error.message, error.hint)
        return
    if not damaged:
        yield Probe("objects", "ok", f"all {whole} are whole")
        return
    aside = store.root / "damaged"
    for digest in damaged:
        said = f"{digest} is damaged, and lies in {aside} now"
        yield Probe("objects", "missing", said, "the next run makes it again")


def digests_of(objects: Path) -> Iterator[str]:
    """The names of all objects below a folder."""
    for path in sorted(objects.glob("[0-9a-f][0-9a-f]/*")):
        digest = path.parent.name + path.name
        if re.fullmatch("[0-9a-f]{64}", digest):
            yield digest
