"""Operators of text (ISO 32000, 9.4): sizes, inks and places of what is shown."""

from __future__ import annotations

from typing import Any

import pikepdf

from pressrun.readers.press_pdf.budget import TooLong
from pressrun.readers.press_pdf.drawn import colors_of_shading
from pressrun.readers.press_pdf.facts import Object, Rectangle
from pressrun.readers.press_pdf.functions import Unsolved
from pressrun.readers.press_pdf.graphics_state import Paint, across, common
from pressrun.readers.press_pdf.keys import Words, bounded, is_number, numbers
from pressrun.readers.press_pdf.level import Level
from pressrun.readers.press_pdf.matrix import Matrix
from pressrun.readers.press_pdf.meshes import Unreadable
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.paths import Handler, Operands, six
from pressrun.readers.press_pdf.traits import HiddenText, LineDrawn, TextBeyond, TextShown

UPRIGHT = Matrix()
INVISIBLE = (3, 7)  # text rendering modes that paint nothing
BLANK = b" \t\n\r\0\xa0"  # bytes that show nothing, as simple fonts have them
AVERAGE = 0.5  # of a letter's size, its width: places of text need to be no truer
OVERPRINTS_TO = 24.0  # points; larger black text may well knock out
STEM = 0.2  # of a letter's size, its strokes where it is bold
LETTER = 100  # operators take as long as it takes to begin a drawn letter
FULL_SIZE = 1000  # of a letter, in the units that TJ moves by


def begin(level: Level, _: Operands) -> None:
    level.text = level.line_start = UPRIGHT


def set_matrix(level: Level, operands: Operands) -> None:
    level.text = level.line_start = six(operands)


def move(level: Level, operands: Operands) -> None:
    x, y = numbers(operands)
    level.text = level.line_start = Matrix(e=x, f=y).then(level.line_start)


def move_and_lead(level: Level, operands: Operands) -> None:
    level.state.leading = -numbers(operands)[1]
    move(level, operands)


def next_line(level: Level, _: Operands) -> None:
    move(level, [0, -level.state.leading])


def set_leading(level: Level, operands: Operands) -> None:
    (level.state.leading,) = numbers(operands)


def set_font(level: Level, operands: Operands) -> None:
    name, size = operands
    font = level.named("/Font", name)
    level.state.font = font if isinstance(font, pikepdf.Dictionary) else None
    level.state.font_size = numbers([size])[0]


def set_mode(level: Level, operands: Operands) -> None:
    level.state.mode = int(numbers(operands)[0])


def show_on_next_line(level: Level, operands: Operands) -> None:
    next_line(level, [])
    show(level, operands[-1:])


def show(level: Level, operands: Operands) -> None:
    words, moved = operands if isinstance(operands, Words) else words_of(operands)
    length = sum(map(len, words))
    state = level.state
    if not length or state.mode in INVISIBLE:
        return
    if state.font is None:
        level.problem("text is set in a font that the page does not have")
        return
    known = level.walk.font(state.font)
    font = known.font
    wide = 2 if font.kind == "Type0" else 1
    advance = (length / wide * AVERAGE - moved / FULL_SIZE) * state.font_size
    size = state.font_size
    above, below = max(-0.2 * size, 0.8 * size), min(-0.2 * size, 0.8 * size)
    placed = level.text.then(state.matrix)
    at = common(across(placed, min(0.0, advance), below, max(0.0, advance), above), state.clip)
    is_blank = not b"".join(words).strip(BLANK) or (wide == 2 and length == wide)  # one glyph may be a blank
    if at is None and not is_blank and state.clip == level.facts.boxes.media:
        level.saw(TextBeyond())
    level.text = level.text.begun_at(advance)
    if at is None:
        return
    fills, strokes = state.mode % 4 != 1, state.mode % 4 in (1, 2)
    if font.kind != "Type3" and not is_blank:
        _look_whether_seen(level, at, fills, strokes)
    black = fills and state.fill.is_black
    size = abs(size) * placed.height
    is_left_out = fills and not strokes and state.fill.is_light and not state.overprint_fill
    is_reversed = is_left_out and level.over_several_inks(at)
    knocks_out = black and not state.overprint_fill and size <= OVERPRINTS_TO and level.over_colour(at)
    if fills:
        level.paint("fill", at, width=size * STEM)
    if strokes:
        level.paint("stroke", at, width=size * STEM)
    if strokes and not fills:
        level.saw(LineDrawn(round(abs(state.line) * state.matrix.scale, 4), state.stroke.is_mixed), at)
    mixed = _is_mixed(level, state.fill if fills else state.stroke)
    undefined = known.is_undefined(words)
    level.saw(TextShown(font, round(size, 4), mixed, black, knocks_out, undefined, is_reversed), at)
    if font.kind == "Type3":
        letters(level, state.font)


