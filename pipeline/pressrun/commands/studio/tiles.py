"""The files of a run as tiles: all formats and pages of one sheet are one. What a grid shows of a tile is kept; the
record of a file is read again where it is looked at."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from pydantic_core import from_json

from pressrun.decisions.latest_decisions import sheet_subject
from pressrun.manifest.recorded_assets import ASSETS, DAMAGED, damaged_record
from pressrun.manifest.runs_read import MANIFEST
from pressrun.model.file_facts import TextShown
from pressrun.model.geometry import type_told
from pressrun.model.memory_sweeps import without_sweeping
from pressrun.model.run_record import Asset

SHOWN_FIRST = ("proof-png", "png", "webp", "jpeg", "avif")  # the format that a sheet is looked at in
Place = tuple[str, str, int, str]  # row (or file of many rows), layout, take, condition


class File(Struct, frozen=True):
    """A file of a tile; ``line`` is where its record begins in ``assets.jsonl``, in bytes; ``pixels`` its longest
    side, 0 for vectors."""

    id: str
    path: str
    format: str
    media_type: str
    sha256: str
    pixels: int
    line: int


class Tile(Struct):
    """A sheet of a run. ``number`` counts from 0 in the order of the run, ``pictures`` are the keys of those it shows,
    ``unshown`` of those that it was had with, ``made_from`` the digests that all had. ``cost_usd`` is that of its
    pictures, None where it is not known; ``contrast`` the weakest that was measured, ``sizes`` the fitted ones by layer
    in points, ``squeeze`` the smallest against its series; what it ``says`` as the record has it; ``runs`` those that
    have it, the newest first, on a wall of all of them."""

    number: int
    row: str
    layout: str
    take: int
    condition: str
    locale: str
    theme: str
    status: str
    size: str
    keys: Mapping[str, str]
    pictures: tuple[str, ...]
    unshown: tuple[str, ...]
    made_from: tuple[str, ...]
    cost_usd: float | None
    changed_by_hand: bool
    contrast: float
    sizes: Mapping[str, float]
    says: str = ""
    runs: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    squeeze: float = 1.0

    @property
    def id(self) -> str:
        return self.files[0].id

    @property
    def of(self) -> str:
        """The row that it is of, or the file that many are in: each such is a tile of its own."""
        return self.row or self.files[0].path

    @property
    def shown(self) -> File | None:
        """The file that it is looked at in; None where there is none that a browser may have."""
        of_format = {file.format: file for file in reversed(self.files) if file.sha256}
        return next((of_format[name] for name in SHOWN_FIRST if name in of_format), None)

    @property
    def pages(self) -> list[File]:
        """The files that it is looked at in, one a page."""
        first = self.shown
        return [file for file in self.files if first and file.format == first.format and file.sha256]

    @property
    def formats(self) -> list[str]:
        return list(dict.fromkeys(file.format for file in self.files))

    def subject(self, job: str) -> str:
        """What a decision about it is filed under."""
        return sheet_subject(job, self.row, self.layout, self.take)


class Shelf(Struct, frozen=True):
    """A run, ready to be looked at. ``telling`` are the row sets of which it has several rows."""

    folder: Path
    manifest: Mapping[str, Any]
    tiles: Sequence[Tile]
    by_id: Mapping[str, int]
    telling: frozenset[str]
    locales: frozenset[str]

    @property
    def run(self) -> str:
        return str(self.manifest["run"])

    @property
    def job(self) -> str:
        return str(self.manifest["job"])

    @property
    def has_all_runs(self) -> bool:
        """Whether it is that of a job, with the sheets of all its runs."""
        return "newest" in self.manifest

    def tile(self, file_id: str) -> Tile | None:
        """The tile that has a file of this id."""
        number = self.by_id.get(file_id)
        return None if number is None else self.tiles[number]

    def asset(self, file: File) -> Asset:
        """The whole record of a file."""
        with (self.folder / ASSETS).open("rb") as lines:
            lines.seek(file.line)
            return Asset.from_dict(json.loads(lines.readline()))


def manifest_of(folder: Path) -> Mapping[str, Any]:
    """The numbers of a run. Raises InputError where it has none that can be read."""
    try:
        read = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise damaged_record(folder, error) from error
    if not isinstance(read, dict) or not {"run", "job", "started", "counts", "cost", "findings"} <= read.keys():
        raise damaged_record(folder, ValueError("it is no record of a run"))
    return read


def place_of(tile: Tile) -> Place:
    """What a sheet has in common with its versions in other runs."""
    return tile.of, tile.layout, tile.take, tile.condition


def shelf_of(folder: Path, most: int | None = None, but_for: Collection[Place] = ()) -> Shelf:
    """Read a run, or its first files, or what is not at these places. Raises InputError where its record is damaged."""
    with without_sweeping():  # hundreds of thousands of objects come, and none goes: it takes as long as reading
        return _read_shelf(folder, most, but_for)


def _read_shelf(folder: Path, most: int | None, but_for: Collection[Place]) -> Shelf:
    manifest = manifest_of(folder)
    tiles: dict[Place, Tile] = {}
    try:
        for line, said in islice(_lines(folder / ASSETS), most):
            key = said["row"] or said["path"], said["layout"], said["take"], said.get("condition", "")
            if key in but_for:
                continue
            tile = tiles.get(key)
            if tile is None:
                tile = tiles[key] = _tile(len(tiles), said)
            _add(tile, line, said)
    except DAMAGED as error:
        raise damaged_record(folder, error) from error
    return shelf_with(folder, manifest, list(tiles.values()))


def shelf_with(folder: Path, manifest: Mapping[str, Any], tiles: list[Tile]) -> Shelf:
    """The shelf that has these tiles."""
    listed = _in_groups(tiles)
    _squeeze(listed)
    by_id = {file.id: tile.number for tile in listed for file in tile.files}
    keys = Counter(name for name, _ in {(name, key) for tile in listed for name, key in tile.keys.items()})
    return Shelf(folder, manifest, listed, by_id, frozenset(name for name, count in keys.items() if count > 1),
                 frozenset(tile.locale for tile in listed))  # fmt: skip


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    at = 0
    with path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield at, from_json(line, cache_strings="all")
            at += len(line)


def _tile(number: int, said: Mapping[str, Any]) -> Tile:
    pictures = {one["key"]: one for one in said["pictures"]}
    shown = {one["key"]: None for one in said["pictures"] if one.get("shown", True)}
    costs = [one["cost_usd"] for one in pictures.values()]
    return Tile(
        number, said["row"], sys.intern(said["layout"]), said["take"], said.get("condition", ""),
        sys.intern(said["locale"]), said["theme"], said["status"], _size(said["size"]), said["keys"],
        tuple(shown), tuple(key for key in pictures if key not in shown) if len(shown) < len(pictures) else (),
        tuple(one["sha256"] for one in pictures.values()),
        None if None in costs else sum(costs), bool(said.get("overrides")),
        min((one["contrast"] for one in said["choices"]), default=21.0),
        {one["id"]: one["size_pt"] for one in said["text"]}, said.get("says", ""),
    )  # fmt: skip


def _add(tile: Tile, line: int, said: Mapping[str, Any]) -> None:
    size = said["size"]
    pixels = max(size.get("width_px", 0), size.get("height_px", 0))
    tile.files.append(
        File(said["id"], said["path"], sys.intern(said["format"]), sys.intern(said["media_type"]),
             said["sha256"] or "", pixels, line)
    )  # fmt: skip
    if said["status"] == "failed":
        tile.status = "failed"
    for finding in said["findings"]:
        again = finding["code"] in tile.codes and len(tile.files) > 1  # formats of a sheet have the same
        tile.codes[finding["code"]] = finding["severity"]
        if not again:
            tile.errors += finding["severity"] == "error"
            tile.warnings += finding["severity"] == "warning"


def _in_groups(tiles: list[Tile]) -> list[Tile]:
    """What is of one product follows each other."""
    groups: dict[str, list[Tile]] = {}
    for tile in tiles:
        groups.setdefault(first_key(tile), []).append(tile)
    listed = [tile for group in groups.values() for tile in group]
    for number, tile in enumerate(listed):
        tile.number = number
    return listed


def _squeeze(tiles: Sequence[Tile]) -> None:
    """How small its smallest text is, against the largest that this layer has in its layout: 1 for as large."""
    largest: dict[tuple[str, str], float] = {}
    for tile in tiles:
        for layer, size in tile.sizes.items():
            largest[tile.layout, layer] = max(size, largest.get((tile.layout, layer), 0.0))
    for tile in tiles:
        ratios = (size / largest[tile.layout, layer] for layer, size in tile.sizes.items() if size)
        tile.squeeze = min(ratios, default=1.0)


def first_key(tile: Tile) -> str:
    """What a run is grouped by: its product, else the first row set."""
    return tile.keys.get("product", next(iter(tile.keys.values()), ""))


def size_told(text: TextShown, asset: Asset) -> str:
    """The size of a text of a file, in the unit that its layout is written in."""
    return type_told(text.size_pt, "print" if asset.size.trim_mm else "screen")


def _size(said: Mapping[str, Any]) -> str:
    if said.get("trim_mm"):
        return "{:g} × {:g} mm".format(*said["trim_mm"])
    return f"{said['width_px']} × {said['height_px']} px" if "width_px" in said else ""
