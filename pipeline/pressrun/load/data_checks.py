"""What only the data can tell: cells that name no picture, no locale, no theme, no fit file; copy that is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pressrun.language import locale_formats
from pressrun.language.expression import Expression
from pressrun.language.file_names import fault_in_value
from pressrun.language.lookup import EvaluationError
from pressrun.language.templates import Templates
from pressrun.load.campaign_reader import Reader, capped
from pressrun.load.layouts import LayerText
from pressrun.load.record_combinations import Combinations, Meeting
from pressrun.model.copy_book import CopyBook
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.project import Campaign, OutsideCampaign
from pressrun.model.record import Record
from pressrun.model.template import TemplateFault, TemplateNames
from pressrun.readers.missing_pictures import picture_hint
from pressrun.readers.suggestion import did_you_mean

_SHOWN = 3


class DataChecks:
    """Checks over the combinations of a job's rows."""

    def __init__(self, reader: Reader, campaign: Campaign, combinations: Combinations) -> None:
        self.reader, self.campaign, self.combinations = reader, campaign, combinations
        self._templates = Templates()

    def words(self, source: Expression | str | None) -> dict[str, Place | None] | None:
        """What an expression over row sets comes to, each text with the line of its first row; None if that cannot
        be told before the rows are expanded."""
        if source is None or isinstance(source, str):
            return {source: None} if source else {}
        if not source.names <= self.combinations.sets:
            return None
        found: dict[str, Place | None] = {}
        for meeting in self.combinations.of(source.names):
            try:
                value = source.evaluate({name: record for name, (record, _) in meeting.items()})
            except EvaluationError:
                continue  # told when the rows are expanded
            if isinstance(value, Record) and "id" in value:
                value = value["id"]
            if isinstance(value, str):
                found.setdefault(value, _place(meeting))
        return found

    def locales(self, found: Mapping[str, Place | None], written: Place) -> None:
        for locale, place in found.items():
            if not locale_formats.is_locale(locale):
                message = f"'{locale}' is no locale" if locale else "the locale is empty"
                self.reader.error("unknown-locale", message, place or written, "write it like de-DE")

    def themes(self, found: Mapping[str, Place | None], known: Mapping[str, object], written: Place) -> None:
        for theme, place in found.items():
            if theme and theme not in known:
                message = f"the brand has no theme '{theme}'"
                self.reader.error("unknown-theme", message, place or written, did_you_mean(theme, known, "themes"))

    def names(self, inspection: TemplateNames) -> None:
        """Cells that ``save_as`` prints as they are, and that no file name can have in it."""
        for use in inspection.uses:
            rows = self.combinations.rows[use.name] if use.name in self.combinations.sets else None
            if not use.printed or use.attribute is None or rows is None or use.attribute not in rows.columns:
                continue
            told = []
            for meeting in self.combinations.of([use.name]):
                record, _ = meeting[use.name]
                cell = record[use.attribute]
                mends = "replace(…)"
                if cell in ("", None):
                    fault: str | None = f"'{use.attribute}' is empty, and is part of the file's name"
                    mends = "default('…')"
                else:
                    fault = fault_in_value(str(cell))
                if fault:
                    hint = f"change the cell, or write {use.name}.{use.attribute} | {mends} in save_as"
                    told.append(Finding(Severity.ERROR, "unsafe-name", fault, _place(meeting), hint))
            self.reader.add(capped(told))

    def pictures(self, source: str, inspection: TemplateNames, written: Place, may_lack: bool = False) -> None:
        """The files that a template names: every one is there (unless rows `may_lack` theirs, which is told of the
        rows that show it), inside the campaign."""
        sets = {use.name for use in inspection.uses}
        if not sets <= self.combinations.sets:
            return  # told when the rows are expanded
        template = self._templates.text(source)
        faults: dict[str, Finding | None] = {}  # by the name that was looked for: most rows share theirs with others
        for meeting in self.combinations.of(sets) if sets else iter([{}]):
            try:
                name = template.render({name: record for name, (record, _) in meeting.items()}).strip()
            except TemplateFault:
                continue
            if name and name not in faults:
                faults[name] = self._picture(name, _place(meeting) or written)
        told = [one for one in faults.values() if one and not (may_lack and one.code == "missing-picture")]
        self.reader.add(capped(told))

    def picture(self, name: str, place: Place) -> None:
        """A file named in place: it is there, inside the campaign."""
        fault = self._picture(name, place)
        self.reader.add([fault] if fault else [])

    def _picture(self, name: str, place: Place) -> Finding | None:
        try:
            path = self.campaign.find(name)
        except OutsideCampaign as outside:
            hint = "download it, and name the file" if "://" in name else None
            return Finding(Severity.ERROR, "outside-campaign", str(outside), place, hint)
        if path is None:
            hint = picture_hint(self.campaign, name)
            return Finding(Severity.ERROR, "missing-picture", self.campaign.without(name), place, hint)
        self.reader.remember(path)
        return None

    def copy(self, book: CopyBook, texts: list[LayerText], locales: Mapping[str, Place | None], where: Place) -> None:
        """Every key that a layer without ``when`` prints has a text in every locale that comes up."""
        used: dict[str, LayerText] = {}
        for text in texts:
            for use in text.inspection.uses:
                key, may_lack = use.attribute, use.guarded or use.asked or text.guarded
                if use.name == "copy" and key in book.entries and key and not may_lack:
                    used.setdefault(key, text)
        for locale, place in locales.items():
            if not locale_formats.is_locale(locale):
                continue
            locale = locale_formats.locale_code(locale)
            if book.column_for(locale) is None:
                if used:
                    hint = f"locales: {', '.join(book.locales)}"
                    self.reader.error("missing-locale", f"{book.file} has no column for {locale}", place or where, hint)
                continue
            for key, text in used.items():
                self._missing_copy(book, key, locale, text)

    def _missing_copy(self, book: CopyBook, key: str, locale: str, text: LayerText) -> None:
        scopes = book.scopes.get(key, ())
        if any(name not in self.combinations.sets and name in self.combinations.asked for name in scopes):
            return  # rows that could not be read may have it
        missing = [keys for keys in self._keys(scopes) if book.find(key, keys, locale) is None]
        if not missing:
            return
        message = f"{book.file} has no '{key}' in {locale}"
        rows = [" · ".join(keys.values()) for keys in missing if keys]
        if rows:
            message += f" for {', '.join(rows[:_SHOWN])}"
            message += f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        place = Place(book.file, book.place_of(key, missing[0]))
        hint = f"fill the cell in, or give '{text.layer}' in {text.layout} a `when: copy.{key}`"
        self.reader.error("missing-copy", message, place, hint)

    def _keys(self, scopes: tuple[str, ...]) -> Iterator[dict[str, str]]:
        # A theme that is no row set is left open: an entry for one theme is then never enough.
        sets = self.combinations.rows
        grouped = [sets[name] for name in scopes if name in sets and sets[name].groups]
        of_sheets = {one.name: dict(zip(one.keys, one.groups, strict=True)) for one in grouped}
        told: set[tuple[str, ...]] = set()
        for meeting in self.combinations.of(scopes):
            keys = {name: of_sheets[name][key] if name in of_sheets else key for name, (_, key) in meeting.items()}
            if not grouped:  # each combination is met once
                yield keys
            elif tuple(keys.values()) not in told:
                told.add(tuple(keys.values()))
                yield keys


def _place(meeting: Meeting) -> Place | None:
    for record, _ in meeting.values():
        return Place(record._header.file, record._line)
    return None
