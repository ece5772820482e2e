"""A job file, and the rows and prompts it expands into."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, ClassVar, cast

from msgspec import Struct
from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pressrun.model.brand import Authored, Character, SentPicture
from pressrun.model.conformance import Conformance, Retry
from pressrun.model.demands import CheckLevels
from pressrun.model.file_metadata import FileMetadata
from pressrun.model.finding import Finding, Place
from pressrun.model.format_kind import FormatKind
from pressrun.model.geometry import FractionField
from pressrun.model.learned import DETECT, Detector
from pressrun.model.output import OutputField, RecordPlace
from pressrun.model.override import OverrideField
from pressrun.model.picture import Background, PictureRequest
from pressrun.model.printing_conditions import JobPrint
from pressrun.model.provider import ProviderOptions
from pressrun.model.record import Record
from pressrun.model.tables import CopyTable, ExistingField, LookupTable, RowSet

MOST_PIXELS = 120_000_000  # of one picture: decoded, it takes 4 bytes a pixel, in every worker

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

    size: PixelSize = Field(description="Width and height in pixels, like 1024x1536.")
    space: str = Field(
        default="",
        description="Where the picture is left calm, so that copy can stand there: a side, such as top or left.",
    )
    stage: tuple[FractionField, FractionField] = Field(
        default=STAGE,
        description="The point on which a product will stand, as fractions of width and height.",
    )

    @property
    def written_stage(self) -> tuple[float, float] | None:
        """The stage, where the job gives one: only what is drawn for it has the other."""
        return self.stage if "stage" in self.model_fields_set else None


class EditOf(Authored):
    """Which approved picture is changed, and how."""

    of: str = Field(
        min_length=3,
        description="The approved picture: `SLOT/first` or `SLOT/ROW`, by the row's id, which may be a template.",
    )
    prompt: str = Field(
        min_length=1, description="The template that says what changes, from `templates/prompts`."
    )


class PictureSlot(Authored):
    """A picture that layouts place. ``references`` are sent along; ``mask`` is a PNG whose transparent part is what may
    change of the first one: all other pixels of it are put back into what comes, with an edge as soft as ``feather``
    pixels. ``provider`` is whom its pictures come from, where that is not the job's."""

    prompt: str = Field(default="", description="The template that says what to show, from `templates/prompts`.")
    provider: Any = Field(
        default=None,
        description="Who makes this slot's pictures, where that is not the job's provider.",
    )
    references: tuple[str | SentPicture, ...] = Field(
        default=(),
        description="Pictures that are sent along, as paths or templates of paths; with `{file: …, for: …}` each says "
        "what it is for, and the prompt numbers them.",
    )
    anchor: str = Field(
        default="",
        description="The approved picture of the set: it goes along with all others, which are to match its light, "
        "grain and colours. `SLOT/first` or `SLOT/ROW` (a row's id) is the one that was approved for that row, and "
        "others wait until one is; anything else is the path of a file. All of them may be templates.",
    )
    edit: EditOf | None = Field(
        default=None,
        description="Its pictures are edits of one approved picture, such as the seasons of a scene, rather than new "
        "ones: `{of: hero/first, prompt: season-change.j2}`. They wait until that is approved.",
    )
    mask: str = Field(
        default="",
        description="A PNG on the first reference, or on the picture that `edit` changes: what is transparent may "
        "change, all other pixels stay exactly as they are.",
    )
    feather: float = Field(
        default=6.0,
        ge=0,
        le=200,
        description="How softly the change ends inside the mask, in pixels.",
    )
    masters: dict[str, Master] = Field(
        min_length=1,
        description="The shapes in which the picture is made, by name; each layout takes the one that fits best.",
    )
    takes: int = Field(
        default=1,
        ge=1,
        le=50,
        description="How many different pictures are made of each, to choose from.",
    )
    steps: tuple[Any, ...] = Field(
        default=(),
        description="Retouching that every picture of this slot gets, in this order.",
    )
    detect: tuple[Detector, ...] | None = Field(
        default=None, description=f"{DETECT} It stands in place of the brand's."
    )
    background: Background = Field(
        default="opaque",
        description="`transparent` asks for a cut-out, `auto` leaves it to the model.",
    )
    quality: str = Field(
        default="auto",
        description="The provider's word for how much care it takes (and costs); `auto`: what the provider says.",
    )

    retry: Retry | None = Field(
        default=None,
        description="When another take is made by itself, and how often: `{on: [palette, busy-copy-space], takes: 2}`.",
    )

    @property
    def sent(self) -> tuple[SentPicture, ...]:
        """Its references, each with what it is for."""
        return tuple(SentPicture(file=one) if isinstance(one, str) else one for one in self.references)

    @property
    def names_written(self) -> list[tuple[str, tuple[str | int, ...]]]:
        """All templates of paths, and of the pictures that it goes by, with the way to each."""
        written: list[tuple[str, tuple[str | int, ...]]] = [
            (one.file, ("references", at) if isinstance(self.references[at], str) else ("references", at, "file"))
            for at, one in enumerate(self.sent)
        ]
        written += [(text, (key,)) for key, text in (("anchor", self.anchor), ("mask", self.mask)) if text]
        return [*written, *([(self.edit.of, ("edit", "of"))] if self.edit else [])]

    @property
    def templates(self) -> list[str]:
        """The templates of its prompts."""
        return [name for name in (self.prompt, self.edit.prompt if self.edit else "") if name]

    @model_validator(mode="before")
    @classmethod
    def _without_source(cls, written: Any) -> Any:
        """What a slot's provider was called before."""
        if isinstance(written, dict) and "source" in written:
            hint = "write provider: {type: library}" if written["source"] == "library" else "leave it out"
            said = "pictures have no 'source' any more, but a provider"
            raise PydanticCustomError("unknown_key", said, {"at": "source", "hint": hint})
        return written


