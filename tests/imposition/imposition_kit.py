"""PDFs to impose, small enough to read, and sheets read back by pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pressrun.model.finding import Finding
from pressrun.model.geometry import Matrix, Rect, bounds
from pressrun.run.imposition.imposed import Imposed
from pressrun.run.imposition.scheme import Scheme, adapted, load_scheme
from pressrun.run.imposition.sheets import Told, sheet_file
from pressrun.run.imposition.sources import SourceFile

MM = 72 / 25.4
CARD = (85.0, 55.0)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawn:
    """A page to be made: its finished size and bleed in mm; ``origin`` is where its media box begins, in points."""

    size: tuple[float, float] = CARD
    bleed: float = 3.0
    rotation: int = 0
    unit: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    outside: float = 0.0  # mm of paper around the bleed


def pdf(
    pages: int = 1, drawn: Drawn = Drawn(), *, mixed: Sequence[Drawn] = (), spot: str = "", name: str = ""
) -> bytes:
    """A PDF whose pages have a frame at the trim, a mark in their upper left corner as they are read, and a tint of their
    own: no two places of a page look alike, nor two pages."""
    document = pikepdf.new()
    for number, one in enumerate(mixed or [drawn] * pages):
        _add_page(document, one, number, spot)
    out = io.BytesIO()
    if name:
        document.trailer.Info = document.make_indirect(Dictionary(Title=name))
    document.save(out, static_id=True)
    return out.getvalue()


def _add_page(document: pikepdf.Pdf, one: Drawn, number: int, spot: str) -> None:
    width, height = (edge * MM / one.unit for edge in one.size)
    if one.rotation % 180:
        width, height = height, width
    bleed, outside = one.bleed * MM / one.unit, one.outside * MM / one.unit
    x, y = one.origin
    around = bleed + outside
    left, bottom = x + around, y + around
    tint = 0.15 + 0.7 * (number % 13) / 13
    ground = f"{x + outside} {y + outside} {width + 2 * bleed} {height + 2 * bleed} re f"
    frame = f"{left + 1} {bottom + 1} {width - 2} {height - 2} re S"
    corner = f"{left + 4} {bottom + height - 24} 30 20 re f 0 {tint:.3f} 0 0 k {left + 4} {bottom + 4} 9 9 re f"
    content = f"0 0 {tint:.3f} 0 k {ground} 0 0 0 1 K 1 w {frame} 1 0 0 0 k {corner}"
    resources = Dictionary()
    if spot:
        tint_of = document.make_stream(
            b"{ 0 exch dup 0.5 mul 0 }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4)
        )
        resources.ColorSpace = Dictionary(S=Array([Name.Separation, Name(f"/{spot}"), Name.DeviceCMYK, tint_of]))
        content += f" /S cs 1 scn {left + width / 2} {bottom + height / 2} 20 20 re f"
    page = Dictionary(
        Type=Name.Page, MediaBox=Array([x, y, x + width + 2 * around, y + height + 2 * around]),
        BleedBox=Array([x + outside, y + outside, x + outside + width + 2 * bleed, y + outside + height + 2 * bleed]),
        TrimBox=Array([left, bottom, left + width, bottom + height]),
        Resources=resources, Contents=document.make_stream(content.encode()),
    )  # fmt: skip
    if one.rotation:
        page.Rotate = one.rotation
    if one.unit != 1:
        page.UserUnit = one.unit
    document.pages.append(pikepdf.Page(document.make_indirect(page)))


def source(data: bytes, name: str = "cards.pdf", quantity: int = 1) -> SourceFile:
    return SourceFile(name, data, quantity=quantity)


@dataclass(frozen=True)
class WrittenSheets:
    """Imposed sheets with their file."""

    data: bytes
    imposed: Imposed
    findings: tuple[Finding, ...]
    inks: tuple[str, ...]


def imposed(
    *files: bytes | SourceFile, onto: str | Scheme | Path = "sra3-10up", backs: Sequence[bytes] = (), **said: Any
) -> WrittenSheets:
    """Files on a sheet, as the command line would have them with ``said``."""
    scheme = onto if isinstance(onto, Scheme) else load_scheme(str(onto))
    sources = [one if isinstance(one, SourceFile) else source(one, f"{at}.pdf") for at, one in enumerate(files)]
    behind = [source(one, f"back-{at}.pdf") for at, one in enumerate(backs)]
    out = io.BytesIO()
    made = sheet_file(adapted(scheme, said), sources, behind, Told("job", "sheet"), out)
    return WrittenSheets(out.getvalue(), made.imposed, made.findings, made.inks)


@dataclass(frozen=True)
class Placed:
    """A page as a sheet's content places it: the form's name, where its trim would be (from the upper left, in mm), and
    the clip around it."""

    form: str
    matrix: Matrix
    clip: Rect

    def box(self, edges: Box, height: float) -> Rect:
        """A box in the form's units on the sheet: mm from the upper left."""
        left, bottom, right, top = edges
        on_sheet = bounds(Rect(left, bottom, right - left, top - bottom), self.matrix)
        return Rect(on_sheet.x / MM, on_sheet.y / MM, on_sheet.width / MM, on_sheet.height / MM)


def placed(page: pikepdf.Page) -> Iterator[Placed]:
    """What a sheet places, read from its content (whose y points downwards within the outermost matrix)."""
    matrix: Any = None
    clip = Rect(0, 0, 0, 0)
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "re":
            clip = Rect(*(float(one) for one in operands))
        elif operator == "cm":
            matrix = tuple(float(one) for one in operands)
        elif operator == "Do" and str(operands[0]).startswith("/P"):  # others are letters of the slug line
            yield Placed(str(operands[0]), matrix, clip)
