"""What a provider made, once it is known to be a picture, in the store."""

from __future__ import annotations

from pressrun.graphics.photos.photographs import verified
from pressrun.model.picture import Picture, PictureMade, PictureRequest
from pressrun.model.provenance import Provenance
from pressrun.model.provider import ProviderOptions
from pressrun.model.store import Store


def keep(
    key: str, provider: ProviderOptions, request: PictureRequest, picture: Picture, store: Store, durable: bool,
    previews: tuple[str, ...] = (),
) -> PictureMade:  # fmt: skip
    """Put a provider's picture into the store; ``durable`` flushes it to disk (for what was paid). Raises
    PictureFailed. What it was made from is its maker's still: their credits go with it."""
    told = dict(picture.said)
    made_from = request.credit if provider.READS_REFERENCES and provider.READS_PROMPT else ()
    carried = [one for one in made_from if one[0] not in told]
    pixels = verified(picture.data, *([told["file"]] if "file" in told else []))
    provenance = Provenance(
        pixels, picture.source_type, provider.type, request.model, request.take, picture.cost_usd,
        request.quality, previews, picture.response_id, said=(*picture.said, *carried),
    )  # fmt: skip
    return PictureMade(key, store.put(picture.data, durable), len(picture.data), provenance)
