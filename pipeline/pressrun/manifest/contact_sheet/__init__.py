"""The contact sheet: a run's assets as HTML pages that open from disk, complete in themselves.

Each page carries its style, script, data and thumbnails inline, and a content security policy that admits nothing else
but delivered pictures beside it. Names, copy and prompts come from other people's spreadsheets: they travel as escaped
JSON, and the script places them as text alone, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from string import Template

# One program in reading order: they share one function's scope.
_SCRIPTS = ("data.js", "filters.js", "cards.js", "detail.js", "zoom.js", "main.js")

LONGEST_PAGE = 4  # page sizes that one product may fill: two thousand pictures still open at once


@dataclass(frozen=True, slots=True)
class Card:
    """One delivered or failed asset.

    `path` is relative to the page, with forward slashes. `thumb` holds the bytes of a JPEG, PNG or WebP of up to
    320 px, or None. `status` is `made`, `reused` or `failed`. `findings` are (severity, code, message), severities
    `error`, `warning`, `note`; what to do may follow a message on a line of its own. `prompts` are (slot/master,
    exact text), `provenance` (label, value). `texts` are (layer id, "text · 24 pt, 2 lines"): what follows the last
    " · " is set apart when it begins with a size. `direction` is the locale's, `ltr` or `rtl`. `previews` are
    (label, bytes of a small JPEG, PNG or WebP): the picture half done, where its maker showed it. Files with one
    `sheet` that follow each other are one tile, such as a press PDF and its proof; an empty one stands alone.
    """

    id: str
    path: str
    thumb: bytes | None
    layout: str
    format: str
    locale: str
    product: str
    row: str
    size: str
    status: str
    findings: tuple[tuple[str, str, str], ...]
    prompts: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    direction: str
    previews: tuple[tuple[str, bytes], ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SheetHeader:
    """What stands above the cards; `counts` are (label, number) in the order to show, `provider_note` may be empty."""

    job: str
    brand: str
    run: str
    started: str
    counts: tuple[tuple[str, int], ...]
    cost: str
    provider_note: str


def pages(
    header: SheetHeader, cards: Sequence[Card], products: Sequence[str], page_size: int = 500
) -> Iterator[tuple[str, bytes]]:
    """The sheet as (file name, UTF-8 HTML): `contact-sheet.html`, `contact-sheet-2.html` … of `page_size` cards or so.

    `products` are the cards' own, one each, known before the cards are made. What follows each other of one product
    stands on one page, which may be longer for it, up to `LONGEST_PAGE` times; only beyond that a product is cut.

    There is always a first page. The same header and cards give the same bytes. One page after the other is made, of a
    slice of the cards: a hundred thousand thumbnails need not lie in memory. A page size below 1 is a ValueError.
    """
    if page_size < 1:
        raise ValueError(f"page_size must be at least 1, not {page_size}")
    return _pages(header, cards, _page_ends(products, page_size))


def _page_ends(products: Sequence[str], page_size: int) -> list[int]:
    """Where each page ends, as an index of the cards."""
    ends: list[int] = []
    begun = at = 0
    for _, group in groupby(products):
        size = sum(1 for _ in group)
        if at > begun and at + size - begun > page_size:
            ends.append(at)
            begun = at
        at += size
        if size > page_size * LONGEST_PAGE:
            ends += range(begun + page_size, at, page_size)
            begun = ends[-1]
    return [*ends, at]


def _pages(header: SheetHeader, cards: Sequence[Card], ends: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    names = [_page_name(number) for number in range(1, len(ends) + 1)]
    before, between, after = _frame(f"{header.job} · {header.brand}")
    head = asdict(header)
    for index, (name, first, end) in enumerate(zip(names, (0, *ends), ends, strict=False)):
        shown = cards[first:end]
        place = {"index": index, "names": names, "first": first, "total": len(cards)}
        thumbs = b"\n".join(_thumbs(shown))
        yield name, b"".join((before, _page_json(head, place, shown), between, thumbs, after))


def _thumbs(cards: Sequence[Card]) -> Iterator[bytes]:
    """A data URI for each card; empty where the card before it in the same tile has that very picture."""
    for before, card in zip((None, *cards), cards, strict=False):
        again = before is not None and card.sheet and before.sheet == card.sheet and before.thumb == card.thumb
        yield b"" if again else _data_uri(card.thumb)


def _page_name(number: int) -> str:
    return "contact-sheet.html" if number == 1 else f"contact-sheet-{number}.html"


def _page_json(head: dict[str, object], place: dict[str, object], cards: Sequence[Card]) -> bytes:
    # Languages and layouts share a picture, and so its prompt and previews: each is written once a page.
    prompts: dict[str, int] = {}
    previews: dict[str, int] = {}
    listed = [
        {
            "id": card.id,
            "path": card.path,
            "layout": card.layout,
            "format": card.format,
            "locale": card.locale,
            "product": card.product,
            "row": card.row,
            "size": card.size,
            "status": card.status,
            "findings": card.findings,
            "prompts": [(label, prompts.setdefault(text, len(prompts))) for label, text in card.prompts],
            "provenance": card.provenance,
            "texts": card.texts,
            "direction": card.direction,
            "sheet": card.sheet,
            "previews": [
                (label, previews.setdefault(_data_uri(data).decode(), len(previews))) for label, data in card.previews
            ],
        }
        for card in cards
    ]
    page = {"header": head, "page": place, "cards": listed, "prompts": list(prompts), "previews": list(previews)}
    return _for_script_block(json.dumps(page, ensure_ascii=False, separators=(",", ":")))


def _for_script_block(text: str) -> bytes:
    """JSON that cannot end its block: `</script>` and `<!--` need a `<`; some break lines at U+2028 and 2029."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # Half a surrogate pair, from a file name in a broken encoding, becomes the JSON escape it can be written as.
    return text.encode("utf-8", "backslashreplace")


def _data_uri(thumb: bytes | None) -> bytes:
    """A thumbnail as a data URI; empty when there is none or no browser could show it."""
    if thumb is None:
        return b""
    if thumb.startswith(b"\xff\xd8\xff"):
        kind = b"jpeg"
    elif thumb.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = b"png"
    elif thumb[:4] == b"RIFF" and thumb[8:12] == b"WEBP":
        kind = b"webp"
    else:
        return b""
    return b"data:image/" + kind + b";base64," + base64.b64encode(thumb)


def _frame(title: str) -> tuple[bytes, bytes, bytes]:
    """The page before its data, between data and thumbnails, and after them."""
    template, style, script = _sources()
    policy = (
        f"default-src 'none'; img-src data: file: 'self'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {"title": html.escape(title), "policy": policy, "style": style, "script": script}
    page = template.substitute(parts, data="\0", thumbs="\0").encode("utf-8", "replace")
    before, between, after = page.rsplit(b"\0", 2)
    return before, between, after


@cache
def _sources() -> tuple[Template, str, str]:
    folder = resources.files(__package__)

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    script = "".join(text(name) for name in _SCRIPTS)
    return Template(text("page.html")), text("style.css"), f'"use strict";\n(() => {{\n{script}}})();\n'


def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
