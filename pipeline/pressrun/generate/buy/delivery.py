"""Taking delivery of a paid picture: its bytes are made durable first, then looked at, then booked."""

from __future__ import annotations

import io
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.generate.keep import keep
from pressrun.model.answer import Answer
from pressrun.model.errors import PictureFailed
from pressrun.model.journal import Settlement
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.store import Store

NEARLY = 0.002  # of a side: what counts as the size that was asked for


class Delivery(Struct, frozen=True):
    """What an answer came to: the picture in the store if there is one, and what is worth saying of it."""

    answer: Answer
    made: PictureMade | None = None
    notes: tuple[str, ...] = ()


    def settled(self, attempt: int) -> Settlement | None:
        """How the attempt is booked; None where nobody knows."""
        answer = self.answer
        if answer.booking is None:
            return None
        cost = answer.cost_usd if answer.booking == "charged" else Decimal(0)
        result = self.made.result() if self.made else None
        return Settlement(attempt, answer.booking, cost, answer.usage, result=result, address=answer.address or None)


def receive(key: str, provider: PaidProvider, request: PictureRequest, answer: Answer, store: Store) -> Delivery:
    """Keep the picture of an answer as it came. One that cannot be used is a failure that was paid for; its bytes are
    kept even so. Once kept, it is not held in memory any more: thousands need not be."""
    if answer.verdict != "picture":
        return Delivery(answer)
    try:
        made = _kept(key, provider, request, answer, store)
    except PictureFailed as unusable:
        hint, remedy = unusable.hint, unusable.remedy
        said = replace(answer, verdict="failed", message=unusable.message, hint=hint, remedy=remedy, picture=None)
        return Delivery(said)
    return Delivery(replace(answer, picture=None), made, _notes(made, provider.pixels(request)))


def _kept(key: str, provider: PaidProvider, request: PictureRequest, answer: Answer, store: Store) -> PictureMade:
    assert answer.picture is not None
    picture = answer.picture
    store.put(picture.data, durable=True)
    if picture.original is not None:
        digest = store.put(picture.original, durable=True)
        picture = replace(picture, said=(*picture.said, ("original", digest)))
    previews = tuple(store.put(one) for one in answer.previews)
    made = keep(key, provider, request, picture, store, durable=True, previews=previews)
    if request.background == "transparent" and not _has_transparency(picture.data):
        raise PictureFailed(
            "the picture that came back is opaque, though a transparent background was asked for",
            f"it was paid for and is kept as {made.digest[:12]}",
            "ask for an opaque ground and cut the picture out, or name a model that draws transparent ones",
        )
    return made


def _has_transparency(data: bytes) -> bool:
    """Whether any pixel lets more than a trace through: an alpha channel alone may be opaque everywhere."""
    with Image.open(io.BytesIO(data)) as picture:
        if not picture.has_transparency_data:
            return False
        lowest = picture.convert("RGBA").getchannel("A").getextrema()[0]
    return float(str(lowest)) < 250


def _notes(made: PictureMade, asked: tuple[int, int] | None) -> tuple[str, ...]:
    width, height = made.pixels.size
    if asked is None or (width, height) == asked:
        return ()
    shape = abs(width * asked[1] / (height * asked[0]) - 1)
    other = ", and of another shape" if shape > NEARLY else ""
    return (f"{width}x{height} came back where {asked[0]}x{asked[1]} was asked for{other}",)
