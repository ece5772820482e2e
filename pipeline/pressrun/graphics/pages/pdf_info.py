"""What a PDF says of itself in its Info dictionary: the same as its XMP (ISO 32000-1, 14.3.3)."""

from __future__ import annotations

from datetime import UTC, datetime

from pikepdf import Dictionary, String

from pressrun.model.rendering import Metadata


def pdf_date(seconds: int) -> str:
    """A time in Unix seconds as PDF writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("D:%Y%m%d%H%M%SZ")


def info_of(metadata: Metadata) -> Dictionary:
    when = String(pdf_date(metadata.date))
    info = Dictionary(
        Title=String(metadata.title),
        Subject=String(metadata.description),
        Author=String(metadata.creator),
        Creator=String("Pressrun"),
        Producer=String("Pressrun"),
        CreationDate=when,
        ModDate=when,
    )
    if metadata.particulars.keywords:
        info.Keywords = String(", ".join(metadata.particulars.keywords))
    return info
