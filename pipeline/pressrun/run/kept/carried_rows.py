"""Rows that say what they said are carried over singly: of a run that reads the same as a kept one but for what some
rows say, these rows alone are planned and made, and their lines take the place of those that they had.

That holds only where the others cannot have changed with them. So a changed row must have the same sheets under the
same names with the same pictures, in its old place; and of the run nothing else may be told than before, but for what
is odd about the cells of tables and the words that rows print (`noted_words`). What is left out of files that rows name
(`noted_files`) stays. Else the run goes the whole way.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace
from pydantic_core import from_json

from pressrun.doors import Doors
from pressrun.language.page_words import page_words
from pressrun.manifest import asset_line, assets_csv, contact_sheet, count_findings
from pressrun.manifest.recorded_assets import ASSETS, TABLE
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import Row
from pressrun.model.project import Project
from pressrun.model.run_record import Asset, Counts
from pressrun.model.sound_results import stored
from pressrun.run.contact.cards import card_of, cropped
from pressrun.run.contact.pages import INDEX
from pressrun.run.kept.all_read import Digests
from pressrun.run.kept.kept_lines import (
    CSV_LINES,
    LINES,
    VALUES,
    Piece,
    everything_put,
    handfuls,
    values_read,
    values_told,
)
from pressrun.run.kept.kept_runs import CARDS, FILES, NOTED, ROWS, WORDS, KeptRun
from pressrun.run.kept.lines_read import all_reused
from pressrun.run.kept.row_digests import row_digests, told_of_all
from pressrun.run.overlays.laid_on import plan_of
from pressrun.run.pictures.previews import Previews
from pressrun.run.prepared import Prepared
from pressrun.run.words.noted_files import NotedFiles
from pressrun.run.words.noted_words import Column, UnchangedWords, Witnesses
from pressrun.run.words.sheet_words import SheetWords

MOST = 0.5  # of the rows: where more have changed, all are worked out

_STAYS = ("id", "path", "layout", "format", "row", "keys", "locale", "take", "condition", "overrides", "pictures")


class ChangedRows(Struct, frozen=True):
    """The rows that say something else than in a kept run, by their number among all, with their digests, and the
    numbers of the lines that they have there; of the others the numbers of those whose words are odd, by columns, and
    the rows that bear ``witness`` to that; and what is noted of the ``files`` that they name."""

    kept: KeptRun
    rows: Mapping[int, tuple[Row, str]]
    lines: Sequence[int]
    odd: Mapping[Column, array[int]]
    witness: Sequence[Row]
    files: NotedFiles

    @classmethod
    def since(cls, kept: KeptRun, project: Project, doors: Doors) -> Self | None:
        """None where the rows are others, or many have changed."""
        if told_of_all(project) != kept.of_all or kept.manifest.get("overrides"):
            return None
        found: dict[int, tuple[Row, str]] = {}
        lines: list[int] = []
        witnesses, witness = Witnesses(values_read(kept.pieces[WORDS], doors.store)), list[Row]()
        begins = number = 0
        before = values_read(kept.pieces[ROWS], doors.store)
        for number, (row, digest) in enumerate(row_digests(project, doors.settings.only), 1):
            was, count = next(before, ("", 0))
            if not was or row.fault:
                return None
            is_changed = was != digest or number == 1  # the first stands for all where none says something else
            if is_changed:
                found[number - 1] = row, digest
                lines += range(begins, begins + count)
            if witnesses.is_one(number, changed=is_changed):
                witness.append(row)
            begins += count
        whole = begins == kept.manifest["counts"]["planned"] and next(before, None) is None
        if not whole or not 0 < len(found) <= 1 + MOST * number:
            return None
        numbers = [at + 1 for at in found]
        files = NotedFiles.of(values_read(kept.pieces[NOTED], doors.store)).without(numbers)
        return cls(kept, found, lines, witnesses.without(numbers), witness, files)

    @property
    def asked(self) -> list[Row]:
        return [row for row, _ in self.rows.values()]

    def beside(self, project: Project, doors: Doors) -> UnchangedWords:
        """What is odd about the words of the rows that are not made. Raises InputError."""
        words = SheetWords(project)
        for sheet in plan_of(project, doors, self.witness).nameless() if self.witness else ():
            if not sheet.row.fault:
                words.of(sheet)
        return UnchangedWords(self.odd, words.noted, self.files)

    def is_planned_as_before(self, prepared: Prepared) -> bool:
        """Whether the plan of these rows alone tells what that of all has told, and wants no picture made."""
        kept, plan, odd = self.kept, prepared.plan, prepared.files.words.told()
        told = [one.to_dict() for one in plan.findings if one not in odd]
        before = [one for one in kept.manifest["notes"][kept.loaded :] if one not in kept.odd]
        return told == before and not (plan.to_make or plan.waiting)


class Splice:
    """The files of changed rows in place of those that these had."""

    def __init__(
        self, changed: ChangedRows, assets: Mapping[int, Asset], before: Iterable[bytes], prepared: Prepared
    ) -> None:
        doors = prepared.doors
        self._kept, self._assets, self._doors, self._prepared = changed.kept, assets, doors, prepared
        self._before = [Finding.from_dict(one) for line in before for one in from_json(line)["findings"]]
        had = VALUES.picked(self._kept.pieces[ROWS], doors.store, changed.rows)
        now = {number: [digest, had[number][1]] for number, (_, digest) in changed.rows.items()}
        self._rows = {number: told for number, told in now.items() if told != had[number]}
        self._pages = dict(self._made_anew())

    @classmethod
    def of(cls, changed: ChangedRows, assets: Sequence[Asset], prepared: Prepared) -> Self | None:
        """None where one is not the same file of the same sheet, with the same pictures, or something is wrong with
        it."""
        if len(assets) != len(changed.lines):
            return None
        before = LINES.picked(changed.kept.pieces[ASSETS], prepared.doors.store, changed.lines)
        at_place = dict(zip(changed.lines, assets, strict=True))
        if not all(_is_in_place_of(asset, from_json(before[at])) for at, asset in at_place.items()):
            return None
        others = {at: asset for at, asset in at_place.items() if asset_line(asset) != before[at]}
        return cls(changed, others, [before[at] for at in others], prepared)  # the first row mostly says what it said

    def written(self) -> KeptRun:
        """The run as it is written."""
        kept, project, plan = self._kept, self._prepared.project, self._prepared.plan
        manifest, notes = kept.manifest, (*project.notes, *plan.findings)
        noted = [Finding.from_dict(one) for one in manifest["notes"]]
        before = count_findings((*self._before, *noted))
        now = count_findings((*(one for asset in self._assets.values() for one in asset.findings), *notes))
        planned, made = manifest["counts"]["planned"], sum(one.status == "made" for one in self._assets.values())
        told = {
            "inputs": dict(project.inputs),
            "counts": Counts(planned, made, planned - made, 0).to_json(),
            "findings": {kind: count - before[kind] + now[kind] for kind, count in manifest["findings"].items()},
            "notes": [note.to_dict() for note in notes],
        }
        warned = [*warnings_told(noted[kept.loaded :])]
        said = [*warnings_told(plan.findings), *kept.said[len(warned) :]]
        odd = [one.to_dict() for one in self._prepared.files.words.told()]
        whole = {**manifest, **told}
        return replace(self._with(self._assets), manifest=whole, said=said, odd=odd, loaded=len(project.notes))

    def kept(self, written: KeptRun, read: Digests) -> KeptRun:
        """The same as the next run would leave it, where this one was ``read``."""
        run = self._with({at: replace(asset, status="reused") for at, asset in self._assets.items()})
        pieces = everything_put(run.pieces, self._doors.store)
        return replace(written, read=read.of_all(), manifest=all_reused(written.manifest), pieces=pieces)

    def _with(self, assets: Mapping[int, Asset]) -> KeptRun:
        kept, store = self._kept, self._doors.store
        index = {
            number: contact_sheet.index_script(said, "".join(
                "m" if at in assets and assets[at].status == "made" else "r" for at in cards
            ))
            for number, (cards, _, said) in self._pages.items()
        }  # fmt: skip
        pieces = {
            **kept.pieces,
            ASSETS: self._lines(assets),
            TABLE: CSV_LINES.mended(kept.pieces[TABLE], store, {at: assets_csv([one]) for at, one in assets.items()}),
            FILES: VALUES.mended(
                kept.pieces[FILES], store, {at: (one.path, one.sha256, one.thumb or "") for at, one in assets.items()}
            ),
            ROWS: VALUES.mended(kept.pieces[ROWS], store, self._rows),
            INDEX: LINES.mended(kept.pieces[INDEX], store, index),
            WORDS: [values_told(some) for some in handfuls(self._prepared.files.words.noted.values())],
            NOTED: [values_told(some) for some in handfuls(self._prepared.files.noted.values())],
        }  # fmt: skip
        pages = [self._pages[at][1] if at in self._pages else digest for at, digest in enumerate(kept.pages)]
        return replace(kept, pieces=pieces, pages=pages)

    def _lines(self, assets: Mapping[int, Asset]) -> list[Piece]:
        lines = {at: asset_line(one) for at, one in assets.items()}
        return LINES.mended(self._kept.pieces[ASSETS], self._doors.store, lines)

    def _made_anew(self) -> Iterator[tuple[int, tuple[list[int], str, bytes]]]:
        """The pages of the contact sheet that show one of the files: by number the lines on each, its digest, and what
        the index says of it."""
        store, lines = self._doors.store, self._lines(self._assets)
        for number, cards in enumerate(values_read(self._kept.pieces[CARDS], store)):
            if not self._assets.keys().isdisjoint(cards):
                found = LINES.picked(lines, store, cards)
                script = self._page([Asset.from_dict(from_json(found[at])) for at in cards])
                yield number, (cards, store.put(script), contact_sheet.index_in(script))

    def _page(self, assets: Sequence[Asset]) -> bytes:
        doors = self._doors
        keys = dict.fromkeys(picture.key for asset in assets for picture in asset.pictures)
        had = stored(doors.journal, doors.store, keys)
        previews = Previews({key: one.provenance.previews for key, one in had.items()}, doors.store)
        previews.prepare(cropped(assets), doors.journal)
        words = page_words(doors.language)
        return contact_sheet.page_data([card_of(asset, previews, words) for asset in assets]).script()


def warnings_told(findings: Iterable[Finding]) -> Iterator[str]:
    """The lines in which a run tells the warnings of its plan."""
    return (f"warning: {one}  [{one.code}]" for one in findings if one.severity is Severity.WARNING)


def _is_in_place_of(asset: Asset, before: Mapping[str, Any]) -> bool:
    now = from_json(asset_line(asset))
    if any(now[name] != before[name] for name in _STAYS):
        return False
    return asset.status != "failed" and not any(finding.is_error for finding in asset.findings)
