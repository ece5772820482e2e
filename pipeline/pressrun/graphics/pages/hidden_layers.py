"""Layers of a PDF (optional content: ISO 32000-1, 8.11) taken apart: what is switched off in print is taken out, and
what is on stays, in no layer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Stream, String

from pressrun.graphics.pages.pdf_graph import contents, reached

Instructions = list[tuple[list[Any], Any]]

_PAINTS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "s", "S"})
_PLACES = frozenset({"Do", "sh", "INLINE IMAGE"})
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE, _CLIPS_AND_NO_MORE = 3, 7  # text rendering modes (ISO 32000-1, 9.3.6)


def take_layers_apart(pdf: pikepdf.Pdf, keeps_steps: bool = False) -> None:
    """Every content stream of a document without its layers; with ``keeps_steps`` those stay that are for the finisher
    (ISO 19593-1) and switched on."""
    if "/OCProperties" not in pdf.Root:
        return
    hidden = _Hidden(pdf.Root.OCProperties, keeps_steps)
    for one in reached(pdf.Root):
        if isinstance(one, Stream) and one.get("/Subtype") in ("/Form", "/Image") and "/OC" in one:
            layer = one.OC
            if hidden.keeps(layer):
                continue
            del one["/OC"]
            if hidden.hides(layer):
                _empty(one)
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        _take_annotations_off(page, hidden)
        page.contents_coalesce()
        _give_own_content(page.obj, seen)
    for stream, resources in contents(pdf.Root):
        if b"/OC" in stream.read_bytes():
            stream.write(_without_layers(pikepdf.parse_content_stream(stream), resources, hidden))
    for _, resources in contents(pdf.Root):
        properties = _properties(resources)
        for name in [name for name, one in properties.items() if _is_layer(one)]:
            if not hidden.keeps(properties[name]):
                del properties[name]
    kept = [layer for layer in pdf.Root.OCProperties.get("/OCGs", []) if hidden.keeps(layer)]
    del pdf.Root["/OCProperties"]
    if kept:
        pdf.Root.OCProperties = switched_on(kept)


def switched_on(layers: Sequence[Any]) -> Dictionary:
    """What a document says of its layers, all of which are on."""
    shown = Dictionary(Name=String("Layers"), Order=Array(layers), ON=Array(layers))
    return Dictionary(OCGs=Array(layers), D=shown)


class _Hidden:
    """Which layers are switched off as the document opens, and in print."""

    def __init__(self, properties: Any, keeps_steps: bool = False) -> None:
        self._keeps_steps = keeps_steps
        config = properties.get("/D", Dictionary())
        groups = list(properties.get("/OCGs", []))
        off = {one.objgen for one in groups} if config.get("/BaseState") == "/OFF" else set()
        off -= {one.objgen for one in config.get("/ON", [])}
        off |= {one.objgen for one in config.get("/OFF", [])}
        for event in config.get("/AS", []):
            if event.get("/Event") == "/Print":
                for one in event.get("/OCGs", []):
                    state = one.get("/Usage", {}).get("/Print", {}).get("/PrintState")
                    off = off | {one.objgen} if state == "/OFF" else off - {one.objgen} if state == "/ON" else off
        self._off = off

    def keeps(self, layer: Any) -> bool:
        """Whether it stays a layer: a step of the finisher's that is in sight."""
        if not self._keeps_steps or not isinstance(layer, Dictionary):
            return False
        return layer.get("/Type") == "/OCG" and "/GTS_Metadata" in layer and not self.hides(layer)

    def hides(self, layer: Any) -> bool:
        """Whether a group, or a membership in several, is out of sight."""
        if not isinstance(layer, Dictionary):
            return False
        if layer.get("/Type") != "/OCMD":
            return layer.objgen in self._off
        if "/VE" in layer:
            return not self._holds(layer.VE)
        groups = layer.get("/OCGs", Array())
        shown = [not self.hides(one) for one in (groups if isinstance(groups, Array) else [groups])]
        policy = str(layer.get("/P", "/AnyOn"))
        seen = {"/AllOn": all(shown), "/AnyOff": not all(shown), "/AllOff": not any(shown)}.get(policy, any(shown))
        return bool(shown) and not seen

    def _holds(self, expression: Any) -> bool:
        if not isinstance(expression, Array):
            return not self.hides(expression)
        told = [self._holds(one) for one in list(expression)[1:]]
        operator = expression[0]
        if operator == "/Not":
            return not any(told)
        return all(told) if operator == "/And" else any(told)


