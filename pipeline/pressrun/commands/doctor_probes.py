"""What `pressrun doctor` tries: every part that a run needs, used once for real, each told in a line.

Libraries are imported where they are tried, so that one that is missing is told like everything else.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from pressrun.model.errors import PressrunError

if TYPE_CHECKING:
    from pressrun.model.project import Project

Verdict = Literal["ok", "note", "missing"]
MODULES = {
    "pillow": "PIL",
    "pyyaml": "yaml",
    "fonttools": "fontTools",
    "zxing-cpp": "zxingcpp",
    "markdown-it-py": "markdown_it",
    "python-stdnum": "stdnum",
}  # where the module is not called like its package
LITTLE_ROOM = 2e9  # bytes; a campaign of a few hundred sheets takes about that much
OUTSIDE = (
    ("qpdf", "qpdf", "checks the structure of PDFs"),
    ("poppler", "pdfinfo", "lists boxes, fonts and pictures of PDFs"),
    ("exiftool", "exiftool", "shows metadata"),
)
KEY = "OPENAI_API_KEY"


class Probe(Struct, frozen=True):
    """How one trial went; ``hint`` is what to do about it."""

    name: str
    verdict: Verdict
    said: str
    hint: str | None = None

    def __str__(self) -> str:
        mark = {"ok": "✓", "note": "!", "missing": "✗"}[self.verdict]
        return f"{mark} {self.name:<14} {self.said}" + (f" — {self.hint}" if self.hint else "")


def probe_all(root: Path, project: Project | None = None) -> Iterator[Probe]:
    """Try everything, with the brand's fonts and profile and the provider if a job is given. Leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="pressrun-doctor-") as scratch:
        font_files: list[Path] = []
        trials: list[tuple[str, Callable[[], Iterator[Probe]]]] = [
            ("python", _python),
            ("libraries", _libraries),
            ("plug-ins", _plug_ins),
            ("fonts", lambda: _firago(Path(scratch), font_files)),
            ("typst", lambda: _typst(font_files)),
            ("profile", lambda: _profile(project)),
            ("store", lambda: _store(root)),
            ("journal", lambda: _journal(root)),
            ("disk", lambda: _disk(root)),
            ("workers", _workers),
            ("learned", _learned),
            ("keys", lambda: _keys(root, project)),
            ("tools", _outside),
        ]
        if project is not None:
            trials.insert(3, ("brand fonts", lambda: _brand_fonts(project)))
        for name, trial in trials:
            yield from tried(name, trial)


def _plug_ins() -> Iterator[Probe]:
    """Only where there are any."""
    from pressrun.registry import BROKEN_PLUG_INS, PLUG_INS

    for plug_in in PLUG_INS:
        yield Probe("plug-ins", "ok", plug_in)
    for finding in BROKEN_PLUG_INS:
        yield Probe("plug-ins", "missing", finding.message, finding.hint)


def _learned() -> Iterator[Probe]:
    """Weights, each with what runs it: none of them is needed where no job asks for it."""
    from pressrun.graphics.learned import weights

    for one in weights.EVERY:
        lack = weights.lack_of(one)
        said = lack[0] if lack else weights.said_of(one).replace(one.sha256, one.sha256[:12])
        yield Probe("learned", "note" if lack else "ok", said, lack[1] if lack else None)


def tried(name: str, trial: Callable[[], Iterator[Probe]]) -> Iterator[Probe]:
    """What a trial says, or what broke it."""
    try:
        yield from trial()
    except PressrunError as error:
        yield Probe(name, "missing", error.message, error.hint)
    except Exception as error:  # whatever a broken installation raises: that is what we are here for
        said = str(error).splitlines()[0] if str(error) else ""
        yield Probe(name, "missing", f"{type(error).__name__}: {said}", "install pressrun anew in a fresh environment")


def _python() -> Iterator[Probe]:
    said = ".".join(map(str, sys.version_info[:3]))
    wanted = _least(str(metadata.metadata("pressrun")["Requires-Python"]))
    if sys.version_info[:2] < wanted[:2]:
        yield Probe("python", "missing", said, f"use Python {'.'.join(map(str, wanted))} or newer")
    else:
        yield Probe("python", "ok", said)


def _libraries() -> Iterator[Probe]:
    """Every library that the package asks for: whether it is there, can be imported, and is of the right version."""
    for requirement in metadata.requires("pressrun") or ():
        wanted, _, marker = requirement.partition(";")
        match = re.match(r"[A-Za-z0-9._-]+", wanted)
        if "extra" in marker or match is None:
            continue
        yield from tried(match[0], functools.partial(_library, match[0], wanted))


