"""Pictures half done, as a streamed call showed them on its way: small, for the contact sheet."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from PIL import Image

from pressrun.graphics.color.inks import of_8_bits
from pressrun.language.page_words import PageWords
from pressrun.model.journal import Result, Results
from pressrun.model.journal.results import PAGE
from pressrun.model.picture import PictureHad
from pressrun.model.run_record import AssetPicture
from pressrun.model.store import Store

EDGE = 160  # pixels of the longer edge
KEPT = 1000  # of them, some kilobytes each


class Previews:
    """The previews of a run's pictures, each made small once however many files show it, and only where it is asked
    for. ``digests`` are theirs by the key of the picture."""

    def __init__(self, digests: Mapping[str, Sequence[str]], store: Store) -> None:
        self._digests, self._store = digests, store
        self._small: dict[str, bytes] = {}

    @classmethod
    def had(cls, pictures: Mapping[str, PictureHad], store: Store) -> Self:
        """Of the pictures that a run had."""
        found = {key: got.made.provenance.previews for key, got in pictures.items()}
        return cls({key: digests for key, digests in found.items() if digests}, store)

    def digests_of(self, picture: AssetPicture) -> Sequence[str]:
        """The digests of a picture's previews; most have none."""
        return self._digests.get(picture.key, ())

    def prepare(self, digests: Iterable[str], results: Results) -> None:
        """Have these pictures small: made once, whatever runs show them, and kept in the store."""
        keys = {digest: _key(digest) for digest in dict.fromkeys(digests) if digest not in self._small}
        if not keys:
            return
        if len(self._small) > KEPT:
            self._small.clear()
        known = results.lookup(keys.values())
        sound = self._store.present((result.digest for result in known.values()), recorded=True)
        there = [digest for digest, key in keys.items() if key in known and known[key].digest in sound]
        if there:
            read = self._store.read_many(known[keys[digest]].digest for digest in there)
            self._small |= {digest: data for digest, data in zip(there, read, strict=True) if data is not None}
        missing = [digest for digest in keys if digest not in self._small]
        if missing:
            made = [small(data) for data in self._store.read_many(missing)]
            self._small |= dict(zip(missing, made, strict=True))
            kept = self._store.put_many(made)
            results.record(
                Result.of(keys[digest], PAGE, at, len(data))
                for digest, at, data in zip(missing, kept, made, strict=True) if data
            )  # fmt: skip

    def whole(self, digest: str) -> bytes:
        """A picture that was prepared, made small; empty where it is gone."""
        return self._small.get(digest, b"")

    def of(self, picture: AssetPicture, words: PageWords) -> list[tuple[str, bytes]]:
        """Label, in the words of a page, and JPEG of each preview of a picture, in the order they came."""
        digests = self.digests_of(picture)
        if missing := [digest for digest in digests if digest not in self._small]:
            for digest, data in zip(missing, self._store.read_many(missing), strict=True):
                self._small[digest] = small(data)
        name = f"{picture.slot}/{picture.master}"
        found = enumerate((self._small[digest] for digest in digests), 1)
        every = len(digests)
        return [
            (words("{name}, {number} of {all}", name=name, number=at, all=every), data) for at, data in found if data
        ]


def _key(digest: str) -> str:
    return hashlib.sha256(f"small picture {EDGE}\0{digest}".encode()).hexdigest()


def small(data: bytes | None, edge: int = EDGE) -> bytes:
    """A picture made small; nothing where its bytes are gone, or are no picture after all."""
    if data is None:
        return b""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (edge, edge))
            picture.thumbnail((edge, edge))
            out = io.BytesIO()
            of_8_bits(picture).convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return b""
