"""One task, from sheet to files in the store, in a worker process; an exception becomes Failed."""

from __future__ import annotations

import errno
import functools
import hashlib
import io
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from PIL import Image, ImageStat

from pressrun import checks as check_stage
from pressrun import compose as compose_stage
from pressrun import export as export_stage
from pressrun import plate, registry
from pressrun import typeset as typeset_stage
from pressrun.compose import text_fit
from pressrun.graphics import font_cuts, fonts, inks
from pressrun.graphics import pdfium as raster
from pressrun.graphics import typst_engine as engine
from pressrun.graphics.artwork import UnusableArtwork
from pressrun.graphics.inks import PressProfile
from pressrun.graphics.pdfium import Ground
from pressrun.graphics.svg_limits import UnusableSvg
from pressrun.model.brand import Brand
from pressrun.model.disk import CannotWrite
from pressrun.model.errors import PressrunError
from pressrun.model.file_facts import CodeShown, FileFacts, FileSize, TextShown
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import PROOF_DENSITY, SCREEN_DENSITY
from pressrun.model.inspection import Inspection, PictureFact, WrittenFile
from pressrun.model.journal import Result, Results
from pressrun.model.layout import Layout
from pressrun.model.provenance import SourceType, composite
from pressrun.model.rendering import Metadata
from pressrun.model.sheet import CodeMark, PictureMark, Sheet
from pressrun.model.step import BrandColors
from pressrun.model.store import Store
from pressrun.model.task import Failed, FileResult, Made, SheetTask
from pressrun.model.xmp import writable

RECIPE = 7
PLATES_KEPT = 6
PIXELS_KEPT = 40_000_000  # of all plates at hand, as they are seen
LONGEST_WORDS = 3000  # characters of a title or description: escaped, the XMP of a JPEG takes them (64 kB)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

