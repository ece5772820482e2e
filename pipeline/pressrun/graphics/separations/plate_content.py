"""Pages of a press file as the plate of an ink has them: every colour in them is how much light that ink leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Stream

from pressrun.graphics.separations.colorants import Space, Spaces
from pressrun.graphics.separations.paint_state import State
from pressrun.graphics.separations.plate_pictures import PlatePictures
from pressrun.graphics.separations.plate_stream import PlateStream, TooManyForms
from pressrun.model.separations import PROCESS

MOST_FORMS = 20_000  # drawn anew for an ink; no page needs more
MOST_DEPTH = 40
_NEW = ("/Length", "/Filter", "/DecodeParms", "/Resources", "/Group")  # keys of a form that its plate's has anew
_PAPER_IS_NONE = frozenset({"/Normal", "/Multiply", "/Darken"})  # which leave what they mix with white as it is
_BY_PROCESS_INK = frozenset({"/Difference", "/Exclusion"})
_BY_INK = frozenset({
    "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight"
})  # fmt: skip


class PlateContent:
    """Writes contents of a file anew for an ink."""

    def __init__(self, pdf: pikepdf.Pdf, ink: str, spaces: Spaces, pictures: PlatePictures) -> None:
        self.pdf, self.ink, self.spaces, self.pictures = pdf, ink, spaces, pictures
        self.used: set[Space] = set()
        self.would_mix_with_paper = False  # and does not: a page is isolated (11.4.7)
        self._forms: dict[Any, Stream] = {}
        self._instructions: dict[tuple[int, int], list[Any]] = {}
        self._depth = 0

    def mix_of(self, mode: str) -> str:
        """How a blend mode mixes on this plate: spots know those alone that keep white (11.7.4.2)."""
        keeps = mode in _BY_INK or (mode in _BY_PROCESS_INK and self.ink in PROCESS)
        if not keeps:
            return "/Normal"
        self.would_mix_with_paper |= mode not in _PAPER_IS_NONE
        return mode

    def page(self, page: pikepdf.Page) -> tuple[bytes, Dictionary]:
        """A page's content, and its resources."""
        return self.written(pikepdf.parse_content_stream(page), page.resources, State())

    def written(self, instructions: Iterable[Any], resources: Any, state: State) -> tuple[bytes, Dictionary]:
        run = PlateStream(self, resources, state)
        self._depth += 1
        try:
            for instruction in instructions:
                run.take(instruction)
        finally:
            self._depth -= 1
        return pikepdf.unparse_content_stream(run.out), run.resources()

    def form(self, form: Any, state: State, resources: Any) -> Stream | None:
        """A form, a tile or a drawn letter, as it is when drawn in this state; None where forms go round in circles."""
        is_group = isinstance(form.get("/Group"), Dictionary)
        if is_group:
            state = state.anew
        key = (form.objgen, state.handed_on) if form.objgen[0] else None
        if key is not None and key in self._forms:
            return self._forms[key]
        if self._depth > MOST_DEPTH:
            return None
        if len(self._forms) > MOST_FORMS:
            raise TooManyForms("a page draws more forms than can be separated")
        own = form.get("/Resources", resources)
        made = Stream(self.pdf, b"")
        for name, value in form.items():
            if name not in _NEW:
                made[name] = value
        if is_group:
            made.Group = Dictionary({name: value for name, value in form.Group.items() if name != "/CS"})
            made.Group.CS = Name.DeviceGray
        if key is not None:
            self._forms[key] = made
        content, needed = self.written(self._parsed(form), own, state)
        made.write(content)
        made.Resources = needed
        return made

    def drawn_font(self, font: Any, state: State, resources: Any) -> Any:
        """A font of drawn letters, which may bring colours of their own, as they are when shown in this state."""
        own = Dictionary(dict(font.items()))
        letters: dict[str, Any] = {}
        needed: dict[str, dict[str, Any]] = {}
        for name, letter in font.get("/CharProcs", {}).items():
            form = self.form(letter, state, font.get("/Resources", resources))
            letters[name] = form if form is not None else letter
            for kind, named in form.Resources.items() if form is not None else ():
                needed.setdefault(kind, {}).update(named.items())
        own.CharProcs = Dictionary(letters)
        own.Resources = Dictionary({kind: Dictionary(named) for kind, named in needed.items()})
        return self.pdf.make_indirect(own)

    def _parsed(self, form: Any) -> list[Any]:
        key = form.objgen
        if not key[0]:
            return list(pikepdf.parse_content_stream(form))
        if key not in self._instructions:
            self._instructions[key] = list(pikepdf.parse_content_stream(form))
        return self._instructions[key]
