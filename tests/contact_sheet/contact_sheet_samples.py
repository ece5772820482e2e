"""Assets and runs for the contact sheet's tests: small, readable, always the same."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Any

from msgspec.structs import replace

from pressrun.manifest.contact_sheet import Card, SheetHeader

LOCALES = ("en-GB", "de-DE", "ar-AE")
LAYOUTS = (("social/square", "png", "1080 × 1080 px"), ("print/a5-flyer", "press-pdf", "148 × 210 mm + 3 mm"))
PRODUCTS = ("CED-250", "MOR-500")
HEADER = SheetHeader(
    "Spring launch",
    "Northlight",
    "2027-03-01-spring",
    "1 March 2027",
    (("planned", 12), ("failed", 1)),
    (("spent", "$0.00"),),
    "Stand-ins",
)


def png(width: int, height: int, grey: int = 120) -> bytes:
    """A flat grey PNG of the given pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes([grey]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


THUMBS: dict[str, bytes] = {}  # by digest, as the store has them


def kept(thumb: bytes | None) -> str:
    """The digest of a thumbnail, which is found by it from now on."""
    if thumb is None:
        return ""
    digest = hashlib.sha256(thumb).hexdigest()
    THUMBS[digest] = thumb
    return digest


def card(number: int = 0, thumb: bytes | None = png(120, 80), **changes: Any) -> Card:
    """An asset with every part filled in, the same for the same number."""
    made = Card(
        id=f"asset-{number}",
        path=f"assets/{number}.png",
        thumb=kept(thumb),
        layout="social/square",
        format="png",
        locale="en-GB",
        product="CED-250",
        row=f"CED-250 · en-GB · {number}",
        size="1080 × 1080 px",
        status="made",
        findings=(),
        prompts=(("hero/square", f"A cedar tin on a limestone ledge, number {number}."),),
        provenance=(("Provider", "fpo"), ("SHA-256", "6b1f" * 16)),
        texts=(("headline", "Wake up slowly · 41.5 pt, 2 lines"),),
        direction="ltr",
    )
    return replace(made, **changes)


def small_run() -> list[Card]:
    """Twelve assets: two products × three locales × two layouts; three with findings, one of them failed."""
    cards = []
    for product in PRODUCTS:
        for layout, form, size in LAYOUTS:
            for locale in LOCALES:
                arabic = locale == "ar-AE"
                text = "استيقظ على مهل" if arabic else "Wake up slowly"
                row = f"{product} · {locale} · spring"
                made = card(len(cards), product=product, layout=layout, format=form, size=size, locale=locale, row=row)
                texts = (("headline", f"{text} · 41.5 pt, 2 lines"),)
                cards.append(replace(made, texts=texts, direction="rtl" if arabic else "ltr"))
    cards[1] = replace(cards[1], findings=(("warning", "picture.resolution", "212 ppi where 300 is asked."),))
    cards[4] = replace(cards[4], findings=(("note", "font.fallback", "x"), ("error", "text.overflow", "Too long.")))
    cards[7] = replace(cards[7], status="failed", thumb="", findings=(("error", "picture.refused", "Refused."),))
    cards[8] = replace(cards[8], status="reused")
    return cards
