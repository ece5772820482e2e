"""suggest: the fewest masters and the cheapest legal sizes for the layouts at hand, and what each placement gets. Pure.

A master serves a placement if a covering crop keeps enough of it (`LEAST_KEPT`). Shapes lie on a line, from upright to
wide, and those that one master can serve lie next to each other: so the fewest masters are found exactly, by dynamic
programming over the sorted shapes, and of the ways to have as few, the one that reaches most and then costs least.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from pressrun.model.geometry import Frames, Rect
from pressrun.model.job import Job, Master
from pressrun.model.layout import LayerOptions, Layout, Listed, layer_frames, layer_name
from pressrun.model.placement import best_master, cover

LEAST_KEPT = 0.76  # of a master's area: cut off more, and its calm part or its subject goes
SHAPES_TRIED = 9  # between the most upright and the widest shape that a master is for
ENOUGH = 0.995  # of a density: a pixel rounded away is no lack of resolution
ROUNDED = 0.01  # of a pixel: 1080 px are 810 pt, and come back as 1080.0000001
ROUNDS = 8  # of settling who serves whom; two are the rule

LegalSize = Callable[[str, int, int], tuple[int, int]]
"""The size that a slot's provider draws for these pixels, both ways."""
Quote = Callable[[str, tuple[int, int]], Decimal | None]


class Placement(Struct, frozen=True):
    """A slot's picture in a layer of a layout; ``rect`` in points, ``floor`` and ``target`` in pixels per inch."""

    slot: str
    layout: str
    layer: str
    rect: Rect
    floor: float
    target: float
    printed: bool
    cropped: bool

    @property
    def shape(self) -> float:
        """Width by height."""
        return self.rect.width / self.rect.height

    def pixels(self, density: float) -> tuple[int, int]:
        """The fewest pixels that give this density, both ways."""
        across, down = (math.ceil(edge / 72 * density - ROUNDED) for edge in (self.rect.width, self.rect.height))
        return across, down

    def density(self, size: tuple[int, int]) -> float:
        """Picture pixels per inch that a master of this size gives here: covering, or contained."""
        across, down = size[0] / self.rect.width * 72, size[1] / self.rect.height * 72
        return min(across, down) if self.cropped else max(across, down)

    def kept(self, size: tuple[int, int]) -> float:
        """The share of a master's area that is seen here."""
        if not self.cropped:
            return 1.0
        _, _, width, height = cover(size, self.rect, (0.5, 0.5))
        return width * height


class Served(Struct, frozen=True):
    """What a placement gets: ``density`` in pixels per inch, ``upscale`` the factor still missing to its target."""

    placement: Placement
    density: float
    upscale: float
    below_floor: bool
    kept: float


class Proposed(Struct, frozen=True):
    """A master to have. ``kept`` says that it exists and stays as it is; ``quoted_usd`` is for one picture."""

    slot: str
    id: str
    size: tuple[int, int]
    space: str
    stage: tuple[float, float]
    kept: bool
    quoted_usd: Decimal | None
    serves: tuple[Served, ...]


class Existing(Struct, frozen=True):
    """Pictures of a library in one placement: what the poorest of them (by its file's name) gives there, and how many
    of the ``count`` are below the target."""

    master: str
    file: str
    poorest: Served
    short: int
    count: int


class Suggestion(Struct, frozen=True):
    """``aimed`` meets the layouts' targets where the provider can, ``least`` their floors; ``now`` is the job as it
    stands, by master, with ``now_usd`` for the ``now_pictures`` that are not in the store; ``counts`` says how many
    pictures a master of each slot comes to. ``existing`` are placements of pictures that a library has, ``files`` of
    those that rows name.
    """

    job: str
    provider: str
    model: str
    aimed: Sequence[Proposed]
    least: Sequence[Proposed]
    now: Sequence[tuple[str, Served]]
    counts: Mapping[str, int]
    now_pictures: int = 0
    now_usd: Decimal | None = Decimal(0)
    existing: Sequence[Existing] = ()
    files: Sequence[Placement] = ()

    @property
    def falls_short(self) -> bool:
        """Whether a placement asks for more pixels than it gets, here or as the job stands."""
        served = [*(one for _, one in self.now), *(one for master in self.aimed for one in master.serves)]
        return any(one.upscale > 1 for one in (*served, *(one.poorest for one in self.existing)))

    def now_in(self, placement: Placement) -> str:
        """The master that a placement takes as the job stands."""
        return next((id for id, served in self.now if served.placement == placement), "")


class _Sized(Struct, frozen=True):
    """A master while they are being chosen."""

    size: tuple[int, int]
    id: str = ""
    master: Master | None = None


