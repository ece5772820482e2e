"""Reports as HTML pages, each in a file that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterable


def html_page(title: str, style: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style>'
        f"</head><body>\n{body}\n</body></html>\n"
    )
