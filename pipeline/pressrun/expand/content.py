"""What a layout says for a row, and what its file is called."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.expand.compiled import Compiled, Field, Layer, told
from pressrun.expand.file_paths import unfit_name
from pressrun.expand.printed_words import ODD, odd_cells, odd_text
from pressrun.expand.row_groups import SHARED
from pressrun.expand.row_texts import RowTexts
from pressrun.expand.table_rows import FaultAt
from pressrun.language.bare_values import as_read
from pressrun.language.file_names import checked_path
from pressrun.language.lookup import EvaluationError
from pressrun.language.markup import files_in, words_in
from pressrun.language.pages import IN_TEMPLATES, LATER, PAGE, asks_for_page, for_later
from pressrun.language.templates import Template
from pressrun.language.vocabulary import RECORD_GROUP
from pressrun.model.copy_book import CopyBook, CopyView
from pressrun.model.errors import InputError, WordsFailed
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import GROUP, LEFT_OVER, REPEATED, whole_layer
from pressrun.model.job import Row
from pressrun.model.named_files import PICTURES
from pressrun.model.project import KeyPath
from pressrun.model.record import EmptyCell, Header, Record
from pressrun.model.table_content import CELLS
from pressrun.model.template import Bare, TemplateFault, ValueFault

OF_A_GROUP = "a sheet of several rows has by name what all of them share; what each has of its own is in `rows`"


class _Instance(Struct, frozen=True):
    """A layer as it is there once: what is added to its name, what its templates see (their context is made once), and
    what its content says besides its texts."""

    suffix: str
    names: Mapping[str, Any]
    context: list[Any] = field(default_factory=list)
    besides: Mapping[str, str] = field(default_factory=dict)


def _seen(text: str, layer: Layer) -> str:
    """The words of a layer's text; what looks like a tag is one only where the layer marks up."""
    return words_in(text) if layer.marks_up else text


def _besides(layer: Layer, names: Mapping[str, Any]) -> dict[str, str] | None:
    """What a layer's content says of its `when`; None where that does not hold. Raises FaultAt."""
    besides = {"when": layer.alternative} if layer.alternative else {}
    if layer.when is None:
        return besides
    try:
        if not asks_for_page(layer.when):
            return besides if layer.when.test(names) else None
        later = for_later(layer.when, names)
        return {**besides, LATER: later} if isinstance(later, str) else besides if later else None
    except EvaluationError as error:
        raise FaultAt(TemplateFault("bad-value", error.message, hint=error.hint), ("when",)) from None


