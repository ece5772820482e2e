"""Findings that somebody has signed off, with the file's hash: a file that changed is judged anew. They are kept beside
the file, or where a caller has a better place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace
from pydantic import Field, ValidationError

from pressrun.model.authored import Authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.press_pdf.preflight import Judged

ENDING = ".signed.json"


class SignOff(Authored):
    """One finding of a file, by its code and its words, with who signs it off and why."""

    code: str
    message: str
    name: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class SignedFile(Authored):
    """What is signed off of the file that has this SHA-256."""

    sha256: str
    signed: tuple[SignOff, ...] = ()


def sign_offs_path(file: Path) -> Path:
    """``flyer.pdf.signed.json`` beside ``flyer.pdf``."""
    return file.with_name(file.name + ENDING)


def read_sign_offs(file: Path) -> SignedFile | None:
    """What is signed off beside a file; None where nothing is. Raises InputError."""
    path = sign_offs_path(file)
    try:
        return SignedFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        message = f"cannot be read as a list of findings that were signed off: {str(error).splitlines()[0]}"
        raise InputError([Finding(Severity.ERROR, "sign-offs-unreadable", message, Place(path.as_posix()))]) from error


def signed_too(
    before: SignedFile | None, file: Path, data: bytes, found: Iterable[Judged], codes: Iterable[str], name: str,
    reason: str,
) -> SignedFile:  # fmt: skip
    """What was signed off ``before`` of this very file, and now what was found of these codes. Raises InputError where
    a code was not found."""
    found = list(found)
    here = {one.finding.code for one in found}
    if missing := [code for code in codes if code not in here]:
        message = f"there is no finding '{missing[0]}' to sign off"
        raise InputError([Finding(Severity.ERROR, "nothing-to-sign", message, Place(file.as_posix()))])
    digest = hashlib.sha256(data).hexdigest()
    kept = before.signed if before is not None and before.sha256 == digest else ()
    new = [SignOff(code=one.finding.code, message=one.finding.message, name=name, reason=reason)
           for one in found if one.finding.code in set(codes)]  # fmt: skip
    others = [old for old in kept if (old.code, old.message) not in {(one.code, one.message) for one in new}]
    return SignedFile(sha256=digest, signed=(*others, *new))


def write_sign_offs(file: Path, signed: SignedFile) -> None:
    """Keep it beside the file. Raises InputError."""
    path = sign_offs_path(file)
    half = path.with_name(path.name + ".part")
    try:
        half.write_text(signed.model_dump_json(indent=2) + "\n", "utf-8")
        half.replace(path)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Finding(Severity.ERROR, "cannot-write", message, Place(path.as_posix()))]) from error


def with_sign_offs(found: Iterable[Judged], signed: SignedFile | None, data: bytes) -> list[Judged]:
    """The findings, those signed off as notes that say by whom and why. What was signed of another state of the file
    counts no more, and the finding's hint says so."""
    told = list(found)
    if signed is None or not signed.signed:
        return told
    if signed.sha256 != hashlib.sha256(data).hexdigest():
        return [replace(one, finding=replace(one.finding, hint=_lapsed(one, signed))) for one in told]
    known = {(one.code, one.message): one for one in signed.signed}
    return [_signed(one, known.get((one.finding.code, one.finding.message))) for one in told]


def _signed(one: Judged, by: SignOff | None) -> Judged:
    if by is None:
        return one
    words = f"{one.finding.message} (signed off by {by.name}: {by.reason})"
    return replace(one, finding=replace(one.finding, severity=Severity.NOTE, message=words, hint=None))


def _lapsed(one: Judged, signed: SignedFile) -> str | None:
    if one.finding.code not in {old.code for old in signed.signed}:
        return one.finding.hint
    return "it was signed off for another state of the file: look at it again"
