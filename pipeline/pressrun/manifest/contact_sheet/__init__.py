"""The contact sheet: a run's assets as HTML pages that open from disk, complete in themselves.

Each page carries its style, script, data and thumbnails inline, and a content security policy that admits nothing else
but delivered pictures beside it. Names, copy and prompts come from other people's spreadsheets: they travel as escaped
JSON, and the script places them as text alone, never as markup.

Filters and search reach over all pages of a run. A page on disk may not read a file beside it, but what it opens in a
frame may answer it: one more file holds what all pages say, and each page gives single thumbnails to the others. What
they hand over is text, and no policy admits another script for it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from operator import attrgetter
from string import Template

# One program in reading order: they share one function's scope.
_SCRIPTS = ("data.js", "other_pages.js", "filters.js", "cards.js", "detail.js", "zoom.js", "main.js")

SEARCH = "contact-sheet-search.html"  # what all pages say, where there are several; read by the pages, not by people

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


@dataclass(frozen=True, slots=True)
class Page:
    """A page as UTF-8 HTML, and what it adds at the end of the file `SEARCH`: nothing where it is the only page."""

    name: str
    body: bytes
    search: bytes


def pages(
    header: SheetHeader, cards: Sequence[Card], places: Sequence[tuple[Hashable, Hashable]], page_size: int = 500
) -> Iterator[Page]:
    """The sheet's pages, `contact-sheet.html`, `contact-sheet-2.html` … of `page_size` cards or so.

    `places` are the cards' (product, sheet), known before the cards are made. What follows each other of one product
    stands on one page, which may be longer for it, up to `LONGEST_PAGE` times; only beyond that a product is cut, and
    never a sheet.

    There is always a first page. The same header and cards give the same bytes. One page after the other is made, of a
    slice of the cards: a hundred thousand thumbnails need not lie in memory. A page size below 1 is a ValueError.
    """
    if page_size < 1:
        raise ValueError(f"page_size must be at least 1, not {page_size}")
    return _pages(header, cards, _page_ends(places, page_size))


def _page_ends(places: Sequence[tuple[Hashable, Hashable]], page_size: int) -> list[int]:
    """Where each page ends, as an index of the cards."""
    ends: list[int] = []
    begun = at = 0
    for _, group in groupby(product for product, _ in places):
        size = sum(1 for _ in group)
        if at > begun and at + size - begun > page_size:
            ends.append(at)
            begun = at
        at += size
        while size > page_size * LONGEST_PAGE and at - begun > page_size:
            cut = begun + page_size
            while cut < at and places[cut][1] and places[cut] == places[cut - 1]:
                cut += 1
            if cut == at:
                break
            ends.append(cut)
            begun = cut
    return [*ends, at]


def _pages(header: SheetHeader, cards: Sequence[Card], ends: Sequence[int]) -> Iterator[Page]:
    names = [_page_name(number) for number in range(1, len(ends) + 1)]
    several = len(names) > 1
    title = html.escape(f"{header.job} · {header.brand}")
    before, between, after = _frame(title, several)
    opened, closed = _search_frame(title)
    for index, (name, first, end) in enumerate(zip(names, (0, *ends), ends, strict=False)):
        shown = cards[first:end]
        thumbs = list(_thumbs(shown))
        rows = _json_block(_rows(shown, thumbs))
        pictures: dict[str, int] = {}
        previews = [
            [(label, pictures.setdefault(_data_uri(data).decode(), len(pictures))) for label, data in card.previews]
            for card in shown
        ]
        page = {"index": index, "names": names, "first": first, "total": len(cards), "search": SEARCH}
        data = {
            "header": _json_block(asdict(header)),
            "page": _json_block(page),
            "rows": rows,
            "previews": _json_block(previews),
            "pictures": _json_block(list(pictures)),
        }
        block = b",".join(b'"%s":%s' % (part.encode(), said) for part, said in data.items())
        body = b"".join((before, b"{", block, b"}", between, b"\n".join(thumbs), after))
        search = (
            (b"" if index else opened)
            + (b'<script type="application/json">' + rows + b"</script>\n")
            + (closed if name == names[-1] else b"")
        )
        yield Page(name, body, search if several else b"")


def _thumbs(cards: Sequence[Card]) -> Iterator[bytes]:
    """A data URI for each card; empty where the card before it in the same tile has that very picture."""
    for before, card in zip((None, *cards), cards, strict=False):
        again = before is not None and card.sheet and before.sheet == card.sheet and before.thumb == card.thumb
        yield b"" if again else _data_uri(card.thumb)


def _page_name(number: int) -> str:
    return "contact-sheet.html" if number == 1 else f"contact-sheet-{number}.html"


_FIELDS = (
    "id", "path", "layout", "format", "locale", "product", "row", "size", "status", "direction", "sheet",
    "findings", "prompts", "provenance", "texts",
)  # fmt: skip
_said = attrgetter(*_FIELDS)


def _rows(cards: Sequence[Card], thumbs: Sequence[bytes]) -> dict[str, object]:
    """What the cards of a page say. Languages and layouts share a picture, and so its prompt: each string is written
    once a page, and stands in a card as its number."""
    words: defaultdict[str, int] = defaultdict()
    words.default_factory = words.__len__
    listed = [
        [
            words[said] if isinstance(said, str) else [[words[part] for part in one] for one in said]
            for said in _said(card)
        ]
        for card in cards
    ]
    return {"fields": _FIELDS, "cards": listed, "pictured": [int(bool(thumb)) for thumb in thumbs], "words": [*words]}


def _json_block(data: object) -> bytes:
    """JSON that cannot end its block: `</script>` and `<!--` need a `<`; some break lines at U+2028 and 2029."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
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


def _frame(title: str, several: bool) -> tuple[bytes, bytes, bytes]:
    """The page before its data, between data and thumbnails, and after them."""
    style, script = _source("style.css"), _script(*_SCRIPTS)
    policy = (
        f"default-src 'none'; img-src data: file: 'self'; style-src {_hash(style)}; script-src {_hash(script)}; "
        + ("frame-src file: 'self'; " if several else "")
        + "base-uri 'none'; form-action 'none'"
    )
    parts = {"title": title, "policy": policy, "style": style, "script": script}
    before, between, after = _filled("page.html", parts, data="\0", thumbs="\0")
    return before, between, after


def _search_frame(title: str) -> tuple[bytes, bytes]:
    """The file `SEARCH` before and after what the pages add to it."""
    script = _script("answer.js")
    policy = f"default-src 'none'; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    before, after = _filled("search.html", {"title": title, "policy": policy, "script": script}, data="\0")
    return before, after


def _filled(name: str, parts: Mapping[str, str], **left_open: str) -> list[bytes]:
    page = Template(_source(name)).substitute(parts, **left_open).encode("utf-8", "replace")
    return page.rsplit(b"\0", len(left_open))


def _script(*names: str) -> str:
    return '"use strict";\n(() => {\n' + "".join(map(_source, names)) + "})();\n"


@cache
def _source(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
