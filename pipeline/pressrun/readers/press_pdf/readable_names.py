"""Names in a PDF that are not written in UTF-8, as some programs write `Grün`: nothing reads them until they are."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pikepdf
from pikepdf import Name

ENCODING = "cp1252"  # of programs that do not write UTF-8, which ISO 32000-1, 7.3.5 asks for
_ESCAPED = re.compile(rb"#[89a-f][\da-f]|/ObjStm", re.I)  # names may stand in streams of objects, too
_ESCAPE = re.compile(rb"#([\da-f]{2})", re.I)
_DEEPEST = 50


def name_said(name: Any) -> str:
    """A name as it is read, with its slash."""
    try:
        return str(name)
    except UnicodeDecodeError:
        return _written(name).decode(ENCODING, "replace")


def with_readable_names(data: bytes) -> bytes:
    """The PDF with its names in UTF-8; the same bytes where all are, and where it cannot be read."""
    if not _ESCAPED.search(data):
        return data
    with contextlib.suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(data)) as pdf:
        changed = False
        for one in pdf.objects:
            if isinstance(one, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
                changed |= _readable(one, 0)
        if changed:
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
            return out.getvalue()
    return data


def _readable(holder: Any, depth: int) -> bool:
    changed = False
    places = range(len(holder)) if isinstance(holder, pikepdf.Array) else list(holder.keys())
    for place in places:
        value = holder[place]
        if isinstance(value, pikepdf.Name):
            if not _is_utf8(value):
                holder[place] = Name(name_said(value))
                changed = True
        elif isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and not value.is_indirect and depth < _DEEPEST:
            changed |= _readable(value, depth + 1)
    return changed


def _is_utf8(name: Any) -> bool:
    try:
        str(name)
    except UnicodeDecodeError:
        return False
    return True


def _written(name: Any) -> bytes:
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), name.unparse())
