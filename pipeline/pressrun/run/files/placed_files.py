"""Picture files that rows name (packshots): taken into the store once, refused where they cannot be placed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from itertools import chain, islice
from pathlib import Path, PurePath

from msgspec.structs import replace
from PIL import Image, UnidentifiedImageError

from pressrun.graphics.photos.heic import is_heic
from pressrun.graphics.photos.incoming import (
    HEIC,
    IN_BITS,
    KINDS_READ,
    MEDIA_TYPES,
    SMALLER,
    damage_of,
    fault_of,
    head_of,
    notes_of,
    refuse_unfinished,
)
from pressrun.graphics.photos.photo_credits import credit_of
from pressrun.graphics.photos.photo_regions import focus_of
from pressrun.graphics.photos.photographs import AGAIN, KINDS, WITHOUT_WHITE, upright, widely_read
from pressrun.graphics.svg.limits import UnusableSvg, frame
from pressrun.graphics.svg.unheeded import notes_of_svg
from pressrun.graphics.texts.typst_engine import sound_svg
from pressrun.language.vocabulary import SERIAL
from pressrun.load.campaign_reader import capped
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError, PictureFailed, PressrunError, WordsFailed
from pressrun.model.file_metadata import Credit
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import repeated_layer
from pressrun.model.job import MOST_PIXELS
from pressrun.model.journal.results import Results
from pressrun.model.layout import LayerOptions, layer_name
from pressrun.model.learned import Detector
from pressrun.model.named_files import files_named
from pressrun.model.placed_page import PDF, SVG, PdfPage
from pressrun.model.plan import Passed, Plan, PlannedSheet
from pressrun.model.project import OutsideCampaign, Project
from pressrun.model.step import Box
from pressrun.model.store import Store
from pressrun.readers.missing_pictures import picture_hint
from pressrun.retouch import detection_key, subject_of
from pressrun.run.files.drawings import drawing_of
from pressrun.run.layer_places import place_of_item
from pressrun.run.presses import presses_of
from pressrun.run.words.noted_files import NotedFiles
from pressrun.run.words.sheet_words import SheetWords, TextsOfRows

MISSING = "missing-picture"
Looked = MutableMapping[tuple[Path, int, int], PlacedPicture]  # by file, the time of its last change, and bytes


class UnusablePicture(PressrunError):
    """A picture file that cannot be placed, with a stable code."""

    exit_code = 2

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self._code = code

    @property
    def code(self) -> str:
        return self._code


def inspect_picture(data: bytes, name: str) -> tuple[str, tuple[int, int]]:
    """Media type and size of a picture file: an SVG's in its own units, a PDF's is not known. Raises
    UnusablePicture."""
    if name.lower().endswith(".svg") or data.lstrip()[:5].lower() in (b"<?xml", b"<svg "):
        try:
            width, height = frame(sound_svg(data, texts=True))
        except UnusableSvg as error:
            raise UnusablePicture("unusable-svg", f"{name} cannot be placed: {error}") from error
        return SVG, (max(1, round(width)), max(1, round(height)))
    if name.lower().endswith(".pdf"):
        return PDF, (0, 0)
    try:
        if is_heic(data):
            size = head_of(io.BytesIO(data), name).seen
            _refuse_large(size, name)
            return MEDIA_TYPES[HEIC], size
        refuse_unfinished(io.BytesIO(data), name)
        with Image.open(io.BytesIO(data)) as picture:
            kind, size, mode = picture.format or "", picture.size, picture.mode
            _refuse_large(size, name)
            picture.load()
        if damage := damage_of(data, name):
            raise damage
    except UnusablePicture:
        raise
    except PictureFailed as error:
        named = error.message if name in error.message else f"{name}: {error.message}"
        raise UnusablePicture("broken-picture", named, error.hint) from error
    except UnidentifiedImageError:
        if fault := fault_of(io.BytesIO(data), name):
            raise UnusablePicture("broken-picture", fault.message, fault.hint) from None
        message = f"{name} is no picture that can be read"
        raise UnusablePicture("broken-picture", message, f"save it as SVG, {KINDS_READ}") from None
    except Exception as error:  # Pillow's decoders raise many kinds
        raise UnusablePicture("broken-picture", f"{name} cannot be decoded: {error}", AGAIN) from error
    if kind not in MEDIA_TYPES:
        raise UnusablePicture("unknown-picture-kind", f"{name} is {kind}", f"save it as SVG, {KINDS_READ}")
    if mode in WITHOUT_WHITE:
        message = f"{name} has grey of 32 bits, of which nothing says what is white"
        raise UnusablePicture("unknown-picture-kind", message, IN_BITS)
    return MEDIA_TYPES[kind], size


def _refuse_large(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        most = f"{MOST_PIXELS // 10**6} million are the most that can be placed"
        raise UnusablePicture("picture-too-large", f"{name} has {size[0]} x {size[1]} pixels; {most}", SMALLER)


class PlacedFiles:
    """Row-named picture files by the path as written, each looked at once a run, and read once more to be placed."""

    def __init__(
        self, project: Project, store: Store, words: SheetWords, results: Results | None = None,
        looked: Looked | None = None, beside: NotedFiles | None = None,
    ) -> None:  # fmt: skip
        """``looked``: what is known of files from before, by the same profiles, and is added to. ``beside``: what is
        noted of the rows of the run that nobody looks at."""
        self._project, self._store, self.words, self._results = project, store, words, results
        self._looked, self._beside = looked, beside
        self.noted = NotedFiles()  # what is left out of files that rows name
        self._subjects: dict[str, tuple[Box, Detector] | None] = {}
        self._detects: dict[str, tuple[Detector, ...]] = {}
        self._placed: dict[str, PlacedPicture | UnusablePicture] = {}
        self._artwork = functools.cache(self._layers_of_artwork)
        self._kept = 0  # of them, the first so many
        self._notes: dict[str, tuple[Finding, ...]] = {}  # what is left out of files, until it is told
        self._of_layouts: list[Finding] = []  # likewise, of those that no row names
        self._drawings: set[tuple[str, str]] = set()  # layouts and their layers whose drawings were told

    def place(self, written: str) -> PlacedPicture:
        """The picture in a file, which :meth:`keep` takes into the store. Raises UnusablePicture."""
        if written not in self._placed:
            self._placed[written] = self._look(written)
        found = self._placed[written]
        if isinstance(found, UnusablePicture):
            raise found
        return found

    def on(self, sheet: PlannedSheet) -> Callable[[str], PlacedPicture]:
        """How the files that a sheet names are placed: with what detectors found in them, where its layout asks."""
        detect = self.detects(sheet.drawn_by)
        return functools.partial(self._looked_at, detect) if detect else self.place

    def detects(self, drawn_by: str) -> tuple[Detector, ...]:
        """What looks at the files that a layout's rows name."""
        if drawn_by not in self._detects:
            asked = self._project.brand.detect
            layers = self._project.drawn_by(drawn_by).layout.layers
            own = (layer.detects(asked) for layer in layers if isinstance(layer, LayerOptions))
            self._detects[drawn_by] = tuple(dict.fromkeys(chain.from_iterable(own)))
        return self._detects[drawn_by]

    def _looked_at(self, detect: tuple[Detector, ...], written: str) -> PlacedPicture:
        """The picture in a file with the box of its subject, as far as it was looked for. Raises UnusablePicture."""
        picture = self.place(written)
        if picture.media_type in (SVG, PDF):
            return picture
        key = detection_key(picture.digest, detect)
        if key not in self._subjects:
            known = self._results.lookup([key]).get(key) if self._results else None
            if known is None:
                return picture
            self._subjects[key] = known.read(subject_of)
        found = self._subjects[key]
        return replace(picture, subject=found[0], detector=found[1]) if found else picture

    @property
    def names(self) -> list[str]:
        """The files that can be placed, among those asked for so far."""
        return [written for written, one in self._placed.items() if isinstance(one, PlacedPicture)]

    def keep(self) -> None:
        """Take what was placed since the last time into the store: asked once which it has, so that many need not lie
        in memory. Raises UnusablePicture for a file that changed meanwhile."""
        fresh = [(written, self._placed[written]) for written in islice(self._placed, self._kept, None)]
        self._kept = len(self._placed)
        sound = {written: one for written, one in fresh if isinstance(one, PlacedPicture)}
        files = {picture.digest: written for written, picture in sound.items()}
        missing = sorted(files.keys() - self._store.present(files))
        again = (self._read(files[digest])[0] for digest in missing)
        for digest, kept in zip(missing, self._store.put_many(again), strict=True):
            if digest != kept:
                raise UnusablePicture("changed-picture", f"the picture {files[digest]} changed while it was read")

    def _look(self, written: str) -> PlacedPicture | UnusablePicture:
        if self._looked is None or (stamp := self._stamp(written)) is None:
            return self._looked_into(written)
        if known := self._looked.get(stamp):
            return known
        found = self._looked_into(written)
        if isinstance(found, PlacedPicture):
            self._looked[stamp] = found
        return found

    def _stamp(self, written: str) -> tuple[Path, int, int] | None:
        with contextlib.suppress(OutsideCampaign, OSError):
            if path := self._project.find_file(written):
                said = path.stat()
                return path, said.st_mtime_ns, said.st_size
        return None

    def _looked_into(self, written: str) -> PlacedPicture | UnusablePicture:
        try:
            data, media_type, size = self._read(written)
            pages = self._pages(data, media_type, written)
        except UnusablePicture as problem:
            return problem
        if media_type == SVG and (notes := notes_of_svg(data, written)):
            self._notes[written] = notes
        region, credit = (None, ()) if pages else self._said(written)
        digest = hashlib.sha256(data).hexdigest()
        return PlacedPicture(digest, media_type, size, pages=pages, region=region, credit=credit)

    def _said(self, written: str) -> tuple[tuple[float, float] | None, Credit]:
        """Told by the file itself: a copy that was turned upright has lost its XMP."""
        path = self._project.find_file(written)
        said = path.read_bytes() if path else b""
        if notes := notes_of(said, written):
            self._notes[written] = notes
        return (focus_of(said), credit_of(said)) if said else (None, ())

    def _pages(self, data: bytes, media_type: str, name: str) -> tuple[PdfPage, ...]:
        if media_type == SVG:
            return (drawing_of(sound_svg(data, texts=True)),)
        if media_type != PDF:
            return ()
        from pressrun.run.files.pdf_pages import Locked, NoPages, pages_of

        profile = presses_of(self._project)[""]
        try:
            return pages_of(data, profile)
        except Locked:
            raise UnusablePicture("encrypted", f"{name} opens only with a password", "save it without one") from None
        except NoPages as error:
            raise UnusablePicture("broken-picture", f"{name} cannot be read: {error}") from error

    def _read(self, written: str) -> tuple[bytes, str, tuple[int, int]]:
        try:
            path = self._project.find_file(written)
        except OutsideCampaign as error:
            raise UnusablePicture("outside-campaign", str(error)) from error
        if path is None:
            campaign = self._project.campaign
            raise UnusablePicture(MISSING, campaign.without(written), picture_hint(campaign, written))
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UnusablePicture("unreadable-file", f"{written} cannot be read: {error.strerror}") from error
        media_type, size = inspect_picture(data, written)
        if media_type == PDF:
            from pressrun.readers.press_pdf.readable_names import with_readable_names

            data = with_readable_names(data)
        if media_type in (SVG, PDF):
            return data, media_type, size
        try:
            data = upright(data if media_type in KINDS.values() else widely_read(data))
        except PictureFailed as error:
            raise UnusablePicture("broken-picture", f"{written}: {error.message}", error.hint) from error
        return data, *inspect_picture(data, written)

    def marked(self, plan: Plan) -> Plan:
        """The plan as the words of its sheets leave it: one that cannot be filled in, or names a file that is missing,
        or cannot be placed, is a fault of its row alone, and no picture is had for it. One that a layout names itself
        and that cannot be placed is wrong for all: it is among the plan's findings, as is what is left out of files."""
        faults: dict[tuple[str, str, int], Finding] = {}
        of_rows: list[Finding] = []
        noted = NotedFiles()
        for sheet in plan.nameless(self._passed(self.words.texts_of_rows())):
            own, others = ([], []) if sheet.row.fault else self._faults(sheet)
            for one in others:
                noted.add(one, sheet.row.values[SERIAL])
            of_rows += own
            if own and not sheet.fault:
                faults[sheet.of] = own[0]
        self.noted = noted if self._beside is None else noted.along_with(self._beside)
        by_code: dict[str, list[Finding]] = {}
        for one in (*self.noted.told(), *self._of_layouts):
            by_code.setdefault(one.code, []).append(one)
        few = chain.from_iterable(map(capped, by_code.values()))
        return plan.with_findings((*few, *self.words.told())).with_faults(faults, of_rows)

    def _passed(self, texts: TextsOfRows) -> Passed:
        """The layouts that a row has nothing wrong in, of those that place files which are sound, or none."""
        drawn = {*self._project.layouts, *self._project.variants}  # of a preview some of those that there are words of
        placing = ((name, files) for name, files in texts.layouts.items() if name in drawn)
        sound = frozenset(name for name, files in placing if self._are_sound(name, files))
        return lambda row: sound if row.fault or texts.are_sound(row) else ()

    def _are_sound(self, drawn_by: str, files: Iterable[tuple[str, str]]) -> bool:
        try:
            for layer, written in files:
                picture = self.place(written.strip())
                if repeated_layer(layer) not in self._artwork(drawn_by):
                    _require_picture(picture, written)
        except UnusablePicture:
            return False
        for layer, written in files:
            place = self._in_layout(drawn_by, layer, written)
            notes = self._notes.pop(written.strip(), ())
            notes = (*notes, *self._as_pixels(drawn_by, layer, written.strip()))
            self._of_layouts += [replace(note, place=place, layout=drawn_by, layer=layer) for note in notes]
        return True

    def _as_pixels(self, drawn_by: str, layer: str, written: str) -> Iterator[Finding]:
        """That a printed layer shows drawings as pixels, though artwork would show the same; once a layer."""
        at, layout = (drawn_by, repeated_layer(layer)), self._project.drawn_by(drawn_by).layout
        if at in self._drawings or layout.target != "print" or self.place(written).media_type != SVG:
            return
        self._drawings.add(at)
        layers = enumerate(layout.layers)
        if any(layer_name(options, index) == at[1] and options.may_be_artwork for index, options in layers):
            message = f"{written} is a drawing, and is printed as pixels here"
            hint = "write `type: artwork`: it stays vectors, in the brand's inks"
            yield Finding(Severity.NOTE, "drawing-as-pixels", message, hint=hint)

    def fault_of(self, sheet: PlannedSheet, layer: str, written: str) -> UnusablePicture | None:
        """Why a layer of a sheet cannot show a file that it names."""
        try:
            picture = self.place(written)
            if repeated_layer(layer) not in self._artwork(sheet.drawn_by):
                _require_picture(picture, written)
        except UnusablePicture as fault:
            return fault
        return None

    def _faults(self, sheet: PlannedSheet) -> tuple[list[Finding], list[Finding]]:
        """What is wrong with a sheet's row alone, and with files that its layout names itself."""
        own: list[Finding] = []
        others: list[Finding] = []
        try:
            content = self.words.of(sheet)
        except WordsFailed as error:
            own += error.findings
            content = error.said
        except InputError as error:
            return list(error.findings), []
        for layer, fields in content.items():
            for written in files_named([fields]):
                if fault := self.fault_of(sheet, layer, written):
                    in_layout = self._in_layout(sheet.drawn_by, layer, written)
                    told = Finding(Severity.ERROR, fault.code, fault.message, hint=fault.hint, subject=written)
                    at_fault = others if in_layout and fault.code != MISSING else own
                    at_fault.append(self._placed_in(told, sheet, layer, written))
                else:
                    notes = [*self._notes.pop(written, ()), *self._as_pixels(sheet.drawn_by, layer, written)]
                    others += [self._placed_in(note, sheet, layer, written) for note in notes]
        return own, others

    def _placed_in(self, told: Finding, sheet: PlannedSheet, layer: str, written: str) -> Finding:
        """What is told of a file, with where a sheet's row or layout names it."""
        row = sheet.row
        place = row.cell_place(written) or self._in_layout(sheet.drawn_by, layer, written)
        if place is None and row.members:  # of which one has the cell that the path is made of
            parts = PurePath(written).parts[::-1]
            cells = (row.cell_place(cell) for part in parts for cell in (part, PurePath(part).stem))
            place = place_of_item(self._project, sheet, layer) or next(filter(None, cells), None)
        place = place or row.place
        return replace(told, place=place, layout=sheet.layout, layer=layer, row=sheet.row.id)

    def _in_layout(self, drawn_by: str, layer: str, written: str) -> Place | None:
        """Where a layout names a file itself."""
        loaded = self._project.drawn_by(drawn_by)
        for index, options in enumerate(loaded.layout.layers):
            if layer_name(options, index) == repeated_layer(layer) and getattr(options, "file", "") == written:
                return loaded.places.get(("layers", index, "file"))
        return None

    def _layers_of_artwork(self, drawn_by: str) -> frozenset[str]:
        """The layers of a layout that place artwork."""
        layers = enumerate(self._project.drawn_by(drawn_by).layout.layers)
        return frozenset(layer_name(options, index) for index, options in layers if options.PLACES_ARTWORK)


def _require_picture(placed: PlacedPicture, name: str) -> None:
    """Raises UnusablePicture for what artwork layers alone can place."""
    if placed.media_type == PDF:
        raise UnusablePicture("unknown-picture-kind", f"{name} is a PDF", "place it by an artwork layer")
    if any(page.texts for page in placed.pages):
        message, hint = "<text> is not drawn in pictures", "turn words into paths, or place it by an artwork layer"
        raise UnusablePicture("unusable-svg", f"{name} cannot be placed: {message}", hint)
