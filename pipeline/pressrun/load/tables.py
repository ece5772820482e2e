"""Row sets, lookup tables and copy: from files (or items in the job) to records."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pressrun.language import locale_formats
from pressrun.language.locale_letters import letters_of, scripts_of
from pressrun.load import shaped_tables
from pressrun.load.campaign_reader import Reader
from pressrun.load.copy_lines import copy_book
from pressrun.load.header_lines import header_below
from pressrun.load.shops import OF_ONE_ARTICLE, in_vocabulary, sales_not_lower
from pressrun.load.table_options import column_types, columns_read, lists_of, option_place, table_format
from pressrun.model.copy_book import CopyBook
from pressrun.model.finding import Finding, Place
from pressrun.model.packed_cells import PackedTexts
from pressrun.model.packed_records import column_of, records_of
from pressrun.model.project import Campaign, KeyedRecords, OutsideCampaign, Rows, is_pattern
from pressrun.model.record import Amount, Header, Record
from pressrun.model.tables import CopyTable, LookupTable, RowSet, TableOptions
from pressrun.readers.assembled_tables import stacked
from pressrun.readers.blank_ends import blank_ends
from pressrun.readers.cells import ReadAs
from pressrun.readers.environment import read_environment
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table import Table, identifier, read_table, table_of_items
from pressrun.readers.table_file import read_written
from pressrun.readers.trimmed_cells import trimmed
from pressrun.readers.written_table import TableFormat, WrittenTable
from pressrun.readers.yaml_source import KeyPath, YamlSource

CURRENCY = "currency"


class TableReader:
    """Reads the tables of one job of the date ``today``, those of ``frames`` from there instead of from their files."""

    def __init__(
        self, reader: Reader, campaign: Campaign, source: YamlSource, frames: Mapping[str, Any], today: dt.date
    ) -> None:
        self.frames, self.today = frames, today
        self.locales: set[str] = set()  # of the words, as far as they are known
        self.reader, self.campaign, self.source = reader, campaign, source
        self.headers: dict[str, dict[str, str]] = {}  # table's name → column → header in the file
        self.header_places: dict[str, Place] = {}
        self.column_faults: dict[str, dict[str, tuple[Finding, ...]]] = {}  # by table and column: faults, if it is read
        self.blank_ends: dict[str, dict[str, Finding]] = {}  # likewise
        self._before_choice: dict[str, Sequence[Any]] = {}  # keys of row sets of which some rows are left out

    def rows(self, name: str, options: RowSet) -> Rows | None:
        base: KeyPath = ("rows", name)
        if options.items is not None:
            lines = [self.source.place((*base, "items", index)).line or 1 for index in range(len(options.items))]
            file = self.source.file
            items = [{name: frozen(value, file) for name, value in item.items()} for item in options.items]
            table, findings = table_of_items(
                file, items, lines, types=self._types(options, base), key=(options.key,), place_of=self._at(base)
            )
            self.reader.add(findings)
        else:
            raw = self._written(name, options, base)
            read = self._read_rows(raw, options, base) if raw is not None else None
            if read is None:
                return None
            table = read
            self._keep_header(name, table)
        records = self._records(table)
        keys = column_of(records, options.key) if options.key in table.columns else [""] * len(records)
        if not isinstance(keys, PackedTexts):
            keys = tuple(map(str, keys))
        return Rows(name, table.file, options.key, table.columns, records, keys)

    def _written(self, name: str, options: RowSet | LookupTable, base: KeyPath) -> WrittenTable | None:
        """The table as it is in its frame, database or file."""
        if name in self.frames:
            from pressrun.readers.frame_table import read_frame

            raw, findings = read_frame(self.frames[name], f"{name} (DataFrame)")
        elif options.sql is not None:
            from pressrun.readers.sql_table import read_query

            place = self.source.place((*base, "sql"))
            environment = read_environment(self.campaign.root)
            folder = self.campaign.job_folder
            raw, findings = read_query(options.sql, options.url or "", f"{name} (query)", environment, place, folder)
        else:
            return self._in_file(options.file or "", options, base)
        self.reader.add(findings)
        if raw is not None:
            said = repr((raw.headers, raw.columns)).encode("utf-8", "surrogatepass")
            self.reader.inputs[raw.file] = hashlib.sha256(said).hexdigest()
        return trimmed(raw) if raw is not None and options.trim else raw

    def _in_file(self, file: str, options: TableOptions, base: KeyPath) -> WrittenTable | None:
        """The table of a file, or of all whose names a pattern fits."""
        asked_at = self.source.place((*base, "file"))
        found = self._paths(file, asked_at) if is_pattern(file) else (self._path(file, (*base, "file")),)
        parts: list[WrittenTable] = []
        for path in found:
            if path is not None:
                self.reader.remember(path)
                part, findings = read_written(path, self.reader.shown(path), self._format(options), asked_at=asked_at)
                self.reader.add(findings)
                if part is not None and (fault := header_below(part, options)):
                    self.reader.add([fault])
                    part = None
                parts += [part] if part is not None else []
        if not parts or len(parts) < len(found):
            return None
        table, findings = stacked(file, parts)
        self.reader.add(findings)
        return table

    def _paths(self, pattern: str, place: Place) -> tuple[Path, ...]:
        try:
            found = self.campaign.matching(pattern)
        except OutsideCampaign as outside:
            self.reader.error("outside-campaign", str(outside), place)
            return ()
        if not found:
            hint = "* stands for any letters but /, ? for one: parts/*.xlsx are all workbooks in parts/"
            self.reader.error("missing-file", f"no file is called like '{pattern}'", place, hint)
        return found

    def _shaped(
        self, raw: WrittenTable, options: RowSet, base: KeyPath, read: Callable[[WrittenTable], Table | None]
    ) -> WrittenTable | None:  # fmt: skip
        """The table as the job wants its rows; ``read`` gives cells their types."""
        try:
            for number, one in enumerate(options.join):
                at = (*base, "join", number)
                if (other := self._in_file(one.file, one, at)) is None:
                    return None
                raw, told = shaped_tables.joined(raw, other, one, self._at(at))
                self.reader.add(told)
            if options.unpivot:
                raw = shaped_tables.unpivoted(raw, options.unpivot, self._at((*base, "unpivot")))
            if options.where is None and not options.sort and options.sample is None and options.limit is None:
                return raw
            if (typed := read(raw)) is None:
                return raw  # its faults are told when it is read at last
            faults = [found for name in columns_read(options) for found in typed.column_faults.get(name, ())]
            if any(found.is_error for found in faults):
                self.reader.add(faults)
                return None
            keys = typed.column(options.key) if options.key in typed.columns else typed.numbers
            self._before_choice[str(base[-1])] = keys
            raw, findings = shaped_tables.chosen_rows(raw, typed, options, self._at(base), lambda row: str(keys[row]))
        except shaped_tables.CannotShape as fault:
            findings = [fault.finding]
        self.reader.add(findings)
        if any(one.is_error for one in findings):
            return None
        if not raw.lines:
            place = self.source.place((*base, "where"))
            self.reader.error("no-rows", f"no row of {raw.file} is left", place, "correct what is wanted of it")
            return None
        return raw

    def _read_rows(self, raw: WrittenTable | None, options: RowSet, base: KeyPath) -> Table | None:
        types, fill = self._types(options, base), options.fill
        if raw is not None and options.shop:
            shop, findings = in_vocabulary(raw, options.shop, self.today, types, options.columns)
            self.reader.add(findings)
            raw, fill = shop.table, fill or shop.fill
            types = {**dict.fromkeys(shop.decimals, "decimal"), **lists_of(shop.lists), **types}
        if raw is None:
            return None

        def read(some: WrittenTable, key: tuple[str, ...] = ()) -> tuple[Table | None, list[Finding]]:
            return read_table(
                some, columns=options.columns, types=types, fill=fill, key=key, place_of=self._at(base),
                unfilled=OF_ONE_ARTICLE if options.shop else (), faults_later=True,
            )  # fmt: skip

        if (raw := self._shaped(raw, options, base, lambda some: read(some)[0])) is None:
            return None
        table, findings = read(raw, (options.key,))
        if table is not None and options.shop:
            findings += sales_not_lower(table)
        self.reader.add(findings)
        return table

    def lookup(self, name: str, options: LookupTable) -> KeyedRecords | None:
        base: KeyPath = ("tables", name)
        raw = self._written(name, options, base)
        if raw is None:
            return None
        table, findings = read_table(
            raw, columns=options.columns, types=self._types(options, base), key=options.key, place_of=self._at(base),
            faults_later=True,
        )  # fmt: skip
        self.reader.add(findings)
        if table is None:
            return None
        self._keep_header(name, table)
        key = tuple(name for name in options.key if name in table.columns)
        return KeyedRecords(table.file, key, table.columns, self._records(table))

    def copy(
        self, options: CopyTable, names: Iterable[str], row_sets: Mapping[str, Rows], themes: frozenset[str]
    ) -> CopyBook | None:
        """The copy table: the column ``key``, columns named as row sets (or ``theme``), and one a locale.

        `names` are all of the job's row sets, `row_sets` those that could be read.
        """
        path = self._path(options.file, ("copy", "file"))
        if path is None:
            return None
        raw, findings = read_written(path, self.reader.shown(path), self._format(options))
        if raw is not None and any(one.code == "guessed-encoding" for one in findings):
            self.locales |= {header for header in raw.headers if locale_formats.is_locale(header)}
            raw, findings = read_written(path, self.reader.shown(path), self._format(options))
        self.reader.add(findings)
        self.reader.remember(path)
        if raw is None:
            return None
        known = {*names, "theme"}
        columns = {identifier(header): header for header in raw.headers if identifier(header) not in ("", "key")}
        conditions = [name for name in columns if name in known]
        # A column of unknown meaning may be what tells two lines apart: one fault is enough.
        odd = [name for name, header in columns.items() if name not in known and not locale_formats.is_locale(header)]
        table, findings = read_table(
            raw, key=("key", *conditions, *odd), optional_key=[*conditions, *odd], place_of=self._at(("copy",))
        )
        self.reader.add(findings)
        if table is None or "key" not in table.columns:
            return None
        place = Place(raw.file, raw.header_line)
        absent = self._absent_conditions(odd, table, known, place)
        locales = self._locale_columns(table, {*known, *absent}, place)
        conditions = [name for name in columns if name in known or name in absent]
        self._check_conditions(table, conditions, row_sets, themes)
        return copy_book(table, tuple(conditions), locales)

    # ---------------------------------------------------------------------------------------------------------------

    def _types(self, options: RowSet | LookupTable, base: KeyPath) -> dict[str, ReadAs]:
        """How columns are read, those of ``decimals`` and ``dates`` as their locale writes them."""
        ways = {"decimals": options.decimals, "dates": options.dates}
        for way, column, locale in [(way, *said) for way, columns in ways.items() for said in columns.items()]:
            if not locale_formats.is_locale(locale):
                place = self.source.place((*base, way, column))
                self.reader.error("unknown-locale", f"'{locale}' is no locale", place, "write it like de-DE")
        return column_types(options)

    def _format(self, options: TableOptions) -> TableFormat:
        locales = self.locales
        return replace(table_format(options), letters=lambda: letters_of(locales), scripts=lambda: scripts_of(locales))

    def _at(self, base: KeyPath) -> Callable[[KeyPath], Place]:
        return lambda path: option_place(self.source, base, path)

    def _path(self, written: str, at: KeyPath) -> Path | None:
        """The path of a table. A missing one is read all the same, for the finding with the name that was meant."""
        place = self.source.place(at)
        try:
            path = self.campaign.find(written)
        except OutsideCampaign as outside:
            self.reader.error("outside-campaign", str(outside), place)
            return None
        if path is None:
            _, findings = read_written(self.campaign.job_folder / written, written, asked_at=place)
            self.reader.add(findings)
            return None
        self.reader.remember(path)
        return path

    def _keep_header(self, name: str, table: Table) -> None:
        self.headers[name] = table.headers
        self.column_faults[name] = table.column_faults
        self.blank_ends[name] = blank_ends(table)
        self.header_places[name] = Place(table.file, 1)

    def _records(self, table: Table) -> Sequence[Record]:
        files = {file: number for number, file in enumerate(dict.fromkeys(table.files or [table.file]))}
        columns = [table.column(name) for name in table.columns]
        if CURRENCY in table.columns:
            self._check_currencies(table)
            currencies = table.column(CURRENCY)
            columns = [amounts(cells, currencies) for cells in columns]
        of_header = [files[file] for file in table.files] if table.files and len(files) > 1 else ()
        return records_of(columns, [Header(table.columns, file) for file in files], table.lines, of_header)

    def _check_currencies(self, table: Table) -> None:
        told: set[Any] = set()
        for index, currency in enumerate(table.column(CURRENCY)):
            if currency and currency not in told and not locale_formats.is_known_currency(str(currency)):
                told.add(currency)
                hint = "write a code of ISO 4217 in capitals, like EUR"
                self.reader.error("unknown-currency", f"'{currency}' is no currency", table.place(index), hint)

    def _absent_conditions(self, odd: list[str], table: Table, known: set[str], place: Place) -> list[str]:
        """Columns before the first locale that name no row set of this job, nor look like one misspelt: a copy table
        serves several jobs, and texts for one product say nothing where there are no products."""
        headers = list(table.headers.items())
        first = next((at for at, (_, header) in enumerate(headers) if locale_formats.is_locale(header)), 0)
        before = [column for column, _ in headers[:first]]
        absent = [name for name in odd if name in before and not _nearly(name, [*known, *_COMMON_LOCALES])]
        for name in absent:
            message = f"'{name}' is no row set of this job: texts for one {name} are left out"
            self.reader.note("unused-condition", message, place)
        return absent

    def _locale_columns(self, table: Table, known: set[str], place: Place) -> dict[str, str]:
        locales: dict[str, str] = {}
        for column, header in table.headers.items():
            if column == "key" or column in known:
                continue
            if locale_formats.is_locale(header):
                locales[column] = locale_formats.locale_code(header)
                if list(locales.values()).count(locales[column]) > 1:
                    message = f"column '{header}' is {locales[column]}, which another column is already"
                    self.reader.error("duplicate-header", message, place, "delete one of them")
                continue
            message = f"column '{header}' is neither a locale nor the name of a row set"
            hint = did_you_mean(header, [*sorted(known), *_COMMON_LOCALES], "row sets and some locales")
            self.reader.error("unknown-column", message, place, hint)
        if not locales:
            self.reader.error("missing-locale", f"{table.file} has no column for any locale", place, "like en-GB")
        return locales

    def _check_conditions(
        self, table: Table, conditions: list[str], row_sets: Mapping[str, Rows], themes: frozenset[str]
    ) -> None:
        for name in conditions:
            if name not in row_sets and name != "theme":
                continue
            if name in row_sets and any(map(self.reader.has_errors_in, row_sets[name].files)):
                continue  # the row may be one that could not be read
            known = frozenset((*row_sets[name].keys, *row_sets[name].groups)) if name in row_sets else themes
            unknown: dict[str, int] = {}
            for index, key in enumerate(table.column(name)):
                if key and key not in known:
                    unknown.setdefault(key, index)
            for key in map(str, self._before_choice.get(name, ())) if unknown else ():
                unknown.pop(key, None)  # the copy of several jobs, of which this one leaves some rows out
            for key, index in unknown.items():
                message = f"there is no {name} '{key}', so this text is never used"
                self.reader.warn("unknown-row", message, table.place(index), did_you_mean(key, sorted(known)))


def _nearly(word: str, choices: list[str]) -> bool:
    """Whether a word is so near to a choice that it was probably meant."""
    return bool(difflib.get_close_matches(word.casefold(), [choice.casefold() for choice in choices], 1, cutoff=0.75))


_COMMON_LOCALES = ("en-GB", "en-US", "de-DE", "fr-FR", "es-ES", "it-IT", "pl-PL", "pt-BR", "ar-AE", "hi-IN", "th-TH")


def amounts(cells: Any, currencies: Any) -> Any:
    """A column of decimals as amounts that know the currency of their row; any other column as it is."""
    if not any(isinstance(cell, Decimal) for cell in cells):
        return cells
    return [
        Amount(cell, currency) if isinstance(cell, Decimal) and currency else cell
        for cell, currency in zip(cells, currencies, strict=True)
    ]


def frozen(value: Any, file: str) -> Any:
    """Lists and mappings of items in a form that templates can only read."""
    if isinstance(value, list):
        return tuple(frozen(item, file) for item in value)
    if isinstance(value, dict):
        return Record._of({str(key): frozen(item, file) for key, item in value.items()}, file)
    return value
