"""The pictures a row asks for: prompt text from templates, the brief for those who cannot read, references."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

from pressrun.expand.compiled import Compiled, told
from pressrun.expand.references import check_shape, mask, reference
from pressrun.language.templates import Template
from pressrun.language.vocabulary import character_view, reference_view
from pressrun.model.brand import Character
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import PictureSlot, Prompt, Row
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.model.record import Record
from pressrun.model.template import TemplateFault

Sent = tuple[Reference, str]
"""A picture that is sent along, and what it is for."""
ANCHOR = "the approved picture of this set: match its light, grain and colours, and draw nothing of what it shows"
BOARD = "the style board of the brand: take its mood, light and colours, and draw nothing of what it shows"
_KEPT = 8_192  # prompts remembered a slot; rows that share a picture follow each other closely
_BLANKS = re.compile(r"[ \t]+")
_GAPS = re.compile(r"\n{3,}")
_EMPTY_SECTION = re.compile(r"^[^\W\d_][^\n:]*:\n(?=\n|\Z)", re.MULTILINE)


class SlotPrompts:
    """The prompts of one picture slot, remembered by the values its templates use: rows that do not differ in these
    share one request."""

    def __init__(self, parts: Compiled, slot: str, options: PictureSlot) -> None:
        self.parts, self.slot, self.options = parts, slot, options
        self.worded = parts.project.job.provider_of(slot).READS_PROMPT  # what exists needs no words
        self.template = parts.prompts.file(options.prompt) if self.worded else None
        self.references = tuple(parts.references.text(one.file) for one in options.sent)
        self.anchor = parts.references.text(options.anchor) if options.anchor else None
        self.mask = parts.references.text(options.mask) if options.mask else None
        self.characters = _characters(parts)
        of_the_row = {*parts.expanded, *parts.project.job.values}
        read = parts.loaded.names_read(slot)
        self.uses = tuple(sorted((use for use in read if use[0] in of_the_row), key=str))
        self.place = parts.project.places.get(("pictures", slot, "prompt"))
        self.brief = functools.cache(self._brief)
        self._known: dict[tuple[Any, ...], tuple[Prompt, ...]] = {}

    def of(self, row: Row) -> tuple[Prompt, ...]:
        values = row.values
        key = (row.theme, *[_part(values.get(name), attribute) for name, attribute in self.uses])
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            found = self._known[key] = tuple(self._make(row))
        return found

    def _make(self, row: Row) -> Iterable[Prompt]:
        names = {**row.values, "brand": self.parts.brand}
        own = tuple(self._references(row, names))
        mask_ = self._mask(row, names, tuple(one for one, _ in own))
        always = (*own, *(self._of_the_set(row, names) if self.worded else ()))
        options = self.options
        for master_id, master in options.masters.items():
            names["master"] = self.parts.masters[self.slot, master_id]
            text, lettering, references = self._text(row, names, always)
            if mask_:
                check_shape(own[0][0], master.size, f"{self.slot}/{master_id}", row)
            if not text and self.worded:
                message = f"the prompt for '{self.slot}' is empty"
                raise InputError([Finding(Severity.ERROR, "empty-prompt", message, self.place, row=row.id)])
            for take in range(1, options.takes + 1):
                request = PictureRequest(
                    text, master.size, self.brief(row.theme, master_id), take, options.background, references, mask_,
                    options.quality, lettering=lettering, feather=options.feather if mask_ else None,
                )  # fmt: skip
                yield Prompt(self.slot, master_id, take, request, options.prompt)

    def _text(
        self, row: Row, names: dict[str, Any], always: tuple[Sent, ...]
    ) -> tuple[str, tuple[str, ...], tuple[Reference, ...]]:
        """The prompt, the texts it asks the picture to show, and what is sent along: ``always``, and the sheets of the
        characters in it.

        Who is in it is known once it is written: where somebody is, it is written again with their descriptions.
        """
        present: list[Character] = []
        if self.template is None:
            return "", (), tuple(dict.fromkeys(one for one, _ in always))
        while True:
            lettering: list[str] = []
            sent = self._numbered(row, always, present)
            names["references"] = [
                reference_view(number, one.name, purpose) for number, (one, purpose) in enumerate(sent.items(), start=1)
            ]
            views = tuple(character_view(one) for one in present)
            try:
                text = normalised(self.template.render({**names, "characters": views, "lettering": lettering}))
            except TemplateFault as fault:
                place = self.place
                if fault.template in self.parts.project.prompts:
                    place = Place(f"templates/prompts/{fault.template}", 1)
                raise InputError([told(fault, place, row=row.id)]) from None
            named = [one for name, one in self.characters if one in present or name.search(text)]
            if named == present:
                return text, tuple(lettering), tuple(sent)
            present = named  # descriptions may name further characters: it ends when no one is new

    def _brief(self, theme_id: str, master_id: str) -> Brief:
        brand, master = self.parts.project.brand, self.options.masters[master_id]
        theme = brand.themes.get(theme_id)
        return Brief(
            brand=self.parts.project.brand_id,
            palette=tuple((name, swatch.srgb) for name, swatch in brand.palette.items()),
            motifs=brand.motifs,
            theme=theme_id,
            theme_terms=theme.terms if theme else (),
            theme_palette=theme.palette if theme else (),
            lighting=(theme.lighting if theme else "") or brand.style.lighting,
            composition=theme.composition if theme else "",
            space=master.space,
            stage=master.stage,
        )

    def _references(self, row: Row, names: dict[str, Any]) -> Iterable[Sent]:
        for index, (template, said) in enumerate(zip(self.references, self.options.sent, strict=True)):
            # A product without a photo has none to send along.
            if written := self._name(template, row, names, ("references", index)):
                yield reference(self.parts.project, written, row), said.purpose

    def _of_the_set(self, row: Row, names: dict[str, Any]) -> Iterable[Sent]:
        """What goes along with all pictures of a set: the approved one, and the brand's boards."""
        project = self.parts.project
        if self.anchor and (written := self._name(self.anchor, row, names, ("anchor",))):
            yield reference(project, written, row), ANCHOR
        for board in project.brand.style.boards:
            yield reference(project, board.file, row), board.purpose or BOARD

    def _numbered(self, row: Row, always: tuple[Sent, ...], present: list[Character]) -> dict[Reference, str]:
        """What is sent, each picture once, with what it is for, in the order in which the model counts it."""
        sheets = [
            (reference(self.parts.project, name, row), f"{one.name}, to be drawn exactly so")
            for one in present
            for name in one.references
        ]
        sent: dict[Reference, str] = {}
        for one, purpose in (*always, *sheets):
            sent[one] = sent.get(one) or purpose
        return sent

    def _mask(self, row: Row, names: dict[str, Any], references: tuple[Reference, ...]) -> Reference | None:
        written = self._name(self.mask, row, names, ("mask",)) if self.mask else ""
        return mask(self.parts.project, written, row, references[0] if references else None) if written else None

    def _name(self, template: Template, row: Row, names: dict[str, Any], path: tuple[str | int, ...]) -> str:
        try:
            return template.render(names).strip()
        except TemplateFault as fault:
            place = self.parts.project.places.get(("pictures", self.slot, *path))
            raise InputError([told(fault, place, row=row.id)]) from None