def placements(layouts: Mapping[str, Layout]) -> list[Placement]:
    """Every place where a layout puts a slot's picture, in the order of the layouts and their layers."""
    return _placed(layouts, lambda options, frames: options.placements(frames))


def files_placed(layouts: Mapping[str, Layout]) -> list[Placement]:
    """Likewise, of the files that rows name."""

    def place(options: Listed, frames: Frames) -> Iterable[tuple[str, Rect]]:
        if not isinstance(options, LayerOptions):
            return []
        return [("", options.box.resolve(frames.of(options.box.within)))] if getattr(options, "file", None) else []

    return _placed(layouts, place)


def _placed(
    layouts: Mapping[str, Layout], places: Callable[[Listed, Frames], Iterable[tuple[str, Rect]]]
) -> list[Placement]:
    found = []
    for name, layout in layouts.items():
        frames = layer_frames(layout)
        floor, target = layout.floor_and_target
        for index, options in enumerate(layout.layers):
            cropped = getattr(options, "fit", "cover") == "cover"
            for slot, rect in (placed for one in frames[index] for placed in places(options, one)):
                layer = layer_name(options, index)
                found.append(
                    Placement(slot, name, layer, rect, floor, target, layout.target == "print", cropped)
                )  # fmt: skip
    return found


def suggest(
    job: Job,
    layouts: Mapping[str, Layout],
    existing: Iterable[tuple[str, str]],
    legal_size: LegalSize,
    quote: Quote,
    at_floor: bool = False,
) -> list[Proposed]:
    """Masters for all placements, slot by slot.

    ``existing`` are the (slot, master) pairs whose pictures are there: those stay exactly as they are, and placements
    they serve at their floor or better ask for no other. ``quote`` prices a picture of a slot at a size. With
    ``at_floor`` sizes are chosen for the least density that a layout takes instead of its target.
    """
    kept = set(existing)
    proposals: list[Proposed] = []
    by_slot: dict[str, list[Placement]] = {}
    for placement in placements(layouts):
        if job.provider_of(placement.slot).READS_PROMPT:
            by_slot.setdefault(placement.slot, []).append(placement)
    for slot, wanted in by_slot.items():
        own = job.pictures[slot].masters
        there = [_Sized(own[id].size, id, own[id]) for id in own if (slot, id) in kept]
        missing = [place for place in wanted if not any(_serves(one, place) for one in there)]
        cheapest = _Cheapest(slot, legal_size, quote, at_floor)
        new = _settled(_fewest(missing, cheapest), there, cheapest)
        chosen = [*there, *_named(new, own, {one.id for one in there})]
        serving: dict[str, list[Served]] = {one.id: [] for one in chosen}
        for place in wanted:
            best = best_master(chosen, place.rect)
            serving[best.id].append(_served(place, best.size))
        for one in chosen:
            if serving[one.id] or one in there:
                model = one.master or _likest(own, one.size)
                proposals.append(
                    Proposed(
                        slot, one.id, one.size, model.space, model.stage, one in there, quote(slot, one.size),
                        tuple(serving[one.id]),
                    )
                )  # fmt: skip
    return proposals


def served_now(job: Job, layouts: Mapping[str, Layout]) -> list[tuple[str, Served]]:
    """The master that each placement takes as the job stands, and what it gets of it."""
    taken = ((place, _taken(job, place)) for place in placements(layouts))
    return [(best.id, _served(place, best.size)) for place, best in taken if not _is_library(job, place)]


def served_by_library(
    job: Job, layouts: Mapping[str, Layout], sizes: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]
) -> list[Existing]:
    """What pictures that exist give in each placement. ``sizes`` by slot and master, then by file: theirs, not the
    master's, which says no more than the shape that is wanted."""
    found = []
    for place in placements(layouts):
        master = _taken(job, place).id
        files = sizes.get((place.slot, master), {}) if _is_library(job, place) else {}
        served = {file: _served(place, size) for file, size in files.items()}
        if served:
            file = min(served, key=lambda file: served[file].density)
            short = sum(one.upscale > 1 for one in served.values())
            found.append(Existing(master, file, served[file], short, len(served)))
    return found


def _is_library(job: Job, place: Placement) -> bool:
    return not job.provider_of(place.slot).READS_PROMPT


def _taken(job: Job, place: Placement) -> _Sized:
    """The master that a placement takes as the job stands."""
    masters = [_Sized(master.size, id, master) for id, master in job.pictures[place.slot].masters.items()]
    return best_master(masters, place.rect)


def _served(place: Placement, size: tuple[int, int]) -> Served:
    density = place.density(size)
    return Served(
        place, density, max(1.0, place.target * ENOUGH / density), density < place.floor * ENOUGH, place.kept(size)
    )


