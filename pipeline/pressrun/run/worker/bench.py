"""One task, from sheet to files in the store, in a worker process; an exception becomes Failed."""

from __future__ import annotations

import errno
import functools
import hashlib
import io
import platform
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from msgspec.structs import astuple
from PIL import Image, ImageStat

from pressrun import export as export_stage
from pressrun import plate, registry
from pressrun.compose import Composer, text_fit
from pressrun.compose.text_lines import set_lines
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.drawn import pdfium as raster
from pressrun.graphics.drawn.mixed_layers import press_picture
from pressrun.graphics.inked.separation import NotSeparable, separated
from pressrun.graphics.pages.placed_pages import document_of, embedded_profile
from pressrun.graphics.photos.photographs import is_opaque
from pressrun.graphics.plates import spot_layers
from pressrun.graphics.plates.canvas import Canvas
from pressrun.graphics.plates.ground import Ground
from pressrun.graphics.plates.spot_layers import Parted
from pressrun.graphics.svg.artwork import Artwork, UnusableArtwork, read_artwork
from pressrun.graphics.svg.elements import without
from pressrun.graphics.texts import typst_engine as engine
from pressrun.graphics.texts.set_letters import SetLine
from pressrun.graphics.typefaces import font_cuts, fonts
from pressrun.language.thai_words import dictionary
from pressrun.model.disk import CannotWrite
from pressrun.model.errors import PressrunError
from pressrun.model.geometry import SCREEN_DENSITY, proof_density
from pressrun.model.inspection import PictureFact, PixelBox
from pressrun.model.journal import Result
from pressrun.model.journal.results import PLATE
from pressrun.model.placed_page import PageMark
from pressrun.model.plate_density import is_large, plate_density, press_density
from pressrun.model.rendering import Document, InkLimit, Piece, Pixels, SpotLayer
from pressrun.model.sheet import PictureMark, ShadeMark, Sheet, TextMark
from pressrun.model.step import BrandColors
from pressrun.model.stored_bytes import Content, StoredBytes
from pressrun.model.task import SheetContent
from pressrun.run.worker.codes_read import CodesRead
from pressrun.run.worker.kit import Kit as Kit
from pressrun.run.worker.kit import open_bench as open_bench
from pressrun.run.worker.painted_plates import Painted, Plate, painted_in_strips
from pressrun.run.worker.pieces import Pieces
from pressrun.run.worker.svg_pictures import SvgPictures

RECIPE = 23
PLATES_KEPT = 6
DRAWINGS_KEPT = 12
PICTURE_KEPT = 16_000_000  # pixels of the last picture, at most
PIXELS_KEPT = 40_000_000  # of all plates at hand, as they are seen
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

DRAWN_WITH = (
    "pikepdf", "coloraide", "picosvg", "zxing-cpp", "biip", "python-stdnum", "regex", "uharfbuzz", "budoux",
)  # fmt: skip

