"""Everything a check may look at: the settled sheet, pixels, and the written bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PIL import Image

from pressrun.model.color import Ink
from pressrun.model.composition import Faces
from pressrun.model.finding import Finding, Severity
from pressrun.model.layout import Layout
from pressrun.model.sheet import Choice, Sheet, TextFact


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One finished file: its format's name, media type, bytes, and its size in pixels (0 x 0 for vectors)."""

    format: str
    media_type: str
    data: bytes
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PictureFact:
    """What is known of a placed picture: its IPTC source type, and how far its pixels differ (0: one flat colour)."""

    source_type: str
    spread: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """``page`` and ``textless`` are the bleed box as sRGB, with and without its text, at the same size;
    ``look`` answers the colour (#RRGGBB) that an ink has there, ``facts`` are what became of each text."""

    layout: Layout
    sheet: Sheet
    choices: tuple[Choice, ...]
    page: Image.Image
    textless: Image.Image
    pictures: dict[str, PictureFact]
    files: tuple[WrittenFile, ...]
    faces: Faces
    look: Callable[[Ink], str]
    facts: tuple[TextFact, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", self.sheet.texts)  # which makes them each time it is asked

    def finding(
        self, severity: Severity, code: str, message: str, layer: str | None = None, hint: str | None = None
    ) -> Finding:
        return Finding(severity, code, message, hint=hint, layout=self.sheet.layout, layer=layer)


Check = Callable[[Inspection], Iterable[Finding]]
