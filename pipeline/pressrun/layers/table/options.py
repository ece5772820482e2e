"""What is said of a table: its columns, the looks of its rows, its rules and groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from pressrun.language.markup import MARKUP_NAMES, MarkupName
from pressrun.layers.table.widths import Width
from pressrun.model.authored import Authored
from pressrun.model.geometry import EdgesField, Length, LengthField, parse_length
from pressrun.model.item_list import ItemListField
from pressrun.model.layer_faults import OF_LAYERS
from pressrun.model.layout import LayerOptions, NameUsed
from pressrun.model.table_content import CELL_ANCHORS, CellAnchor

_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*fr\s*")
CellAlign = Literal["start", "center", "end", "decimal"]


def _width(value: object) -> str:
    said = str(value).strip() if isinstance(value, str) else value
    if said == "content":
        return "content"
    if isinstance(said, str) and (match := _SHARE.fullmatch(said)):
        if float(match[1]) <= 0:
            raise ValueError("a share is greater than 0fr")
        return said
    try:
        length = parse_length(said)
    except ValueError as error:
        raise ValueError(f"{error}; or a share like 2fr, or content") from None
    if length.value <= 0:
        raise ValueError(f"a column that is {length} wide has no room")
    return str(length)


WidthField = Annotated[str, BeforeValidator(_width)]


class Rule(Authored):
    """A line; a palette colour alone is one of 0.5pt."""

    color: str = Field(description="Its palette colour.")
    width: LengthField = Field(default=Length(0.5, "pt"), description="How thick it is.")


RuleField = Annotated[Rule, BeforeValidator(lambda said: {"color": said} if isinstance(said, str) else said)]


class Rules(Authored):
    above: RuleField | None = Field(default=None, description="Above the table, on each page.")
    below_header: RuleField | None = Field(default=None, description="Below the header.")
    between: RuleField | None = Field(default=None, description="Between rows.")
    above_sums: RuleField | None = Field(default=None, description="Above each row of sums.")
    end: RuleField | None = Field(default=None, description="Below the table, on each page.")
    columns: RuleField | None = Field(default=None, description="Between columns.")

    def references(self) -> Iterator[NameUsed]:
        for name in Rules.model_fields:
            rule = getattr(self, name)
            if rule:
                yield NameUsed("color", rule.color, ("rules", name))


class Look(Authored):
    """How rows of one kind look; what is left out is as in the table's other rows."""

    role: str | None = Field(default=None, description="The typographic role.")
    color: str | None = Field(default=None, description="The palette colour of the type.")
    size: LengthField | None = Field(default=None, description="The size of the type.")
    fill: str | None = Field(default=None, description="The palette colour behind the row.")
    padding: EdgesField | None = Field(
        default=None,
        description="Room around the text of each cell: one length; two, above and below and at the sides; or top, "
        "right, bottom, left. Right and left change sides with the columns.",
    )
    anchor: CellAnchor | None = Field(default=None, description="Where their cells stand in a higher row.")

    def references(self, path: Sequence[str]) -> Iterator[NameUsed]:
        if self.role:
            yield NameUsed("role", self.role, (*path, "role"))
        for key, color in (("color", self.color), ("fill", self.fill)):
            if color:
                yield NameUsed("color", color, (*path, key))


class Column(Authored):
    header: str = Field(default="", description="What stands in the header: a template.")
    text: str = Field(
        description="What stands in each row: a template, which knows the item. The cell is empty where that is one "
        "value, and the item does not have it."
    )
    when: str | None = Field(
        default=None, description="A bare expression over the sheet's row; where it does not hold, the column is gone."
    )
    width: WidthField = Field(
        default="1fr",
        description="How wide it is: a length, `%` of the table, `content` (as its widest cell), or a share (`2fr`) of "
        "what the others leave.",
    )
    align: CellAlign = Field(
        default="start",
        description="To which side its cells are set; `decimal` sets numbers by the separator of the row's language.",
    )
    role: str | None = Field(default=None, description="The typographic role, where it is not the table's.")
    color: str | None = Field(default=None, description="The palette colour, where it is not the table's.")
    size: LengthField | None = Field(default=None, description="The size of its type, where it is not the table's.")
    figures: Literal["plain", "price"] = Field(
        default="plain", description="`price` sets cents and the currency small, as shop windows do."
    )
    anchor: CellAnchor | str | None = Field(
        default=None,
        description="Where its cells stand in a higher row, where that is not the table's: "
        f"{', '.join(CELL_ANCHORS[:-1])} or {CELL_ANCHORS[-1]}; or a bare expression over the item that comes to "
        "one of them, or to nothing.",
    )
    lines: int = Field(default=8, ge=1, le=60, description="The most lines that a cell may take.")
    span: int | str = Field(
        default=1, description="Over how many columns a cell goes: a number, or a bare expression over the item."
    )
    header_span: int = Field(default=1, ge=1, description="Over how many columns the header goes.")
    merge: bool = Field(
        default=False, description="Whether cells that say the same, one below the other, are one cell."
    )

    def asked(self, room: float) -> Width:
        """Its width, of a table of so many points."""
        if self.width == "content":
            return Width("content")
        if match := _SHARE.fullmatch(self.width):
            return Width("share", float(match[1]))
        return Width("fixed", parse_length(self.width).points(room))


