"""What a table marks bold, and lets its cells mark: told only where nobody could see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError

Campaign = Callable[..., Path]
FLYER = "templates/layouts/print/flyer.yaml"
TABLE = """\
  - type: table
    rows: season.terms
    size: 9pt
    markup: {markup}
    header: {{role: headline}}
    group: {{by: "1", heading: "{{{{ group.value }}}}", heading_look: {{role: headline}}}}
    columns:
      - {{header: "{header}", text: "{name}", role: headline}}
      - {{text: "{note}"{role}}}
"""


def lacking(
    campaign: Campaign, markup: str, *, header: str = "Name", name: str = "{{ item }}", note: str = "{{ item }}",
    role: str = "",
) -> list[str]:  # fmt: skip
    """The cuts that are told to be missing: FiraGO has no bolder one than the headline's."""
    job = campaign()
    flyer = job.parents[1] / FLYER
    table = TABLE.format(markup=markup, header=header, name=name, note=note, role=role)
    flyer.write_text(flyer.read_text() + table)
    try:
        load_project(job, registry)
    except InputError as error:
        return [one.message for one in error.findings if one.code == "missing-cut"]
    return []


@pytest.mark.parametrize("markup", ["[bold]", "[bold, italic]", "true"])
def test_cells_of_one_column_may_be_bold_beside_bold_ones_and_headings(campaign: Campaign, markup: str) -> None:
    assert not lacking(campaign, markup)
    assert not lacking(campaign, markup, note="<b>{{ item }}</b>")


def test_no_column_can_show_what_cells_may_mark(campaign: Campaign) -> None:
    assert any("for <b>" in one for one in lacking(campaign, "[bold]", role=", role: headline"))


@pytest.mark.parametrize("where", ["header", "name"])
def test_a_word_that_the_table_marks_itself_is_seen(campaign: Campaign, where: str) -> None:
    (told,) = lacking(campaign, "[bold]", **{where: "<b>x</b>"})  # type: ignore[arg-type]
    assert "for <b> (role headline)" in told
