"""Files written together, or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pressrun.model.disk import telling_why


@contextlib.contextmanager
def all_or_nothing(root: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Write files; what was there comes back if something goes wrong with them."""
    before = {path: (root / path).read_bytes() if (root / path).is_file() else None for path in files}
    made = [folder for folder in _folders(root, files) if not folder.exists()]
    try:
        for path, data in files.items():
            _save(root / path, data)
        yield
    except BaseException:
        for path, stood in before.items():
            with contextlib.suppress(OSError):
                (root / path).unlink(missing_ok=True) if stood is None else (root / path).write_bytes(stood)
        for folder in sorted(made, key=lambda folder: len(folder.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _folders(root: Path, files: Iterable[str]) -> set[Path]:
    within = {folder for path in files for folder in (root / path).parents if folder.is_relative_to(root)}
    return within | {folder for folder in root.parents if not folder.exists()}


def _save(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with telling_why(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
