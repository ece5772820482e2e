"""What delivered files say of themselves, as people write it and as it is for one row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.authored import Authored

Keywords = Annotated[tuple[str, ...], BeforeValidator(lambda said: (said,) if isinstance(said, str) else said)]


class MetadataText(NamedTuple):
    """A text of the metadata, and the way to it."""

    text: str
    path: tuple[str | int, ...]


class Location(Authored):
    """Where what is shown is, in the IPTC's words."""

    sublocation: str = Field(default="", description="A place within the city, such as a building.")
    city: str = Field(default="", description="The city.")
    region: str = Field(default="", description="The state or province.")
    country: str = Field(default="", description="The country by its name.")
    country_code: str = Field(default="", description="The country by its ISO 3166 code, such as DE.")


class FileMetadata(Authored):
    """What every delivered file carries for libraries of pictures, in XMP, and in JPEG and TIFF also as IIM."""

    title: str = Field(default="", description="The file's title; left out: the brand, the row and the layout.")
    description: str = Field(default="", description="What it is; left out: the texts that stand on it.")
    alt_text: str = Field(
        default="", description="What somebody who cannot see it is told, in the language of the sheet."
    )
    creator: str = Field(default="", description="Who made it; left out: the brand's name.")
    credit: str = Field(
        default="", description="Who is to be named where it is shown; left out: whom its pictures ask to be named."
    )
    rights: str = Field(
        default="", description="The copyright notice; left out: those that its pictures came with."
    )
    usage_terms: str = Field(
        default="", description="What it may be used for; left out: what its pictures came with."
    )
    rights_url: str = Field(default="", description="The address of a page that says more about the rights.")
    keywords: Keywords = Field(
        default=(), description="Words by which it is found; each may be several, parted by commas or semicolons."
    )
    location: Location = Field(default=Location(), description="Where what is shown is.")

    @property
    def texts(self) -> tuple[MetadataText, ...]:
        """All that is said, which in a job are templates."""
        return tuple(one for one in _texts(self, ()) if one.text)


class BrandMetadata(FileMetadata):
    """What holds for all jobs of a brand: no row is known there."""

    @model_validator(mode="after")
    def _is_plain(self) -> BrandMetadata:
        for text, path in self.texts:
            if "{{" in text or "{%" in text:
                name = ".".join(map(str, path))
                raise ValueError(f"{name} is a template: a brand knows no row; write it in the `metadata` of the job")
        return self


def _texts(said: Authored, path: tuple[str | int, ...]) -> Iterator[MetadataText]:
    for name in type(said).model_fields:
        value = getattr(said, name)
        if isinstance(value, Authored):
            yield from _texts(value, (*path, name))
        elif isinstance(value, str):
            yield MetadataText(value, (*path, name))
        else:
            yield from (MetadataText(one, (*path, name, number)) for number, one in enumerate(value))


Credit = tuple[tuple[str, str], ...]
"""What a picture came with, by name: creator, credit, rights, usage-terms, rights-url, source, model-release,
model-release-id, property-release, property-release-id, person. Several of one name have a line each."""

_BETWEEN_WORDS = re.compile("[,;،、]")
CREDIT_NAMES = (
    "creator", "credit", "rights", "usage-terms", "rights-url", "source", "model-release", "model-release-id",
    "property-release", "property-release-id", "person",
)  # fmt: skip


def credits_together(credits: Iterable[Credit]) -> Credit:
    """What several pictures came with, each line once."""
    lines: dict[str, dict[str, None]] = {}
    for name, text in (pair for credit in credits for pair in credit):
        lines.setdefault(name, {}).update(dict.fromkeys(text.split("\n")))
    return tuple((name, "\n".join(lines[name])) for name in CREDIT_NAMES if name in lines)


class Particulars(Struct, frozen=True):
    """What one file says of itself besides its title and description. ``pictures`` are what those on it came with."""

    alt_text: str = ""
    creator: str = ""
    credit: str = ""
    rights: str = ""
    usage_terms: str = ""
    rights_url: str = ""
    keywords: tuple[str, ...] = ()
    sublocation: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    country_code: str = ""
    pictures: tuple[Credit, ...] = ()

    @classmethod
    def of(cls, said: Mapping[tuple[str | int, ...], str]) -> Particulars:
        """From texts by the way to them, as `FileMetadata.texts` has it."""
        names = set(cls.__struct_fields__)
        plain: dict[str, Any] = {}
        words: list[str] = []
        for path, text in said.items():
            if path[0] == "keywords":
                words += (word.strip() for word in _BETWEEN_WORDS.split(text))
            elif path[-1] in names:
                plain[str(path[-1])] = " ".join(text.split())
        return cls(**plain, keywords=tuple(dict.fromkeys(filter(None, words))))

    def showing(self, pictures: Sequence[Credit]) -> Particulars:
        """With what the pictures on it came with, each once; what is not said otherwise is as they have it."""
        own = tuple(dict.fromkeys(filter(None, pictures)))
        if not own and not self.pictures:
            return self

        def theirs(name: str, between: str) -> str:
            return between.join(dict.fromkeys(text for one in own if (text := dict(one).get(name))))

        return replace(
            self,
            pictures=own,
            credit=self.credit or theirs("credit", " / "),
            rights=self.rights or theirs("rights", "; "),
            usage_terms=self.usage_terms or theirs("usage-terms", "; "),
            rights_url=self.rights_url or (theirs("rights-url", "\n").partition("\n")[0]),
        )

    @property
    def of_all_rows(self) -> Particulars:
        """What of it holds for a file that many rows are in."""
        return Particulars(
            creator=self.creator, credit=self.credit, rights=self.rights, usage_terms=self.usage_terms,
            rights_url=self.rights_url, pictures=self.pictures,
        )  # fmt: skip

    def gathered(self, name: str) -> tuple[str, ...]:
        """What all pictures on it came with by one name, each once."""
        lines = (line for one in self.pictures for line in dict(one).get(name, "").split("\n"))
        return tuple(dict.fromkeys(filter(None, lines)))


NOTHING_SAID = Particulars()


class SheetTold(Struct, frozen=True):
    """What is told of a sheet in all of its files."""

    title: str = ""
    description: str = ""
    particulars: Particulars = NOTHING_SAID


UNTOLD = SheetTold()
