"""The layers of one sheet, each composed in its place: on the page, or in the group that it is in."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from pressrun.compose.document import Flow
from pressrun.compose.laid import laid
from pressrun.compose.locale_layout import Around, Setting
from pressrun.compose.repeated_items import Instance, items_of
from pressrun.compose.taken_room import around, taken
from pressrun.compose.text_fit import TextFitter
from pressrun.language.lookup import EvaluationError
from pressrun.language.pages import LATER, PageFacts
from pressrun.model.brand import Brand
from pressrun.model.color import TechnicalInk
from pressrun.model.composition import CannotCompose, Composing, Faces, Portion, TextOptions
from pressrun.model.containment import Arranged, Contained, Lines
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import Frames, Rect
from pressrun.model.item_list import LEFT_OVER
from pressrun.model.layout import LayerOptions
from pressrun.model.sheet import Mark, PictureMark, TextMark, placed
from pressrun.model.table_content import CELLS, TableContent
from pressrun.model.task import SheetContent


class Tools(Struct, frozen=True):
    """What all layers of a brand's sheets are composed with. See :class:`Composing`."""

    brand: Brand
    logos: Mapping[str, str]
    faces: Faces
    fitter: TextFitter
    text_layer: Callable[[Mapping[str, Any]], TextOptions]
    logo_frame: Callable[[str], tuple[float, float]]


_UNKNOWN = Rect(0, 0, 0, 0)  # the extent of what nobody asks for


