"""The one door to standard output and standard error.

Cells, names of files and a server's words come from anybody, and a terminal obeys what is printed on it: colours, the
window's title, lines moved over others. So control characters are written out here, and so is what the terminal's
encoding does not have.
"""

from __future__ import annotations

import re
import sys
from typing import IO

import click

# C0 but for line ends and tabs, DEL, C1, line and paragraph separators, what turns the direction of writing round,
# and halves of surrogate pairs, which no encoding has.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


def tell(text: str, err: bool = False) -> None:
    """Print a text for people: control characters and what the terminal cannot show are written out."""
    stream = sys.stderr if err else sys.stdout
    click.echo(harmless(text, stream), file=stream)


def tell_json(text: str) -> None:
    """Print JSON on standard output. What would be dangerous or cannot be shown is escaped, so its value stays."""
    encoding = _encoding(sys.stdout)
    text = _OBEYED.sub(_json_escape, text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = _BEYOND_ASCII.sub(_json_escape, text)
    click.echo(text)


def harmless(text: str, stream: IO[str]) -> str:
    """The text as it may be printed on ``stream``."""
    encoding = _encoding(stream)
    return _OBEYED.sub(_written_out, text).encode(encoding, "backslashreplace").decode(encoding)


def one_line(text: str) -> str:
    """The text with its line ends written out: nothing that a cell holds begins a line of ours."""
    return text.replace("\r", r"\r").replace("\n", r"\n")


def _encoding(stream: IO[str]) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _written_out(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
