"""A brand as its designers write it in ``brand.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.authored import Authored as Authored
from pressrun.model.color import Swatch
from pressrun.model.conformance import Conformance
from pressrun.model.file_metadata import BrandMetadata
from pressrun.model.geometry import Length, LengthField, parse_length
from pressrun.model.learned import DETECT, Detector
from pressrun.model.legible import Legible
from pressrun.model.locale import from_general
from pressrun.model.opentype import Features, feature_tags
from pressrun.model.printing_conditions import PrintConditions
from pressrun.model.prompt_words import Character as Character
from pressrun.model.prompt_words import SentPicture as SentPicture
from pressrun.model.prompt_words import Style as Style
from pressrun.model.prompt_words import Theme as Theme
from pressrun.model.spans import TabAlign, TextAlign

BOLD = 700
USUAL_LOGOS = ("default", "reversed")  # the versions of a logo that are shown where none is named


def _leading(value: Any) -> Any:
    """A factor, or a length such as 14pt; 130% is a factor too."""
    if not isinstance(value, str) or value.replace(".", "", 1).isdigit():
        return value
    length = parse_length(value)
    if length.points(1) <= 0:
        raise ValueError("a leading is more than nothing")
    return length.value / 100 if length.unit == "%" else length


Leading = Annotated[Annotated[float, Field(gt=0.5, lt=4)] | Length, BeforeValidator(_leading)]
Transform = Literal["none", "upper", "lower", "title"]


class TabStop(Authored):
    """Where what follows a tab stands. In languages written from right to left stops are counted from the right, and
    left and right change places."""

    at: LengthField = Field(description="How far from the column's edge; % is of the column's width.")
    align: TabAlign = Field(
        default="left",
        description="What of the words stands there: their beginning (`left`), their end (`right`), their middle "
        "(`center`), or of a number its decimal separator (`decimal`).",
    )
    leader: str = Field(
        default="",
        max_length=4,
        description="What fills the room before them, again and again: `.` for dots, `. ` for wider ones.",
    )


class ParagraphStyle(Authored):
    """How paragraphs are set; None is as it is left out. ``%`` is of the type's size."""

    align: TextAlign | None = Field(
        default=None,
        description="To which side lines are set; `start`, if not said, is left, or right in languages written from "
        "there; `left` and `right` are the same side in all.",
    )
    tabs: tuple[TabStop, ...] | None = Field(
        default=None,
        description="Where words behind a tab stand (a tab character of the text, or `<tab/>` where it is marked up): "
        "each tab goes to the next stop. A line with tabs is not broken.",
    )
    space_before: LengthField | None = Field(
        default=None,
        description="Room above a paragraph that is not the first, besides that of the one before it; % is of the "
        "type's size. A paragraph that is marked with another role as a whole has that one's.",
    )
    space_after: LengthField | None = Field(
        default=None,
        description="Room below a paragraph that is not the last; as `space_before`.",
    )

    features: Features | None = Field(
        default=None,
        description="OpenType features of the font for the whole text: tabular, proportional, lining, "
        "old-style, fractions, ordinals, slashed-zero, contextual-alternates, swashes, discretionary-ligatures, "
        "capital-spacing, case-sensitive, no-ligatures, no-kerning, set-1 to set-20 (stylistic sets).",
    )
    hyphenate: bool | None = Field(
        default=None,
        description="Whether words are parted at line ends, by the language's own dictionary; never in texts of up to "
        "6 `lines`, which are headlines.",
    )
    justify: bool | None = Field(
        default=None,
        description="Whether lines are set as wide as their column, but for the last of a paragraph.",
    )
    optical_margin: bool | None = Field(
        default=None,
        description="Whether punctuation hangs into the margin: quotation marks, brackets, hyphens and dashes that "
        "begin a line, and what stands at the ends of lines that end at the margin. Centred lines have none.",
    )
    keep_words: bool | None = Field(
        default=None,
        description="Whether the last two words of a paragraph stay on one line, and a word of one letter with the "
        "next: no word is left alone.",
    )
    paragraph_space: LengthField | None = Field(
        default=None,
        description="Room between paragraphs, which line breaks end, besides the leading; 50% is half the type's size.",
    )
    first_line: LengthField | None = Field(
        default=None,
        description="How far the first line of each paragraph is indented; % is of the type's size.",
    )
    hanging: LengthField | None = Field(
        default=None,
        description="How far all lines but the first of each paragraph are indented; % is of the type's size.",
    )
    list: Literal["bullets", "numbers"] | None = Field(
        default=None,
        description="What stands before each paragraph, in the room that `hanging` gives it.",
    )


Axes = dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9]{4}$")], float]


