"""Texts that are kept readable on what they stand on: the cheapest of their remedies that reaches the contrast asked
for is taken, by what is measured on this sheet and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import floor

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.checks.contrast import asked_of
from pressrun.export import look
from pressrun.graphics.color.inks import PressProfile
from pressrun.graphics.plates import remedies as drawn
from pressrun.graphics.plates.canvas import Canvas
from pressrun.graphics.plates.remedies import Reach
from pressrun.model.choice import Choice
from pressrun.model.color import Ink, relative_luminance
from pressrun.model.format_kind import FLAT_PRESS
from pressrun.model.geometry import (
    Rect,
    around,
    bounds,
    enlargement,
    inverse,
)
from pressrun.model.inspection import PixelBox, TextGround
from pressrun.model.layout import Layout
from pressrun.model.light import Light, worst_tenth
from pressrun.model.reach import reach_of
from pressrun.model.remedies import PANEL, LegibleText, PanelRemedy, ShadeRemedy, in_one_ink
from pressrun.model.sheet import GroupMark, Mark, PictureMark, Sheet, TextMark, is_on_plate
from pressrun.run.worker.bench import Bench
from pressrun.run.worker.grounds import grounds_again, stock_in, white_below
from pressrun.run.worker.ways import Found, Way, found_in, laid_beside, mark_at

ROUNDS = 2  # what is done for one text may take the ground of another, which is looked at once more
MOST = 21.0  # what a contrast ratio can be
TOUCH = 1.0  # points that a text may reach out of the picture that it stands on


class _Panel(Struct, frozen=True):
    """A panel behind the texts at the end of these ways, which stand in one group."""

    remedy: PanelRemedy
    texts: tuple[Way, ...]


class _Shade(Struct, frozen=True):
    """A shade over the picture at the end of a way."""

    picture: Way
    where: Reach
    ink: Ink
    strength: float
    on_plate: bool


_Remedy = tuple[_Panel | _Shade, ...]
NOTHING: _Remedy = ()


class _Reading(Struct, frozen=True):
    """The ink that a text has on some ground, the ratio that it reaches there, and those of inks that do not."""

    ink: Ink
    contrast: float
    asked: float
    missed: Mapping[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        return self.contrast / self.asked


class _Unit(Struct):
    """Texts for which the same is done; ``remedy`` is what was, as it is told, and ``tried`` what else by text."""

    texts: list[Found]
    remedy: _Remedy = NOTHING
    told: str = ""
    readings: dict[Way, _Reading] = field(default_factory=dict)
    tried: dict[Way, dict[str, float]] = field(default_factory=dict)


def _reached(readings: Mapping[Way, _Reading]) -> bool:
    return all(one.share >= 1 for one in readings.values())


def legible(bench: Bench, layout: Layout, sheet: Sheet, plate_key: str) -> tuple[Sheet, str, tuple[Choice, ...]]:
    """A sheet with its texts readable, as far as what may be done for them goes, its plate's key, and the choices."""
    may_mix = FLAT_PRESS not in layout.formats or layout.flatten
    return _Legibility(bench, sheet, plate_key, may_mix).settled()


