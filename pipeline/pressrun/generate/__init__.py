"""generate: a request becomes a picture in the store: the provider's bytes, once they are known to be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pressrun.graphics.photographs import verified
from pressrun.model.executor import Bench
from pressrun.model.journal import Journal
from pressrun.model.picture import Picture, PictureMade, PictureRequest
from pressrun.model.provider import ProviderOptions
from pressrun.model.store import Store


def stored(journal: Journal, store: Store, keys: Iterable[str]) -> dict[str, PictureMade]:
    """Which of the keys exist, with their bytes sound. Asking changes nothing."""
    results = journal.lookup(keys)
    sound = store.present(result.digest for result in results.values())
    return {
        key: PictureMade(key, result.digest, result.size, result.facts)
        for key, result in results.items()
        if result.digest in sound
    }


def make_room(journal: Journal, store: Store, keys: Iterable[str]) -> None:
    """Before these are made again: forget results whose bytes are lost, since what may be paid is never replaced."""
    results = journal.lookup(keys)
    sound = store.present(result.digest for result in results.values())
    for key, result in results.items():
        if result.digest not in sound:
            journal.forget(key, result.digest)


def keep(
    key: str, provider: ProviderOptions, request: PictureRequest, picture: Picture, store: Store, durable: bool
) -> PictureMade:
    """Put a provider's picture into the store; ``durable`` flushes it to disk (for what was paid)."""
    media_type, size = verified(picture.data)
    digest = store.put(picture.data, durable)
    facts: Mapping[str, Any] = {
        "media_type": media_type,
        "width": size[0],
        "height": size[1],
        "source_type": picture.source_type,
        "provider": provider.type,
        "model": request.model,
        "quality": request.quality,
        "take": request.take,
        "cost_usd": picture.cost_usd,
        "facts": dict(picture.facts),
    }
    return PictureMade(key, digest, len(picture.data), dict(facts))


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
