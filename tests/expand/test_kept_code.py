"""What is compiled is kept over the reading of a campaign again, and is that of the environment and text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressrun.language.expression import compile_expression
from pressrun.language.templates import Templates, needs_context
from pressrun.load.campaign_reader import Reader
from pressrun.model.finding import Place
from pressrun.model.template import TemplateFault


def test_the_same_text_means_what_the_filters_of_its_own_templates_do() -> None:
    def plain(value: str) -> str:
        return f"<{value}>"

    @needs_context
    def knowing(lookup: object, value: str) -> str:
        assert callable(lookup)
        return f"{value} of {lookup('where')}"

    def loud(value: str) -> str:
        return value.upper()

    said = "{{ name | shown }}"
    values = {"name": "Ada", "where": "Turin"}
    every = [Templates(filters={"shown": one}) for one in (plain, knowing, loud, plain)]
    assert [one.text(said).render(values) for one in every] == ["<Ada>", "Ada of Turin", "ADA", "<Ada>"]


def test_a_file_that_was_changed_is_compiled_anew_and_so_is_what_includes_it() -> None:
    files = {"scene.j2": "{% include 'base.j2' %} in {{ season }}", "base.j2": "A bag"}
    values = {"season": "spring"}
    assert Templates(files).file("scene.j2").render(values) == "A bag in spring"
    assert Templates({**files, "base.j2": "A cup"}).file("scene.j2").render(values) == "A cup in spring"
    assert Templates(files).file("scene.j2").render(values) == "A bag in spring"


def test_a_kept_template_has_an_allowance_and_lines_of_its_own() -> None:
    source = "one\n{{ range(count) | join }}{{ end }}"
    first, again = Templates().text(source), Templates().text(source)
    with pytest.raises(TemplateFault) as told:
        first.render({"count": 10_000_000, "end": "."})
    assert (told.value.code, told.value.line) == ("template-too-long", 2)
    assert again.render({"count": 3, "end": "."}) == "one\n012."
    with pytest.raises(TemplateFault) as told:
        again.render({"count": 3})
    assert (told.value.code, told.value.line) == ("undefined", 2)


def test_a_template_that_sets_names_is_known_as_one_when_it_is_met_again() -> None:
    source = "{% set name = 'Bo' %}{{ name }}"
    for _ in range(2):
        templates = Templates()
        context = templates.context({"name": "Ada"})
        assert templates.text(source).render_in(context) == "Bo"
        assert templates.text("{{ name }}").render_in(context) == "Ada"


def test_what_is_written_into_a_file_that_was_read_is_not_read_by_the_next(tmp_path: Path) -> None:
    written = tmp_path / "job.yaml"
    written.write_text("layers: [{id: a}, {id: a}]\nid: 1\nid: 2\n", "utf-8")
    read, again = Reader(tmp_path), Reader(tmp_path)
    first = read.yaml(written)
    assert first
    first.data["layers"].append("more")
    first.data["layers"][0]["id"] = "b"
    second = again.yaml(written)
    assert second
    assert second.data == {"layers": [{"id": "a"}, {"id": "a"}], "id": 1}
    assert [found.code for found in read.findings] == [found.code for found in again.findings] == ["duplicate-key"]
    assert second.place(("layers", 1, "id")) == Place("job.yaml", 1, 24)
    written.write_text("layers: []\n", "utf-8")
    changed = Reader(tmp_path).yaml(written)
    assert changed
    assert changed.data == {"layers": []}


def test_an_expression_knows_its_place_each_time() -> None:
    for line in (3, 7, 3):
        place = Place("job.yaml", line, 5)
        expression, findings = compile_expression("season == 'spring'", place)
        assert expression
        assert (expression.place, findings) == (place, [])
        assert expression.evaluate({"season": "spring"}) is True
