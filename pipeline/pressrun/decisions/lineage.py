"""Where pictures come from and what became of them, as a tree: forks, retouched versions, the files they are on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pressrun.decisions.branches import TRUNK
from pressrun.decisions.latest_decisions import Decisions
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.journal import Journal, Result
from pressrun.model.picture import PictureMade
from pressrun.model.run_record import Asset, AssetPicture

FILES_SHOWN = 12


class Branch(Struct, frozen=True):
    """A picture, a retouched version or a file. ``key`` is its picture's key, its digest or its asset's id; ``shows``
    is the slot and the master of a picture that is on a file, and ``said`` what ``text`` tells beside them."""

    kind: str
    key: str
    text: str
    branches: tuple[Branch, ...] = ()
    shows: tuple[str, str] | None = None
    said: tuple[str, ...] = ()


def family(record: RunRecord, journal: Journal | None, of: Asset | None = None) -> tuple[Branch, ...]:
    """The trees of a run's pictures, or of the pictures on one file, each from its oldest ancestor."""
    chosen = (of,) if of else record.assets
    keys = dict.fromkeys(picture.key for asset in chosen for picture in asset.pictures)
    roots = dict.fromkeys(root for key in keys for root in _roots(key, journal))
    growing = _Growing(record, journal)
    return tuple(growing.picture(root, "") for root in roots)


def _roots(key: str, journal: Journal | None) -> Iterator[str]:
    parents = journal.parents(key) if journal else []
    if not parents:
        yield key
    for descent in parents:
        yield from _roots(descent.parent, journal)


class _Growing:
    def __init__(self, record: RunRecord, journal: Journal | None) -> None:
        self.journal = journal
        self.standing = _standing(journal) if journal else {}
        self.words = Decisions(journal, record.job, {}) if journal else None
        self.uses: dict[str, dict[str, list[tuple[AssetPicture, Asset]]]] = {}
        for asset in record.assets:
            for picture in asset.pictures:
                self.uses.setdefault(picture.key, {}).setdefault(picture.sha256, []).append((picture, asset))

    def picture(self, key: str, how: str) -> Branch:
        """A picture, the files it is on, and what was made from it. The journal sees to it that no tree is a ring."""
        known = self.journal.lookup([key]).get(key) if self.journal else None
        versions = self.uses.get(key, {})
        branches: list[Branch] = []
        for digest, uses in versions.items():
            steps = uses[0][0].steps
            files = tuple(Branch("file", asset.id, _file(asset)) for picture, asset in uses if picture.shown)
            by = f"by {', '.join(step.type for step in steps)}"
            branches += [Branch("retouched", digest, by, files)] if steps else files
        for descent in self.journal.children(key) if self.journal else ():
            said = f"{descent.kind}: {descent.instruction}" if descent.instruction else descent.kind
            branches.append(self.picture(descent.child, said))
        own = [picture for uses in versions.values() for picture, _ in uses][:1]
        told = [one for one in (*self._said(own, known), *self._standing_of(key, known)) if one]
        name = [f"{one.slot}/{one.master}" for one in own]
        shows = next(((one.slot, one.master) for one in own), None)
        told_before = [how] if how else []
        text = ", ".join((*told_before, *name, *told))
        return Branch("picture", key, text, tuple(branches), shows, (*told_before, *told))

    def _standing_of(self, key: str, known: Result | None) -> Iterator[str]:
        """The branch it stands at the end of, and what was decided about it."""
        yield self.standing.get(key, "")
        word = self.words.about(key, known.digest) if self.words and known else None
        if word:
            yield "approved" if word.is_approval else "rejected"

    def _said(self, own: Iterable[AssetPicture], known: Result | None) -> Iterator[str]:
        """Of a picture as a file of this run has it; of one that is on none, where it was made."""
        for picture in own:
            yield f"take {picture.take}"
            yield picture.model or picture.provider
            return
        if known:
            provenance = PictureMade.of(known).provenance
            yield provenance.model or provenance.provider
            yield "on no file of this run"
        else:
            yield "no longer in the store"


def _standing(journal: Journal) -> dict[str, str]:
    """What is said of pictures that stand on a branch, by their keys."""
    choices, said = journal.choices(), {}
    for root, names in journal.branches().items():
        for name, head in names.items():
            chosen = ", chosen" if choices.get(root, TRUNK) == name else ""
            said[head] = f"branch {name}{chosen}"
    return said


def _file(asset: Asset) -> str:
    return f"{asset.path}, {asset.decision}" if asset.decision else asset.path


def tree_lines(branches: Iterable[Branch], marked: str | None = None) -> Iterator[str]:
    """The trees as text; the asset whose id is `marked` is pointed at."""
    for branch in branches:
        yield _line(branch, marked)
        yield from _branch_lines(branch, "", marked)


def _branch_lines(branch: Branch, indent: str, marked: str | None) -> Iterator[str]:
    files = [one for one in branch.branches if one.kind == "file"]
    files.sort(key=lambda file: file.key != marked)  # the one that was asked for is never among the rest
    shown = files[:FILES_SHOWN]
    if len(files) > FILES_SHOWN:
        shown.append(Branch("more", "", f"… and {len(files) - FILES_SHOWN} more files"))
    shown += [one for one in branch.branches if one.kind != "file"]
    for number, one in enumerate(shown, 1):
        last = number == len(shown)
        yield f"{indent}{'└─ ' if last else '├─ '}{_line(one, marked)}"
        yield from _branch_lines(one, indent + ("   " if last else "│  "), marked)


def _line(branch: Branch, marked: str | None) -> str:
    if branch.kind in ("file", "more"):
        return branch.text + ("  ← this file" if branch.kind == "file" and branch.key == marked else "")
    return f"{branch.kind} {branch.key[:12]}  {branch.text}"
