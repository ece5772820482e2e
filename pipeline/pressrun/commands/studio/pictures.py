"""Pictures for the pages: never files as they came, always what was decoded and encoded again; kept once made."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
from pathlib import Path

from PIL import Image

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity

SIDES = {"tile": 400, "view": 1600}  # longest sides in pixels
AS_MADE = {"image/png", "image/jpeg", "image/webp"}  # kinds of our own files that a browser may have as they are
MOST_PIXELS = 400_000_000
_busy = threading.BoundedSemaphore(2)  # a wall of posters is decoded two at a time


def shown(data_of: Path | bytes, name: str, digest: str, kept: Path) -> bytes:
    """A picture at the size called ``name`` as WebP (JPEG's room, and transparency), from the folder ``kept`` if it
    was asked for before. Raises InputError where it cannot be read."""
    file = kept / f"{digest[:40]}-{name}.webp"
    with contextlib.suppress(OSError):
        return file.read_bytes()
    with _busy:
        data = _encoded(data_of, SIDES[name])
    with contextlib.suppress(OSError):  # a full disk, or one that may not be written: it is made again
        kept.mkdir(parents=True, exist_ok=True)
        beside = kept / f".{file.name}.{threading.get_ident()}"
        beside.write_bytes(data)
        os.replace(beside, file)
    return data


def _encoded(source: Path | bytes, side: int) -> bytes:
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _unreadable(f"it has more than {MOST_PIXELS:,} pixels")
            picture.draft("RGB", (side, side))
            profile = picture.info.get("icc_profile")
            clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            looked = picture.convert("RGBA" if clear else "RGB")
        if max(looked.size) > side:
            looked.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out = io.BytesIO()
        options = {"icc_profile": profile} if profile else {}
        looked.save(out, "WEBP", quality=86, method=2, **options)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unreadable(str(error)) from error
    return out.getvalue()


def etag(*parts: str) -> str:
    """What tells a picture from its other versions."""
    return f'"{hashlib.sha256("/".join(parts).encode()).hexdigest()[:24]}"'


def _unreadable(why: str) -> InputError:
    return InputError([Finding(Severity.ERROR, "unreadable-picture", f"the picture cannot be read: {why}")])
