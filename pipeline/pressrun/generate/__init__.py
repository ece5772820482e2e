"""generate: a request becomes a picture in the store: the provider's bytes, once they are known to be one."""

from __future__ import annotations

from msgspec import Struct

from pressrun.generate.keep import keep
from pressrun.model.executor import Bench
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.provider import ProviderOptions
from pressrun.model.store import Store


class PictureJob(Struct, frozen=True):
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
