"""What the contact sheet says of a run's assets, from its record."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pressrun.language.choices_told import chosen_by
from pressrun.language.locale_formats import decimal_sign, direction_of
from pressrun.language.names import layout_name, locale_name
from pressrun.language.page_words import PageWords
from pressrun.manifest.contact_sheet import Card, CropShown, SheetHeader
from pressrun.model.file_facts import FileSize
from pressrun.model.finding import Finding
from pressrun.model.geometry import type_told
from pressrun.model.run_record import Asset, AssetPicture, Cost, Counts

if TYPE_CHECKING:
    from pressrun.model.plan import Plan
    from pressrun.run.pictures.previews import Previews
    from pressrun.run.run_facts import RunFacts

TIME = "%Y-%m-%dT%H:%M:%SZ"
_STAND_INS = "are stand-ins drawn for position only: judge the layout by them, and run with a real provider to publish."
ALL_STAND_INS, SOME_STAND_INS = f"Pictures {_STAND_INS}", f"Some pictures {_STAND_INS}"


def header_of(
    record: RunFacts, counts: Counts, cost: Cost, locales: Iterable[str], layouts: Iterable[str], words: PageWords
) -> SheetHeader:
    """What stands above the cards of a run that comes to its end, in the ``words`` of the page."""
    project = record.project
    started = record.started.strftime(TIME)
    return header_told(
        project.job_name, project.brand.name, record.folder.name, started, counts, cost, locales, layouts, words,
        told_of_stand_ins(record.plan, words),
    )  # fmt: skip


def told_of_stand_ins(plan: Plan, words: PageWords) -> str:
    """What is said above the cards where pictures are drawn for position only."""
    drawn = {task.provider.type == "fpo" for task in plan.pictures}
    if True not in drawn:
        return ""
    return words(ALL_STAND_INS if drawn == {True} else SOME_STAND_INS)


def header_told(
    job: str, brand: str, run: str, started: str, counts: Counts, cost: Cost, locales: Iterable[str],
    layouts: Iterable[str], words: PageWords, note: str = "",
) -> SheetHeader:  # fmt: skip
    """The same of a run that is known by its record."""
    costs = [(words("spent"), words.dollars(cost.spent_usd, 2))]
    if cost.reused_usd:
        costs.append((words("saved by reuse"), words.dollars(cost.reused_usd, 2)))
    shown = (("made", counts.made), ("reused", counts.reused), ("failed", counts.failed))
    return SheetHeader(
        job, brand, run, started, shown, tuple(costs), note,
        {locale: locale_name(locale, words.language) for locale in sorted(locales) if locale},
        {layout: layout_name(layout) for layout in sorted(layouts)}, words.language,
    )  # fmt: skip


def product_of(asset: Asset) -> str:
    """The key by which files are grouped: its product, else the first row set; of a file that many rows are in its own
    name."""
    return product_in(asset.keys, asset.path)


def product_in(keys: Mapping[str, str], path: str) -> str:
    """The same of a row's keys and the path of its file."""
    return keys.get("product") or next(iter(keys.values()), PurePosixPath(path).stem)


def sheet_of(asset: Asset) -> str:
    """What all files of a sheet have alike, and no other; a file that many rows are in stands alone."""
    return sheet_named(asset.row or asset.path, asset.layout, asset.take, asset.condition)


def sheet_named(of: str, layout: str, take: int, condition: str) -> str:
    return f"{of}\n{layout}\n{take}\n{condition}"


