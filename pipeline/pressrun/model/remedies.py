"""What may be done for a text that cannot be read on its ground, resolved for one sheet. Lengths are in points."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from pressrun.model.color import Ink
from pressrun.model.geometry import Length
from pressrun.model.legible import Edge
from pressrun.model.sheet import TextMark

PANEL = " panel"
"""Stands behind the id of a text in the name of a panel that it is given."""


class PanelRemedy(Struct, frozen=True):
    """A panel in one ink: ``padding`` around the words (% of their size), ``radius`` (% of its height)."""

    ink: Ink
    padding: Length
    radius: Length


class ShadeRemedy(Struct, frozen=True):
    """A shade of one ink towards an edge of the picture (None: the nearest), in one of these ``strengths``, which get
    stronger. ``on_plate``: it is painted, and not drawn live."""

    ink: Ink
    towards: Edge | None
    strengths: tuple[float, ...]
    on_plate: bool


class Remedies(Struct, frozen=True):
    """In the order in which they are tried, after other inks. ``asked`` is the contrast ratio (None: as the check of
    contrast asks); ``first``: of several inks the first that can be read is taken; those of texts that share
    ``together`` are the same."""

    asked: float | None = None
    first: bool = True
    panel: PanelRemedy | None = None
    shades: tuple[ShadeRemedy, ...] = ()
    together: str | None = None


NONE_AT_ALL = Remedies()


class LegibleText(TextMark, frozen=True):
    """A text that is made readable when its sheet is settled."""

    remedies: Remedies = NONE_AT_ALL


def made_legible(mark: TextMark, remedies: Remedies) -> LegibleText:
    """The same with what may be done for it."""
    return LegibleText(**asdict(mark), remedies=remedies)


def in_one_ink(mark: LegibleText, ink: Ink) -> TextMark:
    """The text as any other, when all is done for it."""
    said = {name: getattr(mark, name) for name in TextMark.__struct_fields__}
    return TextMark(**{**said, "inks": (ink,)})
