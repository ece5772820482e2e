"""What templates and expressions may say: the names they see, what each of these has, and the views behind them.

`load` checks every use against it, `expand` fills it in; so the two cannot disagree.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.language.color_words import color_words
from pressrun.language.locale_formats import is_locale
from pressrun.language.pages import PAGE, PAGE_FIELDS
from pressrun.model.brand import Brand, Character, Theme
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.item_list import GROUP
from pressrun.model.job import Master
from pressrun.model.record import Record
from pressrun.readers.suggestion import did_you_mean

if TYPE_CHECKING:
    from pressrun.model.project import KeyedRecords, Rows

SERIAL = "serial"
RESERVED = frozenset(
    {"brand", "characters", "copy", "date", "layout", "lettering", "locale", "master", "page", "references",
     SERIAL, "take"}
)
"""Names that mean something of their own; ``theme`` may be a row set, and then has the theme's words as well."""

BRAND_FIELDS = ("id", "name", "palette", "motifs", "style")
STYLE_FIELDS = ("medium", "lighting", "terms", "avoid", "use")
THEME_FIELDS = ("id", "setting", "lighting", "composition", "terms", "avoid", "palette")
MASTER_FIELDS = ("id", "slot", "width", "height", "shape", "space", "stage", "stage_x", "stage_y")
RECORD_GROUP, RECORD_GROUP_FIELDS = "group", ("value", "count", "copies", "number")
LAYOUT_FIELDS = ("id", "name", "folder", "target")

# Why a name that exists elsewhere is not to be had here: this is what keeps pictures shared and layouts free.
_NOT_IN_PROMPTS = {
    "locale": "a prompt that knew the locale would make a picture for every language",
    "copy": "words are set by the layout, never drawn into pictures",
    "layout": "a prompt that knew the layout would make a picture for every layout",
    SERIAL: "a prompt that knew the number of a row would make a picture for every row",
    "take": "further takes are asked for by `takes`, with the same prompt",
    "date": "a prompt stays the same whatever the date of the files",
}


_PARTS_OF = {
    "rows": ("unknown-column", "column", "columns"),
    "table": ("unknown-column", "column", "columns"),
    "copy": ("unknown-copy-key", "key", "keys"),
}


_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_LOCALE_AS_A_NAME = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\Z")


def is_locale_literal(text: str, names: Container[str]) -> bool:
    """Whether ``locale: de-DE`` means that locale, rather than the expression `de` less `DE`."""
    if text in names or text.split("-")[0] in names:
        return False
    return _LOCALE.match(text) is not None or (_LOCALE_AS_A_NAME.match(text) is not None and is_locale(text))


class Thing(Struct, frozen=True):
    """A name in sight: ``fields`` are what it has (None: it has no parts, or nobody knows them); of a table, with its
    ``records``."""

    kind: str
    fields: frozenset[str] | None = None
    file: str = ""
    records: Sequence[Record] = ()

    @classmethod
    def of_table(cls, kind: str, table: Rows | KeyedRecords) -> Thing:
        return cls(kind, frozenset(table.columns), table.file, table.records)


