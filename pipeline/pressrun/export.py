"""export: plate and overlay become the bytes of each format."""

from __future__ import annotations

import functools
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, TiffImagePlugin

from pressrun.formats import press_pdf
from pressrun.graphics.color import inks
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.drawn.mixed_layers import mixed
from pressrun.graphics.drawn.pdfium import Pages, opened, rasterise
from pressrun.graphics.pages import placed_pages
from pressrun.graphics.pages.page_content import shown_pages
from pressrun.graphics.plates import spot_layers
from pressrun.graphics.plates.canvas import Painting
from pressrun.graphics.plates.ground import Ground, White, grounds_of
from pressrun.graphics.plates.looked_at import page_to_be_looked_at
from pressrun.graphics.separations.composite import composite
from pressrun.graphics.separations.plates import separated
from pressrun.model.choice import Choice
from pressrun.model.color import WHITE, Ink
from pressrun.model.format_kind import FormatKind
from pressrun.model.geometry import Rect, proof_density
from pressrun.model.inspection import TextGround, WrittenFile
from pressrun.model.levels import levels_of
from pressrun.model.rendering import (
    Group,
    Level,
    Metadata,
    Overlay,
    Rendering,
    SpotLayer,
    TechnicalLayer,
    gone,
    unfolded,
)
from pressrun.model.separations import Separations
from pressrun.model.sheet import Sheet, placed
from pressrun.model.stored_bytes import Content, whole

_DARKENING = ("multiply", "overlay", "soft-light")
BILINEAR = Image.Resampling.BILINEAR
THUMB = 320  # longest edge in pixels
PLATE_QUALITY = 92


class View(Struct, frozen=True, dict=True):
    """The bleed box as people see it, in ``small`` and, as ``draws`` answers it, as large as its plate; ``grounds`` are
    what each level of the sheet was drawn over. ``cutout`` is the page as RGBA, where it has no ground."""

    draws: Callable[[], Ground]
    small: Ground
    grounds: tuple[Ground, ...]
    cutout: Image.Image | None = None

    @functools.cached_property
    def page(self) -> Ground:
        """As large as its plate: drawn when somebody looks at it, which of most press files nobody does."""
        return self.draws()

    @property
    def view(self) -> View:
        return self

    @property
    def picture(self) -> Image.Image:
        """The page."""
        return self.page.picture

    def grounds_of(self, sheet: Sheet) -> dict[str, TextGround]:
        """What each text and each logo of the sheet stands on, by layer."""
        levels = zip(levels_of(sheet.marks), self.grounds, strict=True)
        grounds = (grounds_of(placed(level.marks), under) for level, under in levels)
        return {layer: ground for some in grounds for layer, ground in some.items()}


class Seen(Protocol):
    """A page that can be seen; see `View`."""

    @property
    def cutout(self) -> Image.Image | None: ...

    @property
    def view(self) -> View: ...


def ground_of(plate: Image.Image, sheet: Sheet, profile: PressProfile) -> Ground:
    """A plate as people see it: a cut-out on paper."""
    if plate.mode == "RGBA":
        paper = Image.new("RGBA", plate.size, sheet.ground.rgb)
        plate = Image.alpha_composite(paper, plate).convert("RGB")
    return Ground.of(plate, sheet.boxes.bleed.width, lambda ink: look(ink, sheet.target, profile))


def look(ink: Ink, target: str, profile: PressProfile) -> str:
    """The colour (#RRGGBB) that an ink has on a screen, or as the profile says that it looks on paper."""
    return ink.srgb if target == "screen" else inks.proof_color(ink.cmyk, profile)


class Drawable(Struct, frozen=True):
    """An overlay that can be drawn: its levels are pages of a document, from the number ``first`` on. That is
    written and opened for whoever draws first: what is mixed is drawn otherwise."""

    opens: Callable[[], Pages]
    overlay: Overlay
    first: int

    @property
    def pages(self) -> Pages:
        return self.opens()


