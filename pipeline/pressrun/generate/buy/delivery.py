"""Taking delivery of a paid picture: its bytes are made durable first, then looked at, then booked."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from pressrun.generate.keep import keep
from pressrun.model.answer import Answer
from pressrun.model.errors import PictureFailed
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.store import Store

NEARLY = 0.002  # of a side: what counts as the size that was asked for


@dataclass(frozen=True, slots=True)
class Delivery:
    """A picture in the store, and what is worth saying of it."""

    made: PictureMade
    notes: tuple[str, ...] = ()


def receive(key: str, provider: PaidProvider, request: PictureRequest, answer: Answer, store: Store) -> Delivery:
    """Keep a picture as it came. Raises PictureFailed where it cannot be used; its bytes are kept even so."""
    assert answer.picture is not None
    picture = answer.picture
    store.put(picture.data, durable=True)
    previews = tuple(store.put(one) for one in answer.previews)
    made = keep(key, provider, request, picture, store, durable=True, previews=previews)
    if request.background == "transparent" and not _has_transparency(picture.data):
        raise PictureFailed(
            "the picture that came back is opaque, though a transparent background was asked for",
            f"it was paid for and is kept as {made.digest[:12]}",
            "ask for an opaque ground and cut the picture out, or name a model that draws transparent ones",
        )
    return Delivery(made, _notes(made, request))


def _has_transparency(data: bytes) -> bool:
    """Whether any pixel lets more than a trace through: an alpha channel alone may be opaque everywhere."""
    with Image.open(io.BytesIO(data)) as picture:
        if not picture.has_transparency_data:
            return False
        lowest = picture.convert("RGBA").getchannel("A").getextrema()[0]
    return float(str(lowest)) < 250


def _notes(made: PictureMade, request: PictureRequest) -> tuple[str, ...]:
    width, height = made.pixels.size
    asked = request.size
    if (width, height) == asked:
        return ()
    shape = abs(width * asked[1] / (height * asked[0]) - 1)
    other = ", and of another shape" if shape > NEARLY else ""
    return (f"{width}x{height} came back where {asked[0]}x{asked[1]} was asked for{other}",)