def _serves(master: _Sized, place: Placement) -> bool:
    return place.kept(master.size) >= LEAST_KEPT and place.density(master.size) >= place.floor * ENOUGH


# Of two ways, the smaller is better: masters, how far below the floors and the targets, price, pixels.
_Cost = tuple[int, float, float, Decimal, int]


def _fewest(wanted: Sequence[Placement], cheapest: _Cheapest) -> list[list[Placement]]:
    """The placements in as few groups as there must be masters."""
    ordered = sorted(wanted, key=lambda place: place.shape)
    best: list[tuple[_Cost, list[list[Placement]]]] = [((0, 0.0, 0.0, Decimal(0), 0), [])]
    for end in range(1, len(ordered) + 1):
        ways = []
        for start in range(end):
            group = ordered[start:end]
            if group[-1].shape / group[0].shape > 1 / LEAST_KEPT**2:
                continue  # no shape between them keeps enough of both
            cost, before = best[start]
            found = cheapest.of(group)
            if found is not None:
                ways.append((_sum(cost, found[0]), [*before, group]))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _settled(groups: list[list[Placement]], there: Sequence[_Sized], cheapest: _Cheapest) -> list[_Sized]:
    """A master for each group, sized for the placements that will really take it: each takes the one that fits it best,
    whichever it was meant for."""
    masters: list[_Sized] = []
    for _ in range(ROUNDS):
        found = [cheapest.of(group) for group in groups]
        if None in found:
            break
        masters = [_Sized(one[1]) for one in found if one]
        every = [*masters, *there]
        taken: list[list[Placement]] = [[] for _ in every]
        for place in sorted((place for group in groups for place in group), key=lambda place: place.shape):
            taken[every.index(best_master(every, place.rect))].append(place)
        settled = [group for group in taken[: len(masters)] if group]
        if settled == groups:
            break
        groups = settled
    return masters


class _Cheapest(Struct, frozen=True):
    slot: str
    legal_size: LegalSize
    quote: Quote
    at_floor: bool

    def of(self, group: Sequence[Placement]) -> tuple[_Cost, tuple[int, int]] | None:
        """The best size for all of a group: no more upright and no wider than what it is for. None: there is none."""
        wanted = [place.floor if self.at_floor else place.target for place in group]
        needs = [place.pixels(density) for place, density in zip(group, wanted, strict=True)]
        width, height = max(need[0] for need in needs), max(need[1] for need in needs)
        low, high = group[0].shape, group[-1].shape
        sizes = set()
        for number in range(SHAPES_TRIED):
            shape = low * (high / low) ** (number / (SHAPES_TRIED - 1))
            across, down = max(width, height * shape), max(height, width / shape)
            sizes.add(self.legal_size(self.slot, math.ceil(across - ROUNDED), math.ceil(down - ROUNDED)))
        ways = []
        for size in sizes:
            # A model that draws three sizes only keeps what it keeps: a poor crop is then better than none.
            crop = max(0.0, LEAST_KEPT - min(place.kept(size) for place in group))
            if crop > 0.02 and len(group) > 1:
                continue
            floors = sum(max(0.0, place.floor * ENOUGH / place.density(size) - 1) for place in group)
            aims = sum(
                max(0.0, density * ENOUGH / place.density(size) - 1)
                for place, density in zip(group, wanted, strict=True)
            )
            price = self.quote(self.slot, size) or Decimal(0)
            ways.append(((1, round(floors, 6), round(aims, 6), price, size[0] * size[1]), size))
        return min(ways) if ways else None


def _sum(one: _Cost, other: _Cost) -> _Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3], one[4] + other[4]


def _named(new: Sequence[_Sized], own: Mapping[str, Master], taken: set[str]) -> list[_Sized]:
    """Masters with ids: one that the job has in that very size keeps its own; the others are called by their shape."""
    named = []
    for one in new:
        id = next((name for name, master in own.items() if master.size == one.size and name not in taken), "")
        ratio = one.size[0] / one.size[1]
        word = "tall" if ratio < 0.9 else "wide" if ratio > 1.1 else "square"
        number = 1
        while not id or id in taken:
            id = word if number == 1 else f"{word}-{number}"
            number += 1
        taken.add(id)
        named.append(_Sized(one.size, id, own.get(id) if id in own and own[id].size == one.size else None))
    return named


def _likest(own: Mapping[str, Master], size: tuple[int, int]) -> Master:
    """The job's master of the nearest shape: what it says of space and stage is the best guess for a new one."""
    shape = size[0] / size[1]
    return min(own.values(), key=lambda master: abs(math.log(master.size[0] / master.size[1] / shape)))
