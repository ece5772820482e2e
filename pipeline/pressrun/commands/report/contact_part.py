"""A part of a run's contact sheet as one file that goes by mail, with a list beside it to answer in."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.filters import asked_by, found
from pressrun.commands.studio.tiles import shelf_of
from pressrun.decisions.selection import fault
from pressrun.deliver import write_file
from pressrun.language.page_words import PageWords, page_words
from pressrun.manifest import assets_csv, assets_csv_header
from pressrun.manifest.contact_sheet import Answers, one_file
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.journal import Journal
from pressrun.model.picture import PictureMade
from pressrun.model.run_record import Asset, Counts
from pressrun.model.store import Store
from pressrun.run.contact.cards import card_of, cropped, header_told, sheet_of
from pressrun.run.pictures.previews import EDGE as SMALL
from pressrun.run.pictures.previews import Previews, small

MOST = 1000  # files: some fifteen megabytes
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif")
JUDGED = 150  # files of which each is shown large enough to be judged; of more the mail would be too heavy
EDGE = 720  # pixels of the longer edge of those


class Part(Struct, frozen=True):
    """A written part: where, and the list to answer in; how many files it shows, and how many bytes it has."""

    path: Path
    answers: Path
    files: int
    bytes: int


def write_part(
    record: RunRecord, root: Path, said: str, target: Path, journal: Journal, store: Store, language: str
) -> Part:  # fmt: skip
    """Write what a filter finds (see ``asked_by``) to ``target``, in a language, with everything inside, and beside it
    the list that is answered in, which `approve --from` reads. Raises InputError where that is nothing, or too much for
    a mail, or where another list has the name of this one; CannotWrite."""
    folder, answers = target.absolute().parent, target.with_suffix(".csv")
    if target.suffix.lower() == ".csv":
        message = f"{target} would be the page, and its list has that name"
        raise fault("part-is-a-page", message, f"name the page: --to {target.with_suffix('.html')}")
    run = OpenRun(root, shelf_of(record.folder), journal)
    tiles = found(run, asked_by(said)).tiles
    files = [file for tile in tiles for file in tile.files]
    if not files:
        raise fault("nothing-meant", f"no file of the run {record.run} satisfies {said}")
    if len(files) > MOST:
        message = f"{len(files)} files are too much for one page that goes by mail; {MOST} are the most"
        raise fault("part-too-large", message, "narrow the filter, or send the folder of the run")
    assets = [run.shelf.asset(file) for file in files]
    listed = assets_csv_header() + assets_csv(assets)
    if os.path.isfile(answers) and answers.read_bytes() != listed:
        message = f"there is another list {answers}, which may be filled in"
        raise fault("file-exists", message, "move it away, or name another page with --to")
    keys = {picture.key for asset in assets for picture in asset.pictures}
    previews = {key: PictureMade.of(known).provenance.previews for key, known in journal.lookup(keys).items()}
    pictures = Previews(previews, store)
    pictures.prepare(cropped(assets), journal)
    words = page_words(language)
    cards = [card_of(asset, pictures, words) for asset in assets]
    status = Counter(asset.status for asset in assets)
    counts = Counts(len(assets), status["made"], status["reused"], status["failed"])
    header = header_told(
        record.job, record.brand, record.run, record.started, counts, record.cost,
        (asset.locale for asset in assets), (asset.layout for asset in assets), words, _note(said, assets, words),
    )  # fmt: skip
    sent_back = Answers(f"{target.stem}-answered.csv", tuple(asset.sha256 or "" for asset in assets))
    page = one_file(replace(header, costs=()), cards, _thumbs(record, assets, store), sent_back)
    write_file(folder, target.name, page)
    write_file(folder, answers.name, listed)
    return Part(target, answers, len(assets), len(page))


def _note(said: str, assets: Sequence[Asset], words: PageWords) -> str:
    drawn = any(picture.provider == "fpo" for asset in assets for picture in asset.pictures_shown)
    part = words("A part of the run: {filter}.", filter=words.isolated(said))
    return f"{part} {words('Pictures drawn for position only are among them.')}" if drawn else part


def _thumbs(record: RunRecord, assets: Sequence[Asset], store: Store) -> Iterator[bytes | None]:
    """Of few files what was delivered, made small; else what the store has, and of what is not there any more the
    delivered file again."""
    if len(assets) <= JUDGED:
        for asset, shown in _with_pictures(assets):
            kept = store.read_many([asset.thumb] if asset.thumb else [])
            yield _made_small(record.folder / shown.path, EDGE) or next(iter(kept), None)
        return
    thumbs = store.read_many(asset.thumb for asset in assets if asset.thumb)
    for asset in assets:
        thumb = next(thumbs) if asset.thumb else None
        yield thumb or _made_small(record.folder / asset.path)


def _with_pictures(assets: Sequence[Asset]) -> Iterator[tuple[Asset, Asset]]:
    """Each file with the one of its sheet that is a picture: a proof stands for its press file."""
    pictures = {sheet_of(asset): asset for asset in assets if asset.path.lower().endswith(PICTURES)}
    return ((asset, pictures.get(sheet_of(asset), asset)) for asset in assets)


def _made_small(path: Path, edge: int = SMALL) -> bytes | None:
    try:
        return small(path.read_bytes(), edge) or None
    except OSError:
        return None
