"""Bold and italic words of marked-up texts: the families of their roles have fonts for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from pressrun.graphics.typefaces import fonts
from pressrun.language.markup import marked_roles
from pressrun.load.campaign_reader import Reader
from pressrun.model.brand import Brand, MarkedRole, Role
from pressrun.model.layout import LayerOptions, Layout
from pressrun.readers.yaml_source import YamlSource


class _Cuts(Struct, frozen=True):
    """Fonts of one family that are upright or italic: the weights that each has, from and to."""

    weights: tuple[tuple[float, float], ...]

    def nearest(self, weight: float) -> float | None:
        """The weight in which one is set that asks for this; None where there is no font."""
        near = (min(max(weight, least), most) for least, most in self.weights)
        return min(near, key=lambda one: abs(one - weight), default=None)


def check_marked_words(
    reader: Reader, brand: Brand, font_files: tuple[Path, ...], layouts: Iterable[tuple[YamlSource, Layout]]
) -> None:
    """A word that is marked and looks like all others is a fault of the layout, or of the brand's fonts."""
    faces = [face for file in font_files for face in fonts.read_faces(file)]
    told = set()
    for source, layout in layouts:
        for index, layer in enumerate(layout.layers):
            if layer.markup_in_cells is None:
                continue
            place = source.text_place(("layers", index, "text"))
            for lacking in dict.fromkeys(_faults(brand, faces, layer)):
                if (lacking, place) not in told:
                    told.add((lacking, place))
                    hint = "add its font file to the brand's `fonts`, or mark these words otherwise"
                    reader.error("missing-cut", lacking, place, hint)


def _faults(brand: Brand, faces: list[fonts.FontFace], layer: LayerOptions) -> Iterator[str]:
    """Of the words that a layer marks itself each; of what it lets cells mark what can be seen in none of its roles:
    a table lets all of its cells, and those of one column are meant."""

    def lacking(asked: MarkedRole) -> list[str]:
        return [fault for role in _roles(brand, asked) if (fault := _lacking(role, asked, faces))]

    for asked in marked_roles(layer, brand.typography, by_cells=False):
        yield from lacking(asked)
    allowed: dict[tuple[bool, bool], list[list[str]]] = {}
    for asked in dict.fromkeys(marked_roles(layer, brand.typography)):
        allowed.setdefault((asked.bold, asked.italic), []).append(lacking(asked))
    for found in allowed.values():
        if all(found):
            yield from (fault for faults in found for fault in faults)


def _roles(brand: Brand, asked: MarkedRole) -> Iterator[Role]:
    """The role, and as each language sets it."""
    if asked.role in brand.typography:  # which is told elsewhere
        yield brand.typography[asked.role]
        for locale, overrides in brand.locales.items():
            if asked.role in overrides.typography:
                yield brand.role(asked.role, locale)


def _lacking(role: Role, asked: MarkedRole, faces: list[fonts.FontFace]) -> str | None:
    style = role.style_of(asked.italic)
    cuts = _cuts(role.family, style, faces)
    bold = cuts.nearest(role.weight_of(True))
    if bold is None:
        return f"{role.family} has no {'italic' if style == 'italic' else 'upright'} font for <i> (role {asked.role})"
    own = cuts.nearest(role.weight)
    if asked.bold and own is not None and bold <= own:
        return f"{role.family} has no bolder font than {own:.0f} for <b> (role {asked.role})"
    return None


def _cuts(family: str, style: str, faces: list[fonts.FontFace]) -> _Cuts:
    if family == fonts.ALWAYS_THERE:
        return _Cuts(tuple((weight, weight) for weight in fonts.FIRAGO_WEIGHTS))
    weights = []
    for face in faces:
        leans = face.italic or face.axis("ital") is not None or face.axis("slnt") is not None
        if family in face.names and (leans if style == "italic" else not face.italic):
            axis = face.axis("wght")
            weights.append((axis.least, axis.most) if axis else (face.weight, face.weight))
    return _Cuts(tuple(weights))