# What the bytes depend on besides their inputs.
ENGINES = (
    *plate.ENGINES, f"pdfium {raster.VERSION}", f"firago {fonts.VERSION}", f"cuts {font_cuts.RECIPE}",
    f"recipe {RECIPE} {plate.RECIPE} fit {text_fit.RECIPE}",
    *(f"{name} {version(name)}" for name in DRAWN_WITH), *filter(None, [dictionary()]),
    *registry.PLUG_INS,
)  # fmt: skip


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
        self.fitter = text_fit.TextFitter.of(self.typesetter)
        below = {name: press.overprint_below for name, press in kit.presses.items()}
        self.composer = Composer(kit.brand, kit.logos, self.faces, self.fitter, self.logo_frame, below)
        self.read = functools.lru_cache(maxsize=12)(self.store.read)
        self.is_opaque = functools.lru_cache(maxsize=4096)(lambda digest: is_opaque(self.store.read(digest)))
        self.plates: dict[str, Plate] = {}
        self.drawn_grounds: dict[str, Ground] = {}  # plates with what lies on them, as several texts were looked at on
        self.locales_set_alone: set[str] = set()  # since company shows in most of their sheets
        self.spreads: dict[str, float] = {}
        self.codes_read = CodesRead()
        self._pieces = Pieces(self)
        self._drawn: dict[tuple[str, float, float, tuple[str, ...]], bytes] = {}
        self._svgs = SvgPictures(self.typesetter, self.read)
        self._last: tuple[str, Image.Image | None] = "", None
        self.cancelled: Callable[[], bool] = bool  # whether nobody waits any more for what is made

    def close(self) -> None:
        """Let go of the fonts and the journal."""
        self.typesetter.close()
        self.results.close()

    @property
    def brand_colors(self) -> BrandColors:
        return self.kit.brand_colors

    def set_lines(self, mark: TextMark) -> list[SetLine] | None:
        """A fitted text, letter by letter; None where only Typst can tell where each stands."""
        return None if self.faces.is_colored(mark.text, mark.families) else set_lines(self.fitter, mark)

    def artwork(self, digest: str) -> Artwork:
        """A logo by the digest of its SVG. Raises UnusableArtwork."""
        return self.kit.artwork.get(digest) or read_artwork(self.read(digest))

    def logo_frame(self, name: str) -> tuple[float, float]:
        """How wide and high a logo of the brand is, in its own units. Raises UnusableArtwork."""
        art = self.artwork(self.kit.logos[name])
        return art.width, art.height

    def press(self, sheet: Sheet) -> PressProfile:
        """By which a sheet is printed; of one for screens, that by which placed documents without one are seen."""
        return self.kit.press_for(sheet.layout, sheet.condition)

    def plates_at_hand(self, sheet: Sheet) -> int:
        """How many plates of a size are kept at hand."""
        width, height = self._seen_size(sheet)
        return min(PLATES_KEPT, max(1, PIXELS_KEPT // (width * height)))

    def picture_facts(self, sheet: Sheet, content: SheetContent) -> dict[str, PictureFact]:
        """What is known of the pictures placed on a sheet, by digest."""
        sources = content.source_types
        every = (*content.slots.values(), content.files.values())
        subjects = {one.digest: one.subject for placed in every for one in placed}
        return {
            mark.digest: PictureFact(sources.get(mark.digest, ""), self._spread(mark.digest), subjects.get(mark.digest))
            for one in sheet.placed
            if isinstance(mark := one.mark, PictureMark) and mark.media_type != "image/svg+xml"
        }

    def _spread(self, digest: str) -> float:
        if digest not in self.spreads:  # it was met on a plate, but for those of older runs
            self.photograph(digest)
        return self.spreads[digest]

    def photograph(self, digest: str) -> Image.Image:
        """A picture in sRGB. The last one is kept, unless it is very large: plates that show it come one after the
        other."""
        if digest != self._last[0]:
            self._last = "", None
            picture = plate.opened(self.store.read(digest))
            small = picture.reduce(max(1, max(picture.size) // 128))  # with its outline, which is a picture
            self.spreads[digest] = max(ImageStat.Stat(small).stddev)
            if picture.width * picture.height > PICTURE_KEPT:
                return picture
            self._last = digest, picture
        assert self._last[1]
        return self._last[1]

    def drawn(self, digest: str, width: int, height: int, part: PixelBox | None = None) -> Image.Image:
        """An SVG in sRGB, so many pixels wide and high, or a part of it."""
        svgs = self._svgs
        return svgs.part(digest, width, height, part) if part else svgs.whole(digest, width, height)

    # ------------------------------------------------------------------------------------------------- plates

    def _bare(self, sheet: Sheet) -> Painted:
        if sheet.is_cutout:
            return Painted(None, Image.new("RGBA", self._seen_size(sheet)))
        color = export_stage.look(sheet.ground, sheet.target, self.press(sheet))
        return Painted(None, Image.new("RGB", self._seen_size(sheet), color))

    def piece(self, sheet: Sheet, mark: PictureMark | ShadeMark, enlarged: float = 1.0) -> tuple[Pixels, Piece]:
        """A mark of pixels above live layers, and its place; ``enlarged``: by the groups around it."""
        canvas = self._canvas_of(sheet, self.piece_density(sheet))
        return self._pieces.piece(mark, canvas, enlarged, self.seen_density(sheet))

    def document(self, sheet: Sheet, mark: PageMark) -> Document:
        """The document of which a page is placed: its inks are seen on the paper of the job; on screens on that which
        they are for, if it says so."""
        data = self.read(mark.digest)
        if mark.palette:
            return self._drawing(sheet, mark, data)
        own = embedded_profile(data) if sheet.target == "screen" else None
        return document_of(mark, data, own or self.press(sheet).data, sheet.target)

    def _drawing(self, sheet: Sheet, mark: PageMark, svg: bytes) -> Document:
        """An SVG as a page of the size in which it is placed: in inks where it is printed. Raises UnusableArtwork."""
        key = mark.digest, mark.rect.width, mark.rect.height, mark.without
        if key not in self._drawn:
            while len(self._drawn) >= DRAWINGS_KEPT:
                del self._drawn[next(iter(self._drawn))]
            svg = without(svg, mark.without) if mark.without else svg
            self._drawn[key] = self.typesetter.drawn_svg(svg, mark.rect.width, mark.rect.height)
        data, profile = self._drawn[key], self.press(sheet).data
        if sheet.target == "print":
            try:
                data = separated(data, mark.palette, profile)
            except NotSeparable as error:
                raise UnusableArtwork(f"{mark.name} cannot be separated into inks: it has {error}") from error
        return Document(data, profile)

    def plate_key(self, sheet: Sheet) -> str:
        """What a sheet's plate is kept under: its key in the store, or for a bare page what that looks like."""
        if key := plate.plate_key(sheet, self._canvas(sheet)):
            return key
        layout = self.kit.layouts.get(sheet.layout)
        seen_on = f"{sheet.condition} {layout and layout.stock}"
        return f"{sheet.target} {seen_on} {sheet.boxes.bleed} {sheet.ground} {sheet.is_cutout}"

    def seen_density(self, sheet: Sheet) -> float:
        """Pixels per inch at which a page is shown and checked."""
        return SCREEN_DENSITY if sheet.target == "screen" else proof_density(sheet.boxes.bleed)

    def plate_density(self, sheet: Sheet) -> float:
        """Pixels per inch at which its plate is painted."""
        if sheet.target == "screen":
            return SCREEN_DENSITY
        layout = self.kit.layouts.get(sheet.layout)
        return plate_density(sheet, layout) if layout else press_density(sheet.boxes.bleed)

    def piece_density(self, sheet: Sheet) -> float:
        """Pixels per inch at which what lies above live layers is painted."""
        return press_density(sheet.boxes.bleed) if sheet.target == "print" else SCREEN_DENSITY

    def _seen_size(self, sheet: Sheet) -> tuple[int, int]:
        return Canvas(self.seen_density(sheet), None).box(sheet.boxes.bleed)[2:]

    def _canvas(self, sheet: Sheet) -> Canvas:
        return self._canvas_of(sheet, self.plate_density(sheet))

    def _canvas_of(self, sheet: Sheet, density: float) -> Canvas:
        return Canvas(density, self.press(sheet) if sheet.target == "print" else None)

    def plate(self, sheet: Sheet, key: str) -> Plate:
        """The sheet's plate, which has this key: kept at hand, else from the store, else painted and stored; paper
        where there is none."""
        if key not in self.plates:
            while len(self.plates) >= self.plates_at_hand(sheet):
                del self.plates[next(iter(self.plates))]
            has_pixels = bool(plate.pixel_marks(sheet))
            made = (self._stored(sheet, key) or self._paint(sheet, key)) if has_pixels else self._bare(sheet)
            ground = export_stage.ground_of(made.seen, sheet, self.press(sheet))
            cutout = made.seen if sheet.is_cutout else None
            self.plates[key] = Plate(made.jpeg, cutout, ground, made.spots, made.limits)
        return self.plates[key]

    def press_plate(self, sheet: Sheet, plate: Plate) -> Image.Image:
        """The sheet's plate in CMYK, of the size at which it is seen."""
        if plate.jpeg:
            return spot_layers.laid_over(press_picture(plate.jpeg, plate.ground.size), plate.spots)
        return Image.new("CMYK", plate.ground.size, tuple(round(part * 2.55) for part in sheet.ground.cmyk))

    def _stored(self, sheet: Sheet, key: str) -> Painted | None:
        result = self.results.lookup([key]).get(key)
        if result is None:
            return None
        try:
            shown: Image.Image = Image.open(io.BytesIO(self.store.read(result.digest)))
            shown.load()
            press = result.facts.get("press")
            shown = shown if shown.mode == "RGBA" else shown.convert("RGB")
            self.spreads.update(result.facts.get("spreads", {}))
            full = plate.spots_of(sheet, self._canvas(sheet))
            spots = tuple(
                SpotLayer(full[spot], (width, height), self.store.read(digest))
                for spot, (width, height), digest in result.facts.get("spots", ())
            )
            limits = tuple(InkLimit(*limit) for limit in result.facts.get("limits", ()))
            return Painted(self._press_jpeg(sheet, press) if press else None, shown, spots, limits)
        except (PressrunError, ValueError, TypeError, KeyError):
            return None  # damaged or swept away: painted again

    def _press_jpeg(self, sheet: Sheet, digest: str) -> Content:
        is_much = is_large(self._canvas(sheet).whole(sheet.boxes.bleed))
        return StoredBytes.of(self.store, digest) if is_much else self.store.read(digest)

    def _paint(self, sheet: Sheet, key: str) -> Painted:
        canvas = self._canvas(sheet)
        if canvas.profile and is_large(canvas.whole(sheet.boxes.bleed)):
            made = painted_in_strips(sheet, canvas, self._seen_size(sheet), self.photograph, self.drawn, self.store)
            self.keep(sheet, key, made)
            return made
        painted = plate.paint(sheet, canvas, self.photograph, self.drawn)
        jpeg, shown, spots = None, painted.picture, tuple[SpotLayer, ...]()
        if canvas.profile:
            full = plate.spots_of(sheet, canvas)
            press = spot_layers.parted(painted, None, full) if full else Parted(painted.picture, None, ())
            assert press.picture, "a plate is of process inks, though there may be nothing of them"
            jpeg, spots = export_stage.encode_plate(press.picture), press.layers
            shown = export_stage.proof_of(painted, full, self._seen_size(sheet))
        made = Painted(jpeg, shown, spots, tuple(painted.limits.values()))
        self.keep(sheet, key, made)
        return made

    def keep(self, sheet: Sheet, key: str, painted: Painted) -> None:
        """Put a plate into the store, for other benches and other runs."""
        digests = {mark.digest for mark in plate.pixel_marks(sheet) if isinstance(mark, PictureMark)}
        facts: dict[str, Any] = {"spreads": {one: self.spreads[one] for one in sorted(digests & self.spreads.keys())}}
        if painted.jpeg:
            jpeg = painted.jpeg
            facts["press"] = jpeg.digest if isinstance(jpeg, StoredBytes) else self.store.put(jpeg)
        if painted.spots:
            facts["spots"] = [[one.ink.spot, list(one.size), self.store.put(one.cover)] for one in painted.spots]
        if painted.limits:
            facts["limits"] = [astuple(limit) for limit in painted.limits]
        data = export_stage.encode_plate(painted.seen)
        self.results.record([Result.of(key, PLATE, self.store.put(data), len(data), facts)])


def opened(kit: Kit) -> Bench:
    """A bench for tasks of this kit. Raises CannotWrite."""
    try:
        return Bench(kit)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise no_room(problem) from problem
        raise


def engines() -> tuple[str, ...]:
    """What the bytes of files depend on besides their inputs, and where they are made."""
    machine = f"python {platform.python_version()}", f"machine {platform.machine()}", f"system {platform.system()}"
    return f"pressrun {version('pressrun')}", *machine, *ENGINES


def no_room(problem: OSError) -> CannotWrite:
    """Fonts and vector pictures pass through the system's folder for temporary files."""
    return CannotWrite(
        f"a worker cannot write to {tempfile.gettempdir()}: {problem.strerror}",
        "make room there, or let TMPDIR name another folder; then run the same command again: what is done is kept",
    )


def file_key(*parts: str) -> str:
    """The key of a file: the hash of everything it is made from, in order."""
    return hashlib.sha256("\0".join((*ENGINES, *parts)).encode()).hexdigest()