def _library(name: str, wanted: str) -> Iterator[Probe]:
    hint = f'pip install "{wanted.strip()}"'
    try:
        found = metadata.version(name)
        import_module(MODULES.get(name.lower(), name.replace("-", "_")))
    except ImportError as error:  # a package that is not there is an ImportError too
        yield Probe(name, "missing", f"cannot be loaded: {error}", hint)
        return
    exact = re.search(r"==\s*([0-9.]+)", wanted)
    if (exact and _numbers(found) != _numbers(exact[1])) or _numbers(found) < _least(wanted):
        yield Probe(name, "missing", f"{found} is the wrong version", hint)
    else:
        yield Probe(name, "ok", found)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _least(specifiers: str) -> tuple[int, ...]:
    match = re.search(r">=\s*([0-9.]+)", specifiers)
    return _numbers(match[1]) if match else (0,)


def _firago(folder: Path, font_files: list[Path]) -> Iterator[Probe]:
    from pressrun.graphics.typefaces import fonts

    files = fonts.firago_files(folder)
    styles = [f"{face.weight}{' italic' if face.italic else ''}" for face in map(fonts.read_face, files)]
    font_files += files
    yield Probe("fonts", "ok", f"FiraGO {', '.join(styles)}")


def _brand_fonts(project: Project) -> Iterator[Probe]:
    from pressrun.graphics.typefaces import fonts
    from pressrun.run.words import sheet_fonts

    with tempfile.TemporaryDirectory(prefix="pressrun-doctor-") as scratch:
        sheet_fonts.font_files(project, Path(scratch))
    families: dict[str, list[str]] = {}
    for face in (face for file in project.font_files for face in fonts.read_faces(file)):
        families.setdefault(face.family, []).append(f"{face.weight}{' italic' if face.italic else ''}")
    said = "; ".join(f"{family} {', '.join(styles)}" for family, styles in families.items())
    yield Probe("brand fonts", "ok", said or "none of its own")


def _typst(font_files: list[Path]) -> Iterator[Probe]:
    """Set a page with Typst, and draw one with PDFium."""
    from pressrun.graphics.texts.typst_engine import Typesetter

    typesetter = Typesetter(tuple(font_files))
    try:
        typesetter.typeset({"pages": [{"width": 72, "height": 72, "texts": []}]})
        families = typesetter.families()
    finally:
        typesetter.close()
    if "FiraGO" not in families:
        yield Probe("typst", "missing", "it does not find FiraGO", "install pressrun anew in a fresh environment")
        return
    yield Probe("typst", "ok", "sets a page")
    yield from tried("pdfium", _pdfium)


def _pdfium() -> Iterator[Probe]:
    from pressrun.graphics.drawn.pdfium import rasterise
    from pressrun.graphics.pages.page_content import shown_pages
    from pressrun.graphics.paths.outlines import rectangle
    from pressrun.model.color import Ink
    from pressrun.model.geometry import Rect
    from pressrun.model.rendering import Level, Overlay, Path, Vectors

    red = Ink("red", "#E4572E", (0, 79, 88, 2))
    square = Vectors((Path(rectangle(Rect(0, 0, 72, 72)), red),))
    pdf = shown_pages([Overlay((72, 72), (Level((square,)),), b"", {})], [lambda ink: ink.srgb])
    [picture] = rasterise(pdf, (16, 16))
    pixel = picture.getpixel((8, 8))
    if pixel == (0xE4, 0x57, 0x2E, 255):
        yield Probe("pdfium", "ok", "draws it")
    else:
        yield Probe("pdfium", "missing", f"draws {pixel} for an orange page", "pip install --force-reinstall pypdfium2")


def _profile(project: Project | None) -> Iterator[Probe]:
    from pressrun.graphics.color import inks
    from pressrun.model.printing_conditions import PrintConditions

    conditions = project.conditions if project else {"": PrintConditions()}
    for name, said in conditions.items():
        press = inks.press_profile(said, project.brand_folder if project else Path())
        color = inks.proof_color((0.0, 0.0, 0.0, 100.0), press)
        told = f"{f'{name}: ' if name else ''}{press.description or said.profile}"
        if press.condition:
            told += f", for {press.condition}, {press.total_ink:g} % of ink; black looks like {color}"
            yield Probe("profile", "ok", told)
        else:
            hint = "ask your printer for its name, and write it: print: {profile: …, condition: FOGRA51}"
            yield Probe("profile", "note", f"{told}: press files do not say for which printing condition it is", hint)


