"""What layouts say for a row, worked out for all of them at once: of a million rows nearly all have nothing that a look
at each of their sheets would find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pressrun.expand.compiled import OF_SHEETS, Compiled, Layer
from pressrun.language.lookup import EvaluationError
from pressrun.language.pages import IN_TEMPLATES, PAGE
from pressrun.model.job import Row
from pressrun.model.template import TemplateFault

_FILE = "file"


class RowTexts:
    """``layouts`` are those that say the same whatever sheet of a row is meant, and place files that no row names: with
    the layers and these. Of them each text is worked out once."""

    def __init__(self, parts: Compiled, names: Callable[[Row, str, int], Mapping[str, Any]]) -> None:
        self._parts, self._names = parts, names
        plain = {name: layers for name, layers in parts.layouts.items() if all(map(_is_plain, layers))}
        self.layouts = {
            name: tuple((layer.name, one.constant) for layer in layers for one in layer.fields
                        if one.name == _FILE and one.constant)
            for name, layers in plain.items()
        }  # fmt: skip
        every = [layer for layers in plain.values() for layer in layers]
        fields = [(one, layer) for layer in every for one in layer.fields if one.constant is None]
        always = {one.template for one, layer in fields if _is_always_shown(layer)}
        texts = {one.template for one, _ in fields if one.name == "text"}
        self._templates = tuple(
            (template, template in texts, template in always)
            for template in dict.fromkeys(one.template for one, _ in fields)
        )
        self._certain = {one.template for one, layer in fields if one.name == "text" and layer.leaves_hole}
        said = ((one, layer) for layer in every for one in layer.fields if one.name == "text")
        fixed = [(one.constant, layer) for one, layer in said if one.constant]
        certain = {constant for constant, layer in fixed if _is_always_shown(layer)}
        self._constants = tuple(dict.fromkeys(one for one, _ in fixed if one in certain or one.isascii()))
        open_when = {layer.when for one, layer in fixed if one not in certain and not one.isascii()}
        self._is_open = None in open_when
        whens = dict.fromkeys(layer.when for layer in every if layer.when is not None)
        self._whens = tuple((when, when in open_when) for when in whens)
        self._a_layout = next(iter(parts.layout_views), "")

    def texts(self, row: Row) -> list[str] | None:
        """Its texts; None where anything is wrong with one, or one that may not be shown has letters beyond ASCII."""
        if self._is_open:
            return None
        names = {**self._names(row, self._a_layout, 1), PAGE: IN_TEMPLATES}
        context = self._parts.texts.context(names)
        said = list(self._constants)
        try:
            for when, is_open in self._whens:
                if when.test(names) and is_open:
                    return None
            for template, is_text, is_always in self._templates:
                text = template.render_in(context)
                if template.allowance.bare or (template.allowance.empty and template.empty_in(text)):
                    return None
                if template in self._certain and not text.strip():
                    return None
                if is_text:
                    if not is_always and not text.isascii():
                        return None
                    said.append(text)
        except (EvaluationError, TemplateFault):
            return None
        return said


def _is_always_shown(layer: Layer) -> bool:
    return layer.when is None and layer.inside is None


def _is_plain(layer: Layer) -> bool:
    if layer.repeat is not None or layer.table is not None or layer.page is not None or layer.marks_up:
        return False
    if layer.when is not None and layer.when.names & OF_SHEETS:
        return False
    return all(one.constant is not None or (one.of_row and one.name != _FILE) for one in layer.fields)
