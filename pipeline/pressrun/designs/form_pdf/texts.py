"""Text parts of fields: where a viewer would set what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pressrun.designs.form_pdf.appearance import ShownLine
from pressrun.designs.form_pdf.fields import Widget
from pressrun.designs.form_pdf.looks import Look
from pressrun.designs.form_pdf.page import SeenPage
from pressrun.model.design import SMALLEST, TextPart
from pressrun.model.geometry import Rect
from pressrun.model.spans import Align, TextAlign

ABOVE, BELOW = 0.74, 0.22  # of a size: what a line of ours takes above and below its baseline
LINE = ABOVE + BELOW
NARROW = 0.9  # of its room, from which on a text that fits itself may be as small as it is for its width
MULTILINE_LARGEST = 12.0  # points: with which viewers begin to fit a text of several lines
LEADING = 1.156  # of a size, where no second line shows it: Helvetica's bounding box, by which viewers go
ALIGNED: tuple[Align, Align, Align] = ("start", "center", "end")
CHOSEN: dict[Align, TextAlign] = {"end": "right"}
"""Left is what nobody chose: there a text begins where its language does. The right is the same side in all."""
AS_FORMS = ("no-kerning", "no-ligatures")  # letter by letter, as every viewer sets what stands in a field
SLACK = 0.02  # points, for what rounding takes


def text_part(
    id: str, text: str, widget: Widget, look: Look, shown: Sequence[ShownLine], page: SeenPage
) -> TextPart:  # fmt: skip
    """The part of a text field or choice; ``shown`` are the lines of its appearance, if it has one."""
    if widget.is_multiline:
        return _several_lines(id, text, widget, look, shown, page)
    sides = _sides(widget, shown[:1])
    align = ALIGNED[widget.align % 3]
    return _one_line(id, text, widget, look, shown, page, sides, align)


def comb_parts(
    id: str, text: str, widget: Widget, look: Look, shown: Sequence[ShownLine], page: SeenPage
) -> Iterator[TextPart]:  # fmt: skip
    """A part for each cell of a comb, filled from the side to which it is set. The last to be filled has all that is
    left, so that what is too long does not fit, and is told, rather than cut off."""
    width, _ = widget.along
    cell, most = width / widget.most, widget.most
    from_right = ALIGNED[widget.align % 3] == "end"
    for at in range(most):
        left = -width / 2 + at * cell
        first, last = (at - most, at - most + 1) if from_right else (at, at + 1)
        begin = "" if from_right and at == 0 else f"{first}"
        end = "" if at + 1 == most else f"{last}"
        said = f"{{{{ {text}[{begin}:{end}] }}}}"
        yield _one_line(f"{id}-{at + 1}", said, widget, look, shown, page, (left, left + cell), "center")


def _sides(widget: Widget, shown: Sequence[ShownLine]) -> tuple[float, float]:
    """Where lines may begin and end, from the widget's middle: as its appearance does on the side to which it is
    set; else as far within its border as the border is wide."""
    width, _ = widget.along
    inset = 2 * max(1.0, widget.border)
    left, right = inset - width / 2, width / 2 - inset
    if not shown:
        return left, right
    align = ALIGNED[widget.align % 3]
    if align == "start":
        return min(shown[0].left, right), width / 2
    if align == "end":
        return -width / 2, max(shown[0].right, left)
    off = (shown[0].left + shown[0].right) / 2
    half = width / 2 - abs(off)
    return off - half, off + half


def _one_line(
    id: str, text: str, widget: Widget, look: Look, shown: Sequence[ShownLine], page: SeenPage,
    sides: tuple[float, float], align: Align,
) -> TextPart:  # fmt: skip
    _, height = widget.along
    size, fits = (
        (shown[0].size, shown[0].right - shown[0].left < NARROW * (sides[1] - sides[0])) if shown else (0.0, False)
    )
    by_height = (height - 2 * max(1.0, widget.border)) / max(1.0, look.ascent - look.descent)
    largest = look.size or (size if fits else max(SMALLEST, by_height))
    smallest = look.size or min(SMALLEST, largest)
    # By its font's own height a viewer sets a line in the middle of its field.
    baseline = shown[0].baseline if shown else -(look.ascent + look.descent) / 2 * largest
    middle = baseline + (LINE / 2 - BELOW) * (shown[0].size if shown else largest)
    half = max(min(height / 2 - middle, height / 2 + middle), LINE / 2 * largest + SLACK)
    box, turn = page.placed(widget, Rect(sides[0], -middle - half, sides[1] - sides[0], 2 * half))
    unit = page.unit
    return TextPart(
        id=id, box=box, turn=turn, text=text, type=look.type, color=look.color, align=CHOSEN.get(align, align),
        anchor="middle",
        sizes=(smallest * unit, largest * unit), features=AS_FORMS,
    )  # fmt: skip


def _several_lines(
    id: str, text: str, widget: Widget, look: Look, shown: Sequence[ShownLine], page: SeenPage
) -> TextPart:  # fmt: skip
    _, height = widget.along
    align = ALIGNED[widget.align % 3]
    size = look.size or (shown[0].size if shown else MULTILINE_LARGEST)
    largest = look.size or max(size, MULTILINE_LARGEST)
    inset = 2 * max(1.0, widget.border)
    first = shown[0].baseline if shown else height / 2 - inset - max(look.ascent, 0.5) * size
    leading = shown[0].baseline - shown[1].baseline if len(shown) > 1 else 0.0
    if leading <= 0:
        leading = LEADING * size
    left, right = _sides(widget, ())
    if shown and widget.align % 3 == 0:
        left = min(shown[0].left, right)
    top = first + ABOVE * size
    bottom = min(-height / 2, top - LINE * size - SLACK)
    lines = 1 + int((top - bottom - LINE * size) / leading)
    box, turn = page.placed(widget, Rect(left, -top, right - left, top - bottom))
    unit = page.unit
    return TextPart(
        id=id, box=box, turn=turn, text=text, type=look.type, color=look.color, align=CHOSEN.get(align, align),
        lines=min(60, max(1, lines)), leading=leading * unit, features=AS_FORMS,
        sizes=((look.size or SMALLEST) * unit, largest * unit),
    )  # fmt: skip
