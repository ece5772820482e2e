"""Rows that say what they said are carried over singly: of a run that reads the same as a kept one but for what some
rows say, these rows alone are planned and made, and their lines take the place of those that they had.

That holds only where the others cannot have changed with them. So a changed row must have the same sheets under the
same names with the same pictures, in its old place, and nothing may be told of the run that was not told before; else
the run goes the whole way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from pydantic_core import from_json

from pressrun.doors import Doors
from pressrun.language.page_words import page_words
from pressrun.manifest import asset_line, assets_csv, contact_sheet, count_findings
from pressrun.manifest.recorded_assets import ASSETS, TABLE
from pressrun.model.finding import Finding
from pressrun.model.job import Row
from pressrun.model.plan import Plan
from pressrun.model.project import Project
from pressrun.model.run_record import Asset, Counts
from pressrun.model.stored import stored
from pressrun.run.all_read import Digests
from pressrun.run.contact_cards import card_of, cropped
from pressrun.run.contact_pages import INDEX
from pressrun.run.kept_lines import CSV_LINES, LINES, VALUES, Piece, everything_put, values_read
from pressrun.run.kept_runs import CARDS, FILES, ROWS, KeptRun
from pressrun.run.lines_read import all_reused
from pressrun.run.previews import Previews
from pressrun.run.row_digests import row_digests, told_of_all

MOST = 0.5  # of the rows: where more have changed, all are worked out

_STAYS = ("id", "path", "layout", "format", "row", "keys", "locale", "take", "condition", "overrides", "pictures")


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The rows that say something else than in a kept run, by their number among all, with their digests, and the
    numbers of the lines that they have there."""

    kept: KeptRun
    rows: Mapping[int, tuple[Row, str]]
    lines: Sequence[int]

    @classmethod
    def since(cls, kept: KeptRun, project: Project, doors: Doors) -> Self | None:
        """None where the rows are others, or many have changed."""
        if told_of_all(project) != kept.of_all or kept.manifest.get("overrides"):
            return None
        found: dict[int, tuple[Row, str]] = {}
        lines: list[int] = []
        begins = number = 0
        before = values_read(kept.pieces[ROWS], doors.store)
        for number, (row, digest) in enumerate(row_digests(project, doors.settings.only), 1):
            was, count = next(before, ("", 0))
            if not was or row.fault:
                return None
            if was != digest or number == 1:  # the first stands for all where none says something else
                found[number - 1] = row, digest
                lines += range(begins, begins + count)
            begins += count
        whole = begins == kept.manifest["counts"]["planned"] and next(before, None) is None
        return cls(kept, found, lines) if whole and 0 < len(found) <= 1 + MOST * number else None

    @property
    def asked(self) -> list[Row]:
        return [row for row, _ in self.rows.values()]

    def is_planned_as_before(self, project: Project, plan: Plan) -> bool:
        """Whether the plan of these rows alone tells what that of all has told, and wants no picture made."""
        told = [note.to_dict() for note in (*project.notes, *plan.findings)]
        return told == self.kept.manifest["notes"] and not (plan.to_make or plan.waiting)


class Splice:
    """The files of changed rows in place of those that these had."""

    def __init__(
        self, changed: ChangedRows, assets: Mapping[int, Asset], before: Iterable[bytes], doors: Doors
    ) -> None:
        self._kept, self._assets, self._doors = changed.kept, assets, doors
        self._before = [Finding.from_dict(one) for line in before for one in from_json(line)["findings"]]
        counts = VALUES.picked(self._kept.pieces[ROWS], doors.store, changed.rows)
        self._rows = {number: (digest, counts[number][1]) for number, (_, digest) in changed.rows.items()}
        self._pages = dict(self._made_anew())

    @classmethod
    def of(cls, changed: ChangedRows, assets: Sequence[Asset], doors: Doors) -> Self | None:
        """None where one is not the same file of the same sheet, with the same pictures, or something is wrong with
        it."""
        if len(assets) != len(changed.lines):
            return None
        before = LINES.picked(changed.kept.pieces[ASSETS], doors.store, changed.lines)
        at_place = dict(zip(changed.lines, assets, strict=True))
        if not all(_is_in_place_of(asset, from_json(before[at])) for at, asset in at_place.items()):
            return None
        return cls(changed, at_place, before.values(), doors)

    def written(self, project: Project) -> KeptRun:
        """The run as it is written."""
        manifest = self._kept.manifest
        before, now = count_findings(self._before), count_findings(
            finding for asset in self._assets.values() for finding in asset.findings
        )  # fmt: skip
        planned, made = manifest["counts"]["planned"], sum(one.status == "made" for one in self._assets.values())
        told = {
            "inputs": dict(project.inputs),
            "counts": Counts(planned, made, planned - made, 0).to_json(),
            "findings": {kind: count - before[kind] + now[kind] for kind, count in manifest["findings"].items()},
        }
        return replace(self._with(self._assets), manifest={**manifest, **told})

    def kept(self, written: KeptRun, read: Digests) -> KeptRun:
        """The same as the next run would leave it, where this one was ``read``."""
        run = self._with({at: replace(asset, status="reused") for at, asset in self._assets.items()})
        pieces = {name: everything_put(some, self._doors.store) for name, some in run.pieces.items()}
        return replace(run, read=read.of_all(), manifest=all_reused(written.manifest), pieces=pieces)

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


def _is_in_place_of(asset: Asset, before: Mapping[str, Any]) -> bool:
    now = from_json(asset_line(asset))
    if any(now[name] != before[name] for name in _STAYS):
        return False
    return asset.status != "failed" and not any(finding.is_error for finding in asset.findings)
