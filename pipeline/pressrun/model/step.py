"""What a retouching step must be able to do. Each entry of ``steps/`` is an options model with this method."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace
from pydantic import AfterValidator, Field

from pressrun.model.authored import Authored
from pressrun.model.color import Swatch
from pressrun.model.geometry import IDENTITY, FractionField, Matrix, after, point_moved
from pressrun.model.layout import NameUsed
from pressrun.model.learned import Answers, asked_anew

Point = tuple[float, float]  # fractions of width and height
Box = tuple[float, float, float, float]  # left, top, right and lower edge, as fractions


def _with_an_inside(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError("a box is left, top, right, bottom, each from 0 to 1, and has an inside")
    return box


def _checked_point(point: Point) -> Point:
    if not all(0 <= part <= 1 for part in point):
        raise ValueError("a point has two numbers, each from 0 to 1")
    return point


BoxField = Annotated[
    tuple[FractionField, FractionField, FractionField, FractionField], AfterValidator(_with_an_inside)
]
"""A part of a picture: left, top, right and lower edge, as fractions of its width and height."""
PointField = Annotated[tuple[FractionField, FractionField], AfterValidator(_checked_point)]


def in_pixels(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The edges of a part of a picture of this size; at least one pixel is in it."""
    left, top = min(size[0] - 1, round(box[0] * size[0])), min(size[1] - 1, round(box[1] * size[1]))
    return left, top, max(left + 1, round(box[2] * size[0])), max(top + 1, round(box[3] * size[1]))


class BrandColors(Struct, frozen=True):
    """What a step may take from the brand: its palette, and the bytes of the ICC profile that it prints with. ``files``
    are those that steps name, by their names; ``answers`` is how what networks say is had."""

    palette: Mapping[str, Swatch]
    profile: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    answers: Answers = asked_anew


class FileUsed(NamedTuple):
    """A file that a step names; ``path`` is the field."""

    name: str
    path: tuple[str | int, ...]


class Framing(Struct, frozen=True):
    """What steps made of a picture's edges: its ``size`` in pixels, and where a point of the picture as it came (in
    fractions) is seen now. ``stage`` and ``region`` are points of it as it came, where they are known."""

    size: tuple[int, int]
    stage: Point | None = None
    region: Point | None = None
    moved: Matrix = IDENTITY

    def now(self, point: Point) -> Point:
        """Where a point of the picture as it came is by now; one that was cut off is at the edge."""
        return point_now(point, self.moved)

    def then(self, size: tuple[int, int], moved: Matrix) -> Framing:
        """With another size, and points moved, in fractions of the picture before and after."""
        return replace(self, size=size, moved=after(self.moved, moved))

    def cut(self, left: int, top: int, right: int, bottom: int) -> Framing:
        """With other edges, in pixels of the picture so far; they may lie outside of it."""
        (width, height), (across, down) = self.size, (right - left, bottom - top)
        return self.then((across, down), (width / across, 0.0, 0.0, height / down, -left / across, -top / down))


def point_now(point: Point, moved: Matrix) -> Point:
    """Where steps moved a point to, in fractions of the picture that they made."""
    if moved == IDENTITY:
        return point
    x, y = point_moved(*point, moved)
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


class StepOptions(Authored):
    """``RECIPE`` is raised when the same options would now give other pixels: it is part of the key of what is made.
    ``USES_PROFILE``: the pixels depend on the brand's press profile, which is part of the key then. ``STAYS_OPAQUE``:
    what cannot be seen through cannot be afterwards."""

    RECIPE: ClassVar[int] = 1
    USES_PROFILE: ClassVar[bool] = False
    STAYS_OPAQUE: ClassVar[bool] = False

    type: str

    def references(self) -> Iterable[NameUsed]:
        """Every palette colour this step names, so that load can say which is unknown, and keys hold their values."""
        return ()

    def files(self) -> Iterable[FileUsed]:
        """Every file it names, so that load can say which is missing, and keys hold their bytes."""
        return ()

    def file_fault(self, data: bytes) -> str | None:
        """What is wrong with the bytes of a file that it names."""
        return None

    @property
    def looks_for(self) -> str:
        """By what it places its edges: `stage`, `region`, either by `auto`, or nothing. It is part of the key then."""
        return ""

    def learned(self) -> tuple[str, ...]:
        """By which weights it works, and what runs them: part of the key, and told in the record."""
        return ()

    def lack(self) -> tuple[str, str] | None:
        """What it would take to do this and is not here, with what to do about it; None where it can be done."""
        return None

    def framed(self, framing: Framing) -> Framing:
        """What it will make of a picture's edges, as far as that can be told without its pixels. Raises
        PictureFailed."""
        return framing

    def apply(self, picture: bytes, colors: BrandColors) -> bytes:
        """Retouch an encoded picture; answers an encoded picture, the same bytes for the same input."""
        raise NotImplementedError

    def recipe(self, colors: BrandColors) -> list[Any]:
        """Everything that the pixels depend on besides the picture, as JSON takes it."""
        said: list[Any] = [self.RECIPE, self.model_dump(mode="json")]
        if named := {one.name: colors.palette[one.name].model_dump(mode="json") for one in self.references()}:
            said.append(named)
        if used := {one.name: hashlib.sha256(colors.files[one.name]).hexdigest() for one in self.files()}:
            said.append(used)
        if learned := self.learned():
            said.append(list(learned))
        if self.USES_PROFILE:
            said.append(hashlib.sha256(colors.profile).hexdigest())
        return said


class StepsFile(Authored):
    """A file of steps, for pictures that belong to no job."""

    steps: tuple[Any, ...] = Field(description="What is done to a picture, in this order.")
    recipes: dict[str, tuple[Any, ...]] = Field(
        default={}, description="Lists of steps by name, which `steps` may name instead of repeating them."
    )
