"""A job file, and the rows and prompts it expands into."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.brand import Authored, Character
from pressrun.model.finding import Finding, Place
from pressrun.model.geometry import FractionField
from pressrun.model.layout import CheckLevels
from pressrun.model.picture import Background, PictureRequest
from pressrun.model.provider import ProviderOptions

MOST_PIXELS = 120_000_000  # of one picture: decoded, it takes 4 bytes a pixel, in every worker

ColumnType = Literal["text", "date", "decimal", "number", "integer", "boolean"]


class RowSet(Authored):
    """Rows from a CSV (``file``) or written in place (``items``); ``key`` names the column that tells them apart.

    ``columns`` renames headers (new name: header as it stands in the file); ``fill`` names the column by which
    continuation rows belong together.
    """

    file: str | None = None
    items: tuple[dict[str, Any], ...] | None = None
    key: str
    columns: dict[str, str] = Field(default_factory=dict)
    fill: str | None = None
    types: dict[str, ColumnType] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_source(self) -> RowSet:
        if (self.file is None) == (self.items is None):
            raise ValueError("write either file (a CSV) or items (rows in place)")
        return self


class LookupTable(Authored):
    """A CSV that is looked up by one or several key columns instead of being multiplied."""

    file: str
    key: Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
    columns: dict[str, str] = Field(default_factory=dict)
    types: dict[str, ColumnType] = Field(default_factory=dict)


class CopyTable(Authored):
    file: str


def _parse_pixels(value: Any) -> Any:
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d{1,6})\s*[x×]\s*(\d{1,6})\s*", value)):
        width, height = int(match[1]), int(match[2])
        if width * height > MOST_PIXELS:
            raise ValueError(f"{width} x {height} pixels are too many; {MOST_PIXELS // 10**6} million are the most")
        if width and height:
            return width, height
    raise ValueError(f"{value!r} is not a size in pixels; write it like 1024x1536")


PixelSize = Annotated[tuple[int, int], BeforeValidator(_parse_pixels)]


STAGE = (0.5, 0.8)  # of a picture that is drawn, where its master names none


class Master(Authored):
    """One picture to be made for a slot: ``size`` in pixels, ``space`` the part left calm for copy,
    ``stage`` the point (fractions of width and height) on which a product will stand."""

    size: PixelSize
    space: str = ""
    stage: tuple[FractionField, FractionField] = STAGE

    @property
    def written_stage(self) -> tuple[float, float] | None:
        """The stage, where the job gives one: only what is drawn for it has the other."""
        return self.stage if "stage" in self.model_fields_set else None


class PictureSlot(Authored):
    """A picture that layouts place. ``references`` are sent along; ``mask`` is a PNG whose transparent part is what may
    change of the first one: all other pixels of it are put back into what comes, with an edge as soft as ``feather``
    pixels. ``provider`` is whom its pictures come from, where that is not the job's."""

    prompt: str = ""
    provider: Any = None
    references: tuple[str, ...] = ()
    mask: str = ""
    feather: float = Field(default=6.0, ge=0, le=200)
    masters: dict[str, Master] = Field(min_length=1)
    takes: int = Field(default=1, ge=1, le=50)
    steps: tuple[Any, ...] = ()
    background: Background = "opaque"
    quality: str = "auto"

    @model_validator(mode="before")
    @classmethod
    def _without_source(cls, written: Any) -> Any:
        """What a slot's provider was called before."""
        if isinstance(written, dict) and "source" in written:
            hint = "write provider: {type: library}" if written["source"] == "library" else "leave it out"
            said = "pictures have no 'source' any more, but a provider"
            raise PydanticCustomError("unknown_key", said, {"at": "source", "hint": hint})
        return written


class ExistingTable(Authored):
    """A CSV of what a library has already: none of it is made again. See :class:`ExistingAsset`."""

    file: str


ExistingField = Annotated[
    ExistingTable, BeforeValidator(lambda value: {"file": value} if isinstance(value, str) else value)
]


class Budget(Authored):
    usd: float = Field(ge=0, allow_inf_nan=False)


