"""What a design that exists says, whatever program made it: parts in their places, the columns that fill them, and the
artwork around them. Lengths are in points; a part's box is measured from the upper left of the trim, y downwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from pressrun.model.brand import Transform
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Rect
from pressrun.model.layout import Target
from pressrun.model.spans import Anchor, TextAlign

ROWS = "sheet"  # the row set of names that a design writes without one
SMALLEST = 4.0  # points, below which nothing is fitted
Kind = Literal["text", "boolean"]


class PaintNamed(Struct, frozen=True):
    """A colour as a design has it: one part (grey, 0 is black), three (sRGB) or four (CMYK), each from 0 to 1."""

    parts: tuple[float, ...]


class TypeNamed(Struct, frozen=True):
    """A font as a design names it; ``travels`` where the design has its program in it; ``transform`` is the case that
    the design sets it in."""

    family: str
    weight: int = 400
    italic: bool = False
    travels: bool = False
    transform: Transform = "none"


class DesignPart(Struct, frozen=True, kw_only=True):
    """What becomes one layer; ``turn`` in degrees clockwise, about the middle of its box."""

    id: str
    box: Rect
    turn: float = 0.0
    when: str | None = None
    opacity: float = 1.0


class TextPart(DesignPart, frozen=True, kw_only=True):
    """``text`` is a template; ``sizes`` the smallest and the largest; ``leading`` from baseline to baseline;
    ``tracking`` in em; ``features`` of OpenType by the words of a layout."""

    text: str
    type: TypeNamed
    color: PaintNamed
    sizes: tuple[float, float]
    lines: int = 1
    align: TextAlign = "start"
    anchor: Anchor = "top"
    leading: float | None = None
    tracking: float = 0.0
    features: tuple[str, ...] = ()


class PicturePart(DesignPart, frozen=True, kw_only=True):
    """A picture that the row names: ``file`` is a template of its path. ``round``: how round its corners are, in
    points; infinite is an ellipse."""

    file: str
    covers: bool = False
    round: float | None = None


class CodePart(DesignPart, frozen=True, kw_only=True):
    """A QR code; ``value`` is a template."""

    value: str
    color: PaintNamed


class ArtworkPart(DesignPart, frozen=True, kw_only=True):
    """What stays as it is: a file of `Design.files`, and where it is a PDF the page in it."""

    file: str
    page: int | None = None
    bleeds: bool = False


class Column(Struct, frozen=True):
    """A column that the parts read, with the value that the design itself shows. ``rows`` names its row set."""

    rows: str
    name: str
    sample: str
    kind: Kind = "text"


class DesignPage(Struct, frozen=True):
    """A page: ``width`` and ``height`` of the trim, ``bleed`` beyond it; ``parts`` from the bottom to the top."""

    width: float
    height: float
    bleed: float
    parts: tuple[DesignPart, ...]


class Design(Struct, frozen=True):
    """``width`` and ``height`` of the trim, ``bleed`` beyond it; ``parts`` from the bottom to the top; ``files`` that
    belong to it by their names: those of the artwork, and pictures that ``columns`` show. ``notes`` tell what could not
    be taken over. ``further`` are its pages behind the first."""

    width: float
    height: float
    bleed: float
    target: Target
    parts: tuple[DesignPart, ...]
    columns: tuple[Column, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    locale: str = ""
    further: tuple[DesignPage, ...] = ()


class DesignFile(Struct, frozen=True):
    """A design as its reader gets it: ``name`` as findings tell it, ``stem`` for names of files made of it, the
    ``page`` that is meant (from 1; None: all of them), and the ``target``, where that is said; ``more`` are files whose
    pages come behind its own."""

    name: str
    stem: str
    data: bytes
    page: int | None = None
    target: Target | None = None
    more: tuple[DesignFile, ...] = ()

    def path(self, file: str) -> str:
        """Where a file that is made of it lies, from the brand's folder."""
        return f"designs/{self.stem}/{file}"

    def unusable(self, code: str, message: str, hint: str, line: int | None = None) -> InputError:
        """The one error for which nothing is made of it."""
        return InputError([Finding(Severity.ERROR, code, message, Place(self.name, line), hint)])

    def note(
        self, code: str, message: str, hint: str, layer: str | None = None, line: int | None = None
    ) -> Finding:  # fmt: skip
        """One thing that was not taken over as it is, and what to do."""
        return Finding(Severity.WARNING, code, message, Place(self.name, line), hint, layer=layer)
