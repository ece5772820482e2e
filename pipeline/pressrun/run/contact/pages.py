"""The contact sheet of a run as it is written: cards in the order of their products, each read from the record for its
page, and pages whose files are what they were taken from an earlier run."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic_core import from_json

from pressrun.deliver import add_to_file, finish_file, write_file
from pressrun.language.page_words import PageWords
from pressrun.manifest import contact_sheet
from pressrun.manifest.contact_sheet import FOLDER, SHEET, Card
from pressrun.manifest.recorded_assets import ASSETS
from pressrun.model.journal import Result, Results
from pressrun.model.journal.results import PAGE
from pressrun.model.long_bytes import LongBytes, LongNumbers
from pressrun.model.made_when_asked import MadeWhenAsked
from pressrun.model.packed_cells import first_places, in_order_of
from pressrun.model.run_record import Asset, Cost, Counts
from pressrun.model.store import Store
from pressrun.run.contact.cards import card_of, cropped, header_of, product_of, sheet_of

if TYPE_CHECKING:
    from pressrun.run.pictures.previews import Previews
    from pressrun.run.run_facts import RunFacts

INDEX = "index.js"
_DIGEST = 32  # bytes of a SHA-256
_THUMB_NAME = contact_sheet.THUMB_NAME // 2  # and those that are a thumbnail's name
_NONE = bytes(_DIGEST)
_CONTENT = 16  # bytes of the digest of a line
_STATUS = {"made": b"m", "reused": b"r", "failed": b"f"}

Deliver = Callable[[Iterable[tuple[str, str]]], None]


class CardPlaces:
    """Of cards as they come, what they are put in order by: the product and the sheet that each is of."""

    def __init__(self) -> None:
        self._products, self._sheets = array("Q"), array("Q")

    def add(self, product: str, sheet: str) -> None:
        self._products.append(_hash(product))
        self._sheets.append(_hash(sheet))

    def in_order(self) -> array[int]:
        """What is of one product follows each other, products in the order they come."""
        return in_order_of(first_places(self._products))

    def pages(self) -> Iterator[array[int]]:
        """The numbers of the cards on each page."""
        order = self.in_order()
        ends = contact_sheet.page_ends(_Places(order, self._products, self._sheets))
        return (order[first:end] for first, end in pairwise((0, *ends)))


class _Places(MadeWhenAsked[tuple[int, int]]):
    """The (product, sheet) of each card in their order."""

    __slots__ = ("_order", "_products", "_sheets")

    def __init__(self, order: array[int], products: array[int], sheets: array[int]) -> None:
        self._order, self._products, self._sheets = order, products, sheets

    def __len__(self) -> int:
        return len(self._order)

    def _at(self, index: int) -> tuple[int, int]:
        at = self._order[index]
        return self._products[at], self._sheets[at]


class CardIndex:
    """Where the assets of a run are in its record, and what of each the contact sheet is put in order by: some 20 bytes
    an asset in memory, as its words are not kept."""

    def __init__(self, previews: Previews, words: PageWords) -> None:
        self._previews, self._words = previews, words
        self._begins = LongNumbers((0,))
        self._places = CardPlaces()
        self._thumbs, self._contents, self._standing = LongBytes(), LongBytes(), bytearray()
        self._locales: set[str] = set()
        self._layouts: set[str] = set()

    def add(self, asset: Asset, line: bytes) -> None:
        """An asset with its line in the record."""
        self._begins.append(self._begins[-1] + len(line))
        self._places.add(product_of(asset), sheet_of(asset))
        self._thumbs.add(bytes.fromhex(asset.thumb) if asset.thumb else _NONE)
        self._standing += _STATUS[asset.status]
        self._locales.add(asset.locale)
        self._layouts.add(asset.layout)
        content = hashlib.blake2b(_without_standing(line), digest_size=_CONTENT)
        for picture in asset.pictures_shown:
            for preview in self._previews.digests_of(picture):
                content.update(preview.encode())
        self._contents.add(content.digest())

    def write_sheet(
        self, record: RunFacts, counts: Counts, cost: Cost, store: Store, results: Results, deliver: Deliver
    ) -> None:
        """Write the contact sheet of a run whose assets are written. ``deliver`` is given (digest, path below the run's
        folder) of each file of the sheet that is in the store."""
        header = header_of(record, counts, cost, self._locales, self._layouts, self._words)
        order = self._places.in_order()
        if len(order) <= contact_sheet.BY_MAIL:
            thumbs = store.read_many(self._thumb(at).hex() for at in order if self._thumb(at) != _NONE)
            shown = [None if self._thumb(at) == _NONE else next(thumbs) for at in order]
            write_file(record.folder, SHEET, contact_sheet.one_file(header, self._cards(record, order, results), shown))
            return
        for path, data in self._folder(record, store, results, deliver):
            add_to_file(record.folder / FOLDER, path, data)
        finish_file(record.folder / FOLDER, INDEX)
        write_file(record.folder, SHEET, contact_sheet.front_page(header, len(order)))

    def _folder(
        self, record: RunFacts, store: Store, results: Results, deliver: Deliver
    ) -> Iterator[tuple[str, bytes]]:
        """The pieces of the index. The pages' data and the thumbnails are delivered meanwhile."""
        (record.folder / FOLDER).mkdir(exist_ok=True)
        pages = list(self._places.pages())
        keys = [self._key(page) for page in pages]
        known = results.lookup(keys)
        sound = store.present((one.digest for one in known.values()), recorded=True)
        scripts = store.read_many(known[key].digest for key in keys if key in known and known[key].digest in sound)
        new_thumbs = self._new_thumbs(pages)
        made: list[Result] = []
        for number, (page, key, thumbs) in enumerate(zip(pages, keys, new_thumbs, strict=True), 1):
            script = next(scripts) if key in known and known[key].digest in sound else None
            if script is None:
                script = contact_sheet.page_data(self._cards(record, page, results)).script()
                digest = store.put(script)
                made.append(Result.of(key, PAGE, digest, len(script)))
            else:
                digest = known[key].digest
            deliver([(digest, page_path(number)), *((one, thumb_path(one)) for one in thumbs)])
            standing = bytes(self._standing[at] for at in page).decode()
            yield INDEX, contact_sheet.index_script(contact_sheet.index_in(script), standing)
        results.record(made)

    def _key(self, page: Sequence[int]) -> str:
        """What the data of a page depends on: its words, and all that is said of its files, but not whether they were
        there before."""
        said = f"contact sheet {contact_sheet.RECIPE} {self._words.digest}\0"
        content = hashlib.sha256(said.encode())
        for at in page:
            content.update(self._contents[at * _CONTENT : (at + 1) * _CONTENT])
        return content.hexdigest()

    def _cards(self, record: RunFacts, page: Sequence[int], results: Results) -> list[Card]:
        assets = []
        with (record.folder / ASSETS).open("rb") as lines:
            for at in page:
                begin, end = self._begins.span(at, at + 2)
                lines.seek(begin)
                line = lines.read(end - begin)
                assets.append(Asset.from_dict(from_json(line)))
        self._previews.prepare(cropped(assets), results)
        return [card_of(asset, self._previews, self._words) for asset in assets]

    def _new_thumbs(self, pages: Sequence[Sequence[int]]) -> Iterator[list[str]]:
        """The thumbnails of each page that no page before has, as their digests."""
        names = array("Q", (int.from_bytes(self._thumb(at)[:_THUMB_NAME]) for page in pages for at in page))
        firsts, begun = first_places(names), 0
        for page in pages:
            thumbs = [self._thumb(at) for place, at in enumerate(page, begun) if firsts[place] == place]
            yield [thumb.hex() for thumb in thumbs if thumb != _NONE]
            begun += len(page)

    def _thumb(self, at: int) -> bytes:
        return self._thumbs[at * _DIGEST : (at + 1) * _DIGEST]


def page_path(number: int) -> str:
    """Where a page lies below the folder of its run; ``number`` counts from 1."""
    return f"{FOLDER}/page-{number}.js"


def thumb_path(digest: str) -> str:
    """The same for a thumbnail."""
    name = digest[: contact_sheet.THUMB_NAME]
    return f"{FOLDER}/thumbs/{name[:2]}/{name[2:]}.jpg"


def _without_standing(line: bytes) -> bytes:
    """The line of an asset as it is where all was made. A quote within a text is escaped, and ends no key."""
    return line.replace(b'"reused":true', b'"reused":false').replace(b'"status":"reused"', b'"status":"made"')


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