class LayerTree:
    """Composes the layers of one sheet; ``findings`` are what some could not be composed for, ``moving`` the names of
    those that stand elsewhere in other rows, ``extents`` what groups, stacks and grids take before they are turned."""

    def __init__(
        self, setting: Setting, content: SheetContent, tools: Tools, facts: PageFacts, flow: Flow | None = None
    ) -> None:
        self._setting, self._content, self._tools, self._facts, self._flow = setting, content, tools, facts, flow
        self._number = facts.number if flow else None
        self._portions: dict[str, Portion] = {}
        self._hugs = False  # whether what is measured is to be as wide as its layers need
        self._is_measuring = False  # of what is in something only the size is asked: composing it takes as long again
        self._below: dict[str, PictureMark] = {}
        self._stages: dict[str, tuple[float, float]] = {}
        self.findings: list[Finding] = []
        self.moving: set[str] = set()
        self.extents: dict[str, Rect] = {}

    def marks(self) -> list[Mark]:
        """All marks, from the bottom up."""
        page = self._setting.page
        if self._flow and self._flows_within:
            if self._setting.tells_page and not self._flows_by_layers:
                self._rehearse(page)
            marks = [mark for instance in self._instances(page) for mark in self._composed(*instance, page).marks]
            for name in self._in_order(self._portions):
                self._flow.settle(name, self._portions[name])
            return marks
        if self._flow:  # what goes on is first, since running heads name its entries
            for index, name, _ in list(self._instances(page)):
                if name in self._flow.threads:
                    portion = self._portions[name] = self._portion(self._flow, index, name, page)
                    self._facts = self._facts.with_entries(portion.first, portion.last)
        return [mark for index, name, suffix in self._instances(page)
                for mark in self._composed(index, name, suffix, page).marks]  # fmt: skip

    @functools.cached_property
    def _flows_within(self) -> bool:
        """Whether something goes on in a group or a stack, so that its place is known only there, or is a grid."""
        threads = self._flow.threads if self._flow else ()
        layers = zip(self._setting.names, self._setting.layout.layers, strict=True)
        of_layers = ((name, one) for name, one in layers if isinstance(one, LayerOptions))
        return any(name in threads and (one.inside or one.CONTAINS) for name, one in of_layers)

    @functools.cached_property
    def _flows_by_layers(self) -> bool:
        """Whether all that goes on is grids, of which running heads name no entries."""
        threads = self._flow.threads if self._flow else ()
        return all(one.CONTAINS for one in self._setting.layout.layers if one.id in threads)

    def _rehearse(self, page: Around) -> None:
        """Compose what is there for its entries alone, which running heads name."""
        told = len(self.findings)
        for instance in list(self._instances(page)):
            self._composed(*instance, page)
        del self.findings[told:]
        for name in self._in_order(self._portions):
            portion = self._portions[name]
            self._facts = self._facts.with_entries(portion.first, portion.last)
        self._portions.clear()

    def _in_order(self, names: Iterable[str]) -> list[str]:
        """Layers in the order in which their text or table runs through them."""
        return sorted(names, key=self._setting.names.index)

    def _going_on(self, name: str, options: LayerOptions, composing: Composing) -> Portion | None:
        """What a page has of a layer in the place that it is tried in; None of one that does not go on."""
        if not self._flow or name not in self._flow.threads or not self._flows_within:
            return self._portions.get(name)
        order = self._in_order({*self._portions, name})
        before = {one: self._portions[one] for one in order[: order.index(name)]}
        start = self._flow.start(name, before)
        self._portions[name] = Portion((), None)  # of a layer that cannot be composed nothing is left
        if start is not None:
            self._portions[name] = options.compose_portion(composing, start)
        return self._portions[name]

    def _of_page(self, flow: Flow, index: int, suffix: str, around: Around, composing: Composing) -> list[Contained]:
        """What a page has of the layers in one that goes on with them."""
        name = composing.layer
        options: LayerOptions = self._setting.layout.layers[index]
        start = flow.reached_by(name)
        self._portions[name] = Portion((), None)
        if start is None:
            return []
        within = self._within(index, suffix, around, composing)
        instances = flow.children(name, self._facts.id, lambda: self._instances(within), self._inside(name))
        coming = itertools.islice(instances, start, None)
        shown, is_all = options.fitting(composing, (self._one_contained(*one, within) for one in coming))
        self._portions[name] = Portion((), None if is_all else start + len(shown))
        return shown

    def _instances(self, around: Around) -> Iterator[Instance]:
        """The layers that are in something, as often as the row has them: each one's place in the layout, its name, and
        what that has more than its options say."""
        setting, said, items = self._setting, self._content.layers, self._items
        for places in setting.inside.get(around.group, ()):
            name = setting.names[places[0]]
            for more in (around.suffix, *items.get(name + around.suffix, ())):
                full, is_item = name + more, more != around.suffix
                for index in places if full in said else ():
                    options, own = setting.layout.layers[index], said[full]
                    if (options.repeat is not None) != is_item or own.get("when", options.when) != options.when:
                        continue  # of alternatives the row has another one
                    if around.closes_up and self._says_nothing(index, full, more):
                        continue
                    if LATER not in own or self._holds(own[LATER], full):
                        yield index, full, more

    @functools.cached_property
    def _items(self) -> Mapping[str, Sequence[str]]:
        return self._flow.items if self._flow else items_of(self._content.layers)

    def _says_nothing(self, index: int, name: str, suffix: str) -> bool:
        """Whether a layer has a text, rows or a file, and that is empty, or contains nothing but such layers."""
        options = self._setting.layout.layers[index]
        if options.CONTAINS:
            within = Around(self._setting.names[index], suffix, self._setting.page.frames, closes_up=True)
            return not any(self._instances(within))
        said = self._content.layers[name]
        if CELLS in said:
            return TableContent.read(said[CELLS]).is_empty
        return bool(options.TEMPLATES) and not said.get(options.TEMPLATES[0], "something").strip()

    def _holds(self, condition: str, name: str) -> bool:
        """Whether what was left of a layer's condition holds on this page."""
        try:
            return self._facts.holds(condition)
        except EvaluationError as error:
            self._tell(Severity.ERROR, "bad-value", error.message, name, error.hint)
            return False

    def _portion(self, flow: Flow, index: int, name: str, around: Around) -> Portion:
        """What this page has of a layer that goes on."""
        options: LayerOptions = self._setting.layout.layers[index]
        try:
            return flow.portion(options, self._composing(index, name, around, None))
        except CannotCompose as problem:
            self._tell(Severity.ERROR, problem.code, problem.message, name, problem.hint)
            return Portion((), None)

    def _composed(self, index: int, name: str, suffix: str, around: Around, place: Rect | None = None) -> Arranged:
        """A layer that this row cannot have is an error finding, and left out."""
        composing = self._composing(index, name, around, place)
        options: LayerOptions = self._setting.layout.layers[index]
        stands = self._setting.stand[index]
        try:
            if options.CONTAINS:
                if self._flow and name in self._flow.threads:
                    contained = self._of_page(self._flow, index, suffix, around, composing)
                else:
                    contained = list(self._contained(index, suffix, around, composing))
                made = options.arrange(composing, contained)
                self.extents[name] = made.extent
            else:
                hugs = place is not None and options.HUGS
                going_on = self._going_on(name, options, composing)
                needed = going_on.extent if going_on else options.extent(composing) if hugs else None
                if needed and self._is_measuring:
                    return Arranged((), needed)
                marks = tuple(options.compose(composing)) if going_on is None else going_on.marks
                for mark in marks:
                    if isinstance(mark, PictureMark):
                        self._below[name] = mark
                if around.moves:
                    self.moving.add(name)
                made = Arranged(marks, needed or place or (_UNKNOWN if stands else composing.rect(options)))
                if hugs and not needed:
                    made = self._hugged(made)
        except CannotCompose as problem:
            self._tell(Severity.ERROR, problem.code, problem.message, name, problem.hint)
            return Arranged((), Rect(place.x, place.y, 0, 0) if place else _UNKNOWN)
        if made.fault:
            self._tell(Severity.ERROR, made.fault.code, made.fault.message, name, made.fault.hint)
        if LEFT_OVER in composing.content:
            self._tell_left_over(composing.content[LEFT_OVER], name)
        return made if stands else Arranged(laid(options, made.marks, made.extent, composing), made.extent)

    def _composing(self, index: int, name: str, around: Around, place: Rect | None) -> Composing:
        setting, content = self._setting, self._content.layers[name]
        options: LayerOptions = setting.layout.layers[index]
        is_settled = options.repeat is None and (options.LOOKS_ALIKE or (around.is_settled and place is None))
        return Composing(
            brand=self._tools.brand,
            frames=around.frames,
            inks=setting.inks,
            locale=self._content.locale,
            direction=setting.direction,
            target=setting.layout.target,
            layer=name,
            number=index,
            content=self._facts.written(content, self._content.locale) if setting.tells_page else content,
            slots=self._content.slots,
            files=self._content.files,
            logos=self._tools.logos,
            below=self._below,
            stages=self._stages,
            faces=self._tools.faces,
            fitted=self._tools.fitter.fit,
            natural=self._tools.fitter.natural,
            text_layer=self._tools.text_layer,
            logo_frame=self._tools.logo_frame,
            resolved=setting.resolved if is_settled else {},
            shared_size=self._content.sizes.get(name),
            place=place,
            hugs=self._hugs,
            mirrors=around.mirrors,
        )

    def _contained(self, index: int, suffix: str, around: Around, composing: Composing) -> Iterator[Contained]:
        """The layers in a group, each to be composed where it has them."""
        within = self._within(index, suffix, around, composing)
        return (self._one_contained(*instance, within) for instance in self._instances(within))

    def _within(self, index: int, suffix: str, around: Around, composing: Composing) -> Around:
        """What the layers in a group are in."""
        options = self._setting.layout.layers[index]
        frames = Frames(around.frames.page, composing.rect(options))
        is_settled = composing.resolved is self._setting.resolved
        mirrors = composing.mirrors and options.mirror
        moves = around.moves or (options.PLACES and self._is_uneven(index))
        return Around(self._setting.names[index], suffix, frames, mirrors, is_settled, options.PLACES, moves)

    def _inside(self, group: str) -> frozenset[str]:
        """The names of all layers in a group, those in groups within it too."""
        names = {self._setting.names[at] for some in self._setting.inside.get(group, ()) for at in some}
        return frozenset(names).union(*map(self._inside, names))

    def _is_uneven(self, index: int) -> bool:
        """Whether some layer in a stack takes more room in one row than in another."""
        setting = self._setting
        inside = (setting.layout.layers[at] for some in setting.inside.get(setting.names[index], ()) for at in some)
        return any(one.HUGS or one.when is not None or one.repeat is not None for one in inside)

    def _one_contained(self, index: int, name: str, suffix: str, within: Around) -> Contained:
        options = self._setting.layout.layers[index]
        aspect = options.aspect(self._composing(index, name, within, None))
        own = functools.partial(self._composed, index, name, suffix, within)

        def composed(place: Rect | None) -> Arranged:
            return Arranged((), place or _UNKNOWN) if self._is_measuring else own(place)

        def tried(place: Rect, *, is_measuring: bool) -> Arranged:
            told, before = len(self.findings), self._is_measuring
            self._is_measuring = is_measuring
            made = own(place)
            self._is_measuring = before
            del self.findings[told:]  # they are told where it is composed
            return made

        def extent(place: Rect, hugs: bool) -> Rect:
            before, self._hugs = self._hugs, hugs
            made = tried(place, is_measuring=True)
            self._hugs = before
            return made.extent

        def baseline(place: Rect) -> float:
            return tried(place, is_measuring=False).baseline

        def lines(place: Rect) -> Lines | None:
            return tried(place, is_measuring=False).lines if options.HUGS and not options.CONTAINS else None

        return Contained(options.box, name, options.id, aspect, options.HUGS, composed, extent, baseline, lines)

    def _hugged(self, made: Arranged) -> Arranged:
        """A layer's marks with the fits of their texts, and the rectangle that these take."""
        texts = [mark for mark in made.marks if isinstance(mark, TextMark)]
        fits = iter(self._tools.fitter.fit(texts))
        marks = tuple(next(fits) if isinstance(mark, TextMark) else mark for mark in made.marks)
        rects = [taken(one.mark) for one in placed(marks)]
        return Arranged(marks, around(rects) or Rect(made.extent.x, made.extent.y, 0, 0))

    def _tell(self, severity: Severity, code: str, message: str, layer: str, hint: str | None = None) -> None:
        self.findings.append(
            Finding(
                severity, code, message, hint=hint, layout=self._content.layout, layer=layer, page=self._number
            )
        )  # fmt: skip

    @property
    def page(self) -> Rect:
        """The bleed box."""
        return self._setting.page.frames.page.bleed

    def tell_technical(self, layer: str, ink: TechnicalInk) -> None:
        message = f"{ink.name} is for the {ink.step}, and no picture or shade can be in it"
        hint = "give it to a shape, a text, a logo or a code"
        self._tell(Severity.ERROR, "technical-in-pixels", message, layer, hint)

    def _tell_left_over(self, count: str, layer: str) -> None:
        message = f"{count} more {'is' if count == '1' else 'are'} left out, beyond the `limit`"
        self._tell(Severity.NOTE, "left-over-items", message, layer)
