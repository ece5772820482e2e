"""How a layer's paragraphs are set: what it says itself, else what its role says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pressrun.language.locale_formats import decimal_sign
from pressrun.language.locale_formats import number as locale_number
from pressrun.language.markup import Piece
from pressrun.layers.text.words import NO_LIGATURES, TAB
from pressrun.model.brand import Leading, ParagraphStyle, Role
from pressrun.model.geometry import Length
from pressrun.model.opentype import FRACTIONS, feature_tags
from pressrun.model.spans import Align, Measure, Paragraphs, Tab, TextAlign

HEADLINE = 6  # lines: what may take more is read as a paragraph, whose lines end where they are full
LIST_INDENT = {"bullets": Length(90, "%"), "numbers": Length(160, "%")}  # of the type's size
WIDTH_LEFT = 0.02  # points by which a line that ends at a stop is less wide than its column: else it would spill
Spaces = tuple[Measure, Measure]
"""The room above and below paragraphs of a role."""


class Style(Struct, frozen=True):
    """What holds for all texts of a layer in one locale. ``said`` is without what depends on a text; ``spaces`` are
    those of its own paragraphs; ``is_plain``: what is said does not depend on the text, if it has no tabs. Of the
    ``features`` those are said of all its words that do not make fractions."""

    align: Align
    keeps_words: bool
    said: Paragraphs
    list: str | None
    spaces: Spaces
    tabs: tuple[Tab, ...]
    is_plain: bool
    features: tuple[str, ...]
    has_fractions: bool

    @classmethod
    def of(
        cls, layer: ParagraphStyle, role: Role, leading: Leading, lines: int, width: float, from_right: bool
    ) -> Style:
        """Of a layer that takes so many ``lines`` at most, so many points wide, in a language that may be written
        ``from_right``."""
        own, of_role = dict(layer), dict(role)
        style = {name: of_role[name] if own[name] is None else own[name] for name in ParagraphStyle.model_fields}
        kind, justified = style["list"], bool(style["justify"])
        features = feature_tags(style["features"])
        paragraphs = Paragraphs(
            features=tuple(tag for tag in features if tag != FRACTIONS),
            leading=leading.points(0) if isinstance(leading, Length) else None,
            hyphenate=bool(style["hyphenate"]) and lines > HEADLINE,
            justify=justified,
            optical=bool(style["optical_margin"]) and (justified or style["align"] != "center"),
            between=_measure(style["paragraph_space"]),
            first_line=_measure(style["first_line"]),
            hanging=_measure(style["hanging"] or (LIST_INDENT[kind] if kind else None)),
        )
        stops = ((min(stop.at.points(width), width - WIDTH_LEFT), stop) for stop in style["tabs"] or ())
        spaces = _measure(style["space_before"]), _measure(style["space_after"])
        return cls(
            _side(style["align"], from_right),
            bool(style["keep_words"]),
            paragraphs,
            kind,
            spaces,
            tuple(Tab(at, stop.align, stop.leader) for at, stop in sorted(stops, key=lambda one: one[0])),
            kind is None and not any(spaces),
            features,
            FRACTIONS in features,
        )

    def are_composed(self, text: str) -> bool:
        """Whether a text's paragraphs are more than lines."""
        return not self.is_plain or TAB in text or self.said.are_composed

    def paragraphs(
        self, text: str, tracking: float, locale: str, of_roles: Sequence[Spaces | None] = ()
    ) -> Paragraphs | None:
        """How those of a text are set; None where nothing is said of them. ``of_roles`` are the spaces of paragraphs
        that are in a role of their own. Letters with space between them have no ligatures."""
        said = self.said
        if tracking > 0:
            said = replace(said, features=(*said.features, *NO_LIGATURES))
        if self.is_plain and TAB not in text and not any(of_roles):
            return None if said == _NONE else said
        count = sum(1 for line in text.split("\n") if line.strip())
        if self.list:
            said = replace(said, markers=tuple(_marker(self.list, at, locale) for at in range(1, count + 1)))
        if TAB in text:
            said = replace(said, tabs=self.tabs, decimal=decimal_sign(locale))
        spaces = [spaces or self.spaces for spaces in of_roles] or [self.spaces] * count
        gaps = (Measure(), *(self._gap(above, below) for above, below in pairwise(spaces)))
        if len(set(gaps[1:])) == 1:
            said = replace(said, between=gaps[1])
        elif any(gaps):
            said = replace(said, gaps=gaps)
        return None if said == _NONE else said

    def _gap(self, above: Spaces, below: Spaces) -> Measure:
        return self.said.between + above[1] + below[0]


_NONE = Paragraphs()


def _side(said: TextAlign | None, from_right: bool) -> Align:
    """An alignment as the language has it, in which left is where lines begin or where they end."""
    if said == "left" or said == "right":
        return "end" if (said == "right") != from_right else "start"
    return said or "start"


def spaces_of(role: Role) -> Spaces:
    return _measure(role.space_before), _measure(role.space_after)


def roles_of_paragraphs(pieces: Iterable[Piece]) -> Iterator[str | None]:
    """Of each paragraph that has words the role that all of it is marked with, if there is one."""
    roles: set[str | None] = set()
    for piece in pieces:
        named = [mark.value for mark in piece.marks if mark.name == "role"]
        for index, line in enumerate(piece.text.split("\n")):
            if index and roles:
                yield roles.pop() if len(roles) == 1 else None
                roles = set()
            if line.strip():
                roles.add(named[-1] if named else None)
    if roles:
        yield roles.pop() if len(roles) == 1 else None


def _marker(kind: str, number: int, locale: str) -> str:
    return "•" if kind == "bullets" else f"{locale_number(Decimal(number), locale)}."


def _measure(length: Length | None) -> Measure:
    """Of a length that is in the type's size where it is in %."""
    if length is None:
        return Measure()
    return Measure(em=length.value / 100) if length.unit == "%" else Measure(points=length.points(0))
