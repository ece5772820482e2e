"""Pictures half done, as a streamed call showed them on its way: small, for the contact sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

from PIL import Image

from pressrun.graphics.inks import of_8_bits
from pressrun.model.errors import PressrunError
from pressrun.model.picture import PictureHad
from pressrun.model.run_record import AssetPicture
from pressrun.model.store import Store

EDGE = 160  # pixels of the longer edge


class Previews:
    """The previews of a run's pictures, each made small once however many files show it."""

    def __init__(self, pictures: Mapping[str, PictureHad], store: Store) -> None:
        self._pictures = pictures
        self._small = lru_cache(maxsize=None)(lambda digest: _small(store, digest))

    def of(self, picture: AssetPicture) -> list[tuple[str, bytes]]:
        """Label and JPEG of each preview of a picture, in the order they came; most pictures have none."""
        got = self._pictures.get(picture.key)
        digests = got.made.provenance.previews if got else ()
        found = [self._small(digest) for digest in digests]
        name = f"{picture.slot}/{picture.master}"
        return [(f"{name}, {at} of {len(digests)}", data) for at, data in enumerate(found, 1) if data]


def _small(store: Store, digest: str) -> bytes:
    """A preview made small; nothing where its bytes are gone, or are no picture after all."""
    try:
        with Image.open(io.BytesIO(store.read(digest))) as picture:
            picture.draft("RGB", (EDGE, EDGE))
            picture.thumbnail((EDGE, EDGE))
            out = io.BytesIO()
            of_8_bits(picture).convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (PressrunError, OSError, ValueError, SyntaxError):
        return b""