def _weight_among_axes(role: Any) -> Any:
    """A role whose weight is given as an axis. Raises ValueError where it is given twice."""
    axes = role.get("axes") if isinstance(role, dict) else None
    if not isinstance(axes, dict) or "wght" not in axes:
        return role
    if role.get("weight", axes["wght"]) != axes["wght"]:
        raise ValueError(f"weight is {role['weight']}, and {axes['wght']} among the axes; write one of them")
    return {**role, "weight": axes["wght"], "axes": {tag: at for tag, at in axes.items() if tag != "wght"}}


class Role(ParagraphStyle):
    """How one typographic role is set. ``leading`` baseline to baseline in em or as a length, ``tracking`` in em."""

    family: str = Field(
        default="FiraGO",
        description="The font family, by any name that its file has for it. It must be among the brand's `fonts` or "
        "those that come along.",
    )
    weight: int = Field(
        default=400,
        ge=100,
        le=900,
        description="From 100 (thin) over 400 (regular) and 700 (bold) to 900 (black); the nearest that the family "
        "has is taken.",
    )
    style: Literal["normal", "italic"] = Field(default="normal", description="Upright or italic.")
    leading: Leading = Field(
        default=1.3,
        description="From baseline to baseline, in em: 1.3 is 13 pt for text of 10 pt; or a length, such as 14pt.",
    )
    tracking: float = Field(
        default=0.0,
        gt=-0.5,
        lt=2,
        description="Space added between letters, in em: 0.02 opens capitals a little. Scripts whose letters join "
        "take none.",
    )
    transform: Transform = Field(
        default="none",
        description="`upper` sets everything in capitals, `lower` in small letters, `title` begins each word with a "
        "capital: by the rules of the language.",
    )
    fallbacks: tuple[str, ...] = Field(
        default=(),
        description="Families for characters that the first one lacks, such as those of other scripts; asked in "
        "this order. Scripts that none of them has are set in the fonts of the extras `cjk` and `scripts`.",
    )
    axes: Axes = Field(
        default={},
        description="Where a variable font stands on its axes, by their tags: `{wght: 650, opsz: 14}`. `wght` "
        "is its weight; those left out are as the font has them.",
    )

    _weight = model_validator(mode="before")(_weight_among_axes)

    @property
    def own_family(self) -> str:
        """Its family's name, and where it stands on its axes: what its cuts are called."""
        return " ".join([self.family, *(f"{tag} {at:g}" for tag, at in sorted(self.axes.items()))])

    @property
    def feature_tags(self) -> tuple[str, ...]:
        return feature_tags(self.features)

    def weight_of(self, bold: bool) -> int:
        """The weight of words that are marked bold, or are not: bold is 700, or 900 in a role that is so itself."""
        if not bold:
            return self.weight
        return BOLD if self.weight < BOLD - 100 else 900

    def style_of(self, italic: bool) -> Literal["normal", "italic"]:
        """The style of words that are marked italic, or are not: in a role that is italic itself they are upright."""
        return "italic" if (self.style == "italic") != italic else "normal"

    def marked(self, bold: bool, italic: bool) -> Role:
        return self.model_copy(update={"weight": self.weight_of(bold), "style": self.style_of(italic)})


class RoleOverride(ParagraphStyle):
    """What differs from a role in one language; anything left out stays."""

    family: str | None = Field(default=None, description="Another font family in this language.")
    weight: int | None = Field(default=None, ge=100, le=900, description="Another weight in this language.")
    style: Literal["normal", "italic"] | None = Field(default=None, description="Another style in this language.")
    leading: Leading | None = Field(
        default=None,
        description="Another distance of baselines in this language, in em or as a length.",
    )
    tracking: float | None = Field(
        default=None,
        gt=-0.5,
        lt=2,
        description="Other space between letters in this language, in em.",
    )
    transform: Transform | None = Field(
        default=None,
        description="Another case in this language; scripts without capitals take none.",
    )
    fallbacks: tuple[str, ...] | None = Field(default=None, description="Other fallback families in this language.")
    axes: Axes | None = Field(
        default=None,
        description="Another place on the font's axes in this language. With another family, none of the role's holds.",
    )

    _weight = model_validator(mode="before")(_weight_among_axes)


class LocaleOverrides(Authored):
    typography: dict[str, RoleOverride] = Field(
        default={},
        description="What differs in this language, by role. Anything left out stays.",
    )


def _resolve_aliases(palette: Any) -> Any:
    """A colour may be another's name (``tint: sand``), so that layouts of one house fit several brands."""
    if not isinstance(palette, dict):
        return palette
    resolved = dict(palette)
    for name, swatch in palette.items():
        if isinstance(swatch, str) and isinstance(palette.get(swatch), (dict, Swatch)):
            resolved[name] = palette[swatch]
    return resolved