# What the bytes depend on besides their inputs.
ENGINES = (
    *plate.ENGINES, f"pdfium {raster.VERSION}", f"firago {fonts.VERSION}", f"cuts {font_cuts.RECIPE}",
    f"recipe {RECIPE} {plate.RECIPE} fit {text_fit.RECIPE}",
    *(f"{name} {version(name)}" for name in ("pikepdf", "picosvg", "zxing-cpp", "regex", "uharfbuzz", "budoux")),
    *registry.PLUG_INS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kit:
    """What all tasks of a run share; sent to each worker once, on whatever machine: what is large is named by its
    digest in the store. ``logos`` by name, ``fonts`` (digest, file name), among them those of ``scripts``
    (family, locale); ``date`` in Unix seconds."""

    brand: Brand
    layouts: dict[str, Layout]
    logos: dict[str, str]
    fonts: tuple[tuple[str, str], ...]
    profile: PressProfile
    open_store: Callable[[], Store]
    open_results: Callable[[], Results]
    date: int
    scripts: frozenset[tuple[str, str]] = frozenset()

    @property
    def brand_colors(self) -> BrandColors:
        return BrandColors(self.brand.palette, self.profile.data)


@dataclass(frozen=True, slots=True)
class _Plate:
    """What lies under the live layers of a sheet: the press JPEG (print with pictures only), its look as sRGB over the
    bleed box, and the same on paper."""

    jpeg: bytes | None
    shown: Image.Image
    ground: Ground


class Bench:
    """A worker's own tools: one typesetter, the store, and the plates it handled last."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.store, self.results = kit.open_store(), kit.open_results()
        with tempfile.TemporaryDirectory(prefix="pressrun-fonts-") as folder:
            named = [(digest, f"{number:03d}-{name}") for number, (digest, name) in enumerate(kit.fonts)]
            self.store.deliver_many(named, Path(folder))
            files = tuple(Path(folder) / name for _, name in named)
            self.faces = fonts.FaceSet(map(fonts.read_face, files))
            self.typesetter = engine.Typesetter(files)
        self.composer = compose_stage.Composer(kit.brand, kit.logos, self.faces)
        self.fitter = text_fit.TextFitter.of(self.typesetter)
        self.read = functools.lru_cache(maxsize=12)(self.store.read)
        self.plates: dict[str, _Plate] = {}
        self.spreads: dict[str, float] = {}

    def close(self) -> None:
        """Let go of the fonts and the journal."""
        self.typesetter.close()
        self.results.close()

    @property
    def brand_colors(self) -> BrandColors:
        return self.kit.brand_colors

    def make(self, task: SheetTask) -> Made:
        kit, content = self.kit, task.content
        layout = kit.layouts[content.layout]
        sheet, findings = self.composer.compose(layout, content)
        (sheet,) = self.fitter.fitted([sheet])
        under = self._plate(sheet)
        sheet, choices = plate.settle(sheet, under.ground.picture, self.read)
        overlay = typeset_stage.typeset(sheet, self.typesetter, self.read, kit.date)
        seen = export_stage.view(overlay, sheet, under.ground, under.shown if sheet.is_cutout else None, kit.profile)
        files = export_stage.export(
            [registry.FORMATS[file.format] for file in task.files],
            sheet,
            overlay,
            choices,
            self._metadata(sheet, task),
            seen,
            under.jpeg,
            kit.profile,
            layout.quality,
            layout.crop_marks,
        )
        inspection = Inspection(
            layout,
            sheet,
            choices,
            seen.page,
            seen.textless,
            self._picture_facts(sheet, task),
            tuple(files),
            self.faces,
            lambda ink: export_stage.look(ink, sheet.target, kit.profile),
        )
        findings += check_stage.check(inspection, registry.CHECKS)
        thumb = self.store.put(export_stage.thumbnail(seen, sheet))
        texts = tuple(TextShown(f.layer, f.lines, f.overflow, f.size, f.text) for f in sheet.texts)
        codes = tuple(CodeShown(mark.layer, mark.value) for mark in sheet.marks if isinstance(mark, CodeMark))
        kept = []
        for one, file in zip(task.files, files, strict=True):
            size = _size_of(file, sheet)
            facts = FileFacts(file.media_type, size, texts, tuple(choices), tuple(findings), thumb, codes)
            kept.append(FileResult(one.key, self.store.put(file.data), len(file.data), facts))
        return Made(task.index, tuple(kept))

    def _metadata(self, sheet: Sheet, task: SheetTask) -> Metadata:
        sources = task.content.source_types
        used = {sources.get(mark.digest, "") for mark in sheet.marks if isinstance(mark, PictureMark)}
        drawn = SourceType.ALGORITHMIC if SourceType.ALGORITHMIC in used else SourceType.DIGITAL_CREATION
        source = composite(drawn, *used)
        title, description = (writable(text[:LONGEST_WORDS]) for text in (sheet.title, sheet.description))
        return Metadata(title, description, self.kit.brand.name, sheet.locale, source, self.kit.date)

    def _picture_facts(self, sheet: Sheet, task: SheetTask) -> dict[str, PictureFact]:
        facts = {}
        for mark in sheet.marks:
            if isinstance(mark, PictureMark) and mark.media_type != "image/svg+xml":
                facts[mark.digest] = PictureFact(
                    task.content.source_types.get(mark.digest, ""), self._spread(mark.digest)
                )
        return facts

    def _spread(self, digest: str) -> float:
        if digest not in self.spreads:  # it was met on a plate, but for those of older runs
            self._note_spread(digest, plate.opened(self.read(digest)))
        return self.spreads[digest]

    def _note_spread(self, digest: str, picture: Image.Image) -> None:
        small = picture.reduce(max(1, max(picture.size) // 128))  # with its outline, which is a picture
        self.spreads[digest] = max(ImageStat.Stat(small).stddev)

    # ------------------------------------------------------------------------------------------------- plates

    def _bare(self, sheet: Sheet) -> Image.Image:
        if sheet.is_cutout:
            return Image.new("RGBA", _seen_size(sheet))
        color = sheet.ground.srgb if sheet.target == "screen" else inks.proof_color(sheet.ground.cmyk, self.kit.profile)
        return Image.new("RGB", _seen_size(sheet), color)

    def _plate(self, sheet: Sheet) -> _Plate:
        """The sheet's plate: kept at hand, else from the store, else painted and stored; paper where there is none."""
        press = sheet.target == "print"
        density = plate.press_density(sheet.boxes.bleed) if press else SCREEN_DENSITY
        canvas = plate.PlateCanvas(density, self.kit.profile if press else None)
        key = plate.plate_key(sheet, canvas)
        at_hand = key or f"bare {sheet.target} {sheet.boxes.bleed} {sheet.ground} {sheet.is_cutout}"
        if at_hand not in self.plates:
            width, height = _seen_size(sheet)
            while len(self.plates) >= min(PLATES_KEPT, max(1, PIXELS_KEPT // (width * height))):
                del self.plates[next(iter(self.plates))]
            jpeg, shown = (self._stored(key) or self._paint(sheet, canvas, key)) if key else (None, self._bare(sheet))
            self.plates[at_hand] = _Plate(jpeg, shown, export_stage.on_paper(shown, sheet))
        return self.plates[at_hand]

    def _stored(self, key: str) -> tuple[bytes | None, Image.Image] | None:
        result = self.results.lookup([key]).get(key)
        if result is None:
            return None
        try:
            shown: Image.Image = Image.open(io.BytesIO(self.store.read(result.digest)))
            shown.load()
            press = result.facts.get("press")
            shown = shown if shown.mode == "RGBA" else shown.convert("RGB")
            self.spreads.update(result.facts.get("spreads", {}))
            return self.store.read(press) if press else None, shown
        except (PressrunError, ValueError, TypeError):
            return None  # damaged or swept away: painted again

    def _paint(self, sheet: Sheet, canvas: plate.PlateCanvas, key: str) -> tuple[bytes | None, Image.Image]:
        painted = plate.paint(sheet, canvas, self.read, self.typesetter.rasterise_svg, self._note_spread)
        jpeg, shown = None, painted
        digests = {mark.digest for mark in sheet.marks if isinstance(mark, PictureMark)}
        facts: dict[str, Any] = {"spreads": {one: self.spreads[one] for one in sorted(digests & self.spreads.keys())}}
        if canvas.profile:
            jpeg = export_stage.encode_plate(painted)
            shown = export_stage.proof_of(painted, _seen_size(sheet), canvas.profile)
            facts["press"] = self.store.put(jpeg)
        data = export_stage.encode_plate(shown)
        self.results.record([Result.of(key, "plate", self.store.put(data), len(data), facts)])
        return jpeg, shown


def _size_of(file: WrittenFile, sheet: Sheet) -> FileSize:
    if sheet.target == "screen":
        return FileSize(file.size)
    trim, bleed = sheet.boxes.trim, sheet.boxes.trim.x
    millimetres = 25.4 / 72
    in_mm = (round(trim.width * millimetres, 2), round(trim.height * millimetres, 2))
    return FileSize(file.size if file.size[0] else None, in_mm, round(bleed * millimetres, 2))


def _seen_size(sheet: Sheet) -> tuple[int, int]:
    """Width and height in pixels at which a page is shown and checked."""
    density = SCREEN_DENSITY if sheet.target == "screen" else PROOF_DENSITY
    return plate.PlateCanvas(density, None).box(sheet.boxes.bleed)[2:]


def open_bench(kit: Kit) -> Bench:
    """A bench for a worker: the executor calls this once in each."""
    try:
        return Bench(kit)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise _no_room(problem) from problem
        raise


def _no_room(problem: OSError) -> CannotWrite:
    """Fonts and vector pictures pass through the system's folder for temporary files."""
    return CannotWrite(
        f"a worker cannot write to {tempfile.gettempdir()}: {problem.strerror}",
        "make room there, or let TMPDIR name another folder; then run the same command again: what is done is kept",
    )


def make_sheets(bench: Bench, tasks: tuple[SheetTask, ...]) -> list[Made | Failed]:
    """A worker's task: a few sheets, the ones that share plates together."""
    return [_guarded(bench.make, task) for task in tasks]


def _guarded(make: Callable[[SheetTask], Made], task: SheetTask) -> Made | Failed:
    layout = task.content.layout
    try:
        return make(task)
    except (PressrunError, engine.TypesettingFailed, UnusableSvg, UnusableArtwork) as problem:
        if isinstance(problem, PressrunError) and problem.stops_the_run:
            raise
        return Failed(task.index, Finding(Severity.ERROR, "sheet-failed", str(problem), layout=layout, row=task.row))
    except Exception as problem:
        if isinstance(problem, OSError) and problem.errno in NO_ROOM:
            raise _no_room(problem) from problem
        message, trace = f"{type(problem).__name__}: {problem}", traceback.format_exc()
        finding = Finding(Severity.ERROR, "internal-error", message, layout=layout, row=task.row, trace=trace)
        return Failed(task.index, finding)


def file_key(*parts: str) -> str:
    """The key of a file: the hash of everything it is made from, in order."""
    return hashlib.sha256("\0".join((*ENGINES, *parts)).encode()).hexdigest()
