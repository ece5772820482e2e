"""One page on a bench, from what it is composed of to what is known of its files: settled, drawn, written, checked."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pressrun import checks as check_stage
from pressrun import export as export_stage
from pressrun import plate, registry
from pressrun.export import Drawable, View
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.color.stocks import color_on_stock
from pressrun.graphics.plates.ground import White, grounds_of
from pressrun.graphics.separations.ink_sums import ink_peak
from pressrun.graphics.svg.colors import colors_in
from pressrun.graphics.svg.logo_parts import seen_by
from pressrun.graphics.texts.text_pages import baselines
from pressrun.model.choice import Choice
from pressrun.model.code_mark import CodeMark
from pressrun.model.color import WHITE, spot_key
from pressrun.model.file_facts import CodeShown, CropShown, FileFacts, FileSize, TextShown
from pressrun.model.finding import Finding
from pressrun.model.format_kind import FormatKind
from pressrun.model.geometry import Rect, bounds
from pressrun.model.inspection import InkFacts, Inspection, LogoLook, TextGround, WrittenFile, anew
from pressrun.model.provenance import SourceType, composite
from pressrun.model.rendering import Metadata, Overlay, Rendering
from pressrun.model.sheet import LogoMark, Mark, PictureMark, Placed, Sheet, TextMark, ungrouped
from pressrun.model.task import Intermediates, SheetContent, SheetTask
from pressrun.model.technical import without_technical
from pressrun.model.xmp import writable
from pressrun.run.worker.bench import Bench, Kit
from pressrun.run.worker.containers import containers_of
from pressrun.run.worker.grounds import grounds, stock_in, stock_of, white_below, white_in
from pressrun.run.worker.intermediates import intermediates, what_is_drawn
from pressrun.run.worker.later_views import LaterView, Looks
from pressrun.run.worker.legibility import legible
from pressrun.run.worker.painted_plates import Plate

NONE_READ: Mapping[str, tuple[str, ...]] = {}
LONGEST_WORDS = 3000  # characters of a title or description: escaped, the XMP of a JPEG takes them (64 kB)


WHOLE = (0.0, 0.0, 1.0, 1.0)  # the crop of a picture that is shown as it is


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, width, height = box
    return round(x, 4), round(y, 4), round(width, 4), round(height, 4)


class ComposedPage(Struct, frozen=True):
    """A page on its way; its plate is kept under ``plate_key``. ``choices`` are those made on the ground."""

    task: SheetTask
    sheet: Sheet
    findings: list[Finding]
    plate_key: str
    choices: tuple[Choice, ...] = ()

    @property
    def kinds(self) -> list[FormatKind]:
        return [registry.FORMATS[file.format] for file in self.task.files]

    @property
    def has_vectors(self) -> bool:
        """Whether the overlay itself is asked for, or a file that holds it, and not only what it looks like."""
        return self.task.keeps or any(not kind.density for kind in self.kinds)

    @property
    def is_shown(self) -> bool:
        """Whether a picture of it is asked for, or it itself, so that it is drawn in any case."""
        return self.task.keeps or self.task.shows or any(kind.density for kind in self.kinds)


def settled(bench: Bench, page: ComposedPage) -> ComposedPage:
    """With what its layers left open chosen, on the ground that they stand on."""
    sheet, key, choices = page.sheet, page.plate_key, page.choices
    layout = bench.kit.layouts[page.task.content.drawn_by]
    if layout.keeps_readable:
        sheet, key, choices = legible(bench, layout, sheet, key)
    if any(map(_is_open, ungrouped(sheet.marks))):
        white = white_below(bench, sheet, key)
        on = functools.partial(stock_in, stock_of(bench, sheet), white)
        sheet, others = plate.settle(sheet, _grounds(bench, sheet, key, white), bench.artwork, on)
        choices += others
    return page if sheet is page.sheet else replace(page, sheet=sheet, plate_key=key, choices=choices)


def _is_open(mark: Mark) -> bool:
    """Whether it hangs on its ground what it will be: of a logo it is told how it stands out in any case."""
    return isinstance(mark, LogoMark) or (isinstance(mark, TextMark) and len(mark.inks) > 1)


def _grounds(bench: Bench, sheet: Sheet, key: str, white: White | None) -> Mapping[str, TextGround]:
    ground = bench.plate(sheet, key).ground
    if plate.has_choices(sheet):
        return grounds(bench, sheet, ground, white)
    return grounds_of(sheet.placed, ground.over(white))


class DrawnPage(Struct, frozen=True):
    """A page as people see it, ready to be written in any format; ``under`` is its plate."""

    composed: ComposedPage
    overlay: Overlay
    under: Plate
    seen: View | LaterView
    rendering: Rendering
    inspection: Inspection

    def checked(self, files: Sequence[WrittenFile]) -> list[Finding]:
        """What is to be said of it, and of its files."""
        inspection = replace(self.inspection, files=tuple(files)) if files else self.inspection
        return [*self.composed.findings, *check_stage.check(inspection, registry.CHECKS)]

    def facts(self, bench: Bench, findings: Iterable[Finding], thumbnail: bool = True) -> FileFacts:
        """What is known of each of its files, but for what kind that is of and how large."""
        sheet = self.composed.sheet
        texts = tuple(TextShown(f.layer, f.lines, f.overflow, f.size, f.text, f.inks) for f in sheet.texts)
        marks = ungrouped(sheet.marks)
        codes = tuple(CodeShown(mark.layer, mark.value) for mark in marks if isinstance(mark, CodeMark))
        crops = [
            CropShown(mark.layer, mark.digest, _rounded(mark.crop)) for mark in marks
            if isinstance(mark, PictureMark) and mark.crop != WHOLE and mark.media_type != "image/svg+xml"
        ]  # fmt: skip
        thumb = bench.store.put(export_stage.thumbnail(self.seen.small, sheet)) if thumbnail else ""
        told = tuple(findings)
        return FileFacts("", FileSize(None), texts, self.composed.choices, told, thumb, codes, crops=tuple(crops))

    def shown(self, bench: Bench, findings: Iterable[Finding]) -> Intermediates | None:
        """What it was on its way, if that is asked for."""
        task = self.composed.task
        if not (task.shows or task.keeps):
            return None
        plate_seen = self.under.cutout or self.under.ground.picture
        drawn = what_is_drawn(self.inspection, self.overlay, plate_seen, self.under.jpeg) if task.keeps else {}
        shown = intermediates(self.inspection, findings, drawn, self.seen.cutout or self.seen.view.page.picture)
        if not task.shows:
            return shown
        sheet = shown.sheet
        texts = [one.mark for one in sheet.placed if isinstance(one.mark, TextMark)]
        containers = tuple(containers_of(bench.composer, bench.kit.layouts[task.content.drawn_by], task.content, sheet))
        return replace(shown, baselines=tuple(baselines(texts, bench.typesetter)), containers=containers)


def drawn_page(bench: Bench, page: ComposedPage, drawable: Drawable) -> DrawnPage:
    """A settled page, laid over its plate. One for the press that nobody asks a picture of is drawn in small, and as
    large as its plate only when a check looks at it."""
    overlay, sheet = drawable.overlay, page.sheet
    if sheet.target == "screen" or page.is_shown:
        return finished_page(bench, page, overlay, seen_page(bench, page, drawable), lambda: drawable)
    under = bench.plate(sheet, page.plate_key).ground
    letters = bench.fitter.pieces
    seen = LaterView(sheet, under, overlay.levels, lambda: seen_page(bench, page, drawable, later=True), letters)
    return finished_page(bench, page, overlay, seen, lambda: drawable)


def later_page(
    bench: Bench, page: ComposedPage, looks: Looks, overlay: Overlay, number: int,
    codes: Mapping[str, tuple[str, ...]] = NONE_READ,
) -> DrawnPage:  # fmt: skip
    """The same, the ``number``-th (from 0) of those that are drawn only when somebody looks at them."""
    under = bench.plate(page.sheet, page.plate_key).ground
    drawn, letters = (lambda: seen_page(bench, page, looks.drawable(number))), bench.fitter.pieces
    seen = LaterView(page.sheet, under, overlay.levels, drawn, letters)
    return finished_page(bench, page, overlay, seen, lambda: looks.drawable(number), codes)


def seen_page(bench: Bench, page: ComposedPage, drawable: Drawable, later: bool = False) -> View:
    """What a settled page looks like, laid over its plate; ``later`` as `pressrun.export.view` has it."""
    sheet, under = page.sheet, bench.plate(page.sheet, page.plate_key)
    if sheet.target == "print" and drawable.overlay.is_mixed:
        plate_in_inks = bench.press_plate(sheet, under)
        return export_stage.mixed_view(drawable.overlay, sheet, under.ground, plate_in_inks, bench.press(sheet))
    return export_stage.view(drawable, sheet, under.ground, under.cutout, later)


def finished_page(
    bench: Bench, page: ComposedPage, overlay: Overlay, seen: View | LaterView, drawable: Callable[[], Drawable],
    codes: Mapping[str, tuple[str, ...]] = NONE_READ,
) -> DrawnPage:  # fmt: skip
    """A settled page, which is ``seen`` so; ``drawable`` answers what it is drawn of, and ``codes`` has what is known
    to be read of some, by layer."""
    kit, sheet, content = bench.kit, page.sheet, page.task.content
    layout = kit.layouts[content.drawn_by]
    under = bench.plate(sheet, page.plate_key)
    press = bench.press(sheet)
    rendering = export_stage.rendering(
        sheet,
        overlay,
        page.choices,
        _metadata(kit, sheet, content),
        seen,
        under.jpeg,
        under.spots,
        (under.cutout or under.ground.picture) if sheet.target == "screen" and plate.pixel_marks(sheet) else None,
        press,
        layout.quality,
        layout.crop_marks,
        layout.flatten,
    )
    white = white_in(bench, sheet, overlay, under.ground.size)
    ground = under.ground.over(white)
    if sheet.target == "print" and (white or _is_seen_by_plates(overlay, press)):
        drawn = functools.partial(_as_printed, rendering, seen, press, white)
        seen = LaterView(sheet, ground, overlay.levels, drawn, bench.fitter.pieces)
        rendering = export_stage.showing(rendering, seen, press)
    inspection = Inspection(
        layout,
        without_technical(sheet),
        page.choices,
        seen.picture,
        seen.grounds_of(sheet),
        bench.picture_facts(sheet, content),
        (),
        bench.faces,
        under.ground.look,
        bench.codes_read.of_sheet(sheet, page.plate_key, drawable, under.ground, lambda: seen.view.page, codes),
        bench.fitter.pieces,
        _ink_facts(bench, layout.inks, under, rendering) if sheet.target == "print" else None,
        bench.is_opaque,
        functools.partial(_logo_look, bench, functools.partial(stock_in, stock_of(bench, sheet), white)),
        under.ground.kept if ground is under.ground else anew,
        stock_of(bench, sheet),
        bench.fitter.letters,
        *((white.is_below, white.look) if white else ()),
    )
    return DrawnPage(page, overlay, under, seen, rendering, inspection)


def _is_seen_by_plates(overlay: Overlay, press: PressProfile) -> bool:
    """Whether only the plates tell what is seen of a page: inks of placed ones do not know on what they are printed."""
    return export_stage.overprints(overlay) or (press.stock != WHITE and bool(overlay.documents))


def _logo_look(bench: Bench, stock_in: Callable[[Rect], str], one: Placed) -> LogoLook | None:
    mark = one.mark
    assert isinstance(mark, LogoMark)
    [(_, digest)] = mark.candidates
    artwork = bench.artwork(digest)
    place = bounds(plate.shown_of_logo(mark, artwork), one.matrix)
    colors = seen_by(artwork, plate.logo_color(artwork))
    return LogoLook(tuple(color_on_stock(color, stock_in(place)) for color in colors), place) if colors else None


def _as_printed(rendering: Rendering, seen: View | LaterView, press: PressProfile, white: White | None) -> View:
    return export_stage.as_printed(rendering, seen.view, press, white)


def _ink_facts(bench: Bench, printed: Sequence[str], under: Plate, page: Rendering) -> InkFacts:
    most = page.total_ink
    pieces = (piece.limit for piece in page.overlay.pieces.values())
    limits = [*under.limits, *(limit for limit in pieces if limit)]
    by_digest = {limit.digest: limit for limit in sorted(limits, key=lambda limit: limit.had)}
    adds = export_stage.adds_ink(page.overlay)
    peak = ink_peak(export_stage.in_color(page), most) if adds else None
    return InkFacts(most, by_digest, peak, _in_process(bench, printed, page.sheet))


def _in_process(bench: Bench, printed: Sequence[str], sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Spots of a layout in the colours of drawings that are pictures: by the digest of these."""
    drawings = {mark.digest for one in sheet.placed if isinstance(mark := one.mark, PictureMark) and mark.ppi is None}
    if not drawings:
        return {}
    listed, palette = set(map(spot_key, printed)), bench.kit.brand.palette.values()
    spots = {one.srgb: one.spot for one in palette if one.spot and spot_key(one.spot) in listed}
    if not spots:
        return {}
    return {digest: tuple(sorted(spots[color] for color in colors_in(bench.read(digest)) & spots.keys()))
            for digest in drawings}  # fmt: skip


