"""What a picture is: its pixels, and where they came from. The journal keeps both as JSON, in the form written here."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from pressrun.model.file_metadata import CREDIT_NAMES, Credit


class SourceType(StrEnum):
    """How a picture came to be, in the IPTC's words: the last part of its digital source type's address."""

    DIGITAL_CAPTURE = "digitalCapture"
    COMPUTATIONAL_CAPTURE = "computationalCapture"
    NEGATIVE_FILM = "negativeFilm"
    POSITIVE_FILM = "positiveFilm"
    PRINT = "print"
    MINOR_HUMAN_EDITS = "minorHumanEdits"
    HUMAN_EDITS = "humanEdits"
    COMPOSITE = "composite"
    COMPOSITE_CAPTURE = "compositeCapture"
    COMPOSITE_WITH_TRAINED = "compositeWithTrainedAlgorithmicMedia"
    ALGORITHMIC = "algorithmicMedia"
    TRAINED = "trainedAlgorithmicMedia"
    DATA_DRIVEN = "dataDrivenMedia"
    DIGITAL_ART = "digitalArt"
    DIGITAL_CREATION = "digitalCreation"
    SCREEN_CAPTURE = "screenCapture"
    VIRTUAL_RECORDING = "virtualRecording"


TRAINED = frozenset((SourceType.TRAINED, SourceType.COMPOSITE_WITH_TRAINED))
"""Where a trained model drew some of it."""

DRAWN = TRAINED | {SourceType.ALGORITHMIC}
"""Where a machine drew some of it, as it was told to."""


def source_type(word: str) -> SourceType | str:
    """A word as it was stored; one that is none of ours is kept as it is."""
    try:
        return SourceType(word)
    except ValueError:
        return word


def composite(first: str, *others: str) -> SourceType | str:
    """The source type of what people make from pictures: the first one's, unless a trained model drew any of it."""
    return source_type(first) if TRAINED.isdisjoint((first, *others)) else SourceType.COMPOSITE_WITH_TRAINED


class Pixels(Struct, frozen=True):
    """``media_type`` in the IANA's words; ``size`` is width and height in pixels."""

    media_type: str
    size: tuple[int, int]

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Pixels:
        """As they are stored. Raises LookupError, TypeError or ValueError where they are not."""
        width, height = operator.index(said["width"]), operator.index(said["height"])
        return cls(str(said["media_type"]), (width, height))

    def to_json(self) -> dict[str, Any]:
        """What is stored of them."""
        return {"media_type": self.media_type, "width": self.size[0], "height": self.size[1]}


def _amount(stored: Any) -> float | None:
    if stored is not None and not isinstance(stored, (int, float)):
        raise TypeError(stored)
    return stored


FOCUS_TOLD = "focus"  # under which a photograph's own region is kept


class Provenance(Struct, frozen=True):
    """Where a picture came from, and what it cost: ``cost_usd`` is None where nobody knows.

    ``quality`` is the one it was asked for in, None where that says nothing. ``previews`` are digests of what a call
    showed on its way; ``response_id`` is what its maker calls the answer, for whoever goes on from it; ``edited`` the
    key of the picture that this one is, but for pixels that were put back; ``said`` whatever else its maker told, by
    name.
    """

    pixels: Pixels
    source_type: SourceType | str
    provider: str
    model: str
    take: int
    cost_usd: float | None
    quality: str | None = None
    previews: tuple[str, ...] = ()
    response_id: str | None = None
    edited: str | None = None
    said: tuple[tuple[str, str], ...] = ()

    @property
    def credit(self) -> Credit:
        """Whose it is, and who agreed to it, as the file that it was taken from said."""
        told = dict(self.said)
        return tuple((name, told[name]) for name in CREDIT_NAMES if name in told)  # the journal has its own order

    @property
    def region(self) -> tuple[float, float] | None:
        """The middle of what a photograph says is to be seen, in fractions."""
        parts = dict(self.said).get(FOCUS_TOLD, "").split()
        try:
            x, y = map(float, parts)
        except ValueError:
            return None
        return x, y

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Provenance:
        """As it is stored. Raises LookupError, TypeError or ValueError where it is not."""
        said = dict(stored.get("facts") or {})
        previews, response_id = said.pop("previews", ""), said.pop("response_id", None)
        return cls(
            Pixels.from_json(stored), source_type(stored["source_type"]), stored["provider"], stored["model"],
            operator.index(stored["take"]), _amount(stored["cost_usd"]), stored.get("quality"),
            tuple(previews.split(",")) if previews else (), response_id, stored.get("edited"), tuple(said.items()),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What is stored of it."""
        told: dict[str, Any] = dict(self.said)
        if self.previews:
            told["previews"] = ",".join(self.previews)
        if self.response_id is not None:
            told["response_id"] = self.response_id
        stored = {
            **self.pixels.to_json(), "source_type": str(self.source_type), "provider": self.provider,
            "model": self.model, "take": self.take, "cost_usd": self.cost_usd, "facts": told,
        }  # fmt: skip
        given = {"quality": self.quality, "edited": self.edited}
        return stored | {name: value for name, value in given.items() if value is not None}
