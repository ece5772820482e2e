"""What a file of ours says of the pictures in its plate, in the page's private data (ISO 32000, 14.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pikepdf

from pressrun.model.rendering import OWN_DATA
from pressrun.readers.press_pdf.boxes import rectangle
from pressrun.readers.press_pdf.facts import Object, PlatePicture

MOST_PICTURES = 500  # on one page; what more anybody writes there is no list of pictures
LONGEST_NAME = 200  # characters
LARGEST = 1e6  # of any number: points, pixels to an inch


def read_plate_pictures(page: Object, unit: float) -> tuple[PlatePicture, ...]:
    """The pictures that a page's plate is made of; none where nothing is said. Raises ValueError for what is no list of
    them, whatever it may be."""
    pieces = page.get("/PieceInfo")
    piece = pieces.get(OWN_DATA) if isinstance(pieces, pikepdf.Dictionary) else None
    if piece is None:
        return ()
    pictures = _of_kind(_of_kind(piece, pikepdf.Dictionary).get("/Private"), pikepdf.Dictionary).get("/Pictures")
    entries = _of_kind(pictures, pikepdf.Array)
    if len(entries) > MOST_PICTURES:
        raise ValueError(f"there are {len(entries)} of them")
    return tuple(_picture(_of_kind(entry, pikepdf.Dictionary), unit) for entry in entries)


def _picture(entry: Object, unit: float) -> PlatePicture:
    at = rectangle(_numbers(entry.get("/Rect"), 4), unit)
    width, height = _numbers(entry.get("/Size"), 2)
    (ppi,) = _numbers([entry.get("/PPI")], 1)
    if at is None or min(width, height, ppi) <= 0:
        raise ValueError("a picture has no size")
    layer = str(_of_kind(entry.get("/Layer"), pikepdf.String))[:LONGEST_NAME]
    return PlatePicture(layer, at, int(width), int(height), ppi)


def _of_kind(value: Any, kind: Any) -> Any:
    """The value; a stream is no dictionary here. Raises ValueError."""
    if not isinstance(value, kind) or isinstance(value, pikepdf.Stream):
        raise ValueError(f"a {kind.__name__.lower()} was expected")
    return value


def _numbers(values: Any, count: int) -> list[float]:
    if not isinstance(values, pikepdf.Array | list) or len(values) != count:
        raise ValueError(f"{count} numbers were expected")
    if not all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values):
        raise ValueError("something else is in the place of a number")
    numbers = [float(value) for value in values]
    if any(abs(number) > LARGEST for number in numbers):
        raise ValueError("a number is out of all bounds")
    return numbers
