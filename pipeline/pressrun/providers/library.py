"""``library``: pictures that exist (photographs, bought art). The row's references are the pictures themselves.

``references: ["photos/{{ product.sku }}.jpg"]`` takes them from a folder, ``["{{ product.photo }}"]`` from a column.
Where a row names several, each master takes the one whose shape is the most like its own.

As a job's provider it has all pictures; as a slot's, the slot's alone, whoever makes the rest.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, ClassVar, Literal

from PIL import UnidentifiedImageError
from pydantic import Field

from pressrun.graphics.photos.incoming import KINDS_READ, head_of, require_extras
from pressrun.graphics.photos.photo_credits import credit_of
from pressrun.graphics.photos.photo_regions import told_focus
from pressrun.graphics.photos.photographs import upright, widely_read
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Finding, Severity
from pressrun.model.job import MOST_PIXELS
from pressrun.model.picture import Picture, PictureRequest, Reference
from pressrun.model.provenance import SourceType
from pressrun.model.provider import ProviderOptions, ReadReference


class BrokenPicture(PictureFailed):
    """A file of the library that is no picture, or breaks off."""


class PictureTooLarge(PictureFailed):
    """A picture of the library with more pixels than are taken."""


class LibraryProvider(ProviderOptions):
    """The entry in the job: ``provider: {type: library}``. ``source_type`` is IPTC's word for where they come from."""

    RECIPE: ClassVar[int] = 5
    READS_PROMPT: ClassVar[bool] = False
    READS_REFERENCES: ClassVar[bool] = True

    type: Literal["library"] = Field(default="library", description="Pictures that exist, such as photographs.")
    source_type: SourceType = Field(
        default=SourceType.DIGITAL_CAPTURE,
        description="Where they come from, in IPTC's words; it is written into every file.",
    )
    choose: Literal["shape", "first"] = Field(
        default="shape",
        description="Where a row names several: the one whose shape fits best, or the first.",
    )

    def identity(self, request: PictureRequest) -> Mapping[str, Any]:
        """Which pictures there are to choose from, and for which shape: no word of the prompt shows."""
        return {
            "provider": self.type, "references": [one.digest for one in request.references], "size": request.size,
            "take": request.take, "recipe": self.RECIPE, "source_type": self.source_type, "choose": self.choose,
        }  # fmt: skip

    def faults(self, request: PictureRequest, read: ReadReference) -> list[Finding]:
        try:
            self.size_to_come(request)
        except PictureFailed as problem:
            return [Finding(Severity.ERROR, problem.code, problem.message, hint=problem.hint)]
        return []

    def size_to_come(self, request: PictureRequest) -> tuple[int, int]:
        if not request.references:
            return request.size
        if self.choose == "first":
            return _looked_at(request.references[0], Path(request.references[0].path))
        return likest(request, lambda one: Path(one.path))[1]

    def generate(self, request: PictureRequest, read: ReadReference) -> Picture:
        if not request.references:
            hint = 'name it in the row, and write references: ["{{ product.photo }}"] in the job'
            raise PictureFailed("the library has no picture for this row", hint)
        if self.choose == "first":
            best = request.references[0]
        else:
            best, _ = likest(request, lambda one: io.BytesIO(read(one.digest)))
        data = read(best.digest)
        _looked_at(best, io.BytesIO(data))
        said = (("file", best.name), ("file_sha256", best.digest))
        try:
            standing, focus, credit = upright(widely_read(data)), told_focus(data), credit_of(data)
        except PictureFailed as error:
            raise BrokenPicture(f"{best.name}: {error.message}", error.hint) from error
        except Exception as error:  # Pillow's decoders raise many kinds
            raise _undecoded(best, error) from error
        return Picture(standing, self.source_type, said=(*said, *focus, *credit))


def likest(
    request: PictureRequest, where: Callable[[Reference], IO[bytes] | Path]
) -> tuple[Reference, tuple[int, int]]:
    """The picture whose shape is the most like the one that is wanted, and its size as it is to be seen. Raises
    PictureFailed where one is no picture."""
    found = [(one, _looked_at(one, where(one))) for one in request.references]
    width, height = request.size
    # As far apart whether it is twice as wide or half as wide.
    return min(found, key=lambda one: abs(math.log(one[1][0] * height / (one[1][1] * width))))


def _looked_at(reference: Reference, file: IO[bytes] | Path) -> tuple[int, int]:
    """Its size, as it is to be seen, told by its head."""
    try:
        head = head_of(file, reference.name)
        require_extras(head, reference.name)
    except PictureFailed as error:
        raise BrokenPicture(error.message, error.hint) from error
    except UnidentifiedImageError as error:
        raise BrokenPicture(f"{reference.name} is no {KINDS_READ}", "save it as one of these") from error
    except Exception as error:  # Pillow's decoders raise many kinds
        raise _undecoded(reference, error) from error
    size = head.seen
    if size[0] * size[1] > MOST_PIXELS:
        most = f"{MOST_PIXELS // 10**6} million are the most that can be placed"
        raise PictureTooLarge(f"{reference.name} has {size[0]} x {size[1]} pixels; {most}", "save it smaller")
    return size


def _undecoded(reference: Reference, error: Exception) -> BrokenPicture:
    return BrokenPicture(f"{reference.name} cannot be decoded: {error}", "save it again")