def _metadata(kit: Kit, sheet: Sheet, content: SheetContent) -> Metadata:
    used = {content.source_types.get(one.mark.digest, "") for one in sheet.placed if isinstance(one.mark, PictureMark)}
    drawn = SourceType.ALGORITHMIC if SourceType.ALGORITHMIC in used else SourceType.DIGITAL_CREATION
    source = composite(drawn, *used)
    title, description = (writable(text[:LONGEST_WORDS]) for text in (sheet.title, sheet.description))
    placed = [*(one for several in content.slots.values() for one in several), *content.files.values()]
    said = content.particulars.showing([one.credit for one in placed])
    title = title if title.strip() else kit.brand.name  # a press file without one is no PDF/X-4
    return Metadata(title, description, said.creator or kit.brand.name, sheet.locale, source, kit.date, said)


def size_of(file: WrittenFile, sheet: Sheet, pages: int = 1) -> FileSize:
    """How large a file is that shows a sheet, or several of which that is the first."""
    if sheet.target == "screen":
        return FileSize(file.size if file.size[0] else None, pages=pages)
    trim, bleed = sheet.boxes.trim, sheet.boxes.trim.x
    millimetres = 25.4 / 72
    in_mm = (round(trim.width * millimetres, 2), round(trim.height * millimetres, 2))
    return FileSize(file.size if file.size[0] else None, in_mm, round(bleed * millimetres, 2), pages)
