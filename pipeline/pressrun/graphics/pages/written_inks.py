"""Inks as a page's content has them: as they are printed, or in the colours in which they are seen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

import pikepdf
from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Stream, String

from pressrun.graphics.paths.outlines import written
from pressrun.graphics.paths.shadings import Parts, Ramp
from pressrun.model.color import Ink, Step, TechnicalInk, between, spot_key
from pressrun.model.paint import Stop

Operators = tuple[str, str]  # that set a colour for filling, and for stroking
OVERPRINT, KNOCKOUT = "/Overprint", "/Knockout"  # states (ISO 32000-1, 8.6.7)
PROCESS = ("/Cyan", "/Magenta", "/Yellow", "/Black")
STEPS: dict[Step, tuple[str, str]] = {
    "die": ("Structural", "Cutting"), "perforation": ("Structural", "Perforating"),
    "crease": ("Structural", "Creasing"), "emboss": ("Structural", "Embossing"),
    "foil": ("Structural", "FoilStamping"), "white": ("White", ""), "varnish": ("Varnish", ""),
    "braille": ("Braille", ""),
}  # fmt: skip
"""The group and the type of a step of processing (ISO 19593-1), of those that have types."""
SAMPLES = 16  # between two stops: what inks look like together changes otherwise than what they look like alone


class WrittenInks(Protocol):
    """``device`` is the space in which groups are laid on what is below; ``has_patterns``: it has patterns of PDF's
    own; ``prints_steps``: technical inks are printed, and not shown. Colour spaces that operators name come into
    ``spaces`` when they are asked for, their graphics states are ``states``."""

    device: Name
    has_patterns: bool
    prints_steps: bool
    spaces: pikepdf.Object
    states: dict[str, Dictionary]

    def operators(self, ink: Ink) -> Operators:
        """What sets an ink."""

    def ramp(self, stops: Sequence[Stop]) -> Ramp:
        """Stops of a gradient, in one colour space."""

    def layer(self, ink: TechnicalInk) -> pikepdf.Object | None:
        """The optional content that a technical ink is; None where a file has no such."""


class SeenInks:
    """In the colours (#RRGGBB) that ``look`` answers."""

    device = Name.DeviceRGB
    has_patterns = False
    prints_steps = False

    def __init__(self, pdf: pikepdf.Pdf, look: Callable[[Ink], str]) -> None:
        self.spaces: pikepdf.Object = pdf.make_indirect(Dictionary())
        self._look = look
        self.states: dict[str, Dictionary] = {}

    def operators(self, ink: Ink) -> Operators:
        return _in_light(self._look(ink))

    def ramp(self, stops: Sequence[Stop]) -> Ramp:
        return Ramp(self.device, tuple((at, self._parts(ink)) for at, ink in _sampled(stops)))

    def layer(self, ink: TechnicalInk) -> None:
        return None

    def _parts(self, ink: Ink) -> Parts:
        return tuple(part / 255 for part in bytes.fromhex(self._look(ink)[1:]))


@functools.lru_cache(maxsize=1024)
def _in_light(color: str) -> Operators:
    parts = " ".join([f"{part / 255:.5g}" for part in bytes.fromhex(color[1:])])
    return f"{parts} rg", f"{parts} RG"


@functools.lru_cache(maxsize=1024)
def _in_process_inks(parts: tuple[float, ...]) -> Operators:
    exact = " ".join([_part(part / 100) for part in parts])
    return f"{exact} k", f"{exact} K"


@functools.lru_cache(maxsize=1024)
def _part(share: float) -> str:
    """A share of an ink; a tint may have hardly any, and PDF knows no power of ten."""
    return written(float(f"{share:.6g}"), 10)


def _sampled(stops: Sequence[Stop]) -> Iterator[tuple[float, Ink]]:
    for one, other in pairwise(stops):
        for number in range(SAMPLES):
            share = number / SAMPLES
            yield one.at + share * (other.at - one.at), between(one.ink, other.ink, share)
    yield stops[-1].at, stops[-1].ink


class SharedInks(Struct):
    """What pages of a file share: a definition of each spot, by its `spot_key`, and the layers of technical inks, where
    it ``has_layers``: there are none before PDF 1.5."""

    has_layers: bool = True
    spots: dict[str, Array] = field(default_factory=dict)
    layers: dict[TechnicalInk, pikepdf.Object] = field(default_factory=dict)


class PressInks:
    """As the brand writes them: the spot where the layout prints it, else CMYK."""

    device = Name.DeviceCMYK
    has_patterns = True
    prints_steps = True

    def __init__(self, pdf: pikepdf.Pdf, *, overprints: bool, shared: SharedInks | None = None) -> None:
        """``overprints``: whether any of them does, so that it must be said of each. What is ``shared`` in a file is
        taken and added to."""
        self._pdf, self._shared = pdf, shared or SharedInks()
        self.spaces: pikepdf.Object = pdf.make_indirect(Dictionary())
        self.states: dict[str, Dictionary] = {}
        if overprints:
            self.states[OVERPRINT] = Dictionary(OP=True, op=True, OPM=1)
            self.states[KNOCKOUT] = Dictionary(OP=False, op=False)

    def operators(self, ink: Ink) -> Operators:
        state = (f"{OVERPRINT} gs " if ink.overprints else f"{KNOCKOUT} gs ") if self.states else ""
        if ink.spot is None:
            fill, stroke = _in_process_inks(ink.cmyk)
            return state + fill, state + stroke
        name, share = self._spot(ink), _part(ink.spot_share)
        return f"{state}{name} cs {share} scn", f"{state}{name} CS {share} SCN"

    def ramp(self, stops: Sequence[Stop]) -> Ramp:
        space, parts = self.space_of([stop.ink for stop in stops])
        return Ramp(space, tuple((stop.at, parts(stop.ink)) for stop in stops))

    def space_of(self, inks: Sequence[Ink]) -> tuple[pikepdf.Object, Callable[[Ink], Parts]]:
        """In which inks mix: CMYK, a spot alone, or both together (ISO 32000-1, 8.6.6.5), and the parts of each in
        it."""
        spots = {ink.spot: ink for ink in inks if ink.spot is not None}
        mixes = len(spots) > 1 or any(ink.spot is None and any(ink.cmyk) for ink in inks)

        def parts(ink: Ink) -> Parts:
            process = tuple(0.0 if ink.spot else part / 100 for part in ink.cmyk) if mixes or not spots else ()
            return (*process, *(ink.spot_share if ink.spot == spot else 0.0 for spot in spots))

        space: pikepdf.Object = Name.DeviceCMYK
        if spots:
            space = self._with_process(spots.values()) if mixes else self.spaces[self._spot(*spots.values())]
        return space, parts

    def layer(self, ink: TechnicalInk) -> pikepdf.Object | None:
        """A group of optional content that tells its step of processing (ISO 19593-1)."""
        if not self._shared.has_layers:
            return None
        if ink not in self._shared.layers:
            group, kind = STEPS[ink.step]
            step = Dictionary(GTS_ProcStepsGroup=Name(f"/{group}"))
            if kind:
                step.GTS_ProcStepsType = Name(f"/{kind}")
            said = Dictionary(Type=Name.OCG, Name=String(str(ink.spot)), GTS_Metadata=step)
            self._shared.layers[ink] = self._pdf.make_indirect(said)
        return self._shared.layers[ink]

    def spot(self, ink: Ink) -> Array:
        """The colour space of a spot."""
        space: Array = self.spaces[self._spot(ink)]  # type: ignore[assignment]  # it was put there
        return space

    def space_with(self, spots: Sequence[Ink]) -> pikepdf.Object:
        """The space of colours in process inks and these spots."""
        return self._with_process(spots) if spots else Name.DeviceCMYK

    def _spot(self, ink: Ink) -> str:
        """The name of the spot's colour space, which is defined once in a file."""
        assert ink.spot, "an ink of process plates has no space of its own"
        definition = self._shared.spots.get(spot_key(ink.spot)) or self._defined(ink)
        for name, space in self.spaces.items():
            if isinstance(space, Array) and space[0] == "/Separation" and space[1] == definition[1]:
                return str(name)
        name = f"/Spot{sum(1 for known in dict(self.spaces.items()) if known.startswith('/Spot'))}"
        self.spaces[name] = Array(list(definition))
        return name

    def _defined(self, ink: Ink) -> Array:
        tint = Dictionary(
            FunctionType=2,
            N=1,
            Domain=Array([0, 1]),
            C0=Array([0] * 4),
            C1=Array([Decimal(written(part, 6)) for part in _in_full(ink)]),
        )
        name = Name(f"/{ink.spot}")
        definition = Array([Name.Separation, name, Name.DeviceCMYK, self._pdf.make_indirect(tint)])
        return self._shared.spots.setdefault(spot_key(str(ink.spot)), definition)

    def _with_process(self, spots: Iterable[Ink]) -> Array:
        """The space of CMYK and spots, which are seen as what each adds to it."""
        spots = tuple(spots)
        full = {ink.spot: _in_full(ink) for ink in spots}
        named = {str(space[1]): space for space in map(self.spot, spots)}
        count = len(PROCESS) + len(full)
        sums = []
        for plate in range(len(PROCESS)):
            sums.append(f"{count - 1} index")
            for number, alternate in enumerate(full.values()):
                below = len(full) - 1 - number + plate + 1
                sums.append(f"{below} index {written(alternate[plate], 6)} mul add")
            sums.append("dup 1 gt {pop 1} if")
        tint = Stream(
            self._pdf,
            f"{{ {' '.join(sums)} {count + 4} 4 roll {'pop ' * count}}}".encode(),
            FunctionType=4,
            Domain=Array([0, 1] * count),
            Range=Array([0, 1] * len(PROCESS)),
        )
        names = Array([Name(name) for name in (*PROCESS, *named)])
        colorants = Dictionary(Colorants=Dictionary(named))
        return Array([Name.DeviceN, names, Name.DeviceCMYK, self._pdf.make_indirect(tint), colorants])


def _in_full(ink: Ink) -> Parts:
    """What all of a spot is seen as in CMYK, of which the ink may be a tint."""
    return tuple(part / 100 / ink.spot_share for part in ink.cmyk)
