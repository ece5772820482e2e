"""One content stream gone through, and written anew for a plate.

What overprints and has none of the ink leaves the plate alone: it is painted in white that is multiplied with what is
there, which is just that, also within groups (ISO 32000-1, 11.7.4.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

import pikepdf
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name, Operator, Stream

from pressrun.graphics.pages.operands import BROKEN, is_complete
from pressrun.graphics.separations.colorants import CMYK, GRAY, Parts, Space, Spaces
from pressrun.graphics.separations.paint_state import Paint, State
from pressrun.graphics.separations.plate_pictures import PlatePictures

_FILLS, _STROKES = frozenset({"f", "F", "f*"}), frozenset({"S", "s"})
_BOTH = {"B": ("f", "S"), "B*": ("f*", "S"), "b": ("h f", "s"), "b*": ("h f*", "s")}  # of one alone
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_OWN_STATES = ("/Type", "/BM", "/op", "/OP", "/OPM", "/TR", "/TR2", "/HT", "/HTP", "/BG", "/BG2", "/UCR", "/UCR2")
_UNSET = "unset"


class TooManyForms(Exception):
    """A page that draws more forms than any page needs."""


class Plate(Protocol):
    """The plate of an ``ink``; ``used`` collects what is painted in, whatever the ink."""

    pdf: pikepdf.Pdf
    ink: str
    spaces: Spaces
    pictures: PlatePictures
    used: set[Space]

    def mix_of(self, mode: str) -> str: ...
    def form(self, form: Any, state: State, resources: Any) -> Stream | None: ...
    def drawn_font(self, font: Any, state: State, resources: Any) -> Any: ...


class PlateStream:
    """One content stream, as it is gone through."""

    def __init__(self, plate: Plate, resources: Any, state: State) -> None:
        self._plate, self._named, self._state = plate, resources, state
        self.out: list[Any] = []
        self._stack: list[tuple[State, dict[str, Any]]] = []
        # What is in force in `out`.
        self._set: dict[str, Any] = dict.fromkeys(("fill", "stroke", "font"), _UNSET) | {"mix": "/Normal"}
        self._made: dict[str, dict[str, Any]] = {
            kind: {} for kind in ("/XObject", "/ExtGState", "/Pattern", "/Shading", "/Font", "/ColorSpace")
        }
        if state.opacity != (1.0, 1.0):
            self._emit_opacity(state.opacity)

    def resources(self) -> Dictionary:
        kept: dict[str, Any] = {kind: Dictionary(made) for kind, made in self._made.items() if made}
        if isinstance(self._named, Dictionary) and "/Properties" in self._named:
            kept["/Properties"] = self._named.Properties
        return Dictionary(kept)

    def take(self, instruction: Any) -> None:
        """Write what an operator makes on the plate. One that its operands break, or what they name, paints nothing."""
        operator = str(instruction.operator)
        try:
            self._carry_out(operator, instruction.operands, instruction)
        except BROKEN:
            if operator in _FILLS or operator in _STROKES or operator in _BOTH:
                self.out.append(([], Operator("n")))

    def _carry_out(self, operator: str, operands: Any, instruction: Any) -> None:
        if operator in _FILLS or operator in _STROKES or operator in _BOTH:
            self._paint_path(operator)
        elif operator in _SHOWS:
            self._show(instruction)
        elif (handler := _HANDLERS.get(operator)) is not None:
            if is_complete(operator, operands):
                handler(self, operands, instruction)
        else:
            self.out.append(instruction)

    # --------------------------------------------------------------------------------------------------- states

    def save(self, operands: Any, instruction: Any) -> None:
        self._stack.append((self._state, dict(self._set)))
        self.out.append(instruction)

    def restore(self, operands: Any, instruction: Any) -> None:
        if self._stack:
            self._state, self._set = self._stack.pop()
            self.out.append(instruction)

    def graphics_state(self, operands: Any, instruction: Any) -> None:
        told = self._resource("/ExtGState", operands[0])
        if not isinstance(told, Dictionary):
            return
        state = self._state
        if "/OP" in told:
            stroke = bool(told["/OP"])
            state = replace(state, stroke_overprints=stroke, fill_overprints=bool(told.get("/op", stroke)))
        elif "/op" in told:
            state = replace(state, fill_overprints=bool(told["/op"]))
        if "/OPM" in told:
            state = replace(state, mode=int(told["/OPM"]))
        filled, stroked = state.opacity
        state = replace(state, opacity=(float(told.get("/ca", filled)), float(told.get("/CA", stroked))))
        if "/BM" in told:
            modes = told["/BM"]
            first = modes if isinstance(modes, Name) else next(iter(modes), "/Normal")
            state = replace(state, mix=self._plate.mix_of(str(first)))
        self._state = state
        kept = Dictionary({name: value for name, value in told.items() if name not in _OWN_STATES})
        if len(kept):
            self._made["/ExtGState"][str(operands[0])] = kept
            self.out.append(instruction)

    def render_mode(self, operands: Any, instruction: Any) -> None:
        self._state = replace(self._state, render=int(operands[0]))
        self.out.append(instruction)

    def font(self, operands: Any, instruction: Any) -> None:
        font = self._resource("/Font", operands[0])
        is_drawn = isinstance(font, Dictionary) and font.get("/Subtype") == "/Type3"
        self._state = replace(self._state, drawn_font=(str(operands[0]), operands[1]) if is_drawn else None)
        if is_drawn:
            return  # what its letters are hangs on what is set until they are shown
        self._set["font"] = _UNSET
        if isinstance(font, Dictionary):
            self._made["/Font"][str(operands[0])] = font
        self.out.append(instruction)

    def _ready_drawn_font(self) -> None:
        if self._state.drawn_font is None:
            return
        name, size = self._state.drawn_font
        wanted = (name, size, self._state.handed_on)
        if self._set["font"] != wanted:
            self._set["font"] = wanted
            made = f"/Drawn{len(self._made['/Font'])}"
            font = self._resource("/Font", name)
            self._made["/Font"][made] = self._plate.drawn_font(font, self._state, self._named)
            self.out.append(([Name(made), size], Operator("Tf")))

    # --------------------------------------------------------------------------------------------------- colours

    def device(self, space: Space | None, stroke: bool, operands: Any) -> None:
        self._use(stroke, Paint(space or self._plate.spaces.rgb, _numbers(operands)))

    def choose_space(self, stroke: bool, operands: Any) -> None:
        name = operands[0]
        written = Array([name]) if name == "/Pattern" else self._resource("/ColorSpace", name)
        if isinstance(written, Array) and len(written) and written[0] == "/Pattern":
            given = self._plate.spaces.read(written[1], self._named) if len(written) > 1 else None
            self._state = replace(self._state, pattern_given=given)
            return
        space = self._plate.spaces.read(name, self._named)
        self._use(stroke, Paint(space, space.begins))

    def choose(self, stroke: bool, operands: Any) -> None:
        parts = list(operands)
        if parts and isinstance(parts[-1], Name):
            pattern = self._resource("/Pattern", parts.pop())
            if not isinstance(pattern, Dictionary | Stream):
                return
            space = self._state.pattern_given or GRAY
            self._use(stroke, Paint(space, _numbers(parts) or space.begins, pattern))
            return
        space = (self._state.stroke if stroke else self._state.fill).space
        if space.is_read and len(parts) != space.count:
            return
        self._use(stroke, Paint(space, _numbers(parts)))

    def _use(self, stroke: bool, paint: Paint) -> None:
        self._plate.used.add(paint.space)
        self._state = replace(self._state, stroke=paint) if stroke else replace(self._state, fill=paint)

    # -------------------------------------------------------------------------------------------------- painting

    def _paint_path(self, operator: str) -> None:
        fills, strokes = operator not in _STROKES, operator not in _FILLS
        spared_fill, spared_stroke = fills and self._is_spared(False), strokes and self._is_spared(True)
        if fills and strokes and spared_fill != spared_stroke:
            operator = _BOTH[operator][spared_fill]
            fills, strokes = not spared_fill, spared_fill
        if fills:
            self._ready(False, self._is_spared(False))
        if strokes:
            self._ready(True, self._is_spared(True))
        self.out += [([], Operator(one)) for one in operator.split()]

    def _show(self, instruction: Any) -> None:
        fills, strokes = self._state.render % 4 in (0, 2), self._state.render % 4 in (1, 2)
        spared = self._is_spared(not fills) if fills or strokes else False
        self._ready_drawn_font()
        if fills:
            self._ready(False, spared)
        if strokes:
            self._ready(True, spared)
        self.out.append(instruction)

    def _is_spared(self, stroke: bool) -> bool:
        """Whether what is painted leaves the plate alone."""
        state = self._state
        paint = state.stroke if stroke else state.fill
        overprints = state.stroke_overprints if stroke else state.fill_overprints
        if isinstance(paint.pattern, Dictionary) and paint.pattern.get("/PatternType") == 2:
            space = self._shading_space(paint.pattern.get("/Shading"))
            return space.spares((), self._plate.ink, overprints, state.mode, drawn_alone=False)
        if paint.pattern is not None and paint.pattern.get("/PaintType") == 1:
            return False  # what the tile paints says it
        return paint.space.spares(paint.values, self._plate.ink, overprints, state.mode)

    def _ready(self, stroke: bool, spared: bool) -> None:
        """Set what is painted with, unless it is in force."""
        self._mix("/Multiply" if spared else self._state.mix)
        paint = self._state.stroke if stroke else self._state.fill
        side = "stroke" if stroke else "fill"
        if paint.pattern is not None and not spared:
            self._ready_pattern(paint, side)
            return
        light = 1.0 if spared else 1 - paint.space.amount(paint.values, self._plate.ink)
        wanted = f"{min(1.0, max(0.0, light)):.5g}"
        if self._set[side] != wanted:
            self._set[side] = wanted
            self._emit(f"{wanted}", "G" if stroke else "g")

    def _ready_pattern(self, paint: Paint, side: str) -> None:
        light = 1 - paint.space.amount(paint.values, self._plate.ink)
        wanted = (id(paint.pattern), light)
        if self._set[side] == wanted or (made := self._pattern(paint)) is None:
            return
        self._set[side] = wanted
        name = f"/T{len(self._made['/Pattern'])}"
        self._made["/Pattern"][name] = made
        use, fill = ("CS", "SCN") if side == "stroke" else ("cs", "scn")
        if made.get("/PaintType") == 2:
            space = f"/U{len(self._made['/ColorSpace'])}"
            self._made["/ColorSpace"][space] = Array([Name.Pattern, Name.DeviceGray])
            self.out.append(([Name(space)], Operator(use)))
            self._emit(f"{light:.5g} {name}", fill)
        else:
            self.out.append(([Name.Pattern], Operator(use)))
            self._emit(name, fill)

    def _pattern(self, paint: Paint) -> Any:
        pattern = paint.pattern
        if isinstance(pattern, Stream):
            return pattern if pattern.get("/PaintType") == 2 else self._plate.form(pattern, State(), self._named)
        made = Dictionary({name: value for name, value in pattern.items() if name != "/Shading"})
        made.Shading = self._shading(pattern.Shading)
        return made

    def _mix(self, mode: str) -> None:
        if self._set["mix"] == mode:
            return
        self._set["mix"] = mode
        name = "/Mix" + mode[1:]
        self._made["/ExtGState"][name] = Dictionary(BM=Name(mode))
        self._emit(name, "gs")

    def _emit(self, operands: str, operator: str) -> None:
        """An operator, whose operands are written."""
        self.out.append(pikepdf.ContentStreamInstruction(
            [Name(part) if part.startswith("/") else Decimal(part) for part in operands.split()], Operator(operator)
        ))  # fmt: skip

    # ------------------------------------------------------------------------------------ shadings, pictures, forms

    def _shading_space(self, shading: Any) -> Space:
        space = self._plate.spaces.read(shading.get("/ColorSpace"), self._named)
        self._plate.used.add(space)
        return space

    def _shading(self, shading: Any) -> Any:
        space = self._plate.spaces.on_plate(self._shading_space(shading), self._plate.ink)
        if isinstance(shading, Stream):
            made: Any = Stream(self._plate.pdf, shading.read_bytes())
        else:
            made = Dictionary()
        for name, value in shading.items():
            if name not in ("/ColorSpace", "/Length", "/Filter", "/DecodeParms"):
                made[name] = value
        made.ColorSpace = space
        return made

    def shade(self, operands: Any, instruction: Any) -> None:
        shading, state = self._resource("/Shading", operands[0]), self._state
        if not isinstance(shading, Dictionary | Stream):
            return
        space = self._shading_space(shading)
        if space.spares((), self._plate.ink, state.fill_overprints, state.mode, drawn_alone=False):
            return
        self._mix(state.mix)
        self._made["/Shading"][str(operands[0])] = self._shading(shading)
        self.out.append(instruction)

    def draw(self, operands: Any, instruction: Any) -> None:
        drawn = self._resource("/XObject", operands[0])
        if not isinstance(drawn, Stream):
            return
        if drawn.get("/Subtype") != "/Form":
            made = self._picture(drawn)
        elif (made := self._plate.form(drawn, self._state, self._named)) is not None:
            if "/Group" not in made:
                self._draw_plain(made)
                return
            self._mix(self._state.mix)
        if made is not None:
            self._draw(made)

    def _draw(self, made: Any) -> None:
        name = f"/X{len(self._made['/XObject'])}"
        self._made["/XObject"][name] = made
        self._emit(name, "Do")

    def _draw_plain(self, form: Any) -> None:
        """Draw a form that is no group: its contents say how they are laid on, else PDFium would make it one."""
        self.out.append(([], Operator("q")))
        was, self._set = self._set, dict(self._set)
        self._mix("/Normal")
        if self._state.opacity != (1.0, 1.0):
            self._emit_opacity((1.0, 1.0))
        self._draw(form)
        self._set = was
        self.out.append(([], Operator("Q")))

    def _emit_opacity(self, opacity: tuple[float, float]) -> None:
        fill, stroke = (Decimal(f"{part:.5g}") for part in opacity)
        name = f"/Opacity{fill}-{stroke}"
        self._made["/ExtGState"][name] = Dictionary(ca=fill, CA=stroke)
        self._emit(name, "gs")

    def _picture(self, drawn: Any) -> Any:
        if drawn.get("/ImageMask"):
            self._ready(False, self._is_spared(False))
            return drawn
        space, state = self._plate.pictures.space(drawn, self._named), self._state
        self._plate.used.add(space)
        if space.spares((), self._plate.ink, state.fill_overprints, state.mode, drawn_alone=False):
            return None
        self._mix(state.mix)
        return self._plate.pictures.on_plate(drawn, space, self._plate.ink)

    def inline_picture(self, operands: Any, instruction: Any) -> None:
        """Made a picture of its own first (8.9.7)."""
        written = instruction.iimage
        made = self._picture(self._made_of(written))
        if made is not None:
            self._draw(made)

    def _made_of(self, inline: Any) -> Stream:
        picture = Stream(self._plate.pdf, inline.read_raw_bytes(), Subtype=Name.Image)
        for name, value in inline.obj.items():
            picture[name] = value
        if (own := self._resource("/ColorSpace", picture.get("/ColorSpace"))) is not None:
            picture.ColorSpace = own
        return picture

    def _resource(self, kind: str, name: Any) -> Any:
        kinds = self._named.get(kind) if isinstance(self._named, Dictionary) else None
        return kinds.get(str(name)) if isinstance(kinds, Dictionary) else None


def _numbers(operands: Sequence[Any]) -> Parts:
    return tuple(float(part) for part in operands)


Handler = Callable[[PlateStream, Sequence[Any], Any], None]


def _sets(space: Space | None, stroke: bool) -> Handler:
    """What sets a colour of a device; of RGB, which depends on the file, where none is given."""
    return lambda run, operands, _: run.device(space, stroke, operands)


_HANDLERS: dict[str, Handler] = {
    "q": PlateStream.save,
    "Q": PlateStream.restore,
    "gs": PlateStream.graphics_state,
    "Tr": PlateStream.render_mode,
    "Tf": PlateStream.font,
    "k": _sets(CMYK, False), "K": _sets(CMYK, True), "g": _sets(GRAY, False), "G": _sets(GRAY, True),
    "rg": _sets(None, False), "RG": _sets(None, True),
    "cs": lambda run, operands, _: run.choose_space(False, operands),
    "CS": lambda run, operands, _: run.choose_space(True, operands),
    "sc": lambda run, operands, _: run.choose(False, operands),
    "SC": lambda run, operands, _: run.choose(True, operands),
    "scn": lambda run, operands, _: run.choose(False, operands),
    "SCN": lambda run, operands, _: run.choose(True, operands),
    "ri": lambda run, operands, _: None,
    "sh": PlateStream.shade,
    "Do": PlateStream.draw,
    "INLINE IMAGE": PlateStream.inline_picture,
}  # fmt: skip
