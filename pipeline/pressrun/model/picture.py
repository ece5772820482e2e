"""What is asked of a provider, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Background = Literal["opaque", "transparent"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture sent along with the prompt: by content, so that renaming a file changes no key.

    ``name`` is what it is called when it is sent, ``path`` where it was read, for taking it into the store: neither is
    part of what is asked for.
    """

    digest: str
    name: str = field(compare=False)
    media_type: str
    path: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Brief:
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


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture, fully resolved. ``size`` is width and height in pixels; ``take`` counts from 1.

    ``lettering`` are the texts that the picture shall show, letter by letter as the prompt has them: for checking them
    later. They are no part of the key, since the prompt is. ``feather``: over how many pixels an edit fades out inside
    its mask, once it is there; no part of what is asked for.
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


@dataclass(frozen=True, slots=True)
class Picture:
    """A provider's answer: the original bytes as they came, and what is known of them.

    ``source_type`` is the last part of an IPTC digital source type (``trainedAlgorithmicMedia`` …);
    ``cost_usd`` is ``None`` where the price is not known, never zero by guess.
    """

    data: bytes
    media_type: str
    size: tuple[int, int]
    source_type: str
    cost_usd: float | None = 0.0
    facts: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PictureMade:
    """A master in the store. ``facts`` is what the journal and the manifest say of it."""

    key: str
    digest: str
    bytes: int
    facts: dict[str, Any]
