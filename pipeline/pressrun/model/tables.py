"""The tables that a job names, and what it says of them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.authored import Authored
from pressrun.model.layout import Names

ColumnType = Literal["text", "date", "decimal", "number", "integer", "boolean"]


TABLE_FILE = (
    "A table, from the job's folder: CSV, a workbook (xlsx, xls, xlsb, ods), JSON or JSON Lines, Parquet or Feather "
    "(with the extra `parquet`), a web page with a table, or a text with columns of fixed `widths`."
)


SEVERAL = " parts/*.xlsx is one table of all such files, one below the other, part-2 before part-10."


class TableOptions(Authored):
    """What a file does not show of itself."""

    sheet: str | None = Field(
        default=None,
        description="Of a workbook: the sheet that is read. Of a web page: the id or caption of its table. Left out: "
        "the first that is shown.",
    )
    header: int | None = Field(
        default=None,
        ge=1,
        description="The line that names the columns, from 1. Left out: the first that has something in it.",
    )
    encoding: str | None = Field(
        default=None,
        description="Of a text: its encoding, like cp1252, where that is not certain. UTF-8 and UTF-16 are found.",
    )
    widths: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), description="Of a text without signs between its columns: how many characters each is wide."
    )
    trim: bool = Field(
        default=False,
        description="Whether blanks at the ends of cells are dropped, and several in a row are one, as TRIM of "
        "spreadsheets does it.",
    )


Pairs = Literal["many-to-one", "one-to-one", "one-to-many", "many-to-many"]


class Join(TableOptions):
    """Columns of another table, beside the rows of this one."""

    file: str = Field(description=TABLE_FILE + SEVERAL)
    on: Names = Field(description="The column, or columns, that both tables have, and in which a row is the same.")
    pairs: Pairs = Field(
        default="many-to-one",
        description="How rows go together: many-to-one (each row of the other table is there once), one-to-one, "
        "one-to-many (rows become several), many-to-many. Whatever contradicts it is an error.",
    )
    matched: bool = Field(
        default=False, description="Whether rows that the other table does not have are left out. Else they stay empty."
    )
    columns: tuple[str, ...] | None = Field(
        default=None, description="The columns that are taken from the other table. Left out: all."
    )

    @property
    def validate_as(self) -> str:
        """``pairs`` as pandas calls it."""
        return self.pairs.replace("-", "_")


class Unpivot(Authored):
    """Columns that become rows, such as a column for each locale."""

    columns: Names = Field(description="The columns that become rows; their headers become values.")
    name: str = Field(description="The column in which the headers stand, like locale.")
    value: str = Field(description="The column in which the cells stand, like headline. Empty cells make no row.")


ShopName = Literal["shopify", "woocommerce", "merchant-center", "magento", "prestashop"]


class QueriedTable(TableOptions):
    """A table of a file or of a database."""

    SAID_ELSEWHERE: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("csv", "xlsx", "tsv", "json", "path", "source", "src", "data"), "did you mean 'file'?"
    )

    file: str | None = Field(default=None, description=TABLE_FILE + SEVERAL)
    sql: str | None = Field(
        default=None,
        description="A query whose answer the rows are, asked of the database at `url` whenever the job is read (with "
        "the extra `sql`).",
    )
    url: str | None = Field(
        default=None,
        description="The database of `sql`: env:NAME, which names a variable of the environment or of .env that has "
        "its address (postgresql+psycopg://…), or an address without a password. The file of sqlite:///shop.db is "
        "looked up from the job's folder.",
    )

    @model_validator(mode="after")
    def _whole_question(self) -> Self:
        if (self.sql is None) != (self.url is None):
            raise ValueError("sql and url go together: the query, and the database that is asked")
        return self


class TruthWords(Authored):
    """The words of a column that is true or false."""

    yes: Names = Field(description="What stands in a cell that is true, like ja; capitals or not.")
    no: Names = Field(default=(), description="What stands in one that is false, like nein. An empty cell is empty.")

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        if both := {word.strip().casefold() for word in self.yes} & {word.strip().casefold() for word in self.no}:
            raise ValueError(f"'{min(both)}' stands under both yes and no")
        return self


def _read_one_way(options: RowSet | LookupTable) -> None:
    """Raises ValueError where several options say how a column is read, of which one alone could hold."""
    ways: dict[str, dict[str, Any]] = {
        "decimals": options.decimals, "dates": options.dates, "booleans": options.booleans, "split": options.split,
    }  # fmt: skip
    for one, other in itertools.combinations(ways, 2):
        if both := ways[one].keys() & ways[other].keys():
            raise ValueError(f"'{min(both)}' stands under both {one} and {other}: a column is read in one way")


class RowSet(QueriedTable):
    """Rows from a table (``file``) or written in place (``items``); ``key`` names the column that tells them apart.

    ``columns`` renames headers (new name: header as it stands in the file); ``fill`` names the column by which
    continuation rows belong together.
    """

    items: tuple[dict[str, Any], ...] | None = Field(
        default=None,
        description="The rows, written in place instead of in a file.",
    )
    join: tuple[Join, ...] = Field(
        default=(), description="Further tables, whose columns stand beside those of this one."
    )
    unpivot: Unpivot | None = Field(
        default=None, description="Columns of the table that become rows, such as one for each locale."
    )
    where: str | None = Field(
        default=None,
        description="An expression over the columns, like stock > 0 and category != 'Old': other rows are left out.",
    )
    sort: tuple[str, ...] = Field(
        default=(), description="The columns that rows are sorted by; with - before it the largest is first."
    )
    sample: int | None = Field(
        default=None,
        ge=1,
        description="Take so many rows from all over the table, the same each time, instead of all.",
    )
    limit: int | None = Field(default=None, ge=1, description="Take the first so many rows.")
    key: str = Field(description="The column whose value tells the rows apart, such as sku.")
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="New names of columns: the name that templates use, and the header as it stands in the file.",
    )
    fill: str | None = Field(
        default=None,
        description="The column by which continued rows belong together; their empty texts are taken from the first.",
    )
    types: dict[str, ColumnType] = Field(
        default_factory=dict,
        description="What columns hold, where it is not text: date, decimal, number, integer, boolean.",
    )
    decimals: dict[str, str] = Field(
        default_factory=dict,
        description="Columns of decimals as a locale writes them, with that locale: price: de-DE reads 1.249,00.",
    )
    dates: dict[str, str] = Field(
        default_factory=dict,
        description="Columns of dates as a locale writes them, with that locale: start: de-DE reads 31.12.2027, start: "
        "en-US 12/31/2027, start: th-TH 31/12/2570, too. Those written as 2027-12-31 go on to be understood.",
    )
    booleans: dict[str, TruthWords] = Field(
        default_factory=dict,
        description="Columns that are true or false in words of their own, with these: organic: {yes: [ja, x], no: "
        "nein}. The words that types has for it go on to be understood.",
    )
    split: dict[str, Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict,
        description='Columns whose cells are lists, and the sign between their items: tags: ",".',
    )
    shop: ShopName | None = Field(
        default=None,
        description="The shop whose product export the file is: its columns are sku, name, description, brand, "
        "category, tags, price, sale_price, image and others, whichever shop it is.",
    )
    group_by: str | None = Field(
        default=None,
        description="An expression over a row of this set, like product.category: all rows for which it is the same "
        "share their sheets, whose layouts see them as `rows`.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if [self.file, self.items, self.sql].count(None) != 2:
            raise ValueError("write either file (a table), items (rows in place) or sql (a query)")
        _read_one_way(self)
        return self


class LookupTable(QueriedTable):
    """A table that is looked up by one or several key columns instead of being multiplied."""

    key: Names = Field(description="The column, or columns, that it is looked up by.")
    columns: dict[str, str] = Field(default_factory=dict, description="New names of columns, as in row sets.")
    types: dict[str, ColumnType] = Field(default_factory=dict, description="What columns hold, as in row sets.")
    decimals: dict[str, str] = Field(
        default_factory=dict, description="Columns of decimals as a locale writes them, as in row sets."
    )
    dates: dict[str, str] = Field(
        default_factory=dict, description="Columns of dates as a locale writes them, as in row sets."
    )
    booleans: dict[str, TruthWords] = Field(
        default_factory=dict, description="Columns that are true or false in words of their own, as in row sets."
    )
    split: dict[str, Annotated[str, Field(min_length=1)]] = Field(
        default_factory=dict, description="Columns whose cells are lists, as in row sets."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is None) == (self.sql is None):
            raise ValueError("write either file (a table) or sql (a query)")
        _read_one_way(self)
        return self


class CopyTable(TableOptions):
    file: str = Field(
        description="A table with a line for each text: its key, and a column for each locale. In one named like a row "
        "set stands the key of the row that a text is for; empty, it is for all."
    )


class ExistingTable(TableOptions):
    """A table of what a library has already: none of it is made again. See :class:`ExistingAsset`."""

    file: str = Field(description=TABLE_FILE)


ExistingField = Annotated[
    ExistingTable, BeforeValidator(lambda value: {"file": value} if isinstance(value, str) else value)
]
