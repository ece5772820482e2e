"""Pages without their fields: artwork, as the designer drew it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping

import pikepdf

from pressrun.designs.form_pdf.fields import COMB, PUSHBUTTON, Widget
from pressrun.designs.form_pdf.looks import PAINTS, paint
from pressrun.designs.form_pdf.page import SeenPage
from pressrun.model.design import PaintNamed
from pressrun.readers.press_pdf.annotations import appearance
from pressrun.readers.press_pdf.keys import Keys

OF_DOCUMENT = (
    "/AcroForm", "/Names", "/Dests", "/Outlines", "/OpenAction", "/AA", "/StructTreeRoot", "/MarkInfo", "/Perms",
    "/PageLabels", "/Threads", "/Collection", "/DSS", "/NeedsRendering",
)  # fmt: skip
"""What has no sense without the fields, or without the other pages."""
OF_PAGE = ("/Annots", "/AA", "/StructParents", "/Tabs", "/B", "/Thumb")
OPERATORS = {count: operator for operator, count in PAINTS.items()}


def without_fields(pdf: pikepdf.Pdf, kept: Mapping[int, tuple[SeenPage, Iterable[Widget]]], keys: Keys) -> bytes:
    """A copy of pages of the document, by their numbers from 1, without the widgets of each. Borders and grounds of
    fields stay, as they belong to the page, and so does what a button shows that is not pressed. The document is
    changed."""
    for number, (seen, widgets) in kept.items():
        _take_out(pdf.pages[number - 1], seen, widgets, keys)
    for index in range(len(pdf.pages) - 1, -1, -1):
        if index + 1 not in kept:
            del pdf.pages[index]
    for key in OF_DOCUMENT:
        if key in pdf.Root:
            del pdf.Root[key]
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _take_out(page: pikepdf.Page, seen: SeenPage, widgets: Iterable[Widget], keys: Keys) -> None:
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    drawings = dict(keys.dictionary(resources, "/XObject").items())
    commands: list[str] = []
    for widget in widgets:
        if widget.is_hidden:
            continue
        off = appearance(widget.look, keys, "Off") if widget.kind == "Btn" else None
        if off:
            name = next(name for at in itertools.count(1) if (name := f"/Field{at}") not in drawings)
            drawings[name] = off[0]
            commands.append(f"q {_written(off[1])} cm {name} Do Q")
        elif not widget.has(PUSHBUTTON) or widget.kind != "Btn":
            commands += _ground_and_border(widget, keys)
    for key in OF_PAGE:
        if key in page.obj:
            del page.obj[key]
    if commands:
        shown = {**dict(resources.items()), "/XObject": pikepdf.Dictionary(drawings)}
        page.obj["/Resources"] = pikepdf.Dictionary(shown)
        page.contents_add(b"q", prepend=True)
        page.contents_add("\n".join(["Q", *commands]).encode())
    page.obj["/TrimBox"] = pikepdf.Array([round(edge, 4) for edge in seen.trim])
    by = (-seen.bleed, -seen.bleed, seen.bleed, seen.bleed)
    page.obj["/BleedBox"] = pikepdf.Array([round(edge + more, 4) for edge, more in zip(seen.trim, by, strict=True)])


def _ground_and_border(widget: Widget, keys: Keys) -> list[str]:
    """As its appearance would have them; borders that look raised or sunk are plain ones."""
    style, own = keys.dictionary(widget.look, "/MK"), keys.dictionary(widget.look, "/BS")
    ground, line = paint(keys.list(style, "/BG")), paint(keys.list(style, "/BC"))
    left, bottom, right, top = widget.at
    commands = []
    if ground:
        commands.append(f"q {_paint(ground)} {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re f Q")
    if line and widget.border > 0:
        half, width = widget.border / 2, widget.border
        dash = "[3] 0 d " if keys.name(own, "/S") == "D" else ""
        begun = f"q {_paint(line).upper()} {dash}{width:.3f} w"
        if keys.name(own, "/S") == "U":
            commands.append(f"{begun} {left:.3f} {bottom + half:.3f} m {right:.3f} {bottom + half:.3f} l S Q")
        else:
            sides = f"{right - left - width:.3f} {top - bottom - width:.3f}"
            cells = "".join(_between_cells(widget)) if widget.has(COMB) else ""
            commands.append(f"{begun} {left + half:.3f} {bottom + half:.3f} {sides} re {cells}S Q")
    return commands


def _between_cells(widget: Widget) -> Iterator[str]:
    """The lines of a comb, across the way in which it is filled."""
    left, bottom, right, top = widget.at
    for part in (at / widget.most for at in range(1, widget.most)):
        x, y = left + part * (right - left), bottom + part * (top - bottom)
        if widget.turn % 180:
            yield f"{left:.3f} {y:.3f} m {right:.3f} {y:.3f} l "
        else:
            yield f"{x:.3f} {bottom:.3f} m {x:.3f} {top:.3f} l "


def _paint(color: PaintNamed) -> str:
    return " ".join([*(f"{part:.4f}" for part in color.parts), OPERATORS[len(color.parts)]])


def _written(matrix: Iterable[float]) -> str:
    return " ".join(f"{number:.6f}" for number in matrix)
