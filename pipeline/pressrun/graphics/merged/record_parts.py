"""Which pages of a file are of one record: its document parts (ISO 32000-2, 14.12), as PDF/VT-1 wants them."""

from __future__ import annotations

from pressrun.graphics.merged.streamed_pdf import StreamedPdf, text_string

LISTED_TOGETHER = 500  # parts in one array


class RecordParts:
    """Records in their order, each with its pages; a part without a name is of no record."""

    def __init__(self, pdf: StreamedPdf) -> None:
        self._pdf = pdf
        self._root = pdf.reserve()
        self._top = pdf.reserve()
        self._parts: list[int] = []
        self._open: tuple[int, str | None, list[int]] | None = None

    def begin(self, identifier: str | None) -> None:
        """The pages that follow are of a record of this name."""
        self._close()
        self._open = self._pdf.reserve(), identifier, []

    def of_page(self, page: int) -> bytes:
        """The entry of the next page, by its object."""
        if self._open is None:
            self.begin(None)
        assert self._open
        self._open[2].append(page)
        return b"/DPart %d 0 R " % self._open[0]

    def _close(self) -> None:
        if self._open is None:
            return
        number, identifier, pages = self._open
        self._open = None
        if not pages:
            return
        told = b"" if identifier is None else _told(identifier)
        ends = b"" if len(pages) == 1 else b" /End %d 0 R" % pages[-1]
        text = b"<< /Type /DPart /Parent %d 0 R /Start %d 0 R%s%s >>"
        self._pdf.put(number, text % (self._top, pages[0], ends, told))
        self._parts.append(number)

    def finish(self) -> int:
        """The root of all parts."""
        self._close()
        starts = range(0, len(self._parts), LISTED_TOGETHER)
        some = (self._parts[start : start + LISTED_TOGETHER] for start in starts)
        listed = b" ".join(b"[ %s ]" % b" ".join(b"%d 0 R" % one for one in parts) for parts in some)
        self._pdf.put(self._top, b"<< /Type /DPart /Parent %d 0 R /DParts [ %s ] >>" % (self._root, listed))
        text = b"<< /Type /DPartRoot /DPartRootNode %d 0 R /RecordLevel 1 /NodeNameList [ /Run /Record ] >>"
        self._pdf.put(self._root, text % self._top)
        return self._root


def _told(identifier: str) -> bytes:
    """The name of a record, as the metadata of print products have it (ISO 21812-1)."""
    return b" /DPM << /CIP4_Root << /CIP4_Recipient << /CIP4_UniqueID %s >> >> >>" % text_string(identifier)
