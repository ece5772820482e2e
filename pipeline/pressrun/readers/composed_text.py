"""One spelling for words that people see as one: ``é`` may be one character, or two where a Mac took it apart.

Cells, YAML, templates, expressions and names on the command line are put together (Unicode's NFC) once, where they are
read, so that keys, comparisons and what is printed agree.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 1_000  # characters put together at once: marks without end would take days to be sorted
# Blanks keep their width. Ideographs for compatibility keep their form, which is how a person writes their name; NFC
# would put the common form in its place.
_WORD = re.compile(rf"[^\s\uf900-\ufaff\U0002f800-\U0002fa1f]{{1,{_LONGEST}}}")


def composed(text: str) -> str:
    """The text with its letters in one piece (NFC), word by word; line breaks and blanks stay."""
    if text.isascii() or (len(text) <= _LONGEST and unicodedata.is_normalized("NFC", text)):
        return text
    return _WORD.sub(lambda word: unicodedata.normalize("NFC", word[0]), text)
