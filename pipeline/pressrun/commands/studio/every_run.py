"""All runs of a job on one wall: each sheet once for every version of it that was made, whichever runs have it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from pressrun.commands.studio.tiles import Shelf, Tile, shelf_with

PREFIX = "job:"  # before a job's name, in place of a run's


def shelf_of_all(job: str, shelves: Iterable[Shelf]) -> Shelf:
    """The shelf of a job, from those of its runs, the newest first. A tile's ids are those of the newest run that has
    it, behind that run's name."""
    tiles: dict[tuple[object, ...], Tile] = {}
    newest: Shelf | None = None
    for shelf in shelves:
        newest = newest or shelf
        for tile in shelf.tiles:
            made = tuple((file.format, file.sha256) for file in tile.files)
            known = tile.of, tile.layout, tile.take, tile.condition, made if tile.shown else shelf.run
            if known in tiles:
                tiles[known].runs.append(shelf.run)
            else:
                files = [replace(file, id=f"{shelf.run}/{file.id}") for file in tile.files]
                tiles[known] = replace(tile, files=files, runs=[shelf.run])
    assert newest, "a job is known by its runs"
    manifest = {**newest.manifest, "run": f"{PREFIX}{job}", "newest": newest.run}
    return shelf_with(newest.folder, manifest, list(tiles.values()))
