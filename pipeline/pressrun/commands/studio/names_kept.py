"""What the rows of a job are called, kept from the last time that it was read: reading it takes seconds."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from pressrun import doors
from pressrun.language.names import Names, locale_name
from pressrun.model.errors import PressrunError


def names_kept(root: Path, job: str) -> Names:
    """Nothing where the job was never read."""
    try:
        kept = json.loads(_place(root, job).read_text("utf-8"))
        return Names({(row_set, key): name for row_set, key, name in kept})
    except (OSError, ValueError, TypeError):
        return Names({})


def keep_names(root: Path, job: str, names: Names) -> None:
    kept = [[*place, name] for place, name in names.rows.items()]
    with contextlib.suppress(OSError):  # the next page reads the job again
        _place(root, job).parent.mkdir(parents=True, exist_ok=True)
        _place(root, job).write_text(json.dumps(kept, ensure_ascii=False), "utf-8")


def names_of_job(root: Path, job: str, files: Iterable[Path]) -> Names:
    """Those that are kept, else those of the job as one of these files has it now."""
    from pressrun import registry
    from pressrun.language.names import row_names
    from pressrun.load import load_project

    names = names_kept(root, job)
    file = next((one for one in files if one.stem == job), None)
    if file and not names.rows:
        with contextlib.suppress(PressrunError):  # which is told where the job is listed
            names = Names(row_names(load_project(file, registry)))
            keep_names(root, job, names)
    return names


def row_called(names: Names, row: str, language: str) -> str:
    """What a row is called of which only the keys are known (``MUG-350/de-DE``)."""
    by_key = {key: name for (_, key), name in names.rows.items()}
    return " · ".join(by_key.get(key) or locale_name(key, language) for key in row.split("/"))


def _place(root: Path, job: str) -> Path:
    return doors.folder_of(root) / "studio" / f"names-{job}.json"
