"""A picture in colours of the brand, on a sheet."""

from __future__ import annotations

from dataclasses import dataclass, fields

from pressrun.model.sheet import PictureMark
from pressrun.model.toning import Tone

UNTONED = Tone()


@dataclass(frozen=True, slots=True)
class TonedPictureMark(PictureMark):
    tone: Tone = UNTONED


def toned(mark: PictureMark, tone: Tone) -> TonedPictureMark:
    """The same in these tones."""
    return TonedPictureMark(**{one.name: getattr(mark, one.name) for one in fields(mark)}, tone=tone)
