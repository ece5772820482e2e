"""How well pictures keep to their brand: what people ask for, and what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict
from pydantic import Field

from pressrun.model.authored import Authored
from pressrun.model.geometry import FractionField


class Conformance(Authored):
    """What every picture is measured for, where it is written at all; what is left out is measured and not judged."""

    palette: FractionField | None = Field(
        default=None, description="The least share of a picture that has to look like a palette colour: 40%."
    )
    palette_distance: float = Field(
        default=12.0, gt=0, le=100, description="How far from a palette colour (CIEDE2000) still counts as like it."
    )
    dominant: float | None = Field(
        default=None, gt=0, le=100,
        description="How far (CIEDE2000) a picture's main colours may be from the palette, each by its share.",
    )  # fmt: skip
    calm: FractionField | None = Field(
        default=None,
        description="The most of the room for copy that may be uneasy: 10%. It is measured where the words of each "
        "layout stand; where none do, in the master's `space`.",
    )
    duplicate: int | None = Field(
        default=None, ge=0, le=32,
        description="Takes that differ in so few of 64 places of their outline are one picture twice; 6 is usual.",
    )  # fmt: skip
    sharpness: float | None = Field(
        default=4.0, ge=0, description="The least sharpness of a picture's sharpest part; below, it is blurred."
    )
    banding: FractionField | None = Field(
        default=0.02, description="The most of a picture that may be steps in what should be smooth."
    )
    compression: float | None = Field(
        default=1.5, ge=1, description="How much more the edges of 8-pixel blocks may stand out than all else."
    )
    repetition: FractionField | None = Field(
        default=0.09, description="How much a picture may repeat itself at a distance, as tiled watermarks do."
    )
    outlier: float | None = Field(
        default=None, gt=0,
        description="How many times the usual distance a picture may be from its set, in colour and light; 4 is usual.",
    )  # fmt: skip
    product: float | None = Field(
        default=None, ge=0, le=100,
        description="How far (CIEDE2000, in the mean) an edit may move pixels that its mask keeps, before they are put "
        "back.",
    )  # fmt: skip

    lettering: bool = Field(
        default=False,
        description="Whether lettering is looked for: what a prompt asks for has to be there letter by letter, and "
        "nothing else. It takes the weights of `rapidocr`.",
    )


RetryWord = Literal[
    "lettering", "palette", "busy-copy-space", "blank", "blurred", "banded", "over-compressed", "watermarked"
]
RETRY_CODES: Mapping[str, frozenset[str]] = {
    "lettering": frozenset(("missing-lettering", "unwanted-lettering")), "palette": frozenset(("off-palette",)),
    "busy-copy-space": frozenset(("busy-copy-space",)), "blank": frozenset(("blank-picture",)),
    "blurred": frozenset(("blurred-picture",)), "banded": frozenset(("banded-picture",)),
    "over-compressed": frozenset(("over-compressed",)), "watermarked": frozenset(("watermarked-picture",)),
}  # fmt: skip


PICTURE_CHECKS: Mapping[str, frozenset[str]] = {
    **RETRY_CODES, "product": frozenset(("product-changed",)), "near-duplicate": frozenset(("near-duplicate",)),
    "set-outlier": frozenset(("set-outlier",)),
}  # fmt: skip
"""What pictures are measured for, by the names under which `checks` set its level: codes of findings."""


RETRY_ASKS: Mapping[str, tuple[str, ...]] = {
    "lettering": ("lettering",), "palette": ("palette", "dominant"), "busy-copy-space": ("calm",),
    "blurred": ("sharpness",), "banded": ("banding",), "over-compressed": ("compression",),
    "watermarked": ("repetition",),
}  # fmt: skip


def merged(brands: Conformance | None, jobs: Conformance | None) -> Conformance | None:
    """What a brand asks, with what a job says in place of it."""
    if brands is None or jobs is None:
        return jobs or brands
    return brands.model_copy(update={name: getattr(jobs, name) for name in jobs.model_fields_set})


class Retry(Authored):
    """Another take in place of a picture that is not as the brand asks under `conformance`."""

    on: tuple[RetryWord, ...] = Field(min_length=1, description="For which faults another take is made.")
    takes: int = Field(
        default=1, ge=1, le=10,
        description="How many more are made at most, one after the other; the best of all is shown.",
    )  # fmt: skip


class PictureMeasures(Struct, frozen=True):
    """Of one picture: ``palette`` the share that looks like the palette, ``dominant`` its main colours (#RRGGBB) with
    their shares, which are ``distance`` from it (CIEDE2000); ``busy`` the uneasy share of its room for copy (None: it
    has none), which ``crowded`` tells by layout, where words stand on it. ``spread`` (of 8-bit values), ``sharpness``,
    ``banding``, ``compression`` and ``repetition`` are of its quality; ``outline`` are 64 bits in hexadecimal; ``look``
    is its mean lightness, its contrast, its colour (a, b) and chroma in Lab; ``drift`` how far an edit moved what it
    had to keep (CIEDE2000; None: it was no edit)."""

    palette: float
    distance: float
    dominant: tuple[tuple[str, float], ...]
    busy: float | None
    spread: float
    sharpness: float
    banding: float
    compression: float
    repetition: float
    outline: str
    look: tuple[float, ...]
    drift: float | None = None
    crowded: tuple[tuple[str, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> PictureMeasures:
        """As they are stored. Raises LookupError or TypeError where they are not."""
        values = {name: said[name] for name in cls.__struct_fields__}
        dominant = tuple((str(color), float(share)) for color, share in values["dominant"])
        crowded = tuple((str(layout), float(share)) for layout, share in values["crowded"])
        return cls(**{**values, "dominant": dominant, "look": tuple(values["look"]), "crowded": crowded})


def bits_apart(first: PictureMeasures, second: PictureMeasures) -> int:
    """In how many of 64 places two outlines differ."""
    return (int(first.outline, 16) ^ int(second.outline, 16)).bit_count()
