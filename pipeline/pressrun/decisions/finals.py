"""Draft and final: what is asked for when an approved draft is made again, well."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.model.picture import PictureMade, PictureRequest, Reference
from pressrun.model.provider import ProviderOptions

FINAL_QUALITY = "high"
QUALITIES = ("low", None, "medium", "high", "xhigh", "max")
"""In which a draft is looked for, the cheapest first; None stands for the one the job writes."""

FINISH = (
    "Finish this draft (the first reference picture): keep its composition, viewpoint, subject, colours and light, and "
    "work out materials, textures and detail."
)


def draft_qualities(target: str) -> tuple[str | None, ...]:
    """Every quality a draft may have, that of the final last: what is there in it already needs no final."""
    return (*(quality for quality in QUALITIES if quality != target), target)


def final_request(
    request: PictureRequest, draft: PictureMade, target: str, from_draft: bool, planned: bool, done: bool,
    provider: ProviderOptions,
) -> PictureRequest | None:  # fmt: skip
    """The request for the final of a draft; None where the draft stays as it is.

    ``planned``: the draft is the trunk's, so that its request says all of it; a fork can only be made from what it
    shows. ``done``: it has the quality of a final.
    """
    reads_references = provider.READS_REFERENCES
    if done or not provider.READS_PROMPT or (not planned and not reads_references):
        return None
    if not (from_draft or not planned) or not reads_references or (planned and request.mask):
        # With a mask, what is kept is the picture below it.
        # A provider that draws from the words alone keeps the composition by itself.
        return replace(request, quality=target)
    shown = reference_to(draft)
    references = tuple(one for one in request.references if one.digest != shown.digest)
    prompt = f"{FINISH}\n\n{request.prompt}"
    return replace(request, prompt=prompt, quality=target, references=(shown, *references), mask=None)


def reference_to(picture: PictureMade) -> Reference:
    """A picture of the store as what is sent along."""
    media_type = picture.pixels.media_type
    ending = media_type.rpartition("/")[2]
    return Reference(
        picture.digest, f"{picture.digest[:12]}.{ending}", media_type, credit=picture.provenance.credit
    )
