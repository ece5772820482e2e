"""Where a code stands in its box, and how large its modules are. Lengths in points."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.codes.barcodes import Symbol
from pressrun.model.composition import CannotCompose
from pressrun.model.geometry import POINTS_PER_UNIT, Rect, length_told
from pressrun.model.symbology import ADD_ON_QUIET, GUARDS, Edges, Symbology

MM = POINTS_PER_UNIT["mm"]
ENOUGH = 0.001  # of a point that a code may be wider than its box
SHORTEST = 5.0  # modules that bars are high at least
BEARER = 5.0  # modules: 5.08 mm at 100 %, of which GS1 asks for 4.83 (General Specifications, 5.3.2.4)
UNDER, OVER = 9.5, 9.5  # modules that digits take under bars, guard bars included, and over those of an add-on
TITLE = 10.0  # modules that a line above a code takes
LINE = 9.0  # modules, of a line below a code of bars
LEAST_LINE = 7.0  # points, if those modules are smaller


class Asked(Struct, frozen=True):
    """What a layer says of the size of its code: ``magnification`` of the nominal size, ``height`` of its bars in
    points; ``lines`` of words below it, and whether there is a ``title`` above."""

    magnification: float | None = None
    height: float | None = None
    lines: int = 0
    title: bool = False
    bearer: str = "none"


class Standing(Struct, frozen=True):
    """``core`` is the code without its quiet zone, ``rect`` all that it takes, words included; ``bars`` is how far down
    its shorter bars go."""

    symbol: Symbol
    rect: Rect
    core: Rect
    module: float
    quiet: Edges
    bars: float


def of_bars(one: Symbology, symbol: Symbol, quiet: Edges, box: Rect, asked: Asked, from_right: bool) -> Standing:
    """A code of bars: as wide as the box, or of its nominal size; as high as the box if not said. Raises
    CannotCompose."""
    if asked.bearer == "frame":
        quiet = (quiet[0] + BEARER, quiet[1], quiet[2] + BEARER, quiet[3])
    across = quiet[0] + symbol.columns + quiet[2]
    module = one.nominal * asked.magnification * MM if asked.magnification else box.width / across
    if across * module > box.width + ENOUGH:
        wide = length_told(across * module, "print")
        message = f"at {asked.magnification:.0%} the code is {wide} wide, and its box {length_told(box.width, 'print')}"
        raise CannotCompose("code-does-not-fit", message, "widen the box, or lower the magnification")
    line = max(LINE * module, LEAST_LINE) / module
    below = asked.lines and (UNDER if one.is_retail else line * asked.lines)
    above, bearers = TITLE if asked.title else 0.0, 0.0 if asked.bearer == "none" else 2 * BEARER
    room = box.height / module - above - below - bearers - quiet[1] - quiet[3]
    nominal = one.bars * asked.magnification * MM / module if asked.magnification else room
    bars = asked.height / module if asked.height is not None else min(nominal, room)
    if bars < SHORTEST or bars > room + ENOUGH:
        needed = length_told((box.height / module - room + max(bars, SHORTEST)) * module, "print")
        message = f"the code is {needed} high, and its box {length_told(box.height, 'print')}"
        raise CannotCompose("code-does-not-fit", message, "make the box higher, or the code less wide")
    standing = _bars_of(one, symbol, bars, bool(asked.lines), asked.bearer, quiet)
    width, height = across * module, (above + quiet[1] + bars + bearers + below + quiet[3]) * module
    x = box.right - width if from_right else box.x
    rect = Rect(x, box.y, width, height)
    aside = (len(standing.rows[0]) / standing.fineness - symbol.columns) / 2
    top = rect.y + (above + quiet[1]) * module
    left = x + (quiet[0] - aside) * module
    core = Rect(left, top, len(standing.rows[0]) / standing.fineness * module, standing.height * module)
    return Standing(standing, rect, core, module, quiet, (above + quiet[1] + bars + bearers) * module + rect.y)


def _bars_of(one: Symbology, symbol: Symbol, bars: float, has_words: bool, bearer: str, quiet: Edges) -> Symbol:
    """A code with bars so many modules high: guard bars and add-ons of EAN and UPC as its rows have them, bearers
    across its quiet zone."""
    rows = symbol.rows
    if bearer != "none":
        side = BEARER if bearer == "frame" else 0.0
        clear = "0" * round((quiet[0] - side) * symbol.fineness)
        thick = "1" * round(side * symbol.fineness)
        middle = f"{thick}{clear}{rows[0]}{clear}{thick}"
        whole = "1" * len(middle)
        return replace(symbol, rows=(whole, middle, whole), heights=(BEARER, bars, BEARER))
    if not one.is_retail:
        return replace(symbol, rows=rows[:1], heights=(bars,))
    *upper, guards = rows
    if len(upper) > 1 and bars > OVER + SHORTEST:  # an add-on begins lower, under its own digits
        heights: tuple[float, ...] = (OVER, bars - OVER)
    else:
        upper, heights = upper[-1:], (bars,)
    if not has_words:
        return replace(symbol, rows=tuple(upper), heights=heights)
    return replace(symbol, rows=(*upper, guards), heights=(*heights, GUARDS))


def of_cells(symbol: Symbol, quiet: Edges, box: Rect, lines: int, from_right: bool) -> Standing:
    """A code of squares, or of stacked rows: as large as its box lets it be, with so many ``lines`` below."""
    across, down = quiet[0] + symbol.columns + quiet[2], quiet[1] + symbol.height + quiet[3]
    below = lines * max(LEAST_LINE, min(2 * LEAST_LINE, box.height * 0.08))
    if box.height - below < box.height / 2:
        message = f"{lines} lines below it take more than half of the height of its box"
        raise CannotCompose("code-does-not-fit", message, "make the box higher, or leave `text` out")
    module = min(box.width / across, (box.height - below) / down)
    width, height = across * module, down * module
    x = box.right - width if from_right else box.x
    rect = Rect(x, box.y, width, height + below)
    core = Rect(x + quiet[0] * module, box.y + quiet[1] * module, symbol.columns * module, symbol.height * module)
    return Standing(symbol, rect, core, module, quiet, box.y + height)


def quiet_of(one: Symbology, said: int | None, has_add_on: bool) -> Edges:
    """The clear zone in modules: the standard's, or what a layer says, which of codes of bars is at their sides."""
    if said is not None:
        return (float(said), 0.0, float(said), 0.0) if one.is_linear else (float(said),) * 4
    left, top, right, bottom = one.quiet
    return left, top, ADD_ON_QUIET if has_add_on else right, bottom
