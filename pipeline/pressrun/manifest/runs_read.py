"""What runs left behind, read again: the folder of a run, its assets, and what the journal knows beyond them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from pressrun.manifest.recorded_assets import ASSETS, DAMAGED, RecordedAssets, damaged_record
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.run_record import Asset, Cost, Counts
from pressrun.readers.composed_text import composed
from pressrun.readers.suggestion import did_you_mean

MANIFEST = "manifest.json"
SHORTEST_PREFIX = 3  # of an id or a path: fewer characters are a slip of the hand
LISTED = 5


class RunRecord(Struct, frozen=True):
    """A finished run as its folder tells it. ``provider`` is the kind of the job's, ``providers`` those of slots;
    ``conformance`` what was measured of each picture, None where nothing was asked; ``only`` what was asked of its
    rows, empty where all were wanted."""

    folder: Path
    run: str
    job: str
    brand: str
    provider: str
    providers: Mapping[str, str]
    models: tuple[str, ...]
    started: str
    finished: str
    counts: Counts
    cost: Cost
    findings: dict[str, int]
    notes: tuple[Finding, ...]
    exit: int
    inputs: Mapping[str, str]
    assets: Sequence[Asset]
    conformance: Sequence[Mapping[str, Any]] | None = None
    only: str = ""

    def provider_of(self, slot: str) -> str:
        """The kind of provider that a slot's pictures came from."""
        return self.providers.get(slot, self.provider)


def find_run(root: Path, wanted: str) -> Path:
    """As `named_run`, but a run there must be. Raises InputError."""
    if (folder := named_run(root, wanted)) is not None:
        return folder
    names = run_names(root)
    hint = did_you_mean(wanted, names, "runs") if names else "run a job first"
    raise _fault("no-run", f"there is no run '{wanted}'", hint)


def named_run(root: Path, wanted: str) -> Path | None:
    """The folder of a run: a path, a name in ``runs/``, the beginning of one, or ``latest``; None if it names none.

    Raises InputError if it may be several.
    """
    if (folder := _run_by_path(root, wanted)) is not None:
        return folder
    matches = [name for name in run_names(root) if name.startswith(wanted)] if len(wanted) >= SHORTEST_PREFIX else []
    if len(matches) > 1:
        raise _ambiguous("run", wanted, matches)
    return root / "runs" / matches[0] if matches else None


def _run_by_path(root: Path, wanted: str) -> Path | None:
    """The folder, if `wanted` names one outright: also one that is not finished, so that this can be said."""
    named = root / "runs" / wanted
    if wanted == "latest" and os.path.isfile(named):  # where links cannot be made
        named = root / "runs" / named.read_text().strip()
    if wanted == "latest" and not os.path.isdir(named):
        names = run_names(root)
        if not names:
            raise _fault("no-run", f"there is no finished run in {root / 'runs'}", "run a job first")
        return root / "runs" / names[-1]
    path = Path(wanted)
    for folder in (named, path):
        begun = folder.absolute().parent == root / "runs"
        if wanted and os.path.isdir(folder) and (begun or os.path.isfile(folder / MANIFEST)):
            return folder
    return None


def run_names(root: Path) -> list[str]:
    """Names of the finished runs, oldest first."""
    runs = root / "runs"
    if not runs.is_dir():
        return []
    return sorted(path.name for path in runs.iterdir() if not path.is_symlink() and (path / MANIFEST).is_file())


def read_run(folder: Path) -> RunRecord:
    """Read the record of a run. Raises InputError if it is not finished, or damaged."""
    if not os.path.isfile(folder / MANIFEST):
        hint = "it was interrupted: run its job again, nothing that was done is lost"
        raise _fault("unfinished-run", f"the run {folder.name} has no manifest", hint)
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
        if not os.path.isfile(folder / ASSETS):
            raise FileNotFoundError(f"there is no {ASSETS}")
        return RunRecord(
            folder=folder.resolve(), run=data["run"], job=data["job"], brand=data["brand"], provider=data["provider"],
            providers=data.get("providers", {}),
            models=tuple(data["models"]), started=data["started"], finished=data["finished"],
            counts=Counts(**data["counts"]), cost=Cost(**data["cost"]), findings=data["findings"],
            notes=tuple(Finding.from_dict(note) for note in data["notes"]), exit=data["exit"], inputs=data["inputs"],
            assets=RecordedAssets(folder.resolve(), data["counts"]["planned"]),
            conformance=data.get("conformance"), only=data.get("only", ""),
        )  # fmt: skip
    except DAMAGED as error:
        raise damaged_record(folder, error) from error


def find_asset(record: RunRecord, wanted: str) -> Asset:
    """An asset by its id, its path (from here, from the run, or below ``assets/``), or the beginning of one of these.

    Raises InputError.
    """
    below = _path_below(record.folder, wanted)
    wanted = composed(wanted)
    for asset in record.assets:
        if wanted in (asset.id, asset.path, asset.path.removeprefix("assets/")) or asset.path == below:
            return asset
    matches = []
    if len(wanted) >= SHORTEST_PREFIX:
        tests = (wanted, f"assets/{wanted}")
        matches = [one for one in record.assets if one.id.startswith(wanted) or one.path.startswith(tests)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _ambiguous("file", wanted, [asset.path for asset in matches])
    hint = did_you_mean(wanted, [asset.path.removeprefix("assets/") for asset in record.assets])
    message = f"there is no run '{wanted}', and no such file in the run {record.run}"
    raise _fault("no-asset", message, hint or "name it as assets.csv does: by its path or id")


def _path_below(folder: Path, wanted: str) -> str | None:
    try:
        return Path(wanted).resolve().relative_to(folder).as_posix()
    except (ValueError, OSError):
        return None


def job_file_among(inputs: Iterable[str], job: str, run: str, root: Path) -> Path:
    """The job file among the inputs of a run. Raises InputError where it is gone."""
    named = [path for path in inputs if Path(path).stem == job and path.endswith((".yaml", ".yml"))]
    for path in sorted(named, key=lambda path: "/layouts/" in path):
        if os.path.isfile(root / path):
            return root / path
    raise _fault("no-job", f"the job file of the run {run} is no longer there", "name another run with --run")


def run_of_file(path: Path) -> Path | None:
    """The folder of the run that a delivered file lies in, if it lies in one."""
    for folder in path.absolute().parents:
        if (folder / ASSETS).is_file():
            return folder
    return None


def _ambiguous(what: str, wanted: str, matches: list[str]) -> InputError:
    shown = ", ".join(matches[:LISTED]) + (" …" if len(matches) > LISTED else "")
    return _fault("ambiguous", f"'{wanted}' begins {len(matches)} {what}s", f"say more of it: {shown}")


def _fault(code: str, message: str, hint: str | None, place: Place | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, place, hint)])