def _store(root: Path) -> Iterator[Probe]:
    """Write, journal and deliver beside the real store, on the same disk, and take it all away again."""
    from pressrun.doors import folder_of
    from pressrun.stores.folder import FolderStore
    from pressrun.stores.sqlite import SqliteJournal

    place = folder_of(root) if folder_of(root).is_dir() else root
    try:
        folder = tempfile.TemporaryDirectory(prefix=".doctor-", dir=place)
    except OSError as error:
        hint = "make it writable, or work in another folder"
        yield Probe("store", "missing", f"{place} cannot be written to: {error.strerror}", hint)
        return
    with folder as scratch:
        store = FolderStore(Path(scratch) / "store")
        digest = store.put(b"doctor", durable=True)
        with SqliteJournal(Path(scratch) / "store" / "journal.db"):
            pass
        yield Probe("store", "ok", f"{place} can be written to")
        target = Path(scratch) / "delivered"
        store.deliver(digest, target)
        if os.path.samefile(target, store.path(digest)):
            yield Probe("links", "ok", "files are delivered as hard links")
        else:
            yield Probe("links", "note", "hard links do not work here", "files are copied: runs take twice the room")


def _journal(root: Path) -> Iterator[Probe]:
    from pressrun.doors import opened_journal
    from pressrun.generate.buy.unsettled import outstanding

    with opened_journal(root, reading=True) as journal:
        if journal is None:
            return
        found, damaged = outstanding(journal), journal.damaged()
    if damaged:
        said = f"{len(damaged)} row{'' if len(damaged) == 1 else 's'} cannot be read: {', '.join(damaged)}"
        yield Probe("journal", "note", said, "the next run sets them aside, and makes again what they stood for")
    if found.batches:
        batches = "1 batch is" if len(found.batches) == 1 else f"{len(found.batches)} batches are"
        pictures = sum(len(one.attempts) for one in found.batches)
        held = "1 picture" if pictures == 1 else f"{pictures} pictures"
        hint = "`pressrun show` lists them, and what collects them"
        yield Probe("batches", "note", f"{batches} under way, with {held}", hint)
    if found.unknown:
        calls = "one call was" if len(found.unknown) == 1 else f"{len(found.unknown)} calls were"
        yield Probe("journal", "note", f"{calls} perhaps charged without an answer", "`pressrun show` lists them")
    else:
        yield Probe("journal", "ok", "opens")


def _disk(root: Path) -> Iterator[Probe]:
    free = shutil.disk_usage(root).free
    said = f"{free / 1e9:.1f} GB free"
    if free < LITTLE_ROOM:
        yield Probe("disk", "note", said, "make room: a campaign of a few hundred files takes about 2 GB")
    else:
        yield Probe("disk", "ok", said)


def _workers() -> Iterator[Probe]:
    from pressrun.executors.local import LocalExecutor
    from pressrun.executors.local.beginnings import get_ready

    with LocalExecutor(1, _Idle, None) as executor:
        [(_, answer)] = executor.run([20], _doubled)
    if isinstance(answer, Exception):
        raise answer
    begun = "fork" if get_ready(__name__) else "spawn"
    yield Probe("workers", "ok", f"start by {begun}, {os.cpu_count() or 1} at once")


class _Idle:
    """A bench with nothing on it."""

    def __init__(self, _: None) -> None: ...
    def close(self) -> None: ...


def _doubled(_: _Idle, number: int) -> int:
    return 2 * number


def _keys(root: Path, project: Project | None) -> Iterator[Probe]:
    """Whether there are keys, which are never shown; one is missing only if a provider of the job asks for it."""
    from pressrun.model.paid_provider import PaidProvider
    from pressrun.readers.environment import read_environment

    environment = read_environment(root)
    job = project.job if project else None
    found = [job.provider, *(job.provider_of(slot) for slot in job.pictures)] if job else []
    paid = [provider for provider in found if isinstance(provider, PaidProvider)]
    told: dict[str, None] = {}
    for provider in paid:
        provider.open_client(environment).close()
        variable = provider.key_variable(environment)
        told[f"{variable} is set" if variable else f"none is needed for {provider.type} here"] = None
    yield from (Probe("keys", "ok", one) for one in told)
    if paid:
        return
    if environment.get(KEY):
        yield Probe("keys", "ok", f"{KEY} is set")
    else:
        said = "not needed by this job" if project else f"{KEY} is not set"
        yield Probe("keys", "ok" if project else "note", said, None if project else "only `provider: openai` needs it")


def _outside() -> Iterator[Probe]:
    for name, command, use in OUTSIDE:
        path = shutil.which(command)
        if path:
            yield Probe(name, "ok", path)
        else:
            yield Probe(name, "note", "not installed", f"optional: it {use}")