class _Legibility:
    def __init__(self, bench: Bench, sheet: Sheet, plate_key: str, may_mix: bool) -> None:
        self._bench, self._sheet, self._plate_key, self._may_mix = bench, sheet, plate_key, may_mix
        self._white, self._press = white_below(bench, sheet, plate_key), bench.press(sheet)
        self._every = list(found_in(sheet.marks))
        self._by_way = {one.way: one for one in self._every}
        self._units = list(_units(self._every))
        self._measured: dict[_Remedy, Mapping[str, TextGround]] = {}
        self._read: dict[tuple[tuple[Way, ...], _Remedy], dict[Way, _Reading]] = {}

    def settled(self) -> tuple[Sheet, str, tuple[Choice, ...]]:
        for _ in range(ROUNDS):
            before = [unit.remedy for unit in self._units]
            for unit in self._units:
                self._settle(unit)
            if [unit.remedy for unit in self._units] == before or len(self._units) == 1:
                break
        for unit in self._units:
            unit.readings = self._readings(unit, self._others(None))
        remedy = self._others(None)
        sheet = self._with(remedy)
        inks = {way: one.ink for unit in self._units for way, one in unit.readings.items()}
        sheet = replace(sheet, marks=_inked(sheet.marks, self._layers(inks)))
        return sheet, self._key_of(remedy, sheet), tuple(self._choices())

    def _layers(self, inks: Mapping[Way, Ink]) -> dict[str, Ink]:
        return {self._by_way[way].mark.layer: ink for way, ink in inks.items()}

    def _choices(self) -> Iterator[Choice]:
        for unit in self._units:
            for way, one in unit.readings.items():
                layer = self._by_way[way].mark.layer
                tried = unit.tried.get(way, {}) if unit.told or one.share < 1 else dict(one.missed)
                yield Choice(layer, one.ink.name, one.contrast, one.asked, unit.told, tried)

    # ---------------------------------------------------------------------------------------------- what is tried

    def _settle(self, unit: _Unit) -> None:
        """Take the first remedy by which all texts of a unit can be read, or else that which does most."""
        others = self._others(unit)
        best, tried = -1.0, dict[Way, dict[str, float]]()
        kept = (unit.told, unit.remedy)
        for told, remedy in self._remedies(unit, others):
            readings = self._readings(unit, others + remedy)
            least = min(one.share for one in readings.values())
            if _reached(readings) or least > best + 1e-9:
                best, kept = least, (told, remedy)
                unit.readings = readings
            if _reached(readings):
                break
            for way, one in readings.items():
                said = {told: one.contrast} if told else dict(one.missed)
                tried.setdefault(way, {}).update(said)
        unit.told, unit.remedy = kept
        unit.tried = {way: {what: ratio for what, ratio in said.items() if what != unit.told}
                      for way, said in tried.items()}  # fmt: skip

    def _others(self, unit: _Unit | None) -> _Remedy:
        """What is done for all units but one."""
        return tuple(part for other in self._units if other is not unit for part in other.remedy)

    def _remedies(self, unit: _Unit, others: _Remedy) -> Iterator[tuple[str, _Remedy]]:
        """From the cheapest on: nothing but other inks, a panel, a live shade, one on the plate."""
        yield "", NOTHING
        may = _asked(unit.texts[0]).remedies
        if may.panel:
            yield f"a panel in {may.panel.ink.name}", self._panels(unit, may.panel)
        for shade in may.shades:
            over = self._picture(unit)
            if over and shade.on_plate and is_on_plate(over.mark):
                yield from self._shades_on_plate(unit, shade, over, others)
            elif over and not shade.on_plate and self._may_mix:
                yield self._live_shade(unit, shade, over, others)

    def _panels(self, unit: _Unit, remedy: PanelRemedy) -> _Remedy:
        """One for the texts of each group."""
        together: dict[Way, list[Way]] = {}
        for text in unit.texts:
            together.setdefault(text.way[:-1], []).append(text.way)
        return tuple(_Panel(remedy, tuple(ways)) for ways in together.values())

    def _live_shade(self, unit: _Unit, remedy: ShadeRemedy, over: Found, others: _Remedy) -> tuple[str, _Remedy]:
        """The weakest that does, or the strongest."""
        where = self._where(unit, remedy, over)
        strength = self._weakest(unit, remedy, over, where, others) or remedy.strengths[-1]
        told = f"a shade in {remedy.ink.name} of {100 * strength:g} %"
        return told, (_Shade(over.way, where, remedy.ink, strength, False),)

    def _shades_on_plate(
        self, unit: _Unit, remedy: ShadeRemedy, over: Found, others: _Remedy
    ) -> Iterator[tuple[str, _Remedy]]:
        """From the one on that would do if it were live: to paint plates only to measure them is dear."""
        where = self._where(unit, remedy, over)
        begin = self._weakest(unit, remedy, over, where, others) or remedy.strengths[-1]
        for strength in remedy.strengths:
            if strength >= begin:
                told = f"a shade of the plate in {remedy.ink.name} of {100 * strength:g} %"
                yield told, (_Shade(over.way, where, remedy.ink, strength, True),)

    def _weakest(self, unit: _Unit, remedy: ShadeRemedy, over: Found, where: Reach, others: _Remedy) -> float | None:
        """The least strength of a live shade by which all can be read; None where none does."""

        def does(strength: float) -> bool:
            shade = _Shade(over.way, where, remedy.ink, strength, False)
            return _reached(self._readings(unit, (*others, shade)))

        if not does(remedy.strengths[-1]):
            return None
        low, high = 0, len(remedy.strengths) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if does(remedy.strengths[middle]) else (middle + 1, high)
        return remedy.strengths[high]

    def _where(self, unit: _Unit, remedy: ShadeRemedy, over: Found) -> Reach:
        text = bounds(_around(one.bounds for one in unit.texts), inverse(over.matrix))
        return drawn.reach(over.mark.rect, text, remedy.towards)

    def _picture(self, unit: _Unit) -> Found | None:
        """The topmost picture below the texts that all of them stand on, or else the topmost that some do. A cut-out
        with a shadow is no ground."""
        text = _around(one.bounds for one in unit.texts)
        first = min(one.way for one in unit.texts)
        below = [
            one for one in self._every
            if isinstance(one.mark, PictureMark) and one.mark.shadow is None and one.way < first
            and one.bounds.meets(text)
        ]  # fmt: skip
        whole = [one for one in below if one.bounds.contains(text, TOUCH)]
        return next(reversed(whole or below), None)

    # -------------------------------------------------------------------------------------------------- measuring

    def _readings(self, unit: _Unit, remedy: _Remedy) -> dict[Way, _Reading]:
        key = tuple(text.way for text in unit.texts), remedy
        if key not in self._read:
            self._read[key] = self._read_on(unit, remedy)
        return self._read[key]

    def _read_on(self, unit: _Unit, remedy: _Remedy) -> dict[Way, _Reading]:
        grounds = self._grounds(remedy)
        readings = {}
        for text in unit.texts:
            mark = _asked(text)
            assert mark.fit
            places = [self._box(bounds(part, text.matrix)) for part in self._bench.fitter.pieces(mark)]
            lights = [grounds[mark.layer].light(place) for place in dict.fromkeys(places)]
            words = bounds(mark.fit.extent, text.matrix)
            press = replace(self._press, stock=stock_in(self._press.stock, self._white, words))
            of_words = [self._ratio(run.ink, lights, press) for run in mark.runs if run.ink]
            ratios = [(ink, min(self._ratio(ink, lights, press), *of_words, MOST)) for ink in mark.inks]
            readings[text.way] = self._reading(text, mark, ratios)
        return readings

    def _ratio(self, ink: Ink, lights: Iterable[Light], press: PressProfile) -> float:
        """The contrast ratio of an ink, by its own value, against the worst tenth of the ground where that is worst."""
        red, green, blue = bytes.fromhex(look(ink, self._sheet.target, press)[1:])
        own = relative_luminance((red, green, blue))
        return floor(100 * min(worst_tenth(light, own) for light in lights)) / 100

    def _box(self, rect: Rect) -> PixelBox:
        """The pixels of the page in a rectangle, from even numbers on, two at least."""
        bleed = self._sheet.boxes.bleed
        density = self._bench.seen_density(self._sheet)  # of the ground, which is coarser in small looks
        width, height = Canvas(density, None).box(bleed)[2:]
        left, top, right, bottom = Canvas(density, None).box(rect)
        left, top = (min(max(0, edge), size - 2) & ~1 for edge, size in ((left, width), (top, height)))
        return left, top, max(left + 2, min(width, right)), max(top + 2, min(height, bottom))

    def _reading(self, text: Found, mark: LegibleText, ratios: Sequence[tuple[Ink, float]]) -> _Reading:
        assert mark.fit
        size = mark.fit.size * min(mark.inks_set.values()) * enlargement(text.matrix)
        asked = mark.remedies.asked or asked_of(self._sheet, mark, size)
        best = max(ratios, key=lambda one: one[1])
        readable = [one for one in ratios if one[1] >= asked]
        ink, contrast = readable[0] if readable and mark.remedies.first else best
        missed = {other.name: ratio for other, ratio in ratios if ratio < asked and (not readable or other != ink)}
        return _Reading(ink, contrast, asked, missed)

    def _grounds(self, remedy: _Remedy) -> Mapping[str, TextGround]:
        if remedy not in self._measured:
            sheet = self._with(remedy)
            self._measured[remedy] = grounds_again(self._bench, sheet, self._key_of(remedy, sheet), self._white)
        return self._measured[remedy]

    def _key_of(self, remedy: _Remedy, sheet: Sheet) -> str:
        """The key of the plate of a sheet for which so much is done: another one where a shade is painted on it."""
        is_own = any(isinstance(part, _Shade) and part.on_plate for part in remedy)
        return self._bench.plate_key(sheet) if is_own else self._plate_key

    # --------------------------------------------------------------------------------------------------- the marks

    def _with(self, remedy: _Remedy) -> Sheet:
        """The sheet with what is done for its texts."""
        if not remedy:
            return self._sheet
        below: dict[Way, list[Mark]] = {}
        above: dict[Way, list[Mark]] = {}
        for part in remedy:
            if isinstance(part, _Panel):
                marks = [_asked(self._by_way[way]) for way in part.texts]
                panel = drawn.panel(part.remedy, marks, f"{marks[0].layer}{PANEL}")
                below.setdefault(self._below(part.texts, panel.rect), []).append(panel)
        for shade in _merged(one for one in remedy if isinstance(one, _Shade)):
            picture = self._by_way[shade.picture].mark
            draw = drawn.shade_on_plate if shade.on_plate else drawn.live_shade
            name = f"{picture.layer} shade"
            above.setdefault(shade.picture, []).append(draw(picture.rect, shade.where, shade.ink, shade.strength, name))
        return replace(self._sheet, marks=laid_beside(self._sheet.marks, below, above))

    def _below(self, texts: Sequence[Way], panel: Rect) -> Way:
        """Below which mark a panel goes: the lowest text of its group that it would cover else."""
        first = min(texts)
        group, number = first[:-1], first[-1]
        for at in range(number - 1, -1, -1):
            mark = mark_at(self._sheet.marks, (*group, at))
            if isinstance(mark, TextMark):
                if mark.fit and mark.fit.extent.meets(panel):
                    number = at
            elif reach_of(mark).meets(panel):
                break
        return (*group, number)