class Job(Authored):
    brand: str
    date: dt.date
    rows: dict[str, RowSet] = Field(min_length=1)
    tables: dict[str, LookupTable] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    expand: tuple[str | tuple[str, ...], ...] = ()
    where: str | None = None
    locale: str
    theme: str | None = None
    copy_: CopyTable | None = Field(default=None, alias="copy")
    characters: dict[str, Character] = Field(default_factory=dict)
    pictures: dict[str, PictureSlot] = Field(default_factory=dict)
    existing: ExistingField | None = None
    layouts: tuple[str, ...] = Field(min_length=1)
    save_as: str
    branch: str = ""
    provider: Any
    executor: Any = None
    budget: Budget | None = None
    checks: CheckLevels = Field(default_factory=dict)

    @model_validator(mode="after")
    def _asked_for(self) -> Job:
        for slot in self.pictures:
            if lack := self.lack_of(slot):
                raise PydanticCustomError("missing_key", lack, {"at": ("pictures", slot)})
        return self

    def provider_of(self, slot: str) -> ProviderOptions:
        """Whom the pictures of a slot come from: its own provider, else the job's."""
        return cast(ProviderOptions, self.pictures[slot].provider or self.provider)

    def kind_of(self, slot: str) -> str:
        """The kind of provider of a slot; the job's, where there is no such slot any more."""
        return (self.provider_of(slot) if slot in self.pictures else self.provider).type

    def changed_by(self, slot: str) -> ProviderOptions:
        """Who changes the pictures of a slot: the one that made them; of those taken as they are, the job's."""
        own = self.provider_of(slot)
        return own if own.READS_PROMPT else cast(ProviderOptions, self.provider)

    def lack_of(self, slot: str) -> str | None:
        """What a slot's provider misses in it, as a sentence."""
        if not self.provider_of(slot).READS_PROMPT:
            needed = "a picture that is taken as it is, is named by its references: write some"
            return None if self.pictures[slot].references else needed
        return None if self.pictures[slot].prompt else "missing key 'prompt': the template that says what to show"

    def with_provider(self, named: ProviderOptions) -> Job:
        """The job with this provider for every picture that is made from words. Providers of that kind stay as the job
        writes them: model, server, prices; and slots of their own kind that take what exists still do."""
        slots = {}
        for name, slot in self.pictures.items():
            stays = slot.provider is None or slot.provider.type == named.type or not slot.provider.READS_PROMPT
            slots[name] = slot if stays else slot.model_copy(update={"provider": None})
        provider = self.provider if self.provider.type == named.type else named
        return self.model_copy(update={"provider": provider, "pictures": slots})


@dataclass(frozen=True, slots=True)
class Row:
    """One combination: ``values`` is what templates and expressions see, ``id`` joins the keys with ``/``.

    ``sources`` says where each part came from (row set, file, line), in the order of ``key_values``. A row with an
    error among its ``findings`` cannot be made: it is reported, and the other rows go on.
    """

    id: str
    locale: str
    theme: str
    values: dict[str, Any]
    sources: tuple[tuple[str, str, int | None], ...] = field(default=())
    key_values: tuple[str, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())

    @property
    def keys(self) -> dict[str, str]:
        """Row set → key of this row in it."""
        return dict(zip((source[0] for source in self.sources), self.key_values, strict=True))

    @property
    def place(self) -> Place | None:
        """The line of its first part."""
        return Place(self.sources[0][1], self.sources[0][2]) if self.sources else None

    @property
    def fault(self) -> Finding | None:
        """Why it cannot be made, the first of its errors; None where it can."""
        return next((finding for finding in self.findings if finding.is_error), None)


@dataclass(frozen=True, slots=True)
class ExistingAsset:
    """One line of the table of what exists: a file of a ``layout`` (and ``format``; empty: all of its formats), or the
    picture of a ``slot`` (and ``master``; empty: all of them), for the rows that ``keys`` (row set → key) describe, or
    the one row whose id is ``row``. ``path`` is the file's, from the campaign's folder; ``take`` 0 stands for any.
    """

    place: Place
    path: str
    keys: tuple[tuple[str, str], ...]
    row: str = ""
    locale: str = ""
    layout: str = ""
    format: str = ""
    slot: str = ""
    master: str = ""
    take: int = 0

    def speaks_of(self, row: Row, take: int) -> bool:
        keys = row.keys
        return (
            self.row in ("", row.id)
            and self.locale in ("", row.locale)
            and self.take in (0, take)
            and all(keys.get(name) == key for name, key in self.keys)
        )


@dataclass(frozen=True, slots=True)
class Prompt:
    """One picture to ask for: the slot and master it fills, which take it is, and the template its text is from.

    Rows that show the same have equal requests; that is how pictures are shared.
    """

    slot: str
    master: str
    take: int
    request: PictureRequest
    template: str
