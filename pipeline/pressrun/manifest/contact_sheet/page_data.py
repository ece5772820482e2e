"""The data of a page of cards: an index of its tiles, and all that its files say. What became of each file (`made`,
`reused`, `failed`) is no part of either, so that a run that changes nothing has the same pages again."""

from __future__ import annotations

import base64
import json
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from pressrun.manifest.contact_sheet.cards import Card

RECIPE = 1  # to be raised when the same cards give other data
PAGE_SIZE = 250  # files
LONGEST_NAME = 60  # letters of a name in the index; what a file says in full has all of it
THUMB_NAME = 14  # hex digits of a thumbnail's digest, which are its name

_FIELDS = ("id", "path", "format", "row", "keys", "direction", "findings", "prompts", "provenance", "texts")
_said = attrgetter(*_FIELDS)
_COMMENT = b"//"


class PageData(Struct, frozen=True):
    """``index`` is a JSON object of words and tiles, ``rows`` one with all that the files say."""

    index: bytes
    rows: bytes

    def script(self) -> bytes:
        """The page as a script that hands over its data. The index goes with it, where programs alone look for it."""
        return b"%s%s\ncontactSheet.page(%s);\n" % (_COMMENT, self.index, self.rows)


def index_in(script: bytes) -> bytes:
    """The index of a page from its script."""
    return script[len(_COMMENT) : script.index(b"\n")]


def index_script(index: bytes, standing: str) -> bytes:
    """The line of a page in the script of all pages' indexes; ``standing`` has a letter for each of its files."""
    return b'contactSheet.index(%s,"%s");\n' % (index, standing.encode())


def page_ends(places: Sequence[tuple[Hashable, Hashable]], page_size: int = PAGE_SIZE) -> list[int]:
    """Where each page ends, as an index of the cards, whose (product, sheet) ``places`` are. What follows each other of
    one product is on one page as far as that is no longer than it may be; a sheet always is. A page size below 1 is a
    ValueError."""
    if page_size < 1:
        raise ValueError(f"page_size must be at least 1, not {page_size}")
    ends: list[int] = []
    begun = at = 0
    for _, product in groupby(range(len(places)), key=lambda place: places[place][0]):
        members = list(product)
        if at > begun and at + len(members) - begun > page_size:
            ends.append(at)
            begun = at
        at += len(members)
        while at - begun > page_size:
            cut = begun + page_size
            while cut < at and places[cut][1] and places[cut] == places[cut - 1]:
                cut += 1
            if cut == at:
                break
            ends.append(cut)
            begun = cut
    return [*ends, at]


def page_data(cards: Sequence[Card]) -> PageData:
    """The same cards give the same bytes."""
    return PageData(json_block(_index(cards)), json_block(_rows(cards)))


class _Words(dict[str, int]):
    """Strings, each once, by number: languages and layouts share a picture, and so its prompt."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def listed(self) -> list[str]:
        return [*self]


def _index(cards: Sequence[Card]) -> dict[str, object]:
    """Tiles, and the kinds that they are of: most have what they say in common with others but their rows."""
    words, kinds = _Words(), dict[str, int]()
    tiles = []
    for files in _tiles(cards):
        first = files[0]
        kind = kinds.setdefault(json.dumps(_kind(files, words)), len(kinds))
        row = [words[_short(part)] for part in first.row.split(" · ")]
        thumb = next((file.thumb for file in files if file.thumb), "")
        product, name = words[first.product], words[_short(first.name or first.product)]
        tiles.append([product, name, row, words[thumb[:THUMB_NAME]], kind])
    return {"kinds": [json.loads(kind) for kind in kinds], "tiles": tiles, "words": words.listed()}


def _tiles(cards: Sequence[Card]) -> Iterator[list[Card]]:
    """The files of a sheet together."""
    for _, together in groupby(enumerate(cards), key=lambda one: one[1].sheet or one[0]):
        yield [card for _, card in together]


def _kind(files: list[Card], words: _Words) -> list[object]:
    findings = {(severity, code) for file in files for severity, code, _ in file.findings}
    return [
        words[files[0].locale],
        words[files[0].layout],
        [words[size] for size in dict.fromkeys(file.size for file in files) if size],
        [words[format] for format in dict.fromkeys(file.format for file in files)],
        [words[f"{severity} {code}"] for severity, code in sorted(findings)],
        len(files),
    ]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _rows(cards: Sequence[Card]) -> dict[str, object]:
    words = _Words()
    pictures: dict[str, int] = {}

    def picture(data: bytes) -> int:
        return pictures.setdefault(data_uri(data).decode(), len(pictures))

    return {
        "fields": _FIELDS,
        "cards": [
            [
                words[said] if isinstance(said, str) else [[words[part] for part in one] for one in said]
                for said in _said(card)
            ]
            for card in cards
        ],
        "thumbs": [card.thumb[:THUMB_NAME] for card in cards],
        "crops": [[[one.name, picture(one.picture), *one.box] for one in card.crops] for card in cards],
        "previews": [[[label, picture(data)] for label, data in card.previews] for card in cards],
        "pictures": list(pictures),
        "words": words.listed(),
    }


def json_block(data: object) -> bytes:
    """JSON in one line that cannot end its block: `</script>` and `<!--` need a `<`; some break lines at U+2028 and
    2029."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # Half a surrogate pair, from a file name in a broken encoding, becomes the JSON escape it can be written as.
    return text.encode("utf-8", "backslashreplace")


def data_uri(picture: bytes | None) -> bytes:
    """A small picture as a data URI; empty when there is none or no browser could show it."""
    if picture is None:
        return b""
    if picture.startswith(b"\xff\xd8\xff"):
        kind = b"jpeg"
    elif picture.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = b"png"
    elif picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        kind = b"webp"
    else:
        return b""
    return b"data:image/" + kind + b";base64," + base64.b64encode(picture)
