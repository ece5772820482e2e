"""generate: a request becomes a picture in the store: the provider's bytes, once they are known to be one."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from pressrun.model.errors import PictureFailed
from pressrun.model.journal import Journal
from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.provider import ProviderOptions
from pressrun.model.store import Store

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class PictureMade:
    """A master in the store. ``facts`` is what the journal and the manifest say of it."""

    key: str
    digest: str
    bytes: int
    facts: dict[str, Any]


def stored(journal: Journal, store: Store, keys: Sequence[str]) -> dict[str, PictureMade]:
    """Which of the keys exist, with their bytes sound; a result whose bytes are lost is forgotten."""
    found = {}
    results = journal.lookup(keys)
    sound = store.present(result.digest for result in results.values())
    for key, result in results.items():
        if result.digest in sound:
            found[key] = PictureMade(key, result.digest, result.size, result.facts)
        else:
            journal.forget(key, result.digest)
    return found


def verified(data: bytes) -> tuple[str, tuple[int, int]]:
    """Media type and size of a picture, told from its bytes and decoded to the end. Raises PictureFailed."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            kind = picture.format or ""
            picture.load()
            size = picture.size
    except UnidentifiedImageError as error:  # its text names an address in memory
        raise PictureFailed("what came back is no picture") from error
    except Exception as error:  # Pillow's decoders raise many kinds
        raise PictureFailed(f"the picture that came back cannot be decoded: {error}") from error
    if kind not in FORMATS:
        raise PictureFailed(f"the picture that came back is {kind or 'of no known kind'}, not PNG, JPEG or WebP")
    return FORMATS[kind], size


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


def generate(key: str, provider: ProviderOptions, request: PictureRequest, store: Store) -> PictureMade:
    """Ask a provider that costs nothing, and keep what it answers."""
    return keep(key, provider, request, provider.generate(request, store.read), store, durable=False)