def _take_annotations_off(page: pikepdf.Page, hidden: _Hidden) -> None:
    annotations = page.obj.get("/Annots")
    if annotations is None:
        return
    page.obj.Annots = Array([one for one in annotations if not hidden.hides(one.get("/OC"))])
    for one in page.obj.Annots:
        if "/OC" in one:
            del one["/OC"]


def _give_own_content(page: Any, seen: set[tuple[int, int]]) -> None:
    """Pages may share a stream, which each reads by its own resources: what is a layer that is off on one is on with
    the next."""
    if isinstance(page.get("/Contents"), Stream):
        if page.Contents.objgen in seen:
            page.Contents = copy.copy(page.Contents)
        seen.add(page.Contents.objgen)


def _empty(drawn: Stream) -> None:
    for key in [key for key in drawn.keys() if key not in ("/Type", "/Length")]:  # noqa: SIM118  # it is no dictionary
        del drawn[key]
    drawn.write(b"", filter=None)
    drawn.Subtype, drawn.BBox, drawn.Resources = Name.Form, Array([0, 0, 0, 0]), Dictionary()


def _without_layers(read: Any, resources: Dictionary, hidden: _Hidden) -> bytes:
    """A content stream of which nothing is painted that is in a hidden layer: what it leaves behind (graphics state,
    outlines to clip by, the place where a line of text goes on) is what it would."""
    properties = _properties(resources)
    kept: Instructions = []
    begun: list[bool | None] = []  # of the marked content that is open: whether it is hidden, None for what is no layer
    modes, mode = [], 0
    for instruction in read:
        operands, operator = list(instruction.operands), str(instruction.operator)
        if operator in ("BMC", "BDC"):
            is_layer = operator == "BDC" and len(operands) > 1 and operands[0] == "/OC"
            is_layer = is_layer and not hidden.keeps(_named(operands[1], properties))
            begun.append(hidden.hides(_named(operands[1], properties)) if is_layer else None)
            if is_layer:
                continue
        elif operator == "EMC":
            if begun and begun.pop() is not None:
                continue
        elif operator == "q":
            modes.append(mode)
        elif operator == "Q":
            mode = modes.pop() if modes else 0
        elif operator == "Tr" and operands and isinstance(operands[0], (int, Decimal)):
            mode = int(operands[0])
        elif any(begun):
            if operator in _PLACES:
                continue
            if operator in _PAINTS:
                closes: Instructions = [([], Operator("h"))] if operator in ("b", "b*", "s") else []
                kept += [*closes, ([], Operator("n"))]
                continue
            if operator in _SHOWS:
                unseen = _INVISIBLE if mode < 4 else _CLIPS_AND_NO_MORE
                kept += [([unseen], Operator("Tr")), (operands, Operator(operator)), ([mode], Operator("Tr"))]
                continue
        kept.append((operands, Operator(operator)) if operator != "INLINE IMAGE" else instruction)
    return pikepdf.unparse_content_stream(kept)


def _properties(resources: Any) -> Any:
    properties = resources.get("/Properties")
    return properties if isinstance(properties, Dictionary) else Dictionary()


def _is_layer(one: Any) -> bool:
    return isinstance(one, Dictionary) and one.get("/Type") in ("/OCG", "/OCMD")


def _named(written: Any, properties: Any) -> Any:
    return properties.get(str(written)) if isinstance(written, Name) else written
