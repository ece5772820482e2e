"""A picture in colours of the brand, on a sheet."""

from __future__ import annotations

from msgspec.structs import asdict

from pressrun.model.sheet import PictureMark
from pressrun.model.tones import Tone

UNTONED = Tone()


class TonedPictureMark(PictureMark, frozen=True):
    tone: Tone = UNTONED


def toned(mark: PictureMark, tone: Tone) -> TonedPictureMark:
    """The same in these tones."""
    return TonedPictureMark(**asdict(mark), tone=tone)
