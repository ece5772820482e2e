"""What the contact sheet says of a run's assets, from its record."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from pressrun.language.locale_formats import direction_of
from pressrun.language.names import layout_name, locale_name
from pressrun.manifest.contact_sheet import Card, CropShown, SheetHeader
from pressrun.model.file_facts import FileSize
from pressrun.model.finding import Finding
from pressrun.model.geometry import type_told
from pressrun.model.plan import Plan
from pressrun.model.run_record import Asset, AssetPicture, Cost, Counts
from pressrun.run.previews import Previews
from pressrun.run.run_facts import RunFacts

TIME = "%Y-%m-%dT%H:%M:%SZ"
LANGUAGE = "en"  # of the page's own words


def header_of(
    record: RunFacts, counts: Counts, cost: Cost, locales: Iterable[str], layouts: Iterable[str]
) -> SheetHeader:
    """What stands above the cards of a run that comes to its end."""
    project = record.project
    started = record.started.strftime(TIME)
    return header_told(
        project.job_name, project.brand.name, record.folder.name, started, counts, cost, locales, layouts,
        told_of_stand_ins(record.plan),
    )  # fmt: skip


def told_of_stand_ins(plan: Plan) -> str:
    """What is said above the cards where pictures are drawn for position only."""
    drawn = {task.provider.type == "fpo" for task in plan.pictures}
    if True not in drawn:
        return ""
    which = "Pictures" if drawn == {True} else "Some pictures"
    return (
        f"{which} are stand-ins drawn for position only: judge the layout by them, and run with a real provider to"
        " publish."
    )


def header_told(
    job: str, brand: str, run: str, started: str, counts: Counts, cost: Cost, locales: Iterable[str],
    layouts: Iterable[str], note: str = "",
) -> SheetHeader:  # fmt: skip
    """The same of a run that is known by its record."""
    spent = f"${cost.spent_usd:.2f} spent" + (f", ${cost.reused_usd:.2f} reused" if cost.reused_usd else "")
    shown = (("made", counts.made), ("reused", counts.reused), ("failed", counts.failed))
    return SheetHeader(
        job, brand, run, started, shown, spent, note,
        {locale: locale_name(locale, LANGUAGE) for locale in sorted(locales) if locale},
        {layout: layout_name(layout) for layout in sorted(layouts)},
    )  # fmt: skip


def product_of(asset: Asset) -> str:
    """The key by which files are grouped: its product, else the first row set."""
    return asset.keys.get("product", next(iter(asset.keys.values()), ""))


def sheet_of(asset: Asset) -> str:
    """What all files of a sheet have alike, and no other."""
    return f"{asset.row}\n{asset.layout}\n{asset.take}\n{asset.condition}"


def card_of(asset: Asset, previews: Previews) -> Card:
    """What is told of a file."""
    product = product_of(asset)
    called = [(key, _called(asset, row_set, key)) for row_set, key in asset.keys.items()]
    provenance: list[tuple[str, str]] = [("File", asset.sha256 or "")]
    for picture in asset.pictures:
        provenance += _origin(picture)
    provenance += [(f"{one.rows} row", f"{one.file}:{one.line}") for one in asset.sources if one.line]
    provenance += [(f"{one.layer} chosen", f"{one.told} ({one.why})") for one in asset.choices]
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
        row=" · ".join(name for _, name in called),
        keys=" · ".join(asset.keys.values()),
        size=_size_label(asset.size),
        status=asset.status,
        findings=tuple((one.severity.value, one.code, _told(one)) for one in asset.findings),
        prompts=tuple((f"{picture.slot}/{picture.master}", picture.prompt) for picture in asset.pictures),
        provenance=tuple(provenance),
        texts=tuple(
            (one.id, f"{one.text} · {type_told(one.size_pt, target)}, {_lines(one.lines)}") for one in asset.text
        ),
        direction=direction_of(asset.locale),
        sheet=sheet_of(asset),
        crops=_crops(asset, previews),
        previews=tuple(preview for picture in asset.pictures for preview in previews.of(picture)),
    )


def cropped(assets: Iterable[Asset]) -> Iterator[str]:
    """The digests of the pictures whose crops are drawn."""
    for asset in assets:
        yield from (one.whole for one in asset.pictures if one.whole)
        yield from (one.picture for one in asset.crops)


def _crops(asset: Asset, previews: Previews) -> tuple[CropShown, ...]:
    """What steps and layers left out of pictures."""
    boxes: list[tuple[str, str, Sequence[float]]] = [
        (f"{one.slot}/{one.master}, kept by its steps", one.whole, one.kept) for one in asset.pictures if one.whole
    ]  # fmt: skip
    boxes += [(f"{one.layer}, shown by the layout", one.picture, one.box) for one in asset.crops]
    found = []
    for name, digest, (x, y, width, height) in boxes:
        if picture := previews.whole(digest):
            found.append(CropShown(name, picture, (x, y, width, height)))
    return tuple(found)


def _called(asset: Asset, row_set: str, key: str) -> str:
    return locale_name(key, LANGUAGE) if key == asset.locale else asset.names.get(row_set, key)


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
