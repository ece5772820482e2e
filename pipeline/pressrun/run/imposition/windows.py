"""Large PDFs read by windows: some of their pages at a time, as a document of their own, so that no more of a file is
in memory than is being placed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Stream

from pressrun.graphics.merged.copied_objects import CopiedObjects
from pressrun.graphics.merged.streamed_pdf import PageTree, StreamedPdf
from pressrun.graphics.pages.pdf_graph import reached

PAGES, BYTES = 1000, 48_000_000  # of a window, at the most; a page that is larger is one alone
KEPT = ("/OutputIntents", "/OCProperties", "/AcroForm")  # of a document, which its pages refer to
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")  # ISO 32000-1, 7.7.3.4
_LEFT_OUT = frozenset({"/Parent", "/StructParents", "/B", "/Thumb", "/PieceInfo", "/Metadata", "/DPart"})
Path = list[int]  # from the root of the page tree, the place among its siblings of each node


def is_large(pdf: pikepdf.Pdf, size: int) -> bool:
    """Whether a document of so many bytes is more than one window."""
    count = pdf.Root.Pages.get("/Count", 0)
    return size > BYTES or (isinstance(count, int) and count > PAGES)


class Windows:
    """The windows of a file, which is opened anew for each: what was read of it before is not kept."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at: Path | None = []

    def __iter__(self) -> Iterator[pikepdf.Pdf]:
        """Each as a document, closed before the next is begun. Raises pikepdf.PdfError, and what reading objects of
        the wrong type does."""
        while self._at is not None:
            self._file.seek(0)
            out = io.BytesIO()
            with pikepdf.open(self._file, inherit_page_attributes=False) as pdf:
                pages = self._fill(StreamedPdf(out), pdf)
            if pages:
                with pikepdf.open(out) as window:
                    yield window

    def _fill(self, out: StreamedPdf, pdf: pikepdf.Pdf) -> int:
        """Write the next pages of a document as one of their own; how many they are. (If qpdf copied them, it would
        read all objects of the document first.)"""
        size, seen = 0, set[tuple[int, int]]()
        start, self._at = self._at or [], None
        copies, tree = CopiedObjects(out, compare=False), PageTree(out)
        copies.begin(pdf)
        for place, page in _leaves(pdf.Root.Pages, start):
            size += sum(_packed(one) for one in reached(page, seen))
            if tree.count == PAGES or (tree.count and size > BYTES):
                self._at = place
                break
            own = Dictionary({key: one for key, one in page.items() if key not in _LEFT_OUT})
            tree.add(out.add(b"<< /Parent %d 0 R %s" % (tree.parent(), copies.text(own).strip()[2:])))
        if tree.count:
            kept = Dictionary({name: pdf.Root[name] for name in KEPT if name in pdf.Root})
            said = copies.text(kept).strip()[2:]
            out.finish(out.add(b"<< /Type /Catalog /Pages %d 0 R %s" % (tree.finish(), said)), out.add(b"<< >>"), b"00")
        return tree.count


def _packed(one: Any) -> int:
    length = one.get("/Length", 0) if isinstance(one, Stream) else 0
    return length if isinstance(length, int) else 0


def _leaves(root: Any, start: Path) -> Iterator[tuple[Path, Any]]:
    """The pages from a place on, each with its own place, and with what it inherits. Of a ring each node is once."""
    nodes: list[tuple[Any, Any]] = [(root, _inherited(root, {}))]
    path: Path = []
    for at in start[:-1]:
        path.append(at)
        _descend(nodes, nodes[-1][0].Kids[at])
    following = start[-1] if start else 0
    while nodes:
        node, handed_down = nodes[-1]
        kids = node.get("/Kids")
        if not isinstance(kids, Array) or following >= len(kids):
            nodes.pop()
            following = path.pop() + 1 if path else 0
            continue
        kid = kids[following]
        if not isinstance(kid, Dictionary) or (kid.objgen[0] and any(kid.objgen == one.objgen for one, _ in nodes)):
            following += 1
        elif "/Kids" in kid:
            path.append(following)
            _descend(nodes, kid)
            following = 0
        else:
            yield [*path, following], Dictionary({**handed_down, **dict(kid.items())})
            following += 1


def _descend(nodes: list[tuple[Any, Any]], node: Any) -> None:
    nodes.append((node, _inherited(node, nodes[-1][1])))


def _inherited(node: Any, above: dict[str, Any]) -> dict[str, Any]:
    return {**above, **{name: node[name] for name in INHERITED if name in node}}