def card_of(asset: Asset, previews: Previews, words: PageWords) -> Card:
    """What is told of a file, in the words of the page."""
    product = product_of(asset)
    called = [(key, _called(asset, row_set, key, words)) for row_set, key in asset.keys.items()]
    provenance: list[tuple[str, str]] = [(words("File"), asset.sha256 or "")]
    for picture in asset.pictures_shown:
        provenance += _origin(picture, words)
    provenance += [(words("{name} row", name=one.rows), f"{one.file}:{one.line}") for one in asset.sources if one.line]
    for one in asset.choices:
        provenance.append((words("{name} chosen", name=one.layer), f"{one.told} ({chosen_by(one, words)})"))
    target = "print" if asset.size.trim_mm else "screen"
    return Card(
        id=asset.id,
        path=asset.path,
        thumb=asset.thumb or "",
        layout=asset.layout,
        format=asset.format,
        locale=asset.locale,
        product=product,
        name=next((name for key, name in called if key == product), product),
        row=" · ".join(name for _, name in called) or product,
        keys=" · ".join(asset.keys.values()),
        size=_size_label(asset.size),
        status=asset.status,
        findings=tuple((one.severity.value, one.code, _told(one, words)) for one in asset.findings),
        prompts=tuple((f"{picture.slot}/{picture.master}", picture.prompt) for picture in asset.pictures_shown),
        provenance=tuple(provenance),
        texts=tuple((one.id, f"{one.text} · {_fitted(one.size_pt, one.lines, target, words)}") for one in asset.text),
        direction=direction_of(asset.locale),
        sheet=sheet_of(asset),
        crops=_crops(asset, previews, words),
        previews=tuple(preview for picture in asset.pictures_shown for preview in previews.of(picture, words)),
    )


def cropped(assets: Iterable[Asset]) -> Iterator[str]:
    """The digests of the pictures whose crops are drawn."""
    for asset in assets:
        yield from (one.whole for one in asset.pictures_shown if one.whole)
        yield from (one.picture for one in asset.crops)


def _crops(asset: Asset, previews: Previews, words: PageWords) -> tuple[CropShown, ...]:
    """What steps and layers left out of pictures."""
    boxes: list[tuple[str, str, Sequence[float]]] = [
        (words("{name}, kept by its steps", name=f"{one.slot}/{one.master}"), one.whole, one.kept)
        for one in asset.pictures_shown if one.whole
    ]  # fmt: skip
    boxes += [(words("{name}, shown by the layout", name=one.layer), one.picture, one.box) for one in asset.crops]
    found = []
    for name, digest, (x, y, width, height) in boxes:
        if picture := previews.whole(digest):
            found.append(CropShown(name, picture, (x, y, width, height)))
    return tuple(found)


def _called(asset: Asset, row_set: str, key: str, words: PageWords) -> str:
    return locale_name(key, words.language) if key == asset.locale else asset.names.get(row_set, key)


@functools.lru_cache(maxsize=1024)  # sheets that share a picture follow each other closely
def _origin(picture: AssetPicture, words: PageWords) -> tuple[tuple[str, str], ...]:
    name = f"{picture.slot}/{picture.master}"
    cost = words("unknown cost") if picture.cost_usd is None else words.dollars(picture.cost_usd, 4)
    by = words.isolated(f"{picture.provider} {picture.model}".strip())
    told = words("{by}, take {number}, {cost}", by=by, number=picture.take, cost=cost)
    steps = [(words("{name} steps", name=name), ", ".join(map(str, picture.steps)))] if picture.steps else []
    steps += [(words("{name} learned by", name=name), said) for said in picture.learned]
    return (
        (words("{name} key", name=name), picture.key),
        (words("{name} picture", name=name), picture.sha256),
        (words("{name} made by", name=name), told),
        (words("{name} source type", name=name), picture.digital_source_type),
        *((f"{name} {what}", text.replace("\n", ", ")) for what, text in picture.came_with),
        *steps,
    )


@functools.lru_cache(maxsize=1024)
def _fitted(size_pt: float, lines: int, target: str, words: PageWords) -> str:
    size = type_told(size_pt, target).replace(".", decimal_sign(words.language))
    return words("{size}, {lines}", size=words.isolated(size), lines=words.counted("{count} lines", lines))


def _size_label(size: FileSize) -> str:
    if size.trim_mm:
        bleed = f" + {size.bleed_mm:g} mm" if size.bleed_mm else ""
        return "{:g} × {:g} mm".format(*size.trim_mm) + bleed
    return "{} × {} px".format(*size.pixels) if size.pixels else ""


def _told(finding: Finding, words: PageWords) -> str:
    """A finding for people who look at the page: the layer first, what to do about it on a line of its own."""
    page = f"{words('page {number}', number=finding.page)}, " if finding.page else ""
    where = f"{page}{finding.layer}: " if finding.layer else ""
    return f"{where}{finding.message}" + (f"\n{finding.hint}" if finding.hint else "")
