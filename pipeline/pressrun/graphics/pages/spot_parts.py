"""A placed page in two: what it draws in one spot, which is a step of the finisher's, and all the rest. Operators that
lack their operands stay as they are, for whoever reads the page to pass over."""

from __future__ import annotations

import functools
import io
import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import pikepdf
from msgspec import Struct, field
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name, Operator, Stream

from pressrun.graphics.pages.operands import BROKEN, NEEDS_NAME, is_complete
from pressrun.graphics.svg.artwork import UnusableArtwork
from pressrun.model.color import spot_key

Whose = Literal["spot", "rest", "both"]  # in whose ink something is drawn; both: a pattern of several

_FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_STROKES = frozenset({"S", "s", "B", "B*", "b", "b*"})
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_DEVICES = {"g": True, "rg": True, "k": True, "G": False, "RG": False, "K": False}  # whether for filling
_NAMED = {
    "gs": "/ExtGState", "Do": "/XObject", "sh": "/Shading", "Tf": "/Font", "cs": "/ColorSpace", "CS": "/ColorSpace",
    "scn": "/Pattern", "SCN": "/Pattern", "BDC": "/Properties", "DP": "/Properties",
}  # fmt: skip
_MODES = {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}  # (ISO 32000-1, 9.3.6)
_INLINE_SPACE = re.compile(rb"/(?:CS|ColorSpace)\s*(/[^\s/\[\]<>()]+)")
_OVERPRINT = "/FinishersOverprint"
_LAID_ON = ("/OP", "/op", "/OPM", "/BM")  # how a step is laid on is said once, for all of it


@functools.lru_cache(maxsize=16)
def without_spots(data: bytes, number: int, spots: tuple[str, ...]) -> bytes:
    """A page of a prepared document, by its number from 1, without what is drawn in these spots alone; of the others
    there is nothing but their place. Raises UnusableArtwork."""
    return _rewritten(data, number, lambda pdf: _Part(pdf, frozenset(map(spot_key, spots)), "rest"))


@functools.lru_cache(maxsize=16)
def spot_alone(data: bytes, number: int, spot: str, look: tuple[float, ...]) -> bytes:
    """The same with nothing but what is drawn in a spot, which overprints; where there is no such ink it
    looks like ``look``: CMYK or RGB, in parts of 1. Raises UnusableArtwork."""
    part = frozenset({spot_key(spot)})
    return _rewritten(data, number, lambda pdf: _Part(pdf, part, "spot", _defined(pdf, spot, look)))


def _defined(pdf: pikepdf.Pdf, spot: str, look: tuple[float, ...]) -> Array:
    device, none = (Name.DeviceCMYK, 0) if len(look) == 4 else (Name.DeviceRGB, 1)
    tint = Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([none] * len(look)), C1=Array(list(look)))
    return Array([Name.Separation, Name(f"/{spot}"), device, pdf.make_indirect(tint)])


def _rewritten(data: bytes, number: int, part_of: Callable[[pikepdf.Pdf], _Part]) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            part = part_of(pdf)
            for at, page in enumerate(pdf.pages, 1):
                content, resources = b"", Dictionary()
                page.contents_coalesce()
                if at == number and isinstance(page.obj.get("/Contents"), Stream):
                    content, resources, _ = part.content(page.obj.Contents, page.obj.get("/Resources", Dictionary()))
                page.obj.Contents, page.obj.Resources = pdf.make_stream(content), resources
            out = io.BytesIO()
            pdf.save(out, static_id=True)
    except BROKEN as error:
        raise UnusableArtwork(f"its spots cannot be told apart: {error or type(error).__name__}") from error
    return out.getvalue()


class _State(Struct):
    """Of the graphics state what tells in whose ink something is drawn."""

    fill: Whose = "rest"
    stroke: Whose = "rest"
    mode: int = 0
    font: list[Any] = field(default_factory=list)  # and its size
    drawn_letters: bool = False  # the font is one whose letters are small pages (Type 3)


class _Stream(Struct):
    """A content stream as it is written anew."""

    kept: list[Any] = field(default_factory=list)
    resources: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    paints: bool = False
    text_begins: int = 0
    text_paints: bool = False


