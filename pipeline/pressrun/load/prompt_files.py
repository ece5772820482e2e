"""Prompt templates: the ones that a job's slots name, with all that these extend and include."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from pressrun.language.filters import prompt_filters
from pressrun.language.templates import Templates
from pressrun.language.vocabulary import Vocabulary
from pressrun.load.campaign_reader import Reader, missing, named_file, names_in
from pressrun.load.names_used import Uses
from pressrun.model.finding import Place
from pressrun.model.template import TemplateNames

_BASE = "base.j2"
_WRITTEN_BY_INIT = f"`pressrun init FOLDER` writes one: take its templates/prompts/{_BASE}"


class PromptFiles:
    """`sources` are the texts of all templates reached, `names` what they take from outside, by their names."""

    def __init__(self, reader: Reader, uses: Uses, vocabulary: Vocabulary) -> None:
        self.reader, self.uses, self.vocabulary = reader, uses, vocabulary
        self.folder = reader.root / "templates" / "prompts"
        self.sources: dict[str, str] = {}
        self.names: dict[str, TemplateNames] = {}
        self._named: dict[str, tuple[tuple[str, int], ...]] = {}
        self._inspector = Templates(filters=prompt_filters())

    def load(self, slots: Iterable[tuple[str, Place]]) -> Self:
        """Read and check the templates of these slots (name and where it is written)."""
        for name, place in slots:
            self._load(name, place)
        for name in self.names:
            self._check_names(name)
        self._check_loops()
        return self

    def _load(self, name: str, asked_at: Place) -> None:
        if name in self._named:
            return
        path = named_file(self.folder, name, "")
        if path is None:
            hint = "templates are named from templates/prompts, without .. and without a / in front"
            self.reader.error("outside-campaign", f"'{name}' is no template of this campaign", asked_at, hint)
            return
        if not os.path.isfile(path):
            fault = missing("missing-template", "template", name, names_in(self.folder, ".j2"), asked_at)
            self.reader.add([replace(fault, hint=_WRITTEN_BY_INIT) if name == _BASE else fault])
            return
        self._named[name] = ()
        source = self.reader.text(path, asked_at)
        if source is None:
            return
        self.sources[name] = source
        inspection = self.names[name] = self._inspector.inspect(source, name)
        shown = self._shown(path)
        self._named[name] = inspection.others
        for other, line in inspection.others:
            self._load(other, Place(shown, line))

    def _check_names(self, name: str) -> None:
        """What a template reads, but for the names that a template which it extends lends to its sections."""
        inspection = self.names[name]
        lent = frozenset(self._lent(inspection, {name}))
        self.uses.template(inspection, Place(self._shown(self.folder / name), 1, 1), self.vocabulary, lent)

    def _lent(self, inspection: TemplateNames, seen: set[str]) -> Iterator[tuple[str, str]]:
        """What the templates that it extends lend to its sections."""
        for base in inspection.bases:
            if base in self.names and base not in seen:
                seen.add(base)
                yield from self.names[base].lent
                yield from self._lent(self.names[base], seen)

    def _shown(self, path: Path) -> str:
        return self.reader.shown(path)

    def _check_loops(self) -> None:
        done: set[str] = set()
        for name in self._named:
            self._follow(name, (), done)

    def _follow(self, name: str, way: tuple[str, ...], done: set[str]) -> None:
        if name in done:
            return
        for other, line in self._named.get(name, ()):
            here = (*way, name)
            if other in here:
                loop = " → ".join([*here[here.index(other) :], other])
                place = Place(self._shown(self.folder / name), line)
                message = f"templates go round in a circle: {loop}"
                self.reader.error("template-loop", message, place, "take one of these lines out")
            else:
                self._follow(other, here, done)
        done.add(name)
