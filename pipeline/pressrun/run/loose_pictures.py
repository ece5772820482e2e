"""Pictures that belong to no job: read from any file, retouched by steps, and written beside nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun import registry
from pressrun.doors import who_works
from pressrun.graphics.color.inks import load_profile
from pressrun.graphics.photos.carried_words import carried_words
from pressrun.graphics.photos.incoming import Incoming, incoming
from pressrun.graphics.photos.outgoing import written_as
from pressrun.load.brand import LoadedBrand, load_brand
from pressrun.load.campaign_reader import Reader
from pressrun.load.steps import StepLists
from pressrun.model.errors import InputError, PictureFailed, PressrunError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.settings import Settings
from pressrun.model.step import BrandColors, StepOptions
from pressrun.readers.yaml_source import YamlSource, parse_yaml
from pressrun.retouch import Focus, retouched

INLINE = "--steps"
FEW = 3  # files that are done before workers would have begun
ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "tiff": ".tif"}


class Steps(Struct, frozen=True):
    """Steps with those of recipes in place of their names, and what they take from a brand and from files."""

    steps: Sequence[StepOptions]
    colors: BrandColors
    notes: tuple[Finding, ...] = ()


class Wanted(Struct, frozen=True):
    """What becomes of files: their ``steps``, the ``folder`` they go to, the ``kind`` of file and its ``profile``;
    ``force`` writes over what is there, but for the ``originals``, by their device and number there."""

    steps: Steps
    folder: Path
    kind: str
    profile: str
    force: bool = False
    originals: frozenset[tuple[int, int]] = frozenset()

    def target(self, file: Path) -> Path:
        """Where a file goes."""
        return self.folder / f"{file.stem}{ENDINGS[self.kind]}"


class Done(Struct, frozen=True):
    """What became of a file; ``path`` is None where nothing was written."""

    path: Path | None
    size: tuple[int, int] | None
    findings: tuple[Finding, ...]


def read_steps(written: str, brand: str | None, here: Path | None = None) -> Steps:
    """Steps as they are named: a file, a text of them, or the name of a recipe of the brand. Raises InputError with
    every finding."""
    here = here or Path.cwd()
    reader = Reader(here)
    loaded = _brand(reader, brand, here) if brand else None
    source = _source(reader, written, here)
    model = reader.open_model(registry.steps_model, source) if source else None
    folder = (here / source.file).parent if source and source.file != INLINE else here
    known = loaded.brand if loaded else None
    palette = loaded.brand.palette if loaded else {}
    lists = StepLists(reader, palette, lambda name: _found(name, folder, loaded))
    steps: Sequence[StepOptions] = ()
    if loaded:
        lists.add_recipes(loaded.brand.recipes, loaded.source)
    if source and model:
        lists.add_recipes(model.recipes, source)
        steps = tuple(step for step, _ in lists.resolved(model.steps, source, ("steps",)))
    if errors := [finding for finding in reader.findings if finding.is_error]:
        raise InputError(errors)
    profile = load_profile(known.print.profile if known else "fogra39-300", loaded.folder if loaded else here).data
    files = {name: path.read_bytes() for name, path in lists.files.items()}
    return Steps(steps, BrandColors(palette, profile, files), tuple(_notes(steps, source)))


def _notes(steps: Sequence[StepOptions], source: YamlSource | None) -> Iterator[Finding]:
    if not steps:
        message, hint = "there are no steps: nothing is done but that files are written anew", "name some under `steps`"
        yield Finding(Severity.WARNING, "no-steps", message, Place(source.file if source else INLINE), hint)


def _found(name: str, folder: Path, loaded: LoadedBrand | None) -> Path | None:
    folders = [folder, loaded.folder] if loaded else [folder]
    return next((path for one in folders if os.path.isfile(path := one / name)), None)


def _source(reader: Reader, written: str, here: Path) -> YamlSource | None:
    """A file of steps; else a text of them, which may be a name alone."""
    if os.path.isfile(here / written) or written.endswith((".yaml", ".yml")):
        source = reader.yaml(here / written)
        return _below_steps(source) if source and isinstance(source.data, list) else source
    text = written.strip()
    source, findings = parse_yaml(f"steps: {text if text.startswith('[') else f'[{text}]'}", INLINE)
    reader.add(findings)
    return source


def _below_steps(source: YamlSource) -> YamlSource:
    """A file that is a list of steps, as one that has it under ``steps``."""
    return YamlSource(
        source.file, {"steps": source.data},
        {("steps", *path): at for path, at in source.positions.items()},
        {("steps", *path): at for path, at in source.key_positions.items()},
        {("steps", *path): at for path, at in source.text_positions.items()},
    )  # fmt: skip


def _brand(reader: Reader, named: str, here: Path) -> LoadedBrand | None:
    """A brand by its folder, or by its name in the nearest campaign from here upwards. Raises InputError."""
    folder = (here / named).resolve()
    if not os.path.isfile(folder / "brand.yaml"):
        roots = [root for root in (here, *here.parents) if (root / "brands").is_dir()]
        if not roots:
            message, hint = f"there is no brand '{named}'", "name the folder that has its brand.yaml"
            raise InputError([Finding(Severity.ERROR, "missing-brand", message, Place("--brand"), hint)])
        folder = roots[0] / "brands" / named
    inner = Reader(folder.parent.parent)
    loaded = load_brand(inner, folder.name, Place("--brand"), registry.brand_model)
    reader.add(inner.findings)
    return loaded


class _Table(Struct, frozen=True):
    """What a worker has: paths are from ``here``, wherever it was begun."""

    wanted: Wanted
    here: Path

    def close(self) -> None:
        """There is nothing to be closed."""


def retouched_files(files: Sequence[Path], wanted: Wanted, settings: Settings) -> Iterator[Done]:
    """What becomes of files, in their order, by as many workers as the settings say. Of several that would be written
    under one name the first is. Raises InputError."""
    first: dict[Path, Path] = {}
    for file in files:
        first.setdefault(wanted.target(file), file)
    singly = [number for number, file in enumerate(files) if first.pop(wanted.target(file), None)]
    done = {
        number: _failed(file.as_posix(), "file-exists", f"another file becomes {wanted.target(file).as_posix()}, too",
                        "retouch each into a folder of its own")
        for number, file in enumerate(files) if number not in singly
    }  # fmt: skip
    here = Path.cwd()
    wanted = replace(wanted, originals=frozenset(_identity(file) for file in files if os.path.exists(file)))
    options = who_works(here, replace(settings, inline=len(singly) <= FEW or settings.workers == 1), None)
    near = registry.executor("local") if options.FAR else options
    executor = near.open(_sat_down, _Table(wanted, here), settings.workers)
    told = 0
    try:
        for number, outcome in executor.run(singly, partial(_retouched, files), deadline=near.deadlines.retouching):
            if isinstance(outcome, PressrunError) and outcome.stops_the_run:
                raise outcome
            if isinstance(outcome, Exception):
                outcome = _failed(files[number].as_posix(), "picture-failed", f"cannot be retouched: {outcome}")
            done[number] = outcome
            while told in done:
                yield done.pop(told)
                told += 1
    finally:
        executor.close()
    yield from (done[number] for number in sorted(done))


def _identity(file: Path) -> tuple[int, int]:
    """The same for two names of one file, as of one that a disk finds in capitals, too."""
    said = file.stat()
    return said.st_dev, said.st_ino


def _sat_down(table: _Table) -> _Table:
    return table


def _retouched(files: Sequence[Path], table: _Table, number: int) -> Done:
    """A worker's task."""
    return retouched_file(files[number], table.wanted, table.here)


