"""Tone: a gentle, fixed grading so that pictures of one campaign sit together."""

from __future__ import annotations

import io
from typing import ClassVar, Literal

from PIL import Image, ImageEnhance
from pydantic import Field

from pressrun.graphics.inks import as_srgb
from pressrun.model.step import BrandColors, StepOptions


class ToneStep(StepOptions):
    """Factors around 1: below is less, above is more."""

    RECIPE: ClassVar[int] = 2

    type: Literal["tone"] = Field(description="A gentle grading.")
    brightness: float = Field(default=1.0, gt=0, le=3, description="1 leaves it as it is, 1.1 is a little lighter.")
    contrast: float = Field(default=1.04, gt=0, le=3, description="1 leaves it as it is, 1.1 is a little harder.")
    saturation: float = Field(
        default=1.03,
        ge=0,
        le=3,
        description="1 leaves it as it is, 0 is grey, 1.1 a little more colourful.",
    )

    def apply(self, picture: bytes, colors: BrandColors) -> bytes:
        """Retouch an encoded picture; answers a PNG. The original's bytes are never changed, only followed."""
        with Image.open(io.BytesIO(picture)) as image:
            toned = as_srgb(image)
        alpha = toned.getchannel("A") if toned.mode == "RGBA" else None
        toned = toned.convert("RGB")
        for enhance, factor in (
            (ImageEnhance.Brightness, self.brightness),
            (ImageEnhance.Contrast, self.contrast),
            (ImageEnhance.Color, self.saturation),
        ):
            if factor != 1.0:
                toned = enhance(toned).enhance(factor)
        if alpha is not None:
            toned.putalpha(alpha)
        out = io.BytesIO()
        toned.save(out, "PNG", compress_level=1)
        return out.getvalue()
