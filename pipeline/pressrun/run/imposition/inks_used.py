"""Which inks files print with: their spots, and those of the four that anything in them is painted in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream

from pressrun.graphics.pages.pdf_graph import contents, reached
from pressrun.readers.press_pdf.budget import Budget, Spent
from pressrun.readers.press_pdf.operators import BROKEN, Scratch, each_operator
from pressrun.readers.press_pdf.streams import unpacked

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
_PAINTING = frozenset({"k", "K", "rg", "RG", "g", "G", "cs", "CS", "EI"})


def process_inks(files: Iterable[tuple[pikepdf.Pdf, Budget]]) -> tuple[str, ...]:
    """The inks of the four that are used; of files that want too much work, all. Reading ends as soon as all are."""
    used: set[str] = set()
    for pdf, budget in files:
        for some in _found(pdf, budget):
            used.update(some)
            if len(used) == len(PROCESS):
                return PROCESS
    return tuple(ink for ink in PROCESS if ink in used)


def _found(pdf: pikepdf.Pdf, budget: Budget) -> Iterator[Iterable[str]]:
    for one in reached(pdf.Root):
        if isinstance(one, Array):
            if len(one) > 1 and str(one[0]) in ("/Separation", "/DeviceN"):
                yield _named(one)
        elif "/ColorSpace" in one and (one.get("/Subtype") == "/Image" or "/ShadingType" in one):
            if not one.get("/ImageMask", False):
                yield _of_space(one.ColorSpace)
        elif isinstance(one, Stream) and one.get("/Subtype") == "/Image" and not one.get("/ImageMask", False):
            yield PROCESS  # JPEG 2000, which says itself in which colours it is
    scratch = Scratch()
    for stream, resources in contents(pdf.Root):
        painted = _Painted(resources)
        try:
            each_operator(unpacked(stream, budget), scratch, 0, painted, budget)
        except Spent:
            yield PROCESS
            return
        except BROKEN:  # what comes before is painted
            pass
        yield painted.used


class _Painted:
    """What a content is painted in, operator by operator."""

    def __init__(self, resources: Any) -> None:
        self._spaces = resources.get("/ColorSpace", {})
        self.used: set[str] = set()

    def __call__(self, said: str, operands: Sequence[Any]) -> None:
        if said not in _PAINTING:
            return
        used, spaces = self.used, self._spaces
        if said in ("k", "K"):
            used.update(ink for ink, value in zip(PROCESS, operands, strict=False) if float(value) > 0)
        elif said in ("rg", "RG"):
            used.update(PROCESS)
        elif said in ("g", "G"):
            used.update(["Black"] if float(operands[0]) < 1 else [])
        elif said in ("cs", "CS"):
            used.update(_of_space(spaces.get(str(operands[0]), operands[0])))
        elif said == "EI":
            keys = dict(zip(map(str, operands[:-1:2]), operands[1:-1:2], strict=False))
            if not keys.get("/IM", keys.get("/ImageMask", False)):
                used.update(_of_space(keys.get("/CS", keys.get("/ColorSpace", Name.DeviceCMYK))))


def _of_space(space: Any) -> Iterable[str]:
    """The inks of a colour space that nobody named: gray is black, what is measured or RGB takes all four."""
    if isinstance(space, Array):
        kind = str(space[0])
        if kind in ("/Separation", "/DeviceN"):
            return _named(space)
        if kind in ("/Indexed", "/I"):
            return _of_space(space[1])
        if kind == "/Pattern":
            return _of_space(space[1]) if len(space) > 1 else ()
        if kind == "/ICCBased":
            return ("Black",) if space[1].get("/N") == 1 else PROCESS
        return ("Black",) if kind == "/CalGray" else PROCESS
    if space in (Name.DeviceGray, Name("/G")):
        return ("Black",)
    return () if space == Name.Pattern else PROCESS


def _named(space: Any) -> set[str]:
    names = [space[1]] if space[0] == "/Separation" else list(space[1])
    return {str(name)[1:] for name in names} & set(PROCESS)
