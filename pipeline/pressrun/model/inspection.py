"""Everything a check may look at: the settled sheet, pixels, and the written bytes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, BinaryIO, Protocol

from msgspec import Struct, field
from PIL import Image

from pressrun.model.choice import Choice
from pressrun.model.color import WHITE, Ink
from pressrun.model.composition import Faces
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import PageBoxes, Rect
from pressrun.model.layout import Layout
from pressrun.model.light import Light
from pressrun.model.reach import reach_of
from pressrun.model.rendering import InkLimit
from pressrun.model.separations import InkPeak
from pressrun.model.sheet import Mark, Placed, Sheet, TextMark
from pressrun.model.store import Store
from pressrun.model.stored_bytes import Written, opened, whole
from pressrun.model.text_fact import TextFact


class WrittenFile(Struct, frozen=True):
    """One finished file: its format's name, media type, what is written in it, and its size in pixels (0 x 0 for
    vectors). ``pages`` are the boxes of each, if it has several."""

    format: str
    media_type: str
    written: Written
    size: tuple[int, int]
    pages: tuple[PageBoxes, ...] = ()

    @property
    def data(self) -> bytes:
        """All of its bytes, which may be many hundred million: what looks at some of them opens it."""
        return whole(self.written)

    def opened(self) -> BinaryIO:
        return opened(self.written)

    def put(self, store: Store) -> str:
        """Keep it in a store; its digest there."""
        return store.put(self.written) if isinstance(self.written, bytes) else store.put_written(self.written.write)


class PictureFact(Struct, frozen=True):
    """What is known of a placed picture: its IPTC source type, how far its pixels differ (0: one flat colour), and the
    box of its subject (left, top, right, lower edge, in fractions), where one was detected."""

    source_type: str
    spread: float
    subject: tuple[float, float, float, float] | None = None


class InkFacts(Struct, frozen=True):
    """What is known of the inks of a page for print: the most that it may have (percent), and the pictures that were
    brought down to that, by their digests. Where layers add ink to what lies below, ``peak`` is the place that has
    most. ``in_process`` are spots of the layout that a drawing, by its digest, has the colour of, though it is drawn as
    pixels."""

    most: float
    limits: Mapping[str, InkLimit]
    peak: InkPeak | None = None
    in_process: Mapping[str, Sequence[str]] = field(default_factory=dict)


PixelBox = tuple[int, int, int, int]  # left, top, right, bottom


class TextGround(Protocol):
    """What a text stands on, as people see it."""

    def crop(self, box: PixelBox) -> Image.Image:
        """The part in a box of the page's pixels, as sRGB."""
        ...

    def light(self, box: PixelBox) -> Light:
        """Luminances of that part at half the resolution, which is enough: a finer grain is no ground for letters. The
        box begins at even numbers."""
        ...

    def contrast(self, rect: Rect, rgb: tuple[int, int, int], part: Rect | None = None) -> float:
        """WCAG contrast ratio of a colour against the worst tenth of what lies under a box (points), or under a part of
        it."""
        ...

    def extremes(self, rect: Rect) -> tuple[float, float]:
        """Luminances that no pixel under a box (points) is darker or lighter than, nor a mean of some of them."""
        ...


def _unread(one: Placed) -> tuple[str, ...]:
    raise AssertionError("there is no page to read a code from")


def _not_known(digest: str) -> bool:
    return False


class LogoLook(Struct, frozen=True):
    """The colours by which the part that carries a logo is seen, and where all of the logo shows."""

    colors: tuple[tuple[int, int, int], ...]
    place: Rect


def _of_no_color(one: Placed) -> None:
    return None


def _never(rect: Rect) -> bool:
    return False


def anew(key: Hashable, measure: Callable[[], Any]) -> Any:
    return measure()


def _pieces(mark: TextMark) -> list[Rect]:
    return list(mark.fit.pieces()) if mark.fit else []


def _no_letters(mark: TextMark) -> list[Rect]:
    return []


class PagePicture(Protocol):
    """The page as people see it, of which parts are looked at."""

    @property
    def size(self) -> tuple[int, int]: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def crop(self, box: PixelBox) -> Image.Image:
        """The part in a box of its pixels."""
        ...


class Inspection(Struct, dict=True):
    """``page`` is the bleed box as sRGB (RGBX), ``grounds`` what each text stands on in it, by layer; ``look`` answers
    the colour (#RRGGBB) that an ink has there, ``read_code`` what a scanner makes of one, ``pieces``
    where the letters of a fitted text are, a few at a time, ``letters`` where their ink is, in narrow strips, as far as
    that is known; ``inks`` is told of pages for print; ``is_opaque`` answers whether nothing shows through the picture
    of a digest, as far as that is known; ``logo_look`` how a settled logo is seen; None of one that no colour carries;
    ``kept`` answers what was measured of another sheet on the same plate under a key that says all else it hangs on, or
    measures it; ``stock`` (#RRGGBB) is what it is printed on; ``is_on_white`` tells of a box (points) that all of it
    has white printed below, and there ``white_look`` answers the colour of an ink."""

    layout: Layout
    sheet: Sheet
    choices: tuple[Choice, ...]
    page: PagePicture
    grounds: Mapping[str, TextGround]
    pictures: dict[str, PictureFact]
    files: tuple[WrittenFile, ...]
    faces: Faces
    look: Callable[[Ink], str]
    read_code: Callable[[Placed], tuple[str, ...]] = _unread
    pieces: Callable[[TextMark], Sequence[Rect]] = _pieces
    inks: InkFacts | None = None
    is_opaque: Callable[[str], bool] = _not_known
    logo_look: Callable[[Placed], LogoLook | None] = _of_no_color
    kept: Callable[[Hashable, Callable[[], Any]], Any] = anew
    stock: str = WHITE
    letters: Callable[[TextMark], Sequence[Rect]] = _no_letters
    is_on_white: Callable[[Rect], bool] = _never
    white_look: Callable[[Ink], str] | None = None

    @property
    def facts(self) -> tuple[TextFact, ...]:
        """What became of each text."""
        return self.sheet.texts

    @cached_property
    def above(self) -> Mapping[str, Sequence[Mark]]:
        """Of each text that is in no group, the marks above it that it meets, as far as their rectangles tell, and of
        its letters those that reach beyond."""
        return _marks_above(self.sheet.marks)

    def finding(
        self, severity: Severity, code: str, message: str, layer: str | None = None, hint: str | None = None
    ) -> Finding:
        sheet = self.sheet
        return Finding(severity, code, message, hint=hint, layout=sheet.layout, layer=layer, page=sheet.page)


Check = Callable[[Inspection], Iterable[Finding]]


def reached(mark: TextMark) -> Rect:
    """What a text takes of the page, with what its letters may reach beyond its lines."""
    if mark.fit is None:
        return mark.rect
    (above, below), size = mark.overhang, mark.fit.size
    return mark.fit.extent.inset(-above * size, 0, -below * size, 0)


def _marks_above(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    below: list[tuple[list[Mark], float, float, float, float]] = []
    for mark in marks:
        rect = reached(mark) if isinstance(mark, TextMark) else reach_of(mark)
        lies = mark.taken if isinstance(mark, TextMark) and mark.panel else rect
        left, top, right, bottom = lies.x, lies.y, lies.x + lies.width, lies.y + lies.height
        for meeting, x, y, end, foot in below:
            if x <= right and left <= end and y <= bottom and top <= foot:
                meeting.append(mark)
        if isinstance(mark, TextMark):
            edges = (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)
            below.append((found.setdefault(mark.layer, []), *edges))
    return found