@contextmanager
def to_be_drawn(
    overlays: Sequence[Overlay], targets: Sequence[str], profiles: Sequence[PressProfile]
) -> Iterator[list[Drawable]]:
    """Overlays that share their texts, and are for these targets: their inks as a screen shows them, or as the profile
    of each says that they look on paper."""
    aims = zip(targets, profiles, strict=True)
    looks = [functools.partial(look, target=target, profile=profile) for target, profile in aims]
    with ExitStack() as open_pages:
        pages = functools.cache(lambda: open_pages.enter_context(opened(shown_pages(overlays, looks))))
        firsts = itertools.accumulate((overlay.page_count for overlay in overlays), initial=0)
        yield [Drawable(pages, overlay, first) for overlay, first in zip(overlays, firsts, strict=False)]


def mixed_view(overlay: Overlay, sheet: Sheet, plate: Ground, in_inks: Image.Image, profile: PressProfile) -> View:
    """The same as `view`, of a sheet for print on which layers are mixed: over its plate in CMYK (``in_inks``), of the
    size at which it is seen."""
    pictures, levels = mixed(overlay, in_inks, profile)
    grounds = [plate]
    while pictures:  # of a large page each takes 48 MB
        grounds.append(ground_of(pictures.pop(0), sheet, profile))
    page = grounds[levels[-1][1]]
    return View(lambda: page, page.reduced(_small_edge(sheet)), tuple(grounds[under] for under, _ in levels))


def view(drawable: Drawable, sheet: Sheet, plate: Ground, cutout: Image.Image | None, later: bool = False) -> View:
    """Lay the levels of a sheet over its plate, at the plate's own size and in small. ``later``: the topmost at its own
    size only when somebody looks at it, while the document is open."""
    page, small = plate, plate.reduced(_small_edge(sheet))
    grounds = []
    pages, number = drawable.pages, drawable.first
    for level in drawable.overlay.levels:
        ground = page
        if level.under:
            (ground,) = pages.over(number, page, mixes=level.is_mixed)
            number += 1
        grounds.append(ground)
        if later and small is not page and level is drawable.overlay.levels[-1]:
            (small,) = pages.over(number, small, mixes=level.is_mixed)
            return View(functools.partial(_over, pages, number, page, level.is_mixed), small, tuple(grounds))
        page, *others = pages.over(number, *dict.fromkeys((page, small)), mixes=level.is_mixed)
        small = others[0] if others else page  # of a small page it is the same
        if cutout is not None:
            cutout = pages.on_cutout(number, cutout)
        number += 1
    return View(lambda: page, small, tuple(grounds), cutout)


def _over(pages: Pages, number: int, ground: Ground, mixes: bool) -> Ground:
    return pages.over(number, ground, mixes=mixes)[0]


def gray_part(drawable: Drawable, plate: Ground, rect: Rect, density: float) -> Image.Image:
    """What lies in a rectangle (points) of a sheet, drawn over its plate at so many pixels per inch, in gray: so from
    the start, where nothing on it mixes."""
    overlay, pages, number = drawable.overlay, drawable.pages, drawable.first
    picture, corner, whole = ground_part(plate, overlay.size, rect, density, "RGB" if overlay.is_mixed else "L")
    left, top, width, height = *corner, *picture.size
    pixels = bytearray(b"" if overlay.is_mixed else picture.tobytes())
    for level in overlay.levels:
        number += bool(level.under)
        if overlay.is_mixed:
            picture = pages.part(number, picture, corner, whole, level.is_mixed)
        else:
            pages.on_gray(number, whole, pixels, (left, top, left + width, top + height))
        number += 1
    return picture.convert("L") if overlay.is_mixed else Image.frombuffer("L", picture.size, pixels, "raw", "L", 0, 1)


def ground_part(
    plate: Ground, size: tuple[float, float], rect: Rect, density: float, mode: str
) -> tuple[Image.Image, tuple[int, int], tuple[int, int]]:
    """What lies in a rectangle of a plate, which is of this size in points, at so many pixels per inch, in RGB or gray
    (``mode``, as Pillow calls it); its upper left in pixels, and how many the whole plate has."""
    scale = density / 72
    whole = round(size[0] * scale), round(size[1] * scale)
    left, top = max(0, round(rect.x * scale)), max(0, round(rect.y * scale))
    right, bottom = min(whole[0], round(rect.right * scale)), min(whole[1], round(rect.bottom * scale))
    cut = max(1, right - left), max(1, bottom - top)
    coarser = plate.size[0] / whole[0]
    key = "part", left, top, cut, whole, mode
    picture = plate.kept(key, lambda: _finer(plate, (left, top), cut, coarser).convert(mode))
    return picture, (left, top), whole


