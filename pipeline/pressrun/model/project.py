"""A job with everything it names, read, checked and at hand: what load gives to all later stages."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.model.approved import ApprovedPictures
from pressrun.model.brand import Brand
from pressrun.model.conformance import Conformance, merged
from pressrun.model.copy_book import CopyBook
from pressrun.model.finding import Finding, Place
from pressrun.model.item_list import repeated_layer
from pressrun.model.job import ExistingAsset, Job
from pressrun.model.layout import Layout
from pressrun.model.override import OverriddenLayouts, Override
from pressrun.model.packed_cells import index_of_keys
from pressrun.model.packed_records import PackedRecords
from pressrun.model.printing_conditions import PrintConditions
from pressrun.model.record import Record
from pressrun.model.template import TemplateNames

KeyPath = tuple[str | int, ...]
PUT_IT = "put it there, or correct the name"  # what to do where a picture is not found


class OutsideCampaign(ValueError):
    """A path in the data leads out of the campaign's folder, or is absolute."""


class Campaign(Struct, frozen=True):
    """The folders of a campaign: ``root`` has ``brands/`` and ``templates/``; all three are resolved paths."""

    root: Path
    job_folder: Path
    brand_folder: Path

    def find(self, written: str) -> Path | None:
        """The file that data mean by `written`: beside the job, else in the brand's folder; None if there is none.

        Raises OutsideCampaign.
        """
        if not written or "\0" in written or len(written) > 1000:
            return None
        name = _inside(written)
        for folder in (self.job_folder, self.brand_folder):
            path = spelled(folder, name).resolve()
            if not path.is_relative_to(self.root):
                raise OutsideCampaign(f"'{written}' leads out of the campaign's folder")
            if os.path.isfile(path):  # which a name too long for the disk is not
                return path
        return None

    def matching(self, pattern: str) -> tuple[Path, ...]:
        """The files that data mean by a pattern (parts/*.xlsx), beside the job, else in the brand's folder, those with
        numbers in the order of these. What is hidden, and what a spreadsheet keeps beside an open file, is passed over.

        Raises OutsideCampaign.
        """
        name = _inside(pattern)
        for folder in (self.job_folder, self.brand_folder):
            if not Path(os.path.normpath(folder / name)).is_relative_to(self.root):
                raise OutsideCampaign(f"'{pattern}' leads out of the campaign's folder")
            fitting = dict.fromkeys(_fitting(folder, name.split("/")))
            found = [path for path in fitting if os.path.isfile(path) and not path.name.startswith((".", "~$"))]
            if any(not path.resolve().is_relative_to(self.root) for path in found):
                raise OutsideCampaign(f"'{pattern}' leads out of the campaign's folder")
            if found:
                return tuple(sorted(found, key=lambda path: (_in_numbers(path.as_posix()), path.as_posix())))
        return ()

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where files that are named may lie."""
        return self.job_folder, self.brand_folder

    def without(self, written: str) -> str:
        """What is said of a picture that `find` does not find: where it was looked for."""
        if self.is_folder(written):
            return f"'{written}' is a folder, not a picture"
        folders = " or ".join(f"{self.shown(folder)}/" for folder in self.folders)
        return f"there is no picture '{written}' in {folders}"

    def hint(self, written: str) -> str:
        """What to do about it: name the file where it lies one folder deeper, as beside its table."""
        if self.is_folder(written):
            return "name a file in it"
        for folder in self.folders:
            for below in sorted(one.name for one in folder.iterdir() if one.is_dir()):
                if os.path.isfile(folder / below / written):
                    return f"write {below}/{written}: a name begins beside the job or in the brand's folder"
        return PUT_IT

    def is_folder(self, written: str) -> bool:
        """Whether what is named as a file is a folder."""
        return any(os.path.isdir(folder / written) for folder in self.folders)

    def shown(self, path: Path) -> str:
        """A path as findings and the manifest name it: from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


def is_pattern(written: str) -> bool:
    """Whether a name of a file in the data stands for several."""
    return "*" in written or "?" in written


