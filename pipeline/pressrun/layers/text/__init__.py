"""Live text, as large as fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from msgspec import Struct
from pydantic import BeforeValidator, Field, field_validator, model_validator

from pressrun.graphics.typefaces.characters import is_alphabetic, is_joined
from pressrun.graphics.typefaces.fonts import ALWAYS_THERE
from pressrun.language.bidi import isolated
from pressrun.language.locale_formats import han_shapes
from pressrun.language.markup import MARKUP_NAMES, NOT_YET, MarkupFault, MarkupName, Piece, logos, marks_in, pieces
from pressrun.language.phrases import BY_WORDS, THAI, phrases
from pressrun.layers.text.flow import portion
from pressrun.layers.text.grow import GrowField, grown
from pressrun.layers.text.legible import remedies
from pressrun.layers.text.paragraphs import HEADLINE, Spaces, Style, roles_of_paragraphs, spaces_of
from pressrun.layers.text.runs import runs
from pressrun.layers.text.sense import glued, sense_phrases, with_breaks, without_breaks
from pressrun.layers.text.words import cased, in_lines, kept_together, price_spans
from pressrun.model.border import Border
from pressrun.model.brand import Authored, Leading, ParagraphStyle, Role
from pressrun.model.color import Ink
from pressrun.model.composition import CannotCompose, Composing, Portion
from pressrun.model.fill import GradientFill, fill_colors
from pressrun.model.geometry import Length, LengthField, Rect, parse_length
from pressrun.model.layout import LayerOptions, Names, NameUsed
from pressrun.model.legible import LegibleField
from pressrun.model.opentype import has_fraction
from pressrun.model.remedies import Remedies, made_legible
from pressrun.model.sheet import TextMark
from pressrun.model.size_group import SizeGroup, SizeGroupField
from pressrun.model.spans import BREAK, OBJECT, Anchor, Columns, Panel, Span

# Cap height and descender with a little air, in em above and below the baseline: every script has at least this, so
# that lines of several languages stand level; what reaches further is measured.
LINE = (0.74, 0.22)
# Of figures and capitals: with room for descenders that they do not have they look
# off the middle. Small currency signs need no more, and accents on capitals may reach out of the box.
UPRIGHT = (0.72, 0.02)
# How far one accent on a capital, a cedilla or a comma reaches out of these: no line grows for them.
OVER_LINE, OVER_UPRIGHT = (0.24, 0.07), (0.26, 0.27)


def _sizes(value: object) -> tuple[Length, Length]:
    if isinstance(value, (list, tuple)):
        if len(value) != 2:
            raise ValueError("write one size, or two: the smallest and the largest")
        return parse_length(value[0]), parse_length(value[1])
    return parse_length(value), parse_length(value)


class TextPanel(Authored):
    """A filled ground as high as the layer's box, and as wide as the text in any language needs, with ``padding`` on
    its left and right, inside the box. ``%`` is of the box's height: a ``radius`` of 50 % makes a pill."""

    color: str | GradientFill = Field(description="The palette colour of the panel, or a gradient of several.")
    padding: LengthField = Field(default=Length(0, "pt"), description="Room to the left and right of the text.")
    radius: LengthField = Field(default=Length(0, "pt"), description="How round its corners are; 50% makes a pill.")

    border: Border | None = Field(default=None, description="Lines along its sides.")

    @model_validator(mode="after")
    def _fits_its_corners(self) -> TextPanel:
        if self.border and not self.border.is_all_alike and self.radius.value:
            raise ValueError("lines of single sides need straight corners; take the radius out, or write `all`")
        return self

    @field_validator("color")
    @classmethod
    def _covers(cls, value: str | GradientFill) -> str | GradientFill:
        if isinstance(value, GradientFill) and not value.is_opaque:
            raise ValueError("the panel of a text covers what is below it; leave opacity out")
        return value

    def mark(self, composing: Composing, height: float, is_mirrored: bool) -> Panel:
        """The panel of a box of this height (points)."""
        ink = composing.ink(self.color) if isinstance(self.color, str) else self.color.mark(composing, is_mirrored)
        lines = self.border.lines(composing, is_mirrored) if self.border else ()
        return Panel(ink, self.padding.points(height), self.radius.points(height), lines)


