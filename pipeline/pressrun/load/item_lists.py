"""The names that a list in a layer uses, and those that its items bring along."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pressrun.language.vocabulary import Thing, Vocabulary
from pressrun.load.names_used import Uses
from pressrun.model.item_list import COUNTER, COUNTER_FIELDS, GROUP, ItemList
from pressrun.model.project import KeyPath
from pressrun.readers.yaml_source import YamlSource

OF_ITEMS = frozenset({"rows", "unread", "value", "theme", "copy"})  # the kinds of things that each row has of its own


def check_list(uses: Uses, said: ItemList, source: YamlSource, path: KeyPath, vocabulary: Vocabulary) -> Vocabulary:
    """Check the expressions of a list that stands at `path`; what its items' templates and expressions see. A list may
    be of a table, which nothing else in a layout sees."""
    short = not isinstance(source.at(path), Mapping)
    tables = {name: one for name, one in vocabulary.tables.items() if name not in vocabulary.things}
    with_tables = vocabulary.before_pages.with_things(tables)
    of = uses.expression(said.of, source.text_place(path if short else (*path, "of")), with_tables)
    if said.as_ in {**tables, **vocabulary.things}:
        message, hint = f"'{said.as_}' already means something else", "choose another name with `as`"
        uses.reader.error("reserved-name", message, source.place((*path, "as")), hint)
    item = _item(of.text.strip() if of else "", vocabulary)
    for key, text in (("where", said.where), ("sort", said.sort)):
        if text:
            uses.expression(text, source.text_place((*path, key)), with_tables.with_things({said.as_: item}))
    return vocabulary.with_things({said.as_: item, COUNTER: Thing("loop", frozenset(COUNTER_FIELDS))})


def _item(of: str, vocabulary: Vocabulary) -> Thing:
    if of in vocabulary.tables:
        return replace(vocabulary.tables[of], kind="rows")
    if of == GROUP and vocabulary.things.get(GROUP, Thing("")).kind == "group":
        values = {name for name, thing in vocabulary.things.items() if thing.kind in OF_ITEMS}
        return Thing("row of the group", frozenset({*values, "locale"}))
    return Thing("item")  # of a list in a cell, whose parts nobody knows