def _inside(written: str) -> str:
    """A path in the data with forward slashes. Raises OutsideCampaign for one that names its own root."""
    name = written.replace("\\", "/")  # as Windows writes paths
    if Path(name).is_absolute() or name.startswith("/") or ":" in name.split("/")[0]:
        raise OutsideCampaign(f"'{written}' is not a path inside the campaign")
    return name


def _in_numbers(text: str) -> list[tuple[int, str]]:
    """What texts are sorted by, so that part-2 comes before part-10."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.split("([0-9]+)", text)]


def _fitting(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """What a pattern finds below a folder: only ``*`` and ``?`` stand for other letters, and ``**`` for folders."""
    if not parts:
        yield folder
        return
    first, rest = parts[0], parts[1:]
    if not is_pattern(first):
        if "\0" not in first and os.path.isdir(folder):
            yield from _fitting(spelled(folder, first), rest)
        return
    try:
        inside = [one for one in sorted(folder.iterdir()) if not one.name.startswith(".")]
    except (OSError, ValueError):  # no folder, or one that is closed to us
        return
    if first == "**":
        yield from _fitting(folder, rest)
        for one in inside:
            if one.is_dir() and not one.is_symlink():
                yield from _fitting(one, parts)
        return
    wanted = unicodedata.normalize("NFC", first).replace("[", "[[]")
    for one in inside:
        if fnmatchcase(unicodedata.normalize("NFC", one.name), wanted):
            yield from _fitting(one, rest)


def spelled(folder: Path, name: str) -> Path:
    """The path of `name` in a folder, in the spelling that the disk has: ``é`` may be one character there or two (a Mac
    takes them apart), and people see one."""
    path = folder / name
    if name.isascii() or os.path.exists(path):
        return path
    path = folder
    for part in name.split("/"):
        exact, wanted = path / part, unicodedata.normalize("NFC", part)
        if part not in ("", ".", "..") and not os.path.exists(exact) and os.path.isdir(path):
            alike = (one for one in sorted(path.iterdir()) if unicodedata.normalize("NFC", one.name) == wanted)
            exact = next(alike, exact)
        path = exact
    return path


class LoadedLayout(Struct, frozen=True):
    """A layout under its name (``print/a5-flyer``); ``digest`` is of what it says, comments and spacing aside, but for
    layers that are alternatives: ``alternatives`` has the digests of those, by their name and ``when``.

    ``places`` gives the spot of a layer's field: ``("layers", 3, "text")``.
    """

    name: str
    layout: Layout
    digest: str
    file: str
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    alternatives: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def digest_with(self, layers: Mapping[str, Mapping[str, str]]) -> str:
        """What the layout says where these layers are drawn: of alternatives, that which a row has."""
        if not self.alternatives:
            return self.digest
        drawn = [
            (by_when, fields)
            for name, by_when in self.alternatives.items()
            for full, fields in sorted(layers.items())
            if repeated_layer(full) == name
        ]
        chosen = [by_when.get(fields.get("when", ""), "") for by_when, fields in drawn]
        return "-".join([self.digest, *chosen])


class Variant(Struct, frozen=True):
    """A layout with the overrides that are laid over it."""

    loaded: LoadedLayout
    overrides: tuple[Override, ...]


def _files_of(records: Sequence[Record]) -> tuple[str, ...]:
    if isinstance(records, PackedRecords):
        return records.files
    return tuple(dict.fromkeys(record._header.file for record in records))


class Rows(Struct, frozen=True):
    """A row set, read: its records and their keys, in the order of the file. ``name`` is the row set's. ``groups`` has
    the key of each one's group, where records share their sheets."""

    name: str
    file: str
    key: str
    columns: tuple[str, ...]
    records: Sequence[Record]
    keys: Sequence[str]
    groups: Sequence[str] = ()

    @property
    def sheet_keys(self) -> Sequence[str]:
        """Of each record, the key that its sheets have: its group's, if it is in one."""
        return self.groups or self.keys

    @property
    def files(self) -> tuple[str, ...]:
        """Those that the records are from, in their order."""
        return _files_of(self.records) or (self.file,)

    def only(self, indices: Sequence[int]) -> Rows:
        """The set with these records alone."""
        groups = tuple([self.groups[at] for at in indices]) if self.groups else ()
        records = tuple([self.records[at] for at in indices])
        return replace(self, records=records, keys=tuple([self.keys[at] for at in indices]), groups=groups)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def keyed(self) -> Iterator[tuple[Record, str]]:
        return zip(self.records, self.keys, strict=True)

    def __len__(self) -> int:
        return len(self.records)


