"""A part of a run's contact sheet as one file that goes by mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.filters import asked_by, found
from pressrun.commands.studio.tiles import shelf_of
from pressrun.decisions.selection import fault
from pressrun.deliver import write_file
from pressrun.manifest.contact_sheet import one_file
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.journal import Journal
from pressrun.model.picture import PictureMade
from pressrun.model.run_record import Asset, Counts
from pressrun.model.store import Store
from pressrun.run.contact_cards import card_of, cropped, header_told
from pressrun.run.previews import Previews, small

MOST = 1000  # files: some fifteen megabytes


@dataclass(frozen=True, slots=True)
class Part:
    """A written part: where, how many files it shows, and how many bytes it has."""

    path: Path
    files: int
    bytes: int


def write_part(record: RunRecord, root: Path, said: str, target: Path, journal: Journal, store: Store) -> Part:
    """Write what a filter finds (see ``asked_by``) to ``target``, with everything inside. Raises InputError where that
    is nothing, or too much for a mail; CannotWrite."""
    run = OpenRun(root, shelf_of(record.folder), journal)
    tiles = found(run, asked_by(said)).tiles
    files = [file for tile in tiles for file in tile.files]
    if not files:
        raise fault("nothing-meant", f"no file of the run {record.run} satisfies {said}")
    if len(files) > MOST:
        message = f"{len(files)} files are too much for one page that goes by mail; {MOST} are the most"
        raise fault("part-too-large", message, "narrow the filter, or send the folder of the run")
    assets = [run.shelf.asset(file) for file in files]
    keys = {picture.key for asset in assets for picture in asset.pictures}
    previews = {key: PictureMade.of(known).provenance.previews for key, known in journal.lookup(keys).items()}
    pictures = Previews(previews, store)
    pictures.prepare(cropped(assets), journal)
    cards = [card_of(asset, pictures) for asset in assets]
    status = Counter(asset.status for asset in assets)
    counts = Counts(len(assets), status["made"], status["reused"], status["failed"])
    header = header_told(
        record.job, record.brand, record.run, record.started, counts, record.cost,
        (asset.locale for asset in assets), (asset.layout for asset in assets), _note(said, assets),
    )  # fmt: skip
    page = one_file(replace(header, cost=""), cards, _thumbs(record, assets, store))
    write_file(target.absolute().parent, target.name, page)
    return Part(target, len(assets), len(page))


def _note(said: str, assets: Sequence[Asset]) -> str:
    drawn = any(picture.provider == "fpo" for asset in assets for picture in asset.pictures)
    stand_ins = " Pictures drawn for position only are among them." if drawn else ""
    return f"A part of the run: {said}.{stand_ins}"


def _thumbs(record: RunRecord, assets: Sequence[Asset], store: Store) -> Iterator[bytes | None]:
    """From the store; what is not there any more is made small from the delivered file."""
    kept = store.read_many(asset.thumb for asset in assets if asset.thumb)
    for asset in assets:
        thumb = next(kept) if asset.thumb else None
        yield thumb or _made_small(record.folder / asset.path)


def _made_small(path: Path) -> bytes | None:
    try:
        return small(path.read_bytes()) or None
    except OSError:
        return None
