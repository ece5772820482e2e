"""generate: a request becomes a picture in the store: the provider's bytes, once they are known to be one."""

from __future__ import annotations

from dataclasses import dataclass

from pressrun.graphics.photographs import verified
from pressrun.model.executor import Bench
from pressrun.model.picture import Picture, PictureMade, PictureRequest
from pressrun.model.provenance import Provenance
from pressrun.model.provider import ProviderOptions
from pressrun.model.store import Store


def keep(
    key: str, provider: ProviderOptions, request: PictureRequest, picture: Picture, store: Store, durable: bool,
    previews: tuple[str, ...] = (),
) -> PictureMade:  # fmt: skip
    """Put a provider's picture into the store; ``durable`` flushes it to disk (for what was paid). Raises
    PictureFailed."""
    provenance = Provenance(
        verified(picture.data), picture.source_type, provider.type, request.model, request.take, picture.cost_usd,
        request.quality, previews, picture.response_id, said=picture.said,
    )  # fmt: skip
    return PictureMade(key, store.put(picture.data, durable), len(picture.data), provenance)


@dataclass(frozen=True, slots=True)
class PictureJob:
    """A picture to be made by a provider that works in a worker."""

    key: str
    provider: ProviderOptions
    request: PictureRequest


def make_picture(bench: Bench, job: PictureJob) -> PictureMade:
    """A worker's task: see :func:`generate`."""
    return generate(job.key, job.provider, job.request, bench.store)


def generate(key: str, provider: ProviderOptions, request: PictureRequest, store: Store) -> PictureMade:
    """Ask a provider that costs nothing, and keep what it answers."""
    return keep(key, provider, request, provider.generate(request, store.read), store, durable=False)