def retouched_file(file: Path, wanted: Wanted, here: Path = Path()) -> Done:
    """One file, retouched and written; paths are from ``here``. What keeps it from that is a finding with the file's
    name."""
    name, target = file.as_posix(), wanted.target(file)
    there = os.path.exists(here / target)
    if there and (not wanted.force or _identity(here / target) in wanted.originals):
        hint = "use --force" if not wanted.force else "name another folder: originals are never written over"
        return _failed(name, "file-exists", f"there is a file {target.as_posix()}", hint)
    try:
        read = (here / file).read_bytes()
    except OSError as error:
        return _failed(name, "cannot-read", error.strerror or str(error), "see that the file is there and may be read")
    notes: tuple[Finding, ...] = ()
    try:
        taken: Incoming = incoming(read, file.name)
        notes = taken.findings
        made = retouched(taken.data, wanted.steps.steps, wanted.steps.colors, Focus(None, taken.region))
        data, size = written_as(made.data, wanted.kind, wanted.profile, carried_words(read))
    except PictureFailed as error:
        hint = error.hint or "open it in a picture editor, and save it again as PNG, JPEG, WebP or TIFF"
        return _failed(name, error.code, error.message, hint, notes)
    except OSError as error:  # of a decoder, or of a file that a step reads
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        hint = "open it in a picture editor, and save it again as PNG, JPEG, WebP or TIFF"
        return _failed(name, "picture-failed", f"cannot be retouched: {said}", hint, notes)
    try:
        (here / wanted.folder).mkdir(parents=True, exist_ok=True)
        (here / target).write_bytes(data)
    except OSError as error:
        hint = "make room there, or name another folder with --to"
        return _failed(name, "cannot-write", error.strerror or str(error), hint, notes)
    place = Place(name)
    return Done(target, size, tuple(replace(one, place=one.place or place) for one in (*notes, *made.findings)))


def _failed(
    name: str, code: str, message: str, hint: str | None = None, notes: tuple[Finding, ...] = ()
) -> Done:  # fmt: skip
    fault = Finding(Severity.ERROR, code, message, Place(name), hint)
    return Done(None, None, (*(replace(one, place=Place(name)) for one in notes), fault))
