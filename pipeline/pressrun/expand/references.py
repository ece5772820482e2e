"""Reference pictures and masks: found, looked at, and told by the line of the row that names them."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import NoReturn

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.photos.incoming import (
    KINDS_READ,
    MEDIA_TYPES,
    damage_of,
    fault_of,
    head_of,
    notes_of,
    require_extras,
)
from pressrun.graphics.photos.photo_credits import credit_of
from pressrun.graphics.photos.photographs import WIDELY_READ, WITHOUT_WHITE
from pressrun.model.errors import InputError, PictureFailed
from pressrun.model.file_metadata import Credit
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Row
from pressrun.model.picture import Reference
from pressrun.model.project import OutsideCampaign, Project
from pressrun.readers.missing_pictures import picture_hint

MOST_BYTES = 50 * 2**20  # no server is known to take more
SVG = "image/svg+xml"
BROKEN = "broken-picture"
# What is wrong with the file of a row, and not with its name.
OF_A_ROW = frozenset((BROKEN, "reference-too-large", "reference-kind", "unreadable-file"))


def reference(project: Project, written: str, row: Row) -> Reference:
    """The picture that a row (or a character) names. Raises InputError where it is missing, too large, or no picture
    that can be sent."""
    path = _found(project, written, row)
    try:
        size = path.stat().st_size
        if size >= MOST_BYTES:
            message = f"the reference '{written}' has {size / 2**20:.1f} MB; it must have less than 50"
            _fault("reference-too-large", message, written, row, "save it smaller")
        looked = _looked_at(path)
        if looked.fault:
            message, hint = looked.fault
            _fault("reference-kind", f"the reference '{written}': {message}", written, row, hint)
        if looked.media_type is None:
            message = f"the reference '{written}' is no SVG, and no {KINDS_READ} of 8 or 16 bits"
            _fault("reference-kind", message, written, row, "save it as one of these")
        said = _said(path, written)
        if said.fault:
            message, hint = said.fault
            _fault(BROKEN, message, written, row, hint)
        place = row.cell_place(written) or row.place
        notes = tuple(replace(note, place=place, row=row.id) for note in said.notes)
        return Reference(said.digest, path.name, looked.media_type, str(path), said.credit, notes)
    except OSError as error:
        _fault("unreadable-file", f"'{written}' cannot be read: {error.strerror}", written, row)


class Below(Struct, frozen=True):
    """The picture that a mask lies on: its name, and its pixels, if it has any."""

    name: str
    size: tuple[int, int] | None


def below(first: Reference) -> Below:
    """A reference as what a mask lies on."""
    return Below(first.name, _looked_at(Path(first.path)).size)


def mask(project: Project, written: str, row: Row, first: Below | None) -> Reference:
    """The mask that lies on the `first` picture that is sent. Raises InputError where it cannot."""
    found = reference(project, written, row)
    if found.media_type != "image/png":
        _fault("mask-kind", f"the mask '{written}' is no PNG", written, row, "save it as a PNG with transparency")
    looked = _looked_at(Path(found.path))
    if not looked.transparent:
        hint = "make transparent what is to be changed"
        _fault("mask-kind", f"the mask '{written}' has no alpha channel", written, row, hint)
    if first is None:
        _fault("mask-alone", f"the mask '{written}' has no picture to lie on", written, row, "give a reference as well")
    wanted = first.size
    if wanted is None:
        hint = "save the drawing as a PNG"
        _fault("mask-kind", f"the mask '{written}' lies on {first.name}, which has no pixels", written, row, hint)
    if looked.size != wanted:
        message = f"the mask '{written}' has {_pixels(looked.size)} pixels, {first.name} below it {_pixels(wanted)}"
        _fault("mask-size", message, written, row, "make both the same size")
    return found


NEARLY = 0.02  # how far the proportions of a picture and its edit may be apart


def check_shape(first: Below, asked: tuple[int, int], master: str, row: Row) -> None:
    """Raises InputError where an edit would not lie on the picture that it is of: its pixels could not be put back."""
    size = first.size
    if size and abs(size[0] * asked[1] / (size[1] * asked[0]) - 1) > NEARLY:
        message = f"{first.name}, which has a mask, has {_pixels(size)} pixels, the master {master} {_pixels(asked)}"
        _fault("mask-shape", message, first.name, row, "give both the same proportions")


def _pixels(size: tuple[int, int] | None) -> str:
    return f"{size[0]}x{size[1]}" if size else "no"


def _found(project: Project, written: str, row: Row) -> Path:
    try:
        path = project.find_file(written)
    except OutsideCampaign as outside:
        _fault("outside-campaign", str(outside), written, row)
    if path is None:
        hint = picture_hint(project.campaign, written)
        _fault("missing-picture", project.campaign.without(written), written, row, hint)
    return path


def _fault(code: str, message: str, written: str, row: Row, hint: str | None = None) -> NoReturn:
    raise InputError([Finding(Severity.ERROR, code, message, row.cell_place(written) or row.place, hint, row=row.id)])


class _Looked(Struct, frozen=True):
    """Media type, pixels as a model sees them, and whether some are transparent; no media type: no picture of ours.
    ``fault``: what keeps it from being read here, and what to do."""

    media_type: str | None
    size: tuple[int, int] | None = None
    transparent: bool = False
    fault: tuple[str, str | None] | None = None


@functools.lru_cache(maxsize=4096)
def _look(path: Path, changed: int, size: int) -> _Looked:
    with path.open("rb") as file:
        head = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:5].lower() in (b"<?xml", b"<svg ", b"<svg>", b"<!--") and path.suffix.lower() == ".svg":
        return _Looked(SVG)
    try:
        told = head_of(path, path.name)
        if told.kind not in WIDELY_READ:  # which is sent as another
            require_extras(told, path.name)
    except PictureFailed as error:
        return _Looked(None, fault=(error.message, error.hint))
    except Exception:  # Pillow's decoders raise many kinds
        damage = fault_of(path, path.name)
        return _Looked(None, fault=(damage.message, damage.hint) if damage else None)
    kind = None if told.mode in WITHOUT_WHITE else MEDIA_TYPES.get(told.kind)
    return _Looked(kind, told.as_read, told.transparent)


def _looked_at(path: Path) -> _Looked:
    """What a file is, told from its bytes."""
    status = path.stat()
    return _look(path, status.st_mtime_ns, status.st_size)


class _Said(Struct, frozen=True):
    """The digest of a file, whose it says that it is, and what of it is left out. ``fault``: that it is not
    whole, and what to do."""

    digest: str
    credit: Credit
    notes: tuple[Finding, ...]
    fault: tuple[str, str | None] | None = None


@functools.lru_cache(maxsize=4096)
def _read(path: Path, changed: int, size: int, written: str) -> _Said:
    data = path.read_bytes()
    fault = damage_of(data, written)
    told = (fault.message, fault.hint) if fault else None
    return _Said(hashlib.sha256(data).hexdigest(), credit_of(data), notes_of(data, written), told)


def _said(path: Path, written: str) -> _Said:
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size, written)
