"""Marked-up words as runs, each in its own type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.typefaces.characters import NO_BREAK_SPACE, WORD_JOINER, is_alphabetic, is_joined, letters_of
from pressrun.graphics.typefaces.fonts import ALWAYS_THERE
from pressrun.language.bidi import isolated
from pressrun.language.markup import Marked, Piece, factor, logos, picture
from pressrun.layers.text.paragraphs import Style
from pressrun.layers.text.words import BLANKS, NO_LIGATURES, capitalised, cased, price_spans, without_controls
from pressrun.model.brand import BOLD, Role
from pressrun.model.color import Ink
from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.opentype import FRACTIONS, apart_from_fractions
from pressrun.model.placed_page import SVG
from pressrun.model.spans import InlineLogo, InlinePicture, Line, Run
from pressrun.readers.suggestion import did_you_mean

# Superscripts hang from cap height, subscripts stand a little below the baseline; as large as figures of fractions are.
RAISED, LOWERED = (0.6, 0.32), (0.6, -0.14)  # scale, and rise in em
# Lines in em: through figures in their middle, and under what hangs below the baseline as little as can be.
THROUGH, UNDER = 0.3, -0.14
THROUGH_ZEROS = 0.44  # a line in the middle would hide the zeros of Arabic and Persian, which are dots there
_ZEROS = frozenset("\u0660\u06f0")
LIGHT_LINE, HEAVY_LINE = 0.055, 0.085
SMALL_CAPITAL = 0.76  # of capitals, where they imitate small ones: a little higher than most fonts' x
_ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
_END = "\u2069"


class _Type(Struct, frozen=True):
    """What the markup around a piece comes to; ``scale`` and ``rise`` as of a span."""

    role: Role
    bold: bool = False
    italic: bool = False
    scale: float = 1.0
    rise: float = 0.0
    ink: Ink | None = None
    lines: tuple[Line, ...] = ()
    small_capitals: bool = False
    unbroken: bool = False
    through: float = THROUGH
    logo: InlineLogo | InlinePicture | None = None

    def marked(self, mark: Marked, composing: Composing) -> _Type:
        """Within one markup more. Raises CannotCompose."""
        match mark.name:
            case "bold":
                return replace(self, bold=True)
            case "italic":
                return replace(self, italic=not self.italic)
            case "underline":
                return self.lined("under")
            case "strike":
                return self.lined("through")
            case "superscript":
                return self.shifted(*RAISED)
            case "subscript":
                return self.shifted(*LOWERED)
            case "size":
                return replace(self, scale=self.scale * (factor(mark.value) or 1.0))
            case "small-caps":
                return replace(self, small_capitals=True)
            case "no-break":
                return replace(self, unbroken=True)
            case "color":
                return replace(self, ink=_named("color", mark.value, composing))
            case "role":
                return replace(self, role=_role(mark.value, composing))
            case "logo":
                return replace(self, logo=_logo(mark.value, composing))
            case "picture":
                return replace(self, logo=_picture(mark.value, composing))
            case "tab" | "break":  # which mark up no words
                return self

    @property
    def is_struck(self) -> bool:
        return any(line.kind == "through" for line in self.lines)

    def lined(self, kind: Literal["under", "through"]) -> _Type:
        above = UNDER if kind == "under" else self.through
        thickness = HEAVY_LINE if self.role.weight_of(self.bold) >= BOLD - 100 else LIGHT_LINE
        line = Line(kind, self.rise + above * self.scale, thickness * self.scale)
        return replace(self, lines=(*(one for one in self.lines if one.kind != kind), line))

    def shifted(self, scale: float, rise: float) -> _Type:
        return replace(self, rise=self.rise + rise * self.scale, scale=self.scale * scale)


def _named(kind: str, name: str, composing: Composing) -> Ink:
    try:
        return composing.ink(name)
    except (KeyError, ValueError):
        hint = did_you_mean(name, composing.inks, "palette")
        raise CannotCompose("unknown-color", f"the palette has no '{name}'", hint) from None


def _logo(value: str, composing: Composing) -> InlineLogo:
    names, height = logos(value)
    for name in names:
        if name not in composing.logos:
            hint = did_you_mean(name, composing.logos, "logos")
            raise CannotCompose("unknown-logo", f"the brand has no logo '{name}'", hint)
    inks = {swatch.srgb: composing.ink(name) for name, swatch in composing.brand.palette.items()}
    width, high = composing.logo_frame(names[0])
    return InlineLogo(tuple((name, composing.logos[name]) for name in names), height, width / high, tuple(inks.items()))


def _role(name: str, composing: Composing) -> Role:
    known = composing.brand.typography
    if name not in known:
        raise CannotCompose("unknown-role", f"the typography has no role '{name}'", did_you_mean(name, known, "roles"))
    return composing.role(name)


def _picture(value: str, composing: Composing) -> InlinePicture:
    file, height = picture(value)
    placed = composing.files.get(file)
    if placed is None:
        raise CannotCompose("missing-picture", f"there is no picture '{file}'")
    inks = [(swatch.srgb, composing.ink(name)) for name, swatch in composing.brand.palette.items()]
    page = placed.pages[0] if placed.media_type == SVG else None
    return InlinePicture(file, placed.digest, placed.media_type, placed.size, height, page, tuple(inks) if page else ())


def runs(
    pieces: Sequence[Piece], composing: Composing, role: Role, tracking: float | None, shapes: str, prices: bool,
    style: Style,
) -> tuple[Run, ...]:  # fmt: skip
    """The runs of a text in this role. ``tracking`` overrides its own; ``shapes`` are those of Han letters; ``prices``:
    each piece that is one is set as one, but for those struck through. Fractions are runs of their own. Raises
    CannotCompose for a colour or a role that there is not."""
    made: list[Run] = []
    tabs, features = bool(style.tabs), style.features
    joined = is_joined("".join(piece.text for piece in pieces))
    struck = _struck(pieces)
    through = THROUGH if _ZEROS.isdisjoint(struck) else THROUGH_ZEROS
    for piece in pieces:
        type = _Type(role, through=through)
        for mark in piece.marks:
            type = type.marked(mark, composing)
        own = 0.0 if joined else type.role.tracking if tracking is None or type.role is not role else tracking
        of_role = features if type.role is role else type.role.feature_tags
        for text, said in apart_from_fractions(without_controls(piece.text, tabs), of_role):
            made += _piece(text, type, composing, own, shapes, prices and FRACTIONS not in said, said)
    return _merged(_isolated(_stripped(made, tabs), composing.direction))


def _struck(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces if any(mark.name == "strike" for mark in piece.marks))


def _piece(
    text: str, type: _Type, composing: Composing, tracking: float, shapes: str, prices: bool, features: tuple[str, ...]
) -> Iterator[Run]:
    role, faces = type.role, composing.faces
    own = tuple(dict.fromkeys((role.own_family, *role.fallbacks, ALWAYS_THERE)))

    def capitals(letters: str) -> str:
        return capitalised(letters, composing.locale, lambda said: faces.missing(said, own))

    text = cased(text, role.transform, composing.locale, lambda said: faces.missing(said, own))
    if type.unbroken:
        text = _unbroken(text)
    families = (*faces.fallbacks(text, own, shapes), *own)
    run = Run(
        text, type.scale, type.rise, families, role.weight_of(type.bold), role.style_of(type.italic), tracking,
        type.ink, type.lines, features if tracking <= 0 else (*features, *NO_LIGATURES),
    )  # fmt: skip
    if type.logo:
        yield replace(run, logo=type.logo)
    elif type.small_capitals and faces.have_feature("smcp", text, families):
        yield replace(run, features=(*run.features, "smcp"))
    elif type.small_capitals:
        for small, letters in groupby(text, lambda letter: letter != capitals(letter)):
            said = "".join(letters)
            yield replace(run, text=capitals(said), scale=run.scale * SMALL_CAPITAL, imitates=True) if small else (
                replace(run, text=said)
            )
    elif prices and not type.is_struck:  # a line would pass below raised cents
        for span in price_spans(text, composing.locale):
            rise = run.rise + span.rise * run.scale
            yield replace(run, text=span.text, scale=run.scale * span.scale, rise=rise)
    else:
        yield run


def _unbroken(text: str) -> str:
    """The text of which no line ends within: with blanks that do not break, and joiners where a line may end else."""
    text = text.replace(" ", NO_BREAK_SPACE)
    if is_alphabetic(text):
        return "".join(f"{letter}{WORD_JOINER}" if letter in "-–—/…" else letter for letter in text)
    return WORD_JOINER.join(letters_of(text))


def _stripped(made: list[Run], tabs: bool) -> list[Run]:
    """Without the blanks at either end of all."""
    blank = BLANKS if tabs else None
    while made and not (text := made[0].text.lstrip(blank)):
        del made[0]
    if made:
        made[0] = replace(made[0], text=text)
    while made and not (text := made[-1].text.rstrip(blank)):
        del made[-1]
    if made:
        made[-1] = replace(made[-1], text=text)
    return made


def _isolated(made: list[Run], direction: str) -> list[Run]:
    """With the marks of direction that the whole text takes: an opening one belongs to what follows it."""
    text = "".join(run.text for run in made)
    told = isolated(text, direction)
    if told == text:
        return made
    owners = [at for at, run in enumerate(made) for _ in run.text]
    parts = [""] * len(made)
    seen = 0
    for letter in told:
        if letter in _ISOLATES:
            parts[owners[seen - 1 if letter == _END else seen]] += letter
        else:
            parts[owners[seen]] += letter
            seen += 1
    return [replace(run, text=part) for run, part in zip(made, parts, strict=True)]


def _merged(made: list[Run]) -> tuple[Run, ...]:
    """What stands beside each other in the same type is one run, and is shaped as one."""
    alike = groupby(made, lambda run: replace(run, text=""))
    return tuple(replace(type, text="".join(run.text for run in together)) for type, together in alike)
