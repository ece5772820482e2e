"""What is signed off of a delivered file, kept in the manifest of its run with the file's hash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pressrun.manifest.recorded_assets import ASSETS
from pressrun.manifest.runs_read import MANIFEST, run_of_file
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.sign_offs import SignedFile

SIGNED_OFF = "signed_off"


def delivered_in(file: Path) -> Path | None:
    """The folder of the finished run that a file was delivered in; None for any other file."""
    folder = run_of_file(file)
    if folder is None or not (folder / MANIFEST).is_file():
        return None
    wanted = _path_in(folder, file)
    with (folder / ASSETS).open("rb") as lines:
        return folder if any(json.loads(line).get("path") == wanted for line in lines if line.strip()) else None


def read_from_manifest(folder: Path, file: Path) -> SignedFile | None:
    """What a run's manifest says is signed off of a file of it. Raises InputError."""
    said = _manifest(folder).get(SIGNED_OFF, {}).get(_path_in(folder, file))
    try:
        return None if said is None else SignedFile.model_validate(said)
    except ValidationError as error:
        raise _fault("sign-offs-unreadable", folder, f"what is signed off cannot be read: {error}") from error


def keep_in_manifest(folder: Path, file: Path, signed: SignedFile) -> None:
    """Write what is signed off of a file into its run's manifest. Raises InputError."""
    manifest = _manifest(folder)
    manifest[SIGNED_OFF] = {**manifest.get(SIGNED_OFF, {}), _path_in(folder, file): signed.model_dump(mode="json")}
    beside = folder / f".{MANIFEST}.part"
    try:
        beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
        beside.replace(folder / MANIFEST)
    except OSError as error:
        raise _fault("cannot-write", folder, f"cannot be written: {error.strerror or error}") from error


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise _fault("damaged-record", folder, f"cannot be read: {error}") from error
    if not isinstance(read, dict) or not isinstance(read.get(SIGNED_OFF, {}), dict):
        raise _fault("damaged-record", folder, "is no record of a run")
    return read


def _path_in(folder: Path, file: Path) -> str:
    return file.absolute().relative_to(folder).as_posix()


def _fault(code: str, folder: Path, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, Place((folder / MANIFEST).as_posix()))])
