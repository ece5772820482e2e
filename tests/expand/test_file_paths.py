"""Paths of files are put together of pieces; what comes out is what the whole template says."""

from __future__ import annotations

from typing import Any

import pytest

from pressrun.expand.file_paths import FilePaths
from pressrun.language.file_names import checked_path, part_of_a_name
from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.model.job import Row
from pressrun.model.record import Header, Record
from pressrun.model.template import TemplateFault, ValueFault

HEADER = Header(("sku", "name"), "products.csv")
ROWS = [("A1", "Mug"), ("B/2", "Tin"), ("C3", ""), ("É4", "con")]
TEMPLATES = [
    "{{ product.sku }}-{{ layout.name }}",
    "{{ layout.name }}/{{ product.sku | lower }}{% if take > 1 %}-{{ take }}{% endif %}",
    "{{ layout.name ~ product.sku }}/{{ take }}{{ brand.id }} x",
    "{{ product.sku }}/{{ layout.name | upper }}{{- product.name -}} /{{ take }}",
    "{{ product.name or 'none' }}/{{ layout.name }}/{{ layout.nmae }}",
    "{{ product.sku }}\n{{ product.none }}{{ layout.name }}",
    "{{ 1 // (take - 1) }}{{ layout.name }}",
    "plain",
]


def said(render: Any) -> Any:
    try:
        return checked_path(render())
    except (TemplateFault, ValueFault) as fault:
        return fault.code, fault.message, fault.hint, getattr(fault, "line", None)


@pytest.mark.parametrize("source", TEMPLATES)
def test_paths_in_pieces_are_those_of_the_whole_template(source: str) -> None:
    templates = Templates(filters=layout_filters((), frozenset()), finalize=part_of_a_name)
    paths = FilePaths(templates, source)
    for cells in ROWS:
        row = Row(cells[0], "en-GB", "", {"product": Record(HEADER, cells)})
        for layout in ("post", "card", "post"):
            for take in (1, 2):
                names = {**row.values, "layout": Record._of({"name": layout}, "layouts"), "take": take,
                         "brand": Record._of({"id": "lab"}, "brands"), "locale": "en-GB"}  # fmt: skip
                whole = said(lambda names=names: templates.text(source).render(names))
                assert said(lambda: paths.path(row, layout, take, lambda: names)) == whole  # noqa: B023


@pytest.mark.parametrize("path", ["con/a", "a/nul.txt", "a.", " a", "a//b", "COM1", "a/.", "a" * 121, "x/" * 210 + "x", "a:b", "é"])
def test_plain_paths_are_told_apart_from_those_that_are_looked_at(path: str) -> None:
    assert said(lambda: path) == (path if path == "é" else said(lambda: path))
    assert isinstance(said(lambda: path), str) is (path == "é")