def _characters(parts: Compiled) -> tuple[tuple[re.Pattern[str], Character], ...]:
    """The brand's characters and the job's (which win), each with what finds its name as a word of its own."""
    project = parts.project
    every = {**project.brand.characters, **project.job.characters}
    return tuple((re.compile(rf"(?<!\w){re.escape(one.name)}(?!\w)"), one) for one in every.values())


def normalised(text: str) -> str:
    """A prompt with single blanks, none at the ends of lines, one empty line between sections, and no section that
    has a heading alone (``Characters:``)."""
    lines = "\n".join([_tidy(line) for line in text.splitlines()])
    return _GAPS.sub("\n\n", _EMPTY_SECTION.sub("", lines + "\n")).strip()


@functools.lru_cache(maxsize=4096)  # most lines of a prompt are the brand's, and the same in all of them
def _tidy(line: str) -> str:
    return _BLANKS.sub(" ", line).strip()


def _part(value: Any, attribute: str | None) -> Any:
    """A value as part of a key: 1, 1.0, True and Decimal('1.00') are equal, but do not read the same."""
    if attribute is not None and isinstance(value, Record):
        value = getattr(value, attribute, None)
    return value if isinstance(value, (str, Record)) else (type(value), repr(value))


def slot_prompts(parts: Compiled) -> Callable[[Row], list[Prompt]]:
    """All slots of a job as one function of the row."""
    slots = [SlotPrompts(parts, name, options) for name, options in parts.project.job.pictures.items()]
    return lambda row: [prompt for slot in slots for prompt in slot.of(row)]