def _finer(plate: Ground, corner: tuple[int, int], size: tuple[int, int], coarser: float) -> Image.Image:
    """A part of a plate at a density of which the plate's own is so much, from this corner on."""
    left, top = corner[0] * coarser, corner[1] * coarser
    right, bottom = left + size[0] * coarser, top + size[1] * coarser
    near = plate.picture.crop((int(left), int(top), int(right) + 2, int(bottom) + 2)).convert("RGB")
    return near.resize(size, BILINEAR, (left - int(left), top - int(top), right - int(left), bottom - int(top)))


def _small_edge(sheet: Sheet) -> int:
    """The longest edge of a bleed box in pixels whose trim has that of a thumbnail."""
    trim, bleed = sheet.boxes.trim, sheet.boxes.bleed
    return round(THUMB * max(bleed.width, bleed.height) / max(trim.width, trim.height))


def rendering(
    sheet: Sheet,
    overlay: Overlay,
    choices: tuple[Choice, ...],
    metadata: Metadata,
    seen: Seen,
    plate_jpeg: Content | None,
    plate_spots: tuple[SpotLayer, ...],
    plate: Image.Image | None,
    profile: PressProfile,
    quality: int,
    crop_marks: bool,
    flatten: bool,
) -> Rendering:
    """What formats write files from; each picture is drawn once however many formats share it."""

    made = Rendering(
        sheet=sheet,
        overlay=overlay,
        choices=choices,
        metadata=metadata,
        quality=quality,
        crop_marks=crop_marks,
        flatten=flatten,
        page=gone,
        pixels=gone,
        plate_jpeg=plate_jpeg,
        plate_spots=plate_spots,
        plate=plate,
        profile=profile.data,
        condition=profile.condition,
        condition_name=profile.description,
        is_registered=profile.is_registered,
        paper=profile.paper,
        total_ink=profile.total_ink,
    )
    if sheet.target == "print":

        @functools.lru_cache(maxsize=1)
        def printed(density: float, bare: Rendering = made) -> Separations:
            looked_at = page_to_be_looked_at(bare, density)
            return separated(whole(press_pdf.write_press_pdf(looked_at, (0, 0))), profile, density)[0]

        made = replace(made, printed=printed)
    return showing(made, seen, profile)


def showing(rendering: Rendering, seen: Seen, profile: PressProfile) -> Rendering:
    """A rendering of a page that is seen so."""

    def pixels(size: tuple[int, int]) -> bytes | bytearray:
        page = seen.view.page
        return page.pixels if page.size == size else _sized(page.picture, size).tobytes("raw", "RGBX")

    @functools.cache
    def page(size: tuple[int, int]) -> Image.Image:
        picture = _sized(seen.cutout or seen.view.page.picture, size)
        return picture.convert("RGB") if picture.mode == "RGBX" else picture

    def proof(size: tuple[int, int]) -> Image.Image:
        if not profile.proof_on_paper:
            return page(size)
        if profile.stock != WHITE:
            return page(size)
        printed = composite(in_color(rendering), profile, on_paper=True)
        return _sized(_with_steps(printed, rendering, profile), size)

    return replace(rendering, pixels=pixels, page=page, proof=proof)


def in_color(rendering: Rendering) -> Separations:
    """The plates of a page at the density of proofs, but for technical ones."""
    return rendering.printed(proof_density(rendering.sheet.boxes.bleed)).but_for(rendering.overlay.technical)


def _with_steps(picture: Image.Image, rendering: Rendering, profile: PressProfile) -> Image.Image:
    """A page as its plates print it, with the technical inks that are to be shown: they are on no plate of colour."""
    overlay = rendering.overlay
    steps = tuple(one for one in overlay.segments if isinstance(one, TechnicalLayer) and one.seen)
    if not steps:
        return picture
    alone = replace(overlay, levels=(Level(steps),))
    (drawn,) = rasterise(shown_pages([alone], [lambda ink: look(ink, "print", profile)]), picture.size)
    shown = picture.copy()
    shown.paste(drawn.convert("RGB"), mask=drawn.getchannel("A"))
    return shown


