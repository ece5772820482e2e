"""Masks: what may be changed of a picture, and putting back what may not."""

from __future__ import annotations

import io

from msgspec import Struct
from PIL import Image, ImageChops, ImageCms, ImageFilter

from pressrun.graphics.color.inks import of_8_bits

FEATHER = 6.0  # pixels over which an edit fades out, inside the part that may change
SOFTEST = 0.5  # below that, a hole too narrow to fade out in keeps its hard edge


class MaskFault(Struct, frozen=True):
    """What is wrong with a mask, as a finding says it."""

    code: str
    message: str
    hint: str


def mask_fault(mask: bytes, size: tuple[int, int]) -> MaskFault | None:
    """What keeps a mask from lying on a picture of this size; None if nothing does.

    A mask is a PNG with transparency: what is transparent may change.
    """
    try:
        with Image.open(io.BytesIO(mask)) as picture:
            kind, own, transparent = picture.format, picture.size, picture.has_transparency_data
            alpha = picture.convert("RGBA").getchannel("A") if transparent and own == size else None
    except Exception as error:  # Pillow's decoders raise many kinds
        return MaskFault("mask-kind", f"the mask cannot be read: {error}", "save it as a PNG with transparency")
    if kind != "PNG":
        return MaskFault("mask-kind", f"the mask is {kind}, no PNG", "save it as a PNG with transparency")
    if own != size:
        message = f"the mask has {own[0]}x{own[1]} pixels, the picture below it {size[0]}x{size[1]}"
        return MaskFault("mask-size", message, "make both the same size")
    if alpha is None:
        return MaskFault("mask-kind", "the mask has no alpha channel", "make transparent what is to be changed")
    if alpha.getextrema()[0] == 255:
        return MaskFault("mask-closed", "the mask is opaque all over", "make transparent what is to be changed")
    return None


def kept_outside(original: bytes, edited: bytes, mask: bytes, feather: float = FEATHER) -> bytes:
    """The edited picture with the original's own pixels wherever the mask is opaque, as a PNG of the original's size.

    The edit fades out over about ``feather`` pixels inside the hole, so that no pixel outside it changes by a single
    level. Whatever was drawn elsewhere is thrown away: models draw the whole picture anew, whatever the mask says.
    """
    with Image.open(io.BytesIO(original)) as one, Image.open(io.BytesIO(edited)) as two:
        profile = one.info.get("icc_profile")
        mode = "RGBA" if one.has_transparency_data or two.has_transparency_data else "RGB"
        edit = of_8_bits(two).convert(mode)
        below, above = of_8_bits(one).convert(mode), _in_colors_of(edit, two.info.get("icc_profile"), profile)
    if above.size != below.size:
        above = above.resize(below.size, Image.Resampling.LANCZOS)
    with Image.open(io.BytesIO(mask)) as cover:
        hole = ImageChops.invert(cover.convert("RGBA").getchannel("A"))
    out = io.BytesIO()
    Image.composite(above, below, _faded(hole, feather)).save(
        out, "PNG", **({"icc_profile": profile} if profile else {})
    )
    return out.getvalue()


def _in_colors_of(picture: Image.Image, own: bytes | None, wanted: bytes | None) -> Image.Image:
    """The same colours as numbers of another profile; no profile is sRGB."""
    if wanted is None or wanted == own:
        return picture
    try:
        there = ImageCms.ImageCmsProfile(io.BytesIO(wanted))
        here = ImageCms.ImageCmsProfile(io.BytesIO(own)) if own else ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture.convert("RGB"), here, there, outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):  # of grey, or broken
        return picture
    if turned is None:
        return picture
    if picture.mode == "RGBA":
        turned.putalpha(picture.getchannel("A"))
    return turned


def _faded(hole: Image.Image, feather: float) -> Image.Image:
    """How much of the edit shows, 0 to 255: all of it deep inside the hole, nothing from its edge outwards.

    A blurred straight edge is at half where the edge was: the upper half of the blur, stretched, ends exactly there.
    """
    while feather >= SOFTEST:
        blurred = hole.filter(ImageFilter.GaussianBlur(feather / 2))
        inside = ImageChops.darker(blurred.point([max(0, 2 * level - 255) for level in range(256)]), hole)
        if float(str(inside.getextrema()[1])) >= 250:
            return inside
        feather /= 2
    return hole
