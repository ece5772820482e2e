"""compose: a layout, one row's content and its pictures become a sheet, with its texts fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pressrun.language.locale_formats import direction_of
from pressrun.model.brand import Brand
from pressrun.model.color import Ink
from pressrun.model.composition import CannotCompose, Composing, Faces
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import PageBoxes
from pressrun.model.layout import Layout, layer_name
from pressrun.model.sheet import TRANSPARENT, Mark, PictureMark, ShadeMark, ShapeMark, Sheet, TextMark
from pressrun.model.task import SheetContent


def compose(
    layout: Layout, brand: Brand, logos: Mapping[str, str], content: SheetContent, faces: Faces,
    fit: Callable[[TextMark], TextMark],
) -> tuple[Sheet, list[Finding]]:  # fmt: skip
    """Resolve every layer into marks; a layer that this row cannot have is an error finding, and left out.

    ``logos`` gives the digest of each version's SVG, ``faces`` what the fonts at hand make of a text;
    ``fit`` settles how it stands in its box.
    """
    boxes = layout.page.boxes()
    spots = frozenset(name for name in layout.inks if name != "cmyk")
    findings: list[Finding] = []
    marks: list[Mark] = []
    below: dict[str, PictureMark] = {}
    stages: dict[str, tuple[float, float]] = {}
    for index, options in enumerate(layout.layers):
        name = layer_name(options, index)
        if name not in content.layers:
            continue
        composing = Composing(
            brand=brand,
            boxes=boxes,
            spots=spots,
            locale=content.locale,
            direction=direction_of(content.locale),
            layer=name,
            content=dict(content.layers[name]),
            slots=dict(content.slots),
            files=dict(content.files),
            logos=dict(logos),
            below=below,
            stages=stages,
            faces=faces,
        )
        try:
            for mark in options.compose(composing):
                marks.append(fit(mark) if isinstance(mark, TextMark) else mark)
                if isinstance(mark, PictureMark):
                    below[name] = mark
        except CannotCompose as problem:
            findings.append(
                Finding(
                    Severity.ERROR, problem.code, problem.message, hint=problem.hint, layout=content.layout, layer=name
                )
            )
    ground = brand.palette["paper" if layout.ground == TRANSPARENT else layout.ground]
    ground_ink = Ink(layout.ground, ground.srgb, ground.cmyk)
    marks = _settle_shapes(marks, ground_ink, boxes)
    sheet = Sheet(
        content.layout,
        content.locale,
        layout.target,
        boxes,
        ground_ink,
        tuple(marks),
        content.title,
        content.description,
    )
    return sheet, findings


def _settle_shapes(marks: list[Mark], ground: Ink, boxes: PageBoxes) -> list[Mark]:
    """Shapes below the topmost picture, and translucent ones, are pixels; others stay live. Without any pixels
    the ground is a live shape, so that a purely vector page has its colour right out to the bleed."""
    top = max((at for at, mark in enumerate(marks) if _must_be_pixels(mark)), default=-1)
    settled = [
        replace(mark, pixels=True) if isinstance(mark, ShapeMark) and at <= top else mark
        for at, mark in enumerate(marks)
    ]
    if top < 0 and any(ground.cmyk) and ground.name != TRANSPARENT:
        return [ShapeMark("ground", boxes.bleed, "rect", ground, None, 0, 0), *settled]
    return settled


def _must_be_pixels(mark: Mark) -> bool:
    return isinstance(mark, (PictureMark, ShadeMark)) or (isinstance(mark, ShapeMark) and mark.opacity < 1)
