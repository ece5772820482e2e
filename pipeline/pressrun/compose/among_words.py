"""Logos and pictures that stand among words: marks of their own, where the fit of their text has them."""

from __future__ import annotations

from msgspec.structs import replace

from pressrun.model.geometry import Rect, after
from pressrun.model.placed_page import PageMark
from pressrun.model.sheet import GroupMark, LogoMark, Mark, PictureMark, TextMark
from pressrun.model.spans import OBJECT, InlineLogo, InlinePicture, Run


def with_logos(mark: Mark) -> Mark:
    """A text together with the logos and pictures among its words, where it was fitted."""
    if not isinstance(mark, TextMark) or mark.fit is None or not mark.fit.logos:
        return mark
    runs = (run for run in mark.fit.spans if isinstance(run, Run))
    shown = (run.logo for run in runs if run.logo for _ in range(run.text.count(OBJECT)))
    column = mark.fit.column
    made = (
        _among_words(logo, f"{mark.layer}/{number}", Rect(column.x + at.x, column.y + at.y, at.width, at.height))
        for number, (logo, at) in enumerate(zip(shown, mark.fit.logos, strict=True), start=1)
    )
    return GroupMark(mark.layer, mark.rect, (replace(mark, fit=replace(mark.fit, logos=())), *made))


def _among_words(shown: InlineLogo | InlinePicture, layer: str, rect: Rect) -> Mark:
    if isinstance(shown, InlineLogo):
        return LogoMark(layer, rect, shown.candidates, "start", "bottom", dict(shown.inks))
    if shown.page is None:
        whole = (0.0, 0.0, 1.0, 1.0)
        return PictureMark(layer, rect, shown.digest, shown.media_type, shown.size, whole, lifted=True)
    scale = rect.width / shown.page.box(shown.page.trim).width
    matrix = after(shown.page.matrix, (scale, 0.0, 0.0, scale, rect.x, rect.y))
    own = shown.page
    return PageMark(layer, rect, shown.file, shown.digest, 1, matrix, True, (), (), own.faults, shown.inks, own.texts)
