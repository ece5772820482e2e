"""The pages themselves: style, script and data in one HTML document, under a policy that admits nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from string import Template

from msgspec import Struct

from pressrun.language.page_words import PageWords, page_words
from pressrun.manifest.contact_sheet.cards import Card, SheetHeader
from pressrun.manifest.contact_sheet.page_data import data_uri, json_block, page_data

SHEET = "contact-sheet.html"
FOLDER = "contact-sheet"  # beside it, where the run is long
BY_MAIL = 200  # files; more than that have a folder

# One program in reading order: they share one function's scope.
_SCRIPTS = (
    "data.js", "folder.js", "search.js", "filters.js", "cards.js", "wall_places.js", "far_wall.js", "answers.js",
    "detail.js", "zoom.js", "main.js",
)  # fmt: skip
_SAID = re.compile(r'\{\{ t\("([^"]+)"\) \}\}')  # in the page
_SAID_BY_SCRIPTS = re.compile(r'\b(?:t|counted)\("([^"]+)"')
_LETTERS = {"made": "m", "reused": "r", "failed": "f"}


def standing_of(statuses: Iterable[str]) -> str:
    """A letter for each file, as the pages read them."""
    return "".join(map(_LETTERS.__getitem__, statuses))


class Answers(Struct, frozen=True):
    """That a page is answered in: by a list of this ``name``, with the SHA-256 of each card's file."""

    name: str
    digests: tuple[str, ...]


def one_file(
    header: SheetHeader, cards: Sequence[Card], thumbs: Iterable[bytes | None], answers: Answers | None = None
) -> bytes:
    """A sheet with everything inside; ``thumbs`` are those of the cards, JPEG, PNG or WebP. Whatever the number of
    cards, it is one file. With ``answers``, files are approved and rejected in it."""
    data = page_data(cards)
    inside = {
        "index": data.index, "rows": data.rows, "stands": json_block(standing_of(card.status for card in cards)),
        **_told(header, len(cards)),
    }  # fmt: skip
    if answers:
        inside["answers"] = json_block({"name": answers.name, "digests": answers.digests})
    return _document(header, inside, _inline(cards, thumbs), "")


def front_page(header: SheetHeader, files: int) -> bytes:
    """The page of a sheet whose data is in the folder `FOLDER` beside it."""
    return _document(header, {"folder": json_block(FOLDER), **_told(header, files)}, b"", " file: 'self'")


def _told(header: SheetHeader, files: int) -> dict[str, bytes]:
    said = {
        "job": header.job, "brand": header.brand, "run": header.run, "started": header.started,
        "counts": header.counts, "costs": header.costs, "provider_note": header.provider_note,
    }  # fmt: skip
    names = {"locale": dict(header.locales), "layout": dict(header.layouts)}
    words = page_words(header.language).said_otherwise(_said_by_scripts())
    return {
        "header": json_block(said), "files": b"%d" % files, "names": json_block(names), "words": json_block(words),
    }  # fmt: skip


def _inline(cards: Sequence[Card], thumbs: Iterable[bytes | None]) -> bytes:
    """A data URI for each card; empty where the card before it in the same tile has that very picture."""
    lines = []
    before: tuple[str, bytes | None] | None = None
    for card, thumb in zip(cards, thumbs, strict=True):
        again = bool(card.sheet) and before == (card.sheet, thumb)
        lines.append(b"" if again else data_uri(thumb))
        before = card.sheet, thumb
    return b"\n".join(lines)


def _document(header: SheetHeader, data: dict[str, bytes], thumbs: bytes, scripts_from: str) -> bytes:
    style, script = _source("style.css"), _program()
    policy = (
        f"default-src 'none'; img-src data: file: 'self'; style-src {_hash(style)}; "
        f"script-src {_hash(script)}{scripts_from}; base-uri 'none'; form-action 'none'"
    )
    words = page_words(header.language)
    parts = {
        "title": html.escape(f"{header.job} · {header.brand}"), "policy": policy, "style": style, "script": script,
        "language": words.language, "direction": words.direction,
    }  # fmt: skip
    page = Template(_page(words)).substitute(parts, data="\0", thumbs="\0").encode("utf-8", "replace")
    before, between, after = page.rsplit(b"\0", 2)
    block = b",".join(b'"%s":%s' % (part.encode(), said) for part, said in data.items())
    return b"".join((before, b"{", block, b"}", between, thumbs, after))


@cache
def _page(words: PageWords) -> str:
    return _SAID.sub(lambda found: html.escape(words(found[1])), _source("page.html"))


@cache
def _said_by_scripts() -> frozenset[str]:
    return frozenset(_SAID_BY_SCRIPTS.findall(_program()))


@cache
def _program() -> str:
    return '"use strict";\n(() => {\n' + "".join(map(_source, _SCRIPTS)) + "})();\n"


@cache
def _source(name: str) -> str:
    return (resources.files("pressrun.manifest.contact_sheet") / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
