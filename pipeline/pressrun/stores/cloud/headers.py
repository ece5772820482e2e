"""What whoever fetches a file from a bucket is told of it: what it is, and how long it may be kept."""

from __future__ import annotations

import io
import mimetypes

from PIL import Image, UnidentifiedImageError

BEGINNING = 65_536  # bytes of a large file, which say what it is
UNKNOWN = "application/octet-stream"
NEVER_KEPT = "no-cache"  # of what says what the other files are

_TYPES = mimetypes.MimeTypes(filenames=())  # none that this machine has of its own
_TYPES.add_type("application/x-ndjson", ".jsonl")


def headers_of(data: bytes, cache_control: str | None) -> dict[str, str]:
    """Of a file's bytes, or of its first thousands."""
    return {"Content-Type": media_type(data), **({"Cache-Control": cache_control} if cache_control else {})}


def headers_of_record(name: str) -> dict[str, str]:
    """Of what tells of a run beside its files, by its name."""
    kind = _TYPES.guess_type(name)[0] or UNKNOWN
    text = "; charset=utf-8" if kind.startswith("text/") else ""
    return {"Content-Type": kind + text, "Cache-Control": NEVER_KEPT}


def media_type(data: bytes) -> str:
    """Of a picture, or of a PDF; of anything else that it is bytes."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.get_format_mimetype() or UNKNOWN
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return UNKNOWN