class Contents:
    """Renders layouts for rows; what a row's templates see is put together once a row and layout."""

    def __init__(self, parts: Compiled) -> None:
        self.parts = parts
        self._copy: dict[tuple[Any, ...], str | None] = {}
        self._group: tuple[Row, tuple[Record, ...]] | None = None
        self._empty: list[EmptyCell] = []  # of the layer at hand
        self._alone: list[EmptyCell] = []  # those that are all that a text of it prints
        self._bare: list[Bare] = []  # of it, too
        self._members: tuple[Row, tuple[str, int, str], dict[str, Row]] | None = None  # of the sheet at hand
        self._said: tuple[Row | None, dict[Template, str]] = None, {}  # by a row, in whichever layout

    def names(self, row: Row, layout: str, take: int) -> dict[str, Any]:
        parts, project = self.parts, self.parts.project
        names = {
            **row.values, "brand": parts.brand, "locale": row.locale, "take": take, "date": project.job.date,
            "layout": parts.layout_views[layout],
        }  # fmt: skip
        if project.copy is not None:
            names["copy"] = self._copy_view(project.copy, row)
        if row.members and project.copy is not None:
            names[GROUP] = self._with_copy(project.copy, row)
        return names

    def _with_copy(self, book: CopyBook, row: Row) -> tuple[Record, ...]:
        """The rows of a group, each with the copy that is its own."""
        if self._group is None or self._group[0] is not row:
            rows = row.values[GROUP]
            header = Header((*rows[0], "copy"), rows[0]._header.file)
            self._group = row, tuple([
                Record(header, (*one._cells, self._copy_view(book, member)), one._line)
                for one, member in zip(rows, row.members, strict=True)
            ])  # fmt: skip
        return self._group[1]

    def row_texts(self) -> RowTexts:
        return RowTexts(self.parts, self.names)

    def layers(
        self, row: Row, layout: str, take: int, drawn_by: str, noted: list[Finding] | None = None
    ) -> dict[str, dict[str, str]]:
        """Rendered fields by layer of the layout, or the variant of one, that a sheet is drawn by; ``noted`` gets what
        is odd about them. Raises WordsFailed with every fault of it for this row."""
        content: dict[str, dict[str, str]] = {}
        faults: list[Finding] = []
        failed: set[str] = set()
        names = {**self.names(row, layout, take), PAGE: IN_TEMPLATES}
        there: dict[str | None, list[_Instance]] = {None: [_Instance("", names)]}

        def tell(fault: TemplateFault, layer: Layer, path: KeyPath, item: str = "") -> None:
            place = self._cell_place(fault.cell, row) or self._place(drawn_by, layer.index, path)
            faults.append(told(fault, place, layout=layout, layer=layer.name + item, row=row.id))
            failed.add(layer.name)

        for layer in self.parts.layouts[drawn_by]:
            if layer.page is not None and layer.page not in content:  # its page is left out
                continue
            for around in there.get(layer.inside, ()):
                if layer.alternative and layer.name + around.suffix in content:
                    continue  # before its `when` is asked
                try:
                    instances = self._instances(layer, around)
                except FaultAt as at:
                    tell(at.fault, layer, at.path)
                    continue
                instances = [one for one in instances if layer.name + one.suffix not in content]
                there.setdefault(layer.name, []).extend(instances)
                for instance in instances:
                    texts = content[layer.name + instance.suffix] = dict(instance.besides)
                    for one in layer.fields:
                        try:
                            texts[one.name] = one.constant or self._rendered(one, instance, row)
                        except TemplateFault as fault:
                            tell(fault, layer, one.path, instance.suffix)
                    if layer.table is not None:
                        try:
                            texts |= layer.table.fields(instance.names, self.parts.tables)
                        except FaultAt as at:
                            tell(at.fault, layer, at.path, instance.suffix)
                        self._empty += layer.table.empty_cells()
                        self._bare += layer.table.bare_values()
                    if layer.leaves_hole and noted is not None and not _seen(texts.get("text", "x"), layer).strip():
                        noted.append(self._hole(row, layout, drawn_by, layer))
                    self._alone = []
                    known = {"double-blank"} if self._empty or layer.has_gaps else set[str]()  # that a cell is empty
                    known |= {"unformatted-value"} if self._bare else set()
                    if self._empty or self._bare:
                        found, bare, self._empty, self._bare = self._empty, self._bare, [], []
                        if noted is not None:
                            noted += [_empty(cell, layout, layer.name, row) for cell in found]
                            noted += self._unformatted(bare, row, layout, drawn_by, layer)
                    if noted is not None and ODD.search(texts.get("text") or texts.get(CELLS, "")):
                        odd = self._odd(texts, row, layout, drawn_by, layer)
                        noted += (one for one in odd if one.code not in known)
                    if layer.marks_up and (files := [file for said in texts.values() for file in files_in(said)]):
                        texts[PICTURES] = "\n".join(dict.fromkeys(files))
        if faults:
            said = {name: texts for name, texts in content.items() if whole_layer(name) not in failed}
            told_of = [_of_group(one, row) for one in faults] if row.members else faults
            raise WordsFailed(told_of, said, frozenset(failed))
        return content

    def shown(self, row: Row, layout: str, take: int, drawn_by: str) -> frozenset[int] | None:
        """The layers, by their places, that a sheet has, or may have by its pages; None where that is not known."""
        try:
            return frozenset([layer.index for layer, many in self._there(row, layout, take, drawn_by) if many])
        except FaultAt:
            return None

    def member(self, row: Row, layout: str, take: int, drawn_by: str, named: str) -> Row:
        """The row of a group that a layer, by its name with the number of its item, is there for; else the row."""
        sheet = layout, take, drawn_by
        if self._members is None or self._members[0] is not row or self._members[1] != sheet:
            self._members = row, sheet, dict(self._members_of(row, *sheet))
        return self._members[2].get(named, row)

    def _members_of(self, row: Row, layout: str, take: int, drawn_by: str) -> Iterator[tuple[str, Row]]:
        """As far as that can be worked out."""
        with contextlib.suppress(FaultAt):
            for layer, many in self._there(row, layout, take, drawn_by):
                for one in many:
                    items = {id(value) for value in one.names.values()}
                    pairs = zip(row.members, one.names.get(GROUP, ()), strict=False)
                    yield from ((layer.name + one.suffix, member) for member, record in pairs if id(record) in items)

    def _there(self, row: Row, layout: str, take: int, drawn_by: str) -> Iterator[tuple[Layer, list[_Instance]]]:
        """Each layer as often as it is there. Raises FaultAt for what cannot be worked out."""
        names = {**self.names(row, layout, take), PAGE: IN_TEMPLATES}
        there: dict[str | None, list[_Instance]] = {None: [_Instance("", names)]}
        known: set[str] = set()
        for layer in self.parts.layouts[drawn_by]:
            if layer.page is not None and layer.page not in known:
                continue
            for around in there.get(layer.inside, ()):
                if layer.alternative and layer.name + around.suffix in known:
                    continue
                instances = [one for one in self._instances(layer, around) if layer.name + one.suffix not in known]
                there.setdefault(layer.name, []).extend(instances)
                known.update(layer.name + one.suffix for one in instances)
                yield layer, instances

    def _instances(self, layer: Layer, around: _Instance) -> list[_Instance]:
        """How often a layer is there in what it is in: once, never, or for each item. Raises FaultAt."""
        if layer.repeat is None:
            if layer.when is None:
                return [around if not around.besides else replace(around, besides={})]
            besides = _besides(layer, around.names)
            return [replace(around, besides=besides)] if besides is not None else []
        try:
            items = layer.repeat.items(around.names, self.parts.tables)
        except EvaluationError as error:
            raise FaultAt(TemplateFault("bad-value", error.message, hint=error.hint), ("repeat",)) from None
        instances = [
            _Instance(f"{around.suffix}{REPEATED}{at}", names, besides=besides)
            for at, names in enumerate(items.names(around.names), start=1)
            if (besides := _besides(layer, names)) is not None
        ]
        if items.left_over and instances:
            besides = {**instances[-1].besides, LEFT_OVER: str(items.left_over)}
            instances[-1] = replace(instances[-1], besides=besides)
        return instances

    def _rendered(self, field: Field, instance: _Instance, row: Row) -> str:
        """Raises TemplateFault."""
        if field.constant is not None:
            return field.constant
        if not field.of_row or instance.suffix:
            return self._filled_in(field, instance)
        known, said = self._said
        if known is not row:
            said = {}
            self._said = row, said
        if (text := said.get(field.template)) is None:
            text = self._filled_in(field, instance)
            if not self._empty and not self._bare and text:  # which each layout tells
                said[field.template] = text
        return text

    def _filled_in(self, field: Field, instance: _Instance) -> str:
        template = field.template
        if template.marks_up:
            text = template.render(instance.names)
        else:
            if not instance.context:
                instance.context.append(self.parts.texts.context(instance.names))
            text = template.render_in(instance.context[0])
        if template.allowance.empty:
            among = template.empty_in(text)
            self._empty += among
            if not among:
                self._alone = template.allowance.empty
        if template.allowance.bare and field.name == "text":  # codes and files want values as they are
            self._bare += template.allowance.bare
        return text

    def slip_text(self, row: Row, layout: str, take: int, group: Mapping[str, Any]) -> str:
        """What a slip sheet says. Raises InputError."""
        names = {**self.names(row, layout, take), RECORD_GROUP: Record._of(group, "the group")}
        assert self.parts.slip
        try:
            return self.parts.slip.render(names)
        except TemplateFault as fault:
            place = self.parts.project.places.get(("output", "one-pdf", "slip", "text"))
            raise InputError([told(fault, place, row=row.id, layout=layout)]) from None

    def metadata(self, row: Row, layout: str, take: int) -> dict[KeyPath, str]:
        """What brand and job have files say, by the way to it. Raises InputError."""
        names: dict[str, Any] | None = None
        said: dict[KeyPath, str] = {}
        for path, text in self.parts.metadata.items():
            if isinstance(text, str):
                said[path] = text
                continue
            try:
                names = names or self.names(row, layout, take)
                said[path] = text.render(names)
            except TemplateFault as fault:
                place = self.parts.project.places.get(("metadata", *path))
                raise InputError([told(fault, place, row=row.id, layout=layout)]) from None
        return said

    def path(self, row: Row, layout: str, take: int, merged: bool = False) -> str:
        """The path, without its ending, of the file that a row has alone, or that many are in. Raises InputError."""
        save_as = self.parts.merged_save_as if merged else self.parts.save_as
        try:
            return checked_path(save_as.path(row, layout, take, lambda: self.names(row, layout, take)))
        except (TemplateFault, ValueFault) as fault:
            job, places = self.parts.project.job, self.parts.project.places
            own = job.output.one_pdf.save_as if job.output and merged else None
            place = places.get(("output", "one-pdf", "save_as") if own else ("save_as",))
            if isinstance(fault, TemplateFault):
                raise InputError([told(fault, place, row=row.id, layout=layout)]) from None
            raise InputError([unfit_name(fault, own or job.save_as, place, row, layout)]) from None

    def _place(self, layout: str, index: int, path: KeyPath) -> Place:
        loaded = self.parts.project.drawn_by(layout)
        return loaded.places.get(("layers", index, *path), Place(loaded.file))

    def _unformatted(
        self, bare: list[Bare], row: Row, layout: str, drawn_by: str, layer: Layer
    ) -> Iterator[Finding]:  # fmt: skip
        """The first of the values that a layer prints as no reader of the row's language writes them."""
        for value in bare:
            if (written := as_read(value, row.locale)) is None:
                continue
            message = f"'{value}' is printed as tables have it, which readers of {row.locale} write {written}"
            hint = f"write {'`| date`' if isinstance(value, dt.date) else '`| number` or `| money`'} behind it"
            path = ("rows",) if layer.table is not None else ("text",)
            place = self._place(drawn_by, layer.index, path)
            yield Finding(Severity.WARNING, "unformatted-value", message, place, hint, layout, layer.name, row.id)
            return

    def _hole(self, row: Row, layout: str, drawn_by: str, layer: Layer) -> Finding:
        """What is told of a text that is not there, and leaves its place empty."""
        hint = "fill it; if it may be empty, give the layer a `when`, put it into a stack, or write `| default('')`"
        what, place, column = "what it prints is empty", self._place(drawn_by, layer.index, ("text",)), ""
        for cell in self._alone[:1]:
            what, place, column = f"the cell of '{cell.column}' is empty", Place(cell.file, cell.line), cell.column
        said = f"{what}, and nothing stands in its place"
        return Finding(
            Severity.WARNING, "empty-value", said, place, hint, layout, layer.name, row.id, subject=column
        )  # fmt: skip

    def _odd(
        self, texts: Mapping[str, str], row: Row, layout: str, drawn_by: str, layer: Layer
    ) -> Iterator[Finding]:
        if layer.table is not None:
            found, path = odd_cells(texts[CELLS], row.locale), ("rows",)
        else:
            found, path = odd_text(texts.get("text", ""), row.locale, marks_up=layer.marks_up), ("text",)
        for odd in found:
            place = self._cell_place(odd.text.strip(), row) or self._place(drawn_by, layer.index, path)
            yield Finding(odd.severity, odd.code, odd.message, place, odd.hint, layout, layer.name, row.id)

    def _cell_place(self, said: str | None, row: Row) -> Place | None:
        """The line of a table or of the copy that has such a cell for a row."""
        if said is None:
            return None
        found, book = row.cell_place(said), self.parts.project.copy
        if found is not None or book is None:
            return found
        line = book.place_saying(said, {**row.keys, "theme": row.theme})
        return Place(book.file, line) if line is not None else None

    def _copy_view(self, book: CopyBook, row: Row) -> CopyView:
        keys: Mapping[str, str] | None = None

        def find(name: str) -> str | None:
            nonlocal keys
            if keys is None:
                keys = {**row.keys, **({} if "theme" in self.parts.expanded else {"theme": row.theme})}
            known = (name, row.locale, *[keys.get(scope, "") for scope in book.scopes.get(name, ())])
            if known not in self._copy:
                self._copy[known] = book.find(name, keys, row.locale)
            return self._copy[known]

        return CopyView(book, find)


def _of_group(fault: Finding, row: Row) -> Finding:
    """With a hint, where it is of what its rows have, and do not share."""
    differing = [name for name in row.members[0].values if name not in row.values]
    is_named = fault.code != "wrong-value" and any(f"'{name}'" in fault.message for name in differing)
    is_own = (SHARED in fault.message or is_named) and (fault.hint is None or fault.code == "undefined")
    return replace(fault, hint=OF_A_GROUP) if is_own else fault


def _empty(cell: EmptyCell, layout: str, layer: str, row: Row) -> Finding:
    message = f"the cell of '{cell.column}' is empty, and is printed among other words"
    hint = "fill it, or write `| default('…')` behind it, or an if around what goes with it"
    return Finding(
        Severity.WARNING, "empty-value", message, Place(cell.file, cell.line), hint, layout, layer, row.id,
        subject=cell.column,
    )  # fmt: skip
