"""Whatever file a picture comes in, as one that every stage can read: 8 bits, upright, of a kind that can be placed.

What is left out of it on the way is told; what cannot be read is refused with what to do, and never read wrongly.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path, PurePath
from typing import IO

import numpy
from msgspec import Struct
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from pressrun.graphics.color import coded_colors
from pressrun.graphics.color.inks import is_unmarked
from pressrun.graphics.photos import deep_pictures, heic
from pressrun.graphics.photos.ends_of_files import has_wrong_sums, may_break_off
from pressrun.graphics.photos.photo_regions import focus_of
from pressrun.graphics.photos.photographs import (
    AGAIN,
    KINDS,
    READ,
    WIDELY_READ,
    WITHOUT_WHITE,
    seen_size,
    upright,
    widely_read,
)
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import MOST_PIXELS
from pressrun.model.printing_conditions import SHIPPED

HEIC = "HEIC"
KINDS_READ = "PNG, JPEG, WebP, TIFF, AVIF, HEIC, GIF or BMP"
MEDIA_TYPES = {**KINDS, "AVIF": "image/avif", "GIF": "image/gif", "BMP": "image/bmp", HEIC: "image/heic"}
RAW_ENDINGS = frozenset({
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos", ".mrw",
    ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
})  # fmt: skip
RAW_HEADS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb")
_CR2, _CR3 = b"CR\x02", b"crx "
DNG_VERSION, PHOTOMETRIC, FILTER_ARRAY = 50706, 262, 32803  # of TIFF
SAMPLE_FORMAT, FLOATS, BIG = 339, 3, b"+"  # likewise, and the version of one that may have more than 4 GB
SMALLER, IN_BITS = "save it smaller", "save it with 8 or 16 bits"
GAIN_MAPS = (b"http://ns.adobe.com/hdr-gain-map/", b"urn:iso:std:iso:ts:21496", b"HDRGainMap")
JPEG = "JPEG"  # which files of several, as telephones write them, are called, too
HEAD = 400_000  # bytes in which a file tells of itself


class Incoming(Struct, frozen=True):
    """A picture as it is taken: ``data`` are the file's own bytes wherever they will do. ``region`` is the middle of
    what it marks in itself, in fractions; ``findings`` what was left out."""

    data: bytes
    region: tuple[float, float] | None
    findings: tuple[Finding, ...]


def incoming(data: bytes, name: str) -> Incoming:
    """A file as one that can be placed. Raises PictureFailed."""
    refuse_unfinished(io.BytesIO(data), name)
    if has_wrong_sums(data):
        raise PictureFailed(f"{name} cannot be decoded: it is damaged, as its checksums tell", AGAIN)
    try:
        if heic.is_heic(data):
            _refuse_large(heic.size_and_mode(io.BytesIO(data))[0], name)
            return Incoming(widely_read(data), None, notes_of(data, name))
        with Image.open(io.BytesIO(data), formats=READ) as picture:
            size, kind, deep = seen_size(picture), picture.format or "", deep_pictures.is_deep(picture)
            measures = picture.mode in WITHOUT_WHITE and not deep
        _refuse_large(size, name)
        if measures:
            message = f"{name} has grey of 32 bits, of which nothing says what is white"
            raise PictureFailed(message, IN_BITS)
        region = focus_of(data)
        if deep:
            return Incoming(deep_pictures.as_png(data, kind, name), region, notes_of(data, name))
        standing = upright(widely_read(data))
        if standing is data:  # which nothing has decoded yet
            with Image.open(io.BytesIO(data), formats=READ) as picture:
                picture.load()
    except PictureFailed:
        raise
    except UnidentifiedImageError as error:
        if fault := fault_of(io.BytesIO(data), name):
            raise fault from error
        raise PictureFailed(f"{name} is no picture of a kind that is read", f"save it as {KINDS_READ}") from error
    except Exception as error:  # Pillow's decoders raise many kinds
        raise PictureFailed(f"{name} cannot be decoded: {error}", AGAIN) from error
    return Incoming(standing, region, notes_of(data, name))


def _refuse_large(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        most = f"{MOST_PIXELS // 10**6} million are the most that can be placed"
        raise PictureFailed(f"{name} has {size[0]} x {size[1]} pixels; {most}", SMALLER)


def fault_of(file: IO[bytes] | Path, name: str) -> PictureFailed | None:
    """What is wrong with a file that cannot be opened, as far as it is of a kind that is read, or empty."""
    begins = _beginning(file)
    if not begins:
        return PictureFailed(f"{name} is empty", AGAIN)
    begun = _begun(begins)
    if begun == "TIFF" and _is_of_floats(file):
        return PictureFailed(f"{name} has colours of floating point, of which nothing says what is white", IN_BITS)
    message = f"{name} cannot be decoded: it begins as {begun}, and is damaged or breaks off"
    return PictureFailed(message, AGAIN) if begun else None


def damage_of(data: bytes, name: str) -> PictureFailed | None:
    """That a file breaks off or was damaged, as its container tells: only what seems to is decoded."""
    if not (has_wrong_sums(data) or may_break_off(data)):
        return None
    try:
        incoming(data, name)
    except PictureFailed as fault:
        return fault
    return None


def _begun(begins: bytes) -> str | None:
    """The kind of which a file says that it is."""
    Image.init()
    accepts = {kind: Image.OPEN[kind][1] for kind in READ if kind in Image.OPEN}
    return next((kind for kind, accept in accepts.items() if accept and accept(begins[:16]) is True), None)


def _is_of_floats(file: IO[bytes] | Path) -> bool:
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(file.open("rb")) if isinstance(file, Path) else file
        opened.seek(0)
        try:
            head = opened.read(8)
            tags = TiffImagePlugin.ImageFileDirectory_v2(head + (opened.read(8) if head[2:3] == BIG else b""))
            opened.seek(tags.next)
            tags.load(opened)
            return FLOATS in numpy.atleast_1d(tags.get(SAMPLE_FORMAT, 1))
        except Exception:  # it breaks off before they are told
            return False


def refuse_unfinished(file: IO[bytes] | Path, name: str) -> None:
    """Raises PictureFailed for what a camera's sensor saw, which is no picture before somebody developed it, and for
    colours that are meant for bright screens."""
    begins = _beginning(file)
    raw = PurePath(name).suffix.lower() in RAW_ENDINGS or begins.startswith(RAW_HEADS)
    raw = raw or begins[8:11] == _CR2 or (begins[4:8] == b"ftyp" and begins[8:12] == _CR3)
    if raw or (begins[:4] in (b"II*\0", b"MM\0*") and _is_raw_tiff(file)):
        hint = "develop it in a raw converter, and save a TIFF or JPEG with its profile"
        raise PictureFailed(f"{name} is camera raw: what it looks like is not decided yet", hint)
    coded_colors.told_profile(begins, name)


def _is_raw_tiff(file: IO[bytes] | Path) -> bool:
    try:
        with Image.open(file, formats=("TIFF",)) as picture:
            tags = picture.tag_v2  # type: ignore[attr-defined]  # of TIFF alone
            return DNG_VERSION in tags or tags.get(PHOTOMETRIC) == FILTER_ARRAY
    except Exception:  # told when it is read
        return False


class Head(Struct, frozen=True):
    """What a file tells before its pixels: its kind by Pillow's name of it, its size as it is stored and as it is to
    be seen. ``deep``: in colours of 16 bits."""

    kind: str
    stored: tuple[int, int]
    seen: tuple[int, int]
    mode: str
    transparent: bool
    deep: bool

    @property
    def as_read(self) -> tuple[int, int]:
        """The size that those see who do not read every kind: see :func:`widely_read`."""
        return self.stored if self.kind in WIDELY_READ else self.seen


def head_of(file: IO[bytes] | Path, name: str) -> Head:
    """What a picture of any kind that is read tells of itself. Raises PictureFailed for camera raw, colours for
    bright screens, and HEIC where its extra is missing, else what Pillow does."""
    refuse_unfinished(file, name)
    if heic.is_heic(_beginning(file)):
        size, mode = heic.size_and_mode(file)
        return Head(HEIC, size, size, mode, mode.endswith("A"), False)
    with Image.open(file, formats=READ) as picture:
        deep = deep_pictures.is_deep(picture)
        transparent = picture.has_transparency_data
        return Head(picture.format or "", picture.size, seen_size(picture), picture.mode, transparent, deep)


def require_extras(head: Head, name: str) -> None:
    """Raises PictureFailed where what decodes its deep colours is not installed."""
    if head.deep:
        deep_pictures.codecs_for(name)


def _beginning(file: IO[bytes] | Path) -> bytes:
    """Its first bytes, before which what is open stands then."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return opened.read(coded_colors.HEAD)
    file.seek(0)
    begins = file.read(coded_colors.HEAD)
    file.seek(0)
    return begins


