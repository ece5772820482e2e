"""Facts of the models the rehearsal answers to: written apart from the provider's table, so that each checks the other.

Prices are US dollars a million tokens, kept as whole nano-dollars a token ($1 per 1M tokens = 1 000 nano-dollars), so
that bills add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

STANDARD_SIZES = ("1024x1024", "1536x1024", "1024x1536")


class Model(Struct, frozen=True):
    """One model. `density` is f of the token formula by quality; `fixed_tokens` a published table instead of it."""

    name: str
    qualities: tuple[str, ...]
    text_in: int = 5_000
    image_in: int = 8_000
    image_out: int = 30_000
    any_size: bool = True
    density: Mapping[str, int] | None = None
    fixed_tokens: Mapping[str, tuple[int, int, int]] | None = None
    input_fidelity: tuple[str, ...] = ()
    markup: bool = False
    batch: bool = True
    live: bool = True
    shutdown: str | None = None
    formats: tuple[str, ...] = ("png", "jpeg", "webp")

    def output_tokens(self, quality: str, width: int, height: int) -> int:
        """Tokens of one finished picture of `width` by `height` pixels.

        The formula reproduces the prices published for gpt-image-2 and 2.5: with f by quality and L, S the longer
        and shorter edge, s = round(f·S/L) and tokens = ceil(f·s·(2 000 000 + W·H) / 4 000 000).
        """
        if self.fixed_tokens is not None:
            square, tall, wide = self.fixed_tokens[quality]
            return square if width == height else tall if height > width else wide
        assert self.density is not None
        f = self.density[quality]
        longer, shorter = max(width, height), min(width, height)
        s = (2 * f * shorter + longer) // (2 * longer)
        return -(-f * s * (2_000_000 + width * height) // 4_000_000)


def input_image_tokens(width: int, height: int) -> int:
    """Tokens of one reference: 32-pixel patches of the picture, scaled down to 1 536 of them at most (an estimate)."""
    patches = -(-width // 32) * -(-height // 32)
    return max(1, min(1536, patches))


# square, portrait, landscape, as published for the first generation
_FIRST = {"low": (272, 408, 400), "medium": (1056, 1584, 1568), "high": (4160, 6240, 6208)}
_THREE = ("low", "medium", "high")
_FIVE = (*_THREE, "xhigh", "max")
_SECOND = {"low": 16, "medium": 48, "high": 96}
_HALF_STEP = {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96}
# 2.6 spends 3 to 4 times 2.5's tokens at low and medium; tokens grow with f², and 1.87² is 3.5.
_LATEST = {**_HALF_STEP, "low": 30, "medium": 45}

_first = Model("gpt-image-1", _THREE, any_size=False, fixed_tokens=_FIRST, image_in=10_000, image_out=40_000)
_second = Model("gpt-image-2", _THREE, density=_SECOND)
_half_step = Model("gpt-image-2.5-flare", _FIVE, density=_HALF_STEP, markup=True)
_latest = Model("gpt-image-2.6-flare", _FIVE, density=_LATEST, markup=True)

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        replace(_first, input_fidelity=("high", "low"), live=False, shutdown="2026-10-23"),
        replace(
            _first,
            name="gpt-image-1-mini",
            text_in=2_000,
            image_in=2_500,
            image_out=8_000,
            fixed_tokens={"low": (625, 750, 750), "medium": (1375, 1875, 1875), "high": (4500, 6500, 6500)},
            input_fidelity=("low",),
            shutdown="2026-12-01",
        ),
        replace(
            _first,
            name="gpt-image-1.5",
            image_in=8_000,
            image_out=32_000,
            input_fidelity=("high", "low"),
            shutdown="2026-12-01",
        ),
        replace(
            _first,
            name="chatgpt-image-latest",
            image_in=8_000,
            image_out=32_000,
            input_fidelity=("high", "low"),
            shutdown="2026-12-01",
        ),
        _second,
        replace(_second, name="gpt-image-2-2026-04-21"),
        _half_step,
        replace(_half_step, name="gpt-image-2.5-flare-2026-09-08"),
        replace(_half_step, name="gpt-image-2.5-sunburst"),
        replace(_half_step, name="gpt-image-2.5-sunburst-2026-09-08"),
        _latest,
        replace(_latest, name="gpt-image-2.6-sunburst"),
    )
}


def offered(also: tuple[str, ...], formats: tuple[str, ...] = ()) -> dict[str, Model]:
    """The models a server answers to: the live ones, and the names in `also`; each in these `formats` too.

    A retired name keeps its own facts; a name nobody knows behaves like gpt-image-2.
    """
    live = {name: model for name, model in MODELS.items() if model.live}
    found = live | {name: replace(MODELS.get(name, _second), name=name, live=True) for name in also}
    return {name: replace(model, formats=(*model.formats, *formats)) for name, model in found.items()}
