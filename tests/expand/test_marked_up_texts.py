"""A template's own words mark up; what it prints is literal, but for the markup that the layer allows to cells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressrun.expand import expand_rows, layout_content
from pressrun.language.markup import TAGS, MarkupFault, Piece, check_template, pieces
from pressrun.language.templates import Templates
from pressrun.model.errors import InputError
from pressrun.model.project import Project
from pressrun.model.template import TemplateFault

Make = Callable[..., Project]
CARD = "templates/layouts/social/card.yaml"
COPY = "jobs/data/copy.csv"


def rendered(source: str, cell: object, *in_cells: str) -> tuple[Piece, ...]:
    return pieces(Templates().marked_up(frozenset(in_cells)).text(source).render({"cell": cell}))


def said(found: tuple[Piece, ...]) -> list[tuple[str, str]]:
    return [(piece.text, " ".join(f"{mark.name} {mark.value}".strip() for mark in piece.marks)) for piece in found]


@given(st.text())
@example("<b>x</b> &amp; <color flame>")
@example("\"'`<!-- -->")
def test_any_cell_is_literal(cell: str) -> None:
    assert "".join(piece.text for piece in rendered("<b>{{ cell }}</b>", cell)) == cell


@pytest.mark.parametrize(
    "source",
    [
        "{{ cell }}", "{{ cell | upper | lower }}", "{{ cell ~ '' }}", "{{ [cell, ''] | join }}", "{{ cell | replace('q', '') }}",
        "{% set x %}{{ cell }}{% endset %}{{ x }}", "{% set x %}{{ cell }}{% endset %}{{ x ~ '' }}",
        "{% set x %}{{ cell }}{% endset %}{{ x | replace('q', '') }}", "{% set x %}{{ cell }}{% endset %}{{ [x] | join }}",
        "{% macro m(y) %}{{ y }}{% endmacro %}{{ m(cell) }}", "{% for one in [cell] %}{{ one }}{% endfor %}", "{{ cell | trim }}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("allowed", [(), ("italic",)])
def test_a_cell_is_literal_whatever_it_goes_through(source: str, allowed: tuple[str, ...]) -> None:
    assert said(rendered(source, "a < b & c > d", *allowed)) == [("a < b & c > d", "")]


def test_words_of_the_template_mark_up() -> None:
    source = "a <b>b <i>c</i></b> <color {{ cell }}>d</color> <size 80%>e</size> 5 < 6 &lt;b&gt; R&D"
    assert said(rendered(source, "flame")) == [
        ("a ", ""), ("b ", "bold"), ("c", "bold italic"), (" ", ""), ("d", "color flame"), (" ", ""), ("e", "size 80%"),
        (" 5 < 6 <b> R&D", ""),
    ]  # fmt: skip


def test_markup_that_a_branch_writes() -> None:
    source = "{% if cell %}<b>{% endif %}x{% if cell %}</b>{% endif %}"
    assert said(rendered(source, True)) == [("x", "bold")]
    assert said(rendered(source, False)) == [("x", "")]


def test_cells_mark_up_what_they_may() -> None:
    assert said(rendered("{{ cell }} <u>c</u>", "<b>R&D</b> &lt;", "bold")) == [
        ("R&D", "bold"), (" &lt; ", ""), ("c", "underline")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "code"),
    [("<b>x", "unclosed-markup"), ("x</b>", "unclosed-markup"), ("<i>x</i>", "unknown-markup"), ("<p>", "unknown-markup")],
)
def test_a_cell_is_whole_in_itself(cell: str, code: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        rendered("<b>{{ cell }}</b>", cell, "bold")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("source", "code", "at"),
    [
        ("a <b>b", "unclosed-markup", 2), ("a</b>", "unclosed-markup", 1), ("<b><i>x</b></i>", "unclosed-markup", 7),
        ("<bold>x</bold>", "unknown-markup", 0), ("<color>x</color>", "unknown-markup", 0),
        ("{{ a }}<size big>x</size>", "unknown-markup", 7), ("<size 9>x</size>", "unknown-markup", 0),
        ("<b 3>x</b>", "unknown-markup", 0), ("{% if a %}<bald>{% endif %}", "unknown-markup", 10),
    ],
)  # fmt: skip
def test_what_can_be_told_before_a_row_is_filled_in(source: str, code: str, at: int) -> None:
    with pytest.raises(MarkupFault) as caught:
        check_template(source)
    assert (caught.value.code, caught.value.at) == (code, at)


@pytest.mark.parametrize("tag", [tag for tag, name in TAGS.items() if name != tag])
def test_who_writes_what_a_tag_is_called_is_told_the_tag(tag: str) -> None:
    with pytest.raises(MarkupFault) as caught:
        check_template(f"<{TAGS[tag]}>x</{TAGS[tag]}>")
    assert f"<{tag}>" in (caught.value.hint or "")


def test_what_cannot_be_told_is_left_to_the_rows() -> None:
    check_template("{% if a %}<b>{% endif %}x{% if a %}</b>{% endif %} <size {{ a }}>x</size> {# <b> #}")


def marking(markup: str, text: str = "{{ copy.headline }}") -> dict[str, dict[str, str]]:
    return {CARD: {'text: "{{ copy.headline }}"': f'markup: {markup}, text: "{text}"'}}


def test_a_fault_in_a_cell_is_told_with_its_row(project: Make) -> None:
    loaded = project({**marking("[italic]"), COPY: {"Hold it": "<i>Hold it"}})
    (row,) = (row for row in expand_rows(loaded) if row.id == "M1/en-GB/winter")
    with pytest.raises(InputError) as caught:
        layout_content(loaded, row, "social/card")
    (finding,) = caught.value.findings
    assert (finding.code, finding.row, finding.layer) == ("unclosed-markup", "M1/en-GB/winter", "headline")
    assert finding.place
    assert finding.place.file == COPY
    lines = (project({**marking("[italic]"), COPY: {"Hold it": "<i>Hold it"}}).root / COPY).read_text("utf-8").splitlines()
    assert "<i>Hold it" in lines[(finding.place.line or 0) - 1]


def test_names_in_markup_are_known(project: Make) -> None:
    with pytest.raises(InputError) as caught:
        project(marking("true", "<color prmary>a</color> <role boddy>b</role> <role {{ locale }}>c</role>"))
    assert [finding.code for finding in caught.value.findings] == ["unknown-color", "unknown-role"]


@pytest.mark.parametrize("tag", ["<br>", "<BR/>", "<p>", "<strong>", "<em>"])
def test_who_writes_html_is_told_what_stands_for_it_here(tag: str) -> None:
    with pytest.raises(MarkupFault) as caught:
        pieces(f"Tea {tag} and more")
    assert caught.value.code == "unknown-markup"
    assert caught.value.hint
    assert "did you mean" not in caught.value.hint
