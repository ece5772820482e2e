"""load: a job file and all it names become a `Project`; every fault of every file is told at once, at its place."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

from pressrun.language.expression import Expression
from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.language.vocabulary import RESERVED, Thing, Vocabulary, is_locale_literal, vocabularies
from pressrun.load.brand import LoadedBrand, load_brand
from pressrun.load.campaign_reader import Reader, places_of
from pressrun.load.data_checks import DataChecks
from pressrun.load.existing_assets import read_existing
from pressrun.load.job_locales import read_row_sets
from pressrun.load.known_names import know_checks
from pressrun.load.layouts import LayoutFiles
from pressrun.load.marked_words import check_marked_words
from pressrun.load.names_used import Uses, absent_sets
from pressrun.load.one_encoding import one_of_each_encoding
from pressrun.load.outputs import check_output
from pressrun.load.overrides import LaidOver, read_overrides, sources_over
from pressrun.load.print_conditions import check_job_print
from pressrun.load.prompt_files import PromptFiles
from pressrun.load.record_combinations import Combinations
from pressrun.load.row_groups import read_groups
from pressrun.load.set_pictures import check_set_pictures, prompts_named
from pressrun.load.steps import with_steps
from pressrun.load.table_options import columns_read
from pressrun.load.tables import TableReader
from pressrun.model.brand import Brand
from pressrun.model.copy_book import CopyBook
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import GROUP
from pressrun.model.job import ExistingAsset, Job
from pressrun.model.layout import Layout
from pressrun.model.override import OverriddenLayouts
from pressrun.model.project import Campaign, KeyedRecords, Project, Rows
from pressrun.readers.campaign_root import campaign_root
from pressrun.readers.suggestion import closest, did_you_mean
from pressrun.readers.yaml_source import YamlSource

WORDS = frozenset({"self", "super", "loop", "true", "false", "none", "null"})
"""Names that Jinja or an expression would take for something else than a row set, a table or a value."""


class OpenSets(Protocol):
    """What load asks of `pressrun.registry`: the models that close the open sets, formats and checks by name."""

    @property
    def FORMATS(self) -> Mapping[str, Any]: ...

    @property
    def CHECKS(self) -> Mapping[str, Any]: ...

    @property
    def BROKEN_PLUG_INS(self) -> Sequence[Finding]: ...

    def job_model(self, named: Collection[str] | None = None) -> type[Job]: ...

    def layout_model(self, named: Collection[str] | None = None) -> type[Layout]: ...

    def brand_model(self, named: Collection[str] | None = None) -> type[Brand]: ...


def load_project(job_file: Path | str, registry: OpenSets, frames: Mapping[str, Any] | None = None) -> Project:
    """Read a job, its brand, tables (DataFrames: ``frames``), layouts and prompts, and check all of it.

    Raises InputError with every finding if one of them is an error; notes and warnings come with the project.
    """
    path = Path(job_file)
    root = campaign_root(path)
    loading = _Loading(path.resolve(), root, registry, frames or {})
    project = loading.run()
    findings = _in_order(loading.reader.findings)
    if project is None or any(finding.is_error for finding in findings):
        raise InputError(findings)
    return project


class _Loading:
    """One loading. Every part goes as far as it can, so that one fault does not hide another."""

    def __init__(self, job_file: Path, root: Path, registry: OpenSets, frames: Mapping[str, Any]) -> None:
        self.job_file, self.root, self.registry, self.frames = job_file, root, registry, frames
        self.reader = Reader(root)
        self.uses = Uses(self.reader)
        self.rows: dict[str, Rows] = {}
        self.tables: dict[str, KeyedRecords] = {}
        self.copy: CopyBook | None = None

    def run(self) -> Project | None:
        reader = self.reader
        reader.add(self.registry.BROKEN_PLUG_INS)
        source = reader.yaml(self.job_file)
        if source is None:
            return None
        job = reader.open_model(self.registry.job_model, source)
        loaded = self._brand(source)
        layouts = LayoutFiles(reader, self.registry)
        layouts.read(self._layout_names(source))
        campaign = Campaign(self.root, self.job_file.parent, loaded.folder if loaded else self.root / "brands")
        brand = loaded.brand if loaded else None
        if job is None:
            layouts.check(brand, None, self.uses)
            return None
        know_checks(reader, job.checks, self.registry.CHECKS, source)
        if brand is not None:
            check_job_print(reader, campaign.brand_folder, brand, job, source)
        job, step_files, step_places = with_steps(reader, campaign, job, source, loaded)
        axes = self._axes(job, source)
        table_reader = TableReader(reader, campaign, source, self.frames, job.date)
        self._read_tables(job, source, table_reader, frozenset(brand.themes) if brand else frozenset())
        self._check_axes(axes, source)
        expressions = self._expressions(job, source, axes, brand.themes if brand else None)
        in_prompts, in_layouts = expressions.prompts, expressions.layouts
        laid_over = self._overrides(job, source, campaign, layouts, in_layouts)
        layouts.check(brand, job, self.uses, in_layouts)
        if loaded is not None:
            written = ((layouts.sources[name], one.layout) for name, one in layouts.loaded.items())
            overridden = ((source, layout) for _, source, layout in layouts.overridden)
            check_marked_words(reader, loaded.brand, loaded.font_files, (*written, *overridden))
        check_set_pictures(reader, job, source)
        prompts = PromptFiles(reader, self.uses, in_prompts).load(prompts_named(job, source))
        checks = DataChecks(reader, campaign, Combinations(self.rows, axes, expressions.where))
        self._check_data(job, source, checks, expressions, layouts, loaded)
        existing: tuple[ExistingAsset, ...] = ()
        if job.existing is not None:
            plain = {name: one.layout for name, one in layouts.loaded.items()}
            existing = read_existing(
                reader, campaign, job, plain, self.registry.FORMATS, self.rows, source.place(("existing",))
            )
        self._tell_column_faults(job, table_reader)
        reader.findings = one_of_each_encoding(reader.findings)
        self._note_unused(job, source, table_reader)
        if loaded is None:
            return None
        return Project(
            job=job, job_file=self.job_file, job_name=self.job_file.stem, campaign=campaign, brand_id=job.brand,
            brand=loaded.brand, brand_digest=loaded.digest, font_files=loaded.font_files, logos=loaded.logos,
            layouts=layouts.loaded, row_sets=self.rows, tables=self.tables, copy=self.copy, prompts=prompts.sources,
            prompt_names=prompts.names, inputs=dict(sorted(reader.inputs.items())), places=places_of(source),
            notes=tuple(_in_order(reader.findings)), existing=existing, overrides=laid_over,
            step_files=step_files, step_places=step_places,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------ what it names

    def _brand(self, source: YamlSource) -> LoadedBrand | None:
        name = source.data.get("brand") if isinstance(source.data, dict) else None
        if not isinstance(name, str):
            return None
        return load_brand(self.reader, name, source.place(("brand",)), self.registry.brand_model)

    def _layout_names(self, source: YamlSource) -> Iterator[tuple[str, Place]]:
        names = source.data.get("layouts") if isinstance(source.data, dict) else None
        for index, name in enumerate(names if isinstance(names, list) else []):
            if isinstance(name, str):
                yield name, source.place(("layouts", index))

    def _overrides(
        self, job: Job, source: YamlSource, campaign: Campaign, layouts: LayoutFiles, vocabulary: Vocabulary
    ) -> OverriddenLayouts | None:
        """What is laid over single sheets; each is checked with the layouts that it is for."""
        if job.overrides is None:
            return None
        model = self.registry.layout_model()
        read = read_overrides(self.reader, campaign, job, layouts.sources, source.place(("overrides",)))
        if read is None:
            return None
        written, every = read
        for one in every:
            if one.written.when is not None:
                place = written.text_place(("overrides", one.number, "when"))
                self.uses.expression(one.written.when, place, vocabulary)
        for name, over in sources_over(written, every, layouts.sources):
            layout = self.reader.model(model, over)
            if layout is not None:
                layouts.overridden.append((name, over, layout))
        return LaidOver(layouts.loaded, layouts.sources, model, written, every)

    def _axes(self, job: Job, source: YamlSource) -> list[tuple[str, ...]]:
        """The axes of ``expand``, without names that are no row sets."""
        axes: list[tuple[str, ...]] = []
        seen: set[str] = set()
        for index, axis in enumerate(job.expand or tuple(job.rows)):
            together = (axis,) if isinstance(axis, str) else axis
            kept = []
            for number, name in enumerate(together):
                place = source.place(("expand", index) if isinstance(axis, str) else ("expand", index, number))
                if name not in job.rows:
                    hint = did_you_mean(name, job.rows, "row sets")
                    self.reader.error("unknown-rows", f"there is no row set '{name}'", place, hint)
                elif name in seen:
                    self.reader.error("repeated-rows", f"'{name}' is expanded twice", place, "delete one of them")
                else:
                    seen.add(name)
                    kept.append(name)
            if kept:
                axes.append(tuple(kept))
        return axes

    def _check_axes(self, axes: list[tuple[str, ...]], source: YamlSource) -> None:
        for index, axis in enumerate(axes):
            if not all(name in self.rows for name in axis):
                continue
            if len({len(self.rows[name]) for name in axis}) > 1:
                counted = ", ".join(f"{name} has {len(self.rows[name])}" for name in axis)
                message = f"row sets that walk together need equally many rows: {counted}"
                hint = "write them as [a, b] instead of [[a, b]] for every combination"
                self.reader.error("unequal-lengths", message, source.place(("expand", index)), hint)

    def _read_tables(self, job: Job, source: YamlSource, tables: TableReader, themes: frozenset[str]) -> None:
        named = [("rows", name) for name in job.rows] + [("tables", name) for name in job.tables]
        named += [("values", name) for name in job.values]
        taken: dict[str, str] = {}
        for kind, name in named:
            place = source.key_place((kind, name))
            if name in RESERVED or (name == "theme" and kind != "rows"):
                self.reader.error("reserved-name", f"'{name}' already means something else", place, "rename it")
            elif name in WORDS or keyword.iskeyword(name):
                message = f"'{name}' is a word of templates or expressions"
                self.reader.error("reserved-name", message, place, "rename it")
            elif not name.isidentifier() or name.startswith("_"):
                self.reader.error("bad-name", f"'{name}' cannot be a name", place, "use letters, digits and _")
            elif name in taken:
                self.reader.error("repeated-name", f"'{name}' is already one of {taken[name]}", place, "rename it")
            taken.setdefault(name, kind)
        self.rows = read_row_sets(job, tables)
        for name, table in job.tables.items():
            if (records := tables.lookup(name, table)) is not None:
                self.tables[name] = records
        self.rows = read_groups(self.uses, job, source, self.rows, self.tables)
        if job.copy_ is not None:
            self.copy = tables.copy(job.copy_, job.rows, self.rows, themes)

    # -------------------------------------------------------------------------------------------------- what it says

    def _expressions(
        self, job: Job, source: YamlSource, axes: list[tuple[str, ...]], themes: Mapping[str, object] | None
    ) -> _Expressions:
        """``themes`` are None where there is no brand to tell."""
        expanded = {name for axis in axes for name in axis}
        if len(expanded) < sum(1 if isinstance(axis, str) else len(axis) for axis in job.expand):
            expanded = set(job.rows)  # a misspelt name in `expand` is told there, not at each use
        rows = {
            name: Thing.of_table("rows", self.rows[name])
            if name in self.rows else Thing("unread")
            for name in job.rows if name in expanded  # in that order: hints list them
        }  # fmt: skip
        tables = {
            name: Thing.of_table("table", self.tables[name])
            if name in self.tables else Thing("table")
            for name in job.tables
        }  # fmt: skip
        copy = None
        if job.copy_ is not None or source.data.get("copy") is not None:  # which is at fault
            copy = Thing("copy", frozenset(self.copy.entries), self.copy.file) if self.copy else Thing("unread")
        grouped = any(job.rows[name].group_by for name in rows)
        in_rows, in_prompts, in_layouts = (
            absent_sets(vocabulary, set(job.rows) - expanded)
            for vocabulary in vocabularies(rows, tables, job.values, copy, grouped)
        )
        things = {**rows, **tables, "date": in_rows.things["date"]}
        for name, text in job.values.items():
            later = dict.fromkeys(job.values, "values see only those written above them")
            if meant := closest(name, job.tables):
                later[name] = f"did you mean '{meant}'?"
            seen = Vocabulary(things, {**in_rows.absent, **later})
            self.uses.expression(text, source.text_place(("values", name)), seen)
            things = {**things, name: in_rows.things[name]}
        known = Vocabulary(things, in_rows.absent)
        locale: Expression | str | None = job.locale
        if not is_locale_literal(job.locale, things):
            locale = self.uses.expression(job.locale, source.text_place(("locale",)), known)
        theme: Expression | str | None = job.theme
        if job.theme and themes is not None and job.theme not in themes:
            if job.theme.isidentifier() and job.theme not in things:
                hint = did_you_mean(job.theme, [*themes, *things], "themes and names")
                message = f"the brand has no theme '{job.theme}'"
                self.reader.error("unknown-theme", message, source.place(("theme",)), hint)
                theme = None
            else:
                theme = self.uses.expression(job.theme, source.text_place(("theme",)), known)
        where = self.uses.expression(job.where, source.text_place(("where",)), in_rows) if job.where else None
        return _Expressions(locale, theme, where, in_rows, in_prompts, in_layouts)

    def _check_data(
        self, job: Job, source: YamlSource, checks: DataChecks, expressions: _Expressions, layouts: LayoutFiles,
        loaded: LoadedBrand | None,
    ) -> None:  # fmt: skip
        locales = checks.words(expressions.locale) or {}
        checks.locales(locales, source.place(("locale",)))
        if loaded is not None:
            checks.themes(checks.words(expressions.theme) or {}, loaded.brand.themes, source.place(("theme",)))
        texts = Templates(filters=layout_filters((), frozenset()))
        save_as = texts.inspect(job.save_as, "")
        place = source.text_place(("save_as",))
        if self.uses.template(save_as, place, expressions.layouts):
            checks.names(save_as)
        brand = loaded.brand if loaded else None
        formats, (rows, words) = self.registry.FORMATS, (expressions.rows, expressions.layouts)
        check_output(self.uses, job, source, rows, words, texts, layouts.loaded, brand, formats)
        for slot, options in job.pictures.items():
            for text, at in options.names_written:
                place = source.text_place(("pictures", slot, *at))
                inspection = texts.inspect(text, "")
                in_rows = {name: thing for name, thing in expressions.prompts.things.items() if name != "master"}
                sound = self.uses.template(inspection, place, Vocabulary(in_rows, expressions.prompts.absent))
                if sound and loaded and not (job.goes_by(slot) and at in (("anchor",), ("edit", "of"))):
                    checks.pictures(text, inspection, place)
        for id, character in job.characters.items() if loaded else ():
            for index, name in enumerate(character.references):
                checks.picture(name, source.place(("characters", id, "references", index)))
        for layer in layouts.texts:
            if layer.field == "file" and layer.sound and loaded:
                checks.pictures(layer.source, layer.inspection, layer.place, may_lack=True)
        if self.copy is not None:
            checks.copy(self.copy, layouts.texts, locales, source.place(("locale",)))

    def _tell_column_faults(self, job: Job, tables: TableReader) -> None:
        """Columns of one name, and cells that are not what they should be: faults where something reads them, else
        worth a note."""
        for name, faults in tables.column_faults.items():
            unread = self._unread(job, name, faults)
            for column, found in faults.items():
                self.reader.add([replace(one, severity=Severity.NOTE) if column in unread else one for one in found])
        for name, ends in tables.blank_ends.items():
            unread = self._unread(job, name, ends) if ends else []
            self.reader.add([note for column, note in ends.items() if column not in unread])

    def _unread(self, job: Job, name: str, columns: Iterable[str]) -> list[str]:
        """Those of a table's columns that nothing reads."""
        rows, lookup = job.rows.get(name), job.tables.get(name)
        needed = {"currency", *(lookup.key if lookup else ())}
        if rows is not None:
            if GROUP in self.uses.read and rows.group_by:
                return []  # which of them are read of the rows of a group cannot be told
            needed |= {rows.key, *([rows.fill] if rows.fill else ()), *columns_read(rows)}
        return self.uses.unused(name, columns, needed)

    def _note_unused(self, job: Job, source: YamlSource, tables: TableReader) -> None:
        """One note a file, of the columns that nothing reads; none while faults may hide what is read."""
        if any(finding.is_error for finding in self.reader.findings):
            return
        for name, headers in tables.headers.items():
            unused = self._unread(job, name, headers)
            if unused:
                shown = ", ".join(headers[column] for column in unused[:12]) + (" …" if len(unused) > 12 else "")
                count = "1 column is" if len(unused) == 1 else f"{len(unused)} columns are"
                self.reader.note("unused-columns", f"{count} not used: {shown}", tables.header_places[name])
        if self.copy is not None and GROUP not in self.uses.read:  # whose rows have copy of their own
            keys = self.uses.unused("copy", self.copy.entries, ())
            if keys:
                shown = ", ".join(keys[:12]) + (" …" if len(keys) > 12 else "")
                self.reader.note("unused-copy", f"texts that no layout uses: {shown}", Place(self.copy.file, 1))


class _Expressions:
    """A job's expressions, compiled (None: faulty or absent), and the vocabularies of its templates."""

    def __init__(
        self, locale: Expression | str | None, theme: Expression | str | None, where: Expression | None,
        rows: Vocabulary, prompts: Vocabulary, layouts: Vocabulary,
    ) -> None:  # fmt: skip
        self.locale, self.theme, self.where, self.rows = locale, theme, where, rows
        self.prompts, self.layouts = prompts, layouts


def _in_order(findings: list[Finding]) -> list[Finding]:
    """By file in the order of reading, within a file by line; each finding once."""
    order: dict[str, int] = {}
    for finding in findings:
        order.setdefault(finding.place.file if finding.place else "", len(order))

    def key(finding: Finding) -> tuple[int, int, int]:
        place = finding.place
        return (order[place.file], place.line or 0, place.column or 0) if place else (order[""], 0, 0)

    return sorted(dict.fromkeys(findings), key=key)
