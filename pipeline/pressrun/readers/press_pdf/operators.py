"""A stream of content taken apart into its operators, and what the library says where that cannot be done."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

import pikepdf

from pressrun.readers.press_pdf.facts import Object

# What pikepdf, and numbers that are none, raise on files that break the rules.
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError)


def operators_of(source: Object) -> tuple[Sequence[Any], tuple[str, ...]]:
    """The operators of a page, form, pattern or drawn letter, and what the library says is wrong with the stream. May
    raise any of BROKEN."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = pikepdf.parse_content_stream(source)
    return found, tuple(str(one.message) for one in said)


def first_line(error: object) -> str:
    """What a library said, without the name it gave to our stream."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(r"^stream <[^>]*>:? ", "", said)