class KeyedRecords:
    """A lookup table, read: records by key."""

    __slots__ = ("columns", "file", "index", "key", "records")

    def __init__(self, file: str, key: tuple[str, ...], columns: tuple[str, ...], records: Sequence[Record]) -> None:
        self.file, self.key, self.columns, self.records = file, key, columns, records
        self.index = index_of_keys(range(len(records)), self._key_at)

    def __reduce__(self) -> tuple[Any, ...]:
        return KeyedRecords, (self.file, self.key, self.columns, self.records)  # its index asks it for keys

    @property
    def files(self) -> tuple[str, ...]:
        """Those that the records are from, in their order."""
        return _files_of(self.records) or (self.file,)

    def _key_at(self, index: int) -> tuple[Any, ...]:
        record = self.records[index]
        return tuple([record[name] for name in self.key])

    def index_of(self, key: tuple[Any, ...]) -> int | None:
        return self.index.get(key)

    def row(self, index: int) -> Mapping[str, Any]:
        return self.records[index]  # type: ignore[return-value]  # a Record is registered as a Mapping


class Project(Struct, frozen=True, eq=False, weakref=True):
    """``inputs`` has the SHA-256 of every file read, by its path from the root; ``notes`` what did not stop loading.

    ``brand_digest`` covers what composing reads of a brand (palette, typography, fonts, logos, print, locales), not the
    words of its prompts. ``prompts`` are the sources of all prompt templates by name, ``prompt_names`` what each takes
    from outside. ``places`` tells where the job writes a key. ``loaded`` is the project as it was loaded, where this
    one has other rows. ``overridden`` has the name of the variant of its layout that a sheet is drawn by: by the
    row's id, layout and take. ``step_files`` are those that retouching steps name, by the names they are called there,
    ``step_places`` where the steps of each slot are written, in their order; ``approved`` knows what was approved,
    where somebody asks.
    """

    job: Job
    job_file: Path
    job_name: str
    campaign: Campaign
    brand_id: str
    brand: Brand
    brand_digest: str
    font_files: tuple[Path, ...]
    logos: Mapping[str, Path]
    layouts: Mapping[str, LoadedLayout]
    row_sets: Mapping[str, Rows]
    tables: Mapping[str, KeyedRecords]
    copy: CopyBook | None
    prompts: Mapping[str, str]
    prompt_names: Mapping[str, TemplateNames]
    inputs: Mapping[str, str]
    places: Mapping[KeyPath, Place]
    notes: tuple[Finding, ...] = ()
    existing: tuple[ExistingAsset, ...] = ()
    overrides: OverriddenLayouts | None = None
    overridden: Mapping[tuple[str, str, int], str] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    loaded: Project | None = None
    step_files: Mapping[str, Path] = field(default_factory=dict)
    step_places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    approved: ApprovedPictures | None = None

    @property
    def conditions(self) -> dict[str, PrintConditions]:
        """The printing conditions of the job by name: its own, or the brand's; a single one's name is empty."""
        return self.job.print.over(self.brand.print) if self.job.print else {"": self.brand.print}

    @property
    def conformance(self) -> Conformance | None:
        """What pictures are measured for: the brand's, with what the job says in place of it."""
        return merged(self.brand.conformance, self.job.conformance)

    @property
    def root(self) -> Path:
        return self.campaign.root

    @property
    def brand_folder(self) -> Path:
        return self.campaign.brand_folder

    def drawn_by(self, name: str) -> LoadedLayout:
        """A layout, or the variant of one, by its name."""
        return self.variants[name].loaded if name in self.variants else self.layouts[name]

    @property
    def drawn(self) -> dict[str, LoadedLayout]:
        """All layouts that sheets are drawn by, variants included."""
        return {**self.layouts, **{name: variant.loaded for name, variant in self.variants.items()}}

    def find_file(self, written: str) -> Path | None:
        """See :meth:`Campaign.find`."""
        return self.campaign.find(written)