class Grouping(Authored):
    by: str = Field(description="A bare expression over an item: items for which it is the same are a group.")
    heading: str | None = Field(
        default=None, description="A template of what stands above each group, which knows group.value, .rows, .size."
    )
    heading_look: Look = Field(default=Look(), description="How headings look.")
    subtotal: tuple[str, ...] = Field(
        default=(),
        description="Templates, one a column, of the row below each group; an empty one leaves its room to that before "
        "it, unless that is a number in a column with `align: end` or `decimal`.",
    )
    subtotal_look: Look = Field(default=Look(), description="How rows of sums look.")
    repeat: bool = Field(default=True, description="Whether a heading stands again where its group goes on.")
    continued: str | None = Field(
        default=None,
        description="A template of what stands there instead: `{{ group.value }} (continued)`.",
    )

    @model_validator(mode="after")
    def _continues_a_heading(self) -> Grouping:
        if self.continued is not None and (self.heading is None or not self.repeat):
            raise ValueError("`continued` stands where a `heading` would again; write one, and leave `repeat` as it is")
        return self


class TableOptions(LayerOptions):
    """All that a layout may say of a table."""

    SAID_ELSEWHERE: ClassVar[Mapping[str, str]] = {**OF_LAYERS} | {
        key: f"it belongs into the list: `rows: {{of: …, {key}: …}}`"
        for key in ("of", "as", "where", "sort", "descending", "limit")
    }

    type: Literal["table"] = Field(description="Rows of a list, in columns.")
    rows: ItemListField = Field(
        description="What there is a row of: an expression that gives a list, such as `rows` of a group."
    )
    columns: tuple[Column, ...] = Field(min_length=1, max_length=60, description="The columns, in reading order.")
    role: str = Field(default="body", description="The typographic role of its type.")
    color: str = Field(default="ink", description="The palette colour of its type.")
    size: LengthField = Field(description="The size of its type.")
    padding: EdgesField = Field(
        default=(Length(2, "pt"), Length(4, "pt"), Length(2, "pt"), Length(4, "pt")),
        description="Room around the text of each cell: one length; two, above and below and at the sides; or top, "
        "right, bottom, left.",
    )
    anchor: CellAnchor = Field(
        default="baseline",
        description="Where cells stand in a row that is higher than they need: `baseline` has the first lines of those "
        "beside each other on one line, whatever their sizes; `top`, `middle` and `bottom` go by the row, and by all "
        "the rows of cells that are merged.",
    )
    markup: bool | tuple[MarkupName, ...] = Field(
        default=False,
        description="Whether words of its templates may mark up others, as in text layers; a list "
        f"({', '.join(MARKUP_NAMES[:2])} …) says what cells of the data may mark up too.",
    )
    overflow: Literal["error", "ellipsis"] = Field(
        default="error", description="What happens to a cell that needs more lines than its column allows."
    )
    header: Look = Field(default=Look(), description="How the header looks; it stands on each page.")
    zebra: str | None = Field(default=None, description="The palette colour behind every second row.")
    rules: Rules = Field(default=Rules(), description="Lines between its rows and columns.")
    group: Grouping | None = Field(default=None, description="Rows that belong together, under a heading.")
    total: tuple[str, ...] = Field(
        default=(),
        description="Templates, one a column, of a last row below all others. Running heads, `{{ page.first }} to "
        "{{ page.last }}`, name no sums; if both are one, a layer with `when: page.first == page.last` says it once.",
    )
    total_look: Look = Field(default=Look(), description="How that row looks.")

    @model_validator(mode="after")
    def _sums_have_columns(self) -> TableOptions:
        for sums in (self.total, self.group.subtotal if self.group else ()):
            if len(sums) > len(self.columns):
                raise ValueError(f"a row of sums has {len(sums)} cells, and the table {len(self.columns)} columns")
        return self

    @property
    def words_in_roles(self) -> Iterator[tuple[str, str]]:
        looks: list[tuple[Look, Sequence[str | None]]] = [
            (Look(), [one.text for one in self.columns]),
            (self.header, [one.header for one in self.columns]),
            (self.total_look, self.total),
        ]
        if self.group:
            looks += [(self.group.heading_look, [one]) for one in (self.group.heading, self.group.continued)]
            looks.append((self.group.subtotal_look, self.group.subtotal))
        for look, texts in looks:
            for column, text in zip(self.columns, texts, strict=False):
                if text:
                    yield text, look.role or column.role or self.role

    @property
    def markup_in_cells(self) -> frozenset[str] | None:
        if self.markup is False:
            return None
        return frozenset() if self.markup is True else frozenset(self.markup)