class _Part:
    """One of the two parts of a document's pages."""

    def __init__(self, pdf: pikepdf.Pdf, spots: frozenset[str], part: Whose, defined: Array | None = None) -> None:
        self._pdf, self._spots, self._part = pdf, spots, part
        self._defined = pdf.make_indirect(defined) if defined is not None else None
        self._forms: dict[tuple[tuple[int, int], Whose, Whose], tuple[Stream, bool]] = {}
        self._tiles: dict[tuple[int, int], Stream] = {}
        self._open: set[tuple[int, int]] = set()

    def content(self, stream: Any, resources: Any, begin: _State | None = None) -> tuple[bytes, Dictionary, bool]:
        """A content stream of which that part is left, its resources, and whether it paints anything."""
        written, state, around = _Stream(), begin or _State(), list[_State]()
        if self._part == "spot" and begin is None:
            written.resources["/ExtGState"][_OVERPRINT] = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
            written.kept.append(([Name(_OVERPRINT)], Operator("gs")))
        for instruction in pikepdf.parse_content_stream(stream):
            operator = str(instruction.operator)
            if operator == "q":
                around.append(replace(state))
            elif operator == "Q" and around:
                state = around.pop()
            self._step(written, state, operator, instruction, resources)
        if fonts := written.resources.pop("/Font", {}):
            shown = {str(one[0][0]) for one in written.kept if _is_of_letters(one) and str(one[1]) == "Tf" and one[0]}
            written.resources["/Font"] = {name: font for name, font in fonts.items() if name in shown}
        named = {kind: Dictionary(names) for kind, names in written.resources.items() if names}
        return pikepdf.unparse_content_stream(written.kept), Dictionary(named), written.paints

    def _step(self, out: _Stream, state: _State, operator: str, instruction: Any, resources: Any) -> None:
        if operator == "INLINE IMAGE":
            self._inline(out, state, instruction, resources)
            return
        operands = list(instruction.operands)
        if operator in NEEDS_NAME and not is_complete(operator, operands):
            out.kept.append((operands, Operator(operator)))
        elif operator in ("cs", "CS", "sc", "scn", "SC", "SCN") or operator in _DEVICES:
            self._set_color(out, state, operator, operands, resources)
        elif operator in _FILLS or operator in _STROKES:
            self._paint(out, state, operator, operands)
        elif operator in _SHOWS:
            self._show(out, state, operator, operands, resources)
        elif operator == "Do":
            self._place(out, state, operands, resources)
        elif operator == "sh":
            shading = _named("/Shading", operands[0], resources)
            if shading is not None and self._keeps(self._of_space(shading.get("/ColorSpace"), resources)):
                self._keep(out, operator, operands, resources, paints=True)
        elif operator in ("BMC", "BDC", "EMC", "MP", "DP") and self._part == "spot":
            return  # what a step is called is said by its layer
        else:
            if operator == "Tr" and operands and isinstance(operands[0], (int, Decimal)):
                state.mode = int(operands[0])
            elif operator == "Tf":
                font = _named("/Font", operands[0], resources)
                state.font, state.drawn_letters = operands, font is not None and font.get("/Subtype") == "/Type3"
                return  # said where letters are shown: a font that shows none does not come along
            elif operator == "BT":
                out.text_begins, out.text_paints = len(out.kept), state.mode >= 4
            elif operator == "ET" and not out.text_paints:
                out.kept[out.text_begins :] = [one for one in out.kept[out.text_begins :] if not _is_of_letters(one)]
            self._keep(out, operator, operands, resources)

    def _keeps(self, whose: Whose) -> bool:
        return whose in (self._part, "both")

    def _keep(self, out: _Stream, operator: str, operands: list[Any], resources: Any, paints: bool = False) -> None:
        out.kept.append((operands, Operator(operator)))
        out.paints |= paints
        kind = _NAMED.get(operator)
        name = operands[0 if operator in ("Tf", "gs", "cs", "CS", "sh", "Do") else -1] if kind and operands else None
        if kind and isinstance(name, Name) and (value := _named(kind, name, resources)) is not None:
            out.resources[kind][str(name)] = self._as_laid_on(kind, value, resources) if self._defined else value

    def _as_laid_on(self, kind: str, value: Any, resources: Any) -> Any:
        """What a step is drawn by: in the one definition of its ink."""
        if kind == "/ExtGState":
            return Dictionary({key: one for key, one in value.items() if key not in _LAID_ON})
        if kind == "/ColorSpace":
            return self._redefined(value, resources)
        if kind == "/Pattern" and value.get("/PatternType") == 2:
            shading = self._as_laid_on("/Shading", value.Shading, resources)
            return Dictionary({**dict(value.items()), "/Shading": shading})
        is_picture = kind == "/XObject" and value.get("/Subtype") == "/Image"
        if (kind == "/Shading" or is_picture) and self._of_space(value.get("/ColorSpace"), resources) == "spot":
            entries = {**dict(value.items()), "/ColorSpace": self._redefined(value.ColorSpace, resources)}
            if isinstance(value, Stream):
                entries.pop("/Length", None)
                return Stream(self._pdf, value.read_raw_bytes(), entries)
            return Dictionary(entries)
        return value

    def _set_color(self, out: _Stream, state: _State, operator: str, operands: list[Any], resources: Any) -> None:
        is_fill = _DEVICES.get(operator, operator.islower())
        whose: Whose = state.fill if is_fill else state.stroke
        if operator in _DEVICES:
            whose = "rest"
        elif operator in ("cs", "CS"):
            whose = self._of_space(operands[0], resources)
        elif operands and isinstance(operands[-1], Name):
            pattern = _named("/Pattern", operands[-1], resources)
            if pattern is not None and pattern.get("/PatternType") == 2:
                whose = self._of_space(pattern.Shading.get("/ColorSpace"), resources)
            elif pattern is not None and pattern.get("/PaintType") == 1:
                whose = "both"
                resources = self._with_pattern(operands[-1], pattern, resources)
        if is_fill:
            state.fill = whose
        else:
            state.stroke = whose
        is_pattern = operator in ("cs", "CS") and operands[0] == "/Pattern"
        if self._keeps(whose) or is_pattern:
            self._keep(out, operator, operands, resources)

    def _redefined(self, space: Any, resources: Any) -> Any:
        if isinstance(space, Name):
            space = _named("/ColorSpace", space, resources)
        if self._of_space(space, resources) != "spot":
            return space
        if space[0] in ("/Pattern", "/Indexed"):
            return Array([space[0], self._defined, *list(space)[2:]])
        return self._defined

    def _with_pattern(self, name: Any, pattern: Any, resources: Any) -> Any:
        """Resources with that part of a pattern's tile; within the tile itself there is no such pattern."""
        patterns = {one: value for one, value in _kinds(resources).get("/Pattern", {}).items() if one != str(name)}
        if pattern.objgen not in self._open:
            patterns[str(name)] = self._tile(pattern, resources)
        return {**_kinds(resources), "/Pattern": patterns}

    def _tile(self, pattern: Any, resources: Any) -> Stream:
        if pattern.objgen not in self._tiles:
            self._open.add(pattern.objgen)
            content, own, _ = self.content(pattern, pattern.get("/Resources", resources), _State())
            self._open.remove(pattern.objgen)
            entries = {key: one for key, one in pattern.items() if key not in ("/Length", "/Filter", "/DecodeParms")}
            made = Stream(self._pdf, content, {**entries, "/Resources": own})
            self._tiles[pattern.objgen] = self._pdf.make_indirect(made)
        return self._tiles[pattern.objgen]

    def _paint(self, out: _Stream, state: _State, operator: str, operands: list[Any]) -> None:
        fills, strokes = operator in _FILLS, operator in _STROKES
        fill, stroke = fills and self._keeps(state.fill), strokes and self._keeps(state.stroke)
        if (fill, stroke) != (fills, strokes):
            if operator in ("b", "b*", "s"):
                out.kept.append(([], Operator("h")))
            operator = ("f*" if "*" in operator else "f") if fill else "S" if stroke else "n"
        out.kept.append((operands, Operator(operator)))
        out.paints |= fill or stroke

    def _show(self, out: _Stream, state: _State, operator: str, operands: list[Any], resources: Any) -> None:
        fills, strokes = state.mode % 4 in (0, 2), state.mode % 4 in (1, 2)
        if state.drawn_letters:  # which no mode hides
            fills, strokes = True, False
        fill, stroke = fills and self._keeps(state.fill), strokes and self._keeps(state.stroke)
        if state.drawn_letters and not fill:
            return
        if state.font:
            self._keep(out, "Tf", state.font, resources)
        out.paints |= fill or stroke
        out.text_paints |= fill or stroke
        mode = _MODES[fill, stroke] + (4 if state.mode >= 4 else 0)
        if state.drawn_letters or mode == state.mode:
            out.kept.append((operands, Operator(operator)))
            return
        hidden, shown = (([one], Operator("Tr")) for one in (mode, state.mode))
        out.kept += [hidden, (operands, Operator(operator)), shown]

    def _place(self, out: _Stream, state: _State, operands: list[Any], resources: Any) -> None:
        drawn = _named("/XObject", operands[0], resources)
        if drawn is None:
            return
        if drawn.get("/Subtype") == "/Image":
            is_stencil = bool(drawn.get("/ImageMask", False))
            whose = state.fill if is_stencil else self._of_space(drawn.get("/ColorSpace"), resources)
            if self._keeps(whose):
                self._keep(out, "Do", operands, resources, paints=True)
            return
        form, paints = self._form(drawn, state, resources)
        if not paints:
            return
        name = Name(f"{operands[0]}.{state.fill}.{state.stroke}")  # which have the inks that are set around them
        out.kept.append(([name], Operator("Do")))
        out.resources["/XObject"][str(name)] = form
        out.paints = True

    def _form(self, form: Any, state: _State, resources: Any) -> tuple[Stream, bool]:
        key = form.objgen, state.fill, state.stroke
        if key not in self._forms:
            if form.objgen in self._open:  # it draws itself
                return form, False
            self._open.add(form.objgen)
            inner = _State(state.fill, state.stroke)
            content, own, paints = self.content(form, form.get("/Resources", resources), inner)
            self._open.remove(form.objgen)
            entries = {key: one for key, one in form.items() if key not in ("/Length", "/Filter", "/DecodeParms")}
            made = Stream(self._pdf, content, {**entries, "/Resources": own})
            self._forms[key] = self._pdf.make_indirect(made), paints
        return self._forms[key]

    def _inline(self, out: _Stream, state: _State, instruction: Any, resources: Any) -> None:
        head = instruction.operands[0].unparse().partition(b"ID")[0]
        is_stencil = re.search(rb"/(?:IM|ImageMask)\s+true", head)
        found = _INLINE_SPACE.search(head)
        space = Name(found[1].decode("latin-1")) if found else None
        if self._keeps(state.fill if is_stencil else self._of_space(space, resources)):
            out.kept.append(instruction)
            out.paints = True
            if space is not None and (value := _named("/ColorSpace", space, resources)) is not None:
                out.resources["/ColorSpace"][str(space)] = self._redefined(value, resources) if self._defined else value

    def _of_space(self, space: Any, resources: Any) -> Whose:
        if isinstance(space, Name):
            space = _named("/ColorSpace", space, resources)
        if not isinstance(space, Array) or len(space) < 2:
            return "rest"
        kind = str(space[0])
        if kind in ("/Pattern", "/Indexed"):
            return self._of_space(space[1], resources)
        names = [space[1]] if kind == "/Separation" else list(space[1]) if kind == "/DeviceN" else []
        is_ours = bool(names) and all(spot_key(str(name)[1:]) in self._spots for name in names)
        return "spot" if is_ours else "rest"


def _is_of_letters(kept: Any) -> bool:
    return not isinstance(kept, pikepdf.ContentStreamInlineImage) and str(kept[1]) in (*_SHOWS, "Tf")


def _kinds(resources: Any) -> dict[str, Any]:
    return {str(kind): dict(names.items()) for kind, names in resources.items() if isinstance(names, Dictionary)}


def _named(kind: str, name: Any, resources: Any) -> Any:
    """What a name stands for; None of one that stands for nothing."""
    names = resources.get(kind)
    return None if names is None else names.get(str(name))
