"""What several files have in common (fonts, logos, plates, profiles), found and kept once."""

from __future__ import annotations

import hashlib
from typing import Any

from pikepdf import Array, Dictionary, Stream

DEEPEST = 200  # nested containers, beyond which nothing is looked for


class SharedObjects:
    """Objects of a document that is being written, by what they say with all that is below them."""

    def __init__(self) -> None:
        self._known: dict[bytes, Any] = {}
        self._digests: dict[tuple[int, int], bytes | None] = {}

    def settle(self, one: Any) -> Any:
        """An object, or its like that was there before. What is below it is settled, too."""
        digest = self._digest(one, 0)
        return one if digest is None or not one.is_indirect else self._known.setdefault(digest, one)

    def _digest(self, one: Any, depth: int) -> bytes | None:
        """What an object says; None for what refers to itself."""
        if not isinstance(one, (Array, Dictionary, Stream)):
            return one.unparse() if hasattr(one, "unparse") else repr(one).encode()
        where = one.objgen
        if where[0]:
            if where in self._digests:
                return self._digests[where]
            self._digests[where] = None  # until it is known: who comes here meanwhile comes from below
        digest = self._of_container(one, depth + 1) if depth < DEEPEST else None
        if where[0]:
            self._digests[where] = digest
        return digest

    def _of_container(self, one: Any, depth: int) -> bytes | None:
        said = hashlib.sha256(type(one).__name__.encode())
        whole = True
        entries = list(enumerate(one)) if isinstance(one, Array) else sorted(one.items())
        for key, child in entries:
            if key == "/Length":
                continue
            digest = self._digest(child, depth)
            if digest is None:
                whole = False
                continue
            if isinstance(child, (Array, Dictionary, Stream)) and child.is_indirect:
                first = self._known.setdefault(digest, child)
                if first.objgen != child.objgen:
                    one[key] = first
            said.update(f"{key}\0{len(digest)}\0".encode() + digest)
        if isinstance(one, Stream):
            said.update(one.read_raw_bytes())
        return said.digest() if whole else None
