"""What a picture will cost, and what it did cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pressrun.providers.openai.model_facts import ModelFacts, Price

MILLION = Decimal(1_000_000)
BYTES_A_TOKEN = 3  # fewer than English takes (about 4), so that a quote is rather too high than too low


def output_tokens(model: ModelFacts, quality: str, width: int, height: int) -> int | None:
    """Tokens of one finished picture, at most; None where the model or the quality is in no table. The quality ``auto``
    may turn out to be any.

    The formula reproduces the prices published for gpt-image-2 and 2.5: with f by quality, L and S the longer and the
    shorter edge, s = round(f·S / L) and tokens = ceil(f·s·(2 000 000 + W·H) / 4 000 000).
    """
    output = model.output
    if output is None:
        return None
    if quality == "auto":
        every = [output_tokens(model, one, width, height) for one in model.qualities]
        return max((tokens for tokens in every if tokens is not None), default=None)
    if output.density is not None and quality in output.density:
        f = output.density[quality]
        longer, shorter = max(width, height), min(width, height)
        s = (2 * f * shorter + longer) // (2 * longer)
        return -(-f * s * (2_000_000 + width * height) // 4_000_000) * output.times.get(quality, 1)
    if output.table is not None and quality in output.table:
        square, tall, wide = output.table[quality]
        return square if width == height else tall if height > width else wide
    return None


def text_tokens(prompt: str) -> int:
    """Tokens of a prompt, rather too many than too few."""
    return -(-len(prompt.encode()) // BYTES_A_TOKEN)


def price_of(price: Price, text_in: int, image_in: int, image_out: int) -> Decimal:
    """Dollars, exactly."""
    return (text_in * price.text_in + image_in * price.image_in + image_out * price.image_out) / MILLION


def cost_of(price: Price, usage: Mapping[str, Any] | None) -> Decimal | None:
    """What a call cost by the usage it came with; None where that cannot be told.

    Input that is not told apart into text and image counts at the dearer price.
    """
    if not usage:
        return None
    try:
        total, out = int(usage["input_tokens"]), int(usage["output_tokens"])
        details = usage.get("input_tokens_details")
        told = details if isinstance(details, Mapping) else {}
        text, image = int(told.get("text_tokens") or 0), int(told.get("image_tokens") or 0)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if min(total, out, text, image) < 0:
        return None
    rest = max(0, total - text - image)
    return price_of(price, text, image, out) + rest * max(price.text_in, price.image_in) / MILLION
