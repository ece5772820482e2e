"""The press PDF: one press-ready file, live as its overlay is, or without transparency. How it is written is imported
when the first one is: a job is checked without it."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.model.format_kind import FLAT_PRESS, LIVE_PRESS, FormatKind
from pressrun.model.rendering import Pieces, Rendering
from pressrun.model.stored_bytes import Written


def write_press_pdf(rendering: Rendering, size: tuple[int, int]) -> Written:
    """Finish the overlay into one press-ready page; ``size`` is not used, vectors have no density."""
    return write_press_pages([rendering])


def write_press_pages(renderings: Sequence[Rendering]) -> Written:
    """Finish overlays, which have their texts in one document, into press-ready pages of one file."""
    from pressrun.formats.press_pdf.finished_pages import press_pages

    return press_pages(renderings)


def write_press_pieces(renderings: Sequence[Rendering]) -> Pieces:
    """The same as pieces of a larger file, packed as well as can be: it has nothing large that would outweigh them. One
    page of every kind among them is judged for all that are alike. Raises BelowStandard, with those of its kind."""
    from pressrun.formats.press_pdf.finished_pages import press_pieces

    return press_pieces(renderings)


def write_flat_pdf(rendering: Rendering, size: tuple[int, int]) -> Written:
    """The same as `write_press_pdf` without transparency. Raises TextInTransparency, BelowStandard."""
    return write_flat_pages([rendering])


def write_flat_pages(renderings: Sequence[Rendering]) -> Written:
    """The same of several pages. Raises TextInTransparency, BelowStandard."""
    from pressrun.formats.press_pdf.finished_pages import flat_pages

    return flat_pages(renderings)


def write_flat_pieces(renderings: Sequence[Rendering]) -> Pieces:
    """The same as `write_press_pieces` without transparency. Raises TextInTransparency, BelowStandard."""
    from pressrun.formats.press_pdf.finished_pages import flat_pieces

    return flat_pieces(renderings)


PRESS_PDF = FormatKind(
    LIVE_PRESS, frozenset({"print"}), ".pdf", "application/pdf", 7, 0.0, write_press_pdf,
    write_pages=write_press_pages, write_pieces=write_press_pieces,
)  # fmt: skip
PRESS_PDF_X1A = FormatKind(
    FLAT_PRESS, frozenset({"print"}), "-x1a.pdf", "application/pdf", 2, 0.0, write_flat_pdf,
    write_pages=write_flat_pages, write_pieces=write_flat_pieces, packs_objects=False,
)  # fmt: skip
