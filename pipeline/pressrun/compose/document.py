"""The pages of a document: which there are, in which order, and how far what goes on over them has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.compose import lifted
from pressrun.compose.repeated_items import Instance, items_of
from pressrun.language.lookup import EvaluationError
from pressrun.language.pages import LATER, PageFacts, tells_total
from pressrun.model.composition import Composing, Portion
from pressrun.model.finding import Finding, Severity
from pressrun.model.item_list import repeated_layer
from pressrun.model.layout import LayerOptions, Layout, PageOptions
from pressrun.model.sheet import Sheet
from pressrun.model.task import SheetContent

MOST_PAGES = 500  # that one page is repeated for what goes on over it
COUNTED_AGAIN = 3  # times that pages are set because something on them hangs on how many there are

Composed = tuple[Sheet, list[Finding]]


class Flow(Struct):
    """Where each text, table or grid is that goes on. ``threads`` are their layers, each with the one that it begins
    in; ``items`` are those of what the row repeats, see :func:`items_of`, and ``by_page`` the layers whose ``when``
    asks for the page that they stand on."""

    threads: Mapping[str, str]
    items: Mapping[str, Sequence[str]]
    by_page: frozenset[str]
    reached: dict[str, int | None] = field(default_factory=dict)  # by thread; None: all of it is set
    stuck: set[str] = field(default_factory=set)
    _children: dict[tuple[str, str], list[Instance]] = field(default_factory=dict)

    def children(
        self, layer: str, page: str, instances: Callable[[], Iterator[Instance]], inside: frozenset[str]
    ) -> Iterator[Instance]:
        """The layers in one that goes on, on a page of the layout: those on its first page are those on all, where
        nothing ``inside`` asks which that is."""
        if not self.by_page.isdisjoint(inside):
            return instances()
        if (layer, page) not in self._children:
            self._children[layer, page] = list(instances())
        return iter(self._children[layer, page])

    def portion(self, options: LayerOptions, composing: Composing) -> Portion:
        """What the next page has of a layer. Raises CannotCompose."""
        thread = self.threads[composing.layer]
        start = self.reached.get(thread, 0)
        if start is None:
            return Portion((), None)
        self.reached[thread] = None  # of a layer that cannot be composed nothing is left
        portion = options.compose_portion(composing, start)
        self.reached[thread] = portion.until
        if portion.until == start:
            self.stuck.add(composing.layer)
        return portion

    def reached_by(self, layer: str | None) -> int | None:
        """How far the thread of a layer has come, if it goes on."""
        return self.reached.get(self.threads[layer], 0) if layer is not None and layer in self.threads else None

    def start(self, layer: str, before: Mapping[str, Portion]) -> int | None:
        """Where a layer goes on behind what the page has of its thread ``before`` it; None where nothing is left."""
        thread = self.threads[layer]
        behind = [portion.until for name, portion in before.items() if self.threads[name] == thread]
        return behind[-1] if behind else self.reached.get(thread, 0)

    def settle(self, layer: str, portion: Portion) -> None:
        """Go on behind what a page has of a layer."""
        thread = self.threads[layer]
        if portion.until is not None and portion.until == self.reached.get(thread, 0):
            self.stuck.add(layer)
        self.reached[thread] = portion.until

    def is_done(self, layer: str) -> bool:
        return self.reached.get(self.threads[layer], 0) is None


ComposePage = Callable[[PageOptions, PageFacts, Flow], Composed]


class Document:
    """The pages of one row in a layout of several. ``compose`` makes one of them."""

    def __init__(self, layout: Layout, content: SheetContent, from_right: bool, compose: ComposePage) -> None:
        self._layout, self._content, self._from_right, self._compose = layout, content, from_right, compose
        self._threads, self._items = layout.flowing, items_of(content.layers)
        asked = (name for name, said in content.layers.items() if LATER in said)
        self._by_page = frozenset(map(repeated_layer, asked))

    def _flow(self) -> Flow:
        return Flow(self._threads, self._items, self._by_page)

    def pages(self) -> list[Composed]:
        """All of them, counted: where something hangs on their number, they are set again once it is known."""
        total = sum(1 + page.spread for page in self._layout.page_list if page.id in self._content.layers)
        hangs_on_total, blank = tells_total(self._content.layers), 0
        for _ in range(COUNTED_AGAIN):
            made = list(self._made(total, blank))
            missing = -(len(made) - blank) % self._layout.booklet.multiple if self._layout.booklet and made else 0
            if missing == blank and (len(made) == total or not hangs_on_total):
                self._tell_blank(made, blank)
                return made or [self._none()]
            total, blank = len(made) - blank + missing, missing
        message = "the number of pages hangs on itself: with each count there are others"
        made = made or [self._none()]
        made[-1][1].append(self._finding("pages-not-settled", message, "let no flow hang on page.total or is_last"))
        return made

    def _tell_blank(self, made: Sequence[Composed], blank: int) -> None:
        if blank:
            many = f"{blank} blank {'page' if blank == 1 else 'pages'}"
            before = self._layout.booklet.blank_before if self._layout.booklet else None
            is_last = not made[-1][0].marks  # where that page is left out
            place = f"before '{before}'" if before and not is_last else "at the end"
            message = f"{len(made) - blank} pages are no whole number of sheets: {many} {place}"
            note = self._finding("blank-pages", message, "add pages, or leave some out, where none may be blank")
            made[-1][1].append(replace(note, severity=Severity.NOTE))

    def _blank(self, number: int, total: int) -> Composed:
        """A page with nothing on it, of the layout's size and ground."""
        facts = PageFacts("", number, total, 1, self._from_right)
        sheet, _ = self._compose(PageOptions(id=""), facts, self._flow())
        return replace(sheet, marks=lifted.settled((), sheet.ground, sheet.boxes, set())), []

    def _none(self) -> Composed:
        """What stands for a document without pages: its first one, and that it should not be there."""
        page = self._layout.page_list[0]
        made = self._compose(page, PageFacts(page.id or "", 1, 1, 1, self._from_right), self._flow())
        hint = "let the `when` of one of them hold, or leave the row out of this layout"
        made[1].append(self._finding("no-page-left", "every page is left out", hint))
        return made

    def _made(self, total: int, blank: int) -> Iterator[Composed]:
        flow, count = self._flow(), 0
        last: Composed | None = None
        bound = self._layout.booklet
        for page in self._layout.page_list:
            if bound and page.id == bound.blank_before and self._is_set(page, self._facts(page, count, total), flow):
                yield from (self._blank(count + 1 + more, total) for more in range(blank))
                count, blank = count + blank, 0
            for turn in range(1, MOST_PAGES + 2):
                facts = replace(self._facts(page, count, total), turn=turn)
                if not self._is_set(page, facts, flow):
                    break
                if page.spread:
                    numbers = (count + 1, count + 2)
                    two = [self._compose(page, replace(facts, number=number), flow) for number in numbers]
                    if facts.is_left == self._from_right:
                        two[0][1].append(self._parted(page, count + 1))
                    count, last = count + 2, two[1]
                    yield from two
                    break
                before = flow.reached_by(page.flow)
                last = made = self._compose(page, facts, flow)
                count += 1
                yield made
                if flow.stuck or page.flow not in self._content.layers or flow.is_done(page.flow):
                    break
                if flow.reached_by(page.flow) == before and not self._comes_again(page, facts):
                    message = "there is more of it, and its `when`, or that of what it is in, holds on no further page"
                    hint = "let it hold on every turn of the page, or have another layer continue it"
                    made[1].append(self._finding("flow-not-there", message, hint, page.flow))
                    flow.reached[self._threads[page.flow]] = None
                    break
                if turn > MOST_PAGES - 1:
                    message = f"the page '{page.id}' has been repeated {MOST_PAGES} times, and there is no end to it"
                    hint = "give what goes on more room, or make it shorter"
                    made[1].append(self._finding("flow-without-end", message, hint, page.flow))
                    flow.reached[self._threads[page.flow]] = None
                    break
        if last is not None:
            last[1].extend(self._left(flow))
            yield from (self._blank(count + 1 + more, total) for more in range(blank))

    def _facts(self, page: PageOptions, count: int, total: int) -> PageFacts:
        """Of the next page behind so many."""
        return PageFacts(page.id or "", count + 1, total, 1, self._from_right)

    def _parted(self, page: PageOptions, number: int) -> Finding:
        message = f"the spread '{page.id}' would be pages {number} and {number + 1}, which lie on one leaf"
        hint = "put a page more or less before it, so that it begins on an even page"
        return self._finding("parted-spread", message, hint)

    def _comes_again(self, page: PageOptions, facts: PageFacts) -> bool:
        """Whether some layer that the page is repeated for is there on one of the pages that may follow."""
        thread = self._threads[page.flow or ""]
        ways = [
            self._conditions(one) for one in self._layout.layers
            if self._threads.get(one.id or "") == thread and isinstance(one, LayerOptions)
            and one.on_page in (None, page.id)
        ]  # fmt: skip
        later = (replace(facts, number=facts.number + more, turn=facts.turn + more) for more in range(1, MOST_PAGES))
        return any(way is not None and all(map(one.holds, way)) for one in later for way in ways)

    def _conditions(self, layer: LayerOptions) -> list[str] | None:
        """What is asked of a page on which a layer stands, and what that is in; None of one that the row has not."""
        containers = {one.id: one for one in self._layout.layers if one.CONTAINS}
        found: list[str] = []
        at: LayerOptions | None = layer
        while at is not None:
            texts = self._content.layers.get(at.id or "")
            if at.id is not None and texts is None:
                return None
            found += [texts[LATER]] if texts and LATER in texts else []
            at = containers.get(at.inside)
        return found

    def _is_set(self, page: PageOptions, facts: PageFacts, flow: Flow) -> bool:
        """Whether a page is there: a further one for what goes on only as long as there is something left."""
        texts = self._content.layers.get(facts.id)
        if texts is None or texts.get("when", page.when) != page.when:
            return False
        if page.flow is not None and flow.is_done(page.flow):
            return False
        try:
            return facts.holds(texts.get(LATER))
        except EvaluationError:
            return False

    def _left(self, flow: Flow) -> Iterator[Finding]:
        for layer in sorted(flow.stuck):
            message = "not even what comes next fits into its box, so that it cannot go on"
            yield self._finding("flow-too-narrow", message, "make the box higher or wider, or the type smaller", layer)
        if flow.stuck:
            return
        for thread, reached in flow.reached.items():
            if reached is not None:
                message = "there is no page left for the rest of it"
                hint = f"let a page repeat (`flow: {thread}`), or a further layer continue it"
                yield self._finding("flow-left-over", message, hint, thread)

    def _finding(self, code: str, message: str, hint: str, layer: str | None = None) -> Finding:
        return Finding(Severity.ERROR, code, message, hint=hint, layout=self._content.layout, layer=layer)
