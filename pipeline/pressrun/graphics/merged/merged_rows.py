"""Which rows are in a file of many, as its bookmarks tell (see `merged_pdf`)."""

from __future__ import annotations

from pathlib import Path

import pikepdf


def rows_in(path: Path) -> frozenset[str]:
    """The rows that a file's bookmarks name: those of groups have others inside. None, where there are no bookmarks, or
    it is no PDF that can be read."""
    try:
        with pikepdf.open(path) as pdf:
            return frozenset(_titles(pdf.Root.get("/Outlines")))
    except (OSError, pikepdf.PdfError):
        return frozenset()


def _titles(outlines: pikepdf.Object | None) -> list[str]:
    found: list[str] = []
    seen: set[tuple[int, int]] = set()
    waiting = [outlines.get("/First")] if isinstance(outlines, pikepdf.Dictionary) else []
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
            continue
        seen.add(node.objgen)
        inside = node.get("/First")
        waiting += [node.get("/Next"), inside]
        if inside is None:
            found.append(str(node.get("/Title", "")))
    return found
