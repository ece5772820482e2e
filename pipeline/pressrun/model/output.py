"""How a job's rows are put out: each in files of its own, or many of them in one document."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from pressrun.model.authored import Authored
from pressrun.model.item_list import LayerId

ONE_PDF = "one-pdf"
MOST_COPIES = 100_000  # of one record


class SlipSheets(Authored):
    """A page before each group of records that follow each other, which says what comes."""

    by: str = Field(description="An expression over a row: a group is of rows for which it is the same.")
    text: str = Field(
        default="{{ group.value }}\n{{ group.count }}",
        description="A template of what stands on it; it sees the first row of the group, and `group`.",
    )
    role: LayerId | None = Field(default=None, description="The type role of its text; `body`, or the brand's first.")


class OnePdf(Authored):
    """The rows of a job in one press PDF for each layout, which is called as its first row says."""

    save_as: str | None = Field(
        default=None,
        description="A template of the names of these files, without an ending; left out, the job's `save_as`.",
    )
    singles: bool = Field(
        default=False,
        description="Whether each row has a file of its own, too, which is called as the job's `save_as` says.",
    )
    chunk: int | None = Field(default=None, ge=1, description="How many rows a file has at the most; left out: all.")
    by: str | None = Field(
        default=None, description="An expression over a row: rows for which it differs have different files."
    )
    sort: tuple[str, ...] = Field(
        default=(), description="Expressions that the rows are sorted by, the first before the second."
    )
    quantity: str | None = Field(
        default=None, description="An expression: how often a row's pages are there, such as `person.copies`."
    )
    blank_backs: bool = Field(
        default=False,
        description="Whether rows with an odd number of pages get an empty one, so that each begins in front.",
    )
    slip: SlipSheets | None = Field(default=None, description="Pages between groups of rows, for whoever sorts them.")
    pdf_vt: bool = Field(
        default=False, description="Whether the file tells the press which pages belong to which row (PDF/VT-1)."
    )


class Output(Authored):
    one_pdf: OnePdf = Field(alias="one-pdf", description="The rows of a job in one press PDF for each layout.")


def _output(written: Any) -> Any:
    if written == ONE_PDF:
        return {ONE_PDF: {}}
    if isinstance(written, str):
        raise PydanticCustomError("unknown_output", f"'{written}' is no output; write one-pdf, or leave it out")
    if isinstance(written, list):
        message = "`output` is no list; for files of each row besides the one of all write `one-pdf: {singles: true}`"
        raise PydanticCustomError("unknown_output", message)
    if isinstance(written, dict) and isinstance(one := written.get(ONE_PDF), dict) and isinstance(one.get("sort"), str):
        return {**written, ONE_PDF: {**one, "sort": (one["sort"],)}}
    return written


OutputField = Annotated[Output, BeforeValidator(_output)]


class RecordPlace(Struct, frozen=True):
    """Where a row stands among the others: the value by which files differ, that by which slip sheets do, and how many
    copies there are."""

    document: str = ""
    group: str = ""
    copies: int = 1