class Vocabulary(Struct, frozen=True):
    """The names of one kind of text. ``absent`` explains names that exist, but not here; ``tables`` are those of which
    lists can be, where nothing else sees them."""

    things: Mapping[str, Thing]
    absent: Mapping[str, str]
    tables: Mapping[str, Thing] = field(default_factory=dict)

    def with_things(self, things: Mapping[str, Thing]) -> Vocabulary:
        """The same with more names."""
        return replace(self, things={**self.things, **things})

    @property
    def before_pages(self) -> Vocabulary:
        """The same without the page, for what must be known before pages are counted."""
        things = {name: thing for name, thing in self.things.items() if thing.kind != "page"}
        why = "lists and tables are settled before pages are counted; a text layer of its own may tell the page"
        return replace(self, things=things, absent={**self.absent, PAGE: why})

    def fault(self, name: str, attribute: str | None, place: Place | None) -> Finding | None:
        """What is wrong with reading `attribute` of `name` (None: the thing itself), if anything is."""
        thing = self.things.get(name)
        if thing is None:
            hint = self.absent.get(name) or self._as_column(name) or did_you_mean(name, self.things, "known names")
            return Finding(Severity.ERROR, "unknown-name", f"there is no '{name}' here", place, hint)
        if attribute is None or thing.fields is None or attribute in thing.fields:
            return None
        code, what, listed = _PARTS_OF.get(thing.kind, ("unknown-name", "part", "known"))
        message = f"{thing.file or name} has no {what} '{attribute}'"
        hint = did_you_mean(attribute, sorted(thing.fields), listed)
        if attribute == GROUP and self.things.get(GROUP, Thing("")).kind == "group":
            hint = f"`{GROUP}` alone are the rows of the group"
        if what == "column" and keyword.iskeyword(attribute) and f"{attribute}_" in thing.fields:
            hint = f"the column '{attribute}' is called {attribute}_ in templates and expressions"
        return Finding(Severity.ERROR, code, message, place, hint)

    def _as_column(self, name: str) -> str:
        """A hint for a column that stands alone, as `where` and `sort` of a row set have it."""
        having = [set for set, thing in self.things.items() if thing.kind == "rows" and name in (thing.fields or ())]
        return f"write {' or '.join(f'{one}.{name}' for one in having)}: it is a column" if having else ""

    def meant_by_minus(self, pairs: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
        """Hints for names and attributes that come of a header with hyphens, as ``wine.note-de`` is read as a
        subtraction."""
        pairs = list(pairs)
        rests = [name for name, attribute in pairs if attribute is None and name not in self.things]
        hints: dict[tuple[str, str | None], str] = {}
        for name, attribute in pairs if rests else ():
            thing = self.things.get(name)
            if attribute is None or thing is None or thing.kind not in ("rows", "table"):
                continue
            for rest in rests:
                begun = f"{attribute}_{rest}".lower()
                column = min((one for one in thing.fields or () if f"{one}_".startswith(f"{begun}_")), default=None)
                if column:
                    hints[name, attribute] = hints[rest, None] = f"write {name}.{column}: - is a minus here"
        return hints


def vocabularies(
    rows: Mapping[str, Thing], tables: Mapping[str, Thing], values: Iterable[str], copy: Thing | None,
    grouped: bool = False,
) -> tuple[Vocabulary, Vocabulary, Vocabulary]:
    """The names that expressions over rows, prompts, and layouts (with file names) see, from what a job has.
    ``grouped``: rows share their sheets, which know them by a name of their own."""
    themed = rows.get("theme")
    theme = Thing("theme", frozenset(THEME_FIELDS) | (themed.fields or frozenset() if themed else frozenset()))
    common = {**rows, **{name: Thing("value") for name in values}, "theme": theme}
    brand = Thing("brand", frozenset(BRAND_FIELDS))
    group = {GROUP: Thing("group")} if grouped else {}
    in_rows = {**common, **tables, "locale": Thing("text"), "date": Thing("date")}
    in_prompts = {
        **common, **group, "brand": brand, "master": Thing("master", frozenset(MASTER_FIELDS)),
        "characters": Thing("characters"), "lettering": Thing("texts"), "references": Thing("reference pictures"),
    }  # fmt: skip
    in_layouts = {
        **common, **group, "brand": brand, "locale": Thing("text"), "date": Thing("date"), "take": Thing("number"),
        "layout": Thing("layout", frozenset(LAYOUT_FIELDS)), "page": Thing("page", frozenset(PAGE_FIELDS)),
        SERIAL: Thing("number"),
    }  # fmt: skip
    if copy is not None:
        in_layouts["copy"] = copy
    looked_up = dict.fromkeys(tables, "tables are looked up in `values`, whose names are seen here")
    no_copy = {} if copy else {"copy": "the job has no `copy:`"}
    no_copy |= {} if grouped else {GROUP: "no row set has `group_by`, which puts several rows on one sheet"}
    only_there = dict.fromkeys((*in_layouts, "copy"), "layouts alone see it: choose between its parts in their texts")
    return (
        Vocabulary(in_rows, {**only_there, **no_copy, SERIAL: "rows are numbered once they are all there, and sorted"}),
        Vocabulary(in_prompts, {**looked_up, **_NOT_IN_PROMPTS}),
        Vocabulary(in_layouts, {**looked_up, **no_copy, "master": "only prompts know the master"}, tables),
    )


def brand_view(brand_id: str, brand: Brand) -> Record:
    """``brand.name``, ``brand.palette.primary.srgb``, ``brand.motifs``, ``brand.style.terms`` …"""
    palette = {name: _color(name, brand) for name in brand.palette}
    style = brand.style
    values = (
        brand_id, brand.name, Record._of(palette, "the palette"), brand.motifs,
        Record._of({name: getattr(style, name) for name in STYLE_FIELDS}, "the brand's style"),
    )  # fmt: skip
    return Record._of(dict(zip(BRAND_FIELDS, values, strict=True)), "the brand")


def theme_view(theme_id: str, brand: Brand, row: Record | None = None) -> Record:
    """The theme with ``palette`` as colours (the brand's where it names none), over the row set's columns."""
    theme = brand.themes.get(theme_id, Theme())
    colors = tuple(_color(name, brand) for name in (theme.palette or brand.palette))
    values = (theme_id, theme.setting, theme.lighting, theme.composition, theme.terms, theme.avoid, colors)
    fields = dict(zip(THEME_FIELDS, values, strict=True))
    if row is None:
        return Record._of(fields, "the theme")
    return Record._of({**fields, **{name: row[name] for name in row}}, row._header.file)


def master_view(slot: str, master_id: str, master: Master) -> Record:
    """``master.slot`` (the name of the picture it is for), ``master.space``, ``master.shape`` in words,
    ``master.stage`` as "50 % across, 80 % down"."""
    width, height = master.size
    shape = "square" if width == height else "upright" if height > width else "wide"
    across, down = (round(part * 100) for part in master.stage)
    stage = f"{across} % across, {down} % down"
    values = (master_id, slot, width, height, shape, master.space, stage, across, down)
    return Record._of(dict(zip(MASTER_FIELDS, values, strict=True)), "the master")


def character_view(character: Character) -> Record:
    """``character.name``, ``character.description``, ``character.pictured``: whether reference pictures go along."""
    values = {"name": character.name, "description": character.description, "pictured": bool(character.references)}
    return Record._of(values, f"the character '{character.name}'")


def reference_view(number: int, name: str, purpose: str) -> Record:
    """``one.number`` as the model counts pictures, ``one.name`` of its file, ``one.purpose``: what it is for."""
    return Record._of({"number": number, "name": name, "purpose": purpose}, f"the reference picture {number}")


def layout_view(name: str, target: str) -> Record:
    """``layout.name`` is the last part of its path, as file names want it; ``layout.id`` the whole."""
    folder, _, last = name.rpartition("/")
    return Record._of(dict(zip(LAYOUT_FIELDS, (name, last, folder, target), strict=True)), "the layout")


def _color(name: str, brand: Brand) -> Record:
    swatch = brand.palette[name]
    values = {"name": name, "srgb": swatch.srgb, "words": color_words(swatch.srgb)}
    return Record._of(values, f"the colour '{name}'")
