"""The contact sheet of a run, from its record: cards in the order of their products, each read for its page."""

from __future__ import annotations

import functools
import hashlib
import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import BinaryIO, overload

from pressrun.deliver import add_to_file, finish_file, write_file
from pressrun.language.locale_formats import direction_of
from pressrun.manifest import contact_sheet
from pressrun.manifest.recorded_assets import ASSETS
from pressrun.model.file_facts import FileSize
from pressrun.model.finding import Finding
from pressrun.model.geometry import length_told
from pressrun.model.run_record import Asset, AssetPicture, Cost, Counts
from pressrun.model.store import Store
from pressrun.run.previews import Previews
from pressrun.run.run_facts import RunFacts

TIME = "%Y-%m-%dT%H:%M:%SZ"
_DIGEST = 32  # bytes of a SHA-256
_NONE = bytes(_DIGEST)


class CardIndex:
    """Where the assets of a run are in its record, and what of each the contact sheet is put in order by: some 60 bytes
    an asset, as its words are not kept."""

    def __init__(self) -> None:
        self._begins = array("Q", [0])
        self._products, self._sheets = array("Q"), array("Q")
        self._thumbs = bytearray()

    def add(self, asset: Asset, length: int) -> None:
        """An asset whose line in the record is so many bytes long."""
        self._begins.append(self._begins[-1] + length)
        self._products.append(_hash(_product(asset)))
        self._sheets.append(_hash(_sheet(asset)))
        self._thumbs += bytes.fromhex(asset.thumb) if asset.thumb else _NONE

    def write_sheet(self, record: RunFacts, counts: Counts, cost: Cost, store: Store, previews: Previews) -> None:
        """Write the contact sheet of a run whose assets are written."""
        several = False
        with (record.folder / ASSETS).open("rb") as lines:
            order = self._by_product()
            cards = _Cards(order, self._thumbed(order, lines, store), previews)
            places = [(self._products[at], self._sheets[at]) for at in order]
            for page in contact_sheet.pages(_header(record, counts, cost), cards, places):
                write_file(record.folder, page.name, page.body)
                if page.search:
                    several = True
                    add_to_file(record.folder, contact_sheet.SEARCH, page.search)
        if several:
            finish_file(record.folder, contact_sheet.SEARCH)

    def _by_product(self) -> array[int]:
        """What is of one product follows each other, products in the order they come."""
        first: dict[int, int] = {}
        ranks = array("Q", [first.setdefault(product, len(first)) for product in self._products])
        return array("Q", sorted(range(len(ranks)), key=ranks.__getitem__))

    def _thumbed(self, order: Sequence[int], lines: BinaryIO, store: Store) -> Iterator[tuple[Asset, bytes | None]]:
        """The assets with their thumbnails, which come from the store in one stream, one for all that follow each
        other with it, and never lie in memory together."""
        thumbs = store.read_many(digest.hex() for digest, _ in groupby(order, self._thumb) if digest != _NONE)
        for digest, alike in groupby(order, self._thumb):
            thumb = None if digest == _NONE else next(thumbs)
            for at in alike:
                lines.seek(self._begins[at])
                yield Asset.from_dict(json.loads(lines.read(self._begins[at + 1] - self._begins[at]))), thumb

    def _thumb(self, at: int) -> bytes:
        return bytes(self._thumbs[at * _DIGEST : (at + 1) * _DIGEST])


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class _Cards(Sequence[contact_sheet.Card]):
    """Cards, made as they are asked for, once and in their order."""

    def __init__(
        self, order: Sequence[int], assets: Iterator[tuple[Asset, bytes | None]], previews: Previews
    ) -> None:  # fmt: skip
        self._count = len(order)
        self._made = (_card(asset, thumb, previews) for asset, thumb in assets)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> contact_sheet.Card: ...
    @overload
    def __getitem__(self, at: slice) -> list[contact_sheet.Card]: ...
    def __getitem__(self, at: int | slice) -> contact_sheet.Card | list[contact_sheet.Card]:
        if isinstance(at, slice):
            return list(islice(self._made, len(range(*at.indices(self._count)))))
        return next(self._made)


