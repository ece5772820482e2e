"""What the files of a sheet say of themselves where neither brand nor job says it: who it is for, and its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pressrun.language.markup import words_in
from pressrun.language.pages import tells_of_page
from pressrun.model.file_metadata import SheetTold
from pressrun.model.item_list import repeated_layer
from pressrun.model.layout import layer_name
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project

_BLANKS = re.compile(r"[ \t\n]+")  # a no-break space is meant


class OwnWords:
    """Of the sheets of a project."""

    def __init__(self, project: Project) -> None:
        self._brand = project.brand.name
        self._marked_up = {
            drawn: frozenset(
                layer_name(layer, index)
                for index, layer in enumerate(loaded.layout.layers)
                if layer.markup_in_cells is not None
            )
            for drawn, loaded in project.drawn.items()
        }

    def of(self, sheet: PlannedSheet, layers: Mapping[str, Mapping[str, str]]) -> SheetTold:
        """From the rendered fields of its layers. A text that tells the page, or has no words, is left out."""
        marked_up = self._marked_up[sheet.drawn_by]
        texts = [
            words_in(text) if repeated_layer(name) in marked_up else text
            for name, fields in layers.items()
            if (text := fields.get("text")) and not tells_of_page(text)
        ]
        title = f"{self._brand} · {' · '.join(sheet.row.id.split('/'))} · {sheet.layout}"
        plain = (_BLANKS.sub(" ", text).strip(" ") for text in texts)
        return SheetTold(title, " · ".join(text for text in plain if _has_words(text)))


def _has_words(text: str) -> bool:
    """Whether there are letters, figures or pictographs in it."""
    return text.isalnum() or any(one.isalnum() or unicodedata.category(one) == "So" for one in text)
