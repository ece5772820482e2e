"""Code as HTML, its parts marked by classes: comments, names, texts."""

from __future__ import annotations

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_LEXERS = {"yaml": "yaml", "jinja": "jinja", "sh": "bash", "python": "python", "csv": "text", "json": "json"}
_FORMATTER = HtmlFormatter(nowrap=True)


def code_html(text: str, language: str) -> str:
    """The inside of a ``pre``."""
    lexer = get_lexer_by_name(_LEXERS.get(language, "text"), stripnl=False)
    return str(highlight(text, lexer, _FORMATTER)).rstrip("\n")
