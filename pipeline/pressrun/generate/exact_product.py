"""Keeping the product exact: after a masked edit, the original's own pixels outside the mask."""

from __future__ import annotations

import hashlib
import io

from msgspec.structs import replace
from PIL import Image

from pressrun.graphics.photos.masks import FEATHER, kept_outside
from pressrun.model.errors import PictureFailed
from pressrun.model.journal import RETOUCHED, Journal
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.provenance import Pixels, Provenance, composite
from pressrun.model.sound_results import stored
from pressrun.model.store import Store

RECIPE = 1  # raised when putting pixels back gives others


def kept_key(edit: str, original: str, mask: str, feather: float) -> str:
    """The key of an edit (by its key) with the pixels of an original (by its digest) outside a mask (by its digest)."""
    return hashlib.sha256(f"kept {RECIPE}\0{edit}\0{original}\0{mask}\0{feather!r}".encode()).hexdigest()


def kept_provenance(edited: PictureMade, size: tuple[int, int], *originals: str) -> Provenance:
    """Where an edit comes from once pixels were put back; ``originals`` are the source types of those, if known."""
    own = edited.provenance
    # Whoever goes on from here must send this picture: the server remembers the one it drew.
    return replace(
        own, pixels=Pixels("image/png", size), source_type=composite(own.source_type, *originals), response_id=None,
        edited=edited.key,
    )  # fmt: skip


def product_kept(made: PictureMade, request: PictureRequest, store: Store, journal: Journal) -> PictureMade:
    """A picture that was asked for with a mask, with the first reference's own pixels outside it: made once. Its key
    stays the same; what came from the provider stays in the store. Raises PictureFailed."""
    if request.mask is None or not request.references:
        return made
    original = request.references[0].digest
    feather = _feather(request)
    key = kept_key(made.key, original, request.mask.digest, feather)
    there = stored(journal, store, [key]).get(key)
    if there is None:
        try:
            data = kept_outside(store.read(original), store.read(made.digest), store.read(request.mask.digest), feather)
            with Image.open(io.BytesIO(data)) as picture:
                size = picture.size
        except Exception as error:  # Pillow's decoders raise many kinds
            raise PictureFailed(f"the original cannot be put back outside the mask: {error}") from error
        there = PictureMade(key, store.put(data, durable=True), len(data), kept_provenance(made, size))
        journal.record([there.result(RETOUCHED)])
    return replace(there, key=made.key)


def product_there(made: PictureMade, request: PictureRequest, store: Store, journal: Journal) -> PictureMade | None:
    """The same as far as it was made before: nothing is made, and None answered where there is nothing."""
    if request.mask is None or not request.references:
        return made
    key = kept_key(made.key, request.references[0].digest, request.mask.digest, _feather(request))
    there = stored(journal, store, [key]).get(key)
    return there and replace(there, key=made.key)


def _feather(request: PictureRequest) -> float:
    return FEATHER if request.feather is None else request.feather
