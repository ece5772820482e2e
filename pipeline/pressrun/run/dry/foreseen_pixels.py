"""Texts that would become pixels in a file without transparency, told of settled sheets before their pictures are
there: what is to come is as opaque as its slot says."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from msgspec import Struct
from PIL import Image

from pressrun.graphics.svg.artwork import Artwork, UnusableArtwork, read_artwork
from pressrun.graphics.svg.elements import without
from pressrun.graphics.texts.typst_engine import Typesetter, TypesettingFailed
from pressrun.model.errors import TextInTransparency
from pressrun.model.finding import Finding, Severity
from pressrun.model.format_kind import FLAT_PRESS
from pressrun.model.placed_page import SVG, PageMark
from pressrun.model.plan import PlannedSheet
from pressrun.model.project import Project
from pressrun.model.rendering import Document, Piece, Pixels
from pressrun.model.sheet import PictureMark, ShadeMark, Sheet
from pressrun.run.presses import presses_of

_ALL_OF_IT, _SOME_OF_IT = Image.new("RGB", (1, 1)), Image.new("RGBA", (1, 1), (0, 0, 0, 128))


class ToolsAtHand(Struct, frozen=True):
    """What sheets are set with where no worker is at work, and nothing is stored. Logos go by their names."""

    project: Project
    typesetter: Typesetter

    def artwork(self, digest: str) -> Artwork:
        """A logo by its name; what a row names is drawn as pixels. Raises UnusableArtwork."""
        if digest not in self.project.logos:
            raise UnusableArtwork("it is no logo")
        return _artwork(self.project.logos[digest].read_bytes())

    def piece(self, sheet: Sheet, mark: PictureMark | ShadeMark, enlarged: float = 1.0) -> tuple[Pixels, Piece]:
        seen = _SOME_OF_IT if self._shows_through(mark) else _ALL_OF_IT
        return Pixels(seen.mode, mark.rect), Piece(seen, alpha=b"" if seen is _SOME_OF_IT else None)

    def document(self, sheet: Sheet, mark: PageMark) -> Document:
        from pressrun.graphics.pages.placed_pages import document_of

        path = self.project.find_file(mark.name)
        assert path, "a file that is not there was told of before"
        data = path.read_bytes()
        if mark.palette:
            data = without(data, mark.without) if mark.without else data
            data = self.typesetter.drawn_svg(data, mark.rect.width, mark.rect.height)
        return document_of(mark, data, presses_of(self.project)[sheet.condition].data, sheet.target)

    def _shows_through(self, mark: PictureMark | ShadeMark) -> bool:
        if isinstance(mark, ShadeMark) or mark.shadow or mark.media_type == SVG:
            return True
        slot = self.project.job.pictures.get(mark.slot or "")
        if slot is None:
            return False
        return slot.background == "transparent" or any(step.type == "cutout" for step in slot.steps)


def may_be_refused(project: Project, planned: PlannedSheet) -> bool:
    """Whether a sheet has a file without transparency, in which its texts are to stay live."""
    flat = any(file.format == FLAT_PRESS for file in planned.files)
    return flat and not project.drawn_by(planned.drawn_by).layout.flatten


def foreseen(tools: ToolsAtHand, planned: PlannedSheet, sheet: Sheet) -> Iterator[Finding]:
    """What making a sheet without transparency would be refused for."""
    if not may_be_refused(tools.project, planned):
        return
    from pressrun.graphics.inked.flat_pages import texts_in_transparency
    from pressrun.typeset import typeset

    try:
        (overlay,) = typeset([sheet], tools)
        layers = texts_in_transparency(overlay, sheet) if overlay else ()
    except (TypesettingFailed, UnusableArtwork):  # which has other reasons, and is told with them
        return
    if layers:
        fault = TextInTransparency([(layer, None) for layer in layers])
        yield Finding(
            Severity.ERROR, fault.code, fault.message, hint=fault.hint, layout=planned.layout, layer=layers[0],
            page=sheet.page,
        )  # fmt: skip


@functools.lru_cache(maxsize=16)
def _artwork(svg: bytes) -> Artwork:
    return read_artwork(svg)