class Budget(Authored):
    usd: float = Field(
        ge=0, description="The most that all runs of the job may spend together, in US dollars."
    )


_OF_CAMPAIGNS = "all jobs of a campaign share it: write {}=… into .env beside brands/, or the environment"


class Job(Authored):
    SAID_ELSEWHERE: ClassVar = {key: _OF_CAMPAIGNS.format(f"PRESSRUN_{key.upper()}") for key in ("store", "journal")}

    brand: str = Field(description="The brand: a folder in `brands/`.")
    date: dt.date = Field(description="What the files are dated.")
    rows: dict[str, RowSet] = Field(
        min_length=1,
        description="Row sets by name: products, regions, seasons, whatever is combined.",
    )
    tables: dict[str, LookupTable] = Field(
        default_factory=dict,
        description="Tables that are looked up by key instead of being combined, by name.",
    )
    values: dict[str, str] = Field(default_factory=dict, description="Named expressions, worked out for each row.")
    expand: tuple[str | tuple[str, ...], ...] = Field(
        default=(),
        description="How row sets are combined: each name with every other; those in a list of their own walk side "
        "by side. Left out: all with all.",
    )
    where: str | None = Field(default=None, description="A bare expression; combinations that it refuses are left out.")
    locale: str = Field(
        description="An expression, or a plain locale like de-DE: the language that a row's sheets are in.",
    )
    theme: str | None = Field(default=None, description="An expression, or the name of a theme of the brand.")
    copy_: CopyTable | None = Field(default=None, alias="copy", description="The texts in all languages.")
    characters: dict[str, Character] = Field(
        default_factory=dict,
        description="Persons, animals and things that come back, besides those of the brand.",
    )
    pictures: dict[str, PictureSlot] = Field(
        default_factory=dict,
        description="Picture slots by name: what layouts place and prompts describe.",
    )
    existing: ExistingField | None = Field(
        default=None,
        description="A table of files and pictures that a library has already, which are not made again.",
    )
    overrides: OverrideField | None = Field(
        default=None,
        description="Changes to single sheets, in a YAML or CSV of their own.",
    )
    print: JobPrint | None = Field(
        default=None,
        description="For which printing condition press files are made, where it is not the brand's; or for several.",
    )
    layouts: tuple[str, ...] = Field(
        min_length=1,
        description="The layouts that are made of each row, as in `templates/layouts`, without `.yaml`.",
    )
    save_as: str = Field(description="A template of file names, without an ending.")
    output: OutputField | None = Field(
        default=None,
        description="`one-pdf` puts all rows into one press PDF for each layout; left out, each has its own.",
    )
    branch: str = Field(default="", description="The branch that pictures are taken from, where they have it.")
    provider: Any = Field(description="Who makes the pictures, and how.")
    executor: Any = Field(default=None, description="Who does the work; left out, processes of this machine.")
    budget: Budget | None = Field(default=None, description="What all runs of the job may spend together.")
    conformance: Conformance | None = Field(
        default=None,
        description="What pictures are measured for in this job, besides what the brand asks; each key here stands in "
        "place of the brand's.",
    )
    metadata: FileMetadata = Field(
        default=FileMetadata(),
        description="What every file says of itself (creator, rights, alternative text, keywords, place), as templates "
        "over the row; what it leaves out is as the brand has it.",
    )
    checks: CheckLevels = Field(default_factory=dict, description="How much a check matters in this job, by its name.")
    recipes: dict[str, tuple[Any, ...]] = Field(default={}, description="Lists of steps by name, for `steps` to name.")

    @model_validator(mode="after")
    def _asked_for(self) -> Job:
        for slot in self.pictures:
            if lack := self.lack_of(slot):
                raise PydanticCustomError("missing_key", lack, {"at": ("pictures", slot)})
        return self

    def puts_out(self, format: FormatKind) -> tuple[bool, ...]:
        """The files that a row has of a format: whether it shares each with others."""
        if self.output is None or format.write_pieces is None:
            return (False,)
        return (False, True) if self.output.one_pdf.singles else (True,)

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
            if self.pictures[slot].edit:
                return "nobody changes pictures that are taken as they are: name a provider that makes some"
            none = "a picture that is taken as it is, is named by its references: write some"
            return None if self.pictures[slot].references else none
        goes_by = self.goes_by(slot)
        shown = self.pictures[slot].prompt or (self.pictures[slot].edit and goes_by and goes_by[0] != slot)
        return None if shown else "missing key 'prompt': the template that says what to show"

    def goes_by(self, slot: str) -> tuple[str, str] | None:
        """The approved picture that those of a slot go by: its slot, and its row, `first` or a template of an id; None
        where they go by none, or by a file."""
        options = self.pictures[slot]
        of, _, row = (options.edit.of if options.edit else options.anchor).partition("/")
        return (of, row) if row and (of in self.pictures or options.edit) else None

    def with_provider(self, named: ProviderOptions) -> Job:
        """The job with this provider for every picture that is made from words. Providers of that kind stay as the job
        writes them: model, server, prices; and slots of their own kind that take what exists still do."""
        slots = {}
        for name, slot in self.pictures.items():
            stays = slot.provider is None or slot.provider.type == named.type or not slot.provider.READS_PROMPT
            slots[name] = slot if stays else slot.model_copy(update={"provider": None})
        provider = self.provider if self.provider.type == named.type else named
        return self.model_copy(update={"provider": provider, "pictures": slots})