def notes_of(data: bytes, name: str) -> tuple[Finding, ...]:
    """What of a file is left out, and what is not as it says, each as a note."""
    found = []
    kind, frames, guessed, unmarked = _told(data)
    if any(mark in data[:HEAD] for mark in GAIN_MAPS):
        message = f"{name} has a gain map for bright screens, left out here: it is as other screens show it"
        found.append(Finding(Severity.NOTE, "gain-map", message))
    elif frames > 1:
        message = f"{name} has {frames} pictures in it; the first is taken"
        found.append(Finding(Severity.NOTE, "several-pictures", message, hint="save the one that is meant alone"))
    if guessed:
        message = f"{name} is CMYK and has no profile: its inks are taken for those of {SHIPPED}"
        found.append(Finding(Severity.NOTE, "no-profile", message, hint="save it with the profile it was made in"))
    if unmarked:
        message = f"{name} is a JPEG in CMYK without Adobe's marker: its inks are not turned over, as those with it are"
        hint = "look at it; where light and dark are exchanged, save it again in what made it"
        found.append(Finding(Severity.NOTE, "unmarked-inks", message, hint=hint))
    if kind and (named := _kind_named(name)) and named != kind:
        message = f"{name} is {kind}, not {named}, and is read as what it is"
        found.append(Finding(Severity.NOTE, "wrong-ending", message, hint="give it the ending of its kind"))
    return tuple(found)


def _told(data: bytes) -> tuple[str, int, bool, bool]:
    """The kind of a file, how many pictures it has, and whether its inks are of no known press, or may be turned
    over."""
    try:
        if heic.is_heic(data):
            return HEIC, heic.number_in(data), False, False
        with Image.open(io.BytesIO(data), formats=READ) as picture:
            kind = JPEG if picture.format == "MPO" else picture.format or ""
            guessed = picture.mode == "CMYK" and not picture.info.get("icc_profile")
            return kind, int(getattr(picture, "n_frames", 1)), guessed, is_unmarked(picture)
    except Exception:  # told when it is read
        return "", 1, False, False


def _kind_named(name: str) -> str | None:
    """The kind of which a file is by its name, as far as the ending is one of a picture's."""
    ending = PurePath(name).suffix.lower()
    kind = HEIC if ending in heic.ENDINGS else Image.registered_extensions().get(ending)
    return JPEG if kind == "MPO" else kind