class MarkedRole(NamedTuple):
    """A role whose words may be marked bold, italic, or both."""

    role: str
    bold: bool
    italic: bool


class Brand(Authored):
    name: str = Field(description="The brand's name as it is written.")
    palette: Annotated[dict[str, Swatch], BeforeValidator(_resolve_aliases)] = Field(
        description="Colours by name, `paper` (the ground) and `ink` (plain text) among them.",
    )
    typography: dict[str, Role] = Field(
        description="Typographic roles by name (body, headline, price): what layouts set their texts in.",
    )
    fonts: tuple[str, ...] = Field(
        default=(),
        description="Font files (ttf, otf, variable ones too, and collections: ttc, otc), from the brand's folder. No "
        "font of the system is ever used.",
    )
    logos: dict[str, str] = Field(
        default={},
        description="Versions of the logo by name, each an SVG from the brand's folder, or a PNG with enough pixels.",
    )
    motifs: tuple[str, ...] = Field(
        default=(),
        description="Things that belong to the brand, for stand-ins and prompts to show.",
    )
    style: Style = Field(
        default=Style(),
        description="The words that every prompt repeats, so that pictures of one brand look like one brand.",
    )
    themes: dict[str, Theme] = Field(
        default={},
        description="Preset worlds for pictures by name; a job or its rows choose one.",
    )
    characters: dict[str, Character] = Field(
        default={},
        description="Persons, animals and things that come back, by name.",
    )
    print: PrintConditions = Field(
        default=PrintConditions(),
        description="For which printing condition press files are made.",
    )
    rich_black: str | None = Field(
        default=None,
        description="The palette colour that black alone (0 0 0 100) is printed in where it is large: shapes, and "
        "texts from 12pt on that do not overprint. Left out, it is black alone everywhere.",
    )
    legible: Legible | None = Field(
        default=None,
        description="What may be done for texts that cannot be read on their pictures, where a layout's text says "
        "`legible`: what that does not say itself is as it is here.",
    )
    locales: dict[str, LocaleOverrides] = Field(
        default={},
        description="What differs in a language (`ar`) or a locale (`de-CH`).",
    )

    conformance: Conformance | None = Field(
        default=None,
        description="What every picture is measured for, and how well it has to do; left out, none is measured.",
    )
    metadata: BrandMetadata = Field(
        default=BrandMetadata(),
        description="What every file of the brand says of itself, such as its creator and rights; jobs add to it.",
    )
    detect: tuple[Detector, ...] = Field(default=(), description=f"{DETECT} It is for all pictures of its jobs.")
    recipes: dict[str, tuple[Any, ...]] = Field(
        default={},
        description="Lists of retouching steps by name: the `steps` of pictures name them instead of repeating them.",
    )

    @model_validator(mode="after")
    def _has_paper_and_ink(self) -> Brand:
        missing = [name for name in ("paper", "ink") if name not in self.palette]
        if missing:
            raise ValueError(f"palette needs {' and '.join(missing)}: the colours of the ground and of plain text")
        return self

    @property
    def usual_logos(self) -> tuple[str, ...]:
        """The versions that are shown where none is named: none where that is open."""
        usual = tuple(name for name in USUAL_LOGOS if name in self.logos)
        return usual or (tuple(self.logos) if len(self.logos) == 1 else ())

    def with_marked(self, asked: Iterable[MarkedRole]) -> Brand:
        """The brand with roles more, in the weights and styles that marked words have: for who looks for its fonts."""
        typography, locales = dict(self.typography), dict(self.locales)
        for name, bold, italic in sorted(asked):
            marked = f"{name} {'<b>' * bold}{'<i>' * italic}"
            typography[marked] = self.typography[name].marked(bold, italic)
            for locale, overrides in self.locales.items():
                if name in overrides.typography:
                    own = self.role(name, locale).marked(bold, italic)
                    others = {**locales[locale].typography, marked: RoleOverride.model_construct(**dict(own))}
                    locales[locale] = LocaleOverrides(typography=others)
        return self.model_copy(update={"typography": typography, "locales": locales})

    def role(self, name: str, locale: str) -> Role:
        """The role as ``locale`` sets it: the language's overrides first, those of the exact locale last."""
        role = self.typography[name]
        for key in from_general(locale):
            overrides = self.locales.get(key)
            if overrides and name in overrides.typography:
                said = dict(overrides.typography[name])
                if said["family"] is not None and said["axes"] is None:
                    said["axes"] = {}
                role = role.model_copy(update={key: value for key, value in said.items() if value is not None})
        return role