def _asked(found: Found) -> LegibleText:
    assert isinstance(found.mark, LegibleText)
    return found.mark


def _around(rects: Iterable[Rect]) -> Rect:
    first, *others = rects
    for other in others:
        first = around(first, other)
    return first


def _units(every: Iterable[Found]) -> Iterator[_Unit]:
    """From the bottom up; those together where the first of them is."""
    named: dict[str, _Unit] = {}
    for one in every:
        if not isinstance(one.mark, LegibleText) or one.mark.fit is None:
            continue
        name = one.mark.remedies.together
        if name in named:
            named[name].texts.append(one)
            continue
        unit = _Unit([one])
        if name:
            named[name] = unit
        yield unit


def _merged(shades: Iterable[_Shade]) -> Iterator[_Shade]:
    """Of several on one picture that are alike, one that does for all."""
    alike: dict[tuple[Way, str, Ink, bool], _Shade] = {}
    for one in shades:
        key = one.picture, one.where.towards, one.ink, one.on_plate
        other = alike.get(key, one)
        alike[key] = replace(one, where=one.where.with_(other.where), strength=max(one.strength, other.strength))
    yield from alike.values()


def _inked(marks: Iterable[Mark], inks: Mapping[str, Ink]) -> tuple[Mark, ...]:
    return tuple(
        replace(mark, marks=_inked(mark.marks, inks)) if isinstance(mark, GroupMark)
        else in_one_ink(mark, inks.get(mark.layer, mark.inks[0])) if isinstance(mark, LegibleText)
        else mark
        for mark in marks
    )  # fmt: skip
