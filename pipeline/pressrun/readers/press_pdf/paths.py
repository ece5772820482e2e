"""Operators of state, colour and paths (ISO 32000, 8.4 to 8.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pikepdf

from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.facts import Covered, Object, Rectangle
from pressrun.readers.press_pdf.graphics_state import Paint, Settings, across, common, paint_of
from pressrun.readers.press_pdf.keys import bounded, is_number, numbers
from pressrun.readers.press_pdf.level import DEEPEST, MOST_COVERED, Level, no_parts
from pressrun.readers.press_pdf.matrix import Matrix, matrix_of
from pressrun.readers.press_pdf.outline import Outline, outline_of
from pressrun.readers.press_pdf.traits import GraphicsKey, LineDrawn, Transparency, Unbalanced, WrongSetting

# ISO 32000-1, tables 136 and 137.
BLEND_MODES = frozenset(
    f"/{name}" for name in (
        "Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn",
        "HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
    )
)  # fmt: skip
RENDERING_INTENTS = frozenset({"/AbsoluteColorimetric", "/RelativeColorimetric", "/Saturation", "/Perceptual"})
# Those of which nothing gets more ink than one of the two that are blended has.
NOT_DARKENING = frozenset({"/Normal", "/Compatible", "/Screen", "/Lighten", "/ColorDodge"})
Operands = Sequence[Any]
Handler = Callable[[Level, Operands], None]
# What PDF/X-4 forbids in an ExtGState or lets a reader ignore (ISO 15930-7), and what stands for "as it is".
FORBIDDEN_KEYS = {
    "/TR": ("/Identity",), "/TR2": ("/Default",), "/HTP": (), "/BG2": ("/Default",), "/UCR2": ("/Default",), "/BG": (),
    "/UCR": (), "/FL": (),
}  # fmt: skip


def save(level: Level, _: Operands) -> None:
    if len(level.stack) < DEEPEST * 50:
        level.stack.append(level.state.copied())


def restore(level: Level, _: Operands) -> None:
    if level.stack:
        level.state = level.stack.pop()
    else:
        level.saw(Unbalanced("a graphics state is restored (Q) that was not saved (q)"))


def tolerate(level: Level, _: Operands) -> None:
    """Up to its end, what is no operator is to be passed over (ISO 32000-1, 7.8.2)."""
    level.tolerant = True


def tolerate_no_more(level: Level, _: Operands) -> None:
    level.tolerant = False


def set_flatness(level: Level, operands: Operands) -> None:
    (tolerance,) = numbers(operands)
    if tolerance > 1:
        level.saw(GraphicsKey("FL"))


def concat(level: Level, operands: Operands) -> None:
    level.state.matrix = six(operands).then(level.state.matrix)


def set_line(level: Level, operands: Operands) -> None:
    (level.state.line,) = numbers(operands)
    look_at_width(level, level.state.line)


def look_at_width(level: Level, width: float) -> None:
    if width < 0:
        level.saw(WrongSetting("a line has a width below zero"))


def set_dashes(level: Level, operands: Operands) -> None:
    dashes, _ = operands
    look_at_dashes(level, dashes)


def look_at_dashes(level: Level, written: Object) -> None:
    """Dashes are not all of no length, and none is shorter (ISO 32000-1, 8.4.3.6)."""
    dashes = numbers(list(written) if isinstance(written, pikepdf.Array) else [written])
    if dashes and (min(dashes) < 0 or not any(dashes)):
        level.saw(WrongSetting("a line has dashes of no length"))


def set_intent(level: Level, operands: Operands) -> None:
    look_at_intent(level, operands[0])


def look_at_intent(level: Level, written: Object) -> None:
    if str(written) not in RENDERING_INTENTS:
        level.saw(WrongSetting(f"a rendering intent is set that PDF does not have ({str(written)[1:41]})"))


def set_graphics(level: Level, operands: Operands) -> None:
    name, state = str(operands[0]), level.state
    if name not in level.settings:  # a table sets the same ones in each of its cells
        level.settings[name] = _settings(level, level.named("/ExtGState", operands[0]))
    settings = level.settings[name]
    if settings is None:
        return
    if settings.overprint_stroke is not None:
        state.overprint_stroke = settings.overprint_stroke
    if settings.overprint_fill is not None:
        state.overprint_fill = settings.overprint_fill
    if settings.blends is not None:
        state.blends = settings.blends
    if settings.clear_fill is not None:
        state.clear_fill = settings.clear_fill
    if settings.clear_stroke is not None:
        state.clear_stroke = settings.clear_stroke
    if settings.line is not None:
        state.line = settings.line
    if settings.mask is not None:
        level.walk.draw_soft_mask(level, settings.mask)
    if settings.font is not None:
        state.font, state.font_size = settings.font, settings.font_size


def _settings(level: Level, written: Object) -> Settings | None:
    """An ExtGState, read and looked at."""
    if not isinstance(written, pikepdf.Dictionary):
        return None
    keys = level.walk.keys
    look_at_state(level, written)
    stroke = keys.truth(written, "/OP") if "/OP" in written else None
    mask = written.get("/SMask")
    if isinstance(mask, pikepdf.Dictionary):
        level.saw(Transparency("a soft mask"))
    font = keys.list(written, "/Font")
    is_font = len(font) == 2 and isinstance(font[0], pikepdf.Dictionary) and is_number(font[1])
    return Settings(
        stroke,
        keys.truth(written, "/op") if "/op" in written else stroke,
        keys.number(written, "/LW", 1.0) if "/LW" in written else None,
        font[0] if is_font else None,
        bounded(font[1]) if is_font else 0.0,
        mask if isinstance(mask, pikepdf.Dictionary) else None,
        _darkens(written.get("/BM")) if "/BM" in written else None,
        keys.number(written, "/ca", 1.0) <= 0 if "/ca" in written else None,
        keys.number(written, "/CA", 1.0) <= 0 if "/CA" in written else None,
    )


def _darkens(blend: Object) -> bool:
    names = [str(one) for one in blend] if isinstance(blend, pikepdf.Array) else [str(blend)]
    known = next((name for name in names if name in BLEND_MODES), "/Normal")
    return known not in NOT_DARKENING


def look_at_state(level: Level, settings: Any) -> None:
    """Note what an ExtGState says that a press must not be given, and what makes transparency."""
    keys = level.walk.keys
    for key, harmless in FORBIDDEN_KEYS.items():
        if key in settings and str(settings.get(key)) not in harmless:
            level.saw(GraphicsKey(key[1:]))
    _look_at_halftone(level, settings)
    if "/RI" in settings:
        look_at_intent(level, settings.get("/RI"))
    look_at_width(level, keys.number(settings, "/LW", 1.0))
    if dashes := keys.list(settings, "/D"):
        look_at_dashes(level, dashes[0])
    if min(keys.number(settings, "/ca", 1), keys.number(settings, "/CA", 1)) < 1:
        level.saw(Transparency("opacity"))
    blend = settings.get("/BM", pikepdf.Name.Normal)
    names = [str(one) for one in blend] if isinstance(blend, pikepdf.Array) else [str(blend)]
    if any(name not in ("/Normal", "/Compatible") for name in names):
        level.saw(Transparency("a blend mode"))
    if not BLEND_MODES.intersection(names):
        level.saw(GraphicsKey("BM"))


def _look_at_halftone(level: Level, settings: Any) -> None:
    """PDF/X takes halftones of type 1 and 5 without a name and a transfer function, and nothing says they are used."""
    halftone = settings.get("/HT")
    if halftone is None or isinstance(halftone, pikepdf.Name):
        return
    if isinstance(halftone, pikepdf.Dictionary | pikepdf.Stream):
        kind = level.walk.keys.count(halftone, "/HalftoneType")
        if kind in (1, 5) and "/HalftoneName" not in halftone and "/TransferFunction" not in halftone:
            return
    level.saw(GraphicsKey("HT"))


# --------------------------------------------------------------------------------------------------------------- colour


def set_space(level: Level, operands: Operands, which: str) -> None:
    space = level.space(operands[0])
    setattr(level.state, which, paint_of(space, colors.initial(space)))


def set_color(level: Level, operands: Operands, which: str) -> None:
    now: Paint = getattr(level.state, which)
    pattern = str(operands[-1]) if operands and isinstance(operands[-1], pikepdf.Name) else None
    setattr(level.state, which, paint_of(now.space, numbers(operands[:-1] if pattern else operands), pattern))


def set_device(level: Level, operands: Operands, which: str, name: pikepdf.Name) -> None:
    values = numbers(operands)
    if len(values) != colors.DEVICE[str(name)]:
        raise ValueError("a colour has more or fewer parts than its space")
    setattr(level.state, which, paint_of(level.space(name), values))


# ---------------------------------------------------------------------------------------------------------------- paths


LONGEST_KEPT = 20_000  # bytes of a run whose outline is kept


def build(level: Level, run: bytes) -> int:
    """Go on with the path by operators that are written plainly, read at once; answers how many they are."""
    if not level.outline.is_empty or len(run) > LONGEST_KEPT:
        return level.outline.go_on(run)
    outline, count = outline_of(run)
    level.outline = outline.copied()
    return count


def move(level: Level, operands: Operands) -> None:
    x, y = numbers(operands)
    level.outline.move(x, y)


def line(level: Level, operands: Operands) -> None:
    x, y = numbers(operands)
    level.outline.line(x, y)


def curve(level: Level, operands: Operands) -> None:
    level.outline.curve(numbers(operands))


def rectangle(level: Level, operands: Operands) -> None:
    x, y, width, height = numbers(operands)
    level.outline.rectangle(x, y, width, height)


def clip(level: Level, _: Operands) -> None:
    level.clips = True


def end_path(level: Level, _: Operands) -> None:
    outline, state = level.outline, level.state
    if level.clips:
        around = None if outline.is_empty else common(across(state.matrix, *outline.around), state.clip)
        state.clip = around or (0.0, 0.0, 0.0, 0.0)
        level.clips = False
    level.outline = Outline()


def fill_path(level: Level, operands: Operands) -> None:
    _fill(level)
    end_path(level, operands)


def stroke_path(level: Level, operands: Operands) -> None:
    _stroke(level)
    end_path(level, operands)


def fill_and_stroke(level: Level, operands: Operands) -> None:
    _fill(level, stroked=True)
    _stroke(level)
    end_path(level, operands)


def _fill(level: Level, *, stroked: bool = False) -> None:
    outline, matrix = level.outline, level.state.matrix
    if outline.is_empty:
        return
    at = level.place(*outline.around)
    if at is None:
        return
    upright, is_rectangle = (matrix.b == 0 and matrix.c == 0) or (matrix.a == 0 and matrix.d == 0), outline.is_rectangle
    level.paint("fill", at, straight=upright and is_rectangle, parts=lambda: _parts(level))
    if not is_rectangle:
        _note_straight_ends(level, outline)
    if stroked:  # no area is narrower than the line around it
        return
    if (width := outline.slant_width) is not None and not level.state.fill.is_blank:
        width *= matrix.scale
        if width < 1:
            level.saw(LineDrawn(round(width, 4), level.state.fill.is_mixed, filled=True), at)
    narrow = outline.narrowest or (tuple(outline.around) if is_rectangle else None)
    if narrow is not None and not level.state.fill.is_blank:
        _note_narrow(level, narrow)


def _note_straight_ends(level: Level, outline: Outline) -> None:
    """Where an area that is no rectangle ends along an edge of the page, it was meant to end there."""
    if level.where == "soft mask" or level.state.fill.is_blank:
        return
    for edge in outline.ends():
        at = level.place(*edge)
        if at is not None and level.walk.reaches_trim(at) and len(level.facts.covered) < MOST_COVERED:
            level.facts.covered.append(Covered(at, True))


def _parts(level: Level) -> list[Rectangle] | None:
    """Where the parts of a path are that show; None for a path of one, or of too many."""
    outline = level.outline
    if not 1 < outline.subpaths <= len(outline.parts):
        return None
    return [at for part in outline.parts if (at := level.place(*part)) is not None]


def _note_narrow(level: Level, box: Any) -> None:
    """An area as narrow as a line is one."""
    matrix = level.state.matrix
    sides = (box[2] - box[0]) * matrix.width, (box[3] - box[1]) * matrix.height
    at = level.place(*box)
    if at is not None and min(sides) < 1 and max(sides) > 4 * min(sides) and max(sides) > 1:
        width = min(sides)
        level.saw(LineDrawn(round(width, 4), level.state.fill.is_mixed, filled=True), at)


def _stroke(level: Level) -> None:
    outline, state = level.outline, level.state
    if outline.is_empty:
        return
    around = across(state.matrix, *outline.around)
    width = abs(state.line) * state.matrix.scale
    half = width / 2
    at: Rectangle | None = (around[0] - half, around[1] - half, around[2] + half, around[3] + half)
    at = common(at, state.clip) if at is not None else None
    if at is None:
        return
    level.paint("stroke", at, parts=lambda: _parts(level), width=width)
    mixed = state.stroke.is_mixed
    level.saw_parts(LineDrawn(round(width, 4), mixed), at, (lambda: _parts(level)) if mixed else no_parts)


LARGEST = 1e6  # of a matrix


def six(operands: Any) -> Matrix:
    values = numbers(operands)
    if len(values) != 6:
        raise ValueError("a matrix is not six numbers")
    if min(values) < -LARGEST or max(values) > LARGEST:
        values = tuple(min(max(value, -LARGEST), LARGEST) for value in values)
    return matrix_of(values)


def _space(which: str) -> Handler:
    return lambda level, operands: set_space(level, operands, which)


def _color(which: str) -> Handler:
    return lambda level, operands: set_color(level, operands, which)


def _device(which: str, name: str) -> Handler:
    written = pikepdf.Name(name)
    return lambda level, operands: set_device(level, operands, which, written)


PATH_HANDLERS: dict[str, Handler] = {
    "q": save, "Q": restore, "i": set_flatness, "BX": tolerate, "EX": tolerate_no_more,
    "cm": concat, "w": set_line, "d": set_dashes, "ri": set_intent, "gs": set_graphics,
    "cs": _space("fill"), "CS": _space("stroke"), "sc": _color("fill"), "scn": _color("fill"),
    "SC": _color("stroke"), "SCN": _color("stroke"),
    "g": _device("fill", "/DeviceGray"), "G": _device("stroke", "/DeviceGray"),
    "rg": _device("fill", "/DeviceRGB"), "RG": _device("stroke", "/DeviceRGB"),
    "k": _device("fill", "/DeviceCMYK"), "K": _device("stroke", "/DeviceCMYK"),
    "m": move, "l": line, "c": curve, "v": curve, "y": curve, "re": rectangle, "W": clip, "W*": clip, "n": end_path,
    **dict.fromkeys(("f", "F", "f*"), fill_path), **dict.fromkeys(("S", "s"), stroke_path),
    **dict.fromkeys(("B", "B*", "b", "b*"), fill_and_stroke),
}  # fmt: skip
