"""Small text and thin lines in several inks: plates never lie exactly over each other, and fine things fray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pressrun.model.color import Ink, is_hard_to_register
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import bounds
from pressrun.model.inspection import Inspection
from pressrun.model.item_list import whole_layer
from pressrun.model.reach import reach_of
from pressrun.model.sheet import GroupMark, Mark, Placed, ShapeMark, TextMark
from pressrun.readers.press_pdf.limits import LIGHT, PressLimits

# Under these a fringe of a tenth of a millimetre shows.
SMALL_TEXT, THIN_LINE, REVERSED_TEXT = PressLimits().mixed_text, PressLimits().mixed_line, PressLimits().reversed_text
ROUNDED = 0.999  # of a size that was given in another unit


def registration(inspection: Inspection) -> Iterator[Finding]:
    if inspection.sheet.target != "print":
        return
    placed = list(inspection.sheet.placed)
    marks = {one.mark.layer: one.mark for one in placed if isinstance(one.mark, TextMark)}
    fine = [
        (fact.layer, ink, "text", fact.size * scale)
        for fact in inspection.facts
        for ink, scale in marks[fact.layer].inks_set.items()
        if fact.size * scale < SMALL_TEXT
    ]
    fine += [
        (mark.layer, mark.stroke, "a line", mark.stroke_width * one.enlargement)
        for one in placed
        if isinstance(mark := one.mark, ShapeMark) and mark.stroke and mark.stroke_width * one.enlargement < THIN_LINE
    ]
    sizes: dict[tuple[str, Ink, str], dict[str, float]] = {}  # of a table's texts, and of what is repeated, together
    for layer, ink, kind, size in fine:
        if _frays(ink):
            of_kind = sizes.setdefault((whole_layer(layer), ink, kind), {})
            of_kind[layer] = min(size, of_kind.get(layer, size))
    for (name, ink, kind), of_kind in sizes.items():
        yield inspection.finding(
            Severity.WARNING,
            "small-in-several-inks",
            f"{_told(kind, of_kind)} is printed in {_printed(ink)}: where the plates are a hair apart it has fringes",
            next(iter(of_kind)) if len(of_kind) == 1 else name,
            "use black alone (0 0 0 100), a colour of one or two inks, or a spot ink",
        )
    yield from _left_out(inspection, placed)


def _left_out(inspection: Inspection, placed: Sequence[Placed]) -> Iterator[Finding]:
    """Light text on a colour of several inks, which run into its letters."""
    found: dict[tuple[str, Ink], dict[str, float]] = {}
    for at, one in enumerate(placed):
        if not isinstance(mark := one.mark, TextMark) or not mark.fit or not _is_light(mark):
            continue
        size = mark.fit.size * one.enlargement * min(mark.inks_set.values())
        ground = _ground_of(placed[: at + 1]) if size < REVERSED_TEXT * ROUNDED else None
        if ground and _frays(ground) and not _is_mixed(inspection.sheet.marks):
            of_ground = found.setdefault((whole_layer(mark.layer), ground), {})
            of_ground[mark.layer] = min(size, of_ground.get(mark.layer, size))
    for (name, ink), sizes in found.items():
        yield inspection.finding(
            Severity.WARNING,
            "small-in-several-inks",
            f"{_told('light text', sizes)} is left out of {_printed(ink)}: where the plates are a hair apart they run "
            "into its letters",
            next(iter(sizes)) if len(sizes) == 1 else name,
            f"set it at {REVERSED_TEXT:g} pt or more, or its ground in one or two inks, or in a spot ink",
        )


def _told(kind: str, sizes: Mapping[str, float]) -> str:
    others = f" (and {len(sizes) - 1} more)" if len(sizes) > 1 else ""
    return f"{kind} of {min(sizes.values()):.4g} pt{others}"


def _printed(ink: Ink) -> str:
    return f"{ink.name} (cmyk {' '.join(f'{part:g}' for part in ink.cmyk)})"


def _frays(ink: Ink) -> bool:
    return ink.spot is None and is_hard_to_register(ink.where_large.cmyk)


def _is_light(mark: TextMark) -> bool:
    """Whether its colour is settled, and nothing or next to nothing is printed where its letters are."""
    inks = mark.inks_set if len(mark.inks) == 1 else ()
    return bool(inks) and all(ink.spot is None and sum(ink.cmyk) <= LIGHT and not ink.overprints for ink in inks)


def _ground_of(placed: Sequence[Placed]) -> Ink | None:
    """The one ink that all of the last of these marks, a text, stands on, as far as the layout tells."""
    *below, text = placed
    assert isinstance(text.mark, TextMark)
    if panel := text.mark.panel:
        return panel.fill if isinstance(panel.fill, Ink) else None
    letters = bounds(text.mark.taken, text.matrix)
    for one in reversed(below):
        mark = one.mark
        if _shows_its_ground(mark) or not bounds(reach_of(mark), one.matrix).meets(letters):
            continue
        if not isinstance(mark, ShapeMark) or mark.shape != "rect" or not mark.is_plain:
            return None
        if any(clip not in text.clips for clip in one.clips):
            return None
        if one.matrix == text.matrix:
            return mark.ink if mark.rect.contains(text.mark.taken) else None
        return mark.ink if not any(one.matrix[1:3]) and one.bounds.contains(letters) else None
    return None


def _shows_its_ground(mark: Mark) -> bool:
    """Whether it is no ground: letters, or an outline."""
    return (isinstance(mark, TextMark) and not mark.panel) or (isinstance(mark, ShapeMark) and mark.fill is None)


def _is_mixed(marks: Iterable[Mark]) -> bool:
    return any(isinstance(mark, GroupMark) and (mark.is_mixed or _is_mixed(mark.marks)) for mark in marks)