ALONE = RecordPlace()


class Row(Struct, frozen=True):
    """One combination: ``values`` is what templates and expressions see, ``id`` joins the keys with ``/``.

    ``sources`` says where each part came from (row set, file, line), in the order of ``key_values``. A row with an
    error among its ``findings`` cannot be made: it is reported, and the other rows go on. ``members`` are the rows that
    a group has; its values are those that all of them share; ``stands`` is where it stands in a document of many.
    """

    id: str
    locale: str
    theme: str
    values: dict[str, Any]
    sources: tuple[tuple[str, str, int | None], ...] = ()
    key_values: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    members: tuple[Row, ...] = ()
    stands: RecordPlace = ALONE

    @property
    def keys(self) -> dict[str, str]:
        """Row set → key of this row in it."""
        return dict(zip((source[0] for source in self.sources), self.key_values, strict=True))

    @property
    def place(self) -> Place | None:
        """The line of its first part."""
        return Place(self.sources[0][1], self.sources[0][2]) if self.sources else None

    def cell_place(self, written: str) -> Place | None:
        """The line of a cell of it that says this and no more; None where none does as it stands."""
        for name, file, line in self.sources:
            record = self.values.get(name)
            if isinstance(record, Record) and any(str(record[column]).strip() == written for column in record):
                return Place(file, line)
        return next(filter(None, (member.cell_place(written) for member in self.members)), None)

    @property
    def fault(self) -> Finding | None:
        """Why it cannot be made, the first of its errors; None where it can."""
        return next((finding for finding in self.findings if finding.is_error), None)


class ExistingAsset(Struct, frozen=True):
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


class Prompt(Struct, frozen=True):
    """One picture to ask for: the slot and master it fills, which take it is, and the template its text is from.

    Rows that show the same have equal requests; that is how pictures are shared. ``waits_for`` says by which picture it
    goes, where that is not approved yet: what is asked for is not known before.
    """

    slot: str
    master: str
    take: int
    request: PictureRequest
    template: str
    waits_for: str = ""
