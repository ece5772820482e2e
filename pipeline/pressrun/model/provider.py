"""What a source of pictures must be able to do. Each entry of ``providers/`` is an options model with these methods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pressrun.model.authored import Authored
from pressrun.model.finding import Finding
from pressrun.model.picture import Picture, PictureRequest
from pressrun.model.plain_data import plain

ReadReference = Callable[[str], bytes]


class ProviderOptions(Authored):
    """``PAID`` providers are journaled before every call; ``RECIPE`` is raised when the same request would now give
    other pixels; ``READS_PROMPT`` says that pictures are made from words: where it does not, the references are the
    pictures themselves; ``READS_REFERENCES`` that the request's reference pictures must be in the store;
    ``CONVERSES`` that a change can go on from what was said before (the option ``conversation`` of a request)."""

    PAID: ClassVar[bool] = False
    RECIPE: ClassVar[int] = 1
    READS_PROMPT: ClassVar[bool] = True
    READS_REFERENCES: ClassVar[bool] = False
    CONVERSES: ClassVar[bool] = False

    type: str

    def identity(self, request: PictureRequest) -> Mapping[str, Any]:
        """All of the request that decides what the picture shows: its key is the hash of this."""
        said = plain(request)
        for reference in (*said["references"], *((said["mask"],) if said["mask"] else ())):
            del reference["path"], reference["name"], reference["credit"]
        del said["lettering"]  # said in the prompt, word for word
        del said["feather"], said["edit_of"], said["change"]
        return {"provider": self.type, "recipe": self.RECIPE, **said}

    def key(self, request: PictureRequest) -> str:
        """The picture's key, SHA-256 in hex."""
        return hashlib.sha256(json.dumps(self.identity(request), sort_keys=True).encode()).hexdigest()

    def quote(self, request: PictureRequest) -> Decimal | None:
        """The price in US dollars before the call; None where nobody can know it."""
        return Decimal(0)

    def legal_size(self, width: int, height: int) -> tuple[int, int]:
        """The smallest size drawn that has these pixels both ways; where there is none, the largest of that shape."""
        return width, height

    def prompt_limit(self, request: PictureRequest) -> int | None:
        """How many characters a prompt may have; None where there is no limit."""
        return None

    def faults(self, request: PictureRequest, read: ReadReference) -> list[Finding]:
        """What would make it fail, or is worth knowing of it, before it is made."""
        return []

    def size_to_come(self, request: PictureRequest) -> tuple[int, int]:
        """Width and height of the picture that will be had: of one that exists its own, else what is asked for. Raises
        PictureFailed."""
        return request.size

    def generate(self, request: PictureRequest, read: ReadReference) -> Picture:
        """Make the picture. Raises PictureFailed or ProviderStopped."""
        raise NotImplementedError
