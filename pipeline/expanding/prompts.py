"""The pictures a row asks for: prompt text from templates, the brief for those who cannot read, references."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.expanding.compiled import Compiled, told
from pipeline.model.finding import Finding, Place, Severity
from pipeline.model.job import PictureSlot, Prompt, Row
from pipeline.model.picture import Brief, PictureRequest, Reference
from pipeline.model.project import OutsideCampaign
from pipeline.model.record import Record
from pipeline.model.template import TemplateFault

_KEPT = 8_192  # prompts remembered a slot; rows that share a picture follow each other closely
_MEDIA_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".svg": "image/svg+xml",
}  # fmt: skip
_BLANKS = re.compile(r"[ \t]+")
_GAPS = re.compile(r"\n{3,}")
_EMPTY_SECTION = re.compile(r"^[^\W\d_][^\n:]*:\n(?=\n|\Z)", re.MULTILINE)


class SlotPrompts:
    """The prompts of one picture slot, remembered by the values its templates use: rows that do not differ in these
    share one request."""

    def __init__(self, parts: Compiled, slot: str, options: PictureSlot) -> None:
        self.parts, self.slot, self.options = parts, slot, options
        self.template = parts.prompts.file(options.prompt)
        self.references = tuple(parts.references.text(source) for source in options.references)
        self.uses = _names_used(parts, options)
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
        references = tuple(self._references(row, names))
        options = self.options
        for master_id, master in options.masters.items():
            names["master"] = self.parts.masters[self.slot, master_id]
            try:
                text = normalised(self.template.render(names))
            except TemplateFault as fault:
                place = self.place
                if fault.template in self.parts.project.prompts:
                    place = Place(f"templates/prompts/{fault.template}", 1)
                raise InputError([told(fault, place, row=row.id)]) from None
            if not text:
                message = f"the prompt for '{self.slot}' is empty"
                raise InputError([Finding(Severity.ERROR, "empty-prompt", message, self.place, row=row.id)])
            for take in range(1, options.takes + 1):
                request = PictureRequest(
                    text, master.size, self.brief(row.theme, master_id), take, options.background, references,
                    quality=options.quality,
                )  # fmt: skip
                yield Prompt(self.slot, master_id, take, request, options.prompt)

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

    def _references(self, row: Row, names: dict[str, Any]) -> Iterable[Reference]:
        for index, template in enumerate(self.references):
            place = self.parts.project.places.get(("pictures", self.slot, "references", index))
            try:
                written = template.render(names).strip()
            except TemplateFault as fault:
                raise InputError([told(fault, place, row=row.id)]) from None
            if not written:
                continue  # a product without a photo has none to send along
            try:
                path = self.parts.project.find_file(written)
            except OutsideCampaign as outside:
                raise InputError(
                    [Finding(Severity.ERROR, "outside-campaign", str(outside), row.place, row=row.id)]
                ) from None
            if path is None:
                message = f"there is no picture '{written}'"
                raise InputError([Finding(Severity.ERROR, "missing-picture", message, row.place, row=row.id)])
            kind = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
            yield Reference(_digest(path), path.name, kind, str(path))


def normalised(text: str) -> str:
    """A prompt with single blanks, none at the ends of lines, one empty line between sections, and no section that
    has a heading alone (``Characters:``)."""
    lines = "\n".join([_tidy(line) for line in text.splitlines()])
    return _GAPS.sub("\n\n", _EMPTY_SECTION.sub("", lines + "\n")).strip()


@functools.lru_cache(maxsize=4096)  # most lines of a prompt are the brand's, and the same in all of them
def _tidy(line: str) -> str:
    return _BLANKS.sub(" ", line).strip()


def _names_used(parts: Compiled, options: PictureSlot) -> tuple[tuple[str, str | None], ...]:
    """What of a row a slot's templates read: pairs of name and attribute, all templates together."""
    project = parts.project
    seen: set[str] = set()
    todo = [options.prompt]
    uses = {
        (use.name, use.attribute) for source in options.references for use in parts.references.inspect(source, "").uses
    }  # fmt: skip
    while todo:
        name = todo.pop()
        if name in seen or name not in project.prompts:
            continue
        seen.add(name)
        inspection = parts.prompts.inspect(project.prompts[name], name)
        uses |= {(use.name, use.attribute) for use in inspection.uses}
        todo += [other for other, _ in inspection.others]
    of_the_row = {*parts.expanded, *project.job.values}
    return tuple(sorted((use for use in uses if use[0] in of_the_row), key=str))


def _part(value: Any, attribute: str | None) -> Any:
    """A value as part of a key: 1, 1.0, True and Decimal('1.00') are equal, but do not read the same."""
    if attribute is not None and isinstance(value, Record):
        value = getattr(value, attribute, None)
    return value if isinstance(value, (str, Record)) else (type(value), repr(value))


@functools.lru_cache(maxsize=4096)
def _digest_of(path: Path, changed: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(path: Path) -> str:
    status = path.stat()
    return _digest_of(path, status.st_mtime_ns, status.st_size)


def slot_prompts(parts: Compiled) -> Callable[[Row], list[Prompt]]:
    """All slots of a job as one function of the row."""
    slots = [SlotPrompts(parts, name, options) for name, options in parts.project.job.pictures.items()]
    return lambda row: [prompt for slot in slots for prompt in slot.of(row)]
