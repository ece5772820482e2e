"""Cutout: the subject without its ground: by the picture's own transparency, from a plain ground, or as learned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, Self

import numpy
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageFilter
from pydantic import Field, model_validator

from pressrun.graphics.learned import subjects, weights
from pressrun.graphics.learned.subjects import OwnNetwork
from pressrun.graphics.mattes import matting
from pressrun.graphics.mattes.patches import patches
from pressrun.graphics.mattes.plain_ground import Shadows, cut_out
from pressrun.graphics.photos.photo import Photo, PictureStep
from pressrun.model.errors import PictureFailed
from pressrun.model.step import BrandColors, FileUsed

MOST_UNSURE, MOST_UNEVEN = 0.2, 0.25  # shares of the outline, and of the picture's edges
MOST_SHADED = 0.004  # of the picture: more is a shadow, and no soft outline
MOST_HAZY = 0.08  # of a learned subject, that is neither in nor out
LEAST, MOST = 0.005, 0.97  # of the picture that a subject covers
MOST_INPUT = 4096  # pixels to a side at which networks look
HALF = 128
FAINT = 8  # of 255: how dark a shadow is at the least that `trim` does not cut off


class CutoutStep(PictureStep):
    """Its quality is measured: what is doubtful is told, so that somebody looks."""

    RECIPE: ClassVar[int] = 1

    type: Literal["cutout"] = Field(description="Takes the ground away behind a subject.")
    by: Literal["auto", "alpha", "ground", "learned"] = Field(
        default="auto",
        description="How the subject is found: `alpha` is the picture's own transparency, `ground` a plain ground such"
        " as studio paper, `auto` the first where the picture has it, else the second; `learned` finds it in any"
        " photograph, by weights that a package brings.",
    )
    refine: bool = Field(
        default=True,
        description="With `learned`: whether its outline is worked out to a fraction of a pixel (hair, rims, holes);"
        " `false` is quicker, and soft.",
    )
    model: str | None = Field(
        default=None,
        min_length=1,
        description="With `learned`: a network of your own in place of that of the package, as an ONNX file that takes"
        " a picture and answers a map of its subject.",
    )
    input: tuple[int, int] = Field(
        default=(320, 320),
        description="Of your own `model`: the width and height in pixels at which it looks at a picture.",
    )
    mean: tuple[float, float, float] = Field(
        default=subjects.IMAGENET_MEAN,
        description="Of your own `model`: what is taken from red, green and blue, each from 0 to 1, before it looks.",
    )
    deviation: tuple[float, float, float] = Field(
        default=subjects.IMAGENET_DEVIATION,
        description="Of your own `model`: what they are divided by after that.",
    )
    tolerance: float = Field(
        default=14.0, gt=0, le=120, description="How much a plain ground may vary, in levels of 255."
    )
    shadows: Shadows = Field(
        default="keep",
        description="Of a plain ground: what becomes of the shadow that the subject lays on it. `keep` leaves it with a"
        " piece of its ground; `see-through` makes it black that takes as much light, on any scene; `drop` takes it"
        " away with the ground, for a scene with another light. With these two a subject in the ground's own grey may"
        " lose parts of it.",
    )
    holes: float = Field(
        default=0.0005,
        ge=0,
        le=1,
        description="From which share of the picture on a hole is seen through, such as that of a cup's handle; smaller"
        " ones are filled. 0 leaves those of a transparent picture, and sees through none of a plain ground.",
    )
    islands: float = Field(
        default=0.0005, ge=0, le=1, description="Up to which share of the picture a part that stands alone is left out."
    )
    keep: Literal["all", "largest"] = Field(default="all", description="`largest` keeps one part of several.")
    feather: float = Field(default=0.0, ge=0, le=100, description="How softly the outline ends, inwards, in pixels.")
    trim: bool = Field(default=False, description="`true` cuts the picture to the subject.")

    @model_validator(mode="after")
    def _of_what_is_learned(self) -> Self:
        own = {"input", "mean", "deviation"} & self.model_fields_set
        if self.model is None and own:
            raise ValueError(f"{min(own)} is of a model of your own; name it: model: NAME.onnx")
        if self.by != "learned" and {"model", "refine"} & self.model_fields_set:
            raise ValueError("model and refine are of by: learned")
        if not all(1 <= side <= MOST_INPUT for side in self.input) or min(self.deviation) <= 0:
            raise ValueError(f"input is two sides from 1 to {MOST_INPUT}, and each deviation is more than 0")
        return self

    def files(self) -> Iterable[FileUsed]:
        if self.model is not None:
            yield FileUsed(self.model, ("model",))

    def file_fault(self, data: bytes) -> str | None:
        return None if self.lack() else self._own(data).fault()

    def _own(self, data: bytes) -> OwnNetwork:
        return OwnNetwork(data, self.input, self.mean, self.deviation)

    def learned(self) -> tuple[str, ...]:
        return (subjects.said(self.model),) if self.by == "learned" else ()

    def lack(self) -> tuple[str, str] | None:
        if self.by != "learned":
            return None
        return weights.lack_of_runtime(weights.ONNX) if self.model is not None else subjects.lack()

    def retouched(self, photo: Photo, colors: BrandColors) -> Photo:
        own, hint, shade = photo.alpha, "look at it before it is used", None
        if self.by == "alpha" and own is None:
            raise PictureFailed("the picture has no transparency of its own", "write by: ground, or ask for a cut-out")
        if self.by == "learned":
            cut, doubts = self._learned(photo, colors)
        elif own is not None and self.by != "ground":
            cut, doubts = photo, self._doubts_of(own)
        else:
            found = cut_out(photo.plain, self.tolerance, self.holes, self.shadows)
            cut = photo.with_colors(found.colors).with_alpha(found.alpha)
            doubts, shade = _doubts(found.unsure, found.uneven), found.shade
            if found.shaded > MOST_SHADED:
                doubts.append(f"a shadow stays on a piece of its ground, {100 * found.shaded:.1f} % of the picture")
                hint = "write `shadows: see-through`; or `shadows: drop`, and lay another with the step `shadow`"
        alpha = self._parts(cut.alpha or Image.new("L", photo.image.size, 255), fills=own is not None)
        if self.feather:
            alpha = _feathered(alpha, self.feather)
        cut = cut.with_alpha(alpha)
        share = float((numpy.asarray(alpha) >= HALF).sum()) / (alpha.width * alpha.height)
        if not LEAST <= share <= MOST:
            doubts = [*doubts, f"the subject covers {100 * share:.1f} % of the picture"]
        if doubts:
            message = f"the cutout is doubtful: {'; '.join(doubts)}"
            cut = cut.told("doubtful-cutout", message, hint)
        if shade:
            cut = replace(cut, image=Image.alpha_composite(_black(shade), cut.image))
            alpha = ImageChops.lighter(alpha, shade.point([255 * (level >= FAINT) for level in range(256)]))
        box = alpha.getbbox()
        if self.trim and box:
            cut = cut.reframed(cut.image.crop(box), cut.framing.cut(*box))
        return cut

    def _learned(self, photo: Photo, colors: BrandColors) -> tuple[Photo, list[str]]:
        """Where the picture is transparent already, it stays so."""
        plain = photo.plain
        own = self._own(colors.files[self.model]) if self.model is not None else None
        found = matting.matte(plain, subjects.subject_map(plain, colors.answers, own), self.refine)
        alpha = Image.fromarray(numpy.rint(255 * found.alpha).astype(numpy.uint8))
        if photo.alpha is not None:
            alpha = ImageChops.multiply(alpha, photo.alpha)
        hazy = [f"{100 * found.unsure:.0f} % of it is neither in nor out"] if found.unsure > MOST_HAZY else []
        return replace(photo, image=matting.foreground(plain, found.alpha)).with_alpha(alpha), hazy

    def _parts(self, alpha: Image.Image, fills: bool) -> Image.Image:
        """The outline without small islands, and where it is the picture's own, without small holes."""
        levels = numpy.array(alpha)
        solid = patches(levels >= HALF)
        if len(solid.areas):
            chosen = solid.areas > self.islands * levels.size
            if self.keep == "largest":
                chosen = numpy.arange(len(chosen)) == solid.areas.argmax()
            # What is soft goes with the part that it is the edge of.
            near = Image.fromarray(solid.of(chosen).astype(numpy.uint8) * 255).filter(ImageFilter.MaxFilter(7))
            levels[numpy.asarray(near) == 0] = 0
        if fills and self.holes:
            gaps = patches(levels < HALF)
            small = gaps.areas < self.holes * levels.size
            small[gaps.at_the_edge - 1] = False
            filled = Image.fromarray(gaps.of(small).astype(numpy.uint8) * 255).filter(ImageFilter.MaxFilter(5))
            levels[numpy.asarray(filled) > 0] = 255
        return Image.fromarray(levels)

    def _doubts_of(self, alpha: Image.Image) -> list[str]:
        levels = numpy.asarray(alpha)
        seen = int((levels > 0).sum())
        share = float(((levels > 25) & (levels < 230)).sum()) / max(1, seen)
        return [f"{100 * share:.0f} % of it is neither seen nor seen through"] if share > MOST_UNSURE else []


def _black(cover: Image.Image) -> Image.Image:
    black = Image.new("RGBA", cover.size)
    black.putalpha(cover)
    return black


def _doubts(unsure: float, uneven: float) -> list[str]:
    doubts = []
    if unsure > MOST_UNSURE:
        doubts.append(f"along {100 * unsure:.0f} % of its outline the subject looks like its ground")
    if uneven > MOST_UNEVEN:
        doubts.append(f"{100 * uneven:.0f} % of the picture's edges are no plain ground")
    return doubts


def _feathered(alpha: Image.Image, pixels: float) -> Image.Image:
    """An outline that ends softly, and nowhere farther out than it did."""
    soft = alpha.filter(ImageFilter.GaussianBlur(pixels / 2)).point([max(0, 2 * level - 255) for level in range(256)])
    return Image.fromarray(numpy.minimum(numpy.asarray(soft), numpy.asarray(alpha)))