TextPanelField = Annotated[
    TextPanel, BeforeValidator(lambda value: {"color": value} if isinstance(value, str) else value)
]


class TextLayer(LayerOptions, ParagraphStyle):
    """``size`` is fixed, or the smallest and the largest of an automatic fit; ``color`` may list candidates, of
    which the one that contrasts most with the ground is taken; ``leading`` and ``tracking`` override the role's."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("text",)
    HUGS: ClassVar[bool] = True
    FLOWS: ClassVar[bool] = True

    type: Literal["text"] = Field(description="Live text.")
    text: str = Field(description="What it says: a template.")
    markup: bool | tuple[MarkupName, ...] = Field(
        default=False,
        description="Whether words of the text may mark up others: <b>, <i>, <u>, <s>, <sup>, <sub>, <sc> (small "
        "capitals), <nb> (no break), <color NAME>, <role NAME>, <size 0.8>, <tab/>, <logo NAME/>, <picture FILE/>. "
        f"What it prints of cells is literal; a list ({', '.join(MARKUP_NAMES[:2])} …) says what they may mark up too.",
    )
    role: str = Field(default="body", description="The brand's typographic role that it is set in.")
    color: Names = Field(
        default=("ink",),
        description="The palette colour, or several of which the one that contrasts most with its ground is taken; "
        "with `legible` the first that can be read.",
    )
    legible: LegibleField = Field(
        default=None,
        description="Whether it is kept readable on the picture that it stands on: its ground is measured, and the "
        "first of these that reaches the contrast is taken: its colours in their order, then what is named here. "
        "`true` is as the brand says.",
    )
    size: Annotated[tuple[Length, Length], BeforeValidator(_sizes)] = Field(
        description="One size, or the smallest and the largest: it is set as large as fits.",
    )
    lines: int = Field(default=1, ge=1, le=60, description="The most lines it may take.")
    anchor: Anchor | None = Field(
        default=None,
        description="Where it stands in a higher box: at its top, or in the middle of its panel, if not said.",
    )
    leading: Leading | None = Field(
        default=None,
        description="In place of the role's: from baseline to baseline, in em or as a length.",
    )
    tracking: float | None = Field(
        default=None,
        gt=-0.5,
        lt=2,
        description="In place of the role's: space between letters, in em.",
    )
    figures: Literal["plain", "price"] = Field(
        default="plain",
        description="`price` sets cents and the currency small, as shop windows do.",
    )
    overflow: Literal["error", "ellipsis"] = Field(
        default="error",
        description="What happens to text that does not fit at its smallest: an error, or an ellipsis.",
    )
    balance: bool = Field(
        default=True,
        description="Whether lines are made about equally long, with no short word alone on the last one.",
    )
    panel: TextPanelField | None = Field(
        default=None,
        description="A filled ground behind it, as wide as its words, as high as its box: by its colour, or by keys.",
    )
    breaks: str = Field(
        default="",
        max_length=3,
        description="The sign by which copy marks where its lines may end by sense, such as `|`: `Freshly roasted | "
        "every morning`. `<wbr/>` is one in marked-up text. Lines end there and nowhere else, as far as that fits.",
    )
    columns: int = Field(
        default=1,
        ge=1,
        le=8,
        description="How many columns it is set in, side by side and about equally high, with no line of a paragraph "
        "alone, but where columns have few lines; a full page of a flow has some lines less for it. `lines` are those "
        "of each.",
    )
    gutter: LengthField = Field(default=Length(5, "mm"), description="The room between columns.")
    grow: GrowField | None = Field(
        default=None,
        description="Whether the box takes the height that its text needs, from the one that it has: to the edge of "
        "the page or of its group (`true`), or `{most: 40mm}`. It grows downwards, or upwards with `anchor: bottom`.",
    )
    fit_group: SizeGroupField | None = Field(
        default=None,
        description="A group of texts that share the smallest size in which all of them fit: its name alone, or by "
        "keys.",
    )

    @model_validator(mode="after")
    def _has_one_panel(self) -> TextLayer:
        if self.panel and self.legible and (self.legible.panel or self.legible.shade or self.legible.plate):
            raise ValueError(
                "a text that stands on its panel needs no other ground; leave panel, shade and plate out of `legible`"
            )
        return self

    @field_validator("size")
    @classmethod
    def _in_order(cls, value: tuple[Length, Length]) -> tuple[Length, Length]:
        if value[0].points(0) <= 0 or value[0].points(0) > value[1].points(0):
            raise ValueError("sizes go from the smallest to the largest, in pt, mm or px")
        return value

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("role", self.role, ("role",))
        for index, name in enumerate(self.color):
            yield NameUsed("color", name, ("color", index))
        for name, path in fill_colors(self.panel.color, "color") if self.panel else ():
            yield NameUsed("color", name, ("panel", *path))
        for name, side in self.panel.border.colors() if self.panel and self.panel.border else ():
            yield NameUsed("color", name, ("panel", "border", *side))
        for name, remedy in self.legible.colors() if self.legible else ():
            yield NameUsed("color", name, ("legible", *remedy))
        if self.markup_in_cells is not None:
            for mark in marks_in(self.text):
                if mark.name in ("color", "role", "logo") and NOT_YET not in mark.value:
                    for name in logos(mark.value)[0] if mark.name == "logo" else (mark.value,):
                        yield NameUsed(mark.name, name, ("text",))

    @property
    def words_in_roles(self) -> Iterable[tuple[str, str]]:
        return ((self.text, self.role),)

    @property
    def markup_in_cells(self) -> frozenset[str] | None:
        if self.markup is False:
            return None
        return frozenset() if self.markup is True else frozenset(self.markup)

    @property
    def size_group(self) -> SizeGroup | None:
        return self.fit_group

    def compose_portion(self, composing: Composing, start: int) -> Portion:
        marks = list(self.compose(composing))
        return portion(composing, marks[0], start) if marks else Portion((), None)

    @property
    def needs_room(self) -> bool:
        return self.grow is None

    def compose(self, composing: Composing) -> Iterator[TextMark]:
        made, growth = self._composed(composing), self.grow
        return (grown(mark, growth, composing, self) for mark in made) if growth else made

    def _composed(self, composing: Composing) -> Iterator[TextMark]:
        text = composing.content.get("text", "")
        text = with_breaks(text, self.breaks) if self.breaks else text
        if self.markup is not False:
            try:
                marked = pieces(text)
            except MarkupFault as fault:  # of a text that came by another way than its template
                raise CannotCompose(fault.code, fault.message, fault.hint) from None
            if any(piece.marks for piece in marked):
                yield from self._rich(marked, composing)
                return
            text = "".join([piece.text for piece in marked])  # nothing, where tags have no words between them
        look = composing.once(self._look)
        if look.style.has_fractions and has_fraction(text):
            yield from self._rich((Piece(text),), composing)
            return
        text = in_lines(text, tabs=bool(look.style.tabs))
        if not text:
            return
        role, families = look.role, look.families
        text = cased(text, role.transform, composing.locale, lambda said: composing.faces.missing(said, families))
        families = (*composing.faces.fallbacks(text, families, look.shapes), *families)
        text = isolated(text, composing.direction)
        if look.style.keeps_words:
            text = kept_together((Span(text),))[0].text
        by_sense: tuple[tuple[str, ...], ...] = ()
        if BREAK in text:
            by_sense, text = sense_phrases(text), without_breaks(text)
        spans = price_spans(text, composing.locale) if self.figures == "price" else (Span(text),)
        if by_sense and look.style.are_composed(text):
            by_sense = ()
        alphabetic = is_alphabetic(text)
        upright = len(spans) > 1 or (role.transform == "upper" and alphabetic)
        whole = len(spans) == 1 and self._keeps_phrases(text, look)
        yield self._mark(
            composing,
            spans,
            families,
            0.0 if is_joined(text) else look.tracking,
            UPRIGHT if upright else LINE,
            OVER_UPRIGHT if upright else OVER_LINE if alphabetic else (0.0, 0.0),
            by_sense if len(spans) == 1 and by_sense else phrases(text, look.words) if whole else (),
        )

    def _keeps_phrases(self, text: str, look: _Look) -> bool:
        """Whether its lines end as it is read: those of a paragraph end where they are full, but behind words."""
        return not look.style.are_composed(text) and (look.words in BY_WORDS or self.lines <= HEADLINE)

    def _rich(self, marked: tuple[Piece, ...], composing: Composing) -> Iterator[TextMark]:
        """In runs. How a whole text stands does not change with what is marked in it: its lines are those of its
        role."""
        look = composing.once(self._look)
        made = runs(marked, composing, look.role, self.tracking, look.shapes, self.figures == "price", look.style)
        if not made:
            return
        spans = glued(kept_together(made) if look.style.keeps_words else made)
        said = "".join([span.text for span in spans])
        by_sense = any(BREAK in run.text for run in made)
        whole = look.words and not by_sense and OBJECT not in said and self._keeps_phrases(said, look)
        alphabetic = is_alphabetic("".join(run.text for run in made))
        upright = look.role.transform == "upper" and alphabetic
        yield self._mark(
            composing,
            spans,
            tuple(dict.fromkeys(family for run in made for family in run.families)),
            0.0,
            UPRIGHT if upright else LINE,
            OVER_UPRIGHT if upright else OVER_LINE if alphabetic else (0.0, 0.0),
            phrases(said, look.words) if whole else (),
            spaces=[spaces_of(composing.role(role)) if role else None for role in roles_of_paragraphs(marked)],
        )

    def _mark(
        self, composing: Composing, spans: tuple[Span, ...], families: tuple[str, ...], tracking: float,
        edges: tuple[float, float], overhang: tuple[float, float], phrases: tuple[tuple[str, ...], ...] = (),
        spaces: Sequence[Spaces | None] = (),
    ) -> TextMark:  # fmt: skip
        look = composing.once(self._look)
        leading = self.leading or look.role.leading
        shared = composing.shared_size
        smallest, largest = look.sizes if shared is None else (shared, shared)
        mark = TextMark(
            layer=composing.layer,
            rect=look.rect,
            spans=spans,
            inks=look.inks,
            families=families,
            weight=look.role.weight,
            style=look.role.style,
            leading=leading if isinstance(leading, float) else 1.0,
            tracking=tracking,
            edges=edges,
            overhang=overhang,
            size_min=smallest,
            size_max=largest,
            lines=self.lines,
            align=look.style.align,
            anchor=self.anchor or ("middle" if look.panel else "top"),
            language=look.language,
            region=look.region,
            direction="rtl" if composing.direction == "rtl" else "ltr",
            ellipsis=self.overflow == "ellipsis",
            balance=self.balance,
            panel=look.panel,
            phrases=phrases,
            columns=look.columns,
            paragraphs=look.style.paragraphs(
                "".join([span.text for span in spans]), tracking, composing.locale, spaces
            ),
        )
        return made_legible(mark, look.remedies) if look.remedies else mark

    def _look(self, composing: Composing) -> _Look:
        role, rect = composing.role(self.role), composing.rect(self)
        panel = self.panel.mark(composing, rect.height, composing.mirrored(self)) if self.panel else None
        language, *others = composing.locale.split("-")
        rect = rect.inset(0, panel.padding, 0, panel.padding) if panel else rect
        columns = None
        if self.columns > 1:
            gutter = self.gutter.points(rect.width)
            columns = Columns(self.columns, gutter, (rect.width - (self.columns - 1) * gutter) / self.columns)
        return _Look(
            rect=rect,
            role=role,
            families=tuple(dict.fromkeys((role.own_family, *role.fallbacks, ALWAYS_THERE))),
            tracking=role.tracking if self.tracking is None else self.tracking,
            sizes=(self.size[0].points(0), self.size[1].points(0)),
            inks=tuple([composing.ink(name) for name in self.color]),
            panel=panel,
            remedies=(
                remedies(self.legible, composing, composing.mirrored(self), panel is not None) if self.legible else None
            ),
            language=language,
            region=next((part for part in others if len(part) == 2), ""),  # es-419 names no country
            shapes=(shapes := han_shapes(composing.locale)),
            words=THAI if language == "th" else shapes,
            columns=columns,
            style=Style.of(
                self,
                role,
                self.leading or role.leading,
                self.lines,
                columns.width if columns else rect.width,
                composing.direction == "rtl",
            ),
        )


class _Look(Struct, frozen=True):
    """What a layer says of all its texts in one locale."""

    rect: Rect
    role: Role
    families: tuple[str, ...]
    tracking: float
    sizes: tuple[float, float]
    inks: tuple[Ink, ...]
    panel: Panel | None
    remedies: Remedies | None
    language: str
    region: str
    shapes: str
    words: str
    columns: Columns | None
    style: Style
