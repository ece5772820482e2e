"""The pictures a row asks for: prompt text from templates, the brief for those who cannot read, references."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from pressrun.expand.compiled import Compiled, told
from pressrun.expand.edits import CHANGE, change_told, unseen
from pressrun.expand.references import OF_A_ROW, Below, below, check_shape, mask, reference
from pressrun.language.templates import Template
from pressrun.language.vocabulary import character_view, reference_view
from pressrun.model.approved import ApprovedPicture, ApprovedPictures
from pressrun.model.brand import Character
from pressrun.model.errors import InputError, RowUnusable
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Master, PictureSlot, Prompt, Row
from pressrun.model.picture import Brief, PictureRequest, Reference
from pressrun.model.record import Record
from pressrun.model.template import TemplateFault

Sent = tuple[Reference, str]
"""A picture that is sent along, and what it is for."""
MASTER = "the approved picture that is to be changed"
ANCHOR = "the approved picture of this set: match its light, grain and colours, and draw nothing of what it shows"
BOARD = "the style board of the brand: take its mood, light and colours, and draw nothing of what it shows"
_KEPT = 8_192  # prompts remembered a slot; rows that share a picture follow each other closely
_BLANKS = re.compile(r"[ \t]+")
_GAPS = re.compile(r"\n{3,}")
_EMPTY_SECTION = re.compile(r"^[^\W\d_][^\n:]*:\n(?=\n|\Z)", re.MULTILINE)


Options = tuple[tuple[str, str], ...]
NOTHING_MORE: Options = ()
AWAITED = Reference(hashlib.sha256(b"to be approved").hexdigest(), "approved.png", "image/png")
"""Stands for a picture that is not approved yet, so that what goes by it can be told, and priced."""


class GoneBy(Struct, frozen=True):
    """The approved picture that prompts go by, and how it is told; ``row`` is None where nobody knows."""

    slot: str
    row: Row | None
    told: str
    known: ApprovedPictures | None

    def picture(self, master: str) -> ApprovedPicture | None:
        """It, if one is approved."""
        return self.known.picture(self.slot, self.row, master) if self.known and self.row else None


class SlotPrompts:
    """The prompts of one picture slot, remembered by the values its templates use: rows that do not differ in these
    share one request. ``others`` are those of all slots, by their names."""

    def __init__(self, parts: Compiled, slot: str, options: PictureSlot, others: Mapping[str, SlotPrompts]) -> None:
        self.parts, self.slot, self.options, self._others = parts, slot, options, others
        job = parts.project.job
        self.provider = job.provider_of(slot)
        self.worded = self.provider.READS_PROMPT  # what exists needs no words
        self.template = self._template(options.prompt)
        self.change = self._template(options.edit.prompt if options.edit else "")
        self.references = tuple(parts.references.text(one.file) for one in options.sent)
        goes_by = job.goes_by(slot) if self.worded else None
        self.goes_by = (goes_by[0], parts.references.text(goes_by[1])) if goes_by else None
        in_file = options.anchor and not goes_by
        self.anchor = parts.references.text(options.anchor) if in_file else None
        self.mask = parts.references.text(options.mask) if options.mask else None
        self.characters = _characters(parts)
        of_the_row = {*parts.expanded, *job.values}
        read = parts.loaded.names_read(slot)
        self.uses = tuple(sorted((use for use in read if use[0] in of_the_row), key=str))
        self.place = parts.project.places.get(("pictures", slot, "prompt"))
        self.written_at = ("edit", "of") if options.edit else ("anchor",)
        self.brief = functools.cache(self._brief)
        self._known: dict[tuple[Any, ...], tuple[Prompt, ...]] = {}
        self._own: dict[tuple[Any, ...], tuple[Prompt, ...]] = {}

    def _template(self, name: str) -> Template | None:
        return self.parts.prompts.file(name) if name and self.worded else None

    def of(self, row: Row) -> tuple[Prompt, ...]:
        return self._remembered(self._known, row, self._made)

    def by_itself(self, row: Row) -> tuple[Prompt, ...]:
        """The prompts of a row that goes by no approved picture: those for the one that others go by."""
        return self._remembered(self._own, row, self._make)

    def _remembered(
        self, known: dict[tuple[Any, ...], tuple[Prompt, ...]], row: Row, make: Callable[[Row], Iterable[Prompt]]
    ) -> tuple[Prompt, ...]:
        values = row.values
        key = (row.theme, *[_part(values.get(name), attribute) for name, attribute in self.uses])
        found = known.get(key)
        if found is None:
            if len(known) >= _KEPT:
                del known[next(iter(known))]
            found = known[key] = tuple(make(row))
        return found

    def _made(self, row: Row) -> Iterable[Prompt]:
        """The prompts of a row, with the approved picture that they go by, if they go by one."""
        by = self.gone_by(row)
        if by is None or (by.slot == self.slot and by.row and self._shows(row, by.row)):
            return self.by_itself(row)
        return self._make(row, by)

    def gone_by(self, row: Row) -> GoneBy | None:
        """The approved picture that those of a row go by, if they go by one; it may be their own. Raises InputError."""
        if self.goes_by is None:
            return None
        (of, template), source = self.goes_by, self.parts.project.approved
        name = self._name(template, row, {**row.values, "brand": self.parts.brand}, self.written_at)
        approved = source.row(name) if source else None
        if source and approved is None:
            message, hint = f"there is no row '{name}', whose picture others go by", "write `first`, or a row's id"
            place = self.parts.project.places.get(("pictures", self.slot, *self.written_at))
            raise InputError([Finding(Severity.ERROR, "unknown-row", message, place, hint, row=row.id)])
        return GoneBy(of, approved, f"{of}/{name}", source)

    def _shows(self, row: Row, approved: Row) -> bool:
        """Whether a row has the very picture that others go by."""
        if row.id == approved.id:
            return True
        return [one.request for one in self.by_itself(row)] == [one.request for one in self.by_itself(approved)]

    def _make(self, row: Row, by: GoneBy | None = None) -> Iterable[Prompt]:
        names = {**row.values, "brand": self.parts.brand}
        own = tuple(self._references(row, names))
        of_set = tuple(self._of_the_set(row, names)) if self.worded else ()
        options, change = self.options, self.options.edit if by else None
        for master_id, master in options.masters.items():
            names["master"] = self.parts.masters[self.slot, master_id]
            found = by.picture(master_id) if by else None
            shown = found.shown if found else AWAITED
            if change:
                sent: tuple[Sent, ...] = ((shown, MASTER), *own)
            else:
                sent = (*own, *([(shown, ANCHOR)] if by else ()), *of_set)
            first = below(own[0][0]) if own else None
            if change:
                first = Below(shown.name, found.size if found else master.size)
            mask_ = self._mask(row, names, first) if by or not options.edit else None
            if mask_ and first:
                check_shape(first, master.size, f"{self.slot}/{master_id}", row)
            text, lettering, references = self._text(self.change if change else self.template, row, names, sent)
            if not text and self.worded:
                message = f"the prompt for '{self.slot}' is empty"
                raise InputError([Finding(Severity.ERROR, "empty-prompt", message, self.place, row=row.id)])
            told, said = text, NOTHING_MORE
            if change and by:
                text, said = self._change(by, master_id, master, row, text)
            for take in range(1, options.takes + 1):
                request = PictureRequest(
                    text, master.size, self.brief(row.theme, master_id), take, options.background, references, mask_,
                    options.quality, lettering=lettering, feather=options.feather if mask_ else None, options=said,
                    edit_of=found.key if change and found else "", change=told if change else "",
                )  # fmt: skip
                waits_for = by.told if by and not found else ""
                yield Prompt(
                    self.slot, master_id, take, request, change.prompt if change else options.prompt, waits_for
                )

    def _change(
        self, by: GoneBy, master_id: str, master: Master, row: Row, told: str
    ) -> tuple[str, Options]:
        """A change as it is asked for, and the options that go along: see `pressrun.expand.edits`."""
        if self.provider.READS_REFERENCES:
            return change_told(told, master.space), ()
        every = self._others[by.slot].by_itself(by.row or row)
        asked = next((one for one in every if one.master == master_id), every[0]).request
        return unseen(asked, [told], CHANGE)

    def _text(
        self, template: Template | None, row: Row, names: dict[str, Any], always: tuple[Sent, ...]
    ) -> tuple[str, tuple[str, ...], tuple[Reference, ...]]:
        """The prompt, the texts it asks the picture to show, and what is sent along: ``always``, and the sheets of the
        characters in it.

        Who is in it is known once it is written: where somebody is, it is written again with their descriptions.
        """
        present: list[Character] = []
        if template is None:
            return "", (), tuple(dict.fromkeys(one for one, _ in always))
        while True:
            lettering: list[str] = []
            sent = self._numbered(row, always, present)
            names["references"] = [
                reference_view(number, one.name, purpose) for number, (one, purpose) in enumerate(sent.items(), start=1)
            ]
            views = tuple(character_view(one) for one in present)
            try:
                text = normalised(template.render({**names, "characters": views, "lettering": lettering}))
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
                yield self._own_reference(template, written, row), said.purpose

    def _own_reference(self, template: Template, written: str, row: Row) -> Reference:
        """Raises RowUnusable for a file that this row names, and others do not."""
        try:
            return reference(self.parts.project, written, row)
        except InputError as error:
            if template.constant is None and all(one.code in OF_A_ROW for one in error.findings):
                raise RowUnusable(error.findings) from error
            raise

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

    def _mask(self, row: Row, names: dict[str, Any], first: Below | None) -> Reference | None:
        written = self._name(self.mask, row, names, ("mask",)) if self.mask else ""
        return mask(self.parts.project, written, row, first) if written else None

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


def slot_prompts(parts: Compiled) -> dict[str, SlotPrompts]:
    """Those of all slots of a job, by their names."""
    slots: dict[str, SlotPrompts] = {}
    for name, options in parts.project.job.pictures.items():
        slots[name] = SlotPrompts(parts, name, options, slots)
    return slots