def _sized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def overprints(overlay: Overlay) -> bool:
    """Whether something lies on what is below without sparing it out, but for black alone: PDFium does not show it."""
    return overlay.overprints_in_color or any(map(placed_pages.overprints, overlay.documents.values()))


def adds_ink(overlay: Overlay) -> bool:
    """Whether something on a page adds its ink to what lies below, and does not only take its place: small black that
    overprints is no area of ink, and what is merely faint has no more than the one or the other."""
    groups = (one for one in unfolded(overlay.segments) if isinstance(one, Group))
    darkens = any(one.blend in _DARKENING for one in groups)
    return darkens or overprints(overlay) or any(map(placed_pages.mixes, overlay.documents.values()))


def white_below(overlay: Overlay, size: tuple[int, int]) -> Image.Image | None:
    """Where white is printed below the inks of a page, as large as this; None where there is none."""
    steps = [one for one in overlay.segments if isinstance(one, TechnicalLayer) and one.ink and one.ink.step == "white"]
    if not steps:
        return None
    groups = tuple(Group(one.segments, one.matrix, one.clip, one.opacity, one.blend) for one in steps)
    (drawn,) = rasterise(shown_pages([replace(overlay, levels=(Level(groups),))], [lambda ink: ink.srgb]), size)
    return drawn.getchannel("A")


def as_printed(rendering: Rendering, seen: View, profile: PressProfile, white: White | None) -> View:
    """What is seen of a page, as what its plates print together: with what overprints, and over ``white``."""
    printed = in_color(rendering)
    below = white.cover.resize(printed.process.size, BILINEAR) if white else None
    picture = _sized(composite(printed, profile, white=below), seen.page.size)
    picture = _with_steps(picture, rendering, profile)
    page = Ground.of(picture, seen.page.width, seen.page.look, white)
    grounds = tuple(one.over(white) for one in seen.grounds)
    return replace(seen, draws=lambda: page, small=page.reduced(max(seen.small.size)), grounds=grounds)


def written(kinds: Sequence[FormatKind], rendering: Rendering) -> list[WrittenFile]:
    """A rendered page in every format asked for."""
    return [
        WrittenFile(kind.name, kind.media_type, kind.write(rendering, size), size)
        for kind in kinds
        for size in (kind.pixels(rendering.sheet.boxes.bleed),)
    ]


def thumbnail(small: Ground, sheet: Sheet) -> bytes:
    """A small JPEG of the trimmed page for the contact sheet."""
    picture, trim, bleed = small.picture, sheet.boxes.trim, sheet.boxes.bleed
    if trim != bleed:
        across, down = picture.width / bleed.width, picture.height / bleed.height
        edges = zip((trim.x, trim.y, trim.right, trim.bottom), (across, down, across, down), strict=True)
        left, top, right, bottom = (round(edge * scale) for edge, scale in edges)
        picture = picture.crop((left, top, right, bottom))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def encode_plate(plate: Image.Image) -> bytes:
    """A CMYK plate as the press file's JPEG (4:4:4, no profile); an sRGB one lossless, for the store: LZW over the
    differences of neighbours is as small as the fastest PNG, and takes half its time both ways."""
    out = io.BytesIO()
    if plate.mode == "CMYK":
        plate.save(out, "JPEG", quality=PLATE_QUALITY, subsampling=0)
    else:
        plate.save(out, "TIFF", compression="tiff_lzw", tiffinfo={TiffImagePlugin.PREDICTOR: 2})
    return out.getvalue()


def proof_of(plate: Painting, spots: Mapping[str, Ink], size: tuple[int, int]) -> Image.Image:
    """A CMYK plate reduced to ``size`` and shown through its profile, with what stands for its ``spots`` in full."""
    assert plate.canvas.profile, "what is for screens is seen as it is"
    reduced = plate
    if plate.picture.size != size:
        covers = {name: cover.resize(size, Image.Resampling.BOX) for name, cover in plate.spots.items()}
        reduced = Painting(plate.picture.resize(size, Image.Resampling.BOX), plate.canvas, covers)
    return inks.proofed(spot_layers.in_process_inks(reduced, spots), plate.canvas.profile)
