"""The manual's pictures, set by the engine itself as `pressrun preview` does, and kept until what they show changes."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct
from PIL import Image

from pressrun import registry
from pressrun.commands.chapters.examples import JOB, Example, shared_files
from pressrun.commands.chapters.guides import Guide
from pressrun.commands.starter import write_campaign
from pressrun.deliver import write_file
from pressrun.model.progress import Progress, Silence
from pressrun.model.settings import Settings
from pressrun.run.looks.preview import Preview, Wanted
from pressrun.run.worker.bench import ENGINES

FOLDER = "pictures"
KEYS = "keys.json"  # what each picture was made of, beside them
LARGEST = 1000  # pixels of the longer edge
MOST_PAGES = 3  # of a layout, beside each other
GAP, BESIDE = 24, "#D9D9D9"  # pixels, and what lies between pages


class Shot(Struct, frozen=True):
    """A picture to be had, by its name: a layout of a job, for a row, in a campaign of these files over that which
    `pressrun init` writes."""

    name: str
    job: str
    layout: str
    row: str
    files: Mapping[str, str]

    @property
    def key(self) -> str:
        """The hash of all that it is made of."""
        return hashlib.sha256(json.dumps([_engine(), self.job, self.layout, self.row, self.files]).encode()).hexdigest()


def shots_of_gallery(some: Iterable[Example]) -> Iterator[Shot]:
    """One of each example."""
    shared = shared_files()
    for one in some:
        yield Shot(one.picture, JOB, one.layout, one.row, {**shared, one.path: one.text})


def shots_of_guides(guides: Iterable[Guide]) -> Iterator[Shot]:
    """One of each layout that a guide shows."""
    for guide in guides:
        for name, layout in zip(guide.pictures, guide.shows, strict=True):
            yield Shot(name, guide.job, layout, guide.row, guide.files)


def make_pictures(
    shots: Iterable[Shot], folder: Path, progress: Progress | None = None
) -> dict[str, tuple[int, int]]:
    """Have every picture in ``folder``, and answer their sizes by name. What is there already stays. Raises
    PressrunError."""
    progress = progress or Silence()
    wanted = {shot.name: shot for shot in shots}
    folder.mkdir(parents=True, exist_ok=True)
    had = _kept(folder)
    missing = [shot for shot in wanted.values() if had.get(shot.name) != shot.key]
    if missing:
        progress.begin("pictures", len(missing))
    for name, png in _made(missing):
        write_file(folder, f"{name}.png", png)
        progress.step()
    keys = {name: shot.key for name, shot in sorted(wanted.items())}
    write_file(folder, KEYS, json.dumps(keys, indent=1).encode())
    return {name: _size(folder / f"{name}.png") for name in wanted}


def _size(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


def _kept(folder: Path) -> dict[str, str]:
    try:
        keys: dict[str, str] = json.loads((folder / KEYS).read_bytes())
        return {name: key for name, key in keys.items() if (folder / f"{name}.png").is_file()}
    except (OSError, ValueError, AttributeError):
        return {}


def _made(shots: Iterable[Shot]) -> Iterator[tuple[str, bytes]]:
    """Each job is laid out once, for all its layouts and rows."""
    by_job: dict[str, list[Shot]] = {}
    for shot in shots:
        by_job.setdefault(shot.job, []).append(shot)
    for job, some in by_job.items():
        with tempfile.TemporaryDirectory(prefix="pressrun-manual-") as folder:
            files = {path: text for shot in some for path, text in shot.files.items()}
            root = write_files(Path(folder) / "campaign", files)
            preview = Preview(named_layouts(root / job, [shot.layout for shot in some]), Settings())
            try:
                yield from _looks(preview, some)
            finally:
                preview.close()


def _looks(preview: Preview, shots: list[Shot]) -> Iterator[tuple[str, bytes]]:
    for row in dict.fromkeys(shot.row for shot in shots):
        of_row = {shot.layout: shot.name for shot in shots if shot.row == row}
        pages: dict[str, list[bytes]] = {}
        for look in preview.looks(Wanted(tuple(of_row), (row,) if row else ())):
            if not look.png:
                raise ValueError(f"{look.layout} cannot be set: {[finding.message for finding in look.findings]}")
            pages.setdefault(look.layout, []).append(look.png)
        yield from ((of_row[layout], _reduced(some[:MOST_PAGES])) for layout, some in pages.items())


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """A campaign as `pressrun init` writes it, and files over it. Answers its folder."""
    write_campaign(root)
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def named_layouts(job: Path, layouts: Iterable[str]) -> Path:
    """The job, whose ``layouts: gallery`` stands for all of the gallery."""
    text = job.read_text("utf-8")
    job.write_text(text.replace("layouts: [gallery]", f"layouts: {json.dumps(list(layouts))}"), encoding="utf-8")
    return job


def _engine() -> list[str]:
    """All by whose change the same files would give another picture."""
    recipes = [f"{name} {kind.recipe}" for name, kind in sorted(registry.FORMATS.items())]
    recipes += [f"{name} {model.RECIPE}" for name, model in sorted(registry.STEPS.items())]
    return [version("pressrun"), *ENGINES, *recipes, str(registry.provider("fpo").RECIPE), *registry.PLUG_INS]


def _reduced(pngs: Sequence[bytes]) -> bytes:
    """Pages beside each other, no larger than the manual's page has room for."""
    pages = [Image.open(io.BytesIO(png)).convert("RGB") for png in pngs]
    width = sum(page.width for page in pages) + GAP * (len(pages) - 1)
    shown = Image.new("RGB", (width, max(page.height for page in pages)), BESIDE if len(pages) > 1 else "white")
    left = 0
    for page in pages:
        shown.paste(page, (left, 0))
        left += page.width + GAP
    shown.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True)
    return out.getvalue()
