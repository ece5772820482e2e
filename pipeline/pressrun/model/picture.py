"""What is asked of a provider, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from pressrun.model.errors import PressrunError
from pressrun.model.file_metadata import Credit, credits_together
from pressrun.model.finding import Finding
from pressrun.model.geometry import IDENTITY, Matrix
from pressrun.model.journal.results import PICTURE, RETOUCHED, Result
from pressrun.model.learned import Detector, detector_named
from pressrun.model.provenance import Pixels, Provenance, SourceType

if TYPE_CHECKING:
    from pressrun.model.step import Box

Background = Literal["opaque", "transparent", "auto"]


class Reference(Struct, frozen=True, eq=False):
    """A picture sent along with the prompt: by content, so that renaming a file changes no key.

    ``name`` is what it is called when it is sent, ``path`` where it was read, for taking it into the store, ``credit``
    whose it says that it is, ``notes`` what of the file is left out: none of them is part of what is asked for.
    """

    digest: str
    name: str
    media_type: str
    path: str = ""
    credit: Credit = ()
    notes: tuple[Finding, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and (self.digest, self.media_type) == (other.digest, other.media_type)

    def __ne__(self, other: object) -> bool:  # that of a struct without its own `eq` asks whether it is the same object
        return not self == other

    def __hash__(self) -> int:
        return hash((self.digest, self.media_type))


class Brief(Struct, frozen=True):
    """The prompt's facts as data: what a provider that cannot read prose (``fpo``) draws from.

    Colours are ``#RRGGBB``; ``space`` says in words which part stays calm for copy; ``stage`` is the point, as
    fractions of width and height, on which the product will stand.
    """

    brand: str
    palette: tuple[tuple[str, str], ...]
    motifs: tuple[str, ...]
    theme: str
    theme_terms: tuple[str, ...]
    theme_palette: tuple[str, ...]
    lighting: str
    composition: str
    space: str
    stage: tuple[float, float]


class PictureRequest(Struct, frozen=True):
    """One picture, fully resolved. ``size`` is width and height in pixels; ``take`` counts from 1.

    ``lettering`` are the texts that the picture shall show, letter by letter as the prompt has them: for checking them
    later. They are no part of the key, since the prompt is. ``feather``: over how many pixels an edit fades out inside
    its mask, once it is there; no part of what is asked for. ``edit_of`` is the key of the picture of which it is an
    edit, where the job has it so, and ``change`` says what changes: both are known by its references and its prompt.
    """

    prompt: str
    size: tuple[int, int]
    brief: Brief
    take: int = 1
    background: Background = "opaque"
    references: tuple[Reference, ...] = ()
    mask: Reference | None = None
    quality: str = "auto"
    model: str = ""
    options: tuple[tuple[str, str], ...] = ()
    lettering: tuple[str, ...] = ()
    feather: float | None = None
    edit_of: str = ""
    change: str = ""

    @property
    def credit(self) -> Credit:
        """Whose the pictures are that go along with it: what is made from them carries that on."""
        return credits_together(one.credit for one in self.references)

    @property
    def notes(self) -> list[Finding]:
        """What is left out of the pictures that go along with it."""
        sent = (*self.references, self.mask) if self.mask else self.references
        return [note for one in sent for note in one.notes]


class Picture(Struct, frozen=True):
    """A provider's answer: the original bytes as they came, and what is known of them. ``original`` is the file that
    came where those are its pixels only: a drawing, or pictures that move.

    ``cost_usd`` is ``None`` where the price is not known, never zero by guess. ``response_id`` is what its maker calls
    the answer, for whoever goes on from it; ``said`` is whatever else it told, by name.
    """

    data: bytes
    source_type: SourceType | str
    cost_usd: float | None = 0.0
    response_id: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    original: bytes | None = None


class PictureMade(Struct, frozen=True):
    """A master in the store: the key of what was asked for, its bytes by digest and number, and where it came from."""

    key: str
    digest: str
    bytes: int
    provenance: Provenance

    @property
    def pixels(self) -> Pixels:
        return self.provenance.pixels

    @classmethod
    def of(cls, result: Result) -> PictureMade:
        """As it was recorded."""
        return cls(result.key, result.digest, result.size, result.read(Provenance.from_json))

    def result(self, kind: str = PICTURE) -> Result:
        """For the record."""
        return Result.of(self.key, kind, self.digest, self.bytes, self.provenance.to_json())


class PictureRetouched(Struct, frozen=True):
    """What steps made of a picture, in the store; where its points are seen now (see :class:`Framing`), what was
    found and by which steps (numbers from 0), and the box of its subject and what found it, where one was detected."""

    key: str
    digest: str
    bytes: int
    pixels: Pixels
    moved: Matrix = IDENTITY
    findings: tuple[Finding, ...] = ()
    subject: Box | None = None
    found_by: tuple[int, ...] = ()
    detector: Detector | None = None

    @classmethod
    def of(cls, result: Result) -> PictureRetouched:
        """As it was recorded."""
        return result.read(
            lambda said: cls(
                result.key,
                result.digest,
                result.size,
                Pixels.from_json(said),
                _matrix(said.get("moved", IDENTITY)),
                tuple(Finding.from_dict(one) for one in said.get("findings", ())),
                _box(said.get("subject")),
                tuple(map(int, said.get("found_by", ()))),
                detector_named(said["detector"]) if "detector" in said else None,
            )
        )

    def result(self) -> Result:
        """For the record."""
        said = self.pixels.to_json()
        if self.moved != IDENTITY:
            said["moved"] = list(self.moved)
        if self.findings:
            said["findings"] = [one.to_dict() for one in self.findings]
            said["found_by"] = list(self.found_by)
        if self.subject:
            said["subject"] = list(self.subject)
        if self.detector:
            said["detector"] = self.detector
        return Result.of(self.key, RETOUCHED, self.digest, self.bytes, said)


def _box(stored: Sequence[float] | None) -> Box | None:
    if stored is None:
        return None
    left, top, right, bottom = map(float, stored)
    return left, top, right, bottom


def _matrix(stored: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = map(float, stored)
    return a, b, c, d, e, f


class PictureHad(Struct, frozen=True):
    """A picture ready to be placed: ``made`` as the provider gave it, ``finals`` after the steps of each slot that
    shows it, by its name."""

    made: PictureMade
    finals: Mapping[str, PictureMade | PictureRetouched]
    reused: bool

    def moved_in(self, slot: str) -> Matrix:
        """Where its points are seen after the steps of a slot."""
        final = self.finals[slot]
        return final.moved if isinstance(final, PictureRetouched) else IDENTITY


class PicturesHad(Struct, frozen=True):
    """Pictures by key, and the findings of those that could not be made, by key too.

    ``spent_usd`` is what this run was charged, batches of earlier runs that it collected included; ``stopped`` is the
    budget, where it left pictures out.
    """

    pictures: dict[str, PictureHad]
    failed: dict[str, Finding]
    notes: tuple[Finding, ...] = ()
    spent_usd: Decimal = Decimal(0)
    stopped: PressrunError | None = None
