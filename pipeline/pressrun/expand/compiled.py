"""All of a project that is compiled once and used for every row: expressions, templates, views."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pressrun.expand.file_paths import FilePaths
from pressrun.expand.item_lists import CompiledList
from pressrun.expand.loaded_templates import loaded_templates
from pressrun.expand.printed_words import has_gap
from pressrun.expand.table_rows import CompiledTable
from pressrun.language.expression import Expression, compile_expression
from pressrun.language.lookup import Lookup
from pressrun.language.pages import PAGE
from pressrun.language.templates import Template
from pressrun.language.vocabulary import brand_view, is_locale_literal, layout_view, master_view, theme_view
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.layout import LayerOptions, Listed, layer_name
from pressrun.model.project import KeyPath, LoadedLayout, Project
from pressrun.model.record import Record
from pressrun.model.template import TemplateFault

OF_SHEETS = frozenset(("layout", "take", PAGE))  # names that mean something else on each sheet of a row


class Field(Struct, frozen=True):
    """One Jinja field of a layer: its name and the way to it, and either its template or its constant text. One that is
    ``of_row`` says the same in all layouts of a row."""

    name: str
    path: KeyPath
    template: Template
    constant: str | None
    of_row: bool = False


class Layer(Struct, frozen=True):
    """``alternative`` is its ``when`` as written, where another layer of the layout has the same name: a row has the
    first whose holds. ``inside`` is the name of the group that it is in; ``repeat`` is what it is there for,
    and ``page`` the page that it stands on, where it stands on one of several. ``has_gaps``: words of the layout itself
    have several blanks in a row. ``leaves_hole``: it is a text that every sheet has, in a place of its own, and nobody
    wrote that it may say nothing."""

    name: str
    index: int
    when: Expression | None
    fields: tuple[Field, ...]
    alternative: str
    inside: str | None
    repeat: CompiledList | None
    table: CompiledTable | None = None
    page: str | None = None
    marks_up: bool = False
    has_gaps: bool = False
    leaves_hole: bool = False


class Compiled:
    """What `expand` works with; made once a project and its rows."""

    def __init__(self, project: Project) -> None:
        self.project = project
        job = project.job
        self.expanded = expanded_sets(project)
        self.is_grouped = any(project.row_sets[name].groups for name in self.expanded)
        self.brand = brand_view(project.brand_id, project.brand)
        self.tables: Mapping[str, Lookup] = {name: Lookup(name, table) for name, table in project.tables.items()}
        self.values = tuple((name, self.expression(text, ("values", name))) for name, text in job.values.items())
        self.where = self.expression(job.where, ("where",)) if job.where else None
        names = {*self.expanded, *job.values, *project.tables}
        self.locale: str | Expression = job.locale
        if not is_locale_literal(job.locale, names):
            self.locale = self.expression(job.locale, ("locale",))
        self.theme: str | Expression = job.theme or ""
        if job.theme and job.theme not in project.brand.themes:
            self.theme = self.expression(job.theme, ("theme",))
        sets = [name for name in self.expanded if "currency" in project.row_sets[name].columns]
        currencies = frozenset(str(r["currency"]) for n in sets for r in project.row_sets[n] if r["currency"])
        self.loaded = loaded_templates(project.loaded or project)
        self.prompts, self.references = self.loaded.prompts, self.loaded.references
        self.texts, self.names = self.loaded.of_layouts(tuple(sets), currencies)
        self.layouts = {name: self._layers(layout) for name, layout in project.drawn.items()}
        self.layout_views = {name: layout_view(name, loaded.layout.target) for name, loaded in project.layouts.items()}
        self.masters = {
            (slot, name): master_view(slot, name, master)
            for slot, options in job.pictures.items()
            for name, master in options.masters.items()
        }
        self.save_as = FilePaths(self.names, job.save_as)
        self.metadata: dict[KeyPath, str | Template] = {
            **{_brands(path): text for text, path in project.brand.metadata.texts},
            **{path: self.texts.text(text) for text, path in job.metadata.texts},
        }
        merged = job.output.one_pdf.save_as if job.output else None
        self.merged_save_as = FilePaths(self.names, merged) if merged else self.save_as
        slip = job.output.one_pdf.slip if job.output else None
        self.slip = self.texts.text(slip.text) if slip else None
        self.order: array[int] | None = None  # the numbers of rows as they are sorted, once somebody has asked
        self.without_copies: tuple[Finding, ...] = ()  # what is told of rows that are on no page, once they were read
        self._themes: dict[tuple[str, Record | None], Record] = {}

    def theme_record(self, theme_id: str, row: Record | None) -> Record:
        key = (theme_id, row)
        if key not in self._themes:
            self._themes[key] = theme_view(theme_id, self.project.brand, row)
        return self._themes[key]

    def expression(self, text: str, path: KeyPath) -> Expression:
        """An expression that stands in the job. Raises InputError."""
        expression, findings = compile_expression(text, self.project.places.get(path))
        if expression is None:
            raise InputError(findings)
        return expression

    def _layers(self, loaded: LoadedLayout) -> tuple[Layer, ...]:
        layers = []
        named = Counter(layer_name(options, index) for index, options in enumerate(loaded.layout.layers))
        for index, options in enumerate(loaded.layout.layers):
            name = layer_name(options, index)
            fields = []
            for one in options.templates:
                in_cells = options.markup_in_cells
                texts = self.texts if in_cells is None else self.texts.marked_up(in_cells)
                template = texts.text(one.text)
                own = not OF_SHEETS & {use.name for use in texts.inspect(one.text, "").uses}
                fields.append(Field(one.name, one.path, template, template.constant, own))
            when = None
            if options.when is not None:
                when, findings = compile_expression(options.when, loaded.places.get(("layers", index, "when")))
                if when is None:
                    raise InputError(findings)
            alternative = options.when or "" if named[name] > 1 else ""
            repeat = None
            if options.repeat is not None:
                repeat = CompiledList(options.repeat, ("layers", index, "repeat"), loaded.places.get)
            page = options.on_page if isinstance(options, LayerOptions) else None
            table = self._table(options, loaded, index)
            marks_up = options.markup_in_cells is not None
            gaps = any(map(has_gap, _own_words(options)))
            alone = when is None and repeat is None and options.inside is None
            said = [one for one, kept in zip(options.templates, fields, strict=True) if kept.constant is None]
            hole = alone and any(one.name == "text" and not self.texts.may_say_nothing(one.text) for one in said)
            there = (alternative, options.inside, repeat, table, page, marks_up, gaps, hole)
            layers.append(Layer(name, index, when, tuple(fields), *there))
        pages = {page.id for page in loaded.layout.page_list}
        return tuple(sorted(layers, key=lambda layer: layer.name not in pages)) if pages else tuple(layers)

    def _table(self, options: Listed, loaded: LoadedLayout, index: int) -> CompiledTable | None:
        said, in_cells = options.table_texts, options.markup_in_cells
        if said is None:
            return None
        texts = self.texts if in_cells is None else self.texts.marked_up(in_cells)
        return CompiledTable(said, texts, lambda path: loaded.places.get(("layers", index, *path)))


def _own_words(options: Listed) -> list[str]:
    said, words = options.table_texts, [one.text for one in options.templates]
    if said is not None:
        words += [one.text for column in said.columns for one in (column.header, column.text)]
        words += [one.text for one in (*said.of_groups, *said.total)]
    return words


def _brands(path: KeyPath) -> KeyPath:
    """Keywords of the brand stand beside those of the job, all else in its place."""
    return ("keywords", "brand", *path[1:]) if path[0] == "keywords" else path


def expanded_sets(project: Project) -> tuple[str, ...]:
    """The row sets in use, in the order of ``expand`` (default: all, as ``rows`` lists them)."""
    axes = project.job.expand or tuple(project.job.rows)
    return tuple(name for axis in axes for name in ((axis,) if isinstance(axis, str) else axis))


def told(fault: TemplateFault, place: Place | None, **where: Any) -> Finding:
    """A template's fault as a finding, at the template's place moved to the line of the fault."""
    if place is not None and fault.line and fault.line > 1 and place.line:
        place = Place(place.file, place.line + fault.line - 1)
    return Finding(Severity.ERROR, fault.code, fault.message, place, fault.hint, **where)
