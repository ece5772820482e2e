"""Pictures half done, as a streamed call showed them on its way: small, for the contact sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from pressrun.graphics.inks import of_8_bits
from pressrun.model.picture import PictureHad
from pressrun.model.run_record import AssetPicture
from pressrun.model.store import Store

EDGE = 160  # pixels of the longer edge


class Previews:
    """The previews of a run's pictures, each made small once however many files show it."""

    def __init__(self, pictures: Mapping[str, PictureHad], store: Store) -> None:
        self._digests = {key: got.made.provenance.previews for key, got in pictures.items()}
        every = sorted({digest for digests in self._digests.values() for digest in digests})
        self._small = {digest: _small(data) for digest, data in zip(every, store.read_many(every), strict=True)}

    def of(self, picture: AssetPicture) -> list[tuple[str, bytes]]:
        """Label and JPEG of each preview of a picture, in the order they came; most pictures have none."""
        digests = self._digests.get(picture.key, ())
        found = [self._small[digest] for digest in digests]
        name = f"{picture.slot}/{picture.master}"
        return [(f"{name}, {at} of {len(digests)}", data) for at, data in enumerate(found, 1) if data]


def _small(data: bytes | None) -> bytes:
    """A preview made small; nothing where its bytes are gone, or are no picture after all."""
    if data is None:
        return b""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (EDGE, EDGE))
            picture.thumbnail((EDGE, EDGE))
            out = io.BytesIO()
            of_8_bits(picture).convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return b""