def _header(record: RunFacts, counts: Counts, cost: Cost) -> contact_sheet.SheetHeader:
    drawn = {task.provider.type == "fpo" for task in record.plan.pictures}
    which = "Pictures" if drawn == {True} else "Some pictures"
    note = (
        f"{which} are stand-ins drawn for position only: judge the layout by them, and run with a real provider to"
        " publish."
        if True in drawn
        else ""
    )
    spent = f"${cost.spent_usd:.2f} spent" + (f", ${cost.reused_usd:.2f} reused" if cost.reused_usd else "")
    shown = (("made", counts.made), ("reused", counts.reused), ("failed", counts.failed))
    return contact_sheet.SheetHeader(
        record.project.job_name,
        record.project.brand.name,
        record.folder.name,
        record.started.strftime(TIME),
        shown,
        spent,
        note,
    )


def _product(asset: Asset) -> str:
    return asset.keys.get("product", next(iter(asset.keys.values()), ""))


def _sheet(asset: Asset) -> str:
    return f"{asset.row}\n{asset.layout}\n{asset.take}"


def _card(asset: Asset, thumb: bytes | None, previews: Previews) -> contact_sheet.Card:
    keys = list(asset.keys.values())
    provenance: list[tuple[str, str]] = [("File", asset.sha256 or "")]
    for picture in asset.pictures:
        provenance += _origin(picture)
    provenance += [(f"{one.rows} row", f"{one.file}:{one.line}") for one in asset.sources if one.line]
    provenance += [(f"{one.layer} chosen", f"{one.told} ({one.why})") for one in asset.choices]
    target = "print" if asset.size.trim_mm else "screen"
    return contact_sheet.Card(
        id=asset.id,
        path=asset.path,
        thumb=thumb,
        layout=asset.layout,
        format=asset.format,
        locale=asset.locale,
        product=_product(asset),
        row=" · ".join(keys),
        size=_size_label(asset.size),
        status=asset.status,
        findings=tuple((one.severity.value, one.code, _told(one)) for one in asset.findings),
        prompts=tuple((f"{picture.slot}/{picture.master}", picture.prompt) for picture in asset.pictures),
        provenance=tuple(provenance),
        texts=tuple(
            (one.id, f"{one.text} · {length_told(one.size_pt, target)}, {_lines(one.lines)}") for one in asset.text
        ),
        direction=direction_of(asset.locale),
        sheet=_sheet(asset),
        previews=tuple(preview for picture in asset.pictures for preview in previews.of(picture)),
    )


@functools.lru_cache(maxsize=1024)  # sheets that share a picture follow each other closely
def _origin(picture: AssetPicture) -> tuple[tuple[str, str], ...]:
    name = f"{picture.slot}/{picture.master}"
    cost = "unknown" if picture.cost_usd is None else f"${picture.cost_usd:.4f}"
    steps = [(f"{name} steps", ", ".join(map(str, picture.steps)))] if picture.steps else []
    steps += [(f"{name} learned by", said) for said in picture.learned]
    return (
        (f"{name} key", picture.key),
        (f"{name} picture", picture.sha256),
        (f"{name} made by", f"{picture.provider} {picture.model}".strip() + f", take {picture.take}, {cost}"),
        (f"{name} source type", picture.digital_source_type),
        *((f"{name} {what}", text.replace("\n", ", ")) for what, text in picture.came_with),
        *steps,
    )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _size_label(size: FileSize) -> str:
    if size.trim_mm:
        bleed = f" + {size.bleed_mm:g} mm" if size.bleed_mm else ""
        return "{:g} × {:g} mm".format(*size.trim_mm) + bleed
    return "{} × {} px".format(*size.pixels) if size.pixels else ""


def _told(finding: Finding) -> str:
    """A finding for people who look at the page: the layer first, what to do about it on a line of its own."""
    page = f"page {finding.page}, " if finding.page else ""
    where = f"{page}{finding.layer}: " if finding.layer else ""
    return f"{where}{finding.message}" + (f"\n{finding.hint}" if finding.hint else "")
