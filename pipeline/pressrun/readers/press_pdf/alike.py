"""Pages of a file that are alike in all that is judged, but for their words: of many, some are looked at for all."""

from __future__ import annotations

import io
import re
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pikepdf

from pressrun.readers.press_pdf.boxes import inherited
from pressrun.readers.press_pdf.budget import Budget, Spent, bounded_streams
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import DICTIONARIES, Keys
from pressrun.readers.press_pdf.operators import BROKEN
from pressrun.readers.press_pdf.streams import unpacked

_WORDS = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>")
_NAME = re.compile(rb"/[^\s/\[\]()<>{}%]+")
_COLOR = re.compile(rb"(?:[-+.\d]+\s+)+(?:k|K|g|G|rg|RG|sc|SC|scn|SCN)(?=\s|$)")
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/UserUnit", "/Rotate")
Kind = TypeVar("Kind", bound=Hashable)


def one_of_each(source: Path | bytes, most: int) -> tuple[list[int], int]:
    """The numbers (from 0) of one page of each kind, but of no more than ``most``, then evenly from the first to the
    last; and how many pages there are. Of one kind are pages with the same boxes, that use the same fonts, pictures,
    forms and states, and paint in the same colours. Raises OSError, and what pikepdf raises."""
    data = source.read_bytes() if isinstance(source, Path) else source
    with bounded_streams(), pikepdf.open(io.BytesIO(data)) as pdf:
        budget, count = Budget(len(data)), len(pdf.pages)
        firsts: dict[Hashable, int] = {}
        for number, page in enumerate(pdf.pages):
            firsts.setdefault(number if count <= most else _kind(page.obj, budget, number), number)
    numbers = list(firsts.values())
    if len(numbers) > most:
        numbers = [numbers[round(at * (len(numbers) - 1) / max(most - 1, 1))] for at in range(most)]
    return numbers, count


def in_turns(things: Iterable[tuple[Kind, int]]) -> Iterator[int]:
    """Numbers of things of several kinds: the first of each kind, then the second of each, and so on."""
    of_kind: dict[Kind, list[int]] = {}
    for kind, number in things:
        of_kind.setdefault(kind, []).append(number)
    for turn in range(max(map(len, of_kind.values()), default=0)):
        yield from (numbers[turn] for numbers in of_kind.values() if turn < len(numbers))


def _kind(page: Object, budget: Budget, number: int) -> Hashable:
    """``number``, which no other page has, where it cannot be read."""
    try:
        keys = Keys(lambda text: None)
        written = page.get("/Contents")
        parts = list(written) if isinstance(written, pikepdf.Array) else [] if written is None else [written]
        content = _WORDS.sub(b"", b"\n".join(unpacked(part, budget) for part in parts))
        resources = inherited(page, "/Resources", keys)
        used = set(_NAME.findall(content))
        named = frozenset(
            (kind, _same(value))
            for kind, held in resources.items()
            if isinstance(held, DICTIONARIES)
            for name, value in held.items()
            if str(name).encode() in used
        )
        boxes = tuple(str(page.get(key)) if key in page else "" for key in _BOXES)
        annotations = [_same(one) for one in keys.list(page, "/Annots")]
        return boxes, named, frozenset(_COLOR.findall(content)), tuple(annotations), _same(page.get("/Group"))
    except (Spent, *BROKEN):
        return number


def _same(value: Object) -> Hashable:
    """The same for what is one object, or written alike."""
    if isinstance(value, pikepdf.Object):
        return value.objgen if value.objgen[0] else value.unparse()
    return str(value)
