"""Every name that the words of a table use."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.language.vocabulary import Thing, Vocabulary
from pressrun.load.item_lists import check_list
from pressrun.load.names_used import Uses
from pressrun.model.finding import Place
from pressrun.model.project import KeyPath
from pressrun.model.table_content import GROUP_FIELDS, GROUP_VIEW, TableTexts, Written
from pressrun.readers.yaml_source import YamlSource

Inspected = tuple[Written, Place, Vocabulary]


def table_templates(
    uses: Uses, said: TableTexts, source: YamlSource, base: KeyPath, vocabulary: Vocabulary
) -> Iterator[Inspected]:
    """Check the expressions of a table whose layer stands at `base`; its templates, with what each of them sees."""

    def place(written: Written) -> Place:
        return source.text_place((*base, *written.path))

    vocabulary = vocabulary.before_pages
    of_items = check_list(uses, said.items, source, (*base, "rows"), vocabulary)
    group = {GROUP_VIEW: Thing("group of items", frozenset(GROUP_FIELDS))}
    of_whole = vocabulary.with_things(group)
    of_group = of_whole.with_things({said.items.as_: of_items.things[said.items.as_]})
    for column in said.columns:
        for expression, seen in ((column.when, vocabulary), (column.span, of_items), (column.anchor, of_items)):
            if expression:
                uses.expression(expression.text, place(expression), seen)
        yield column.header, place(column.header), vocabulary
        yield column.text, place(column.text), of_items
    if said.by:
        uses.expression(said.by.text, place(said.by), of_items)
    for written in said.of_groups:
        yield written, place(written), of_group
    for written in said.total:
        yield written, place(written), of_whole
