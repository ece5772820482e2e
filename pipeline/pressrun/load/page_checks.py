"""What a layout of several pages says of them, checked: names, folds, and what goes on from page to page."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from pressrun.language.expression import compile_expression
from pressrun.language.pages import asks_for_page
from pressrun.load.campaign_reader import Reader
from pressrun.model.geometry import PANEL, SIDES, PageBoxes
from pressrun.model.layout import LayerOptions, Layout, PageOptions
from pressrun.model.project import KeyPath
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource

APART = 0.05  # points by which the panels of front and back may differ


def check_pages(reader: Reader, layout: Layout, source: YamlSource) -> None:
    """Tell what is wrong with the pages of a layout, and with what refers to them."""
    _check_booklet(reader, layout, source)
    pages = [one.id for one in layout.page_list]
    flowing = layout.flowing.keys() - {one.flow for one in layout.page_list if one.spread}  # it is told of the spread
    named = Counter(one.id for one in layout.layers)
    for index, options in enumerate(layout.layers):
        if isinstance(options, PageOptions):
            _check_flow(reader, layout, options, source, index)
            continue
        at = ("layers", index)
        if options.id and named[options.id] > 1 and _asks_for_page(options.when):
            message = f"layers of the one id '{options.id}' are told apart before pages are counted"
            place = source.place((*at, "when"))
            reader.error("alternatives-by-page", message, place, "give each an id of its own")
        if options.on_page is not None and options.on_page not in pages:
            hint = did_you_mean(options.on_page, map(str, pages), "pages") if pages else "the layout has no `pages`"
            message = f"there is no page '{options.on_page}' here"
            reader.error("unknown-page", message, source.place((*at, "on_page")), hint)
        panel = PANEL.fullmatch(options.box.within or "")
        if panel and any(int(panel[1]) > len(boxes.panels) for boxes in layout.boxes_for(options)):
            message = f"the page has no {options.box.within}"
            reader.error("unknown-panel", message, source.place((*at, "box", "in")), "list its `panels` under `page`")
        if options.box.within in SIDES and not _is_on_spreads(layout, options):
            message = f"the page has no {options.box.within}"
            hint = "write `spread: true` on the page, or `in: safe`"
            reader.error("unknown-panel", message, source.place((*at, "box", "in")), hint)
        if options.id in flowing and _is_on_spreads(layout, options, some=True):
            message = "what goes on over pages cannot stand on a spread, which is drawn as one"
            reader.error("cannot-flow", message, source.place(at), "put it on pages of their own")
        elif options.id in flowing and (why := _cannot_flow(layout, options)):
            reader.error("cannot-flow", f"{why[0]} cannot go on over several pages", source.place(at), why[1])
    for front, back in list(pairwise(layout.page_list))[::2]:
        boxes, behind = ((one.page or layout.page).boxes() for one in (front, back))
        if boxes.panels and behind.panels and not _fold_together(boxes, behind):
            index = layout.layers.index(back)
            place = source.place(("layers", index, "page", "panels") if back.page else ("page", "panels"))
            message = f"the panels of '{back.id}' do not lie behind those of '{front.id}'"
            hint = "on the back they come in the opposite order: 100mm, 100mm, 97mm behind 97mm, 100mm, 100mm"
            if "down" in {(one.page or layout.page).panels_run for one in (front, back)}:
                hint = "those that run down do so on both sides, in the same order: the sheet is turned sideways"
            reader.error("bad-fold", message, place, hint)


def _is_on_spreads(layout: Layout, layer: LayerOptions, *, some: bool = False) -> bool:
    """Whether all pages that a layer stands on are spreads, or some are."""
    pages = [page.spread for page in layout.page_list if layer.on_page in (None, page.id)]
    return any(pages) if some else bool(pages) and all(pages)


def _check_booklet(reader: Reader, layout: Layout, source: YamlSource) -> None:
    """What only a booklet has, and what it needs."""
    bound, pages = layout.booklet, [str(one.id) for one in layout.page_list]
    spreads = [(one, ("layers", layout.layers.index(one))) for one in layout.page_list if one.spread]
    if bound is None:
        needing: list[tuple[KeyPath, str]] = [((*at, "spread"), "a spread") for _, at in spreads]
        needing += [(("page", "inner"), "an `inner` margin")] if layout.page.inner is not None else []
        needing += [(("layers", layout.layers.index(one), "page", "inner"), "an `inner` margin")
                    for one in layout.page_list if one.page and one.page.inner is not None]  # fmt: skip
        for path, what in needing:
            message = f"{what} is of a booklet, which this layout is not"
            reader.error("no-booklet", message, source.place(path), "write `booklet: true` beside `page`")
    elif not pages:
        reader.error("no-booklet", "a booklet has several pages", source.place(("booklet",)), "list its `pages`")
    elif bound.blank_before is not None and bound.blank_before not in pages:
        hint = did_you_mean(bound.blank_before, pages, "pages")
        message = f"there is no page '{bound.blank_before}' here"
        reader.error("unknown-page", message, source.place(("booklet", "blank_before")), hint)
    for spread, at in spreads:
        if spread.flow is not None:
            message = "a spread is not repeated for what goes on"
            reader.error("cannot-flow", message, source.place((*at, "flow")), "let pages of their own be")
        if (spread.page or layout.page).panels:
            message = "a page that is folded is no spread"
            reader.error("bad-fold", message, source.place((*at, "spread")), "take its panels out")


def _asks_for_page(condition: str | None) -> bool:
    expression = compile_expression(condition)[0] if condition is not None else None
    return expression is not None and asks_for_page(expression)


def _cannot_flow(layout: Layout, options: LayerOptions) -> tuple[str, str] | None:
    """What a layer is that cannot go on, and what could; None of one that can."""
    if not options.FLOWS:
        return f"a layer of type {options.type}", "a text, a table or a grid can"
    if options.continues and options.CONTAINS:
        return "another grid than the one that it begins in", "let the page of the grid repeat: `flow`, with its id"
    containers = {one.id: one for one in layout.layers if isinstance(one, LayerOptions) and one.CONTAINS}
    around = containers.get(options.inside)
    while around is not None:
        if around.repeat is not None:
            told = f"what is inside of '{around.id}', which is repeated,"
            return told, "it is there several times: let a layer go on that is there once"
        around = containers.get(around.inside)
    if options.repeat is not None:
        return "a layer that is repeated", "a table goes on with its rows; of other layers let one page have all items"
    return None


def _check_flow(reader: Reader, layout: Layout, page: PageOptions, source: YamlSource, index: int) -> None:
    """A page is repeated for a layer of its own."""
    if page.flow is None:
        return
    own = [str(one.id) for one in layout.layers
           if isinstance(one, LayerOptions) and one.id and one.on_page in (page.id, None)]  # fmt: skip
    if page.flow not in own:
        message = f"the page '{page.id}' has no layer '{page.flow}' that could go on"
        place = source.place(("layers", index, "flow"))
        reader.error("unknown-layer", message, place, did_you_mean(page.flow, own, "layers of the page"))


def _fold_together(front: PageBoxes, back: PageBoxes) -> bool:
    """Whether the panels of a back lie behind those of its front, the sheet being turned sideways."""
    behind = sorted(back.panels, key=lambda one: (-one.x, one.y))
    return len(behind) == len(front.panels) and all(
        abs(one.width - other.width) < APART and abs(one.height - other.height) < APART
        for one, other in zip(front.panels, behind, strict=True)
    )