def words_of(operands: Operands) -> Words:
    """What is shown by the last of some operands."""
    shown = operands[-1] if operands else None
    pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
    strings = [bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String)]
    return Words(strings, sum([bounded(piece) for piece in pieces if is_number(piece)]))


def _look_whether_seen(level: Level, at: Rectangle, fills: bool, strokes: bool) -> None:
    """Note text that leaves nothing on paper."""
    state = level.state
    fill_is_clear, stroke_is_clear = not fills or state.clear_fill, not strokes or state.clear_stroke
    is_unseen = (fill_is_clear or state.fill.is_blank) and (stroke_is_clear or state.stroke.is_blank)
    if level.where == "soft mask" or not is_unseen:
        return
    if fill_is_clear and stroke_is_clear:
        level.saw(HiddenText("wholly transparent"), at)
    elif level.over_paper(at):
        level.saw(HiddenText("white, where nothing is printed below it"), at)


def _is_mixed(level: Level, paint: Paint) -> bool:
    """Whether letters are of several plates, those in a gradient wherever they lie in it."""
    if paint.pattern is None:
        return paint.is_mixed
    if paint.pattern not in level.mixed:
        drawn = level.named("/Pattern", paint.pattern)
        shading = drawn.get("/Shading") if isinstance(drawn, pikepdf.Dictionary) else None
        level.mixed[paint.pattern] = shading is not None and _is_mixed_somewhere(level, shading)
    return level.mixed[paint.pattern]


def _is_mixed_somewhere(level: Level, shading: Object) -> bool:
    try:
        space = level.space(shading.get("/ColorSpace"))
        return any(Paint(space, tuple(values)).is_mixed for values in colors_of_shading(level, shading, space))
    except (Unsolved, Unreadable, TooLong, *BROKEN):
        return False  # the ink of a shading that cannot be told is told of as that


def letters(level: Level, font: Object) -> None:
    """The letters of a Type 3 font are drawings, and may have colours and pictures of their own."""
    keys, state = level.walk.keys, level.state
    size = Matrix(state.font_size, 0, 0, state.font_size, 0, 0)
    matrix = keys.matrix(font, "/FontMatrix").then(size).then(level.text).then(state.matrix)
    resources = font.get("/Resources", level.resources)
    drawings = keys.dictionary(font, "/CharProcs")
    if not level.walk.is_new("letters", font.objgen, state.manner()):
        return
    for name in sorted(drawings.keys()):
        letter: Any = keys.stream(drawings, name)
        if letter is not None:
            inner = state.copied()
            inner.matrix = matrix
            level.walk.budget.visit(LETTER)
            level.walk.content([letter], resources, inner, level.depth + 1, level.where)


TEXT_HANDLERS: dict[str, Handler] = {
    "BT": begin, "Tm": set_matrix, "Td": move, "TD": move_and_lead, "T*": next_line, "TL": set_leading, "Tf": set_font,
    "Tr": set_mode, "Tj": show, "TJ": show, "'": show_on_next_line, '"': show_on_next_line,
}  # fmt: skip
