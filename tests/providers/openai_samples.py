"""Requests and answers for the provider's tests."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image

from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.providers.openai import OpenAIProvider

BRIEF = Brief("house", (), (), "", (), (), "", "", "", (0.5, 0.8))
SMALL = (1024, 640)


def provider(**options: Any) -> OpenAIProvider:
    return OpenAIProvider.model_validate({"type": "openai", **options})


def request(prompt: str = "a barn", size: tuple[int, int] = SMALL, **more: Any) -> PictureRequest:
    return PictureRequest(prompt, size, BRIEF, **more)


class Shelf(dict[str, bytes]):
    """Bytes by digest: what a store is to a provider."""

    def put(self, data: bytes, name: str = "photo.png", media_type: str = "image/png") -> Reference:
        digest = hashlib.sha256(data).hexdigest()
        self[digest] = data
        return Reference(digest, name, media_type)

    def read(self, digest: str) -> bytes:
        return self[digest]


def picture(size: tuple[int, int] = (64, 48), kind: str = "PNG", mode: str = "RGB", colour: Any = None) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour or ((200, 80, 40) if mode == "RGB" else (200, 80, 40, 0))).save(out, kind)
    return out.getvalue()
